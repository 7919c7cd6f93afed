"""Fairness that rules claim, held against its definition by looking at every group and every set of projects."""

from __future__ import annotations

from fractions import Fraction
from itertools import chain, combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commsim.plugin_host.loader import load_catalogue
from commsim.plugins.equal_shares.purchases import EqualShares
from commsim.plugins.equal_shares.raised import raised_shares
from commsim.plugins.equal_shares.rule import COMPLETIONS, UTILITIES, utilities
from commsim.plugins.shared.profile import Election
from commsim.plugins.shared.voting_input import election_of
from commsim.rules import evaluate

CATALOGUE = load_catalogue(entry_points=False)
NAMES = "abcde"
ELECTIONS = st.builds(
    lambda costs, ballots, budget: {
        "budget": budget,
        "projects": {NAMES[i]: cost for i, cost in enumerate(costs)},
        "approvals": [[NAMES[i] for i in sorted(row) if i < len(costs)] for row in ballots],
    },
    st.lists(st.integers(1, 9), min_size=1, max_size=5),
    st.lists(st.sets(st.integers(0, 4), max_size=4), min_size=1, max_size=5),
    st.integers(1, 25),
)


def subsets(things: Any) -> Any:
    listed = list(things)
    return chain.from_iterable(combinations(listed, size) for size in range(1, len(listed) + 1))


def worth(election: dict[str, Any], utility: str) -> dict[str, Fraction]:
    _ids, made = election_of(election)
    return dict(zip(election["projects"], utilities(made, utility), strict=True))


def group_served(election: dict[str, Any], won: set[str], utility: str, how: str) -> bool:
    """Whether every group that agrees on projects it could pay for holds a voter with as much from the winners.

    `how`: "ejr", or with one more project of those agreed on: "ejr_up_to_any" (whichever), "ejr_up_to_one" (the best).
    """
    value, rows = worth(election, utility), [set(row) for row in election["approvals"]]
    for group in subsets(range(len(rows))):
        agreed = set.intersection(*(rows[voter] for voter in group))
        for wanted in map(set, subsets(agreed)):
            if sum(election["projects"][one] for one in wanted) * len(rows) > election["budget"] * len(group):
                continue
            target = sum(value[one] for one in wanted)
            if not any(_content(won & rows[voter], wanted, target, value, how) for voter in group):
                return False
    return True


def _content(has: set[str], wanted: set[str], target: Fraction, value: dict[str, Fraction], how: str) -> bool:
    mine = sum((value[one] for one in has), Fraction(0))
    more = [value[one] for one in wanted - has]
    if mine >= target or not more:
        return mine >= target or not wanted - has
    if how == "ejr":
        return False
    return mine + (min(more) if how == "ejr_up_to_any" else max(more)) > target


@pytest.mark.parametrize("completion", COMPLETIONS)
@pytest.mark.parametrize("utility", UTILITIES)
@settings(max_examples=25, deadline=None)
@given(election=ELECTIONS)
def test_equal_shares_serves_groups_as_it_claims(utility: str, completion: str, election: dict[str, Any]) -> None:
    rule = CATALOGUE.make("pb.mes", {"utility": utility, "completion": completion})
    how = next(one for one in rule.properties if one.startswith("ejr"))
    assert how == {"cost": "ejr_up_to_any", "cardinality": "ejr", "effort": "ejr_up_to_one"}[utility]
    assert group_served(election, set(evaluate(rule, election)), utility, how)


def test_equal_shares_for_cost_serves_up_to_any_one_project_and_not_exactly() -> None:
    election = {"budget": 10, "projects": {"a": 6, "b": 5, "c": 5}, "approvals": [["a", "b", "c"]]}
    rule = CATALOGUE.make("pb.mes", {"utility": "cost"})
    won = evaluate(rule, election)
    assert won == ["a"]
    assert not group_served(election, set(won), "cost", "ejr")
    assert group_served(election, set(won), "cost", "ejr_up_to_any")
    assert "ejr" not in rule.properties and "ejr_up_to_any" in rule.properties


def test_the_outcome_by_votes_breaks_what_equal_shares_promises() -> None:
    election = {"budget": 100, "projects": {"a": 100, "b": 10}, "approvals": [["a"]] * 7 + [["a", "b"]] + [["b"]] * 2}
    rule = CATALOGUE.make("pb.mes", {"utility": "cardinality", "completion": "none", "comparison": True})
    # Three of ten agree on b and could pay for it three times over.
    b_voters = [row for row in election["approvals"] if "b" in row]  # type: ignore[attr-defined]
    assert len(b_voters) * 10 >= 10 and evaluate(rule, election) == ["a"]
    assert rule.properties == {"anonymous", "within_budget"}


def priced(election: dict[str, Any], completion: str) -> bool:
    """Whether the winners are what voters with equal shares pay for, and nothing more could be paid for."""
    _ids, made = election_of(election)
    method = EqualShares(made, utilities(made, "cost"))
    share = Fraction(made.budget, made.profile.voters)
    outcome = raised_shares(method, share, 100, "overspend") if completion == "add1" else method.run(share)
    ids = list(election["projects"])
    won = set(evaluate(CATALOGUE.make("pb.mes", {"completion": completion}), election))
    return won == {ids[one] for one in outcome.chosen} and _stable(made, outcome.chosen, outcome.money)


def _stable(made: Election, chosen: list[int], money: Any) -> bool:
    left = [one for one in range(len(made.cost)) if one not in chosen and made.cost[one] <= made.budget]
    held = [float(np.sum(money[made.profile.supporters[one]])) for one in left]
    return all(amount <= made.cost[one] * (1 + 1e-9) for one, amount in zip(left, held, strict=True))


@pytest.mark.parametrize("completion", COMPLETIONS)
@settings(max_examples=25, deadline=None)
@given(election=ELECTIONS)
def test_equal_shares_is_priceable_where_it_claims_so(completion: str, election: dict[str, Any]) -> None:
    if "priceable" in CATALOGUE.make("pb.mes", {"completion": completion}).properties:
        assert priced(election, completion)


def test_a_completion_by_votes_buys_what_no_supporters_pay_for() -> None:
    election = {"budget": 10, "projects": {"a": 5, "b": 5}, "approvals": [["a"], ["a"], ["a"], ["b"]]}
    rule = CATALOGUE.make("pb.mes")
    assert evaluate(rule, election) == ["a", "b"]  # the one voter of b holds 2.50 of its 5
    assert "priceable" not in rule.properties
    assert "priceable" in CATALOGUE.make("pb.mes", {"completion": "add1"}).properties


def test_a_class_claims_what_it_promises_by_default() -> None:
    for rule_id in CATALOGUE:
        assert CATALOGUE.entry(rule_id).rule.properties == CATALOGUE.make(rule_id).properties, rule_id


def test_votes_that_are_needed_leave_money_for_what_nobody_may_have() -> None:
    assert "exhaustive" in CATALOGUE.make("pb.greedy_votes").properties
    assert "exhaustive" not in CATALOGUE.make("pb.greedy_votes", {"min_votes": 2}).properties


@settings(max_examples=40, deadline=None)
@given(ballots=st.lists(st.sets(st.integers(0, 4), max_size=4), min_size=1, max_size=6), seats=st.integers(1, 4))
def test_proportional_approval_serves_groups_as_it_claims(ballots: list[set[int]], seats: int) -> None:
    election = {
        "budget": seats,
        "projects": dict.fromkeys(NAMES, 1),
        "approvals": [[NAMES[one] for one in sorted(row)] for row in ballots],
    }
    assert group_served(election, set(evaluate("committee.pav", election)), "cardinality", "ejr")
