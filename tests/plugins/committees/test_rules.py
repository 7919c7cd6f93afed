"""Committees: what each rule claims and its examples; `RuleTest` tries the rest."""

from __future__ import annotations

from commsim.rules import RuleTest, Worked
from tests.plugins.known_elections import COMMITTEE


class TestProportionalApproval(RuleTest):
    rule = "committee.pav"
    properties = frozenset({"anonymous", "ejr_unit_cost", "within_budget"})
    worked = (Worked(COMMITTEE, ["a", "b", "c", "f"], "Lackner and Skowron 2023"),)


class TestLeximaxPhragmen(RuleTest):
    rule = "committee.leximax_phragmen"
    properties = frozenset({"anonymous", "pjr_unit_cost", "within_budget"})
    worked = (Worked(COMMITTEE, ["a", "b", "c", "f"], "Lackner and Skowron 2023, Example 10"),)


class TestChamberlinCourant(RuleTest):
    rule = "committee.cc"
    properties = frozenset({"anonymous", "jr_unit_cost", "within_budget"})
    worked = (
        Worked(
            {
                "budget": 2,
                "projects": {"a": 1, "b": 1, "c": 1},
                "approvals": [["a", "b"], ["a", "b"], ["a", "b"], ["a", "c"], ["c"]],
            },
            ["a", "c"],
            "by hand from the definition",
        ),
    )


class TestMonroe(RuleTest):
    rule = "committee.monroe"
    properties = frozenset({"anonymous", "jr_unit_cost", "within_budget"})
    worked = (
        Worked(
            {
                "budget": 2,
                "projects": {"a": 1, "b": 1, "c": 1},
                "approvals": [["a", "b"], ["a", "b"], ["a", "b"], ["a"], ["c"], ["a"]],
            },
            ["a", "b"],
            "by hand from the definition",
        ),
    )


class TestSatisfactionApproval(RuleTest):
    rule = "committee.sav"
    properties = frozenset({"anonymous", "within_budget"})
    worked = (
        Worked(
            {
                "budget": 2,
                "projects": {"a": 1, "b": 1, "c": 1},
                "approvals": [["a", "b"], ["a", "b"], ["a", "b"], ["c"], ["c"]],
            },
            ["a", "c"],
            "by hand from the definition",
        ),
    )


class TestGreedyMonroe(RuleTest):
    rule = "committee.greedy_monroe"
    properties = frozenset({"anonymous", "jr_unit_cost", "within_budget"})
    worked = (
        Worked(
            {
                "budget": 2,
                "projects": {"a": 1, "b": 1, "c": 1},
                "approvals": [["a", "b"], ["a", "b"], ["a", "b"], ["a"], ["c"], ["a"]],
            },
            ["a", "b"],
            "by hand from the definition",
        ),
    )
