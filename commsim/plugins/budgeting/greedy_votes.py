"""Participatory budgeting: residents vote on proposals, votes choose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commsim.contracts import Award, Ballot, RoundView, Rule, Terms, parameter
from commsim.i18n import Bilingual, Text, _
from commsim.money import in_yuan
from commsim.natural_order import natural_rank
from commsim.plugins.shared.voting import approvals_parameter


@dataclass(frozen=True)
class GreedyVotesParams:
    """Parameters of the greedy choice by votes."""

    approvals: int = approvals_parameter()
    min_votes: int = parameter(
        0,
        label=Bilingual(en="Minimum votes", zh="最低票数"),
        doc=Bilingual(en="Votes below which a proposal is not considered.", zh="得票低于此数的项目不予考虑。"),
        unit="votes",
        ge=0,
        sweep=(0, 100),
        reference="Gdynia: 50 (min_project_score_threshold of its elections)",
    )


@dataclass(frozen=True)
class GreedyOutcome:
    """By proposal: whether it `won`, and how much money was `left` when its turn came. `waiting`: positions of those
    that did not fit, in the order of their turns."""

    won: NDArray[np.bool_]
    left: NDArray[np.number]
    waiting: tuple[int, ...]


class GreedyVotes(Rule):
    """Most votes first, each paid in full; what does not fit is passed over.

    Definition: proposals by falling votes v_j, ties by id in natural order (p2 before p10); one is funded if its cost
    is at most what is left and v_j ≥ min_votes. A proposal without votes is funded too where money is left and
    min_votes is 0. Properties: exhaustive where min_votes is 0 (nothing affordable is left out); not proportional: a
    majority can take all. Source: practice of most cities; greedy rule in Talmon and Faliszewski 2019.

    >>> from commsim.rules import evaluate
    >>> evaluate("pb.greedy_votes", {"budget": 10, "projects": {"p10": 6, "p2": 6, "p3": 4}, "approvals":
    ...          [["p10", "p2"], ["p10", "p2"], ["p3"]]})
    ['p2', 'p3']
    """

    id = "pb.greedy_votes"
    also_called = ("greedy", "greedy utilitarian welfare", "most votes", "plurality", "greedy cost sat", "按票数")
    title = Bilingual(en="Participatory budget by votes", zh="参与式预算（按票数）")
    summary = Bilingual(
        en="Residents mark proposals; the most voted are paid in full until the money ends.",
        zh="居民投票，得票多的项目先得全额资助，直至资金用完。",
    )
    family = "pb"
    needs = frozenset({"ballots"})
    properties = frozenset({"exhaustive", "anonymous"})
    source = "practice of most cities; Talmon and Faliszewski 2019"
    Params = GreedyVotesParams

    def __init__(self, params: GreedyVotesParams | None = None) -> None:
        super().__init__(params)
        if self.params.min_votes:
            self.properties = type(self).properties - {"exhaustive"}  # type: ignore[misc]

    def open_round(self, view: RoundView) -> Terms:
        """Announce the ballot and the least number of votes."""
        return Terms(ballot=Ballot("approval", most=self.params.approvals), min_votes=self.params.min_votes)

    def settle(self, view: RoundView) -> Award:
        """Fund by votes."""
        proposals = view.proposals
        votes = view.ballots.totals(len(proposals))
        outcome = greedy(votes, proposals.ask, proposals.id, view.budget, self.params.min_votes)
        paid = np.where(outcome.won, proposals.ask, 0).astype(np.int64)
        unspent = view.budget - int(paid.sum())
        reasons = tuple(self._reason(view, votes, outcome, position) for position in range(len(proposals)))
        return Award(
            paid=paid,
            reasons=reasons,
            waitlist=tuple(str(proposals.id[project]) for project in outcome.waiting),
            free=tuple(str(proposals.id[project]) for project in np.flatnonzero(outcome.won & (paid == 0)).tolist()),
            diagnostics={"unspent_fen": float(unspent)},
        )

    def _reason(self, view: RoundView, votes: NDArray[np.int64], outcome: GreedyOutcome, position: int) -> Text:
        values = {
            "votes": int(votes[position]),
            "ask": in_yuan(view.proposals.ask[position]),
            "left": in_yuan(int(outcome.left[position])),
            "min_votes": self.params.min_votes,
        }
        if outcome.won[position]:
            return _("paid in full: {ask} of the {left} yuan that were left (votes: {votes})").format(**values)
        if votes[position] < self.params.min_votes:
            return _("nothing: votes: {votes}, fewer than the {min_votes} that are needed").format(**values)
        return _("nothing: {left} yuan were left for a project of {ask} yuan (votes: {votes})").format(**values)


def greedy(
    votes: NDArray[np.number], ask: NDArray[np.number], ids: Sequence[str], budget: float, min_votes: float
) -> GreedyOutcome:
    """Choose by falling votes, passing over what does not fit. Arguments by proposal, any one unit of money."""
    won, left = np.zeros(len(ask), dtype=bool), np.zeros(len(ask), dtype=ask.dtype)
    available, waiting = budget, []
    for position in np.lexsort((natural_rank(ids), -votes.astype(np.float64))).tolist():
        left[position] = available
        if votes[position] < min_votes:
            continue
        if ask[position] <= available:
            won[position] = True
            available -= ask[position].item()
        else:
            waiting.append(position)
    return GreedyOutcome(won, left, tuple(waiting))
