"""Raking households and persons together, and turning weights into whole households.

The weights found are those nearest to the starting weights (in Kullback–Leibler divergence) that meet every household
and person total at once: generalised raking (Deville, Särndal and Sautory 1993), which for a single table is iterative
proportional fitting, and which solves the problem of iterative proportional updating (Ye et al. 2009) exactly instead
of by cycling through the totals.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from commsim.errors import InvalidInput
from commsim.i18n import _

Weights = NDArray[np.float64]

MOST_STEPS = 100  # Newton's method needs about ten; beyond this the totals contradict each other
TOLERANCE = 1e-9  # largest miss of any total, as a share of the largest total
_SMALLEST_STEP = 2.0**-30
_UNITS = 2**20  # weights are kept to about a millionth of a household, so that rounding noise cannot reach the counts


class NoSuchMix(InvalidInput):
    """No positive weights meet the totals. `miss`: how far each total is off, as shares of the largest total."""

    def __init__(self, miss: Weights) -> None:
        text = _(
            "population: no mix of households meets all margins at once (the worst is off by {worst:.2g} of the "
            "largest total); check that the margins fit together, such as the number of residents and the households "
            "listed"
        )
        super().__init__(text.format(worst=float(np.abs(miss).max())))
        self.miss = miss

    def __reduce__(self) -> tuple[type[NoSuchMix], tuple[Weights]]:
        return (NoSuchMix, (self.miss,))


def rake(members: NDArray[np.float64], totals: Weights, start: Weights, *, tolerance: float = TOLERANCE) -> Weights:
    """Weights that meet all totals, as near to `start` as can be.

    Arguments: `members` (examples, totals), how much a copy of each example adds to each total, such as its persons of
    a sex and age; `totals` (totals,); `start` (examples,), positive. Returns positive weights, shape (examples,).

    Minimises Σ w·log(w / start) − w subject to `members.T @ w = totals` through its dual, with w = start ·
    exp(members @ multipliers), by Newton's method with halved steps. Totals that follow from others do no harm.
    Raises NoSuchMix (an InvalidInput) where no positive weights meet the totals.
    """
    scale = float(np.abs(totals).max())
    aim, base = totals / scale, start / scale
    multipliers: Weights = np.zeros(len(aim))
    # Sparse products run on one core and in one order, whatever the machine's linear algebra library does with more.
    added = csr_array(members)
    weights: Weights = np.array(base, dtype=np.float64)
    for _step in range(MOST_STEPS):
        miss = aim - added.T @ weights
        if np.abs(miss).max() <= tolerance:
            return weights * scale
        curvature = (added.T @ added.multiply(weights[:, None])).toarray()
        direction = np.linalg.lstsq(curvature, miss, rcond=None)[0].astype(np.float64)
        moved = _search(added, aim, base, multipliers, direction)
        if moved is None:
            break
        multipliers, weights = moved
    raise NoSuchMix(aim - added.T @ weights)


def _search(
    members: csr_array, aim: Weights, base: Weights, multipliers: Weights, direction: Weights
) -> tuple[Weights, Weights] | None:
    """The longest of the steps 1, 1/2, 1/4, … that raises the dual; None where none does."""
    before = float(aim @ multipliers - (base * np.exp(members @ multipliers)).sum())
    step = 1.0
    while step > _SMALLEST_STEP:
        tried = multipliers + step * direction
        exponent = members @ tried
        if exponent.max() < np.log(np.finfo(np.float64).max) / 2:
            weights: Weights = base * np.exp(exponent)
            # Near the solution the gain sinks below what floats can tell; a step that loses nothing is taken there.
            if float(aim @ tried - weights.sum()) >= before - np.finfo(np.float64).eps * 4:
                return tried, weights
        step /= 2
    return None


def fit_table(table: NDArray[np.float64], rows: Weights, columns: Weights, *, sweeps: int = 1000) -> Weights:
    """Iterative proportional fitting of a two-way table (Deming and Stephan 1940).

    Arguments: `table` (rows, columns), the odds ratios to keep, positive; `rows`, `columns`, the totals, of equal sums.
    Ends on the columns: these are met exactly. Returns the table, same shape.
    """
    fitted: Weights = table * (rows / table.sum(axis=1))[:, None]
    for _sweep in range(sweeps):
        factor = np.divide(columns, fitted.sum(axis=0), out=np.zeros(len(columns)), where=columns > 0)
        fitted = fitted * factor
        sums = fitted.sum(axis=1)
        if np.abs(sums - rows).max() <= TOLERANCE * max(float(rows.max()), 1.0):
            break
        fitted = fitted * (rows / sums)[:, None]
    else:
        fitted = fitted * np.divide(columns, fitted.sum(axis=0), out=np.zeros(len(columns)), where=columns > 0)
    return fitted


def whole_copies(weights: Weights, total: int, start: float) -> NDArray[np.int64]:
    """How often to take each example: whole numbers, each the weight rounded up or down, adding up to `total`.

    Systematic sampling (Madow 1949): one point in every `1`, from `start` in (0, 1), along the examples in the order
    given; neighbours in that order stand in for each other, so totals that follow the order are met best. Weights are
    scaled to `total` first. Works in integers, so that the last bits of the weights cannot change a count.
    """
    if total == 0 or len(weights) == 0:
        return np.zeros(len(weights), dtype=np.int64)
    units = np.rint(weights * (total / weights.sum()) * _UNITS).astype(np.int64)
    ends = np.cumsum(units)
    ends += np.rint((np.arange(1, len(ends) + 1) / len(ends)) * (total * _UNITS - ends[-1])).astype(np.int64)
    np.maximum.accumulate(ends, out=ends)
    ends[-1] = total * _UNITS
    offset = min(int(start * _UNITS), _UNITS - 1)
    reached = (ends - offset + _UNITS - 1) // _UNITS  # points at offset, offset + 1, … that lie before each end
    return np.diff(reached, prepend=(0 - offset + _UNITS - 1) // _UNITS)
