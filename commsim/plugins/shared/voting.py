"""What voting rules have in common: a ballot that is announced, an election that is decided, reasons for figures."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from commsim.contracts import Award, Ballot, RoundView, Rule, Terms, parameter
from commsim.i18n import Bilingual, Text, _
from commsim.money import in_yuan
from commsim.plugins.shared.profile import Election


def approvals_parameter() -> Any:
    """The parameter that says how many proposals a resident may mark."""
    return parameter(
        3,
        label=Bilingual(en="Marks a ballot", zh="每票可选项目数"),
        doc=Bilingual(en="How many proposals each resident may mark.", zh="每位居民可选的项目数。"),
        unit="proposals",
        ge=1,
        sweep=(1, 10),
        reference="assumption; Gdynia and other Polish cities allow 3",
    )


@dataclass(frozen=True)
class ApprovalParams:
    """Parameters of a voting rule that has none but its ballot."""

    approvals: int = approvals_parameter()


@dataclass(frozen=True)
class Decision:
    """How an election was decided.

    `chosen`: positions of winners in the order in which they won. `reason`: the sentence for a position, winners and
    others. `carry`: fen kept for the next round. `diagnostics`: numbers worth keeping. `waiting`: positions of those
    that come next where money is left, the first first, winners among them; default: all with votes, by falling votes
    (points count), ties by id.
    """

    chosen: list[int]
    reason: Callable[[int], Text]
    carry: int = 0
    diagnostics: Mapping[str, float] = field(default_factory=dict)
    waiting: list[int] | None = None


class VotingRule(Rule, ABC):
    """A rule that pays winners of a vote in full. Subclasses write `decide`.

    `ballot_kind`: the kind of ballot that is announced (see `commsim.rules.Ballot`).
    """

    family = "pb"
    needs = frozenset({"ballots"})
    Params: ClassVar[type] = ApprovalParams
    ballot_kind: ClassVar[str] = "approval"

    def open_round(self, view: RoundView) -> Terms:
        """Announce the ballot."""
        return Terms(ballot=Ballot(self.ballot_kind, most=self.params.approvals))

    def settle(self, view: RoundView) -> Award:
        """Decide the election that this round is, and pay each winner its ask."""
        election = Election.of(view)
        decision = self.decide(election)
        paid = np.zeros(len(view.proposals), dtype=np.int64)
        paid[decision.chosen] = view.proposals.ask[decision.chosen]
        reasons = tuple(decision.reason(position) for position in range(len(paid)))
        unspent = view.budget - int(paid.sum()) - decision.carry
        waiting = _by_votes(election) if decision.waiting is None else decision.waiting
        ids, chosen = view.proposals.id, set(decision.chosen)
        return Award(
            paid=paid,
            reasons=reasons,
            waitlist=tuple(str(ids[project]) for project in waiting if project not in chosen),
            free=tuple(str(ids[project]) for project in decision.chosen if not paid[project]),
            carry=decision.carry,
            diagnostics={"unspent_fen": float(unspent), **decision.diagnostics},
        )

    @abstractmethod
    def decide(self, election: Election) -> Decision:
        """Who wins `election`, and why."""


def _by_votes(election: Election) -> list[int]:
    """Positions of all with votes, by falling votes, ties by id."""
    total = election.profile.total.tolist()
    voted = [project for project, votes in enumerate(total) if votes]
    return sorted(voted, key=lambda project: (-total[project], election.rank[project]))


def money_after(election: Election, chosen: list[int]) -> dict[int, int]:
    """Fen that were left when each winner's turn came."""
    left, before = election.budget, {}
    for project in chosen:
        before[project] = left
        left -= election.cost[project]
    return before


def ranked_reason(election: Election, chosen: list[int], figure: Callable[[int], Text]) -> Callable[[int], Text]:
    """Sentences for rules that go down a list; `figure` says what a proposal was ranked by."""
    before = money_after(election, chosen)
    left = election.budget - election.spent(chosen)

    def reason(position: int) -> Text:
        values = {"ask": in_yuan(election.cost[position]), "figure": figure(position)}
        if position in before:
            return _("paid in full: {ask} of the {left} yuan that were left ({figure})").format(
                left=in_yuan(before[position]), **values
            )
        return _("nothing: it asks for {ask} yuan and lost to those ahead of it; {left} yuan remain ({figure})").format(
            left=in_yuan(left), **values
        )

    return reason


def votes_figure(election: Election) -> Callable[[int], Text]:
    """ "votes: 12" of a proposal."""
    return lambda position: _("votes: {votes}").format(votes=int(election.profile.total[position]))
