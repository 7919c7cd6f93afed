"""Without money the district neither explodes nor freezes; luck does not depend on what a rule does with its own."""

import numpy as np
import pytest

from commsim.contracts import RoundView
from commsim.model import CommunityModel
from commsim.plugin_host.loader import load_catalogue
from commsim.plugins.divisions.basic import EqualSplit
from commsim.randomness import Draws
from commsim.scenario import load_scenario
from commsim.world.build import build_world
from tests.processes.runs import run

YEAR = 12


def pilot_without_money(push: int = 0) -> CommunityModel:
    """The pilot without a fund; `push` more residents are said to have acted in one month of the third year."""
    scenario = load_scenario("jingan-pilot", ["population.one_in=30"])
    draws = Draws(5)
    catalogue = load_catalogue()
    rules = {fund.id: catalogue.make(fund.rule.id, fund.rule.params) for fund in scenario.funds}
    rules[scenario.fund_under_comparison.id] = catalogue.make("basic.none", {})
    model = CommunityModel(build_world(scenario, draws), scenario, rules, draws)
    while model.month < scenario.months:
        if push and model.month == 2 * YEAR:
            community = model.community
            others = np.setdiff1d(np.flatnonzero(community.given.adults), community.people.acted_last_month)
            chosen = others[np.argsort(draws.uniforms("push", len(others)))[:push]]
            with community.written_by("test", frozenset({"people.acted_last_month"})):
                community.people.acted_last_month = np.union1d(community.people.acted_last_month, chosen)
        model.step()
    return model


def test_without_money_the_share_of_active_residents_keeps_its_base_rate_for_four_years() -> None:
    monthly = pilot_without_money().monthly
    share = monthly["active_12m"].sum(axis=1) / monthly["adults"].sum(axis=1)
    first, last = share[YEAR : 2 * YEAR].mean(), share[3 * YEAR :].mean()
    assert 0.8 < last / first < 1.25
    assert 0.03 < share[-1] < 0.25


def test_a_participant_draws_in_less_than_one_further_participant() -> None:
    """The reproduction number of participation: acts that follow from pushing 400 residents into one month, each."""
    push = 400
    acts = ("acts_meeting", "acts_time")
    plain, pushed = (
        sum(int(model.monthly[kind].sum()) for kind in acts)
        for model in (pilot_without_money(), pilot_without_money(push))
    )
    assert 0 < (pushed - plain) / push < 1


class RestlessSplit(EqualSplit):
    """Divides as `basic.equal_split` does, but draws much luck that it does not use."""

    id = "test.restless"

    def settle(self, view: RoundView):  # type: ignore[no-untyped-def]
        for number in range(50):
            view.draw(f"idle {number}", [str(one) for one in range(20)])
        return super().settle(view)


def test_whatever_a_rule_draws_residents_luck_stays_the_same() -> None:
    plain, restless = run("basic.equal_split"), run(RestlessSplit())
    for name, values in plain.monthly.items():
        assert np.array_equal(values, restless.monthly[name]), name


@pytest.mark.parametrize("rule", ["basic.same_money_services", "match.linear", "pb.greedy_votes"])
def test_rules_differ_only_from_the_month_in_which_they_do(rule: str) -> None:
    plain, other = run("basic.none"), run(rule)
    opens = 3  # April, when rounds open; bids are written in March
    for name in ("asked", "acts_time", "acts_meeting", "active_12m", "issues_raised"):
        assert np.array_equal(plain.monthly[name][: opens - 1], other.monthly[name][: opens - 1]), name
