"""Beliefs follow the published fit; turnout meets the surveyed bands."""

import numpy as np
import pytest

from commsim.behaviour.learning import moved_towards, updated_belief
from commsim.behaviour.turnout import turnout
from commsim.scenario.registry import Parameters, load_registry

P = Parameters(load_registry())


def test_belief_follows_own_lag_and_what_the_others_gave() -> None:
    after = updated_belief(np.array([0.49]), np.array([0.39]), 0.006, 0.57, 0.41)
    assert after[0] == pytest.approx(0.006 + 0.57 * 0.49 + 0.41 * 0.39, abs=1e-6)


def test_speed_zero_learns_nothing_and_speed_one_everything() -> None:
    assert moved_towards(np.array([0.2]), 0.9, 0.0)[0] == pytest.approx(0.2)
    assert moved_towards(np.array([0.2]), 0.9, 1.0)[0] == pytest.approx(0.9)


@pytest.mark.parametrize(("age", "share"), [(24, 0.1377), (55, 0.5568), (75, 0.7774)])
def test_turnout_of_others_meets_the_survey_at_its_ages(age: int, share: float) -> None:
    assert turnout(np.array([age], np.uint8), np.array([False]), P)[0] == pytest.approx(share)


def test_members_vote_more() -> None:
    member, other = turnout(np.array([55, 55], np.uint8), np.array([True, False]), P)
    assert member > other
