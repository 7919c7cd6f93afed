"""From numbers to places on an axis: readable ticks, linear scales, tick labels, calendar ticks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commsim.i18n import Bilingual, Text

MINUS = "\N{MINUS SIGN}"
NOTHING = 1e-9
_STEPS = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True)
class Axis:
    """A linear axis: `ticks` (ascending, at least two, the first and last are its ends), `decimals` of their labels."""

    ticks: tuple[float, ...]
    decimals: int

    @property
    def low(self) -> float:
        """Where the axis begins."""
        return self.ticks[0]

    @property
    def high(self) -> float:
        """Where the axis ends."""
        return self.ticks[-1]

    def place(self, value: float, start: float, stop: float) -> float:
        """The place of `value` between `start` (the axis' low end) and `stop`, in drawing units."""
        return start + (value - self.low) / (self.high - self.low) * (stop - start)

    def places(self, values: NDArray[np.float64], start: float, stop: float) -> NDArray[np.float64]:
        """`place` for an array of any shape."""
        return start + (values - self.low) / (self.high - self.low) * (stop - start)

    def labels(self) -> tuple[Text | str, ...]:
        """The tick labels; large numbers are counted in thousands or millions (千, 万 in Chinese)."""
        largest = max(abs(self.low), abs(self.high))
        return tuple(tick_label(tick, self.decimals, largest) for tick in self.ticks)


def finite(values: Iterable[float | None]) -> list[float]:
    """Those of `values` that are numbers one can draw."""
    return [float(value) for value in values if value is not None and math.isfinite(value)]


def axis_for(values: Iterable[float | None], *, intervals: int = 4, zero: bool = False) -> Axis:
    """The axis whose ticks are 1, 2 or 5 times a power of ten apart and cover every finite value.

    `intervals`: how many steps to aim at. `zero`: the axis must hold zero. Without any value it runs from 0 to 1.
    """
    # What is this close to nothing is rounding error of a sum, not something to fill an axis with.
    drawn = [value if abs(value) > NOTHING else 0.0 for value in finite(values)]
    if zero:
        drawn.append(0.0)
    low, high = (min(drawn), max(drawn)) if drawn else (0.0, 1.0)
    # Beyond this ratio of size to spread, floating point cannot tell neighbouring ticks apart.
    floor = max(abs(low), abs(high)) * 1e-9
    if high - low <= floor:
        half = abs(low) / 2 if low else 0.5
        low, high = (low - half, high + half) if low < 0 or not zero else (0.0, high * 2 if high else 1.0)
    step = _step((high - low) / intervals)
    first, last = math.floor(low / step), math.ceil(high / step)
    # A quotient may land a hair inside the data; one more step is then the honest answer.
    first -= first * step > low
    last += last * step < high
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return Axis(tuple(float(round(k * step, decimals + 2)) for k in range(first, last + 1)), decimals)


def _step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in _STEPS if factor * power >= rough * (1 - 1e-9))


def level_axis(values: Sequence[float | None], *, intervals: int = 4) -> Axis:
    """An axis for levels: from zero where the smallest value is under half of the largest, else close to the data."""
    drawn = finite(values)
    from_zero = bool(drawn) and min(drawn) >= 0 and min(drawn) < max(drawn) / 2
    return axis_for(drawn, intervals=intervals, zero=from_zero)


def plain(value: float, decimals: int) -> str:
    """A number with thousands separators and a true minus sign.

    >>> plain(-1234.5, 1), plain(-0.04, 1)
    ('−1,234.5', '0.0')
    """
    text = f"{abs(value):,.{decimals}f}"
    return f"{MINUS}{text}" if value < 0 and any(digit in text for digit in "123456789") else text


def tick_label(value: float, decimals: int, largest: float) -> Text | str:
    """The label of a tick on an axis whose `largest` tick decides whether it counts in thousands (千, 万, 亿).

    >>> tick_label(1500.0, 0, 8000.0), tick_label(5000.0, 0, 25e4).to("en"), tick_label(5000.0, 0, 25e4).to("zh")
    ('1,500', '5k', '0.5万')
    """
    if largest < 1e4 or value == 0:
        return plain(value, decimals if largest < 1e4 else 0)
    english = f"{_short(value / 1e6)}m" if largest >= 1e6 else f"{_short(value / 1e3)}k"
    chinese = f"{_short(value / 1e8)}亿" if largest >= 1e8 else f"{_short(value / 1e4)}万"
    return Bilingual(en=english, zh=chinese)


def _short(value: float) -> str:
    text = f"{abs(value):,.4f}".rstrip("0").rstrip(".")
    return MINUS + text if value < 0 else text


def calendar_ticks(dates: Sequence[str]) -> list[tuple[int, str]]:
    """Which months get a tick, and its label: every January ("2017") or, in short runs, every third month ("2017-04").

    `dates` are "YYYY-MM" by month of the run. Returns (position in `dates`, label), ascending.
    """
    januaries = [(place, date[:4]) for place, date in enumerate(dates) if date.endswith("-01")]
    if len(januaries) >= 2:
        return januaries
    return [(place, date) for place, date in enumerate(dates) if (int(date[5:7]) - 1) % 3 == 0] or [
        (place, date) for place, date in enumerate(dates[:1])
    ]
