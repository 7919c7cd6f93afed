"""Rounds: who decides them, what residents pledge and vote in them, and what was decided before.

A round moves by the table of `procedures.py`; its pledges and votes are taken by contribution, its quotes made by the
steps that call the rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from commsim.community.procedures import ROUND, RoundEvent, RoundStage, Stage
from commsim.community.projects import Project
from commsim.contracts import RoundKey, Terms
from commsim.ownership import Locked, Owned, lock

STAGE, TERMS, PLEDGES, VOTES, QUOTES, CARRIED, HISTORY = (
    f"rounds.{part}" for part in "stage terms pledges votes quotes carried history".split()
)
"""Parts of the state of rounds. What is carried over is said by settlement and lapses in delivery's December."""


@dataclass(frozen=True)
class Area:
    """Whose projects a fund pays for: a committee, or a building group. Residents first … last − 1 live there."""

    index: int
    id: str
    committee: int
    first: int
    last: int


@dataclass(frozen=True, eq=False)
class Pledge(Locked):
    """Money that residents promised to one project in one month: who, how many fen, which share of the suggestion, and
    through which channel each was asked."""

    project: Project
    residents: NDArray[np.intp]
    fen: NDArray[np.int64]
    share: NDArray[np.float64]
    channel: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Votes(Locked):
    """Marks cast in one month: resident, index of the proposal in the round, and points (1 for an approval, fen for a
    voucher), one entry per mark."""

    residents: NDArray[np.intp]
    proposals: NDArray[np.int32]
    points: NDArray[np.int64]


@dataclass(slots=True, eq=False)
class OpenRound(Owned):
    """A round from the month in which it is due to its settlement."""

    PARTS: ClassVar[Mapping[str, str]] = {
        "stage": STAGE,
        "terms": TERMS,
        "pledges": PLEDGES,
        "votes": VOTES,
        "voters": VOTES,
        "quoted_rates": QUOTES,
    }

    key: RoundKey
    projects: tuple[Project, ...]
    opened: int
    settles: int
    budget_fen: int
    areas: tuple[Area, ...]
    """Areas that the fund covered when the round opened; it is settled for them whatever is covered later."""
    terms: Terms = field(default_factory=Terms)
    """What the rule announced when the round opened."""
    stage: RoundStage = field(default=RoundStage.DUE, init=False)
    pledges: tuple[Pledge, ...] = ()
    votes: tuple[Votes, ...] = ()
    voters: tuple[NDArray[np.intp], ...] = ()
    """Who voted, month by month."""
    quoted_rates: NDArray[np.float64] | None = None
    """By project, public yuan that one more yuan would draw, as residents are told this month; None: not quoted."""

    def takes(self, month: int) -> bool:
        """Whether gifts, hours and votes are still taken: until the deadline of its terms, else until it settles."""
        return self.terms.deadline is None or month < self.opened + self.terms.deadline

    def move(self, event: RoundEvent) -> None:
        """Let `event` happen: the one place where the stage of a round changes, as the table of rounds says.

        Raises BrokenInvariant where the table does not allow the event now, or not to the step that is at work.
        """
        after = ROUND.row(self.stage, event, self.permit.holder, str(self.key)).to
        if after is not self.stage:
            self.stage = after

    def take_pledge(self, pledge: Pledge) -> None:
        """Take a month's pledges to one project."""
        self.move(RoundEvent.TAKE_PLEDGE)
        self.pledges = (*self.pledges, pledge)

    def take_votes(self, voters: NDArray[np.intp], votes: Votes | None) -> None:
        """Take a month's votes; None where there is nothing to mark, as in a call without money."""
        self.move(RoundEvent.TAKE_VOTES)
        lock(voters)
        self.voters = (*self.voters, voters)
        if votes is not None:
            self.votes = (*self.votes, votes)


@dataclass(slots=True, eq=False)
class Unit(Owned):
    """Who decides a round: the areas it covers, its purse in the ledger, and what it decided before."""

    PARTS: ClassVar[Mapping[str, str]] = {
        "round": STAGE,
        "carried_fen": CARRIED,
        "history": HISTORY,
        "started": HISTORY,
        "last_award": HISTORY,
    }

    id: str
    areas: tuple[int, ...]
    account: str
    round: OpenRound | None = None
    """The round that is open."""
    carried_fen: int = 0
    history: tuple[tuple[int, tuple[Project, ...]], ...] = ()
    """Settled rounds, oldest first: the year and its projects."""
    started: tuple[Project, ...] = ()
    """Projects that it let start."""
    last_award: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    """Fen paid in the last settled round, by area."""

    def running(self) -> list[Project]:
        """Its projects that are under way."""
        return [project for project in self.started if project.stage is Stage.RUNNING]

    def due(
        self,
        key: RoundKey,
        projects: Sequence[Project],
        months: tuple[int, int],
        budget_fen: int,
        areas: Sequence[Area],
    ) -> OpenRound:
        """A round that this unit could open, under the permit of the run; `months`: when it opens and settles."""
        made = OpenRound(key, tuple(projects), *months, budget_fen, tuple(areas))
        made.permit = self.permit
        return made

    def open(self, due: OpenRound) -> None:
        """From now on residents can give and vote in it."""
        due.move(RoundEvent.OPEN)
        self.round = due

    def end(self, event: RoundEvent) -> None:
        """The open round is settled or skipped."""
        assert self.round is not None  # the table of rounds knows no other way to its end
        self.round.move(event)
        self.round = None


def owed_fen(project: Project) -> int:
    """What was awarded to a project and has not been paid out."""
    return project.award_fen - project.paid_fen
