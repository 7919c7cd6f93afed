"""Ballots as voting rules read them: who supports which proposal and by how much, exact sums over voters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from commsim.contracts import Choices, RoundView
from commsim.natural_order import natural_rank

Voters = NDArray[np.int64]


@dataclass(frozen=True)
class Profile:
    """Ballots by proposal and by voter.

    `voters`, `proposals`: how many. `row`, `column`, `weight`: a supporter (voter), what is supported (proposal) and
    by how much (1 for an approval, points otherwise), by voter; shape (marks,), weights above 0.
    """

    voters: int
    proposals: int
    row: NDArray[np.int64]
    column: NDArray[np.int64]
    weight: NDArray[np.int64]

    @classmethod
    def of(cls, ballots: Choices, proposals: int) -> Profile:
        """The profile of a round's ballots; marks of weight 0 are left out, repeated marks of a voter are summed."""
        row = np.repeat(np.arange(ballots.rows, dtype=np.int64), np.diff(ballots.start))
        kept = ballots.amount > 0
        key = row[kept] * max(proposals, 1) + ballots.proposal[kept]
        unique, place = np.unique(key, return_inverse=True)
        weight = np.zeros(unique.size, dtype=np.int64)
        np.add.at(weight, place, ballots.amount[kept])
        return cls(ballots.rows, proposals, unique // max(proposals, 1), unique % max(proposals, 1), weight)

    def approvals(self) -> Profile:
        """The same marks, each of weight 1."""
        return Profile(self.voters, self.proposals, self.row, self.column, np.ones_like(self.weight))

    @cached_property
    def total(self) -> NDArray[np.int64]:
        """Sum of weights by proposal (votes, for approvals)."""
        total = np.zeros(self.proposals, dtype=np.int64)
        np.add.at(total, self.column, self.weight)
        return total

    @cached_property
    def count(self) -> NDArray[np.int64]:
        """Supporters by proposal."""
        return np.bincount(self.column, minlength=self.proposals)

    @cached_property
    def supporters(self) -> tuple[Voters, ...]:
        """Supporters of each proposal, in order of voters."""
        order = np.argsort(self.column, kind="stable")
        return tuple(np.split(self.row[order], np.cumsum(self.count)[:-1])) if self.proposals else ()

    @cached_property
    def weights(self) -> tuple[NDArray[np.float64], ...]:
        """Weights of the supporters of each proposal, in the order of `supporters`."""
        order = np.argsort(self.column, kind="stable")
        split = np.split(self.weight[order].astype(np.float64), np.cumsum(self.count)[:-1])
        return tuple(split) if self.proposals else ()

    @cached_property
    def _start(self) -> NDArray[np.int64]:
        return np.concatenate(([0], np.cumsum(np.bincount(self.row, minlength=self.voters))))

    def marks_of(self, voters: Voters) -> NDArray[np.int64]:
        """Positions, in `row` and `column`, of all marks of these voters."""
        length = self._start[voters + 1] - self._start[voters]
        first = np.repeat(self._start[voters] - np.concatenate(([0], np.cumsum(length)[:-1])), length)
        return first + np.arange(length.sum())

    def weight_by_proposal(self, voters: Voters) -> NDArray[np.int64]:
        """Sum of these voters' weights by proposal, exact, shape (proposals,)."""
        marks = self.marks_of(voters)
        summed = np.zeros(self.proposals, dtype=np.int64)
        np.add.at(summed, self.column[marks], self.weight[marks])
        return summed


@dataclass(frozen=True)
class Election:
    """What a voting rule decides on: a profile, costs and budget as whole numbers (fen), ranks that break ties.

    `cost` by proposal; `rank`, natural order of ids (p2 before p10): of two tied proposals the lower rank comes first.
    """

    profile: Profile
    cost: tuple[int, ...]
    budget: int
    rank: tuple[int, ...]

    @classmethod
    def of(cls, view: RoundView) -> Election:
        """The election that a round is: its ballots, asks and budget."""
        proposals = view.proposals
        return cls(
            Profile.of(view.ballots, len(proposals)),
            tuple(proposals.ask.tolist()),
            int(view.budget),
            tuple(natural_rank(proposals.id).tolist()),
        )

    def spent(self, chosen: list[int]) -> int:
        """Cost of the chosen proposals together."""
        return sum(self.cost[project] for project in chosen)

    def exhausted_by(self, chosen: list[int]) -> bool:
        """Whether no other proposal that anybody supports fits into what `chosen` leaves of the budget."""
        left, taken = self.budget - self.spent(chosen), set(chosen)
        others = (
            project for project, count in enumerate(self.profile.count.tolist()) if count and project not in taken
        )
        return all(self.cost[project] > left for project in others)
