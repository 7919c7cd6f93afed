"""Money as integer fen (1 yuan = 100 fen): conversion and exact division.

No amount is ever a float once it can be spent. Division rounds by largest remainder, so that the parts add up to the
whole to the fen.
"""

from __future__ import annotations

import math
from decimal import Decimal
from numbers import Rational
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FEN_PER_YUAN = 100

LARGEST_YUAN = 10**12
"""Largest amount in yuan that any input may hold, and largest number that a rule's parameter may have.

In fen it is exact as a float as well (below 2**53), and 90,000 such amounts still add up within 64 bits.
"""


ROUNDING = 1e-12
"""Part of a bound by which a value may lie beyond it."""


def is_finite(value: Any) -> bool:
    """Whether a number is finite; a whole number too large for a float is finite too, where `math.isfinite` fails."""
    return isinstance(value, Rational) or bool(math.isfinite(value))


def is_about(value: float, bound: float) -> bool:
    """Whether a value differs from a bound by no more than arithmetic with floats may add; false beyond any float."""
    return abs(value) <= LARGEST_YUAN and math.isclose(value, bound, rel_tol=ROUNDING)


def fen(yuan: int | float | str | Decimal) -> int:
    """Yuan as whole fen.

    Raises ValueError where the amount is not a whole number of fen, since half a fen cannot be paid, and where it is
    beyond LARGEST_YUAN.

    >>> fen(15_000), fen("0.05")
    (1500000, 5)
    """
    if isinstance(yuan, int | float) and not abs(yuan) <= LARGEST_YUAN:
        raise ValueError(f"an amount of at most {LARGEST_YUAN:,} yuan was expected")
    amount = Decimal(str(yuan)) * FEN_PER_YUAN
    if not amount.is_finite() or abs(amount) > LARGEST_YUAN * FEN_PER_YUAN:
        raise ValueError(f"an amount of at most {LARGEST_YUAN:,} yuan was expected")
    if amount != amount.to_integral_value():
        raise ValueError(f"{yuan} yuan is not a whole number of fen")
    return int(amount)


def yuan(amount: int) -> Decimal:
    """Fen as yuan, exactly."""
    return Decimal(int(amount)) / FEN_PER_YUAN


def largest_remainder(total: int, weights: ArrayLike) -> NDArray[np.int64]:
    """Divide `total` fen in proportion to `weights` (any non-negative numbers), exactly.

    Each part is its exact share rounded down; the fen left over go to the largest remainders, ties to the lower index
    (Hamilton's method). Returns int64 of the same length; all zero where the weights are.

    >>> largest_remainder(100, [1, 1, 1]).tolist()
    [34, 33, 33]
    """
    given = np.asarray(weights, dtype=np.float64)
    if np.any(given < 0) or not np.all(np.isfinite(given)):
        raise ValueError("weights must be finite and not negative")
    whole = given.sum()
    if total == 0 or whole == 0:
        return np.zeros(given.size, dtype=np.int64)
    exact = given / whole * total
    parts = np.floor(exact).astype(np.int64)
    # A float share may fall a hair over or under; the remainder is settled in integers either way.
    left = int(total - parts.sum())
    order = np.argsort(-(exact - parts), kind="stable")
    step = 1 if left > 0 else -1
    for position in range(abs(left)):
        parts[order[position % given.size] if step > 0 else order[-1 - position % given.size]] += step
    return parts


def in_yuan(fen: int) -> str:
    """An amount of fen as yuan for a sentence, with thousands separated and fen shown only where there are any.

    >>> in_yuan(1_500_000), in_yuan(1_250)
    ('15,000', '12.50')
    """
    amount = yuan(int(fen))
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
