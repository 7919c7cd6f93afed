"""Choosing a committee in turn, each member speaking for an equal part of the voters: greedy Monroe."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from commsim.i18n import Bilingual, Text, _
from commsim.plugins.committees.approval import CommitteeRule, eligible, seats_for_supported
from commsim.plugins.shared.maximin import groups_of
from commsim.plugins.shared.profile import Election
from commsim.plugins.shared.voting import Decision

Waiting = Counter[tuple[int, ...]]
"""Voters who have no member yet, by the candidates that they approve and that can still be chosen, first by id."""


class GreedyMonroe(CommitteeRule):
    """Members one after the other, each with the most votes among those who have none yet, and a part of these leaves.

    Definition: of n voters and k seats, each seat has a part of n/k voters (the first n mod k seats rounded up, the
    others down). In turn the candidate whom most voters without a member approve is chosen; of these voters as many as
    its part have their member and leave, all of them where they are fewer. Ties between candidates: by id in natural
    order. Empty seats go to candidates without votes, by id.

    Where more voters approve the chosen than leave, these leave first: those who approve the fewest of the candidates
    that can still be chosen, since the others are more easily represented later; among as many, those whose candidates
    come first by id in natural order. Voters who are still alike approve the same remaining candidates, so that it does
    not matter which of them leave: the order of ballots changes nothing.

    Properties: justified representation (a group of n/k that agrees on somebody and has no member would have kept that
    candidate at n/k votes; then every turn filled its part, and all n voters left, the group with them). What it
    represents is no more than Monroe's rule does (`committee.monroe`), for which it stands in where there are too many
    groups to compare. Sources: Skowron, Faliszewski and Slinko 2015 (greedy algorithms for Monroe's rule, given there
    for rankings); with approvals, and in that no voter leaves with a member that he does not approve, as abcvoting
    2.19.2 has it (`greedy-monroe`), in which the voters who leave are those whose ballots come first.

    >>> from commsim.rules import evaluate
    >>> evaluate("committee.greedy_monroe", {"budget": 2, "projects": {"a": 1, "b": 1, "c": 1}, "approvals":
    ...          [["a", "b"], ["a", "b"], ["a", "b"], ["a"], ["c"], ["a"]]})
    ['a', 'b']
    """

    id = "committee.greedy_monroe"
    also_called = ("greedy monroe", "sequential monroe", "贪心门罗法")
    title = Bilingual(
        en="Committee with equal constituencies, in turn (greedy Monroe)", zh="均等代表委员会（贪心门罗法）"
    )
    summary = Bilingual(
        en="Chooses members one after the other by the votes of those who have none yet; each then speaks for an equal "
        "part of the voters.",
        zh="按尚无代表的投票者的票数逐一选出成员，每选出一名，即由其代表均等份额的投票者。",
    )
    properties = frozenset({"anonymous", "within_budget", "jr_unit_cost"})
    source = "Skowron, Faliszewski and Slinko 2015; Lackner and Skowron 2023"

    def elect(self, election: Election, seats: int) -> Decision:
        """Choose in turn."""
        turns = in_turn(election, seats)
        place = {turn.member: number for number, turn in enumerate(turns, start=1)}

        def reason(position: int) -> Text:
            votes = int(election.profile.count[position])
            if position not in place:
                return _(
                    "nothing: at each turn another had as many votes or more among voters without a member (votes: "
                    "{votes})"
                ).format(votes=votes)
            turn = turns[place[position] - 1]
            return _(
                "chosen at turn {turn}: {left} of the voters without a member approve it, the most of all, and it "
                "speaks for {represented} of them (votes: {votes})"
            ).format(turn=place[position], left=turn.votes, represented=turn.represented, votes=votes)

        return self.completed(election, seats, list(place), reason)


@dataclass(frozen=True)
class Turn:
    """A `member` (position), the `votes` of those who had no member, and how many of these it `represented` then."""

    member: int
    votes: int
    represented: int


def in_turn(election: Election, seats: int) -> list[Turn]:
    """Members with votes in the order in which greedy Monroe chooses them, as many as there are seats for them.

    >>> from commsim.plugins.shared.voting_input import election_of
    >>> _ids, made = election_of({"budget": 2, "projects": {"a": 1, "b": 1}, "approvals": [["a"], ["a", "b"], ["a"]]})
    >>> in_turn(made, 2)
    [Turn(member=0, votes=3, represented=2), Turn(member=1, votes=1, represented=1)]
    """
    able = eligible(election)
    waiting: Waiting = Counter({approved: voters for voters, approved in groups_of(election, able)})
    part, larger = divmod(election.profile.voters, max(seats, 1))
    remaining, turns = list(range(len(able))), list[Turn]()
    for seat in range(seats_for_supported(election, seats)):
        votes = _votes(waiting)
        member = max(remaining, key=votes.__getitem__)  # of several the first, and they are in the order of ids
        left, waiting = _without(waiting, member, part + (seat < larger))
        turns.append(Turn(able[member], votes[member], left))
        remaining.remove(member)
    return turns


def _votes(waiting: Waiting) -> Counter[int]:
    """Votes of those who have no member, by candidate."""
    votes: Counter[int] = Counter()
    for approved, voters in waiting.items():
        for candidate in approved:
            votes[candidate] += voters
    return votes


def _without(waiting: Waiting, member: int, part: int) -> tuple[int, Waiting]:
    """How many voters leave with the member, at most `part`, and who waits on, without it on their ballots."""
    staying: Waiting = Counter()
    backing: Waiting = Counter()
    for approved, voters in waiting.items():
        others = tuple(candidate for candidate in approved if candidate != member)
        (staying if len(others) == len(approved) else backing)[others] += voters
    left = 0
    for others in sorted(backing, key=lambda others: (len(others), others)):
        leaving = min(backing[others], part - left)
        left += leaving
        staying[others] += backing[others] - leaving
    return left, staying
