"""Participatory budgets by votes and points: what each rule claims and its examples; `RuleTest` tries the rest."""

from __future__ import annotations

from commsim.rules import RuleTest, Worked
from tests.plugins.known_elections import CITY, COMMITTEE, PABULIB


class TestGreedyVotes(RuleTest):
    rule = "pb.greedy_votes"
    properties = frozenset({"anonymous", "exhaustive"})
    worked = (
        Worked(CITY, ["bike", "gym"], "equalshares.net, Explanation, Example 1"),
        Worked(PABULIB, ["4", "5"], "Pabulib format page, sample election"),
    )
    variants = ({}, {"min_votes": 2})


class TestGreedyNoSkip(RuleTest):
    rule = "pb.greedy_no_skip"
    properties = frozenset({"anonymous", "within_budget"})
    worked = (
        Worked(
            {"budget": 10, "projects": {"a": 6, "b": 6, "c": 4}, "approvals": [["a", "b"], ["a", "b"], ["a", "c"]]},
            ["a"],
            "by hand from the definition",
        ),
    )


class TestGreedyThreshold(RuleTest):
    rule = "pb.greedy_threshold"
    properties = frozenset({"anonymous", "within_budget"})
    worked = (
        Worked(
            {"budget": 10, "projects": {"a": 6, "b": 6, "c": 4}, "approvals": [["a", "b"], ["a", "b"], ["a", "c"]]},
            ["a"],
            "by hand from the definition",
            {"threshold": 2},
        ),
    )


class TestGreedyVotesPerCost(RuleTest):
    rule = "pb.greedy_votes_per_cost"
    properties = frozenset({"anonymous", "exhaustive", "within_budget"})
    worked = (
        Worked(
            {"budget": 10, "projects": {"a": 9, "b": 2, "c": 4}, "approvals": [["a", "b"], ["a", "c"], ["a"]]},
            ["b", "c"],
            "by hand from the definition",
        ),
    )


class TestSequentialPhragmen(RuleTest):
    rule = "pb.seq_phragmen"
    properties = frozenset({"anonymous", "pjr_unit_cost", "priceable", "within_budget"})
    worked = (
        Worked(CITY, ["gym", "library", "park", "playground"], "equalshares.net, Example 1"),
        Worked(COMMITTEE, ["a", "b", "c", "d"], "Lackner and Skowron 2023, Example 9"),
    )


class TestMaximinSupport(RuleTest):
    rule = "pb.maximin_support"
    properties = frozenset({"anonymous", "exhaustive_among_supported", "pjr_unit_cost", "within_budget"})
    worked = (Worked(CITY, ["gym", "library", "park", "playground"], "equalshares.net, Example 1"),)


class TestCumulativeTransfer(RuleTest):
    rule = "pb.cstv"
    properties = frozenset({"anonymous", "exhaustive", "within_budget"})
    worked = (
        Worked(
            {
                "budget": 10,
                "projects": {"a": 5, "b": 5, "c": 5},
                "points": [{"a": 6, "b": 4}, {"a": 6, "b": 4}, {"a": 10}, {"c": 10}],
            },
            ["a", "c"],
            "by hand from the definition",
        ),
        Worked(
            {"budget": 10, "projects": {"a": 4, "b": 9}, "points": [{"a": 3, "b": 7}]},
            ["b"],
            "by hand from the definition",
            {"variant": "ewtc"},
        ),
    )


class TestKnapsack(RuleTest):
    rule = "pb.knapsack"
    properties = frozenset({"anonymous", "within_budget"})
    worked = (
        Worked(CITY, ["gym", "library", "park", "playground"], "equalshares.net, Example 1", {"utility": "votes"}),
    )


class TestMaxMin(RuleTest):
    rule = "pb.maxmin"
    properties = frozenset({"anonymous", "within_budget"})
    worked = (
        Worked(
            {
                "budget": 2,
                "projects": {"a": 1, "b": 1, "c": 1},
                "approvals": [["a", "b"], ["a", "b"], ["a", "b"], ["c"]],
            },
            ["a", "c"],
            "by hand from the definition",
        ),
    )


class TestConviction(RuleTest):
    rule = "conviction.voting"
    properties = frozenset({"anonymous"})
    # α = 1/2, ρ = 0.05 · 0.2²: b needs 0.002 · 10 / (0.5 · 0.15²) = 1.8 of its 8; c 4.5 of its 1 once b is paid; a
    # asks for the limit of 20% itself, which no support can pass.
    worked = (
        Worked(
            {"budget": 100, "projects": {"a": 20, "b": 5, "c": 10}, "approvals": [["b"]] * 8 + [["a"]] + [["c"]]},
            {"a": 0, "b": 5, "c": 0},
            "by hand from the definition",
        ),
    )
