"""Rules against each other: paired differences of every two arms on the same residents and luck.

The family of Holm's correction is all pairs of one indicator: over all the claims made on that indicator, the chance
of even one false one is at most 5%. Other indicators are other families. Sources: those of
`commsim.study.significance`; Efron & Stein 1981 (jackknife variance of a ratio).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy  # its parts load when they are used
from numpy.typing import ArrayLike, NDArray

from commsim.study.paired import CONFIDENCE, FEW
from commsim.study.significance import LEVEL, ROUNDING, Floats, holm, two_sided_p

__all__ = ["Pairwise", "holm", "levels_pairwise", "ratios_pairwise"]


@dataclass(frozen=True)
class Pairwise:
    """Every pair of arms in one indicator, arrays of one entry a pair, NaN where undefined.

    `first`, `second`: positions of the arms, first < second. `difference`: first − second; `low`, `high`: its 95%
    interval (not corrected for the number of pairs); `n`: replicates that both have; `p`: two-sided
    (`commsim.study.significance`); `p_holm`: corrected. `unbounded`: a ratio's denominator cannot be told from zero,
    so that there is no figure.
    """

    first: NDArray[np.intp]
    second: NDArray[np.intp]
    difference: Floats
    low: Floats
    high: Floats
    n: NDArray[np.int32]
    p: Floats
    p_holm: Floats
    unbounded: NDArray[np.bool_]

    @property
    def distinguishable(self) -> NDArray[np.bool_]:
        """Whether the pair differs at 5% after Holm's correction; never where there is no interval."""
        return self.p_holm < LEVEL

    @property
    def too_few(self) -> NDArray[np.bool_]:
        """Whether nothing can be said of the pair for want of replicates: none told apart with fewer than `FEW`."""
        return ~self.distinguishable & (self.n < FEW) & ~np.isnan(self.difference)


def levels_pairwise(values: ArrayLike) -> Pairwise:
    """Every two arms' paired mean difference with the paired t-test's interval and p value.

    `values`: shape (arms, replicates), NaN where a run failed or has no such figure; each pair uses the replicates
    that both have, and below two of them it has no interval.
    """
    given = np.asarray(values, dtype=np.float64)
    first, second = np.triu_indices(len(given), 1)
    gaps = given[first] - given[second]
    known = ~np.isnan(gaps)
    n = known.sum(axis=1)
    mean = _divided(np.where(known, gaps, 0.0).sum(axis=1), n)
    squares = np.where(known, (gaps - mean[:, None]) ** 2, 0.0).sum(axis=1)
    error = np.sqrt(_divided(squares, n * (n - 1)))
    sizes = np.abs(given).max(axis=1, initial=0.0, where=~np.isnan(given))
    size = np.maximum(sizes[first], sizes[second])
    return _tested(first, second, mean, error, n, size, np.zeros(len(first), dtype=bool))


def ratios_pairwise(tops: ArrayLike, bottoms: ArrayLike) -> Pairwise:
    """Every two arms' difference between their ratios of sums, with a jackknife interval over replicates.

    `tops`, `bottoms`: shape (arms, replicates), NaN where a run is missing. As for one ratio
    (`commsim.study.paired.ratio_of_sums`), there is no figure where a denominator cannot be told from zero. Each
    replicate is left out of both arms at once, so that what they share cancels; the interval is the difference ± t ×
    the jackknife's standard error. With denominators that do not vary it is the paired t-interval.
    """
    given_top, given_bottom = np.asarray(tops, dtype=np.float64), np.asarray(bottoms, dtype=np.float64)
    first, second = np.triu_indices(len(given_top), 1)
    whole = given_top + given_bottom
    known = ~np.isnan(whole[first] + whole[second])
    n = known.sum(axis=1)
    sides = [_ratio(given_top[side], given_bottom[side], known, n) for side in (first, second)]
    value = sides[0][0] - sides[1][0]
    left_out = sides[0][1] - sides[1][1]
    middle = _divided(np.where(known, left_out, 0.0).sum(axis=1), n)
    squares = np.where(known, (left_out - middle[:, None]) ** 2, 0.0).sum(axis=1)
    error = np.sqrt(squares * _divided(n - 1.0, n))
    size = np.maximum(np.abs(sides[0][0]), np.abs(sides[1][0]))
    return _tested(first, second, value, error, n, size, sides[0][2] | sides[1][2])


def _ratio(top: Floats, bottom: Floats, known: NDArray[np.bool_], n: Any) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Ratio of sums, the same with each replicate left out, and whether the denominator may be zero."""
    top, bottom = np.where(known, top, 0.0), np.where(known, bottom, 0.0)
    whole_top, whole_bottom = top.sum(axis=1), bottom.sum(axis=1)
    mean = _divided(whole_bottom, n)
    squares = np.where(known, (bottom - mean[:, None]) ** 2, 0.0).sum(axis=1)
    spread = _divided(squares, n * (n - 1)) * _t(n) ** 2
    unsure = (whole_bottom > 0) & (n > 1) & ~(mean**2 > spread)
    ratio = np.where(unsure, np.nan, _divided(whole_top, np.maximum(whole_bottom, 0.0)))
    rest = np.maximum(whole_bottom[:, None] - bottom, 0.0)
    return ratio, _divided(whole_top[:, None] - top, rest), unsure


def _tested(first: Any, second: Any, value: Floats, error: Floats, n: Any, size: Floats, unbounded: Any) -> Pairwise:
    error = np.where(error <= ROUNDING * size, 0.0, error)
    value = np.where(np.abs(value) <= ROUNDING * size, 0.0, value)
    error = np.where((n > 1) & ~np.isnan(value), error, np.nan)
    p = two_sided_p(value, error, n)
    half = _t(n) * error
    return Pairwise(first, second, value, value - half, value + half, n.astype(np.int32), p, holm(p), unbounded)


def _t(n: Any) -> Floats:
    return np.asarray(scipy.stats.t.ppf(0.5 + CONFIDENCE / 2, np.maximum(n - 1, 1)), dtype=np.float64)


def _divided(top: Any, bottom: Any) -> Floats:
    """Quotients, NaN over zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.asarray(bottom) != 0, np.asarray(top, dtype=np.float64) / bottom, np.nan)
