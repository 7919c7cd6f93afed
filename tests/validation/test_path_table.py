"""Claims about the table of the path: what it plays, what it reads from runs, and what it says of failures."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from click.testing import CliRunner

from commsim.cli import command_line
from commsim.community.procedures import Stage
from commsim.community.projects import Initiator
from commsim.errors import InvalidInput
from commsim.i18n import Text
from commsim.scenario.registry import load_registry
from commsim.validation import facts, path_measures, path_years
from commsim.validation.path_calibration import LOOKS, allowed, fitted_tests, tried_point, write_path_posterior
from commsim.validation.path_catalogue import PATH_FACTS
from commsim.validation.path_draws import (
    PathDraw,
    PathPosterior,
    names_drawn,
    path_draws,
    path_posterior,
    prior_point,
)
from commsim.validation.path_facts import PathFact, PathTest, State, Use, result_of
from commsim.validation.path_level import INTERCEPT, Fitted, fitted_point, intercept_for
from commsim.validation.path_runs import CALL, DISTRICT, DOORS, FAMILIES, WITHOUT_A_FUND, YEARS, Family, Runs
from commsim.validation.path_statistics import Ratio
from commsim.validation.path_table import DRAWS, find_path_facts, measured

FIT = {"P0", "P2", "P15", "P17"}


def fact(name: str) -> PathFact:
    return find_path_facts([name])[0]


def test_the_table_has_every_fact_once_with_the_use_that_the_evidence_gives_it() -> None:
    assert [fact.id for fact in PATH_FACTS] == [f"P{number}" for number in range(21)]
    assert {fact.id for fact in PATH_FACTS if fact.use is Use.FIT} == FIT
    assert [fact.id for fact in PATH_FACTS if fact.use is Use.STRUCTURAL] == ["P1"]


def test_a_fact_of_rows_to_fit_counts_what_is_left_as_evidence() -> None:
    uses = {test.name: test.use for name in ("P7", "P10", "P16") for test in fact(name).tests}
    assert {name for name, use in uses.items() if use is Use.FIT} == {"within_1", "hours", "alive_2"}


def test_every_arm_that_a_fact_needs_is_one_of_its_family() -> None:
    for wanted in PATH_FACTS:
        assert set(wanted.arms) <= set(wanted.family.arms)
        assert wanted.family in FAMILIES


def test_facts_are_found_by_name_in_the_table_s_order_and_none_is_made_up() -> None:
    assert [found.id for found in find_path_facts(["p13", "P4"])] == ["P4", "P13"]
    assert find_path_facts([]) == PATH_FACTS
    with pytest.raises(InvalidInput, match="P99"):
        find_path_facts(["P99"])


class Invented:
    """Plays nothing: gives the arms that it is asked for, and remembers how often."""

    def __init__(self) -> None:
        self.played: list[tuple[tuple[str, ...], Mapping[str, float]]] = []

    def play(self, arms: Collection[str], parameters: Mapping[str, float]) -> Runs:
        self.played.append((tuple(arms), parameters))
        return cast(Runs, {arm: parameters.get("share", 0.06) for arm in arms})


def invented(name: str, counted: Any) -> PathFact:
    like = fact(name)
    return PathFact(like.id, like.title, like.test, like.source, like.family, like.arms, counted, like.tests, like.use)


def test_facts_of_a_family_share_its_runs_and_each_sees_its_own_arms() -> None:
    seen: list[set[str]] = []

    def counted(runs: Runs) -> dict[str, float]:
        seen.append(set(runs))
        return {"gave": 60.0, "adults": 1000.0}

    player = Invented()
    both = [invented("P0", counted), invented("P18", counted)]
    steps: list[int] = []
    found = measured(player, both, [{"share": 0.5}], steps.append)
    assert [arms for arms, _values in player.played] == [("fund", "none", "tenfold")] * 2
    assert seen == [{"none"}, {"fund", "tenfold"}] * 2
    assert steps == [1, 2]
    assert len(found["P0"]) == 2  # at the registry's values, and for the draw


def test_a_known_answer_holds_is_missed_or_cannot_be_told() -> None:
    level = fact("P0")
    good = [{"gave": 60.0, "adults": 1000.0}] * 3
    bad = [{"gave": 300.0, "adults": 1000.0}] * 3
    unsure = [{"gave": float(gave), "adults": 1000.0} for gave in (10, 60, 200)]
    assert result_of(level, good, [good] * 10).state is State.HOLDS
    assert result_of(level, good, [good] * 8 + [bad] * 2).state is State.HOLDS
    assert result_of(level, good, [good] * 7 + [bad] * 3).state is State.MISSED
    assert result_of(level, good, [good] * 7 + [unsure] * 3).state is State.NOT_IDENTIFIED
    assert result_of(level, bad, [good] * 10).state_at_defaults is State.MISSED


def won(applicant: str, period: int, committee: int = 0) -> SimpleNamespace:
    return SimpleNamespace(
        applicant=applicant, period=period, committee=committee, award_fen=100, initiator=Initiator.RESIDENT
    )


def years_of_awards(*awards: SimpleNamespace) -> Runs:
    """Twenty years from 2001 on with these awards."""
    scenario = SimpleNamespace(year=lambda month: 2001 + month // 12)
    run = SimpleNamespace(awarded=list(awards), years=20.0, model=SimpleNamespace(scenario=scenario))
    return cast(Runs, {"fund": run})


def test_new_groups_are_counted_from_the_sixth_year_on() -> None:
    runs = years_of_awards(won("old", 2001), won("old", 2006), won("new", 2006), won("new", 2007))
    assert path_years.new_groups(runs) == {"awards": 3.0, "new": 1.0}


def test_another_award_counts_within_its_years_and_only_where_it_can_be_followed() -> None:
    runs = years_of_awards(won("a", 2001), won("a", 2003), won("b", 2001), won("late", 2020))
    found = path_years.second_awards(runs)
    assert (found["followed_1"], found["again_1"]) == (2.0, 0.0)
    assert (found["followed_3"], found["again_3"]) == (2.0, 1.0)
    # Years 1 and 2 after the first: a and b wait in both, a wins in the second; then b alone waits.
    assert (found["waiting_1"], found["wins_1"]) == (4.0, 1.0)
    assert (found["waiting_3"], found["wins_3"]) == (2.0, 0.0)


def test_awards_a_group_are_counted_in_every_window_of_five_years() -> None:
    found = path_years.awards_a_group(years_of_awards(won("a", 2001), won("a", 2005), won("a", 2006)))
    assert (found["awards"], found["groups"]) == (2 + 2 + 2 + 2 + 2 + 1, 6)


def test_places_are_followed_from_the_same_years_to_one_and_three_years_after() -> None:
    runs = years_of_awards(won("a", 2001), won("a", 2002), won("a", 2004), won("b", 2001, 1), won("z", 2018))
    assert path_years.places(runs) == {"funded": 4.0, "after_one": 1.0, "after_three": 1.0}


def test_unfinished_is_late_failed_or_less_than_half_carried_out() -> None:
    def ended(kind: str, stage: Stage = Stage.COMPLETED, late: bool = False, scope: float = 1.0) -> SimpleNamespace:
        return SimpleNamespace(kind=kind, stage=stage, late=late, scope=scope)

    kinds = [SimpleNamespace(id="works", common_ground=True), SimpleNamespace(id="club", common_ground=False)]
    projects = [
        ended("works", Stage.FAILED),
        ended("works", late=True),
        ended("club", scope=0.4),
        ended("club"),
        ended("club", Stage.RUNNING, late=True),
    ]
    run = SimpleNamespace(awarded=projects, model=SimpleNamespace(scenario=SimpleNamespace(project_kinds=kinds)))
    assert path_measures.unfinished(cast(Runs, {"fund": run})) == {
        "ended": 4.0,
        "unfinished": 3.0,
        "common": 2.0,
        "common_unfinished": 2.0,
        "others": 2.0,
        "others_unfinished": 1.0,
    }


def test_points_cover_whole_ranges_and_are_the_same_for_the_same_seed() -> None:
    known, names = load_registry(), names_drawn()
    points = [prior_point(number, seed=1)[0] for number in range(1, 200)]
    for name in names:
        low, high = min(values[name] for values in points), max(values[name] for values in points)
        assert known[name].low <= low and high <= known[name].high
        if known[name].distribution == "uniform":
            assert high - low > 0.9 * (known[name].high - known[name].low), name
    assert prior_point(5, seed=1) == prior_point(5, seed=1) != prior_point(6, seed=1)
    assert prior_point(5, seed=1) != prior_point(5, seed=2)


def test_no_drawn_parameter_makes_the_world_that_all_draws_share() -> None:
    assert not [name for name in names_drawn() if name.split(".")[0] in ("population", "ties", "institutions")]


def test_an_intercept_is_found_where_the_level_wants_it_and_stays_in_its_range() -> None:
    def level_at(intercept: float) -> float:
        return 1.0 / (1.0 + math.exp(-(intercept + 3.0)))

    assert intercept_for(0.06, level_at, -7.0, 0.0, -5.8) == pytest.approx(math.log(0.06 / 0.94) - 3.0, abs=0.1)
    assert -7.0 <= intercept_for(0.001, level_at, -7.0, 0.0, -5.8) < -6.8


class Levels:
    """A family without a fund whose level follows the intercept and whose leak is given."""

    def __init__(self, leak: float, shift: float = 0.0) -> None:
        self.leak, self.shift = leak, shift

    def play(self, arms: Collection[str], parameters: Mapping[str, float]) -> Runs:
        del arms
        share = 1.0 / (1.0 + math.exp(-(parameters[INTERCEPT] + 3.0 + self.shift)))
        return cast(Runs, {"share": share, "leak": self.leak})


@pytest.fixture
def invented_level(monkeypatch: pytest.MonkeyPatch) -> None:
    def level(runs: Any) -> dict[str, float]:
        return {"gave": 1e6 * runs["share"], "adults": 1e6}

    def leak(runs: Any) -> dict[str, float]:
        return {"stopped": 1e6 * runs["leak"], "gave": 1e6}

    monkeypatch.setattr("commsim.validation.path_level.level", level)
    monkeypatch.setattr("commsim.validation.path_level.leak", leak)


@pytest.mark.usefixtures("invented_level")
def test_a_point_is_kept_where_level_and_leak_lie_in_their_ranges_alone() -> None:
    assert fitted_point({}, 0.06, Levels(0.35)).miss == 0.0
    assert fitted_point({}, 0.06, Levels(0.7)).miss > 0.0
    assert fitted_point({}, 0.06, Levels(0.35, shift=6.0)).miss > 0.0  # too many give at any intercept


def test_the_calibration_looks_at_every_row_marked_fit_and_at_no_other() -> None:
    looked_at = {(fact.id, test.name) for family in FAMILIES for fact, test in fitted_tests(family)}
    marked = {(fact.id, test.name) for fact in PATH_FACTS for test in fact.tests if test.use is Use.FIT}
    assert looked_at | {("P0", "share"), ("P15", "leak")} == marked
    assert not fitted_tests(DOORS) and not fitted_tests(CALL)


def test_a_first_look_is_half_a_width_more_lenient_on_either_side_but_not_where_a_range_has_one_end() -> None:
    bounded, open_ended = between(0.1, 0.3), between(0.0, math.inf)
    assert allowed(bounded, 0.39, slack=0.5) and allowed(bounded, 0.01, slack=0.5)
    assert not allowed(bounded, 0.41, slack=0.5) and not allowed(bounded, 0.39, slack=0.0)
    assert not allowed(open_ended, -0.01, slack=0.5)


def between(low: float, high: float) -> facts.Test:
    return facts.Test("made", Text("made"), low, high)


class Counts:
    """Worlds in which every row marked 'fit' counts what makes its statistic `share` of the way up its range."""

    def __init__(self, share: float) -> None:
        self.share, self.played = share, list[tuple[str, int]]()

    def __call__(self, family: Family, seed: int) -> Any:
        self.played.append((family.id, seed))
        return SimpleNamespace(play=lambda arms, values: {"share": self.share})


@pytest.fixture
def invented_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    def of_family(family: Family) -> list[tuple[PathFact, PathTest]]:
        def measure(runs: Any) -> dict[str, float]:
            return {"top": runs["share"], "bottom": 1.0}

        test = PathTest("made", Text("made"), 0.1, 0.3, statistic=Ratio("top", "bottom"), use=Use.FIT)
        fact = PathFact(family.id, Text("made"), Text(""), Text(""), family, ("fund",), measure, (test,), Use.FIT)
        return [(fact, test)] if family in (DISTRICT, YEARS) else []

    fitted = Fitted({INTERCEPT: -5.0}, 0.0)
    monkeypatch.setattr("commsim.validation.path_calibration.fitted_tests", of_family)
    monkeypatch.setattr("commsim.validation.path_calibration.fitted_point", lambda *_given: fitted)


@pytest.mark.usefixtures("invented_counts")
@pytest.mark.parametrize(
    ("share", "kept", "played"),
    [(0.2, True, 2 * LOOKS[-1].seeds), (0.35, False, 2 * LOOKS[0].seeds + LOOKS[-1].seeds - 2), (0.5, False, 2)],
)
def test_a_point_is_kept_if_two_looks_allow_it_and_no_seed_is_played_twice(
    share: float, kept: bool, played: int
) -> None:
    worlds = Counts(share)
    drawn = tried_point(7, 1, cast(Any, worlds))
    assert (drawn is not None) == kept and (drawn is None or drawn.point == 7)
    of_rows = [where for where in worlds.played if where[0] != WITHOUT_A_FUND.id]
    assert len(of_rows) == len(set(of_rows)) == played


def test_points_that_were_written_are_read_again(tmp_path: Path) -> None:
    values = {"visibility.contact": 1.25, INTERCEPT: -5.5}
    halves = {name: value / 2 for name, value in values.items()}
    found = PathPosterior((PathDraw(values, 3), PathDraw(halves, 11)), 11, 4)
    write_path_posterior(found, tmp_path / "points.yaml")
    assert path_posterior(tmp_path / "points.yaml") == found


def test_the_points_on_record_lie_in_the_ranges_of_the_registry_and_name_every_parameter_that_is_drawn() -> None:
    known, found = load_registry(), path_posterior()
    assert len(found.draws) >= DRAWS and len({drawn.point for drawn in found.draws}) == len(found.draws)
    for drawn in found.draws:
        assert set(drawn.values) == {*names_drawn(), INTERCEPT}
        assert all(known[name].low <= value <= known[name].high for name, value in drawn.values.items())


def test_draws_are_different_points_in_an_order_that_the_seed_sets_and_more_than_there_are_is_refused() -> None:
    kept = len(path_posterior().draws)
    drawn = path_draws(kept, 1)
    assert len({one.point for one in drawn}) == kept
    assert path_draws(3, 1) == drawn[:3] != path_draws(3, 2)
    with pytest.raises(InvalidInput, match=rf"{kept + 1} draws .* kept {kept}"):
        path_draws(kept + 1, 1)


@pytest.mark.study
def test_from_the_command_line_a_few_rows_leave_a_folder_a_page_and_a_document(tmp_path: Path) -> None:
    folder = tmp_path / "path"
    asked = ["lab", "path", "P1", "P13", "--quick", "--draws", "1", "--workers", "1", "--out", str(folder), "--json"]
    result = CliRunner().invoke(command_line, asked)
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert [row["fact"] for row in document["facts"]] == ["P1", "P13"]
    assert document["facts"][0]["state_at_defaults"] == "holds"
    assert {"index.html", "facts.csv", "values.parquet", "draws.parquet", "summary.xlsx", "facts.json"} <= {
        path.name for path in folder.iterdir()
    }
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "P13" in page and "一人参与带动全家" in page
    assert "commsim lab path P1 P13 --seeds 3 --draws 1 --seed 1" in page


def test_a_fact_that_is_not_there_is_refused_with_those_that_are() -> None:
    result = CliRunner().invoke(command_line, ["lab", "path", "P21"])
    assert result.exit_code == 3
    assert "P21" in result.stderr and "P20" in result.stderr


@pytest.mark.study
def test_the_whole_table_is_played_in_its_quick_size_and_no_yuan_moves_nothing(tmp_path: Path) -> None:
    asked = ["lab", "path", "--quick", "--out", str(tmp_path / "path"), "--json"]
    result = CliRunner().invoke(command_line, asked)
    assert result.exit_code == 0, result.output
    rows = {row["fact"]: row for row in json.loads(result.stdout)["facts"]}
    assert list(rows) == [f"P{number}" for number in range(21)]
    assert rows["P1"]["state_at_defaults"] == "holds"
    assert all(test["at_defaults"] is not None for row in rows.values() for test in row["tests"])
