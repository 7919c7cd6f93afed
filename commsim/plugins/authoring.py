"""For authors of rules: a file to start from, and a check that holds a rule to its contract and times it.

The check never runs a model. It shows the rule made rounds, small and large, and looks for what a contract cannot
express in types: that it decides alike when asked twice, leaves its view alone, and draws luck from its view only.
"""

from __future__ import annotations

import ast
import inspect
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from commsim.contracts import Award, Choices, RoundKey, RoundView, Rule
from commsim.errors import InvalidInput, RuleError
from commsim.i18n import Text, _
from commsim.plugins.catalogue import built
from commsim.plugins.checks import call_rule
from commsim.plugins.views import make_view
from commsim.randomness import Draws

LARGE = (1_000, 10_000)
"""Proposals and residents of the round that a rule is timed on."""

ROUNDS = 40
"""Small made rounds that a rule is tried on."""

HIDDEN_LUCK = {"random", "secrets", "uuid"}
CLOCKS = {"time", "datetime"}
_BANNED_CALLS = {("os", "urandom"), ("numpy", "random"), ("np", "random")}
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Finding:
    """One check: its `name`, whether it `passed`, and what was found."""

    name: Text
    passed: bool
    detail: Text | str = ""


def new_rule(name: str, folder: Path) -> tuple[Path, Path]:
    """Write `<name>.py`, a rule to start from, and `test_<name>.py` beside it; returns both paths.

    Raises InvalidInput for a name that is no Python name in small letters, and for a file that exists.
    """
    if not _NAME.fullmatch(name):
        raise InvalidInput(
            _("a rule is named in small letters, digits and _, such as even_parts; {name!r} came").format(name=name)
        )
    paths = (folder / f"{name}.py", folder / f"test_{name}.py")
    for path in paths:
        if path.exists():
            raise InvalidInput(_("{file} exists already. Choose another name or folder").format(file=str(path)))
    kind = "".join(part.capitalize() for part in name.split("_") if part) or "MyRule"
    folder.mkdir(parents=True, exist_ok=True)
    for path, template in zip(paths, (_RULE, _TEST), strict=True):
        path.write_text(template.replace("NAME", name).replace("KIND", kind), encoding="utf-8")
    return paths


_RULE = '''"""KIND: say here in one sentence how the money is handed out."""

from dataclasses import dataclass

import numpy as np

from commsim.contracts import Award, Bilingual, Rule, Terms, hookimpl, parameter
from commsim.plugins.rules.dividing import divide_by_id


@dataclass(frozen=True)
class Params:
    most_share: float = parameter(
        0.5,
        doc=Bilingual(en="Most of the budget that one proposal can get.", zh="单个项目最多占预算的比例。"),
        unit="share of the budget",
        ge=0.0,
        le=1.0,
        sweep=(0.1, 1.0),
        reference="assumption",
    )


class KIND(Rule):
    """Each proposal gets a part of the budget in proportion to its ask, up to a share of the budget."""

    id = "mine.NAME"
    title = Bilingual(en="KIND", zh="KIND")
    summary = Bilingual(en="In proportion to asks, up to a share.", zh="按申请额比例分配，设上限。")
    source = "my own"
    needs = frozenset()  # add "ballots", "pledges", … to see more of the round: docs/writing-a-rule.md
    properties = frozenset({"anonymous"})
    Params = Params

    def open_round(self, view):
        # What residents are told, and react to: match_rate, threshold, ballot, … see commsim.contracts.Terms.
        return Terms()

    def settle(self, view):
        ask = view.proposals.ask
        limit = int(self.params.most_share * view.budget)
        wished = np.minimum(ask, limit)
        paid = wished if wished.sum() <= view.budget else divide_by_id(view.budget, wished, view.proposals.id)
        return Award(paid=paid, reasons=tuple(self.reason(*one) for one in zip(ask, paid)))

    @staticmethod
    def reason(ask, paid):
        return Bilingual(
            en=f"{paid / 100:,.2f} yuan of the {ask / 100:,.2f} yuan asked for",
            zh=f"申请{ask / 100:,.2f}元，拨付{paid / 100:,.2f}元",
        )


@hookimpl
def commsim_register_rules(register):
    register(KIND)
'''

_TEST = '''"""What mine.NAME promises. Run: python -m pytest test_NAME.py"""

from pathlib import Path

from commsim.plugins.authoring import check_rule_file
from commsim.rules import evaluate, load_catalogue

FILE = Path(__file__).with_name("NAME.py")


def test_it_holds_to_the_contract_of_rules():
    failed = [finding for finding in check_rule_file(FILE) if not finding.passed]
    assert not failed, failed


def test_a_small_round_comes_out_as_worked_by_hand():
    rule = load_catalogue([FILE]).make("mine.NAME", {"most_share": 0.5})
    came = evaluate(rule, {"budget": 1000, "projects": {"garden": 800, "lamps": 300}})
    assert came == {"garden": 500.0, "lamps": 300.0}
'''


