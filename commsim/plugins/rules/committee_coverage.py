"""Choosing a committee whose members represent voters: Chamberlin-Courant, Monroe; and satisfaction approval voting.

The first two are optimisation problems that are solved exactly for small rounds; for large ones members are chosen one
after the other, and the reasons say so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import comb

import numpy as np
import scipy  # its parts load when they are used
from scipy.sparse import coo_matrix, csr_array
from scipy.sparse.csgraph import maximum_flow

from commsim.errors import BrokenInvariant
from commsim.i18n import Bilingual, Text, _
from commsim.plugins.rules.committee import MOST_COMMITTEES, CommitteeRule, eligible, seats_for_supported
from commsim.plugins.rules.maximin import Groups, groups_of
from commsim.plugins.rules.profile import Election
from commsim.plugins.rules.voting import Decision


class ChamberlinCourant(CommitteeRule):
    """The committee in which the most voters find at least one member whom they approve.

    Definition: maximise the number of voters i with |A_i ∩ W| ≥ 1, solved exactly; of several best committees the one
    whose members come first by id in natural order (where there are more than 20,000 committees the integer programme
    decides, always alike). Where different ballots have more than 1,000 marks besides, members are chosen one after the
    other, each time the one who adds most voters, and the reasons say so. Empty seats go to candidates without votes,
    by id. Properties: justified representation. Sources: Chamberlin and Courant 1983; Lackner and Skowron 2023.

    >>> from commsim.rules import evaluate
    >>> evaluate("committee.cc", {"budget": 2, "projects": {"a": 1, "b": 1, "c": 1}, "approvals":
    ...          [["a", "b"], ["a", "b"], ["a", "b"], ["a", "c"], ["c"]]})
    ['a', 'c']
    """

    id = "committee.cc"
    title = Bilingual(
        en="Committee that covers most voters (Chamberlin-Courant)", zh="覆盖最多投票者委员会（尚柏林—库朗法）"
    )
    summary = Bilingual(
        en="Chooses the group in which the most voters find somebody whom they approve.",
        zh="选出使最多投票者至少有一名所支持成员的组合。",
    )
    properties = frozenset({"anonymous", "within_budget", "jr_unit_cost"})
    source = "Chamberlin and Courant 1983; Lackner and Skowron 2023"

    def decide(self, election: Election) -> Decision:
        """Cover as many voters as can be."""
        best = best_represented(election, seats_for_supported(election), (election.profile.voters, 0))
        return self.completed(election, best.chosen, best.reason(election))


class Monroe(CommitteeRule):
    """The committee that represents the most voters when each member speaks for the same number of them.

    Definition: every one of k members is given n/k of the n voters (rounded down or up, so that each voter is given to
    somebody); maximise the number of voters who approve the member to whom they are given, solved exactly. Of several
    best committees the one whose members come first by id in natural order (where there are more than 20,000
    committees the integer programme decides, always alike; where different ballots have more than 1,000 marks besides,
    members are chosen one after the other, each with the voters who have fewest others, and the reasons say so).
    Candidates without votes take empty seats only, by id. Voters who approve nobody count among the n. Properties:
    justified representation (where all are compared). Sources: Monroe 1995; Lackner and Skowron 2023.

    >>> from commsim.rules import evaluate
    >>> evaluate("committee.monroe", {"budget": 2, "projects": {"a": 1, "b": 1, "c": 1}, "approvals":
    ...          [["a", "b"], ["a", "b"], ["a", "b"], ["a"], ["c"], ["a"]]})
    ['a', 'b']
    """

    id = "committee.monroe"
    title = Bilingual(en="Committee with equal constituencies (Monroe)", zh="均等代表委员会（门罗法）")
    summary = Bilingual(
        en="Chooses the group that represents the most voters when each member speaks for the same number of them.",
        zh="每名成员代表同样多的投票者时，选出使最多投票者得到代表的组合。",
    )
    properties = frozenset({"anonymous", "within_budget", "jr_unit_cost"})
    source = "Monroe 1995; Lackner and Skowron 2023"

    def decide(self, election: Election) -> Decision:
        """Give each member the same number of voters."""
        room = divmod(election.profile.voters, max(self.seats(election), 1))
        best = best_represented(election, seats_for_supported(election), room)
        return self.completed(election, best.chosen, best.reason(election))


class SatisfactionApproval(CommitteeRule):
    """The candidates with the most votes, when each voter's one vote is split evenly over those whom he approves.

    Definition: score_j = Σ 1/|A_i| over voters i who approve j, compared as exact fractions; the k greatest are chosen,
    ties by id in natural order. Properties: not proportional; a voter who approves fewer gives each of them more.
    Sources: Brams and Kilgour 2014; Lackner and Skowron 2023.

    >>> from commsim.rules import evaluate
    >>> evaluate("committee.sav", {"budget": 2, "projects": {"a": 1, "b": 1, "c": 1}, "approvals":
    ...          [["a", "b"], ["a", "b"], ["a", "b"], ["c"], ["c"]]})
    ['a', 'c']
    """

    id = "committee.sav"
    title = Bilingual(en="Committee by satisfaction approval voting", zh="满意度赞成委员会")
    summary = Bilingual(
        en="Each voter has one vote, split evenly over the candidates approved; the most voted are chosen.",
        zh="每人一票，平均分给其赞成的候选者，得票多者当选。",
    )
    properties = frozenset({"anonymous", "within_budget"})
    source = "Brams and Kilgour 2014; Lackner and Skowron 2023"

    def decide(self, election: Election) -> Decision:
        """Choose down the list of scores."""
        score = split_votes(election)
        order = sorted(range(len(score)), key=lambda one: (-score[one], election.rank[one]))
        chosen = order[: self.seats(election)]

        def reason(position: int) -> Text:
            values = {"score": f"{float(score[position]):.4g}", "votes": int(election.profile.count[position])}
            if position in chosen:
                return _("chosen: split votes of {score} are among the greatest (votes: {votes})").format(**values)
            return _("nothing: others have more than its split votes of {score} (votes: {votes})").format(**values)

        return Decision(chosen, reason)


def split_votes(election: Election) -> list[Fraction]:
    """Σ 1/(candidates approved) over supporters, by candidate, exact."""
    profile = election.profile
    length = np.bincount(profile.row, minlength=profile.voters)[profile.row]
    pairs, count = np.unique(np.stack([profile.column, length], axis=1), axis=0, return_counts=True)
    score = [Fraction(0)] * profile.proposals
    for (column, marked), voters in zip(pairs.tolist(), count.tolist(), strict=True):
        score[column] += Fraction(voters, marked)
    return score


MOST_MARKS = 1_000  # beyond this many on different ballots, the integer programme would take minutes
Room = tuple[int, int]
"""How many voters each member has room for, and how many members have room for one more."""


@dataclass(frozen=True)
class Best:
    """The best committee: positions of its members, how many voters it represents, and whether it is only a good one
    that was chosen one after the other."""

    chosen: list[int]
    score: int
    in_sequence: bool = False

    def reason(self, election: Election) -> Callable[[int], Text]:
        """The sentence for a position."""

        def told(position: int) -> Text:
            votes = int(election.profile.count[position])
            values = {"score": self.score, "voters": election.profile.voters, "votes": votes}
            if self.in_sequence and position in self.chosen:
                return _(
                    "chosen one after the other, as there are too many groups to compare: its group represents {score} "
                    "of {voters} voters (votes: {votes})"
                ).format(**values)
            if position in self.chosen:
                return _(
                    "chosen: its group represents {score} of {voters} voters, as many as can be (votes: {votes})"
                ).format(**values)
            return _("nothing: a group without it represents {score} of {voters} voters (votes: {votes})").format(
                **values
            )

        return told


def best_represented(election: Election, seats: int, room: Room) -> Best:
    """The committee of `seats` members with votes that represents the most voters; of several the first by ids."""
    able = eligible(election)
    if not seats:
        return Best([], 0)
    groups = sorted(groups_of(election, able), key=lambda group: group[1])  # alike in every order of voters
    few = comb(len(able), seats) <= MOST_COMMITTEES
    in_sequence = not few and sum(len(members) for _count, members in groups) > MOST_MARKS
    found = (in_turn if in_sequence else _programme)(groups, len(able), seats, room)
    score = represented(groups, found, room)
    if few:
        found = _first_with(score, groups, len(able), seats, room)
    return Best([able[one] for one in found], score, in_sequence)


def in_turn(groups: Groups, members: int, seats: int, room: Room) -> list[int]:
    """Members one after the other: each time the one whom most voters without a member approve, within its room.

    It is given the voters who approve fewest others; a member takes one voter more while there is room for that.
    """
    row = np.repeat(np.arange(len(groups)), [len(backed) for _count, backed in groups])
    column = np.array([one for _count, backed in groups for one in backed])
    waiting = np.array([count for count, _backed in groups], dtype=np.int64)
    size = np.bincount(row, minlength=len(groups))
    chosen: list[int] = []
    spare = room[1]
    for _seat in range(seats):
        approve = np.bincount(column, weights=waiting[row], minlength=members)
        approve = np.minimum(approve, room[0] + (spare > 0))
        approve[chosen] = -1.0
        best = int(approve.argmax())
        takes = int(approve[best])
        spare -= takes > room[0]
        chosen.append(best)
        backing = row[column == best]
        backing = backing[np.argsort(size[backing], kind="stable")]
        before = np.cumsum(waiting[backing]) - waiting[backing]
        waiting[backing] -= np.clip(takes - before, 0, waiting[backing])
    return chosen


def _first_with(score: int, groups: Groups, members: int, seats: int, room: Room) -> list[int]:
    """The first committee, in order of members, that represents `score` voters."""
    size = np.array([count for count, _members in groups])
    backs = np.zeros((members, len(groups)), dtype=bool)
    for place, (_count, supported) in enumerate(groups):
        backs[list(supported), place] = True
    most = np.minimum(backs @ size, room[0] + (room[1] > 0))
    for group in combinations(range(members), seats):
        listed = list(group)
        if most[listed].sum() >= score and size[backs[listed].any(axis=0)].sum() >= score:
            if represented(groups, listed, room) >= score:
                return listed
    raise BrokenInvariant(_("committee: no group represents the {score} voters that were found").format(score=score))


def represented(groups: Groups, chosen: list[int], room: Room) -> int:
    """How many voters can be given to a member whom they approve, when each member has `room`; a greatest flow."""
    place = {one: at for at, one in enumerate(chosen)}
    start, end, spare = 0, 1, 2
    first_group, first_member = 3, 3 + len(groups)
    arcs = [(spare, end, room[1])]
    for at in place.values():
        arcs += [(first_member + at, end, room[0]), (first_member + at, spare, 1)]
    for number, (count, supported) in enumerate(groups):
        arcs.append((start, first_group + number, count))
        arcs += [(first_group + number, first_member + place[one], count) for one in supported if one in place]
    tail, head, capacity = np.array(arcs, dtype=np.int32).T
    nodes = first_member + len(chosen)
    return int(maximum_flow(csr_array((capacity, (tail, head)), shape=(nodes, nodes)), start, end).flow_value)


def _programme(groups: Groups, members: int, seats: int, room: Room) -> list[int]:
    # Variables: each member (0 or 1), whether it has room for one more, and voters of a group given to a member.
    edges = np.array([(row, one) for row, (_count, supported) in enumerate(groups) for one in supported])
    row, column = edges.T
    given = 2 * members + np.arange(len(edges))
    one = np.arange(members)
    shape = (members, 2 * members + len(edges))
    within = coo_matrix(
        (
            np.concatenate([np.ones(len(edges)), np.full(members, -float(room[0])), -np.ones(members)]),
            (np.concatenate([column, one, one]), np.concatenate([given, one, members + one])),
        ),
        shape=shape,
    )
    once = coo_matrix((np.ones(len(edges)), (row, given)), shape=(len(groups), shape[1]))
    more = coo_matrix(
        (np.repeat([1.0, -1.0], members), (np.tile(one, 2), np.concatenate([members + one, one]))), shape=shape
    )
    whole = coo_matrix(
        (np.ones(2 * members), (np.repeat([0, 1], members), np.arange(2 * members))), shape=(2, shape[1])
    )
    size = np.array([count for count, _members in groups], dtype=np.float64)
    answer = scipy.optimize.milp(
        np.concatenate([np.zeros(2 * members), -np.ones(len(edges))]),
        constraints=[
            scipy.optimize.LinearConstraint(within.tocsr(), -np.inf, 0.0),
            scipy.optimize.LinearConstraint(once.tocsr(), 0.0, size),
            scipy.optimize.LinearConstraint(more.tocsr(), -np.inf, 0.0),
            scipy.optimize.LinearConstraint(whole.tocsr(), [seats, 0], [seats, room[1]]),
        ],
        integrality=np.concatenate([np.ones(members), np.zeros(shape[1] - members)]),
        bounds=scipy.optimize.Bounds(0.0, np.concatenate([np.ones(2 * members), size[row]])),
        options={"mip_rel_gap": 0.0},
    )
    if answer.x is None:
        raise BrokenInvariant(_("committee: the integer programme ended with {message}").format(message=answer.message))
    return np.flatnonzero(answer.x[:members] > 0.5).tolist()
