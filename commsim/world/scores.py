"""Turning scores into shares and choices: who of a unit stands first, and how likely each is to be one of a share."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import expit, logit

Floats = NDArray[np.float64]
_PRECISION = 1e-7  # of log-odds: far below what a share can show
_WIDEST = 60.0  # log-odds beyond which a float64 probability is 0 or 1


def probabilities_of_share(score: Floats, share: float, weights: Floats | None = None) -> Floats:
    """Probabilities that follow `score` in log-odds and have the mean `share`: published totals are kept exactly.

    Arguments: `score`, log-odds up to a constant, shape (n,); `share`, the mean wanted, 0 … 1; `weights`, by which the
    mean is taken, where it was published of a population of another make-up (n,). Returns shape (n,). The constant is
    found by Brent's method.
    """
    if score.size == 0 or share <= 0.0:
        return np.zeros(score.size)
    if share >= 1.0:
        return np.ones(score.size)
    spread = float(np.abs(score).max())
    around = float(logit(share))

    def excess(constant: float) -> float:
        found = expit(score + constant)
        return float(found.mean() if weights is None else np.average(found, weights=weights)) - share

    constant = brentq(excess, around - spread - 1.0, around + spread + 1.0, xtol=_PRECISION)
    probabilities: Floats = expit(np.clip(score + constant, -_WIDEST, _WIDEST))
    return probabilities


def sorted_in_units(unit: NDArray[np.integer], key: ArrayLike) -> NDArray[np.intp]:
    """Positions by rising `unit`, inside each by rising `key`; ties go to the earlier position. All of shape (n,).

    Keys closer than some 1e-9 of their range count as tied: one float holds both unit and key, which sorts three times
    as fast as two do.
    """
    values = np.asarray(key, dtype=np.float64)
    if values.size == 0:
        return np.zeros(0, dtype=np.intp)
    lowest, width = values.min(), np.ptp(values)
    # Halved, so that rounding never carries a key into the next unit.
    share = (values - lowest) / (2.0 * width) if width > 0 else np.zeros(values.size)
    return np.argsort(unit + share, kind="stable")


def rank_within(unit: NDArray[np.integer], score: ArrayLike) -> NDArray[np.int64]:
    """Rank of each row inside its unit by falling score, from 0; ties go to the earlier row. Both of shape (n,)."""
    order = sorted_in_units(unit, -np.asarray(score, dtype=np.float64))
    ordered = unit[order]
    first = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if unit.size else np.zeros(0, np.int64)
    lengths = np.diff(np.r_[first, unit.size])
    rank = np.empty(unit.size, dtype=np.int64)
    rank[order] = np.arange(unit.size) - np.repeat(first, lengths)
    return rank


def shares01(values: ArrayLike) -> NDArray[np.float32]:
    """`values` cut to 0 … 1, as the float32 column that the world carries."""
    cut: NDArray[np.float32] = np.clip(np.asarray(values), 0.0, 1.0).astype(np.float32)
    return cut


def standardised(values: Floats, among: NDArray[np.bool_]) -> Floats:
    """`values` with mean 0 and standard deviation 1 `among` the rows marked; all zero where they do not differ."""
    if not among.any():
        return np.zeros(values.size)
    mean, spread = float(values[among].mean()), float(values[among].std())
    return (values - mean) / spread if spread > 0 else np.zeros(values.size)


def gumbel(uniforms: Floats) -> Floats:
    """Standard Gumbel noise: taking the highest of score + noise picks in proportion to exp(score)."""
    noise: Floats = -np.log(-np.log(uniforms))
    return noise
