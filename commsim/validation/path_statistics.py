"""Statistics of the path's facts: one number a seed, whose mean over seeds and its interval are what a test looks at.

Most are ratios of counts that are small in one seed (two awards, no first act). The mean of such ratios is biased, and
undefined where a seed counts nothing. So a ratio is taken over all seeds together, and each seed gives its linearised
value r + (y − r·x) ÷ mean(x): their mean is the ratio, and Student's interval of their mean is the usual interval of a
ratio estimator (Cochran 1977, chapter 6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Measures = Mapping[str, float]
"""What one seed's runs were measured to be, by name."""
Values = NDArray[np.float64]


class Statistic(Protocol):
    """Turns the measures of all seeds into one number a seed."""

    def values(self, measures: Sequence[Measures]) -> Values:
        """One number a seed, shape (seeds,); NaN where the statistic is not defined."""


@dataclass(frozen=True)
class Mean:
    """A measure as it is."""

    name: str

    def values(self, measures: Sequence[Measures]) -> Values:
        """See `Statistic.values`."""
        return _column(measures, self.name)


@dataclass(frozen=True)
class Ratio:
    """`top` ÷ `bottom` over all seeds together.

    >>> Ratio("won", "tried").values([{"won": 1, "tried": 2}, {"won": 3, "tried": 6}]).tolist()
    [0.5, 0.5]
    """

    top: str
    bottom: str

    def values(self, measures: Sequence[Measures]) -> Values:
        """See `Statistic.values`."""
        top, bottom = _column(measures, self.top), _column(measures, self.bottom)
        if not bottom.sum() > 0:
            return np.full(len(top), np.nan)
        ratio = top.sum() / bottom.sum()
        return np.asarray(ratio + (top - ratio * bottom) / bottom.mean())


@dataclass(frozen=True)
class Difference:
    """One statistic less another."""

    first: Statistic
    second: Statistic

    def values(self, measures: Sequence[Measures]) -> Values:
        """See `Statistic.values`."""
        return self.first.values(measures) - self.second.values(measures)


@dataclass(frozen=True)
class Quotient:
    """One statistic ÷ another, linearised like a ratio: a ÷ b + (aᵢ − (a ÷ b)·bᵢ) ÷ b."""

    first: Statistic
    second: Statistic

    def values(self, measures: Sequence[Measures]) -> Values:
        """See `Statistic.values`."""
        top, bottom = self.first.values(measures), self.second.values(measures)
        mean = bottom.mean()
        if not mean > 0:
            return np.full(len(top), np.nan)
        quotient = top.mean() / mean
        return np.asarray(quotient + (top - quotient * bottom) / mean)


def _column(measures: Sequence[Measures], name: str) -> Values:
    return np.array([of_seed[name] for of_seed in measures], dtype=np.float64)
