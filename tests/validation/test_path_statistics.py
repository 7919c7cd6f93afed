"""Claims about the path's statistics and marks, on numbers that can be worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsim.i18n import _
from commsim.validation.facts import Test as RangeOfTest
from commsim.validation.path_facts import State, overall, state_of, together
from commsim.validation.path_statistics import Difference, Mean, Quotient, Ratio

COUNTS = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=2, max_size=20)


def within(low: float, high: float = math.inf) -> RangeOfTest:
    return RangeOfTest("share", _("share of adults"), low, high)


@given(COUNTS)
def test_the_mean_of_a_ratio_s_values_is_the_ratio_over_all_seeds_together(counts: list[tuple[int, int]]) -> None:
    values = Ratio("won", "tried").values([{"won": won, "tried": tried} for won, tried in counts])
    tried = sum(tried for _won, tried in counts)
    if tried == 0:
        assert np.isnan(values).all()
    else:
        assert values.mean() == pytest.approx(sum(won for won, _tried in counts) / tried)


def test_a_seed_that_counted_nothing_leaves_a_ratio_defined() -> None:
    values = Ratio("won", "tried").values([{"won": 0, "tried": 0}, {"won": 1, "tried": 2}])
    assert values.tolist() == [0.5, 0.5]


def test_a_ratio_varies_over_seeds_as_its_counts_do() -> None:
    values = Ratio("won", "tried").values([{"won": 0, "tried": 10}, {"won": 10, "tried": 10}])
    assert values.tolist() == [0.0, 1.0]


def test_a_difference_and_a_quotient_are_those_of_their_parts() -> None:
    seeds = [{"a": 4.0, "b": 2.0}, {"a": 8.0, "b": 2.0}]
    assert Difference(Mean("a"), Mean("b")).values(seeds).tolist() == [2.0, 6.0]
    assert Quotient(Mean("a"), Mean("b")).values(seeds).mean() == pytest.approx(3.0)
    assert np.isnan(Quotient(Mean("a"), Mean("zero")).values([{"a": 1.0, "zero": 0.0}])).all()


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ([0.5, 0.5], State.HOLDS),
        ([0.1, 0.1], State.MISSED),
        ([0.2, 0.9], State.NOT_IDENTIFIED),
        ([math.nan, math.nan], State.NOT_IDENTIFIED),
    ],
)
def test_a_draw_holds_inside_misses_outside_and_is_not_identified_in_between(values: list[float], state: State) -> None:
    assert state_of(np.array(values), within(0.3, 0.8)) is state


def test_a_sign_holds_only_where_the_interval_excludes_zero() -> None:
    assert state_of(np.array([1.0, 1.1, 0.9]), within(0.0)) is State.HOLDS
    assert state_of(np.array([1.0, -1.0, 0.5]), within(0.0)) is State.NOT_IDENTIFIED


def test_one_missed_test_is_enough_to_miss_a_fact() -> None:
    assert together([State.HOLDS, State.NOT_IDENTIFIED, State.MISSED]) is State.MISSED
    assert together([State.HOLDS, State.NOT_IDENTIFIED]) is State.NOT_IDENTIFIED
    assert together([State.HOLDS]) is State.HOLDS


@pytest.mark.parametrize(
    ("held", "missed", "untold", "state"),
    [
        (8, 2, 0, State.HOLDS),
        (7, 3, 0, State.MISSED),
        (7, 2, 1, State.NOT_IDENTIFIED),
        (0, 0, 10, State.NOT_IDENTIFIED),
    ],
)
def test_eight_draws_of_ten_decide(held: int, missed: int, untold: int, state: State) -> None:
    states = [State.HOLDS] * held + [State.MISSED] * missed + [State.NOT_IDENTIFIED] * untold
    assert overall(states) is state
