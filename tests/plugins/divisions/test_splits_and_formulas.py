"""Divisions by formulas, by residents' splits and by vouchers: definitions, optima and what is paid."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commsim.contracts import Choices, Splits
from commsim.plugins.divisions.residents_splits import independent_markets, mean_split, median_split, nash_split
from commsim.rules import evaluate
from tests.plugins.rounds import CATALOGUE, a_round, settle


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
