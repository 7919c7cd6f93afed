"""Bandits that learn from earlier rounds: what each rule claims and its examples; `RuleTest` tries the rest."""

from __future__ import annotations

from commsim.rules import RuleTest, Worked

AFTER_ONE_ROUND = {
    "asks": [10, 10],
    "areas": ["a1", "a2"],
    "history": [{"areas": ["a1", "a2"], "paid": [100000, 100000], "participants": [5, 9]}],
}
"""Two areas that were paid alike in the round before, of which the second drew more people."""


class TestEpsilonGreedy(RuleTest):
    rule = "bandit.eps"
    properties = frozenset({"explores"})
    worked = (
        Worked(
            {"budget": 10, **AFTER_ONE_ROUND},
            {"p1": 0.0, "p2": 10.0},
            "by hand from the definition",
            {"epsilon": 0},
        ),
    )


class TestUpperConfidence(RuleTest):
    rule = "bandit.ucb1"
    properties = frozenset({"explores"})
    worked = (
        Worked(
            {"budget": 10, **AFTER_ONE_ROUND},
            {"p1": 0.0, "p2": 10.0},
            "by hand from the definition",
        ),
    )


class TestThompson(RuleTest):
    rule = "bandit.thompson"
    properties = frozenset({"explores"})
    worked = (
        Worked(
            {"budget": 20, **AFTER_ONE_ROUND},
            {"p1": 10.0, "p2": 10.0},
            "by hand from the definition",
        ),
    )


class TestSequentialHalving(RuleTest):
    rule = "bandit.sequential_halving"
    properties = frozenset({"explores"})
    worked = (
        Worked(
            {"budget": 10, **AFTER_ONE_ROUND},
            {"p1": 0.0, "p2": 10.0},
            "by hand from the definition",
        ),
    )
