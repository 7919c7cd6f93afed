"""Counterfactuals: what each rule claims and its examples; `RuleTest` tries the rest."""

from __future__ import annotations

import pytest

from commsim.calling.call import call_rule
from commsim.contracts import BALLOT_KINDS, Ballot
from commsim.errors import RuleError
from commsim.rules import RuleTest, Worked
from tests.plugins.rounds import CATALOGUE, a_round, settle

NONE_OF = (Worked({"budget": 100, "asks": [10, 30]}, [0.0, 0.0], "by hand from the definition"),)


class TestNoFund(RuleTest):
    rule = "basic.none"
    properties = frozenset({"anonymous", "counterfactual"})
    worked = NONE_OF


class TestSameMoneyServices(RuleTest):
    rule = "basic.same_money_services"
    properties = frozenset({"counterfactual"})
    worked = (Worked({"budget": 100, "asks": [60, 30, 40]}, [60.0, 30.0, 10.0], "by hand from the definition"),)


class TestCallOnly(RuleTest):
    rule = "basic.call_only"
    properties = frozenset({"anonymous", "counterfactual"})
    worked = NONE_OF
    variants = tuple({"ballot": form} for form in ("none", *BALLOT_KINDS, "vouchers"))

    @pytest.mark.parametrize("form", ["none", *BALLOT_KINDS, "vouchers"])
    def test_it_announces_its_ballot_and_nothing_else(self, form: str) -> None:
        rule = CATALOGUE.make(self.rule, {"ballot": form})
        terms = call_rule(rule, "open_round", a_round(rule))
        expected = {"none": None, "vouchers": Ballot("approval"), "split": Ballot("split", over="areas")}
        assert terms.ballot == expected.get(form, Ballot(form) if form in BALLOT_KINDS else None)
        assert (terms.vouchers, terms.match_rate, terms.seed_announced, terms.match_pool) == (0, 0.0, 0, None)

    def test_it_pays_nothing_and_says_why(self) -> None:
        award = settle(self.rule)
        assert award.paid.tolist() == [0, 0, 0]
        assert {str(reason) for reason in award.reasons} == {
            "nothing: in this comparison residents are called, but there is no money"
        }

    def test_a_form_of_ballot_that_nobody_knows_is_refused_with_those_that_are_known(self) -> None:
        with pytest.raises(RuleError, match="'ballot' has to be one of none, approval, .*, vouchers; 'raffle' came"):
            CATALOGUE.make(self.rule, {"ballot": "raffle"})
