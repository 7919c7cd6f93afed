"""What one more gift would draw."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from commsim.calling.checks import check_terms
from commsim.calling.quotes import SLACK, by_settling, quote, quotes
from commsim.errors import RuleError
from tests.plugins.rounds import CATALOGUE, a_round, random_rounds


def test_a_match_draws_its_rate_and_one_more_donor_draws_more_where_others_give() -> None:
    match = CATALOGUE.make("match.linear", {"rate": 2.0})
    assert quote(match, a_round(match), 1, 1_000) == 2_000
    funding = CATALOGUE.make("qf.clr")
    # Alone, a gift draws nothing; beside gifts of 10,000 it draws 2 · √(10,000 · 100).
    assert quote(funding, a_round(funding), 2, 100) == 0
    assert quote(funding, a_round(funding), 0, 100) == 2_000
    clustered = CATALOGUE.make("qf.cocm")
    assert quote(clustered, a_round(clustered), 0, 100) == 2_000


def test_a_rule_that_sees_no_pledges_quotes_nothing() -> None:
    rule = CATALOGUE.make("pb.greedy_votes")
    assert quote(rule, a_round(rule), 0, 10_000) == 0


QUOTING = [
    "qf.clr",
    "qf.clr:subtract_direct=false",
    "qf.clr:unsaturated=scale_up",
    "qf.pairwise",
    "qf.pairwise:unsaturated=scale_up",
    "qf.cocm",
    "qf.cocm:harsh=false,unsaturated=scale_up",
]


@pytest.mark.parametrize("rule_id", QUOTING)
@settings(max_examples=60, deadline=None)
@given(words=random_rounds())
def test_formulas_quote_what_settling_twice_finds(rule_id: str, words: dict) -> None:
    rule = CATALOGUE.make_written(rule_id)
    if words["pledges"].rows and rule_id.startswith("qf.cocm"):
        words = {**words, "clusters": np.eye(2)[np.arange(words["pledges"].rows) % 2]}
    view = a_round(rule, **words)
    slow = by_settling(rule, view, 5_000, list(range(len(view.proposals))))
    assert np.abs(quotes(rule, view, 5_000) - slow).max(initial=0) <= SLACK


class Quoting(type(CATALOGUE.make("match.linear"))):  # type: ignore[misc]
    def quote(self, view, amount):  # type: ignore[no-untyped-def]
        return [0.5] * len(view.proposals)


def test_a_quote_of_the_wrong_type_is_refused_by_name() -> None:
    rule = Quoting()
    with pytest.raises(RuleError, match="quote is list; expected int64 fen"):
        quotes(rule, a_round(rule), 100)


def test_terms_cannot_quote_gifts_that_the_rule_does_not_see() -> None:
    rule = CATALOGUE.make("basic.equal_split")
    with pytest.raises(RuleError, match="does not see any"):
        check_terms(rule, rule.open_round(a_round(rule)).__class__(quoted=True), a_round(rule))
