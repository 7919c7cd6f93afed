"""Levers: one line of a scenario makes a kind of resident more frequent by the factor that it says, or is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commsim.randomness import Draws
from commsim.scenario.levers import levered, moved, shares_at
from commsim.scenario.loading import load_scenario, validate_scenario
from commsim.scenario.notes import scenario_notes
from commsim.scenario.population import PopulationSpec
from commsim.world.build import build_world
from commsim.world.margins import compare
from commsim.world.population import make_population
from commsim.world.records import Registration, Tenure

PILOT = load_scenario("jingan-pilot")
PLAIN = {"older": 0.2567, "migrants": 0.2508, "owners": 0.664}
"""Shares of the census at 2015: 60 and over, from another province, family households that own."""


def share(path: Path, lever: str) -> float:
    """The share of the made population that a lever is about; every margin is met as the levers have it."""
    scenario = load_scenario(path)
    columns, addresses, margins = make_population(scenario, Draws(scenario.seed))
    assert all(found.total_variation < 0.01 for found in compare(margins, columns, addresses))
    family = ~columns["collective"][addresses.household_start[:-1]]
    heads = columns["tenure"][addresses.household_start[:-1]][family]
    found = {
        "older": columns["age"] >= 60,
        "migrants": columns["registration"] == Registration.OTHER_PROVINCE,
        "owners": heads == Tenure.OWNED,
    }
    return float(np.mean(found[lever]))


@pytest.mark.parametrize(
    ("lever", "factor"),
    [("migrants", 2), ("migrants", 0.2), ("older", 1.46), ("older", 1.6), ("older", 0.5), ("owners", 1.3)],
)
def test_two_lines_make_a_district_with_the_share_that_is_asked_for(lever: str, factor: float, tmp_path: Path) -> None:
    file = tmp_path / "other.yaml"
    file.write_text(f"extends: jingan-pilot\npopulation: {{{lever}: {factor}}}\n")
    assert share(file, lever) == pytest.approx(factor * PLAIN[lever], abs=0.015)


def test_levers_move_together_and_in_every_unit(tmp_path: Path) -> None:
    file = tmp_path / "both.yaml"
    file.write_text("extends: jingan-pilot\npopulation: {migrants: 2.0, older: 1.46}\n")
    assert share(file, "migrants") == pytest.approx(0.50, abs=0.015)
    assert share(file, "older") == pytest.approx(0.375, abs=0.015)
    by_unit = []
    for scenario in (PILOT, load_scenario(file)):
        columns, addresses, _margins = make_population(scenario, Draws(1))
        parts = np.split(columns["registration"] == Registration.OTHER_PROVINCE, addresses.subdistrict_start[1:-1])
        by_unit.append(np.array([part.mean() for part in parts]))
    assert (by_unit[1] > 1.5 * by_unit[0]).all()


def test_a_lever_is_inherited_and_can_be_taken_back(tmp_path: Path) -> None:
    (tmp_path / "many.yaml").write_text("extends: jingan-pilot\npopulation: {migrants: 2}\n")
    (tmp_path / "again.yaml").write_text("extends: many\npopulation: {migrants: 1}\n")
    assert moved(load_scenario(tmp_path / "many.yaml").population) == ("migrants",)
    assert load_scenario(tmp_path / "again.yaml").population == PILOT.population


def test_a_moved_lever_is_told_with_the_share_that_it_makes() -> None:
    assert not scenario_notes(PILOT)
    notes = [str(note) for note in scenario_notes(load_scenario("jingan-pilot", ["population.migrants=2"]))]
    words = "residents registered in another province are 50.2% instead of the 25.1% that were counted for 2015"
    assert notes == [f"population.migrants is 2: {words}"]


REFUSED = {
    "migrants: 4": ("migrants", "margin registration: residents registered in another province are 25.1%"),
    "migrants: -1": ("migrants", "margin registration: residents registered in another province are 25.1%"),
    "older: 5": ("older", "margin age_sex: men of 60 and over are 12.3% in 2015"),
    "owners: 1.6": ("owners", "margin tenure: households that own their dwelling are 66.4%"),
    "owners: many": ("owners", "a number was expected"),
    "oldest: 2": ("oldest", "Did you mean older?"),
}


@pytest.mark.parametrize("lever", REFUSED)
def test_a_lever_that_asks_for_an_impossible_margin_is_refused_where_it_stands(lever: str, tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(f"extends: jingan-pilot\npopulation:\n  {lever}\n")
    problem = validate_scenario(file)[0]
    name, words = REFUSED[lever]
    assert (Path(problem.file).name, problem.line, problem.path) == ("wrong.yaml", 3, f"population.{name}")
    assert words in str(problem.text)


@settings(deadline=None)
@given(st.floats(0, 1.4), st.floats(0, 3.5), st.floats(0, 1.4))
def test_a_moved_margin_stays_a_whole_and_keeps_the_odds_of_those_that_give_way(
    older: float, migrants: float, owners: float
) -> None:
    levers = {"older": older, "migrants": migrants, "owners": owners}
    population: PopulationSpec = PILOT.population.model_copy(update=levers)
    for margin in population.margins:
        before = shares_at(margin, 2015)
        after = levered(margin.id, before, population)
        assert after.sum() == pytest.approx(1) and (after >= 0).all()
        if margin.id == "registration":
            assert after[3] == pytest.approx(migrants * before[3])
            assert after[:3] / after[:3].sum() == pytest.approx(before[:3] / before[:3].sum())
        if margin.id == "age_sex":
            assert after[0::2].sum() == pytest.approx(before[0::2].sum())  # men stay as many


def _adults(levers: str, path: Path) -> dict[str, np.ndarray]:
    path.write_text(f"extends: jingan-pilot\npopulation: {{one_in: 30{levers}}}\n")
    scenario = load_scenario(path)
    world = build_world(scenario, Draws(1))
    return {name: world.columns[name][world.columns["age"] >= 18] for name in ("known", "party", "reach", "may_vote")}


def test_with_more_migrants_fewer_are_known_reached_and_on_the_list_of_voters(tmp_path: Path) -> None:
    """Published shares hold for the counted make-up: a lever moves them as far as the traits it moves matter."""
    plain, moved_ = _adults("", tmp_path / "plain.yaml"), _adults(", migrants: 2", tmp_path / "more.yaml")
    assert plain["known"].mean() == pytest.approx(0.30, abs=0.01)
    for name, less in (("known", 0.02), ("reach", 0.05), ("may_vote", 0.1)):
        assert moved_[name].mean() < plain[name].mean() - less, name


def test_with_more_elders_more_are_known(tmp_path: Path) -> None:
    plain, moved_ = _adults("", tmp_path / "plain.yaml"), _adults(", older: 1.46", tmp_path / "more.yaml")
    assert moved_["known"].mean() > plain["known"].mean() + 0.02
