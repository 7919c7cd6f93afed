"""Quadratic funding: what each rule claims and its examples; `RuleTest` tries the rest."""

from __future__ import annotations

from commsim.rules import RuleTest, Worked


class TestQuadraticFunding(RuleTest):
    rule = "qf.clr"
    properties = frozenset({"anonymous", "pool_respected"})
    worked = (
        Worked(
            {"contributions": {"A": [100], "C": [10, 10, 10, 10, 10, 10, 10, 10, 10, 10]}},
            {"A": 0.0, "C": 900},
            "by hand from the definition",
            {"pool": "infinite"},
        ),
    )


class TestPairwiseQuadraticFunding(RuleTest):
    rule = "qf.pairwise"
    properties = frozenset({"anonymous", "pool_respected"})
    worked = (
        Worked(
            {"pool": 100, "contributions": {"A": [4, 4]}},
            {"A": 2.0},
            "by hand from the definition",
            {"threshold": 4},
        ),
    )


class TestConnectionOriented(RuleTest):
    rule = "qf.cocm"
    properties = frozenset({"anonymous", "pool_respected"})
    worked = (
        Worked(
            {"donations": [[4], [4], [4]], "clusters": [[1, 0], [1, 1], [0, 1]]},
            [6.0],
            "by hand from the definition",
            {"harsh": True},
        ),
        Worked(
            {"donations": [[4], [4], [4]], "clusters": [[1, 0], [1, 1], [0, 1]]},
            [9.0],
            "by hand from the definition",
            {"harsh": False},
        ),
        Worked(
            {"donations": [[4], [4], [4]], "clusters": [[1, 0], [1, 1], [0, 1]]},
            [6.0],
            "by hand from the definition",
            {"ties": "binary", "harsh": False},
        ),
    )
