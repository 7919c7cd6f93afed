"""Repeated games: hope goes with disappointment, punishment obeys its price, nobody gives beyond a provision point."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsim.behaviour.games import disappointed, eagerness_to_punish, optimists_left, towards_provision

SHARES = st.floats(0.0, 1.0)


def test_hope_halves_with_every_round_and_with_every_disappointment() -> None:
    nobody, once = np.zeros(1), np.array([1.0])
    assert optimists_left(0.8, 0.5, 2, nobody, 1.0)[0] == pytest.approx(0.2)
    assert optimists_left(0.8, 1.0, 5, once, np.log(2.0))[0] == pytest.approx(0.4)


def test_a_good_surprise_makes_up_for_a_bad_one_but_is_not_saved() -> None:
    after_bad = disappointed(np.zeros(1), np.array([0.5]), np.array([0.2]))
    assert after_bad[0] == pytest.approx(0.3)
    after_good = disappointed(after_bad, np.array([0.2]), np.array([0.9]))
    assert after_good[0] == 0.0


@given(st.floats(0.1, 10.0), st.floats(0.1, 10.0), st.floats(0.1, 5.0))
def test_only_what_a_token_spent_takes_away_counts_for_what_is_taken(cost: float, effect: float, factor: float) -> None:
    points = eagerness_to_punish(0.12, cost, effect, 3.0, 2.0)
    dearer = eagerness_to_punish(0.12, factor * cost, factor * effect, 3.0, 2.0)
    assert points * effect == pytest.approx(dearer * factor * effect)


def test_at_the_measured_price_points_are_the_measured_ones_and_without_effect_none() -> None:
    assert eagerness_to_punish(0.12, 1.0, 3.0, 3.0, 2.0) == pytest.approx(0.12)
    assert eagerness_to_punish(0.12, 1.0, 0.0, 3.0, 2.0) == 0.0


@given(SHARES, SHARES, SHARES, st.booleans())
def test_people_move_towards_their_part_and_never_past_it(
    share: float, part: float, reached: float, refund: bool
) -> None:
    moved = towards_provision(np.array([share]), part, np.array([reached]), refund)[0]
    assert min(share, part) - 1e-12 <= moved <= max(share, part) + 1e-12


def test_a_refund_helps_only_those_below_their_part() -> None:
    shares, half = np.array([0.2, 0.8]), np.array([0.5, 0.5])
    without, with_refund = (towards_provision(shares, 0.5, half, refund) for refund in (False, True))
    assert without == pytest.approx([0.35, 0.65]) and with_refund == pytest.approx([0.425, 0.65])
