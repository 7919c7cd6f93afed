"""Repeated games: hope goes with disappointment, punishment obeys its price, nobody gives beyond a provision point."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsim.behaviour.games import (
    among_partners,
    by_promise,
    disappointed,
    eagerness_to_punish,
    for_gains,
    optimists_left,
    shared_punishment,
    towards_provision,
)

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


@given(SHARES, SHARES, st.floats(0.05, 1.0), st.floats(0.0, 3.0), st.floats(0.0, 1.0))
def test_towards_a_provision_point_gifts_stay_shares(
    share: float, belief: float, part: float, value: float, insured: float
) -> None:
    moved = towards_provision(np.array([share]), np.array([belief]), part, value, 0.2, insured)[0]
    assert -1e-12 <= moved <= 1.0 + 1e-12


def test_who_doubts_that_the_others_give_their_part_adds_what_is_missing_and_nobody_gives_less_for_the_point() -> None:
    share, part = np.array([0.5, 0.5, 0.5, 0.1]), 0.5
    doubting, sure, trusting, low = towards_provision(share, np.array([0.4, 0.5, 0.6, 0.6]), part, 5.0, 0.2, 1.0)
    assert doubting == pytest.approx(0.6) and sure == trusting == pytest.approx(0.5)
    assert low == pytest.approx(0.4)


def test_a_refund_and_a_valuable_good_make_people_try() -> None:
    share, belief = np.array([0.1]), np.array([0.3])
    without, insured = (towards_provision(share, belief, 0.5, 1.0, 0.2, part)[0] for part in (0.0, 0.8))
    valuable = towards_provision(share, belief, 0.5, 5.0, 0.2, 0.0)[0]
    assert without < insured and without < valuable
    # A good that is worth less than the own part of it makes nobody give more, and without a refund most give less.
    assert towards_provision(share, belief, 0.5, 0.4, 0.2, 0.0)[0] < 0.1
    assert towards_provision(share, belief, 0.5, 0.4, 0.2, 0.8)[0] == pytest.approx(0.1)


def test_in_the_measured_game_nothing_changes_and_a_larger_gain_or_a_smaller_cost_raises_gifts() -> None:
    share, known = np.array([0.0, 0.3, 1.0]), (0.6, 1.2)
    assert for_gains(share, 0.4, 3, (0.6, 0.4), known) == pytest.approx(share)
    small, large, huge = (for_gains(share, 0.3, others, (0.6, 0.4), known)[1] for others in (3, 9, 900))
    assert small < large < huge and huge - large < large - small  # ever larger groups change ever less
    assert for_gains(share, 0.75, 3, (0.6, 0.4), known)[1] > 0.3 > small
    assert for_gains(share, 0.75, 3, (0.6, 0.4), known)[0] == 0.0
    assert for_gains(share, 1.0, 3, (0.6, 0.4), known).tolist() == [1.0, 1.0, 1.0]


def test_partners_come_nearer_to_the_others_as_long_as_there_is_a_future() -> None:
    share, belief = np.array([0.2, 0.6]), np.array([0.5, 0.5])
    assert among_partners(share, belief, 0.0, 0.6).tolist() == [0.2, 0.6]
    assert among_partners(share, belief, 0.3, 0.6) == pytest.approx([0.2 + 0.3 * np.tanh(0.5), 0.6])


def test_who_keeps_a_promise_gives_all() -> None:
    assert by_promise(np.array([0.2, 0.2]), np.array([0.1, 0.9]), 0.5).tolist() == [1.0, 0.2]


def test_the_more_could_punish_the_less_each_does() -> None:
    assert shared_punishment(0.12, 3, 0.8, 3.0) == pytest.approx(0.12)
    assert shared_punishment(0.12, 9, 1.0, 3.0) == pytest.approx(0.04)
    assert shared_punishment(0.12, 9, 0.0, 3.0) == pytest.approx(0.12)
