"""Arithmetic that rules share: water-filling among areas, paying proposals in order. Pure functions of arrays.

Everything is done in natural order of ids and put back afterwards, so that the outcome does not depend on the order in
which proposals or areas happen to stand: permuting them permutes it, to the fen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from commsim.money import largest_remainder
from commsim.natural_order import natural_order

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


def filled(budget: float, caps: Floats, weights: Floats) -> NDArray[np.bool_]:
    """Which claimants reach their cap when x_i = min(cap_i, λ·weight_i) and the x sum to `budget`, shape (n,).

    Claimants without weight get nothing and are never filled.
    """
    with np.errstate(over="ignore"):  # next to a weight of next to nothing a cap is as good as infinite
        ratio = np.divide(caps, weights, out=np.full(caps.size, np.inf), where=weights > 0)
    order = np.lexsort((ratio, weights <= 0))  # without weight last, also where a ratio overflowed
    cap, weight = caps[order], weights[order]
    paid_before = np.cumsum(cap) - cap
    weight_left = np.cumsum(weight[::-1])[::-1]
    # The level λ = (budget − paid before) / weight left is reached by all that come before the first that misses it;
    # cutting there keeps rounding from filling one behind it.
    reached = (weight > 0) & (cap * weight_left <= weight * (budget - paid_before))
    full = np.zeros(caps.size, dtype=bool)
    full[order] = np.logical_and.accumulate(reached)
    return full


def shares(budget: float, caps: ArrayLike, weights: ArrayLike, *, respread: bool) -> Floats:
    """Unrounded amounts in proportion to `weights`, none above its cap, shape (n,).

    With `respread`, what exceeds a cap is shared again among the others in proportion (x_i = min(cap_i, λ·weight_i));
    without it each keeps min(cap_i, budget·weight_i / sum of weights) and the rest is not given out.
    """
    given = np.asarray(weights, dtype=np.float64)
    limits = np.minimum(np.asarray(caps, dtype=np.float64), budget)
    if given.sum() == 0:
        return np.zeros(given.size)
    if not respread:
        return np.asarray(np.minimum(limits, budget * given / given.sum()))
    full = filled(budget, limits, given)
    left = budget - limits[full].sum()
    open_weight = given[~full].sum()
    level = left / open_weight if open_weight > 0 else 0.0
    parts: Floats = np.where(full, limits, np.minimum(limits, given * level))
    return parts


def whole_shares(budget: int, caps: Whole, weights: Floats, ids: Sequence[str], *, respread: bool) -> Whole:
    """`shares` in whole fen by largest remainder (ties by id): never above a cap, together exact to the fen."""
    order = natural_order(ids)
    limits, given = np.minimum(caps[order], budget), weights[order]
    if respread:
        full = filled(float(budget), limits.astype(np.float64), given)
        parts = np.where(full, limits, 0)
        parts += largest_remainder(budget - int(parts.sum()), np.where(full, 0.0, given))
        parts = _within(parts, limits, given)
    else:
        parts = np.minimum(largest_remainder(budget, given), limits)
    shares_by_id = np.empty_like(parts)
    shares_by_id[order] = parts
    return shares_by_id


def _within(parts: Whole, limits: Whole, weights: Floats) -> Whole:
    """Move single fen that rounding put above a limit to the first claimants that have room and weight."""
    over = int(np.maximum(parts - limits, 0).sum())
    parts = np.minimum(parts, limits)
    for position in np.flatnonzero((parts < limits) & (weights > 0)):
        if over == 0:
            break
        added = min(over, int(limits[position] - parts[position]))
        parts[position] += added
        over -= added
    return parts


@dataclass(frozen=True)
class InOrder:
    """What came of paying in order: `paid` fen by proposal, and `left`, what was there when its turn came."""

    paid: Whole
    left: Whole


def pay_in_order(order: Whole, group: NDArray[np.integer], pots: Whole, ask: Whole, minimum: Whole) -> InOrder:
    """Pay proposals in `order`, each from the pot of its group: in full while money lasts, the last one in part.

    A proposal is paid in part where at least its `minimum` is left; otherwise it is passed over and the next one that
    can be started is paid. Arguments: `order` positions, `group` of each proposal (index into `pots`), `pots`, `ask`
    and `minimum` in fen.
    """
    pot = pots.tolist()
    paid, left = np.zeros(len(ask), dtype=np.int64), np.zeros(len(ask), dtype=np.int64)
    for position in order.tolist():
        available = pot[group[position]]
        left[position] = available
        if available >= ask[position]:
            paid[position] = ask[position]
        elif available >= minimum[position]:
            paid[position] = available
        pot[group[position]] -= int(paid[position])
    return InOrder(paid, left)
