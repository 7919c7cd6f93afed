"""Bringing a point of the parameters to a level of participation without a fund, and how far it misses rows P0 and P15.

The intercept of giving hours follows from the level that is wanted, given all other parameters, within its own range.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from commsim.scenario.registry import load_registry
from commsim.validation.path_measures import leak, level
from commsim.validation.path_runs import Player, Runs
from commsim.validation.path_statistics import Measures

INTERCEPT = "yes.base_time"
LEVELS, LEAKS = (0.03, 0.12), (0.30, 0.40)
"""Ranges of P0 and P15."""
MARGIN = 0.05
"""Share of P0's range at each end that is not aimed at, so that an interval over seeds has room."""
NEAR_ENOUGH = 0.1
"""How near in log-odds a level has to come."""
TRIES = 6
"""Runs by which an intercept is looked for."""


def target_of(luck: float) -> float:
    """The level that a draw is brought to, from a uniform."""
    low, high = LEVELS
    return low + (high - low) * (MARGIN + (1.0 - 2.0 * MARGIN) * luck)


def intercept_for(target: float, level_at: Callable[[float], float], low: float, high: float, start: float) -> float:
    """The intercept in `low` … `high` at which `level_at` comes near `target`, or the best of a few tries.

    Steps in log-odds of the level (which moves about one for one with the intercept), kept inside what is already known
    to be too low and too high.

    >>> round(intercept_for(0.5, lambda x: 1 / (1 + math.exp(-(x + 3))), -7.0, 0.0, -5.0), 2)
    -3.0
    """
    best, best_miss, at = start, math.inf, start
    for _try in range(TRIES):
        miss = _log_odds(level_at(at)) - _log_odds(target)
        if abs(miss) < best_miss:
            best, best_miss = at, abs(miss)
        if best_miss < NEAR_ENOUGH:
            break
        low, high = (low, min(high, at)) if miss > 0 else (max(low, at), high)
        step = at - miss
        at = step if low < step < high else (low + high) / 2.0
    return best


@dataclass(frozen=True)
class Fitted:
    """A point of the parameters with its intercept, and how far it misses the two rows (log-odds; 0: it meets both)."""

    values: dict[str, float]
    miss: float


def fitted_point(values: Mapping[str, float], target: float, stage: Player) -> Fitted:
    """Bring a point to a level without a fund, and say how far level and leak then lie outside P0's and P15's ranges.

    `stage` plays the arm `none` of a family without a fund.
    """
    known = load_registry()[INTERCEPT]
    seen: dict[float, Runs] = {}

    def level_at(intercept: float) -> float:
        seen[intercept] = stage.play(("none",), {**values, INTERCEPT: intercept})
        return _share(level(seen[intercept]), "gave", "adults")

    lowest = level_at(known.low)
    if lowest > LEVELS[1]:  # too many give however few say yes
        return Fitted({**values, INTERCEPT: known.low}, _outside(lowest, LEVELS))
    intercept = intercept_for(target, level_at, known.low, known.high, known.value)
    reached = _share(level(seen[intercept]), "gave", "adults")
    stopped = _share(leak(seen[intercept]), "stopped", "gave")
    return Fitted({**values, INTERCEPT: intercept}, _outside(reached, LEVELS) + _outside(stopped, LEAKS))


def _share(counted: Measures, top: str, bottom: str) -> float:
    return counted[top] / max(counted[bottom], 1.0)


def _outside(share: float, bounds: tuple[float, float]) -> float:
    """How far a share lies outside two bounds, in log-odds."""
    low, high = map(_log_odds, bounds)
    return max(low - _log_odds(share), _log_odds(share) - high, 0.0)


def _log_odds(share: float) -> float:
    inside = min(max(share, 1e-6), 1.0 - 1e-6)
    return math.log(inside / (1.0 - inside))
