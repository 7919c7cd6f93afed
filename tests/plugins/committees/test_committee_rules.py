"""Committees: as many members as seats, the best there are by brute force, and the winners of abcvoting."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commsim.errors import RuleError
from commsim.plugins.shared.voting_input import election_of
from commsim.rules import evaluate
from tests.plugins.rounds import CATALOGUE

NAMES = "abcdef"
RULES = ("pav", "cc", "monroe", "greedy_monroe", "sav", "leximax_phragmen")
BALLOTS = st.lists(st.sets(st.integers(0, 5), max_size=4), min_size=1, max_size=8)


def election_with(ballots: list[set[int]], seats: int) -> dict[str, Any]:
    return {
        "budget": seats,
        "projects": dict.fromkeys(NAMES, 1),
        "approvals": [[NAMES[one] for one in sorted(row)] for row in ballots],
    }


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=25, deadline=None)
@given(ballots=BALLOTS, seats=st.integers(0, 8))
def test_every_seat_is_taken_while_there_are_candidates(rule: str, ballots: list[set[int]], seats: int) -> None:
    assert len(evaluate(f"committee.{rule}", election_with(ballots, seats))) == min(seats, 6)


def test_empty_seats_go_to_candidates_without_votes_by_natural_order_of_ids() -> None:
    election = {"budget": 3, "projects": {"p10": 1, "p2": 1, "p3": 1, "p1": 1}, "approvals": [["p3"], ["p3"]]}
    for rule in RULES:
        assert evaluate(f"committee.{rule}", election) == ["p1", "p2", "p3"], rule


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=15, deadline=None)
@given(ballots=BALLOTS, size=st.integers(1, 6))
def test_a_committee_of_a_given_size_is_that_of_a_budget_for_so_many(
    rule: str, ballots: list[set[int]], size: int
) -> None:
    sized = evaluate(f"committee.{rule}(size={size})", election_with(ballots, 6))
    assert sized == evaluate(f"committee.{rule}", election_with(ballots, size))
    assert len(sized) == size


@pytest.mark.parametrize("rule", RULES)
def test_without_a_size_as_many_are_chosen_as_the_budget_pays_for_at_the_highest_cost(rule: str) -> None:
    election = {"budget": 7, "projects": {"a": 1, "b": 2, "c": 3}, "approvals": [["a"], ["b"], ["c"], ["a"]]}
    assert len(evaluate(f"committee.{rule}", election)) == 2
    assert evaluate(f"committee.{rule}(size=none)", election) == evaluate(f"committee.{rule}", election)
    assert evaluate(f"committee.{rule}", {**election, "budget": 9}) == ["a", "b", "c"]


@pytest.mark.parametrize("rule", RULES)
def test_a_size_beyond_the_money_is_cut_to_it_and_every_reason_says_so(rule: str) -> None:
    _ids, election = election_of(election_with([{0, 1}, {0, 2}, {3}], 2))
    decision = CATALOGUE.make(f"committee.{rule}", {"size": 5}).decide(election)
    assert len(decision.chosen) == 2
    for position in range(6):
        told = decision.reason(position)
        assert told.to("en").endswith("; of 5 seats the candidates and the money are enough for 2")
        assert "5个席位" in told.to("zh")
    exact = CATALOGUE.make(f"committee.{rule}", {"size": 2}).decide(election)
    assert all("seats" not in exact.reason(position).to("en") for position in range(6))


def test_a_committee_of_nobody_is_refused() -> None:
    with pytest.raises(RuleError, match="parameter 'size' has to be at least 1; 0 came"):
        CATALOGUE.make("committee.pav", {"size": 0})


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("committee.pav", "pav"),
        ("committee.cc", "cc"),
        ("committee.monroe", "monroe"),
        ("committee.sav", "sav"),
        ("pb.seq_phragmen", "seqphragmen"),
    ],
)
@settings(max_examples=40, deadline=None)
@given(
    ballots=st.lists(st.sets(st.integers(0, 5), min_size=1, max_size=4), min_size=1, max_size=9),
    seats=st.integers(1, 5),
)
def test_committees_agree_with_abcvoting(ours: str, theirs: str, ballots: list[set[int]], seats: int) -> None:
    preferences = pytest.importorskip("abcvoting.preferences", reason="abcvoting is not installed")
    rules = pytest.importorskip("abcvoting.abcrules", reason="abcvoting is not installed")
    if ours.startswith("pb.") and len(set().union(*ballots)) < seats:
        return  # sequential Phragmén has no money for what nobody voted for; abcvoting fills up
    profile = preferences.Profile(6)
    profile.add_voters(ballots)
    algorithm = {"algorithm": "brute-force"} if theirs in ("pav", "cc", "monroe") else {}
    all_best = rules.compute(theirs, profile, committeesize=seats, resolute=False, **algorithm)
    tied = [sorted(NAMES[one] for one in committee) for committee in all_best]
    assert evaluate(ours, election_with(ballots, seats)) in tied


def monroe_by_trying(ballots: list[set[int]], group: tuple[int, ...]) -> int:
    """The most voters given to a member whom they approve, over all ways to give every member n/k of them."""
    n, k = len(ballots), len(group)
    best = 0
    for given_to in product(group, repeat=n):
        sizes = Counter(given_to)
        if all(n // k <= sizes[one] <= -(-n // k) for one in group):
            best = max(best, sum(one in row for one, row in zip(given_to, ballots, strict=True)))
    return best


@settings(max_examples=30, deadline=None)
@given(
    ballots=st.lists(st.sets(st.integers(0, 4), max_size=3), min_size=1, max_size=6),
    seats=st.integers(1, 3),
)
def test_monroe_and_chamberlin_courant_are_the_first_best_of_all_committees(
    ballots: list[set[int]], seats: int
) -> None:
    voted = sorted(set().union(*ballots))
    if len(voted) < seats:
        return
    groups = list(combinations(voted, seats))
    monroe = max(groups, key=lambda group: monroe_by_trying(ballots, group))  # the first of several
    covered = max(groups, key=lambda group: sum(bool(row & set(group)) for row in ballots))
    election = election_with(ballots, seats)
    assert evaluate("committee.monroe", election) == [NAMES[one] for one in monroe]
    assert evaluate("committee.cc", election) == [NAMES[one] for one in covered]


@settings(max_examples=40, deadline=None)
@given(ballots=BALLOTS, seats=st.integers(1, 6))
def test_split_votes_decide_satisfaction_approval_ties_by_id(ballots: list[set[int]], seats: int) -> None:
    score = [sum((Fraction(1, len(row)) for row in ballots if one in row), Fraction(0)) for one in range(6)]
    expected = sorted(range(6), key=lambda one: (-score[one], one))[:seats]
    assert evaluate("committee.sav", election_with(ballots, seats)) == sorted(NAMES[one] for one in expected)


@pytest.mark.parametrize("rule", ["committee.cc", "committee.monroe", "committee.greedy_monroe", "committee.pav"])
@settings(max_examples=40, deadline=None)
@given(ballots=BALLOTS, seats=st.integers(1, 5))
def test_no_large_group_that_agrees_on_somebody_goes_without(rule: str, ballots: list[set[int]], seats: int) -> None:
    won = set(evaluate(rule, election_with(ballots, seats)))
    for one in range(6):
        without = [row for row in ballots if one in row and not won & {NAMES[two] for two in row}]
        assert len(without) * seats < len(ballots)  # justified representation
