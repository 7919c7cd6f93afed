"""Panels, lots, stages, renewals and turns: what each rule claims and its examples; `RuleTest` tries the rest."""

from __future__ import annotations

from commsim.rules import RuleTest, Worked

READY = {"1": {"A": 0.62, "B": 0.81, "C": 0.4}, "2": {"A": 0.75, "B": 0.9, "C": 0.55}}
READY |= {"3": {"A": 0.85, "B": 1, "C": 0.72}, "4": {"A": 0.9, "B": 1, "C": 0.83}, "5": {"A": 0.9, "B": 1, "C": 0.83}}


class TestFirstCome(RuleTest):
    rule = "basic.fcfs"
    properties = frozenset({"exhaustive_with_skip"})
    worked = (
        Worked(
            {"budget": 100, "asks_in_order": {"a": 50, "b": 70, "c": 40, "d": 10}},
            ["a", "c", "d"],
            "by hand from the definition",
            {"skip": True},
        ),
        Worked(
            {"budget": 100, "asks_in_order": {"a": 50, "b": 70, "c": 40, "d": 10}},
            ["a"],
            "by hand from the definition",
            {"skip": False},
        ),
    )


class TestPanelMean(RuleTest):
    rule = "panel.mean"
    properties = frozenset({"anonymous"})
    worked = (
        Worked(
            {"scores": {"a": [8, 9, 3], "b": [7, 7, 7], "c": [9, 5, 6]}}, ["b", "a", "c"], "by hand from the definition"
        ),
        Worked(
            {"scores": {"a": [8], "b": [7], "c": [6]}, "budget": 10, "projects": {"a": 6, "b": 5, "c": 4}},
            ["a", "c"],
            "by hand from the definition",
        ),
        Worked(
            {"scores": {"a": [10, 4, 4], "b": [0, 5, 5], "c": [5, 6, 6]}},
            ["c", "a", "b"],
            "by hand from the definition",
            {"standardise": True},
        ),
    )


class TestPanelMedian(RuleTest):
    rule = "panel.median"
    properties = frozenset({"anonymous", "robust_to_one_judge"})
    worked = (
        Worked(
            {"scores": {"a": [8, 9, 3], "b": [7, 7, 7], "c": [9, 5, 6]}},
            ["a", "b", "c"],
            "by hand from the definition",
        ),
    )


class TestPanelTrimmed(RuleTest):
    rule = "panel.trimmed"
    properties = frozenset({"anonymous", "robust_to_one_judge"})
    worked = (
        Worked({"scores": {"a": [6, 6, 6], "b": [5, 5, 10]}}, ["a", "b"], "by hand from the definition"),
        Worked({"scores": {"a": [6, 6, 6], "b": [5, 5, 10]}}, ["b", "a"], "by hand from the definition", {"trim": 0}),
        Worked(
            {"scores": {"a": [1, 5, 5, 5, 9], "b": [0, 6, 6, 6, 6]}},
            ["b", "a"],
            "by hand from the definition",
            {"trim": 0.2},
        ),
    )


class TestPanelRankSum(RuleTest):
    rule = "panel.rank_sum"
    properties = frozenset({"anonymous"})
    worked = (Worked({"scores": {"a": [9, 1, 1], "b": [8, 2, 2]}}, ["b", "a"], "by hand from the definition"),)


class TestPanelBayes(RuleTest):
    rule = "panel.bayes_rank"
    properties = frozenset({"anonymous", "lenient_judges_cancel"})
    worked = (
        Worked(
            {"scores": {"a": [8, 7, 9], "b": [5, 4, 6], "c": [6, 7, 7]}},
            ["a", "c", "b"],
            "by hand from the definition",
        ),
    )


class TestRoundRobin(RuleTest):
    rule = "rotation.round_robin"
    properties = frozenset({"equal_turns"})
    worked = (
        Worked(
            {"budget": 100, "projects": {"p1": 40, "p2": 30, "p3": 30, "p4": 40}, "areas": ["a", "a", "b", "b"]},
            ["p1", "p2", "p3"],
            "by hand from the definition",
        ),
    )


class TestFullLottery(RuleTest):
    rule = "lottery.full"
    properties = frozenset({"equal_chances"})
    worked = (
        Worked(
            {"budget": 100, "projects": {"a": 50, "b": 50, "c": 50, "d": 50}},
            {"inclusion_probability": [0.5, 0.5, 0.5, 0.5]},
            "by hand from the definition",
        ),
    )


class TestWeightedLottery(RuleTest):
    rule = "lottery.weighted"
    properties = frozenset({"chances_rise_with_tickets"})
    worked = (
        Worked(
            {"tickets": [1, 1, 2], "line": 1},
            {"inclusion_probability": [0.25, 0.25, 0.5]},
            "by hand from the definition",
        ),
    )


class TestPartialLottery(RuleTest):
    rule = "lottery.partial"
    properties = frozenset({"equal_chances_in_band"})
    worked = (
        Worked(
            {"scores": [95, 90, 70, 70, 70, 40]},
            {"inclusion_probability": [1.0, 1.0, 1 / 3, 1 / 3, 1 / 3, 0.0]},
            "by hand from the definition",
            {"line": "3 awards"},
        ),
    )


class TestMatureOneBuildOne(RuleTest):
    rule = "staged.mature_one_build_one"
    properties = frozenset({"anonymous", "never_starts_the_unready"})
    worked = (
        Worked(
            {"cost": {"A": 60, "B": 50, "C": 30}, "readiness": READY, "rounds": 5},
            [["B", 2], ["A", 4]],
            "by hand from the definition",
            {"theta": 0.7, "concurrent": 1, "build_rounds": 2, "income": 40},
        ),
        Worked(
            {"cost": {"A": 60, "B": 50, "C": 30}, "readiness": READY, "rounds": 5},
            [["B", 2], ["A", 3], ["C", 4]],
            "by hand from the definition",
            {"theta": 0.7, "concurrent": 2, "rounds": 2, "build_rounds": 2, "income": 40},
        ),
    )


class TestTranche(RuleTest):
    rule = "staged.tranche"
    properties = frozenset({"limits_loss"})
    worked = (
        Worked(
            {"award": 80, "verified": [True, True]},
            [40, 20, 20],
            "by hand from the definition",
            {"first": 0.5, "parts": 3},
        ),
    )


class TestRenewal(RuleTest):
    rule = "perf.renewal"
    properties = frozenset({"anonymous", "rewards_delivery"})
    worked = (
        Worked(
            {"budget": 90, "last": [40, 50], "kpi": [0, 1]},
            [30, 50],
            "by hand from the definition",
            {"rho": 1, "kappa": 0.5, "delta": 0.5, "floor": 30},
        ),
        Worked(
            {"budget": 90, "last": [40, 50, 0], "kpi": [1, 1, 0]},
            [40, 50, 0],
            "by hand from the definition",
            {"rho": 2},
        ),
    )