def check_rule_file(path: Path, *, large: tuple[int, int] = LARGE) -> list[Finding]:
    """Check every rule in a single file. Raises RuleError where the file cannot be loaded at all."""
    from commsim.plugins.loader import load_catalogue

    catalogue = load_catalogue([path], entry_points=False)
    mine = [entry.rule for entry in catalogue.list() if entry.origin.kind == "file"]
    findings = [_scan(path.read_text(encoding="utf-8-sig"), path.name)]
    for rule in mine:
        findings += check_rule(rule, large=large, scan=False)
    return findings


def check_rule(rule: type[Rule], *, large: tuple[int, int] = LARGE, scan: bool = True) -> list[Finding]:
    """Check a loaded rule with its default parameters.

    `large`: proposals and residents of the round that it is timed on; `scan`: whether its source is looked through.
    """
    findings = [_scan(*_source(rule))] if scan else []
    try:
        made: Rule = built(rule, {})
    except RuleError as error:
        return [*findings, Finding(_("{rule}: can be made").format(rule=rule.id), False, error.text)]
    findings.append(_tried(rule.id, _("contract: terms and awards of {n} made rounds"), lambda: _contract(made)))
    findings.append(_tried(rule.id, _("decides alike when asked twice"), lambda: _determinism(rule)))
    if "anonymous" in rule.properties:
        findings.append(_tried(rule.id, _("anonymous: order of proposals does not matter"), lambda: _permuted(made)))
    if "exhaustive" in rule.properties:
        findings.append(_tried(rule.id, _("exhaustive: nothing affordable is left out"), lambda: _exhaustive(made)))
    findings.append(_timed(made, large))
    return findings


def _tried(rule_id: str, name: Text, check: Callable[[], Text | str | None]) -> Finding:
    title = _("{rule}: {check}").format(rule=rule_id, check=name.format(n=ROUNDS))
    try:
        problem = check()
    except RuleError as error:  # which says the line of the plugin
        return Finding(title, False, error.text)
    return Finding(title, problem is None, problem or "")


def _source(rule: type[Rule]) -> tuple[str, str]:
    module = inspect.getmodule(rule)
    try:
        return inspect.getsource(module or rule), rule.__module__
    except (OSError, TypeError):
        return "", rule.__module__


def _scan(source: str, file: str) -> Finding:
    name = _("{file}: no hidden luck and no clock").format(file=file)
    found = [f"{file}:{line}: {what}" for line, what in hidden_luck(source)]
    if not found:
        return Finding(name, True)
    remedy = _("{found}. Use view.draw(name, ids) for luck and view.month for time").format(found="; ".join(found))
    return Finding(name, False, remedy)


