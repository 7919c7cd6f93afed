"""Staff hours: finite, spent in the order in which the month's work comes up, and counted by what caused them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from commsim.ownership import Owned

NO_FUND = ""
MINUTES_PER_HOUR = 60
HOURS = "places.hours"
"""The part of the state that hours are: each step whose work takes staff spends some."""


class Hours(Owned):
    """A month's working hours of one office. What is not there cannot be spent."""

    __slots__ = ("_left", "_on_fund", "monthly")

    PARTS: ClassVar[Mapping[str, str]] = {"_left": HOURS, "_on_fund": HOURS}

    def __init__(self, monthly: float) -> None:
        self.monthly = monthly
        self._left = monthly
        self._on_fund: Mapping[str, float] = MappingProxyType({})

    @property
    def left(self) -> float:
        """Hours not yet spent this month."""
        return self._left

    def on_fund(self, fund: str) -> float:
        """Hours that this fund has caused this month."""
        return self._on_fund.get(fund, 0.0)

    def begin_month(self) -> None:
        """A new month: all hours are there again and none is counted yet."""
        self._left = self.monthly
        self._on_fund = MappingProxyType({})

    def spend(self, wanted: float, *, fund: str = NO_FUND) -> float:
        """Spend up to `wanted` hours and return how many there were; `fund`: which fund caused them, if one did."""
        granted = max(0.0, min(wanted, self._left))
        self._left -= granted
        self._on_fund = MappingProxyType({**self._on_fund, fund: self.on_fund(fund) + granted})
        return granted
