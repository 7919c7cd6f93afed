"""Benchmarks of the best possible: what each rule claims and its examples; `RuleTest` tries the rest."""

from __future__ import annotations

from commsim.rules import RuleTest, Worked


class TestMaximumCoverage(RuleTest):
    rule = "optimal.max_coverage"
    properties = frozenset({"anonymous", "benchmark"})
    worked = (
        Worked(
            {"budget": 11, "sets": {"S1": [1], "S2": [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]}, "costs": {"S1": 1, "S2": 11}},
            {"optimal": ["S2"], "value": 10.0, "ratio_greedy": ["S1"], "greedy_value": 1.0},
            "by hand from the definition",
        ),
    )


class TestExpectedParticipation(RuleTest):
    rule = "optimal.expected_participation"
    properties = frozenset({"anonymous", "benchmark"})
    worked = (
        Worked(
            {"budget": 100, "asks": [90, 90], "response": [[5, 50], [5, 50]]},
            [50.0, 50.0],
            "by hand from the definition",
        ),
    )


class TestInfluenceSeeding(RuleTest):
    rule = "optimal.influence_seeding"
    properties = frozenset({"anonymous", "benchmark"})
    worked = (
        Worked(
            {
                "budget": 10,
                "asks": [10, 10],
                "influence": {"arcs": [[0, 1, 1.0], [1, 2, 1.0]], "weight": [1, 1, 1], "start": [0, 2]},
            },
            {"p1": 10.0, "p2": 0.0},
            "by hand from the definition",
        ),
    )
