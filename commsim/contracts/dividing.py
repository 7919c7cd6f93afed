"""Exact division of fen that the order of proposals does not change."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from commsim.money import largest_remainder
from commsim.natural_order import natural_order


def divide_by_id(total: int, weights: NDArray[np.int64], ids: Sequence[str]) -> NDArray[np.int64]:
    """`total` fen by weights, together exact to the fen, shape (n,): `largest_remainder` with ties by id, not position.

    >>> divide_by_id(100, np.array([1, 1, 1]), ["p2", "p10", "p1"]).tolist()
    [33, 33, 34]
    """
    order = natural_order(ids)
    parts = np.empty(len(ids), dtype=np.int64)
    parts[order] = largest_remainder(total, weights[order])
    return parts
