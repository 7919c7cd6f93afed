"""Choosing a committee of equal members from approvals: proportional approval voting and leximax Phragmén.

For choosing representatives or pilot communities. How many are chosen follows from the money: the budget divided by the
highest cost, or fewer where `size` says so. Where fewer have votes than there are seats, the rest go to candidates
without votes, by id in natural order. Both are optimisation problems that are solved exactly as far as a stated limit
goes. More committee rules: `coverage.py`, `greedy_monroe.py`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from math import comb

import numpy as np

from commsim.contracts import parameter
from commsim.i18n import Bilingual, Text, _
from commsim.plugins.committees.scores import harmonic
from commsim.plugins.committees.search import Found, first_best
from commsim.plugins.shared.maximin import groups_of, tightest
from commsim.plugins.shared.phragmen import Phragmen
from commsim.plugins.shared.profile import Election
from commsim.plugins.shared.voting import Decision, VotingRule, approvals_parameter

MOST_COMMITTEES = 20_000  # beyond this many, committees are not compared one by one


@dataclass(frozen=True)
class CommitteeParams:
    """Parameters of committee rules: the ballot, and the size of the committee."""

    approvals: int = approvals_parameter()
    size: int | None = parameter(
        None,
        label=Bilingual(en="Committee size", zh="委员会人数"),
        doc=Bilingual(
            en="How many members are chosen, as far as the money goes. none: as many as the budget pays for if each "
            "costs what the dearest candidate does (all candidates where that suffices).",
            zh="当选成员数，以资金所及为限。none：按最贵候选者的造价计，预算够付几名就选几名（够付全部则全选）。",
        ),
        unit="members",
        ge=1,
        sweep=(1, 20),
        reference="none: follows from the money; a size is practice of elections with a fixed number of seats",
    )


class CommitteeRule(VotingRule):
    """A rule that chooses a committee of `size` members, or as many as the budget pays for. Subclasses write `elect`.

    The budget pays for the whole quotient of budget and highest cost, so that any such committee can be paid. A `size`
    beyond that is cut to it, and the reasons say so.
    """

    family = "committee"
    Params = CommitteeParams

    @abstractmethod
    def elect(self, election: Election, seats: int) -> Decision:
        """Who is chosen for so many seats, and why."""

    def decide(self, election: Election) -> Decision:
        """Elect as many members as there are seats; where fewer than `size`, the reasons say so."""
        seats = self.seats(election)
        decision = self.elect(election, seats)
        size = self.params.size
        if size is None or size <= seats:
            return decision

        def told(position: int) -> Text:
            return _("{reason}; of {size} seats the candidates and the money are enough for {seats}").format(
                reason=decision.reason(position), size=size, seats=seats
            )

        return replace(decision, reason=told)

    def seats(self, election: Election) -> int:
        """How many members are chosen: `size`, or all that can be paid where it is none or more than these."""
        payable = payable_seats(election)
        return payable if self.params.size is None else min(self.params.size, payable)

    @staticmethod
    def completed(election: Election, seats: int, chosen: list[int], reason: Callable[[int], Text]) -> Decision:
        """The decision for members who have votes; empty seats go to candidates without votes, by id."""
        empty = seats - len(chosen)
        without = [
            candidate
            for candidate in range(len(election.cost))
            if candidate not in set(chosen) and not election.profile.count[candidate]
        ]
        added = sorted(without, key=election.rank.__getitem__)[: max(empty, 0)]

        def told(position: int) -> Text:
            if position in added:
                return _("chosen to fill the group: nobody voted for it, and no candidate with votes was left")
            return reason(position)

        return Decision([*chosen, *added], told)


def payable_seats(election: Election) -> int:
    """How many members the budget pays for at the highest cost: all candidates where it suffices for them."""
    dearest = max(election.cost, default=0)
    return min(election.budget // dearest, len(election.cost)) if dearest else len(election.cost)


def seats_for_supported(election: Election, seats: int) -> int:
    """How many of the seats go to members with votes."""
    return min(seats, int(np.count_nonzero(election.profile.count)))


class ProportionalApproval(CommitteeRule):
    """The committee W with the greatest sum over voters of 1 + 1/2 + … + 1/|members of W that the voter approves|.

    Definition: Thiele's rule with harmonic weights, solved exactly; of several best committees the one whose members
    come first by id in natural order. Where a limit of counted steps (alike on every machine) does not suffice to prove
    the best, members are chosen one after the other and exchanged while the sum grows, and the reasons say so; where it
    does not suffice to settle ties, a best committee stands, and the reasons say that too. Empty seats go to candidates
    without votes, by id. Properties: extended justified representation. Sources: Thiele 1895; Aziz, Brill, Conitzer,
    Elkind, Freeman and Walsh 2017; Lackner and Skowron 2023.

    >>> from commsim.rules import evaluate
    >>> evaluate("committee.pav", {"budget": 2, "projects": {"a": 1, "b": 1, "c": 1}, "approvals":
    ...          [["a", "b"], ["a", "b"], ["a", "b"], ["c"], ["c"]]})
    ['a', 'c']
    """

    id = "committee.pav"
    also_called = ("proportional approval voting", "thiele", "pav")
    title = Bilingual(en="Committee by proportional approval", zh="比例赞成委员会")
    summary = Bilingual(
        en="Chooses the group whose members are shared most fairly among voters; each further member that one voter "
        "approves counts less.",
        zh="选出在投票者间最公平代表的组合，同一投票者支持的每一名额外成员权重递减。",
    )
    properties = frozenset({"anonymous", "within_budget", "ejr_unit_cost"})
    source = "Thiele 1895; Aziz et al. 2017; Lackner and Skowron 2023"

    def elect(self, election: Election, seats: int) -> Decision:
        """Find the greatest score."""
        found = best_harmonic(election, seats_for_supported(election, seats))
        votes = election.profile.count

        def reason(position: int) -> Text:
            values = {"votes": int(votes[position]), "tied": tied(found)}
            if position in found.chosen and not found.best:
                return _(
                    "chosen one after the other and then exchanged, as there are too many groups to compare (votes: "
                    "{votes})"
                ).format(**values)
            if position in found.chosen:
                return _("chosen: the group with the greatest harmonic score has it{tied} (votes: {votes})").format(
                    **values
                )
            return _("nothing: it is not in the group with the greatest harmonic score{tied} (votes: {votes})").format(
                **values
            )

        return self.completed(election, seats, found.chosen, reason)


class LeximaxPhragmen(CommitteeRule):
    """The committee whose costs can be spread over its supporters most evenly: least largest load, then the next.

    Definition: every member costs 1, borne by voters who approve it; of all committees the one whose vector of loads,
    sorted from the largest, is lexicographically least; ties: members first by id in natural order. All committees are
    compared, exactly; where there are more than 20,000 the members are chosen in sequence (sequential Phragmén) and the
    reasons say so. Empty seats go to candidates without votes, by id. Sources: Phragmén 1894; Brill, Freeman, Janson
    and Lackner 2017.

    >>> from commsim.rules import evaluate
    >>> evaluate("committee.leximax_phragmen", {"budget": 2, "projects": {"a": 1, "b": 1, "c": 1}, "approvals":
    ...          [["a", "b"], ["a", "b"], ["a", "b"], ["c"], ["c"]]})
    ['a', 'c']
    """

    id = "committee.leximax_phragmen"
    title = Bilingual(en="Committee by even loads (leximax Phragmén)", zh="负担最均委员会（字典序弗拉格门法）")
    summary = Bilingual(
        en="Chooses the group whose members are carried most evenly by the voters who approve them.",
        zh="选出由其支持者最均匀分担的组合。",
    )
    properties = frozenset({"anonymous", "within_budget", "pjr_unit_cost"})
    source = "Phragmén 1894; Brill, Freeman, Janson and Lackner 2017"

    def elect(self, election: Election, seats: int) -> Decision:
        """Compare all committees."""
        supported = seats_for_supported(election, seats)
        equal = replace(election, cost=(1,) * len(election.cost), budget=supported)
        able = eligible(equal)
        in_sequence = comb(len(able), supported) > MOST_COMMITTEES
        chosen = [step.project for step in Phragmen(equal).run()] if in_sequence else most_even(equal, able, supported)
        how = (
            _("too many groups to compare all of them, so members were chosen one after the other")
            if in_sequence
            else _("all groups were compared")
        )

        def reason(position: int) -> Text:
            values = {"votes": int(election.profile.count[position]), "how": how}
            if position in chosen:
                return _(
                    "chosen: it belongs to the group that voters carry most evenly ({how}; votes: {votes})"
                ).format(**values)
            return _("nothing: another group is carried more evenly ({how}; votes: {votes})").format(**values)

        return self.completed(election, seats, chosen, reason)


def eligible(election: Election) -> list[int]:
    """Members that somebody voted for, by id in natural order."""
    voted = [candidate for candidate in range(len(election.cost)) if election.profile.count[candidate]]
    return sorted(voted, key=election.rank.__getitem__)


def tied(found: Found) -> Text:
    """What reasons add where none is better than a committee, but one as good may come first by id; else nothing."""
    if not found.best or found.first:
        return Text("")
    return _("; there may be a group as good that comes first by id: too many to compare")


def best_harmonic(election: Election, seats: int) -> Found:
    """The best committee of `seats` under harmonic weights, of several the first by ids, as far as that is proven."""
    able = eligible(election)
    if not seats:
        return Found([], best=True, first=True)
    groups = sorted(groups_of(election, able), key=lambda group: group[1])  # alike in every order of voters
    found = first_best(harmonic(groups, len(able), seats))
    return replace(found, chosen=[able[candidate] for candidate in found.chosen])


def most_even(election: Election, able: list[int], seats: int) -> list[int]:
    """The committee with the lexicographically least sorted loads; of several the first by ids."""
    count = election.profile.count
    best: list[Fraction] | None = None
    chosen: tuple[int, ...] = ()
    for group in combinations(able, seats):
        # No spreading gets the largest load below this, so most committees need not be looked at.
        if best is not None and group and Fraction(1, int(min(count[list(group)]))) > best[0]:
            continue
        loads = loads_of(election, list(group), best)
        if loads is not None and (best is None or loads < best):
            best, chosen = loads, group
    return list(chosen)


def loads_of(election: Election, group: list[int], best: list[Fraction] | None = None) -> list[Fraction] | None:
    """Loads of voters, largest first, when the costs of `group` are spread most evenly; None where `best` is better."""
    cost = [election.cost[candidate] for candidate in group]
    voters = groups_of(election, group)
    loads: list[Fraction] = []
    while cost:
        load, binding = tightest(voters, cost)
        if best is not None and not loads and load > best[0]:
            return None
        loads += [load] * sum(size for size, members in voters if binding.intersection(members))
        kept = [place for place in range(len(cost)) if place not in binding]
        voters = [
            (size, tuple(kept.index(place) for place in members))
            for size, members in voters
            if not binding.intersection(members)
        ]
        cost = [cost[place] for place in kept]
    return loads + [Fraction(0)] * (election.profile.voters - len(loads))
