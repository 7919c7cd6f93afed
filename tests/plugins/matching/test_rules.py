"""Matches and seed money: what each rule claims and its examples; `RuleTest` tries the rest."""

from __future__ import annotations

from commsim.rules import RuleTest, Worked


class TestLinearMatch(RuleTest):
    rule = "match.linear"
    properties = frozenset({"anonymous", "pool_respected"})
    worked = (
        Worked({"pledges": [4200, 9000]}, [4200, 5000], "Seattle NMF Small Sparks ceiling", {"rate": 1, "cap": 5000}),
        Worked({"pledges": [300, 600, 900]}, [150, 300, 450], "pro rata when the pool binds", {"rate": 1, "pool": 900}),
    )
    variants = ({}, {"rate": 2.5, "cap_yuan": 3000}, {"pool": False})


class TestRequiredRatio(RuleTest):
    rule = "match.required_ratio"
    properties = frozenset({"anonymous"})
    worked = (
        Worked(
            {"asks": [1000, 1000], "pledges": [500, 400], "hours": [0, 4]},
            [1000.0, 1000.0],
            "by hand from the definition",
        ),
        Worked(
            {"asks": [1000, 1000], "pledges": [500, 400], "hours": [0, 4]},
            [1000.0, 0.0],
            "by hand from the definition",
            {"hour_yuan": 20},
        ),
    )


class TestTieredMatch(RuleTest):
    rule = "match.tiered"
    properties = frozenset({"anonymous", "pool_respected"})
    worked = (
        Worked({"pledges": [500, 3000], "tiers": "0:1 1000:0.5"}, [500.0, 2000.0], "by hand from the definition"),
    )


class TestProvisionPoint(RuleTest):
    rule = "seed.provision_point"
    properties = frozenset({"anonymous", "conserves_money"})
    worked = (
        Worked(
            {"threshold": 100, "pledges": [30, 40, 20]},
            {"funded": False, "refunds": [30, 40, 20]},
            "Bagnoli and Lipman 1989, money-back rule",
            {"refund": True},
        ),
    )
    variants = (
        {},
        {"threshold_share": 0.0, "seed_share": 1.0},
        {"threshold_yuan": 500, "rebate": "proportional"},
        {"seed_counts": True, "rebate": "extra"},
    )


class TestLeadGift(RuleTest):
    rule = "seed.lead"
    properties = frozenset({"anonymous"})
    worked = (
        Worked(
            {"budget": 100, "asks": [100, 60], "pledges": [30, 0]},
            [50.0, 30.0],
            "by hand from the definition",
            {"share": 0.5},
        ),
    )


class TestRefundBonus(RuleTest):
    rule = "seed.refund_bonus"
    properties = frozenset({"anonymous", "conserves_money"})
    worked = (
        Worked(
            {"threshold": 100, "pledges": [30, 40, 20]},
            {"funded": False, "refunds": [30.0, 40.0, 20.0], "bonuses": [3.0, 4.0, 2.0]},
            "by hand from the definition",
            {"bonus": 0.1},
        ),
    )
    variants = ({}, {"seed_counts": True, "rebate": "extra"})


class TestThresholdThenMatch(RuleTest):
    rule = "seed.threshold_then_match"
    properties = frozenset({"anonymous", "pool_respected"})
    worked = (Worked({"pledges": [400, 700], "budget": 10000}, [0.0, 700.0], "by hand from the definition"),)
