"""Counterfactuals: what each rule claims and its examples; `RuleTest` tries the rest."""

from __future__ import annotations

from commsim.rules import RuleTest, Worked


class TestNoFund(RuleTest):
    rule = "basic.none"
    properties = frozenset({"anonymous", "counterfactual"})
    worked = (Worked({"budget": 100, "asks": [10, 30]}, [0.0, 0.0], "by hand from the definition"),)


class TestSameMoneyServices(RuleTest):
    rule = "basic.same_money_services"
    properties = frozenset({"counterfactual"})
    worked = (Worked({"budget": 100, "asks": [60, 30, 40]}, [60.0, 30.0, 10.0], "by hand from the definition"),)
