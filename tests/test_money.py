"""Money is divided to the fen and never comes in halves of one."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsim.money import LARGEST_YUAN, fen, largest_remainder, yuan


def test_a_fen_cannot_be_halved() -> None:
    with pytest.raises(ValueError, match="whole number of fen"):
        fen("0.005")


@given(st.integers(0, LARGEST_YUAN * 100))
def test_fen_and_yuan_undo_each_other(amount: int) -> None:
    assert fen(yuan(amount)) == amount


def by_hand(total: int, weights: list[int]) -> list[int]:
    """Hamilton's method in exact fractions: the oracle."""
    exact = [Fraction(total) * weight / sum(weights) for weight in weights]
    parts = [int(one) for one in exact]
    order = sorted(range(len(weights)), key=lambda i: (-(exact[i] - parts[i]), i))
    for position in order[: total - sum(parts)]:
        parts[position] += 1
    return parts


@given(st.integers(0, 10**9), st.lists(st.integers(0, 50), min_size=1, max_size=12).filter(any))
def test_parts_add_up_and_follow_the_largest_remainders(total: int, weights: list[int]) -> None:
    parts = largest_remainder(total, weights)
    assert parts.sum() == total
    oracle = by_hand(total, weights)
    # Remainders that tie exactly may differ by the last bit of a float; no part is ever off by more than one fen.
    assert np.abs(parts - np.array(oracle)).max() <= 1


def test_a_small_division_is_known() -> None:
    assert largest_remainder(100, [1, 1, 1]).tolist() == [34, 33, 33]
    assert largest_remainder(7, [0, 2, 1]).tolist() == [0, 5, 2]
    assert largest_remainder(7, [0, 0]).tolist() == [0, 0]


def test_negative_weights_are_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        largest_remainder(1, [1, -1])
