"""A fund: its purses, the areas whose projects it pays for, and the units that decide.

The rule that governs a fund sees views of its rounds; the fund never decides by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

import mesa
import numpy as np
from numpy.typing import NDArray

from commsim.agents.institution import Institution
from commsim.community.projects import Project
from commsim.community.rounds import Area, Unit
from commsim.contracts import Calls, Rule
from commsim.i18n import Bilingual
from commsim.world.records import InstitutionRecord

COVERAGE, APPROPRIATED = "funds.coverage", "funds.appropriated"
"""Parts of a fund's state, written by the calendar: which areas it reaches, and which it has paid this year."""


class Fund(Institution):
    """One purse system of the scenario, for example the self-governance money (自治金)."""

    PARTS: ClassVar[Mapping[str, str]] = {
        "covered": COVERAGE,
        "covered_committees": COVERAGE,
        "appropriated_year": APPROPRIATED,
    }

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
        self.appropriated_year: Mapping[int, int] = MappingProxyType({})
        """In which year each area was last paid for."""
        self._unit_of_area = {index: unit for unit in units for index in unit.areas}
        self.under_comparison = bool(spec.under_comparison)

    @property
    def is_absent(self) -> bool:
        """Whether there is no such fund: its rule says so, or nothing is ever appropriated to it."""
        return self.rule.calls is Calls.NOTHING or not self.budget_of_area_fen.any()

    @property
    def pays(self) -> bool:
        """Whether it has money to pay out; the counterfactual of the call alone has none."""
        return not self.is_absent and self.rule.calls is not Calls.CALL

    @property
    def asks_for_votes(self) -> bool:
        """Whether the rule wants to know what residents would choose, with or without a ballot in its terms."""
        return bool({"ballots", "splits", "vouchers"} & set(self.rule.needs))

    @property
    def calls_residents(self) -> bool:
        """Whether residents are called, to propose and to give or only to vote."""
        return self.rule.calls in (Calls.PROPOSALS, Calls.CALL)

    def cover(self, areas: NDArray[np.intp]) -> None:
        """From this month on the fund reaches these areas, and no others."""
        covered = np.zeros(len(self.areas), dtype=np.bool_)
        covered[areas] = True
        covered &= self.budget_of_area_fen > 0  # without an appropriation there is no round
        areas = np.flatnonzero(covered)
        self.covered = covered
        self.covered_committees = frozenset(self.areas[index].committee for index in areas)

    def covered_areas(self, unit: Unit) -> list[Area]:
        """Areas of a unit that the fund reaches by now."""
        return [self.areas[index] for index in unit.areas if self.covered[index]]

    def unit_of(self, project: Project) -> Unit:
        """The unit that decides on a project of this fund."""
        return self._unit_of_area[project.area_index]

    def appropriate(self, areas: list[Area], year: int) -> None:
        """Remember that the purses of these areas were filled for `year`."""
        self.appropriated_year = MappingProxyType({**self.appropriated_year, **{area.index: year for area in areas}})
