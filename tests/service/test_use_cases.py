"""The use cases: plain data in, plain data out; progress never falls; work that is called off leaves nothing."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from commsim.cli import command_line
from commsim.contracts import Award, Bilingual, Rule
from commsim.errors import Cancelled, InvalidInput
from commsim.i18n import Text
from commsim.plugins.modifiers.outcome import COLUMNS
from commsim.service.authors import check_rule, new_rule
from commsim.service.comparing import compare
from commsim.service.elections import BY_COLUMN, allocate
from commsim.service.following import Followed
from commsim.service.indicators import indicator_facts, unit_labels
from commsim.service.laboratory import experiment, facts
from commsim.service.parameters import list_parameters
from commsim.service.replays import replay
from commsim.service.rules import list_rules, rule_titles, show_rule
from commsim.service.running import run
from commsim.service.scenarios import list_scenarios, scenario_schema, show_scenario, validate_scenarios
from commsim.store.plain import plain
from tests.shared_data import PROJECT

SHORT = ("months=14",)
ELECTION = """META
key;value
budget;100
vote_type;approval
rule;greedy
PROJECTS
project_id;cost;selected
1;100;1
2;100;0
VOTES
voter_id;vote
a;1
b;1,2
"""


class FirstOnly(Rule):
    """The first proposal gets what it asks, where that can be paid."""

    id = "mine.first_only"
    title = Bilingual(en="First only", zh="只付第一个")

    def settle(self, view: Any) -> Award:
        """Pay the first."""
        paid = view.proposals.ask * 0
        paid[:1] = view.proposals.ask[:1].clip(max=view.budget)
        return Award(paid=paid, reasons=("first come",) * len(paid))


@pytest.fixture
def election(tmp_path: Path) -> str:
    """The path of a small election."""
    (tmp_path / "one.pb").write_text(ELECTION, encoding="utf-8")
    return str(tmp_path / "one.pb")


@pytest.mark.parametrize(
    "made",
    [
        list_scenarios,
        scenario_schema,
        indicator_facts,
        unit_labels,
        rule_titles,
        lambda: show_scenario("tutorial", SHORT),
        lambda: [asdict(checked) for checked in validate_scenarios(["tutorial", "no-such-scenario"])],
        lambda: [asdict(card) for card in list_rules()],
        lambda: asdict(show_rule("cap")),
        lambda: list_parameters("money"),
        lambda: check_rule("match.linear:rate=2"),
    ],
)
def test_what_is_listed_and_explained_is_plain_data(made: Callable[[], Any]) -> None:
    came = made()
    assert came and json.loads(json.dumps(came)) == came


def test_an_election_and_a_replay_are_plain_data(election: str) -> None:
    allocated, replayed = allocate(election), asdict(replay([election], ["pb.mes"]))
    assert allocated["winners"] == ["1"] and json.loads(json.dumps(allocated)) == allocated
    assert replayed["document"]["compared"] == 1 and json.loads(json.dumps(replayed)) == replayed


def test_a_run_is_plain_data_and_what_the_command_line_writes(tmp_path: Path) -> None:
    ran = run("tutorial", "match.linear:rate=2", 5, overrides=SHORT, out=tmp_path / "one")
    assert json.loads(json.dumps(asdict(ran))) == asdict(ran)
    words = ["run", "tutorial", "--rule", "match.linear:rate=2", "--seed", "5", "--set", *SHORT]
    told = CliRunner().invoke(command_line, [*words, "--out", str(tmp_path / "two"), "--json"])
    assert json.loads(told.stdout) == ran.document | {"folder": str(tmp_path / "two")}


def test_a_comparison_is_plain_data_and_what_the_command_line_writes(tmp_path: Path) -> None:
    compared = compare("tutorial", ["match.linear"], replicates=2, workers=1, overrides=SHORT, out=tmp_path / "one")
    whole = json.loads(json.dumps(asdict(compared)))
    assert whole["document"] == compared.document and compared.failed is None
    assert compared.page == str(tmp_path / "one" / "index.html")
    words = ["compare", "tutorial", "--rule", "match.linear", "--replicates", "2", "--workers", "1", "--set", *SHORT]
    told = CliRunner().invoke(command_line, [*words, "--out", str(tmp_path / "two"), "--json"])
    assert json.loads(told.stdout) == compared.document | {"folder": str(tmp_path / "two")}


def test_facts_and_experiments_are_plain_data(tmp_path: Path) -> None:
    found = facts("4", quick=True, workers=1, out=tmp_path / "facts")
    assert found.document["facts"][0]["fact"] == 4 and json.loads(json.dumps(asdict(found))) == asdict(found)
    posed = experiment(PROJECT / "experiments" / "match-offer.yaml", out=tmp_path / "posed")
    assert posed["arms"] and json.loads(json.dumps(posed)) == posed


def test_a_rule_to_begin_with_is_written_and_passes_its_check(tmp_path: Path) -> None:
    rule, test = new_rule("even_parts", tmp_path)
    assert json.dumps([rule, test]) and Path(test).exists()
    assert check_rule(rule)["passed"]


@pytest.mark.parametrize("rule", [FirstOnly, FirstOnly()])
def test_a_rule_is_checked_as_a_class_and_as_an_object(rule: Any) -> None:
    came = check_rule(rule)
    assert came["passed"] and all("mine.first_only" in check["check"]["en"] for check in came["checks"][1:])


def test_what_is_no_rule_is_refused() -> None:
    with pytest.raises(InvalidInput, match="a rule was expected"):
        check_rule(3)  # type: ignore[arg-type]


@pytest.mark.parametrize("workers", [1, 2])
def test_progress_never_falls_and_ends_with_all(tmp_path: Path, workers: int) -> None:
    told: list[tuple[int, int, str]] = []
    compare(
        "tutorial", ["match.linear"], replicates=2, workers=workers, overrides=SHORT, out=tmp_path / "new",
        counterfactuals=False,
        progress=lambda done, total, text: told.append((done, total, str(text))),
    )  # fmt: skip
    done = [step for step, _total, _text in told]
    assert done == sorted(done) and done[-1] == told[-1][1] == 2 * 2 * 14
    assert all(text for _done, _total, text in told)


def test_a_followed_work_that_counts_back_is_told_as_standing_still() -> None:
    told: list[int] = []
    followed = Followed(lambda done, _total, _text: told.append(done), None)
    for done in (1, 3, 2, 4):
        followed(done, 4)
    assert told == [1, 3, 3, 4]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_comparison_that_is_called_off_leaves_nothing_half_written(tmp_path: Path, workers: int) -> None:
    told: list[int] = []
    with pytest.raises(Cancelled):
        compare(
            "tutorial", ["match.linear"], replicates=40, workers=workers, out=tmp_path / "new",
            progress=lambda done, _total, _text: told.append(done),
            cancel=lambda: bool(told) and told[-1] > 0,
        )  # fmt: skip
    assert 0 < told[-1] < 40 * 2 * 24
    assert os.listdir(tmp_path) == []


def test_what_is_called_off_at_once_does_not_begin(tmp_path: Path) -> None:
    told: list[int] = []
    for work in (
        lambda: run("tutorial", out=tmp_path / "new", progress=_counting(told), cancel=lambda: True),
        lambda: facts("4", quick=True, out=tmp_path / "new", progress=_counting(told), cancel=lambda: True),
        lambda: experiment(PROJECT / "experiments" / "match-offer.yaml", out=tmp_path / "new", cancel=lambda: True),
    ):
        with pytest.raises(Cancelled):
            work()
    assert told == [] and os.listdir(tmp_path) == []


def test_an_experiment_asks_while_it_plays_whether_it_is_called_off(tmp_path: Path) -> None:
    asked: list[int] = []
    file = PROJECT / "experiments" / "match-offer.yaml"
    experiment(file, out=tmp_path / "new", cancel=lambda: asked.append(1) is not None)
    assert len(asked) > 2  # before it begins, before it is written, and meanwhile


def _counting(told: list[int]) -> Callable[[int, int, Text], None]:
    return lambda done, _total, _text: told.append(done)


def test_the_command_line_may_import_nothing_of_the_house_but_its_use_cases() -> None:
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    (contract,) = [each for each in contracts["contracts"] if each.get("source_modules") == ["commsim.cli"]]
    rooms = {
        f"commsim.{path.stem}"
        for path in (PROJECT / "commsim").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    open_to_it = {f"commsim.{name}" for name in ("cli", "service", "i18n", "errors", "about", "__init__", "__main__")}
    assert set(contract["forbidden_modules"]) == rooms - open_to_it


def test_groups_by_column_are_those_that_the_modifiers_know() -> None:
    assert BY_COLUMN == COLUMNS


def test_what_is_not_a_number_is_null_in_plain_data() -> None:
    assert plain({"a": float("nan"), "b": (Text("x"), Path("y"))}) == {"a": None, "b": [{"en": "x", "zh": "x"}, "y"]}
