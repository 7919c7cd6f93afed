"""Staff hours: finite, spent in the order in which the month's work comes up, and counted."""

from __future__ import annotations


class Hours:
    """A month's working hours of one office. What is not there cannot be spent."""

    __slots__ = ("_left", "monthly", "on_fund")

    def __init__(self, monthly: float) -> None:
        self.monthly = monthly
        self._left = monthly
        self.on_fund = 0.0

    @property
    def left(self) -> float:
        """Hours not yet spent this month."""
        return self._left

    def begin_month(self) -> None:
        """A new month: all hours are there again and none is counted yet."""
        self._left = self.monthly
        self.on_fund = 0.0

    def spend(self, wanted: float, *, on_fund: bool) -> float:
        """Spend up to `wanted` hours and return how many there were; `on_fund` counts them as cost of the fund."""
        granted = max(0.0, min(wanted, self._left))
        self._left -= granted
        if on_fund:
            self.on_fund += granted
        return granted
