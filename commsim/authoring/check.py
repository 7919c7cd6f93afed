"""For authors of rules: a file to start from, and a check that holds a rule to its contract and times it.

The check never runs a model. It shows the rule made rounds, small and large, and looks for what a contract cannot
express in types: that it decides alike when asked twice and in every process, leaves its view alone, and draws luck
from its view only.
"""

from __future__ import annotations

import inspect
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from commsim.authoring.hash_order import CannotAsk, unlike_elsewhere
from commsim.authoring.properties import TESTED
from commsim.authoring.sample_rounds import ROUNDS, award_in, made_round
from commsim.authoring.source_scan import hidden_luck
from commsim.calling.call import call_rule
from commsim.calling.modified_rule import ModifiedRule
from commsim.calling.quotes import SLACK, misquoted
from commsim.contracts import Modifier, Rule
from commsim.contracts.properties import KNOWN
from commsim.errors import CommsimError, InvalidInput, RuleError
from commsim.evaluation.examples import Example, examples_beside, tried
from commsim.i18n import Text, _
from commsim.money import FEN_PER_YUAN, in_yuan
from commsim.no_space import is_no_space, no_space
from commsim.plugin_host.catalogue import Catalogue, built
from commsim.plugin_host.values import convert
from commsim.suggestions import did_you_mean, listed

LARGE = (1_000, 10_000)
"""Proposals and residents of the round that a rule is timed on."""

