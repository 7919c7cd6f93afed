"""Asking: hours bound reach, the known are asked first, channels act independently."""

import numpy as np
import pytest

from commsim.behaviour.asking import asked_at_all, first_channel, reach_by_hours
from commsim.randomness import Draws


def test_reach_spends_exactly_the_contacts_where_nobody_is_certain() -> None:
    weight = np.array([1.0, 3.0, 1.0, 1.0])
    reach = reach_by_hours(np.array([1.5]), weight, np.array([0, 4]))
    assert reach.sum() == pytest.approx(1.5)
    assert reach[1] == pytest.approx(3 * reach[0])


def test_nobody_is_reached_where_there_is_nobody_to_choose() -> None:
    assert reach_by_hours(np.array([5.0, 5.0]), np.array([0.0, 1.0]), np.array([0, 1, 2])).tolist() == [0.0, 1.0]


def test_being_asked_is_the_union_of_channels() -> None:
    n = 100_000
    draws, reaches = Draws(2), [np.full(n, 0.3), np.full(n, 0.1)]
    asked = asked_at_all(reaches, draws.uniforms("a", n))
    channel = first_channel(reaches, asked, draws.uniforms_of("b", asked))
    assert len(asked) / n == pytest.approx(1 - 0.7 * 0.9, abs=0.005)
    assert np.mean(channel == 0) == pytest.approx(0.75, abs=0.01)
    assert len(channel) == len(asked)


def test_only_those_who_can_be_asked_are() -> None:
    able = np.array([True, False, True])
    assert asked_at_all([np.ones(3)], np.full(3, 0.5), able).tolist() == [0, 2]
