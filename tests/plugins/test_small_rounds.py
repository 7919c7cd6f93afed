"""The eight rules on small cases whose answers are known, from the literature or by hand."""

from __future__ import annotations

import numpy as np
import pytest

from commsim.calling.call import call_rule
from commsim.contracts import Choices
from commsim.errors import InvalidInput, RuleError
from commsim.rules import evaluate
from tests.plugins.rounds import CATALOGUE, a_round, settle


def test_money_by_hand_from_the_definitions() -> None:
    people = {"budget": 120, "population": [1000, 2000, 3000]}
    assert evaluate("basic.per_capita", people) == pytest.approx([20, 40, 60])
    by_need = {**people, "need": [0.6, 0.3, 0.2]}
    assert evaluate("basic.needs_weighted", by_need) == pytest.approx([40, 40, 40])
    assert evaluate("basic.needs_weighted", by_need, {"exponent": 0}) == pytest.approx([20, 40, 60])
    squared = np.array([1000 * 0.36, 2000 * 0.09, 3000 * 0.04])
    assert evaluate("basic.needs_weighted", by_need, {"exponent": 2}) == pytest.approx(120 * squared / squared.sum())
    capped = {**people, "asks": [100, 100, 30]}
    assert evaluate("basic.per_capita", capped) == pytest.approx([20, 40, 30])
    assert evaluate("basic.per_capita", capped, {"respread": True}) == pytest.approx([30, 60, 30])
    assert evaluate("basic.none", {"asks": [1, 2]}) == [0, 0]
    plan = {"budget": 100, "asks": [60, 50, 30], "minimum_viable": [60, 50, 10]}
    assert evaluate("basic.same_money_services", plan) == [60, 0, 30]


def test_the_provision_point_rebates_what_the_project_does_not_cost() -> None:
    given = {"threshold": 60, "ask": 80, "pledges": [60, 40]}
    assert evaluate("seed.provision_point", given) == {"funded": True, "refunds": [0, 0]}
    assert evaluate("seed.provision_point(rebate=proportional)", given) == {"funded": True, "refunds": [12, 8]}
    assert evaluate("seed.provision_point(refund=false)", {**given, "pledges": [10]})["refunds"] == [0]


def test_evaluate_says_what_is_missing_or_unknown() -> None:
    with pytest.raises(InvalidInput, match="needs 'population' in its input; it holds budget"):
        evaluate("basic.per_capita", {"budget": 1})
    with pytest.raises(RuleError, match=r"Did you mean 'basic\.per_capita'"):
        evaluate("basic.per_capit", {"budget": 1})
    with pytest.raises(RuleError, match="is not a rule written as"):
        evaluate("basic.per_capita[", {"budget": 1})


def test_an_equal_split_pays_in_the_funds_order_inside_each_area() -> None:
    # a1 asks 11,000, a2 4,000: of 12,000 each may have 6,000, of which a2 leaves 2,000; p2 stands first by id.
    award = settle("basic.equal_split", budget=1_200_000)
    assert award.paid.tolist() == [0, 500_000, 400_000]
    assert str(award.reasons[0]) == (
        "nothing: 1,000 of the 6,000 yuan that fall to a1 were left, less than the 3,000 yuan it takes to start; "
        "1,000 yuan stay unspent there"
    )
    assert str(award.reasons[1]) == "paid in full: 5,000 yuan from the 6,000 yuan that fall to a1"
    assert award.diagnostics == {"unspent_fen": 300_000}


def test_the_last_project_of_an_area_is_paid_in_part_where_that_starts_it() -> None:
    award = settle("basic.equal_split", budget=1_600_000)
    assert award.paid.tolist() == [300_000, 500_000, 400_000]
    assert str(award.reasons[0]).startswith("paid in part: 3,000 of 6,000 yuan")
    assert settle("basic.equal_split", {"respread": True}, budget=1_200_000).paid.tolist() == award.paid.tolist()