GIFTS = (FEN_PER_YUAN, 50 * FEN_PER_YUAN)
"""Gifts of one more donor, for which a rule's own quote is held against settling twice."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Finding:
    """One check: its `name`, whether it `passed`, and what was found; `tested` is False for what nobody checked."""

    name: Text
    passed: bool
    detail: Text | str = ""
    tested: bool = True


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
    try:
        for path, template in zip(paths, (_RULE, _TEST), strict=True):
            path.write_text(template.replace("NAME", name).replace("KIND", kind), encoding="utf-8")
    except OSError as error:
        for path in paths:
            path.unlink(missing_ok=True)  # neither was there before
        raise no_space(error, folder) if is_no_space(error) else error from error
    return paths


_RULE = '''"""KIND: say here in one sentence how the money is handed out."""

from dataclasses import dataclass

import numpy as np

from commsim.contracts import Award, Bilingual, Rule, Terms, hookimpl, parameter
from commsim.plugins.shared.dividing import divide_by_id


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

_TEST = '''"""What mine.NAME promises. Run: python test_NAME.py (pytest, where it is installed, finds it too)."""

from pathlib import Path

from commsim.authoring.check import check_rule_file
from commsim.rules import evaluate, load_catalogue

FILE = Path(__file__).with_name("NAME.py")


def test_it_holds_to_the_contract_of_rules():
    failed = [finding for finding in check_rule_file(FILE) if not finding.passed]
    assert not failed, failed


def test_a_small_round_comes_out_as_worked_by_hand():
    rule = load_catalogue([FILE]).make("mine.NAME", {"most_share": 0.5})
    came = evaluate(rule, {"budget": 1000, "projects": {"garden": 800, "lamps": 300}})
    assert came == {"garden": 500.0, "lamps": 300.0}


if __name__ == "__main__":
    test_it_holds_to_the_contract_of_rules()
    test_a_small_round_comes_out_as_worked_by_hand()
    print("passed")
'''


def check_rule_file(path: Path, chosen: str = "", *, large: tuple[int, int] = LARGE) -> list[Finding]:
    """Check every rule in a single file, and the examples beside it.

    `chosen`: what follows the rule on the command line, ":rate=2" or "+cap:share=0.1"; default: parameters as they are.
    Raises RuleError where the file cannot be loaded at all, where it holds several rules of which any could be meant
    by `chosen`, and as `check_written`.
    """
    from commsim.plugin_host.loader import load_catalogue

    catalogue = load_catalogue([path], entry_points=False)
    mine = [entry.rule for entry in catalogue.list() if entry.origin.kind == "file"]
    if chosen and len(mine) != 1:
        raise RuleError(
            _(
                "{file}: {chosen!r} could be meant for any of {rules}. Name one: commsim rules check ID{chosen} "
                "--plugin {file}"
            ).format(file=str(path), chosen=chosen, rules=listed(rule.id for rule in mine) or "–")
        )
    findings = [_scan(path.read_text(encoding="utf-8-sig"), path.name)]
    for rule in mine:
        findings += check_written(catalogue, rule.id + chosen, large=large, scan=False)
    return findings + _examples(mine, path)


def check_written(
    catalogue: Catalogue, text: str, *, large: tuple[int, int] = LARGE, scan: bool = True
) -> list[Finding]:
    """Check a rule written as on the command line, with parameters and modifiers: "pb.mes:completion=add1".

    Beyond what `check_rule` looks at, the rule is asked again in fresh processes, where words are hashed otherwise.
    Raises RuleError for an unknown rule, modifier or parameter and for a value that it does not take.
    """
    rule_id, params, modifiers = catalogue.parse_written(text)
    made = [catalogue.make_modifier(*one) for one in modifiers]
    findings = check_rule(catalogue[rule_id], params, made, large=large, scan=scan)
    return [*findings, _elsewhere(catalogue, rule_id, text)]


def check_rule(
    rule: type[Rule],
    params: Mapping[str, Any] | None = None,
    modifiers: Sequence[Modifier] = (),
    *,
    large: tuple[int, int] = LARGE,
    scan: bool = True,
) -> list[Finding]:
    """Check a loaded rule with these parameters (the others at their defaults) and modifiers laid over it.

    `large`: proposals and residents of the round that it is timed on; `scan`: whether its source is looked through, and
    examples beside it are tried (each with the parameters that it names). Raises RuleError for a parameter that the
    rule does not have and for a value that it does not take.
    """
    values = convert(rule, params or {})

    def new() -> Rule:
        made: Rule = built(rule, values)
        return ModifiedRule(made, modifiers) if modifiers else made

    findings = [_scan(*_source(rule))] if scan else []
    try:
        made = new()
    except RuleError as error:
        return [*findings, Finding(_("{rule}: can be made").format(rule=rule.id), False, error.text)]
    findings.append(_tried(rule.id, _("contract: terms and awards of {n} made rounds"), lambda: _contract(made)))
    findings.append(_tried(rule.id, _("decides alike when asked twice"), lambda: _determinism(new)))
    findings.append(_tried(rule.id, _("contract: what it answers before and after settling"), lambda: _answers(made)))
    if _is_own(made, "quote"):
        findings.append(_quote(made))
    findings += [_claim(made, one) for one in sorted(made.properties)]
    findings.append(_timed(made, large))
    file = getattr(inspect.getmodule(rule), "__file__", None)
    return findings + (_examples([rule], Path(file)) if scan and file else [])


def _elsewhere(catalogue: Catalogue, rule_id: str, text: str) -> Finding:
    name = _("decides alike in every process")
    try:
        return _tried(rule_id, name, lambda: unlike_elsewhere(catalogue, text))
    except CannotAsk as error:
        detail = _("not tested, as no process could be started: {error}").format(error=error)
        return Finding(_("{rule}: {check}").format(rule=rule_id, check=name), True, detail, tested=False)


def _claim(rule: Rule, claim: str) -> Finding:
    """A property that the rule claims: tested, known but not tested here, or unknown."""
    titled = _("{rule}: {check}")
    if claim in KNOWN:
        said = _("{name}: {value}").format(name=claim, value=KNOWN[claim])
        if claim in TESTED:
            return _tried(rule.id, said, lambda: TESTED[claim](rule))
        return Finding(titled.format(rule=rule.id, check=said), True, _("known, not tested here"), tested=False)
    unknown = _("there is no property {claim!r}. {near}Properties: {known}")
    near = did_you_mean(claim, KNOWN)
    detail = unknown.format(claim=claim, near=near, known=listed(KNOWN))
    return Finding(titled.format(rule=rule.id, check=claim), False, detail)


def _examples(rules: Sequence[type[Rule]], file: Path) -> list[Finding]:
    """Every example beside a plugin's file, tried on the rule that it names (or the only one)."""
    by_id = {rule.id: rule for rule in rules}
    try:
        examples = list(examples_beside(file))
    except InvalidInput as error:
        return [Finding(_("{file}: examples").format(file=file.name), False, error.text)]
    return [_example(by_id, one) for one in examples]


