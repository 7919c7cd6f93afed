"""What one more gift would draw."""

from __future__ import annotations

from commsim.plugins.quoting import quote
from tests.plugins.rounds import CATALOGUE, a_round


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
