"""Paired statistics: what a rule changes against the baseline on the same replicates, and how sure that is.

A rule and its baseline share residents and luck in each replicate, so the difference is taken within the replicate and
its spread over replicates is what the interval is made of.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import scipy  # its parts load when they are used
from numpy.typing import ArrayLike

CONFIDENCE = 0.95
FEW = 5
"""Below this many replicates an interval that holds zero says nothing but that there are too few of them."""
_WIDE = 3
_NOT_A_NUMBER = float("nan")


@dataclass(frozen=True)
class Estimate:
    """A figure with its interval: `value`, `low`, `high` (NaN where undefined), `n` replicates, and `same_sign`, the
    share of replicates in which the figure has the sign of `value` (NaN without any)."""

    value: float
    low: float
    high: float
    n: int
    same_sign: float

    @property
    def bounded(self) -> bool:
        """Whether there is an interval."""
        return math.isfinite(self.low) and math.isfinite(self.high)


def says_little(
    value: float | None,
    low: float | None,
    high: float | None,
    n: int,
    *,
    ratio: bool = False,
    apart: bool | None = None,
) -> bool:
    """Whether an interval is worth nothing as a finding: "too few replicates to tell".

    It is where it rests on one to four replicates and the figure is not told apart from zero, and, of a `ratio`
    (leverage, cost), where it is more than three times as wide as the figure, however many there are. `apart`: whether
    the figure is told apart after correction (None: whether the interval leaves zero out). False where there is no
    interval, and where every replicate says that nothing differs.

    >>> says_little(893, -389, 18_399, 5, ratio=True), says_little(361, 289, 433, 3)
    (True, False)
    >>> says_little(2, 2, 2, 3, apart=False), says_little(0, 0, 0, 3, apart=False)
    (True, False)
    """
    if value is None or low is None or high is None or not math.isfinite(low + high + value):
        return False
    clear = (low > 0 or high < 0) if apart is None else apart
    few = n < FEW and not clear and not low == high == 0
    return few or (ratio and high - low > _WIDE * abs(value))


def t_quantile(n: int) -> float:
    """The two-sided 95% quantile of Student's t for `n` observations."""
    return float(scipy.stats.t.ppf(0.5 + CONFIDENCE / 2, n - 1))


def mean_interval(values: ArrayLike) -> Estimate:
    """Mean of `values`, shape (n,), with its 95% t-interval: mean ± t × s / √n.

    The interval is undefined (NaN) for fewer than two values, and so is the mean for none. NaN among the values is the
    caller's fault: ValueError.
    """
    given = np.asarray(values, dtype=np.float64)
    if np.any(np.isnan(given)):
        raise ValueError("take out undefined values, with their pairs, before averaging")
    n = given.size
    if n == 0:
        return Estimate(_NOT_A_NUMBER, _NOT_A_NUMBER, _NOT_A_NUMBER, 0, _NOT_A_NUMBER)
    mean = float(given.mean())
    half = t_quantile(n) * float(given.std(ddof=1)) / math.sqrt(n) if n > 1 else _NOT_A_NUMBER
    return Estimate(mean, mean - half, mean + half, n, _same_sign(given, mean))


def paired_difference(values: ArrayLike, baseline: ArrayLike) -> Estimate:
    """Mean difference of pairs, both of shape (n,), with the 95% t-interval of the paired t-test."""
    return mean_interval(np.asarray(values, dtype=np.float64) - np.asarray(baseline, dtype=np.float64))


def ratio_of_sums(numerators: ArrayLike, denominators: ArrayLike) -> Estimate:
    """Σ numerators ÷ Σ denominators over replicates, with Fieller's 95% interval; both of shape (n,).

    Fieller's interval holds every ratio θ that a t-test of mean(numerator − θ × denominator) = 0 does not reject; it
    is exact where the pairs are normal, and needs no small-spread approximation as the delta method does. Where the
    denominator cannot be told from zero that set is unbounded: the ratio is given, the interval is undefined (NaN).
    Everything is undefined where the denominators do not sum to more than zero, the interval also for n < 2.
    Source: Fieller 1954, JRSS B 16(2): 175–185.
    """
    top, bottom = np.asarray(numerators, dtype=np.float64), np.asarray(denominators, dtype=np.float64)
    n = top.size
    if n == 0 or not bottom.sum() > 0:
        return Estimate(_NOT_A_NUMBER, _NOT_A_NUMBER, _NOT_A_NUMBER, n, _NOT_A_NUMBER)
    ratio = float(top.sum() / bottom.sum())
    low, high = _fieller(top, bottom) if n > 1 else (_NOT_A_NUMBER, _NOT_A_NUMBER)
    return Estimate(ratio, low, high, n, _same_sign(top * np.sign(bottom), ratio))


def _fieller(top: np.ndarray, bottom: np.ndarray) -> tuple[float, float]:
    n = top.size
    spread = np.cov(top, bottom, ddof=1) / n * t_quantile(n) ** 2
    mean_top, mean_bottom = top.mean(), bottom.mean()
    # a θ² − 2 b θ + c ≤ 0 holds exactly for the ratios that are not rejected.
    a = mean_bottom**2 - spread[1, 1]
    b = mean_top * mean_bottom - spread[0, 1]
    c = mean_top**2 - spread[0, 0]
    if a <= 0:
        return _NOT_A_NUMBER, _NOT_A_NUMBER
    root = math.sqrt(max(b * b - a * c, 0.0))  # rounding may leave −1e-20 where nothing spreads
    return float((b - root) / a), float((b + root) / a)


def _same_sign(values: np.ndarray, whole: float) -> float:
    return float(np.mean(np.sign(values) == np.sign(whole)))
