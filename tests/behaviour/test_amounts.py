"""Schedules, gifts and hours of small known cases."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsim.behaviour.amounts import gift_fen, minutes_given, share_given


def test_each_type_follows_its_schedule() -> None:
    belief = np.array([0.5, 0.5, 0.5, 0.9])
    base = np.array([0.0, 0.0, 0.4, 0.0])
    slope = np.array([0.8, 0.0, 0.1, 1.0])
    peak = np.array([1.0, 1.0, 1.0, 0.5])
    assert share_given(belief, base, slope, peak) == pytest.approx([0.4, 0.0, 0.45, 0.1])


@given(st.floats(0, 1), st.floats(-1, 1), st.floats(-2, 2), st.floats(0.05, 1))
def test_a_share_is_a_share(belief: float, base: float, slope: float, peak: float) -> None:
    share = share_given(np.array([belief]), np.array([base]), np.array([slope]), np.array([peak]))
    assert 0.0 <= share[0] <= 1.0


@given(st.floats(0, 1), st.integers(0, 10**6), st.floats(0, 3))
def test_a_gift_is_whole_yuan_within_what_is_left(share: float, capacity: int, factor: float) -> None:
    gift = gift_fen(np.array([share]), 20_000, np.array([capacity]), factor, 100)[0]
    assert gift % 100 == 0 and 0 <= gift <= capacity


def test_a_gift_under_one_yuan_is_a_refusal() -> None:
    assert gift_fen(np.array([0.004]), 20_000, np.array([10**6]), 1.0, 100)[0] == 0


def test_time_is_given_in_quarter_hours_within_free_time() -> None:
    assert minutes_given(np.array([0.5, 0.5]), 6.0, np.array([20.0, 1.4])).tolist() == [180, 75]
