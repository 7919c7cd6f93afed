"""The method of equal shares and its relative: what each rule claims and its examples; `RuleTest` tries the rest."""

from __future__ import annotations

from commsim.rules import RuleTest, Worked
from tests.plugins.known_elections import CITY, COMMITTEE, OVERSPENDING, PABULIB


class TestMethodOfEqualShares(RuleTest):
    rule = "pb.mes"
    properties = frozenset({"anonymous", "ejr_up_to_any", "within_budget"})
    worked = (
        Worked(
            CITY,
            ["bike", "library", "playground"],
            "equalshares.net, Example 1",
            {"utility": "cost", "completion": "none"},
        ),
        Worked(PABULIB, ["4"], "Pabulib format page", {"utility": "cost", "completion": "none"}),
        Worked(PABULIB, ["4", "5"], "Pabulib format page", {"utility": "cost", "completion": "utilitarian"}),
        Worked(
            OVERSPENDING, ["A", "D", "E"], "Papasotiropoulos et al. 2024", {"utility": "cost", "completion": "none"}
        ),
        Worked(
            COMMITTEE, ["a"], "Lackner and Skowron 2023, Example 11", {"utility": "cardinality", "completion": "none"}
        ),
    )


class TestBoundedOverspending(RuleTest):
    rule = "pb.bos_equal_shares"
    properties = frozenset({"anonymous", "within_budget"})
    worked = (
        Worked(
            {"budget": 10, "projects": {"a": 6, "b": 4}, "approvals": [["a"], ["b"]]},
            ["a", "b"],
            "by hand from the definition",
        ),
    )
