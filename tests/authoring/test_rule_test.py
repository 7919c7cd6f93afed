"""`RuleTest` passes a rule that does what it says, and each of its tests fails a rule that does not."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from commsim.authoring.rule_test import RuleTest, Worked
from commsim.contracts import Award, Bilingual, Rule, Terms

SEEDED = random.Random(1)


class EvenParts(Rule):
    """An even part of the budget for each, at most what it asks for."""

    id = "mine.even"
    title = Bilingual(en="Even parts", zh="均等")
    summary = Bilingual(en="The same for each.", zh="各得等额。")
    needs = frozenset({"pledges"})
    properties = frozenset({"anonymous"})

    def settle(self, view: Any) -> Award:
        part = view.budget // max(len(view.proposals), 1)
        reason = Bilingual(en="an even part", zh="等额")
        return Award(paid=np.minimum(view.proposals.ask, part), reasons=(reason,) * len(view.proposals))


class Boastful(EvenParts):
    properties = frozenset({"anonymous", "exhaustive"})

    def settle(self, view: Any) -> Award:
        return replace(super().settle(view), paid=np.zeros_like(view.proposals.ask))


class Monolingual(EvenParts):
    def settle(self, view: Any) -> Award:
        return replace(super().settle(view), reasons=("an even part",) * len(view.proposals))


class ByPlace(EvenParts):
    properties = frozenset()

    def settle(self, view: Any) -> Award:
        return replace(super().settle(view), paid=first_come(view))


class AnnouncesByPlace(EvenParts):
    def open_round(self, view: Any) -> Terms:
        return Terms(expected_award=first_come(view))


class Forgetful(EvenParts):
    """Pays a fen less each time it is asked."""

    asked = 0

    def settle(self, view: Any) -> Award:
        self.asked += 1
        award = super().settle(view)
        return replace(award, paid=np.maximum(award.paid - self.asked, 0))


class Misquoting(EvenParts):
    def quote(self, view: Any, amount: int) -> Any:
        return np.full(len(view.proposals), amount, dtype=np.int64)


class PaysBonusesUnasked(EvenParts):
    """Pays a fen on top of every gift, though no gift goes back."""

    def settle(self, view: Any) -> Award:
        few = np.minimum(view.proposals.ask, 0)
        gifts = view.pledges.amount
        bonuses = np.ones_like(gifts) if len(gifts) <= view.budget else np.zeros_like(gifts)
        return replace(super().settle(view), paid=few, refunds=np.zeros_like(gifts), bonuses=bonuses)


def first_come(view: Any) -> Any:
    """The budget to the proposals in the order in which they stand."""
    before = np.cumsum(view.proposals.ask) - view.proposals.ask
    return np.clip(view.budget - before, 0, view.proposals.ask).astype(np.int64)


class TestEvenParts(RuleTest):
    rule = EvenParts
    properties = frozenset({"anonymous"})
    worked = (Worked({"budget": 10, "projects": {"a": 8, "b": 3}, "pledges": {}}, {"a": 5, "b": 3}, "by hand"),)

    def test_it_has_no_luck_and_no_clock_of_its_own(self) -> None:
        """This very file has luck of its own, for the sake of this test."""
        with pytest.raises(AssertionError, match=r"line \d+: .*view\.draw"):
            super().test_it_has_no_luck_and_no_clock_of_its_own()


@pytest.mark.parametrize(
    ("rule", "test", "told"),
    [
        (Boastful, "test_it_claims_what_is_declared_here_and_nothing_unknown", "anonymous, exhaustive.*declares anony"),
        (Boastful, "test_what_it_claims_holds_in_made_rounds", "fen were left"),
        (Monolingual, "test_it_speaks_both_languages", "'an even part' is not there in both languages"),
        (ByPlace, "test_the_order_in_which_proposals_come_changes_nothing", "change paid"),
        (AnnouncesByPlace, "test_the_order_in_which_proposals_come_changes_nothing", "change expected_award"),
        (Forgetful, "test_the_same_round_gives_the_same_bytes_again", "came out in two ways"),
        (Misquoting, "test_a_quote_of_its_own_says_what_settling_finds", "its quote for 100 fen"),
        (PaysBonusesUnasked, "test_it_stays_within_the_budget_and_loses_no_fen", "fen given back"),
    ],
)
def test_a_rule_that_does_not_what_it_says_fails_its_test(rule: type[Rule], test: str, told: str) -> None:
    kind = type("Tried", (TestEvenParts,), {"rule": rule})
    with pytest.raises(AssertionError, match=told):
        getattr(kind(), test)()


def test_an_example_that_comes_out_otherwise_is_told_with_its_source() -> None:
    wrong = Worked({"budget": 10, "projects": {"a": 8}, "pledges": {}}, {"a": 9}, "a mistaken book")
    kind = type("Tried", (TestEvenParts,), {"worked": (wrong,)})
    with pytest.raises(AssertionError, match=r"example 1 \(a mistaken book\): .*9.* was expected; .*8"):
        kind().test_its_worked_examples_come_out()


def test_order_and_language_can_be_let_off() -> None:
    loose = {"order_matters": True, "in_chinese": False}
    type(
        "Tried", (TestEvenParts,), {"rule": ByPlace, **loose}
    )().test_the_order_in_which_proposals_come_changes_nothing()
    type("Tried", (TestEvenParts,), {"rule": Monolingual, **loose})().test_it_speaks_both_languages()


def test_a_class_runs_without_pytest_and_stops_at_what_fails() -> None:
    TestEvenParts.run()
    with pytest.raises(AssertionError):
        type("Tried", (TestEvenParts,), {"rule": Boastful}).run()
