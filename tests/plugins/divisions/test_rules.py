"""Divisions of a sum: what each rule claims and its examples; `RuleTest` tries the rest."""

from __future__ import annotations

from commsim.rules import RuleTest, Worked

AGAIN = {"respread": True}  # what an area does not ask for is shared again among the others
KETHUBOT = [100, 200, 300]
CLAIMS_PROBLEMS = {"estate": 10, "claims": [2, 4, 7, 8]}  # the standard example of the R package (Thomson 2019)


class TestEqualSplit(RuleTest):
    rule = "basic.equal_split"
    properties = frozenset({"anonymous", "order_preserving", "scales_with_money"})
    worked = (
        Worked({"budget": 100, "asks": [10, 30, 40, 60]}, [10, 25, 25, 25], "15 of the first area's 25 stay unspent"),
        Worked({"budget": 200, "asks": [100, 200, 300]}, [200 / 3, 200 / 3, 200 / 3], "CEA, Thomson 2003"),
        Worked({"budget": 100, "asks": [10, 30, 40, 60]}, [10, 30, 30, 30], "water-filling", AGAIN),
        Worked({"budget": 10, "asks": [2, 4, 7, 8]}, [2, 8 / 3, 8 / 3, 8 / 3], "ClaimsProblems, Thomson 2019", AGAIN),
    )
    variants = ({}, AGAIN)


class TestPerCapita(RuleTest):
    rule = "basic.per_capita"
    properties = frozenset({"anonymous", "merge_split_proof", "scales_with_money"})
    worked = (
        Worked({"budget": 100, "population": [1000, 3000]}, [25.0, 75.0], "by hand from the definition"),
        Worked({"budget": 100, "population": [1, 3], "asks": [9, 99]}, [9.0, 75.0], "16 of 25 stay unspent"),
        Worked({"budget": 100, "population": [1, 3], "asks": [9, 99]}, [9.0, 91.0], "the 16 are shared again", AGAIN),
    )
    variants = ({}, AGAIN)


class TestNeedsWeighted(RuleTest):
    rule = "basic.needs_weighted"
    properties = frozenset({"anonymous", "scales_with_money"})
    worked = (
        Worked(
            {"budget": 100, "population": [1000, 1000], "need": [0.25, 0.75]},
            [25.0, 75.0],
            "by hand from the definition",
        ),
    )
    variants = ({}, {"exponent": 2.0}, {"exponent": 2.0, **AGAIN})


class TestProportional(RuleTest):
    rule = "claims.proportional"
    properties = frozenset(
        {
            "anonymous",
            "composition_down",
            "composition_up",
            "consistent",
            "merge_split_proof",
            "order_preserving",
            "scales_with_money",
            "self_dual",
        }
    )
    worked = (Worked(CLAIMS_PROBLEMS, [20 / 21, 40 / 21, 10 / 3, 80 / 21], "Thomson 2003, 2019"),)
    tolerance = 1e-9


class TestConstrainedEqualAwards(RuleTest):
    rule = "claims.cea"
    properties = frozenset(
        {
            "anonymous",
            "composition_down",
            "composition_up",
            "consistent",
            "order_preserving",
            "scales_with_money",
            "truncation_invariant",
        }
    )
    worked = (
        Worked({"estate": 200, "claims": KETHUBOT}, [200 / 3, 200 / 3, 200 / 3], "Thomson 2003, 2019; Maimonides"),
        Worked(CLAIMS_PROBLEMS, [2, 8 / 3, 8 / 3, 8 / 3], "Thomson 2003, 2019; Maimonides"),
    )
    tolerance = 1e-9


class TestConstrainedEqualLosses(RuleTest):
    rule = "claims.cel"
    properties = frozenset(
        {"anonymous", "composition_down", "composition_up", "consistent", "order_preserving", "scales_with_money"}
    )
    worked = (Worked({"estate": 200, "claims": KETHUBOT}, [0, 50, 150], "Thomson 2003, 2019"),)
    tolerance = 1e-9


class TestTalmud(RuleTest):
    rule = "claims.talmud"
    properties = frozenset(
        {"anonymous", "consistent", "order_preserving", "scales_with_money", "self_dual", "truncation_invariant"}
    )
    worked = (
        Worked({"estate": 100, "claims": KETHUBOT}, [100 / 3, 100 / 3, 100 / 3], "Aumann and Maschler 1985"),
        Worked({"estate": 200, "claims": KETHUBOT}, [50, 75, 75], "Aumann and Maschler 1985"),
        Worked({"estate": 300, "claims": KETHUBOT}, [50, 100, 150], "Aumann and Maschler 1985"),
    )
    tolerance = 1e-9