def hidden_luck(source: str) -> Iterator[tuple[int, str]]:
    """Lines of `source` that reach for luck or a clock outside the view, each with what it reaches for."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for one in node.names:
                if one.name.split(".")[0] in HIDDEN_LUCK | CLOCKS or one.name.startswith("numpy.random"):
                    yield node.lineno, f"import {one.name}"
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {one.name for one in node.names}
            if node.module.split(".")[0] in HIDDEN_LUCK | CLOCKS or node.module.startswith("numpy.random"):
                yield node.lineno, f"from {node.module} import …"
            elif node.module in ("numpy", "os") and names & {"random", "urandom"}:
                yield node.lineno, f"from {node.module} import {', '.join(sorted(names & {'random', 'urandom'}))}"
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if (node.value.id, node.attr) in _BANNED_CALLS:
                yield node.lineno, f"{node.value.id}.{node.attr}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("__import__", "hash"):
            yield node.lineno, f"{node.func.id}(…)"


def made_round(rule: Rule, number: int, size: tuple[int, int] | None = None, order: Any = None) -> RoundView:
    """A made round, always the same for a `number`; `order` permutes its proposals. The rule has announced terms."""
    words = _words(number, size)
    if order is not None:
        place = np.argsort(order)
        words["proposals"] = {name: [column[one] for one in order] for name, column in words["proposals"].items()}
        for name in ("pledges", "ballots"):
            rows: Choices = words[name]
            words[name] = Choices(rows.start, place[rows.proposal].astype(np.int32), rows.amount)
    terms = call_rule(rule, "open_round", make_view(rule, **words))
    return make_view(rule, **words, terms=terms)


def _words(number: int, size: tuple[int, int] | None) -> dict[str, Any]:
    luck = np.random.Generator(np.random.PCG64(number))  # the checker's own luck; a rule never sees it
    proposals, residents = size or (int(luck.integers(0, 9)), int(luck.integers(0, 40)))
    ask = luck.integers(100, 5_000_000, proposals)
    areas = int(luck.integers(1, 5))
    most = min(3, proposals)
    marks = luck.random((residents, proposals)).argsort(axis=1)[:, :most] if size is None else _spread(luck, size, most)
    start = np.arange(residents + 1) * most
    gifts = luck.integers(100, 50_000, residents * most)
    return {
        "round": RoundKey("made", "made", number),
        "month": int(luck.integers(0, 60)),
        "date": "2017-01",
        "budget": int(luck.integers(0, int(ask.sum()) + 2)),
        "proposals": {
            "id": tuple(f"p{one}" for one in range(1, proposals + 1)),
            "area": luck.integers(0, areas, proposals).tolist(),
            "ask": ask.tolist(),
            "minimum_viable": (ask // 2).tolist(),
            "category": luck.integers(0, 6, proposals).tolist(),
            "submitted_at": luck.integers(0, 4, proposals).tolist(),
            "readiness": luck.random(proposals).tolist(),
            "scores": luck.normal(size=proposals).tolist(),
            "beneficiaries": luck.integers(1, 500, proposals).tolist(),
            "writer": luck.integers(0, 2, proposals).tolist(),
        },
        "areas": {
            "id": tuple(f"a{one}" for one in range(areas)),
            "population": luck.integers(100, 9_000, areas).tolist(),
            "need": luck.uniform(0.05, 1.0, areas).tolist(),
            "last_award": luck.integers(0, 100_000, areas).tolist(),
            "performance": luck.random(areas).tolist(),
        },
        "pledges": Choices(start, marks.ravel().astype(np.int32), gifts),
        "ballots": Choices(start, marks.ravel().astype(np.int32), np.ones(residents * most, np.int64)),
        "draws": Draws(number),
    }


def _spread(luck: np.random.Generator, size: tuple[int, int], most: int) -> Any:
    first = luck.integers(0, size[0], (size[1], 1))
    return (first + np.arange(most) * (size[0] // max(most, 1))) % max(size[0], 1)


def _award(rule: Rule, view: RoundView) -> Award:
    award: Award = call_rule(rule, "settle", view)
    return award


def _contract(rule: Rule) -> None:
    for number in range(ROUNDS):
        _award(rule, made_round(rule, number))


def _determinism(rule: type[Rule]) -> Text | None:
    for number in range(ROUNDS):
        first = _award(rule(), made_round(rule(), number))
        second = _award(rule(), made_round(rule(), number))
        if not np.array_equal(first.paid, second.paid) or list(map(str, first.reasons)) != list(
            map(str, second.reasons)
        ):
            return _(
                "made round {number} came out in two ways. Draw luck only with view.draw(name, ids), keep nothing "
                "between rounds, and do not rely on the order of a set"
            ).format(number=number)
    return None


def _permuted(rule: Rule) -> Text | None:
    for number in range(ROUNDS):
        plain = made_round(rule, number)
        order = np.argsort([one[::-1] for one in plain.proposals.id], kind="stable")[::-1]
        came = _award(rule, made_round(rule, number, order=order)).paid
        expected = _award(rule, plain).paid[order]
        if not np.array_equal(came, expected):
            return _(
                "in made round {number} {before} fen became {after} when proposals came in another order. Break "
                "ties by id"
            ).format(number=number, before=expected.tolist(), after=came.tolist())
    return None


def _exhaustive(rule: Rule) -> Text | None:
    for number in range(ROUNDS):
        view = made_round(rule, number)
        paid = _award(rule, view).paid
        left = view.budget - int(paid.sum())
        missed = np.flatnonzero((paid == 0) & (view.proposals.ask <= left))
        if missed.size:
            return _("in made round {number} {left} fen were left and proposal {id} asks for {ask}").format(
                number=number, left=left, id=view.proposals.id[missed[0]], ask=int(view.proposals.ask[missed[0]])
            )
    return None


def _timed(rule: Rule, large: tuple[int, int]) -> Finding:
    name = _("{rule}: a round of {proposals} proposals and {residents} residents").format(
        rule=rule.id, proposals=f"{large[0]:,}", residents=f"{large[1]:,}"
    )
    view = made_round(rule, 0, size=large)
    began = time.perf_counter()
    try:
        _award(rule, view)
    except RuleError as error:
        return Finding(name, False, error.text)
    return Finding(name, True, _("{seconds:.2f} s").format(seconds=time.perf_counter() - began))
