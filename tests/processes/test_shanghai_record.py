"""The district without a fund against Shanghai's record (district.md A4, mark V), and the trial of three buildings."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from commsim.contracts import Terms
from commsim.model import CommunityModel
from commsim.plugin_host.loader import load_catalogue
from commsim.processes.askers import money_lacking
from commsim.randomness import Draws
from commsim.scenario import load_scenario
from commsim.world.build import build_world


def without_a_fund() -> CommunityModel:
    scenario = load_scenario("jingan-pilot", ["months=30"])
    draws = Draws(11)
    catalogue = load_catalogue()
    rules = {fund.id: catalogue.make(fund.rule.id, fund.rule.params) for fund in scenario.funds}
    rules[scenario.fund_under_comparison.id] = catalogue.make("basic.none", {})
    model = CommunityModel(build_world(scenario, draws), scenario, rules, draws)
    while scenario.month_date(model.month) not in scenario.elections:
        model.step()
    model.step()
    return model


@pytest.fixture(scope="module")
def model() -> CommunityModel:
    return without_a_fund()


def turnout(model: CommunityModel, mask: np.ndarray) -> float:
    election = model.community.now.election
    assert election is not None
    return float(election.voted[mask & election.eligible].mean())


@pytest.mark.parametrize(
    ("ages", "low", "high"),
    [((18, 120), 0.44, 0.52), ((18, 29), 0.10, 0.20), ((50, 59), 0.50, 0.62), ((70, 79), 0.70, 0.84)],
)
def test_election_turnout_by_age(model: CommunityModel, ages: tuple[int, int], low: float, high: float) -> None:
    age = model.residents.seen_by("reader").age
    assert low <= turnout(model, (age >= ages[0]) & (age <= ages[1])) <= high


def test_members_turn_out_more_by_what_the_survey_saw(model: CommunityModel) -> None:
    party = model.residents.seen_by("reader").party
    assert 0.10 <= turnout(model, party) - turnout(model, ~party) <= 0.22


def test_weekly_contact_with_neighbours(model: CommunityModel) -> None:
    monthly = model.monthly
    share = monthly["meets_neighbours"][0].sum() / monthly["adults"][0].sum()
    assert 0.55 <= share <= 0.60


def test_an_election_is_outside_the_rates_of_active_residents(model: CommunityModel) -> None:
    monthly = model.monthly
    assert monthly["election_voters"][-1].sum() > 3 * monthly["active_month"][-1].sum()


def test_a_building_with_an_established_leader_raises_several_times_as_much() -> None:
    scenario, catalogue = load_scenario("building-trial"), load_catalogue()
    raised = np.zeros(3)
    for replicate in range(8):
        draws = Draws(scenario.seed, replicate)
        rules = {fund.id: catalogue.make(fund.rule.id, fund.rule.params) for fund in scenario.funds}
        model = CommunityModel(build_world(scenario, draws), scenario, rules, draws).run()
        for project in model.projects.projects:
            raised[project.committee] += project.pledged_fen
    established, ordinary, none = raised
    assert established > 1.5 * ordinary
    assert established > 2 * none


ASK = 1000


def proposal(terms: Terms, pledged: int = 0) -> tuple[Any, Any]:
    """A round of one proposal as far as its team looks at it, and the proposal."""
    project = SimpleNamespace(ask_fen=ASK, pledged_fen=pledged)
    return SimpleNamespace(terms=terms, projects=(project,)), project


@pytest.mark.parametrize(
    ("terms", "pledged", "lacking"),
    [
        (Terms(), 0, 1000),
        (Terms(), 250, 750),
        (Terms(expected_award=400), 0, 600),
        (Terms(expected_award=1000), 0, 0),
        (Terms(match_rate=1.0), 250, 500),
        (Terms(match_rate=3.0), 250, 0),
        (Terms(threshold=300, seed_announced=500), 0, 500),
    ],
)
def test_a_proposals_team_asks_for_what_its_pledges_and_the_terms_leave_open(
    terms: Terms, pledged: int, lacking: float
) -> None:
    assert money_lacking(*proposal(terms, pledged), 1.0) == pytest.approx(lacking)
    assert money_lacking(*proposal(terms, pledged), 0.0) == ASK - pledged  # who counts on nobody asks for all of it


@pytest.mark.parametrize("weight", [0.0, 0.3, 1.0])
def test_the_more_a_team_counts_on_the_purse_the_less_it_asks(weight: float) -> None:
    found = [money_lacking(*proposal(Terms(expected_award=award)), weight) for award in (0, 300, 900)]
    assert found == sorted(found, reverse=True) == pytest.approx([ASK - weight * award for award in (0, 300, 900)])