class TestRandomArrival(RuleTest):
    rule = "claims.random_arrival"
    properties = frozenset({"anonymous", "order_preserving", "scales_with_money", "self_dual", "truncation_invariant"})
    worked = (
        Worked({"estate": 200, "claims": KETHUBOT}, [100 / 3, 250 / 3, 250 / 3], "O'Neill 1982, in Thomson 2019"),
    )
    tolerance = 1e-9


class TestMinimalOverlap(RuleTest):
    rule = "claims.minimal_overlap"
    properties = frozenset({"anonymous", "order_preserving", "scales_with_money", "truncation_invariant"})
    worked = (Worked({"estate": 4, "claims": [2, 4, 7, 8]}, [0.5, 7 / 6, 7 / 6, 7 / 6], "O'Neill 1982; Thomson 2019"),)
    tolerance = 1e-9


class TestAdjustedProportional(RuleTest):
    rule = "claims.adjusted_proportional"
    properties = frozenset({"anonymous", "order_preserving", "scales_with_money", "self_dual", "truncation_invariant"})
    worked = (Worked({"estate": 5, "claims": [2, 4]}, [1.5, 3.5], "by hand from the definition"),)
    tolerance = 1e-9


class TestPiniles(RuleTest):
    rule = "claims.piniles"
    properties = frozenset({"anonymous", "order_preserving", "scales_with_money"})
    worked = (Worked({"estate": 400, "claims": KETHUBOT}, [250 / 3, 400 / 3, 550 / 3], "Piniles 1861; Thomson 2019"),)
    tolerance = 1e-9


class TestReverseTalmud(RuleTest):
    rule = "claims.reverse_talmud"
    properties = frozenset({"anonymous", "consistent", "order_preserving", "scales_with_money", "self_dual"})
    worked = (Worked(CLAIMS_PROBLEMS, [0.875, 1.875, 3.375, 3.875], "Chun, Schummer and Thomson 2001"),)
    tolerance = 1e-9


class TestLinearFormula(RuleTest):
    rule = "formula.linear"
    properties = frozenset({"additive_in_the_pot", "anonymous", "scales_with_money"})
    worked = (
        Worked(
            {"budget": 100, "indicators": {"people": [1, 3], "poor": [4, 4]}, "weights": {"people": 0.5, "poor": 0.5}},
            [37.5, 62.5],
            "by hand from the definition",
        ),
    )


class TestDualFormula(RuleTest):
    rule = "formula.cdbg_dual"
    properties = frozenset({"anonymous", "scales_with_money"})
    worked = (
        Worked(
            {
                "budget": 100,
                "indicators": {
                    "population": [1, 1],
                    "poverty": [1, 1],
                    "overcrowding": [1, 1],
                    "growth_lag": [1, 1],
                    "old_housing": [3, 1],
                },
            },
            [500 / 9, 400 / 9],
            "by hand from the definition",
        ),
    )


class TestMeanSplit(RuleTest):
    rule = "divisible.mean"
    properties = frozenset({"anonymous", "proportional"})
    worked = (Worked({"votes": [[1, 0], [0.5, 0.5]]}, [0.75, 0.25], "by hand from the definition"),)


class TestMedianSplit(RuleTest):
    rule = "divisible.median"
    properties = frozenset({"anonymous"})
    worked = (Worked({"votes": [[0.5, 0.5], [0.5, 0.5], [1, 0]]}, [0.5, 0.5], "by hand from the definition"),)


class TestIndependentMarkets(RuleTest):
    rule = "divisible.independent_markets"
    properties = frozenset({"anonymous", "proportional_single_minded", "strategy_proof_l1"})
    worked = (Worked({"votes": [[1, 0, 0], [1, 0, 0], [0, 1, 0]]}, [2 / 3, 1 / 3, 0.0], "by hand from the definition"),)
    tolerance = 1e-4


class TestNashSplit(RuleTest):
    rule = "divisible.nash"
    properties = frozenset({"anonymous", "core", "proportional_single_minded"})
    worked = (Worked({"votes": [[1, 0, 0], [1, 0, 0], [0, 1, 0]]}, [2 / 3, 1 / 3, 0.0], "by hand from the definition"),)
    tolerance = 1e-4


class TestDemocracyVouchers(RuleTest):
    rule = "voucher.democracy"
    properties = frozenset({"anonymous", "equal_say"})
    worked = (
        Worked({"budget": 100, "asks": [30, 80], "assigned": [40, 20]}, [30.0, 20.0], "by hand from the definition"),
        Worked(
            {"budget": 100, "asks": [30, 80], "assigned": [40, 20]},
            [30.0, 70.0],
            "by hand from the definition",
            {"unassigned": "spread"},
        ),
    )
