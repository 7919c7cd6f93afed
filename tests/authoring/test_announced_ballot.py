"""The form of ballot that a rule announces is read from its terms, and a rule that cannot open a round has none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from commsim.authoring.announced_ballot import ballot_form
from commsim.contracts import BALLOT_KINDS, Award, Ballot, Calls, RoundView, Rule, Terms
from commsim.i18n import Bilingual
from tests.plugins.rounds import CATALOGUE


def a_rule(open_round: Any, **words: Any) -> Rule:
    """A rule that pays nothing and opens a round so."""

    def settle(self: Rule, view: RoundView) -> Award:
        n = len(view.proposals)
        return Award(paid=np.zeros(n, np.int64), reasons=("-",) * n)

    title = Bilingual(en="Tried", zh="试")
    kind = type("Tried", (Rule,), {"id": "t.t", "title": title, "settle": settle, "open_round": open_round, **words})
    return kind()


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("basic.none", "none"),
        ("basic.same_money_services", "none"),
        ("match.linear", "none"),
        ("pb.greedy_votes", "approval"),
        ("pb.greedy_votes+min_votes:votes=3", "approval"),
        ("pb.cstv", "cumulative"),
        ("pb.mes:ballot=ranking", "ranking"),
        ("divisible.mean", "split"),
        ("voucher.democracy", "vouchers"),
    ],
)
def test_the_form_of_a_built_in_rule_is_what_its_terms_say(written: str, form: str) -> None:
    assert ballot_form(CATALOGUE.make_written(written)) == form


@pytest.mark.parametrize("form", ["none", *BALLOT_KINDS])
def test_a_call_without_money_announces_the_ballot_that_it_is_given(form: str) -> None:
    assert ballot_form(CATALOGUE.make("basic.call_only", {"ballot": form})) == form


def test_a_call_cannot_hand_out_vouchers_of_nothing_and_asks_for_an_approval_ballot() -> None:
    assert ballot_form(CATALOGUE.make("basic.call_only", {"ballot": "vouchers"})) == "approval"


def test_every_form_found_in_the_library_can_be_called_for_without_money() -> None:
    for rule_id in CATALOGUE:
        CATALOGUE.make("basic.call_only", {"ballot": ballot_form(CATALOGUE.make(rule_id))})


def _fails(self: Rule, view: RoundView) -> Terms:
    raise ZeroDivisionError


def _not_terms(self: Rule, view: RoundView) -> Any:
    return "a ballot"


def _unseen(self: Rule, view: RoundView) -> Terms:
    return Terms(vouchers=int(view.areas.population.sum()))


@pytest.mark.parametrize("open_round", [_fails, _not_terms, _unseen])
def test_a_rule_that_cannot_open_a_round_announces_no_ballot(open_round: Any) -> None:
    assert ballot_form(a_rule(open_round)) == "none"


def test_who_is_not_called_is_not_asked_to_vote() -> None:
    def opens(self: Rule, view: RoundView) -> Terms:
        return Terms(ballot=Ballot())

    assert ballot_form(a_rule(opens, needs=frozenset({"ballots"}))) == "approval"
    assert ballot_form(a_rule(opens, needs=frozenset({"ballots"}), calls=Calls.SERVICES)) == "none"
