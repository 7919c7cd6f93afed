"""Amounts that many plain inputs hold under one of two words: the budget, and a pot that may be infinite."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from commsim.contracts.plain_inputs import Plain


def listed_numbers(values: Any) -> list[float]:
    """Numbers of an array as plain floats, as answers of `evaluate` hold them."""
    return [float(value) for value in values]


def budget_of(known: Plain) -> float:
    """The `budget`, which an input may call `pool`. Raises KeyError where it holds neither."""
    return float(known["pool" if "pool" in known else "budget"])


def pot_of(known: Plain) -> float:
    """The `pool` (or `budget`), infinite where an input holds neither or says so."""
    pot = known.get("pool", known.get("budget", np.inf))
    return float("inf") if pot == "infinite" else float(pot)


def asks_of(known: Plain, n: int) -> NDArray[np.float64]:
    """What `n` claimants ask for; infinite where the input does not say."""
    return np.asarray(known.get("asks", np.full(n, np.inf)), dtype=np.float64)
