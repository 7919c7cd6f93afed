"""Searching for committees: the first of the best by comparing all, a known one of many, and what a limit leaves."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest

from commsim.plugins.committees import scores as committee_scores
from commsim.plugins.committees import search as committee_search
from commsim.plugins.committees.scores import Constituencies, Score, covering, harmonic
from commsim.plugins.committees.search import EFFORT, Found, Steps, exchanged, first_best
from commsim.plugins.shared.maximin import Groups
from commsim.plugins.shared.voting_input import election_of
from tests.plugins.rounds import CATALOGUE

Rows = list[set[int]]
RULES = ("cc", "monroe", "pav")


def groups(rows: Rows) -> Groups:
    kinds = [tuple(sorted(row)) for row in rows if row]
    return [(kinds.count(one), one) for one in sorted(set(kinds))]


def score_of(rule: str, rows: Rows, members: int, seats: int) -> Score:
    if rule == "monroe":
        return Constituencies(groups(rows), members, seats, divmod(len(rows), seats))
    return (covering if rule == "cc" else harmonic)(groups(rows), members, seats)


def represented(rows: Rows, committee: tuple[int, ...]) -> int:
    """How many voters Monroe's members represent: places of members, given one by one along augmenting paths."""
    each, more = divmod(len(rows), len(committee))
    best = 0
    for larger in combinations(committee, more):
        places = [one for one in committee for _place in range(each + (one in larger))]
        taken: dict[int, int] = {}

        def given(voter: int, seen: set[int], places: list[int] = places, taken: dict[int, int] = taken) -> bool:
            for place, one in enumerate(places):
                if one in rows[voter] and place not in seen:
                    seen.add(place)
                    if place not in taken or given(taken[place], seen):
                        taken[place] = voter
                        return True
            return False

        best = max(best, sum(given(voter, set()) for voter in range(len(rows))))
    return best


def worth_of(rule: str, rows: Rows) -> Callable[[tuple[int, ...]], Any]:
    if rule == "cc":
        return lambda committee: sum(not row.isdisjoint(committee) for row in rows)
    if rule == "pav":
        return lambda committee: sum(
            (Fraction(1, one) for row in rows for one in range(1, len(row & set(committee)) + 1)), Fraction(0)
        )
    return lambda committee: represented(rows, committee)


def random_rows(luck: np.random.Generator, members: int, most: int, voters: int) -> Rows:
    """Ballots in which every member has a vote."""
    rows = [
        set(luck.choice(members, size=int(luck.integers(0, most + 1)), replace=False).tolist())
        for _voter in range(voters)
    ]
    missing = set(range(members)) - set().union(*rows)
    return [*rows, missing] if missing else rows


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("seed", range(40))
def test_the_first_of_the_best_committees_is_the_one_that_comparing_all_finds(rule: str, seed: int) -> None:
    luck = np.random.default_rng(seed)
    for _election in range(3):
        members = int(luck.integers(2, 9))
        seats = int(luck.integers(1, members + 1))
        rows = random_rows(luck, members, min(members, 4), int(luck.integers(1, 14)))  # few voters: many ties
        best = max(combinations(range(members), seats), key=worth_of(rule, rows))
        assert first_best(score_of(rule, rows, members, seats)) == Found(list(best), best=True, first=True)


@pytest.mark.parametrize("rule", RULES)
def test_units_that_floats_do_not_hold_exactly_change_no_committee(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committee_scores, "EXACT", 100_000)  # bounds are rounded up, committees compared exactly
    for seed in range(30):
        luck = np.random.default_rng(seed)
        rows = random_rows(luck, 7, 5, 12)
        seats = int(luck.integers(2, 6))
        best = max(combinations(range(7), seats), key=worth_of(rule, rows))
        assert first_best(score_of(rule, rows, 7, seats)).chosen == list(best)


@pytest.mark.parametrize("rule", ["cc", "pav"])
def test_ties_of_a_round_in_which_voters_approve_one_of_each_pair(rule: str) -> None:
    rows = [{2 * pair + side for pair, side in enumerate(sides)} for sides in product((0, 1), repeat=5)]
    best = max(combinations(range(10), 5), key=worth_of(rule, rows))
    assert first_best(score_of(rule, rows, 10, 5)) == Found(list(best), best=True, first=True)


@pytest.mark.parametrize("rule", RULES)
def test_a_committee_of_ten_among_sixty_is_known_where_ten_parties_have_disjoint_voters(rule: str) -> None:
    # Party p has members p, p + 10, … and 30 voters who approve them all: each is represented once, the first by order.
    rows = [{party + 10 * row for row in range(6)} for party in range(10) for _voter in range(30)]
    found = first_best(score_of(rule, rows, 60, 10))
    assert found == Found(list(range(10)), best=True, first=True)  # of 6 ** 10 equally good ones


