"""How unequally something is spread: the Gini coefficient, weighted."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def gini(values: ArrayLike, weights: ArrayLike | None = None) -> float | None:
    """The Gini coefficient of `values`, each counted `weights` times (once where None); 0 = all equal.

    It is half the mean absolute difference between two randomly drawn units, divided by the mean. Sorted by value x,
    with weights w, running weights C and total weight W, it is Σ w x (2 C − w − W) ÷ (W Σ w x), which costs one sort
    instead of all pairs.

    Arguments: `values` and `weights`, shape (n,), finite and not negative.
    Returns None where nothing is there to be divided (no units, no weight or a total of zero).
    Raises ValueError for negative or non-finite input.
    Source: Gini 1912; equality with the pairwise definition is tested.

    >>> gini([1, 1, 1]), gini([0, 0, 0, 4]), gini([0, 0])
    (0.0, 0.75, None)
    """
    amounts = np.asarray(values, dtype=np.float64)
    counts = np.ones_like(amounts) if weights is None else np.asarray(weights, dtype=np.float64)
    for given in (amounts, counts):
        if np.any(given < 0) or not np.all(np.isfinite(given)):
            raise ValueError("a Gini coefficient needs finite values and weights that are not negative")
    order = np.argsort(amounts, kind="stable")
    weight, total_weight = counts[order], counts.sum()
    held = amounts[order] * weight
    if total_weight == 0 or held.sum() == 0:
        return None
    rank = 2 * np.cumsum(weight) - weight - total_weight
    return max(float(np.sum(held * rank) / (total_weight * held.sum())), 0.0)  # rounding may leave −1e-16
