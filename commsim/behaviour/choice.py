"""Whether a resident who is asked says yes, and to what: a nested choice on log-odds.

First whether to act at all this month, then which kind of act, then which of the open projects. The value of a kind
of act is the *mean*, not the sum, over its projects (weighted by their size), so that making two projects out of one
does not raise participation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commsim.randomness import Uniforms, pick

LogOdds = NDArray[np.float64]
Luck = Callable[[NDArray[np.intp]], Uniforms]
"""Uniforms of some of those asked, by their position among them."""

NOT_OPEN = -np.inf
"""Log-odds of an act or project that is not open to this resident."""


@dataclass(frozen=True)
class Choice:
    """What those asked decided: whether (mask), and for each the kind of act and the option chosen (−1 if none)."""

    acts: NDArray[np.bool_]
    kind: NDArray[np.intp]
    option: NDArray[np.intp]


def weighted_log_mean_exp(values: LogOdds, weights: NDArray[np.floating]) -> LogOdds:
    """log of the weighted mean of exp(values) over the last axis; −inf where no option is open.

    Splitting an option into parts that share its weight and have its value changes nothing.
    """
    top = np.max(values, axis=-1, keepdims=True)
    safe_top = np.where(np.isfinite(top), top, 0.0)
    open_weights = np.where(np.isfinite(values), weights, 0.0)
    total = open_weights.sum(axis=-1)
    mean = np.divide(
        (open_weights * np.exp(values - safe_top)).sum(axis=-1), total, out=np.zeros_like(total), where=total > 0
    )
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(mean) + safe_top[..., 0])


def values_by_kind(
    options: LogOdds, kind_of_option: NDArray[np.integer], weights: NDArray[np.floating], kinds: int
) -> LogOdds:
    """Value of each kind of act on each person's own menu: `weighted_log_mean_exp` over its options, (n, kinds).

    The same as calling that function kind by kind, but with one pass of exponentials. Options lie along the first axis
    inside, so that sums over a few options of many people run along memory.
    """
    values, kind_of = np.ascontiguousarray(options.T), np.ascontiguousarray(kind_of_option.T)
    top = np.max(values, axis=0)
    top = np.where(np.isfinite(top), top, 0.0)
    open_weights = np.where(np.isfinite(values), weights.T, 0.0)
    raised = np.exp(values - top) * open_weights
    by_kind = np.full((kinds, len(options)), NOT_OPEN).T
    for kind in range(kinds):
        mine = kind_of == kind
        if not mine.any():
            continue
        total = (open_weights * mine).sum(axis=0)
        mean = np.divide((raised * mine).sum(axis=0), total, out=np.zeros_like(total), where=total > 0)
        with np.errstate(divide="ignore"):
            by_kind[:, kind] = np.log(mean) + top
    return by_kind


def value_of_acting(kinds: LogOdds, nest: float) -> LogOdds:
    """Log-odds of acting at all, from the log-odds of each kind of act, shape (n, kinds) → (n,).

    `nest` runs from 0 (kinds of act stand in for each other completely: only the best counts) to 1 (they are
    independent: each adds its own). −inf where nothing is open.
    """
    values = np.ascontiguousarray(kinds.T)
    top = np.max(values, axis=0)
    safe_top = np.where(np.isfinite(top), top, 0.0)
    if nest == 0:
        return np.asarray(top)
    with np.errstate(divide="ignore"):
        several = safe_top + nest * np.log(np.exp((values - safe_top) / nest).sum(axis=0))
    return np.where(np.isfinite(top), several, NOT_OPEN)


def shares_of(values: LogOdds, weights: NDArray[np.floating] | float = 1.0) -> NDArray[np.float64]:
    """Logit shares of options over the last axis; rows without an open option are all zero."""
    top = np.max(values, axis=-1, keepdims=True)
    raw = np.exp(values - np.where(np.isfinite(top), top, 0.0)) * weights
    total = raw.sum(axis=-1, keepdims=True)
    return np.divide(raw, total, out=np.zeros_like(raw), where=total > 0)


def chance(log_odds: LogOdds) -> NDArray[np.float64]:
    """Probability from log-odds."""
    with np.errstate(over="ignore"):
        return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))


def decide(
    options: LogOdds,
    kind_of_option: NDArray[np.integer],
    weights: NDArray[np.floating],
    kinds: int,
    nest: float,
    *,
    whether: Uniforms,
    which_kind: Luck,
    which_option: Luck,
) -> Choice:
    """The nested choice of everyone asked; each row has its own menu, padded with options that are not open.

    `options`: log-odds per person and option, shape (n, options), `NOT_OPEN` where there is none; `kind_of_option` and
    `weights` (size of the project): the same shape, best laid out option by option in memory; `whether`: uniforms,
    shape (n,); `which_kind` and `which_option` are drawn for those alone who act and have something to choose. Returns
    who acts, which kind of act and which option.
    """
    by_kind = values_by_kind(options, kind_of_option, weights, kinds)
    acts = whether < chance(value_of_acting(by_kind, nest))
    # Only those who act have to be followed further; they are few.
    acting = np.flatnonzero(acts)
    kind_chosen = np.full(len(options), -1, dtype=np.intp)
    option_chosen = np.full(len(options), -1, dtype=np.intp)
    kind = _pick_one(shares_of(by_kind[acting]), acting, which_kind)
    inside = np.where(kind_of_option[acting] == kind[:, None], options[acting], NOT_OPEN)
    kind_chosen[acting] = kind
    option_chosen[acting] = _pick_one(shares_of(inside, weights[acting]), acting, which_option)
    return Choice(acts=acts, kind=kind_chosen, option=option_chosen)


def _pick_one(shares: NDArray[np.float64], who: NDArray[np.intp], luck: Luck) -> NDArray[np.intp]:
    """One option per row of `shares`, (who, options), by the luck of `who`: nobody needs luck for a single option."""
    chosen = np.argmax(shares, axis=1)
    several = np.flatnonzero(np.count_nonzero(shares, axis=1) > 1)
    chosen[several] = pick(shares[several], luck(who[several]))
    return chosen
