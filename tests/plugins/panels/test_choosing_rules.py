"""Rules that choose whole proposals, lots, stages, renewals, formulas, splits and vouchers: answers and properties."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commsim.calling.call import call_rule
from commsim.contracts import Choices, Splits
from commsim.errors import InvalidInput
from commsim.plugins.divisions.residents_splits import independent_markets, mean_split, median_split, nash_split
from commsim.plugins.panels.lottery import drawn
from commsim.plugins.shared import marks as judging
from commsim.randomness import Draws
from commsim.rules import evaluate
from tests.plugins.rounds import CATALOGUE, a_round, random_rounds

MINE = ("claims.", "formula.", "divisible.", "voucher.", "panel.", "lottery.", "staged.", "perf.", "rotation.")


def test_the_largest_remainders_are_called_by_name_like_a_rule() -> None:
    came = evaluate("money.largest_remainder", {"total_cents": 10000, "weights": [1, 1, 1]})
    assert came == [3334, 3333, 3333]


@pytest.mark.parametrize("rule_id", [one for one in CATALOGUE if one.startswith((*MINE, "basic.fcfs"))])
def test_rules_say_what_they_are(rule_id: str) -> None:
    rule = type(CATALOGUE.make(rule_id))
    assert rule.summary.to("en") and rule.summary.to("zh") and rule.source and rule.family and rule.__doc__
    for _name, _default, about in rule.parameters():
        assert about["doc"].to("zh") and about["doc"].to("en")


def test_an_input_that_lacks_something_is_named() -> None:
    with pytest.raises(InvalidInput, match="needs 'scores' in its input; it holds budget"):
        evaluate("panel.mean", {"budget": 1})


def settle(rule_id: str, params: dict[str, Any] | None = None, **changes: Any) -> Any:
    rule = CATALOGUE.make(rule_id, params)
    terms = call_rule(rule, "open_round", a_round(rule, **changes))
    return call_rule(rule, "settle", a_round(rule, **{"terms": terms, **changes}))


def test_first_come_goes_by_month_then_id_and_says_so() -> None:
    award = settle("basic.fcfs")  # p3 came in month 25, then p2 and p10: 4,000 + 5,000, and 6,000 do not fit
    assert award.paid.tolist() == [0, 500_000, 400_000]
    assert str(award.reasons[0]) == (
        "nothing: 1,000 yuan were left for a project of 6,000 yuan (submitted in month 27, number 3 of 3)"
    )


def test_a_panel_funds_from_its_marks_and_one_outlier_moves_the_mean_not_the_median() -> None:
    marks = np.array([[5.0, 6.0, 4.0], [5.0, 6.0, 4.0], [5.0, 0.0, 4.0]])
    assert settle("panel.mean", budget=600_000, marks=marks).paid.tolist() == [600_000, 0, 0]
    assert settle("panel.median", budget=600_000, marks=marks).paid.tolist() == [0, 500_000, 0]


def test_a_lenient_judge_who_saw_only_some_proposals_does_not_lift_them() -> None:
    # The last two judges give four points more than the first two, and see only some of the proposals.
    marks = np.array([[6.0, 5.0, 4.0, 3.0], [6.1, 5.0, 4.1, 3.0], [np.nan, 9.1, np.nan, 7.0], [np.nan, np.nan, 8, 7.1]])
    expected = judging.posterior(marks).expected_rank()
    assert np.argsort(expected).tolist() == [0, 1, 2, 3]
    assert np.argsort(-judging.mean_score(marks)).tolist() != [0, 1, 2, 3]


@settings(max_examples=30)
@given(seed=st.integers(0, 10_000))
def test_the_posterior_is_that_of_the_joint_normal(seed: int) -> None:
    draws = Draws(seed)
    marks = draws.normals("marks", 24).reshape(4, 6)
    there = draws.uniforms("there", 24).reshape(4, 6) > 0.2
    mean, covariance = judging._normal_posterior(np.where(there, marks, np.nan), there, 1.0, 0.3, 0.5)
    judge, proposal = np.nonzero(there)
    whole = (proposal[:, None] == proposal) + 0.3 * (judge[:, None] == judge) + 0.5 * np.eye(judge.size)
    cross = (np.arange(6)[:, None] == proposal).astype(float)
    assert mean == pytest.approx(cross @ np.linalg.solve(whole, marks[there]))
    assert covariance == pytest.approx(np.eye(6) - cross @ np.linalg.solve(whole, cross.T))


@settings(max_examples=30)
@given(seed=st.integers(0, 10_000))
def test_expected_ranks_are_the_mean_ranks_of_draws_from_the_posterior(seed: int) -> None:
    marks = Draws(seed).normals("marks", 20).reshape(4, 5)
    belief = judging.Posterior(marks.mean(axis=0), np.diag([0.1, 0.5, 1.0, 0.2, 0.05]), 1.0, 0.0, 1.0)
    luck = Draws(seed).normals("luck", 5 * 4000).reshape(4000, 5)
    quality = belief.mean + luck * np.sqrt(np.diag(belief.covariance))
    ranks = (quality[:, None, :] > quality[:, :, None]).sum(axis=2) + 1
    deviation = ranks.std(axis=0) / 4000**0.5 + 1e-3
    assert (np.abs(belief.expected_rank() - ranks.mean(axis=0)) <= 5 * deviation).all()
    assert belief.expected_rank().sum() == pytest.approx(15)


SEEDS = 400


def frequencies(rule_id: str, params: dict[str, Any] | None = None, **changes: Any) -> np.ndarray:
    rule = CATALOGUE.make(rule_id, params)
    won = [rule.settle(a_round(rule, **{**changes, "draws": Draws(seed)})).paid > 0 for seed in range(SEEDS)]
    return np.mean(won, axis=0)


def four_errors(chance: np.ndarray) -> np.ndarray:
    return 4 * np.sqrt(np.asarray(chance) * (1 - np.asarray(chance)) / SEEDS)


EQUAL = {"id": ("a", "b", "c", "d"), "area": [0] * 4, "ask": [100] * 4, "minimum_viable": [0] * 4}
EQUAL |= {"scores": [9.0, 5.0, 5.0, 5.0], "beneficiaries": [1, 1, 2, 4], "readiness": [0.5] * 4}


@pytest.mark.parametrize(
    ("rule_id", "budget", "given"),
    [
        ("lottery.full", 200, {"scores": [0] * 4, "line": 2}),
        ("lottery.weighted", 200, {"tickets": [1, 1, 2, 4], "line": 2}),
        ("lottery.partial", 200, {"scores": [9, 5, 5, 5], "line": 2}),
    ],
)
def test_lots_fall_as_often_as_they_should(rule_id: str, budget: int, given: dict[str, Any]) -> None:
    expected = np.array(evaluate(rule_id, given)["inclusion_probability"])
    assert expected.sum() == pytest.approx(2)
    came = frequencies(rule_id, proposals=EQUAL, budget=budget, pledges=None, ballots=None)
    assert (np.abs(came - expected) <= four_errors(expected)).all()


def test_a_draw_by_tickets_takes_the_first_in_proportion() -> None:
    tickets = np.array([0.0, 1.0, 3.0])
    first = [drawn(Draws(seed).uniforms("lottery", 3), tickets)[0] for seed in range(2000)]
    assert 0 not in first
    assert abs(np.mean(np.array(first) == 2) - 0.75) <= 4 * (0.75 * 0.25 / 2000) ** 0.5


def test_the_band_holds_whom_the_panel_cannot_tell_from_the_line() -> None:
    rule = CATALOGUE.make("lottery.partial", {"band": "interval"})
    noisy = np.array([[9.0, 6.0, 5.0, 1.0], [9.2, 5.0, 6.0, 1.2], [8.8, 5.6, 5.4, 0.8]])
    band = rule.band_of(noisy, ("a", "b", "c", "d"), np.ones(4), 2)
    assert band.above.tolist() == [True, False, False, False]
    assert band.inside.tolist() == [False, True, True, False]
    assert rule.band_of(noisy, ("a", "b", "c", "d"), np.ones(4), 4).above.all()


def test_only_the_mature_are_started_while_there_is_room_and_the_rest_is_carried() -> None:
    award = settle("staged.mature_one_build_one", {"theta": 0.5, "concurrent": 2}, running=1)
    assert award.paid.tolist() == [0, 500_000, 0] and award.carry == 500_000
    assert "readiness 0.20; 0.50 in 1 rounds running is needed" in str(award.reasons[0])
    history = [{"period": 2016, "proposals": ("p2", "p3"), "paid": (0, 0), "readiness": (0.4, 0.6)}]
    twice = settle("staged.mature_one_build_one", {"theta": 0.5, "rounds": 2}, history=history)
    assert twice.paid.tolist() == [0, 0, 400_000]
    assert settle("staged.mature_one_build_one", {"theta": 0.5, "rounds": 2}).paid.sum() == 0


def test_payment_by_milestones_parts_an_award() -> None:
    award = settle("staged.tranche")
    assert award.tranches == pytest.approx((0.4, 0.3, 0.3)) and award.paid.tolist() == [0, 500_000, 400_000]


def test_areas_are_renewed_by_what_they_brought_to_completion() -> None:
    areas = {"id": ("a1", "a2"), "last_award": [600_000, 300_000], "performance": [0.9, 0.1]}
    award = settle("perf.renewal", areas=areas)  # a1 6,000 again, a2 3,000 less 30%
    assert award.paid.tolist() == [0, 500_000, 0]  # 2,100 do not start p3, 1,000 not p10
    assert "brought 10% of it to completion (60% is needed" in str(award.reasons[2])


def test_areas_take_turns_beginning_with_another_each_year() -> None:
    # 2017 is odd: a2 begins with p3, then a1 with p2; the third turn has p10 left, which does not fit.
    award = settle("rotation.round_robin")
    assert award.paid.tolist() == [0, 500_000, 400_000]
    assert str(award.reasons[2]) == "paid in full: 4,000 of the 10,000 yuan that were left (turn 1 of a2)"
    tight = settle("rotation.round_robin", {"rotate": False}, budget=500_000)
    assert tight.paid.tolist() == [0, 500_000, 0]


def test_formulas_add_up_indicators() -> None:
    award = settle("formula.linear", {"population": 0.0, "need": 0.0, "equal": 1.0})
    assert award.paid.tolist() == settle("basic.equal_split").paid.tolist()
    people = settle("formula.linear", {"population": 1.0, "need": 0.0, "equal": 0.0})
    assert people.paid.tolist() == settle("basic.per_capita").paid.tolist()


def test_the_block_grant_takes_the_larger_formula() -> None:
    given = {
        "population": [3, 1],
        "poverty": [1, 1],
        "overcrowding": [1, 1],
        "growth_lag": [0, 1],
        "old_housing": [1, 3],
    }
    first = [0.25 * 0.75 + 0.5 * 0.5 + 0.25 * 0.5, 0.25 * 0.25 + 0.5 * 0.5 + 0.25 * 0.5]
    second = [0.3 * 0.5 + 0.5 * 0.25, 0.2 * 1 + 0.3 * 0.5 + 0.5 * 0.75]
    larger = np.maximum(first, second)
    came = evaluate("formula.cdbg_dual", {"budget": 100, "indicators": given})
    assert came == pytest.approx(100 * larger / larger.sum())


def phantoms(votes: np.ndarray, t: float) -> np.ndarray:
    """The definition word by word: the median of n votes and n + 1 phantoms, by option."""
    n = len(votes)
    fixed = np.array([min(t * (n - k), 1.0) for k in range(n + 1)])
    return np.array([np.median(np.concatenate([column, fixed])) for column in votes.T])


@st.composite
def votes(draw: st.DrawFn) -> np.ndarray:
    options = draw(st.integers(2, 4))
    rows = st.lists(st.integers(0, 10), min_size=options, max_size=options).filter(any)
    given = np.array(draw(st.lists(rows, min_size=1, max_size=8)), dtype=np.float64)
    return given / given.sum(axis=1, keepdims=True)


def counted(given: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.unique(given, axis=0, return_counts=True)


@settings(max_examples=50)
@given(given_votes=votes())
def test_independent_markets_agrees_with_its_definition(given_votes: np.ndarray) -> None:
    low, high = 0.0, 1.0
    for _step in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if phantoms(given_votes, middle).sum() < 1 else (low, middle)
    assert independent_markets(*counted(given_votes)) == pytest.approx(phantoms(given_votes, high), abs=1e-9)


@settings(max_examples=50)
@given(given_votes=votes(), lie=votes())
def test_nobody_comes_nearer_to_their_split_by_lying_to_independent_markets(
    given_votes: np.ndarray, lie: np.ndarray
) -> None:
    if lie.shape[1] != given_votes.shape[1]:
        return
    truth = given_votes[0]
    told = np.vstack([lie[0], given_votes[1:]])
    honest = np.abs(independent_markets(*counted(given_votes)) - truth).sum()
    assert honest <= np.abs(independent_markets(*counted(told)) - truth).sum() + 1e-9


@settings(max_examples=50)
@given(given_votes=votes())
def test_the_nash_division_meets_the_conditions_of_its_optimum(given_votes: np.ndarray) -> None:
    x = nash_split(*counted(given_votes))
    assert x.sum() == pytest.approx(1) and (x >= 0).all()
    slope = (given_votes / (given_votes @ x)[:, None]).mean(axis=0)
    assert (slope <= 1 + 1e-3).all()


@settings(max_examples=50)
@given(choices=st.lists(st.integers(0, 3), min_size=1, max_size=12))
def test_single_minded_votes_are_served_in_proportion(choices: list[int]) -> None:
    given_votes = np.eye(4)[choices]
    expected = given_votes.mean(axis=0)
    for rule in (mean_split, independent_markets, nash_split):
        assert rule(*counted(given_votes)) == pytest.approx(expected, abs=1e-4)


@settings(max_examples=50)
@given(given_votes=votes())
def test_the_median_split_is_the_plain_median_over_its_sum(given_votes: np.ndarray) -> None:
    plain = np.median(given_votes, axis=0)
    expected = plain / plain.sum() if plain.sum() > 0 else given_votes.mean(axis=0)
    assert median_split(*counted(given_votes)) == pytest.approx(expected)


def test_splits_divide_the_budget_and_pay_in_order_inside_each_option() -> None:
    splits = Splits(("a1", "a2"), np.array([0, 0, 1], np.int32), np.array([[0.5, 0.5], [0.7, 0.3]]), np.array([1, 1]))
    award = settle("divisible.mean", splits=splits)  # 6,000 and 4,000
    assert award.paid.tolist() == [0, 500_000, 400_000]
    assert "60.0% by the splits of 2 residents" in str(award.reasons[1])
    outside = Splits(("a1", "a2"), np.array([0, -1, 1], np.int32), splits.share, splits.count)
    assert settle("divisible.mean", splits=outside).paid.tolist() == [600_000, 0, 400_000]
    assert CATALOGUE.make("divisible.mean").open_round(a_round(CATALOGUE.make("divisible.mean"))).ballot.over == "areas"


def test_vouchers_pay_what_residents_assigned() -> None:
    rule = CATALOGUE.make("voucher.democracy")
    assert rule.open_round(a_round(rule)).vouchers == 1_000_000 // 6000
    given = Choices(np.array([0, 2, 3]), np.array([0, 1, 1], np.int32), np.array([100, 66, 166]))
    award = settle("voucher.democracy", vouchers=given)
    assert award.paid.tolist() == [100, 232, 0]
    assert "none of the 2 residents" in str(award.reasons[2])
    spread = settle("voucher.democracy", {"unassigned": "spread"}, vouchers=given)
    assert spread.paid.tolist() == [500_000, 500_000, 0]


@pytest.mark.parametrize("rule_id", ["basic.fcfs", "panel.mean", "lottery.full"])
@settings(max_examples=30)
@given(words=random_rounds())
def test_going_down_a_list_leaves_nothing_that_fits(rule_id: str, words: dict[str, Any]) -> None:
    rule = CATALOGUE.make(rule_id)
    paid = rule.settle(a_round(rule, **words)).paid
    asks = np.array(words["proposals"]["ask"], dtype=np.int64)
    assert (asks[paid == 0] > words["budget"] - paid.sum()).all()
