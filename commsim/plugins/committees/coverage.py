"""Choosing a committee whose members represent voters: Chamberlin-Courant, Monroe; and satisfaction approval voting.

The first two are optimisation problems that are solved exactly (`search.py`) as far as a counted number of
steps goes. Where it does not suffice, members are chosen one after the other and exchanged, or ties are left as they
stand, and the reasons say so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from commsim.i18n import Bilingual, Text, _
from commsim.plugins.committees.approval import CommitteeRule, eligible, seats_for_supported, tied
from commsim.plugins.committees.scores import Constituencies, Room, covering
from commsim.plugins.committees.search import Found, first_best
from commsim.plugins.shared.maximin import groups_of
from commsim.plugins.shared.profile import Election
from commsim.plugins.shared.voting import Decision


class ChamberlinCourant(CommitteeRule):
    """The committee in which the most voters find at least one member whom they approve.

    Definition: maximise the number of voters i with |A_i ∩ W| ≥ 1, solved exactly; of several best committees the one
    whose members come first by id in natural order. Where a limit of counted steps (alike on every machine) does not
    suffice to prove the best, members are chosen one after the other, each time the one who adds most voters, and
    exchanged while that adds more, and the reasons say so; where it does not suffice to settle ties, a best committee
    stands, and the reasons say that too. Empty seats go to candidates without votes, by id. Properties: justified
    representation. Sources: Chamberlin and Courant 1983; Lackner and Skowron 2023.

    >>> from commsim.rules import evaluate
    >>> evaluate("committee.cc", {"budget": 2, "projects": {"a": 1, "b": 1, "c": 1}, "approvals":
    ...          [["a", "b"], ["a", "b"], ["a", "b"], ["a", "c"], ["c"]]})
    ['a', 'c']
    """

    id = "committee.cc"
    also_called = ("chamberlin courant",)
    title = Bilingual(
        en="Committee that covers most voters (Chamberlin-Courant)", zh="覆盖最多投票者委员会（尚柏林—库朗法）"
    )
    summary = Bilingual(
        en="Chooses the group in which the most voters find somebody whom they approve.",
        zh="选出使最多投票者至少有一名所支持成员的组合。",
    )
    properties = frozenset({"anonymous", "within_budget", "jr_unit_cost"})
    source = "Chamberlin and Courant 1983; Lackner and Skowron 2023"

    def elect(self, election: Election, seats: int) -> Decision:
        """Cover as many voters as can be."""
        best = best_represented(election, seats_for_supported(election, seats))
        return self.completed(election, seats, best.found.chosen, best.reason(election))


class Monroe(CommitteeRule):
    """The committee that represents the most voters when each member speaks for the same number of them.

    Definition: every one of k members is given n/k of the n voters (rounded down or up, so that each voter is given to
    somebody); maximise the number of voters who approve the member to whom they are given, solved exactly. Of several
    best committees the one whose members come first by id in natural order. Where a limit of counted steps (alike on
    every machine) does not suffice to prove the best, members are chosen one after the other, each time the one with
    whom most voters are represented, and exchanged while that represents more, and the reasons say so; where it does
    not suffice to settle ties, a best committee stands, and the reasons say that too. Candidates without votes take
    empty seats only, by id. Voters who approve nobody count among the n. Properties: justified representation (where
    the best is proven). Sources: Monroe 1995; Lackner and Skowron 2023.

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

    def elect(self, election: Election, seats: int) -> Decision:
        """Give each member the same number of voters."""
        room = divmod(election.profile.voters, max(seats, 1))
        best = best_represented(election, seats_for_supported(election, seats), room)
        return self.completed(election, seats, best.found.chosen, best.reason(election))


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
    also_called = ("satisfaction approval voting",)
    title = Bilingual(en="Committee by satisfaction approval voting", zh="满意度赞成委员会")
    summary = Bilingual(
        en="Each voter has one vote, split evenly over the candidates approved; the most voted are chosen.",
        zh="每人一票，平均分给其赞成的候选者，得票多者当选。",
    )
    properties = frozenset({"anonymous", "within_budget"})
    source = "Brams and Kilgour 2014; Lackner and Skowron 2023"

    def elect(self, election: Election, seats: int) -> Decision:
        """Choose down the list of scores."""
        score = split_votes(election)
        order = sorted(range(len(score)), key=lambda candidate: (-score[candidate], election.rank[candidate]))
        chosen = order[:seats]

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


@dataclass(frozen=True)
class Best:
    """The best committee as far as it is proven, in positions, and how many voters it represents."""

    found: Found
    score: int

    def reason(self, election: Election) -> Callable[[int], Text]:
        """The sentence for a position."""

        def told(position: int) -> Text:
            votes = int(election.profile.count[position])
            values = {"score": self.score, "voters": election.profile.voters, "votes": votes, "tied": tied(self.found)}
            if not self.found.best and position in self.found.chosen:
                return _(
                    "chosen one after the other and then exchanged, as there are too many groups to compare: its group "
                    "represents {score} of {voters} voters (votes: {votes})"
                ).format(**values)
            if position in self.found.chosen:
                return _(
                    "chosen: its group represents {score} of {voters} voters, as many as can be{tied} (votes: {votes})"
                ).format(**values)
            return _("nothing: a group without it represents {score} of {voters} voters{tied} (votes: {votes})").format(
                **values
            )

        return told


def best_represented(election: Election, seats: int, room: Room | None = None) -> Best:
    """The committee of `seats` members with votes that represents the most voters; of several the first by ids.

    `room`: how many voters each member has room for, and how many members have room for one more; None, for all.
    """
    able = eligible(election)
    if not seats:
        return Best(Found([], best=True, first=True), 0)
    groups = sorted(groups_of(election, able), key=lambda group: group[1])  # alike in every order of voters
    score = covering(groups, len(able), seats) if room is None else Constituencies(groups, len(able), seats, room)
    found = first_best(score)
    return Best(replace(found, chosen=[able[candidate] for candidate in found.chosen]), score.exact(found.chosen))
