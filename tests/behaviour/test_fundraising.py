"""How hard organisations ask: until one more is not worth its cost; less with a grant, more to meet a match."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsim.behaviour.fundraising import chosen_asks, cost_of_asking, usual_asks, value_of_means


def test_a_yuan_is_worth_a_yuan_at_nothing_and_half_of_it_at_the_need() -> None:
    step = 1e-6
    slope = (
        value_of_means(np.array([step, 100.0 + step]), 100.0) - value_of_means(np.array([0.0, 100.0]), 100.0)
    ) / step
    assert slope == pytest.approx([1.0, 0.5], rel=1e-4)


@given(st.floats(100, 50_000), st.floats(0.1, 3.0), st.floats(0.05, 2.0))
def test_without_a_grant_the_usual_number_is_the_best(need: float, raised: float, cost: float) -> None:
    most = 20_000
    usual = usual_asks(need, raised, cost, most)
    assert abs(chosen_asks(need, 0.0, raised, cost, most, usual=usual, growth=0.5) - usual) <= 1


def test_the_ask_at_the_usual_number_costs_what_is_declared() -> None:
    asks = np.array([999, 1000])
    before, after = cost_of_asking(asks, 0.6, 1000, 0.5)
    assert after - before == pytest.approx(0.6, rel=1e-3)
    assert cost_of_asking(asks, 0.6, 1000, 0.0) == pytest.approx(0.6 * asks)


def test_a_grant_crowds_out_less_than_itself_and_never_all_asks() -> None:
    own = [chosen_asks(20_000, grant, 1.0, 0.6, 100_000, growth=0.5) for grant in (0, 2_000, 20_000)]
    assert own[0] > own[1] > own[2] > 0
    assert 0 < own[0] - own[1] < 2_000
    one_for_one = [chosen_asks(20_000, grant, 1.0, 0.6, 100_000, growth=0.0) for grant in (0, 2_000)]
    assert one_for_one[0] - one_for_one[1] == pytest.approx(2_000, abs=2)


def test_a_required_match_that_pays_is_raised() -> None:
    free, required = (chosen_asks(10_000, 8_000, 1.0, 0.6, 30_000, needed, growth=0.5) for needed in (0.0, 8_000.0))
    assert required >= 8_000 > free
