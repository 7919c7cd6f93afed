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


class Office(Institution):
    """A subdistrict office or the district's leading group: a node through which committees are tied together."""