def test_money_beyond_an_areas_asks_stays_unspent_unless_it_is_shared_again() -> None:
    award = settle("basic.per_capita", budget=1_500_000)
    assert award.paid.tolist() == [500_000, 500_000, 400_000]  # a1 two thirds, a2 its asks and not its 5,000
    assert award.diagnostics["unspent_fen"] == 100_000
    again = settle("basic.per_capita", {"respread": True}, budget=1_500_000)
    assert again.paid.tolist() == [600_000, 500_000, 400_000]  # and a1 the 1,000 yuan that a2 leaves


def test_divisions_announce_what_applicants_may_expect() -> None:
    rule = CATALOGUE.make("basic.needs_weighted")
    terms = call_rule(rule, "open_round", a_round(rule))
    assert terms.expected_award.tolist() == settle("basic.needs_weighted").paid.tolist()


def test_services_pay_the_plan_in_order_until_the_money_ends() -> None:
    award = settle("basic.same_money_services", budget=1_200_000)
    assert award.paid.tolist() == [300_000, 500_000, 400_000]
    assert settle("basic.none").paid.tolist() == [0, 0, 0]


def test_a_match_says_which_limit_bound() -> None:
    pledges = Choices(np.array([0, 3]), np.array([0, 1, 2], np.int32), np.array([100_000, 450_000, 0]))
    award = settle("match.linear", {"cap_yuan": 4000}, pledges=pledges)
    assert award.paid.tolist() == [100_000, 400_000, 0]
    assert [str(reason).split(":")[0] for reason in award.reasons] == [
        "1,000 yuan",
        "4,000 yuan, the most that this project can get",
        "nothing",
    ]
    scaled = settle("match.linear", {"cap_yuan": 4000}, pledges=pledges, budget=250_000)
    assert scaled.paid.tolist() == [50_000, 200_000, 0] and scaled.diagnostics["scale"] == 0.5
    first = settle("match.linear", {"cap_yuan": 4000, "pool": False}, pledges=pledges, budget=250_000)
    assert first.paid.tolist() == [0, 250_000, 0]  # p2 stands before p10


def test_a_match_announces_rate_cap_and_pool() -> None:
    rule = CATALOGUE.make("match.linear", {"rate": 2, "cap_yuan": 50})
    terms = rule.open_round(a_round(rule))
    assert (terms.match_rate, terms.match_cap, terms.match_pool) == (2.0, 5_000, 1_000_000)
    without = CATALOGUE.make("match.linear", {"pool": False})
    assert without.open_round(a_round(without)).match_pool is None


def gifts(*amounts: tuple[int, int]) -> Choices:
    project, amount = np.array(amounts, dtype=np.int64).T
    return Choices(np.arange(len(amounts) + 1), project.astype(np.int32), amount)


def test_the_provision_point_funds_what_raised_its_threshold_and_refunds_the_rest() -> None:
    pledges = gifts((0, 100_000), (1, 100_000), (0, 50_000), (1, 50_000))
    award = settle("seed.provision_point", pledges=pledges)  # thresholds 1,800 and 1,500 and 1,200
    assert award.paid.tolist() == [0, 350_000, 0]
    assert award.refunds.tolist() == [100_000, 0, 50_000, 0]
    assert "of the 1,800 yuan that they had to raise" in str(award.reasons[0])
    kept = settle("seed.provision_point", {"refund": False}, pledges=pledges)
    assert kept.refunds.tolist() == [0, 0, 0, 0]


def test_announced_seed_does_not_count_towards_the_threshold() -> None:
    award = settle("seed.provision_point", {"seed_share": 1.0}, pledges=gifts((2, 119_999)))
    assert award.paid.tolist() == [0, 0, 0]
    assert settle("seed.provision_point", {"seed_share": 1.0}, pledges=gifts((2, 120_000))).paid[2] == 280_000


def test_announced_seed_is_kept_for_everyone_who_met_the_threshold() -> None:
    # p3 comes first and wants 2,800 more, p2 3,500; the seeds announced are 2,000 and 2,500 of 4,500 in all.
    pledges = gifts((1, 150_000), (2, 120_000))
    rule = CATALOGUE.make("seed.provision_point")
    view = a_round(rule, pledges=pledges, budget=1_000_000)
    terms = rule.open_round(view)
    assert terms.seed_announced.tolist() == [300_000, 250_000, 200_000]
    award = rule.settle(a_round(rule, pledges=pledges, budget=460_000, terms=terms))
    assert award.paid.tolist() == [0, 250_000, 210_000]


