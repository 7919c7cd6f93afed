"""Conviction voting: how conviction grows, passes and takes its time."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commsim.contracts import Choices
from commsim.plugins.budgeting.conviction import alpha_of, half_life_of, level, share_to_pass, threshold, time_to_pass
from tests.plugins.rounds import CATALOGUE, a_round

FEW = settings(max_examples=40, deadline=None)


@FEW
@given(st.floats(0.0, 1e6), st.floats(0.1, 0.95), st.floats(0.0, 1e6))
def test_conviction_tends_to_stake_over_one_minus_alpha(start: float, alpha: float, stake: float) -> None:
    assert level(start, stake, alpha, 2000) == pytest.approx(stake / (1 - alpha))
    stepped = start
    for _month in range(5):
        stepped = alpha * stepped + stake
    assert level(start, stake, alpha, 5) == pytest.approx(stepped)


def test_asking_for_the_spending_limit_can_never_pass() -> None:
    assert threshold(200, 1000, 50, 0.5, 0.2, 0.002) == math.inf
    assert share_to_pass(200, 1000, 0.2, 0.05) == math.inf
    # Published code compares with κ = 0.05 instead of β = 0.2 and would refuse this one.
    assert share_to_pass(100, 1000, 0.2, 0.05) == pytest.approx(0.05 * 0.04 / 0.01)


def ballots_for(position: int, voters: int) -> Choices:
    return Choices(np.arange(voters + 1), np.full(voters, position, np.int32), np.ones(voters, np.int64))


def test_lasting_support_passes_what_one_month_of_it_does_not() -> None:
    params = {"spending_limit": 0.9, "minimum_conviction": 0.2, "half_life": 3.0, "least_active": 1}
    words = {"budget": 1_000_000, "ballots": ballots_for(2, 20)}
    sudden, lasting = CATALOGUE.make("conviction.voting", params), CATALOGUE.make("conviction.voting", params)
    for month in range(20, 30):
        lasting.after_pledges(a_round(lasting, month=month, **words))
        lasting.after_pledges(a_round(lasting, month=month, **words))  # noting a month twice changes nothing
    before = sudden.settle(a_round(sudden, month=30, **words))
    after = lasting.settle(a_round(lasting, month=30, **words))
    assert before.paid.tolist() == [0, 0, 0]
    assert after.paid.tolist() == [0, 0, 400_000]
    assert lasting.settle(a_round(lasting, month=30, **words)).paid.tolist() == after.paid.tolist()


@FEW
@given(half_life=st.floats(0.5, 50), stake=st.floats(1, 1e4), periods=st.floats(0.1, 20))
def test_time_to_pass_is_when_conviction_is_there_and_half_life_undoes_alpha(
    half_life: float, stake: float, periods: float
) -> None:
    alpha = alpha_of(half_life)
    assert half_life_of(alpha) == pytest.approx(half_life)
    assert level(1.0, 0.0, alpha, half_life) == pytest.approx(0.5)
    assert time_to_pass(0.0, stake, alpha, level(0.0, stake, alpha, min(periods, 5 * half_life))) == pytest.approx(
        min(periods, 5 * half_life), rel=1e-6
    )


def test_conviction_that_never_passes_takes_for_ever() -> None:
    assert time_to_pass(0.0, 10.0, 0.9, 101.0) == math.inf
    assert time_to_pass(5.0, 0.0, 0.9, 5.0) == 0.0
    assert half_life_of(1.0) == math.inf


def test_where_no_conviction_is_kept_one_period_decides() -> None:
    assert half_life_of(0.0) == 0
    assert time_to_pass(0.0, 5.0, 0.0, 5.0) == 1 and time_to_pass(4.0, 5.0, 0.0, 6.0) == math.inf
    assert level(4.0, 5.0, 0.0) == 5
