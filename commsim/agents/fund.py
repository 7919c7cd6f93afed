"""A fund: its purses, the areas whose projects it pays for, the units that decide, and its rounds.

The rule that governs a fund sees views of its rounds; the fund never decides by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import mesa
import numpy as np
from numpy.typing import NDArray

from commsim.agents.institution import Institution
from commsim.contracts import Calls, RoundKey, Rule, Terms
from commsim.i18n import Bilingual
from commsim.projects import Project, Stage
from commsim.world.records import InstitutionRecord


@dataclass(frozen=True)
class Area:
    """Whose projects a fund pays for: a committee, or a building group. Residents first … last − 1 live there."""

    index: int
    id: str
    committee: int
    first: int
    last: int


@dataclass
class Pledge:
    """Money that residents promised to one project in one month: who, how many fen, which share of the suggestion."""

    project: Project
    residents: NDArray[np.intp]
    fen: NDArray[np.int64]
    share: NDArray[np.float64]


@dataclass
class Votes:
    """Marks cast in one month: resident, index of the proposal in the round, and points (1 for an approval, fen for a
    voucher), one entry per mark."""

    residents: NDArray[np.intp]
    proposals: NDArray[np.int32]
    points: NDArray[np.int64]


@dataclass
class OpenRound:
    """A round from its opening to its settlement."""

    key: RoundKey
    terms: Terms
    projects: list[Project]
    opened: int
    settles: int
    budget_fen: int
    areas: list[Area]
    """Areas that the fund covered when the round opened; it is settled for them whatever is covered later."""
    pledges: list[Pledge] = field(default_factory=list)
    votes: list[Votes] = field(default_factory=list)
    quoted_rates: NDArray[np.float64] | None = None
    """By project, public yuan that one more yuan would draw, as residents are told this month; None: not quoted."""

    def takes(self, month: int) -> bool:
        """Whether gifts, hours and votes are still taken: until the deadline of its terms, else until it settles."""
        return self.terms.deadline is None or month < self.opened + self.terms.deadline


@dataclass
class Unit:
    """Who decides a round: the areas it covers, its purse in the ledger, and what it decided before."""

    id: str
    areas: tuple[int, ...]
    account: str
    round: OpenRound | None = None
    carried_fen: int = 0
    history: list[tuple[int, tuple[Project, ...]]] = field(default_factory=list)
    """Settled rounds, oldest first: the year and its projects."""
    started: list[Project] = field(default_factory=list)
    """Projects that it let start; those that ended are dropped when next looked at."""
    last_award: dict[int, int] = field(default_factory=dict)
    """Fen paid in the last settled round, by area."""


class Fund(Institution):
    """One purse system of the scenario, for example the self-governance money (自治金)."""

    def __init__(
        self,
        model: mesa.Model,
        spec: Any,
        rule: Rule,
        areas: tuple[Area, ...],
        units: tuple[Unit, ...],
        budget_of_area_fen: NDArray[np.int64],
        lot: NDArray[np.intp],
    ) -> None:
        record = InstitutionRecord(
            kind="fund", id=spec.id, name=Bilingual(en=spec.name.to("en"), zh=spec.name.to("zh"))
        )
        super().__init__(model, record)
        self.spec = spec
        self.rule = rule
        self.areas = areas
        self.units = units
        self.lot = lot
        """Areas in the order in which the fund reaches them, drawn once, so that pilots stay in the roll-out."""
        self.covered: NDArray[np.bool_] = np.zeros(len(areas), dtype=np.bool_)
        self.covered_committees: frozenset[int] = frozenset()
        self.budget_of_area_fen: NDArray[np.int64] = budget_of_area_fen
        self.appropriated_year: dict[int, int] = {}
        self._unit_of_place = {(areas[index].first, areas[index].last): unit for unit in units for index in unit.areas}
        self.under_comparison = bool(spec.under_comparison)

    @property
    def is_absent(self) -> bool:
        """Whether the rule says that there is no such fund (the counterfactual without money)."""
        return self.rule.calls is Calls.NOTHING

    @property
    def asks_for_votes(self) -> bool:
        """Whether the rule wants to know what residents would choose, with or without a ballot in its terms."""
        return bool({"ballots", "splits", "vouchers"} & set(self.rule.needs))

    @property
    def calls_residents(self) -> bool:
        """Whether residents are called to propose, to give and to vote."""
        return self.rule.calls is Calls.PROPOSALS

    def cover(self, areas: NDArray[np.intp]) -> None:
        """From this month on the fund reaches these areas, and no others."""
        self.covered[:] = False
        self.covered[areas] = True
        self.covered_committees = frozenset(self.areas[index].committee for index in areas)

    def covered_areas(self, unit: Unit) -> list[Area]:
        """Areas of a unit that the fund reaches by now."""
        return [self.areas[index] for index in unit.areas if self.covered[index]]

    @staticmethod
    def running(unit: Unit) -> list[Project]:
        """Projects of a unit that are under way."""
        unit.started = [one for one in unit.started if one.stage is Stage.RUNNING]
        return unit.started

    @staticmethod
    def owed_fen(project: Project) -> int:
        """What was awarded to a project and has not been paid out."""
        return project.award_fen - project.paid_fen

    def unit_of(self, project: Project) -> Unit:
        """The unit that decides on a project of this fund."""
        return self._unit_of_place[project.first, project.last]
