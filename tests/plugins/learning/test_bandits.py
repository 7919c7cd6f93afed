"""Bandits: every area is tried, the better one preferred, and the index is the published one."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from commsim.plugins.learning.bandit import upper_bounds
from tests.plugins.rounds import CATALOGUE, a_round


@pytest.mark.parametrize("rule_id", ["bandit.eps", "bandit.ucb1", "bandit.thompson", "bandit.sequential_halving"])
def test_bandits_try_every_area_and_then_prefer_the_better_one(rule_id: str) -> None:
    rule = CATALOGUE.make(rule_id, {"epsilon": 0.0} if rule_id == "bandit.eps" else {})
    words: dict[str, Any] = {
        "budget": 100_000,
        "proposals": {"id": ("x", "y"), "area": [0, 1], "ask": [100_000] * 2, "minimum_viable": [0, 0]},
    }
    half_known = [{"areas": ("a1",), "paid": (100_000,), "participants": (90,)}]
    assert rule.settle(a_round(rule, **words, history=half_known)).paid.tolist() == [0, 100_000]
    both = [
        {"areas": ("a1", "a2"), "paid": (100_000, 100_000), "participants": (9 + noise, 90 + noise)}
        for noise in range(9)
    ]
    assert rule.settle(a_round(rule, **words, history=both)).paid.tolist() == [0, 100_000]


def test_ucb_adds_what_is_published() -> None:
    assert upper_bounds(np.array([0.5, 0.25]), np.array([2, 6]), 1.0).tolist() == pytest.approx(
        [0.5 + math.sqrt(2 * math.log(8) / 2), 0.25 + math.sqrt(2 * math.log(8) / 6)]
    )


def test_the_index_of_an_arm_that_was_never_pulled_is_infinite_and_of_the_only_pull_its_mean() -> None:
    assert upper_bounds(np.array([0.0, 0.4]), np.array([0, 1]), 1.0).tolist() == [math.inf, 0.4]  # ln 1 = 0
    assert upper_bounds(np.array([0.3, 0.4]), np.array([0, 0]), 1.0).tolist() == [math.inf, math.inf]
    assert upper_bounds(np.array([3.0]), np.array([5]), 0.0).tolist() == [3.0]  # no doubt, the mean alone
