"""Rules that choose whole proposals by marks, lots, stages, renewals and turns: answers and properties."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commsim.errors import InvalidInput
from commsim.plugins.panels.lottery import drawn
from commsim.plugins.shared import marks as judging
from commsim.randomness import Draws
from commsim.rules import evaluate
from tests.plugins.rounds import CATALOGUE, a_round, random_rounds, settle

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


@pytest.mark.parametrize("rule_id", ["basic.fcfs", "panel.mean", "lottery.full"])
@settings(max_examples=30)
@given(words=random_rounds())
def test_going_down_a_list_leaves_nothing_that_fits(rule_id: str, words: dict[str, Any]) -> None:
    rule = CATALOGUE.make(rule_id)
    paid = rule.settle(a_round(rule, **words)).paid
    asks = np.array(words["proposals"]["ask"], dtype=np.int64)
    assert (asks[paid == 0] > words["budget"] - paid.sum()).all()
