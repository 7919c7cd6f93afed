"""Staff hours: finite, spent in the order in which the month's work comes up, and counted by what caused them."""

from __future__ import annotations

NO_FUND = ""


class Hours:
    """A month's working hours of one office. What is not there cannot be spent."""

    __slots__ = ("_left", "_on_fund", "monthly")

    def __init__(self, monthly: float) -> None:
        self.monthly = monthly
        self._left = monthly
        self._on_fund: dict[str, float] = {}

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
        self._on_fund = {}

    def spend(self, wanted: float, *, fund: str = NO_FUND) -> float:
        """Spend up to `wanted` hours and return how many there were; `fund`: which fund caused them, if one did."""
        granted = max(0.0, min(wanted, self._left))
        self._left -= granted
        self._on_fund[fund] = self.on_fund(fund) + granted
        return granted
