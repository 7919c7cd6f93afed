"""One call of a rule: whatever it awards is checked once, and what a plugin raises is told in one place."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import commsim
from commsim.authoring.check import check_rule
from commsim.calling import checks
from commsim.calling.faults import blamed
from commsim.calling.modified_rule import ModifiedRule
from commsim.contracts import Award, Bilingual, RoundView, Rule
from commsim.elections.pabulib import read_pb
from commsim.elections.replay import settle as settled_election
from commsim.errors import RuleError
from commsim.evaluation.evaluate import evaluate
from commsim.i18n import Text
from commsim.plugin_host.loader import load_catalogue

HOUSE = Path(commsim.__file__).parent
CATALOGUE = load_catalogue(entry_points=False)


class EvenParts(Rule):
    id = "test.even_parts"
    title = Bilingual(en="Even parts", zh="均等")

    def settle(self, view: RoundView) -> Award:
        part = view.budget // max(len(view.proposals), 1)
        paid = np.minimum(view.proposals.ask, part)
        AWARDED.append(Award(paid=paid, reasons=("an even part",) * len(paid)))
        return AWARDED[-1]


AWARDED: list[Award] = []


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[Award]:
    """The awards that were checked since, in order, one entry a check."""
    awards: list[Award] = []
    check = checks.check_award

    def noting(rule: Rule, award: Any, view: RoundView) -> None:
        awards.append(award)
        check(rule, award, view)

    AWARDED.clear()
    monkeypatch.setattr(checks, "check_award", noting)
    monkeypatch.setitem(checks.CHECKS, "settle", noting)
    return awards


def in_a_run(rule: Rule) -> None:
    run = commsim.simulate(commsim.load_scenario("tutorial", ["months=13"]), rule=rule, seed=1)
    assert len(run.projects)


def in_evaluate(rule: Rule) -> None:
    evaluate(rule, {"budget": 10, "projects": {"a": 20, "b": 20}})


def in_a_check_for_authors(rule: Rule) -> None:
    assert check_rule(type(rule), large=(20, 60))


PB = """META
key;value
budget;100
PROJECTS
project_id;cost
a;60
b;50
VOTES
voter_id;vote
1;a
2;a,b
"""


@pytest.mark.parametrize("call", [in_a_run, in_evaluate, in_a_check_for_authors])
def test_an_award_is_checked_exactly_once(call: Callable[[Rule], None], checked: list[Award]) -> None:
    call(EvenParts())
    assert AWARDED
    assert each_once(checked, AWARDED)


def each_once(checked: list[Award], awarded: list[Award]) -> bool:
    """Whether nothing was checked twice (a run has rules of other funds too), and all of `awarded` was."""
    times = Counter(map(id, checked))
    return set(times.values()) == {1} and all(times[id(award)] == 1 for award in awarded)


def test_under_modifiers_the_rules_award_and_the_changed_one_are_checked_once_each(
    checked: list[Award], monkeypatch: pytest.MonkeyPatch
) -> None:
    changed: list[Award] = []
    settle = ModifiedRule.settle

    def noting(rule: ModifiedRule, view: RoundView) -> Award:
        changed.append(settle(rule, view))
        return changed[-1]

    monkeypatch.setattr(ModifiedRule, "settle", noting)
    in_a_run(ModifiedRule(EvenParts(), [CATALOGUE.make_modifier("cap", {"share": 0.4})]))
    assert changed and AWARDED
    assert each_once(checked, [*AWARDED, *changed])


def test_an_award_in_a_replayed_election_is_checked_exactly_once(checked: list[Award], tmp_path: Path) -> None:
    (tmp_path / "vote.pb").write_text(PB, encoding="utf-8")
    settled_election(read_pb(tmp_path / "vote.pb"), EvenParts())
    assert AWARDED and each_once(checked, AWARDED)


def _calls(path: Path) -> set[str]:
    """Names that a file calls or hands on."""
    return {node.id for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Name)}


def test_awards_are_checked_in_one_place_of_the_house() -> None:
    assert [path.name for path in HOUSE.rglob("*.py") if "check_award" in _calls(path)] == ["checks.py"]


def test_what_plugins_raise_is_told_in_one_place() -> None:
    handlers = [
        path.relative_to(HOUSE).as_posix()
        for folder in ("calling", "plugin_host", "evaluation", "authoring", "elections")
        for path in sorted((HOUSE / folder).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler) and isinstance(node.type, ast.Name) and node.type.id == "BaseException"
        # A handler that tells of the error, and does not only tidy up or look into the error's own words.
        if any(isinstance(part, ast.Raise) and part.exc is not None for part in ast.walk(node))
    ]
    assert handlers == ["calling/faults.py"]


@pytest.mark.parametrize("error", [ValueError("no"), SystemExit(3), KeyboardInterrupt("mine")])
def test_whatever_a_plugin_raises_becomes_an_error_with_its_line(error: BaseException) -> None:
    def tell(came: BaseException, line: tuple[str, int] | None, said: Text) -> Text:
        assert came is error and line is not None
        return Text(f"{line[0]}: {said}")

    with pytest.raises(RuleError, match=rf"test_one_call\.py: {type(error).__name__}: {error}"):
        with blamed({__file__}, tell):
            raise error


def test_what_is_told_already_passes_as_it_is() -> None:
    error = RuleError(Text("told"))
    with pytest.raises(RuleError) as caught:
        with blamed({__file__}, lambda _error, _line, said: Text("again")):
            raise error
    assert caught.value is error
