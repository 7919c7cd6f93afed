"""Whom a recruiter asks: those likely to say yes (rational prospecting, Brady, Schlozman and Verba 1999), or anyone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commsim.randomness import Uniforms


def prospects(
    log_odds: NDArray[np.floating], known: NDArray[np.bool_], prospecting: float, for_known: float
) -> NDArray[np.float64]:
    """How likely each person is to be chosen (relative), shape (n,): exp(prospecting × log-odds), more if known.

    `for_known`: how much likelier a known person is to be chosen (`mobilisation.weight_of_known`).
    """
    centred = np.asarray(log_odds, dtype=np.float64) - float(np.mean(log_odds))
    return np.asarray(np.exp(prospecting * centred) * (1.0 + for_known * known))


def chosen(weights: NDArray[np.floating], asks: int, luck: Uniforms) -> NDArray[np.intp]:
    """`asks` different people, drawn by `weights` without putting back (Efraimidis and Spirakis 2006); positions."""
    with np.errstate(divide="ignore"):
        keys = -np.log(luck) / weights
    return np.sort(np.argsort(keys, kind="stable")[:asks])
