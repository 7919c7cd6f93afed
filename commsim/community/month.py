"""The book of this month's events: one step leaves them, later ones read them, and the page is turned.

Steps do not call each other. Acts come from those who write bids (deliberation) and from all who were asked
(contribution); money is counted by the step that moves it; everything else has one step that writes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from commsim.behaviour.acts import Act
from commsim.community.funds import Fund
from commsim.community.given import Positions
from commsim.community.projects import Project
from commsim.community.rounds import OpenRound
from commsim.ownership import Locked, Owned, Permit

MONEY = "month.money"


@dataclass(frozen=True, eq=False)
class Asked(Locked):
    """Residents who were asked this month, through which channel, and how many of their ties gave hours or money last
    month, voted (`voters`) or came to a meeting (`attenders`)."""

    residents: Positions
    channel: NDArray[np.intp]
    exposure: NDArray[np.int64]
    voters: NDArray[np.int64]
    attenders: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Acts(Locked):
    """Acts of one kind this month: who, for which project (index in the book, −1 for none), minutes, fen, share given.

    Through which channel each was asked is kept, so that a later look can say what asking brought.
    """

    kind: Act
    residents: Positions
    project: NDArray[np.int64]
    minutes: NDArray[np.int64]
    fen: NDArray[np.int64]
    share: NDArray[np.float64]
    channel: NDArray[np.intp]
    first: NDArray[np.bool_]
    """Whether it is the first act of this kind that is remembered of that resident."""


@dataclass(frozen=True, eq=False)
class Settled:
    """A round that was settled this month, and the projects that were in it."""

    fund: Fund
    round: OpenRound


@dataclass(frozen=True, eq=False)
class Election(Locked):
    """A residents' committee election: who voted (mask over residents) and who could."""

    voted: NDArray[np.bool_]
    eligible: NDArray[np.bool_]


class Month(Owned):
    """What happened this month so far; empty at its start.

    `movers`: residents who moved in. `raised`, `public_issues`: issues by committee; `raisers`: who raised one.
    `hearings`: committees that hold one. `returned`: who got money back, and how many fen. `ended`: projects whose
    delivery ended.
    `acts` of money are pledges; those that stayed when their round was settled are `gifts`.
    """

    PARTS: ClassVar[Mapping[str, str]] = {
        name: f"month.{name}"
        for name in (
            *"movers election raised public_issues hearings proposed".split(),
            *"asked acts gifts returned settled ended".split(),
        )
    } | {"_money": MONEY, "raisers": "month.raised"}

    def __init__(self, permit: Permit) -> None:
        self.movers: Positions = np.zeros(0, dtype=np.intp)
        self.election: Election | None = None
        self.raised: NDArray[np.int64] | None = None
        self.raisers: Positions = np.zeros(0, dtype=np.intp)
        self.public_issues: NDArray[np.int64] | None = None
        self.hearings: frozenset[int] = frozenset()
        self.proposed: tuple[Project, ...] = ()
        self.asked: Asked | None = None
        self.acts: tuple[Acts, ...] = ()
        self.gifts: tuple[Acts, ...] = ()
        self.returned: tuple[tuple[Positions, NDArray[np.int64]], ...] = ()
        self.settled: tuple[Settled, ...] = ()
        self.ended: tuple[Project, ...] = ()
        self._money: dict[tuple[str, str, int], int] = {}
        self.permit = permit

    @property
    def money(self) -> Mapping[tuple[str, str, int], int]:
        """Fen by what it was ("gifts", "refunded", "partner", "public", "appropriated"), fund and committee."""
        return MappingProxyType(self._money)

    def add(self, what: str, project: Project, fen: int) -> None:
        """Count fen of a project."""
        self.add_at(what, project.fund, project.committee, fen)

    def add_at(self, what: str, fund: str, committee: int, fen: int) -> None:
        """Count fen of a fund in a committee."""
        self.permit.check(MONEY)
        key = (what, fund, committee)
        self._money[key] = self._money.get(key, 0) + fen

    def add_acts(self, acts: Acts) -> None:
        """Acts of one kind were done."""
        self.acts = (*self.acts, acts)

    def acts_of(self, kind: Act) -> Sequence[Acts]:
        """This month's acts of one kind."""
        return [acts for acts in self.acts if acts.kind is kind]
