"""Units in the area (驻区单位): firms, schools, hospitals that give to projects of the committees they are tied to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import mesa

from commsim.agents.institution import Institution
from commsim.world.records import InstitutionRecord

LOCAL_MONEY = "institutions.local_money"
"""What local units can still give this year: the calendar renews it, settlement uses it."""


class LocalUnit(Institution):
    """Gives money once a year at most up to `cash_fen`, to projects of the committees it contributes to."""

    PARTS: ClassVar[Mapping[str, str]] = {"left_fen": LOCAL_MONEY}

    def __init__(self, model: mesa.Model, record: InstitutionRecord) -> None:
        super().__init__(model, record)
        self.cash_fen = int(record.attributes["cash_fen"])
        self.left_fen = self.cash_fen

    def begin_year(self) -> None:
        """A new year: all of its yearly cash can be given again."""
        self.left_fen = self.cash_fen

    def give(self, wanted_fen: int) -> int:
        """Give up to `wanted_fen` and return how many there were left to give this year."""
        fen = min(self.left_fen, wanted_fen)
        self.left_fen -= fen
        return fen


class Office(Institution):
    """A subdistrict office or the district's leading group: a node through which committees are tied together."""
