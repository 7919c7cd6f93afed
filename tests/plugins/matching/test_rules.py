"""Matches and seed money: what each rule claims and its examples; `RuleTest` tries the rest."""

from __future__ import annotations

from commsim.rules import RuleTest, Worked

ALL = {"counts": "cash+hours+goods"}
IN_KIND = {"pledges": [100, 0], "pledged_hours": [5, 10], "pledged_goods": [50, 20]}
"""With an hour at 20 yuan: 250 and 220 yuan in all."""
BY_HAND = "by hand from the definition"


class TestLinearMatch(RuleTest):
    rule = "match.linear"
    properties = frozenset({"anonymous", "pool_respected"})
    worked = (
        Worked({"pledges": [4200, 9000]}, [4200, 5000], "Seattle NMF Small Sparks ceiling", {"rate": 1, "cap": 5000}),
        Worked({"pledges": [300, 600, 900]}, [150, 300, 450], "pro rata when the pool binds", {"rate": 1, "pool": 900}),
        Worked(IN_KIND, [250, 220], BY_HAND, ALL),
        Worked({**IN_KIND, "pool": 235}, [125, 110], BY_HAND, ALL),
        Worked(IN_KIND, [50, 100], BY_HAND, {"counts": "hours", "hour_yuan": 10}),
        Worked(IN_KIND, [100, 0], BY_HAND),
    )
    variants = ({}, {"rate": 2.5, "cap_yuan": 3000}, {"pool": False}, ALL, {"counts": "hours"})


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
        Worked(
            {"asks": [1000, 1000], "pledges": [400, 400], "pledged_hours": [0, 2], "pledged_goods": [100, 40]},
            [1000.0, 0.0],
            BY_HAND,
            ALL,
        ),
    )
    variants = ({}, ALL)


class TestTieredMatch(RuleTest):
    rule = "match.tiered"
    properties = frozenset({"anonymous", "pool_respected"})
    worked = (
        Worked({"pledges": [500, 3000], "tiers": "0:1 1000:0.5"}, [500.0, 2000.0], "by hand from the definition"),
        Worked({**IN_KIND, "tiers": "0:1 200:0.5"}, [225.0, 210.0], BY_HAND, ALL),
    )
    variants = ({}, ALL)


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
        Worked(
            {"threshold": 100, "ask": 200, "pledges": [30, 40], "pledged_hours": [1], "pledged_goods": [5, 5]},
            {"funded": True, "refunds": [0, 0]},
            BY_HAND,
            ALL,
        ),
    )
    variants = (
        {},
        ALL,
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
    variants = ({}, {"seed_counts": True, "rebate": "extra"}, ALL)


class TestThresholdThenMatch(RuleTest):
    rule = "seed.threshold_then_match"
    properties = frozenset({"anonymous", "pool_respected"})
    worked = (
        Worked({"pledges": [400, 700], "budget": 10000}, [0.0, 700.0], "by hand from the definition"),
        Worked({"pledges": [400, 700], "pledged_hours": [6, 0]}, [520.0, 700.0], BY_HAND, ALL),
    )
    variants = ({}, ALL)