def test_seeds_beyond_the_budget_shrink_in_proportion() -> None:
    rule = CATALOGUE.make("seed.provision_point")
    assert rule.open_round(a_round(rule, budget=375_000)).seed_announced.tolist() == [150_000, 125_000, 100_000]


def test_a_project_that_cannot_be_started_fails_and_frees_its_seed() -> None:
    # Budget 3,000, so seeds shrink to 1,200 / 1,000 / 800. p3 has 1,200 + 800, too little to start; its 800 go to p2.
    pledges = gifts((0, 180_000), (1, 150_000), (2, 120_000))
    award = settle("seed.provision_point", pledges=pledges, budget=300_000)
    assert award.paid.tolist() == [120_000, 180_000, 0]
    assert award.refunds.tolist() == [0, 0, 120_000]
    assert "does not reach the 3,000 yuan it takes to start" in str(award.reasons[2])


def test_a_project_for_which_nothing_is_left_fails_and_gives_back() -> None:
    award = settle(
        "seed.provision_point", {"seed_share": 0.0}, pledges=gifts((2, 120_000), (1, 400_000)), budget=280_000
    )
    assert award.paid.tolist() == [0, 0, 280_000]
    assert award.refunds.tolist() == [0, 400_000]
    assert "but no money was left" in str(award.reasons[1])


def test_a_building_that_raises_five_hundred_yuan_succeeds() -> None:
    # Shimen Road No. 2 (CRI Shanghai, 2017-06-09): 500 RMB raised by a building brings the street's money.
    params = {"threshold_yuan": 500}
    assert settle("seed.provision_point", params, pledges=gifts((0, 50_000))).paid.tolist() == [550_000, 0, 0]
    assert settle("seed.provision_point", params, pledges=gifts((0, 49_999))).paid.tolist() == [0, 0, 0]


def test_gifts_beyond_the_ask_stay_or_go_back_to_the_fen() -> None:
    pledges = gifts((2, 300_000), (2, 100_001))
    assert settle("seed.provision_point", pledges=pledges).refunds.tolist() == [0, 0]
    back = settle("seed.provision_point", {"rebate": "proportional"}, pledges=gifts((2, 300_000), (2, 300_000)))
    assert back.refunds.tolist() == [100_000, 100_000] and back.paid.tolist() == [0, 0, 0]


def test_votes_choose_and_the_ballot_is_announced() -> None:
    rule = CATALOGUE.make("pb.greedy_votes", {"approvals": 2, "min_votes": 1})
    terms = rule.open_round(a_round(rule))
    assert terms.ballot is not None and (terms.ballot.most, terms.min_votes) == (2, 1)
    award = settle("pb.greedy_votes", {"min_votes": 1})  # votes: p10 1, p2 0, p3 2
    assert award.paid.tolist() == [600_000, 0, 400_000]
    assert [str(reason) for reason in award.reasons] == [
        "paid in full: 6,000 of the 6,000 yuan that were left (votes: 1)",
        "nothing: votes: 0, fewer than the 1 that are needed",
        "paid in full: 4,000 of the 10,000 yuan that were left (votes: 2)",
    ]


def test_a_tie_goes_to_p2_before_p10() -> None:
    award = settle("pb.greedy_votes", ballots=Choices.empty(), budget=600_000)
    assert award.paid.tolist() == [0, 500_000, 0]


@pytest.mark.parametrize("rule_id", list(CATALOGUE))
def test_a_round_without_proposals_is_settled(rule_id: str) -> None:
    empty = {"id": (), "area": [], "ask": [], "minimum_viable": []}
    award = settle(rule_id, proposals=empty, pledges=None, ballots=None)
    assert award.paid.shape == (0,) and award.reasons == ()