def _example(rules: dict[str, type[Rule]], example: Example) -> Finding:
    rule = rules.get(example.rule or next(iter(rules)) if len(rules) == 1 else example.rule or "")
    name = _("example {place}").format(place=example.place)
    if rule is None:
        missing = _("say with rule: which of {rules} it is for").format(rules=listed(rules))
        return Finding(name, False, missing)
    try:
        problem = tried(rule, example)
    except CommsimError as error:
        return Finding(name, False, error.text)
    return Finding(name, problem is None, problem or "")


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


def _contract(rule: Rule) -> None:
    for number in range(ROUNDS):
        award_in(rule, made_round(rule, number))


def _determinism(new: Callable[[], Rule]) -> Text | None:
    for number in range(ROUNDS):
        asked = new()
        # Asked again, and a rule that was never asked before: nothing may be kept in the rule either.
        first, *others = (award_in(one, made_round(new(), number)) for one in (asked, asked, new()))
        words = list(map(str, first.reasons))
        if any(not np.array_equal(first.paid, one.paid) or list(map(str, one.reasons)) != words for one in others):
            return _(
                "made round {number} came out in two ways. Draw luck only with view.draw(name, ids), keep nothing "
                "between rounds, and do not rely on the order of a set"
            ).format(number=number)
    return None


def _answers(rule: Rule) -> None:
    """What the rule quotes and reclaims in made rounds, as far as it answers itself, held to the contract."""
    own = [one for one in ("after_pledges", "quote", "review") if _is_own(rule, one)]
    for number in range(ROUNDS):
        view = made_round(rule, number)
        for method in own:
            call_rule(rule, method, view, *((FEN_PER_YUAN,) if method == "quote" else ()))


def _is_own(rule: Rule, method: str) -> bool:
    """Whether the rule answers itself, and not by what every rule comes with."""
    return getattr(type(rule), method) is not getattr(Rule, method)


def _quote(rule: Rule) -> Finding:
    """Whether what a rule of its own quotes is what settling with and without the gift finds."""
    name = _("quote says what settling with one more gift, and without it, finds")
    if "pledges" not in rule.needs:
        unasked = _("never asked: only a rule with 'pledges' in its `needs` is")
        return Finding(_("{rule}: {check}").format(rule=rule.id, check=name), True, unasked, tested=False)
    return _tried(rule.id, name, lambda: _misquote(rule))


def _misquote(rule: Rule) -> Text | None:
    for number in range(ROUNDS):
        view = made_round(rule, number)
        for gift in GIFTS:
            found = misquoted(rule, view, gift)
            if found is not None:
                at, came, expected = found
                return _(
                    "in made round {number} one more donor gives {gift} yuan to {id!r}: quote says that it draws "
                    "{came} yuan, settling twice gives {expected} yuan more (up to {slack} fen are rounding). Quote "
                    "what settle pays more for the whole gift, not a rate for the first yuan, or leave quote out"
                ).format(
                    number=number,
                    gift=in_yuan(gift),
                    id=view.proposals.id[at],
                    came=in_yuan(came),
                    expected=in_yuan(expected),
                    slack=SLACK,
                )
    return None


def _timed(rule: Rule, large: tuple[int, int]) -> Finding:
    name = _("{rule}: a round of {proposals} proposals and {residents} residents").format(
        rule=rule.id, proposals=f"{large[0]:,}", residents=f"{large[1]:,}"
    )
    view = made_round(rule, 0, size=large)
    began = time.perf_counter()
    try:
        award_in(rule, view)
    except RuleError as error:
        return Finding(name, False, error.text)
    return Finding(name, True, _("{seconds:.2f} s").format(seconds=time.perf_counter() - began))