@pytest.mark.parametrize("rule", RULES)
def test_four_of_thirty_are_the_first_best_by_comparing_all(rule: str) -> None:
    rows = random_rows(np.random.default_rng(5), 30, 5, 120)
    score = score_of(rule, rows, 30, 4)
    best = max(combinations(range(30), 4), key=score.exact)  # `exact` is held against other means above
    assert first_best(score) == Found(list(best), best=True, first=True)


def test_constituencies_by_subsets_and_by_flow_represent_alike() -> None:
    for seed in range(20):
        luck = np.random.default_rng(seed)
        rows = random_rows(luck, 6, 4, 17)
        score = Constituencies(groups(rows), 6, 3, divmod(len(rows), 3))
        for committee in combinations(range(6), 3):
            assert score.exact(committee) == score._flow(list(committee)) == represented(rows, committee)


@pytest.mark.parametrize("rule", RULES)
def test_committees_larger_than_subsets_are_tried_for_are_found_as_well(
    rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(committee_scores, "MOST_MASKED", 1)
    rows = random_rows(np.random.default_rng(3), 8, 4, 20)
    best = max(combinations(range(8), 4), key=worth_of(rule, rows))
    assert first_best(score_of(rule, rows, 8, 4)).chosen == list(best)


@pytest.mark.parametrize("rule", RULES)
def test_beyond_the_limit_of_steps_members_are_chosen_in_turn_and_the_reasons_say_so(
    rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = random_rows(np.random.default_rng(7), 9, 3, 40)
    names = "abcdefghi"
    election = {
        "budget": 4,
        "projects": dict.fromkeys(names, 1),
        "approvals": [[names[one] for one in sorted(row)] for row in rows],
    }
    _ids, made = election_of(election)
    proven = CATALOGUE.make(f"committee.{rule}").decide(made)
    assert "one after the other" not in str(proven.reason(proven.chosen[0]))
    monkeypatch.setattr(committee_search, "EFFORT", 0)
    good = CATALOGUE.make(f"committee.{rule}").decide(made)
    assert len(good.chosen) == 4 and "one after the other" in str(good.reason(good.chosen[0]))
    worth = worth_of(rule, rows)
    best = worth(tuple(sorted(proven.chosen)))
    assert 0.63 * best <= worth(tuple(sorted(good.chosen))) <= best  # 1 - 1/e of the best at least


def test_a_limit_that_is_reached_while_ties_are_settled_leaves_a_best_committee(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [{party + 5 * row for row in range(3)} for party in range(5) for _voter in range(4)]
    score = score_of("cc", rows, 15, 5)
    monkeypatch.setattr(committee_search, "exchanged", lambda _score, _steps: [10, 11, 12, 13, 14])
    assert first_best(score) == Found([0, 1, 2, 3, 4], best=True, first=True)
    monkeypatch.setattr(committee_search._First, "settle", _give_up)
    assert first_best(score) == Found([10, 11, 12, 13, 14], best=True, first=False)


@pytest.mark.parametrize("rule", RULES)
def test_reasons_say_where_ties_of_a_best_committee_are_not_settled(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    names = "abcdef"
    votes = [[names[pair], names[pair + 3]] for pair in range(3) for _voter in range(4)]
    _ids, election = election_of({"budget": 3, "projects": dict.fromkeys(names, 1), "approvals": votes})
    made = CATALOGUE.make(f"committee.{rule}")
    settled = made.decide(election)
    assert settled.chosen == [0, 1, 2]
    monkeypatch.setattr(committee_search, "exchanged", lambda _score, _steps: [3, 4, 5])
    monkeypatch.setattr(committee_search._First, "settle", _give_up)
    left = made.decide(election)
    assert left.chosen == [3, 4, 5]
    for position in range(6):
        assert "comes first by id" not in str(settled.reason(position))
        reason = left.reason(position)
        assert "; there may be a group as good that comes first by id: too many to compare" in reason.to("en")
        assert "按编号在前的同样好的组合" in reason.to("zh")
        assert "one after the other" not in reason.to("en")  # none is better: that is proven


def _give_up(_first: object) -> None:
    raise committee_search._Exhausted


def test_exchanging_members_betters_what_choosing_in_turn_finds() -> None:
    # The middle one of three has most voters, and goes once both others are chosen.
    rows: Rows = [{0, 1}] * 3 + [{1, 2}] * 3 + [{0}] * 2 + [{2}] * 2
    assert exchanged(score_of("cc", rows, 3, 2), Steps(EFFORT)) == [0, 2]
