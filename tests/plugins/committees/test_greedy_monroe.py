"""Greedy Monroe: one of the outcomes of its definition in every order of voters, and that of abcvoting without ties."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commsim.plugins.committees.greedy_monroe import in_turn
from commsim.plugins.shared.voting_input import election_of
from commsim.rules import evaluate
from tests.plugins.committees.test_committee_rules import BALLOTS, NAMES, election_with, monroe_by_trying
from tests.plugins.rounds import CATALOGUE

RULE = "committee.greedy_monroe"
Ballots = list[set[int]]


def outcomes(ballots: Ballots, candidates: list[int], seats: int) -> set[frozenset[int]]:
    """Every committee that the definition allows: each way to break ties between candidates and between voters."""
    part, larger = divmod(len(ballots), seats)
    states = {(frozenset[int](), tuple(sorted(tuple(sorted(ballot)) for ballot in ballots)))}
    for seat in range(seats):
        after = set()
        for chosen, waiting in states:
            votes = Counter(candidate for ballot in waiting for candidate in ballot if candidate not in chosen)
            most = max(votes[candidate] for candidate in candidates if candidate not in chosen)
            for member in candidates:
                if member not in chosen and votes[member] == most:
                    backing = [ballot for ballot in waiting if member in ballot]
                    for leaving in set(combinations(backing, min(part + (seat < larger), len(backing)))):
                        staying = Counter(waiting) - Counter(leaving)
                        after.add((chosen | {member}, tuple(sorted(staying.elements()))))
        states = after
    return {chosen for chosen, _waiting in states}


def chosen_by_abcvoting(ballots: Ballots, candidates: int, seats: int) -> frozenset[int]:
    preferences = pytest.importorskip("abcvoting.preferences", reason="abcvoting is not installed")
    rules = pytest.importorskip("abcvoting.abcrules", reason="abcvoting is not installed")
    profile = preferences.Profile(candidates)
    profile.add_voters(ballots)
    (committee,) = rules.compute("greedy-monroe", profile, committeesize=seats)
    return frozenset(committee)


def members_of(ballots: Ballots, seats: int) -> frozenset[int]:
    return frozenset(NAMES.index(name) for name in evaluate(RULE, election_with(ballots, seats)))


def with_votes(ballots: Ballots, seats: int) -> list[int]:
    """Candidates whom somebody approves, filled up by order to as many as there are seats."""
    voted = sorted(set().union(*ballots))
    return [*voted, *[candidate for candidate in range(6) if candidate not in voted][: max(seats - len(voted), 0)]]


@settings(max_examples=60, deadline=None)
@given(
    ballots=st.lists(st.sets(st.integers(0, 5), max_size=4), min_size=1, max_size=7),
    seats=st.integers(1, 4),
)
def test_the_outcome_is_one_that_the_definition_allows(ballots: Ballots, seats: int) -> None:
    assert members_of(ballots, seats) in outcomes(ballots, with_votes(ballots, seats), seats)


def test_where_no_tie_decides_the_outcome_is_that_of_abcvoting() -> None:
    compared = 0
    for seed in range(150):
        luck = np.random.default_rng(seed)
        seats = int(luck.integers(1, 4))
        ballots = [
            set(luck.choice(6, size=int(luck.integers(1, 4)), p=[0.35, 0.25, 0.16, 0.12, 0.07, 0.05]).tolist())
            for _voter in range(11)
        ]
        allowed = outcomes(ballots, list(range(6)), seats)
        theirs = chosen_by_abcvoting(ballots, 6, seats)
        assert theirs in allowed  # else the outcomes above are not those of the definition
        if len(allowed) == 1:
            compared += 1
            assert members_of(ballots, seats) == theirs
    assert compared >= 50


@settings(max_examples=60, deadline=None)
@given(ballots=BALLOTS, seats=st.integers(1, 4), luck=st.randoms(use_true_random=False))
def test_the_order_of_ballots_changes_neither_members_nor_reasons(ballots: Ballots, seats: int, luck: Any) -> None:
    others = list(ballots)
    luck.shuffle(others)
    assert told(ballots, seats) == told(others, seats)


def told(ballots: Ballots, seats: int) -> tuple[list[int], list[str]]:
    _ids, election = election_of(election_with(ballots, seats))
    decision = CATALOGUE.make(RULE).decide(election)
    return decision.chosen, [str(decision.reason(position)) for position in range(6)]


def test_those_who_approve_fewest_others_leave_first_then_those_whose_others_come_first() -> None:
    # Seats of 2 voters each. Five approve a: the two who approve nobody else leave, and b keeps its 2 votes to c's 1.
    voters = [{0, 1}, {0, 2}, {0, 1}, {0}, {0}, {3}]
    assert members_of(voters, 3) == {0, 1, 2}  # then c and d are left with a vote each, and c comes first
    # Of equally many others: b's voters leave before c's, so that c has votes left, and b none.
    assert members_of([{0, 2}, {0, 1}, {0, 2}, {0, 1}], 2) == {0, 2}


@settings(max_examples=40, deadline=None)
@given(
    ballots=st.lists(st.sets(st.integers(0, 4), max_size=3), min_size=1, max_size=6),
    seats=st.integers(1, 3),
)
def test_it_represents_no_more_voters_than_its_members_could_and_than_monroe_does(ballots: Ballots, seats: int) -> None:
    voted = sorted(set().union(*ballots))
    if len(voted) < seats:
        return
    _ids, election = election_of(election_with(ballots, seats))
    turns = in_turn(election, seats)
    represented = sum(turn.represented for turn in turns)
    could = monroe_by_trying(ballots, tuple(turn.member for turn in turns))
    assert represented <= could <= max(monroe_by_trying(ballots, group) for group in combinations(voted, seats))


def test_disjoint_groups_each_of_a_part_get_their_member_and_nobody_goes_without() -> None:
    ballots = [{party, party + 3} for party in range(3) for _voter in range(4)]
    _ids, election = election_of(election_with(ballots, 3))
    assert [turn.represented for turn in in_turn(election, 3)] == [4, 4, 4]
    assert members_of(ballots, 3) == {0, 1, 2}


def test_reasons_say_at_which_turn_and_for_how_many_a_member_speaks() -> None:
    chosen, reasons = told([{0, 1}, {0, 1}, {0}, {2}], 2)
    assert chosen == [0, 1]
    assert reasons[0] == (
        "chosen at turn 1: 3 of the voters without a member approve it, the most of all, and it speaks for 2 of them "
        "(votes: 3)"
    )
    assert reasons[2] == (
        "nothing: at each turn another had as many votes or more among voters without a member (votes: 1)"
    )
