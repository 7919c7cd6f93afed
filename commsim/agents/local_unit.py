"""Units in the area (驻区单位): firms, schools, hospitals that give to projects of the committees they are tied to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import mesa

from commsim.agents.institution import Institution
from commsim.world.records import InstitutionRecord

LOCAL_MONEY = "institutions.local_money"
"""What local units can still give this year: the calendar renews it, contribution and settlement use it."""


class LocalUnit(Institution):
    """Gives money up to `cash_fen` a year and goods up to `in_kind_fen`, and lends a room where it has `space`, to
    projects of the committees that it contributes to."""

    PARTS: ClassVar[Mapping[str, str]] = {"left_fen": LOCAL_MONEY, "left_in_kind_fen": LOCAL_MONEY}

    def __init__(self, model: mesa.Model, record: InstitutionRecord) -> None:
        super().__init__(model, record)
        self.cash_fen = int(record.attributes["cash_fen"])
        self.in_kind_fen = int(record.attributes["in_kind_fen"])
        self.space = bool(record.attributes["space"])
        self.left_fen = self.cash_fen
        self.left_in_kind_fen = self.in_kind_fen

    def begin_year(self) -> None:
        """A new year: all of its yearly cash and goods can be given again."""
        self.left_fen = self.cash_fen
        self.left_in_kind_fen = self.in_kind_fen

    def give_goods(self, wanted_fen: int) -> int:
        """Give goods worth up to `wanted_fen` and return what there was left to give this year."""
        fen = min(self.left_in_kind_fen, wanted_fen)
        self.left_in_kind_fen -= fen
        return fen

    def give(self, wanted_fen: int) -> int:
        """Give up to `wanted_fen` and return how many there were left to give this year."""
        fen = min(self.left_fen, wanted_fen)
        self.left_fen -= fen
        return fen


class Office(Institution):
    """A subdistrict office or the district's leading group: a node through which committees are tied together."""
