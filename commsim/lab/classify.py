"""The published procedure that sorts schedules into types (Fischbacher, Gächter and Fehr 2001), for many at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata, t

from commsim.world.records import BehaviouralType

LEVEL = 0.01
"""Significance of Spearman's rank correlation for a conditional cooperator, as published."""
_CLEAR_RISE = 0.75  # Spearman of the two sides of a hump; the published eye made no test of it
_RIM = 0.6  # a hump begins and ends below this share of its peak


def classify(schedules: NDArray[np.floating]) -> NDArray[np.uint8]:
    """A `BehaviouralType` for each schedule, shape (n, beliefs) → (n,); column j answers belief j, ascending.

    Free rider: nothing at all beliefs. Conditional cooperator: never falling, or rank correlation with the belief
    positive at the 1% level. Hump: rises to a peak, never or clearly not falling before and rising after it, and begins
    and ends well below it. Other: the rest. Sorts 138 of the 140 published schedules as their authors did.
    """
    beliefs = np.arange(schedules.shape[1], dtype=np.float64)
    found = np.full(len(schedules), int(BehaviouralType.OTHER), dtype=np.uint8)
    steps = np.diff(schedules, axis=1)
    rises = (steps >= 0).all(axis=1) & (schedules[:, -1] > schedules[:, 0])
    found[rises | (_rank_correlation(schedules, beliefs) > _critical(len(beliefs)))] = (
        BehaviouralType.CONDITIONAL_COOPERATOR
    )
    found[_is_hump(schedules)] = BehaviouralType.HUMP_SHAPED
    found[(schedules == 0).all(axis=1)] = BehaviouralType.FREE_RIDER
    return found


def _rank_correlation(schedules: NDArray[np.floating], beliefs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Spearman's correlation of each row with the beliefs; 0 for rows that do not vary."""
    if schedules.shape[1] < 2:
        return np.zeros(len(schedules))
    ranks = rankdata(schedules, axis=1)
    ranks = ranks - ranks.mean(axis=1, keepdims=True)
    order = rankdata(beliefs) - rankdata(beliefs).mean()
    scale = np.sqrt((ranks**2).sum(axis=1) * (order**2).sum())
    return np.divide(ranks @ order, scale, out=np.zeros(len(schedules)), where=scale > 0)


def _critical(beliefs: int) -> float:
    """Correlation from which the two-sided test rejects at `LEVEL` (Student's t)."""
    quantile = t.ppf(1.0 - LEVEL / 2.0, beliefs - 2)
    return float(quantile / np.sqrt(beliefs - 2 + quantile**2))


def _is_hump(schedules: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Rows that rise to a peak and fall after it, both clearly below the peak at their ends."""
    top = schedules.max(axis=1)
    ends = (schedules[:, 0] < _RIM * top) & (schedules[:, -1] < _RIM * top)
    first = schedules.argmax(axis=1)
    steps, places = np.diff(schedules, axis=1), np.arange(schedules.shape[1])
    before = places[1:] <= first[:, None]
    exact = (np.where(before, steps, 0) >= 0).all(axis=1) & (np.where(before, 0, steps) <= 0).all(axis=1)
    return ends & (exact | _clear_sides(schedules, first, np.flatnonzero(ends & ~exact)))


def _clear_sides(schedules: NDArray[np.floating], peak: NDArray[np.intp], rows: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Of `rows`, those that rise and fall in clear rank order around their peak, which is not at the rim."""
    clear = np.zeros(len(schedules), dtype=bool)
    places = np.arange(schedules.shape[1], dtype=np.float64)
    for place in range(2, schedules.shape[1] - 2):
        here = rows[peak[rows] == place]
        if here.size:
            up = _rank_correlation(schedules[here, : place + 1], places[: place + 1])
            down = _rank_correlation(schedules[here, place:], places[place:])
            clear[here] = (up > _CLEAR_RISE) & (down < -_CLEAR_RISE)
    return clear
