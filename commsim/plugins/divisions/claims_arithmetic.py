"""Dividing an estate among claims: the classical rules of the literature as pure functions of arrays.

Every function takes the `estate` (a number of 0 or more) and the `claims` (0 or more, shape (n,)) in one unit of money
and returns unrounded awards, shape (n,). Where the claims together do not exceed the estate everyone gets its claim.
Source, where no other is named: Thomson 2003 and 2019 (How to Divide When There Isn't Enough).
"""

from __future__ import annotations

from math import lgamma

import numpy as np
from numpy.typing import ArrayLike, NDArray

from commsim.natural_order import natural_order
from commsim.plugins.shared.dividing import Whole, shares

Floats = NDArray[np.float64]

EXACT_CLAIMANTS = 16
"""Most claimants for whom random arrival runs through all sets of earlier arrivals; beyond it orders are sampled."""

SAMPLED_ORDERS = 4096
"""Orders of arrival that are sampled beyond `EXACT_CLAIMANTS`."""


def _given(estate: float, claims: ArrayLike) -> tuple[float, Floats]:
    wanted = np.asarray(claims, dtype=np.float64)
    return min(float(estate), float(wanted.sum())), wanted


def proportional(estate: float, claims: ArrayLike) -> Floats:
    """x_i = E c_i / Σ c.

    >>> proportional(10, [2, 4, 7, 7]).tolist()
    [1.0, 2.0, 3.5, 3.5]
    """
    whole, wanted = _given(estate, claims)
    total = wanted.sum()
    return wanted * (whole / total) if total > 0 else np.zeros(wanted.size)


def constrained_equal_awards(estate: float, claims: ArrayLike) -> Floats:
    """x_i = min(c_i, λ) with Σ x = E.

    >>> constrained_equal_awards(200, [50, 200, 300]).tolist()
    [50.0, 75.0, 75.0]
    """
    whole, wanted = _given(estate, claims)
    return shares(whole, wanted, np.ones(wanted.size), respread=True)


def constrained_equal_losses(estate: float, claims: ArrayLike) -> Floats:
    """x_i = max(0, c_i − λ) with Σ x = E: what is missing is divided by constrained equal awards.

    >>> constrained_equal_losses(200, [100, 200, 300]).tolist()
    [0.0, 50.0, 150.0]
    """
    whole, wanted = _given(estate, claims)
    return wanted - constrained_equal_awards(wanted.sum() - whole, wanted)


def talmud(estate: float, claims: ArrayLike) -> Floats:
    """Equal awards of half-claims up to half the claims, equal losses of half-claims beyond (Aumann and Maschler 1985).

    >>> talmud(300, [100, 200, 300]).tolist()
    [50.0, 100.0, 150.0]
    """
    whole, wanted = _given(estate, claims)
    half = wanted / 2
    if whole <= half.sum():
        return constrained_equal_awards(whole, half)
    return wanted - constrained_equal_awards(wanted.sum() - whole, half)


def piniles(estate: float, claims: ArrayLike) -> Floats:
    """Equal awards of half-claims, and beyond half the claims the same once more for the rest (Piniles 1861).

    >>> piniles(400, [100, 200, 300]).tolist()
    [83.33333333333334, 133.33333333333334, 183.33333333333334]
    """
    whole, wanted = _given(estate, claims)
    half = wanted / 2
    if whole <= half.sum():
        return constrained_equal_awards(whole, half)
    return half + constrained_equal_awards(whole - half.sum(), half)


def reverse_talmud(estate: float, claims: ArrayLike) -> Floats:
    """Equal losses of half-claims up to half the claims, equal awards of half-claims beyond (Chun, Schummer, Thomson).

    >>> reverse_talmud(10, [2, 4, 7, 8]).tolist()
    [0.875, 1.875, 3.375, 3.875]
    """
    whole, wanted = _given(estate, claims)
    half = wanted / 2
    if whole <= half.sum():
        return constrained_equal_losses(whole, half)
    return half + constrained_equal_awards(whole - half.sum(), half)


def adjusted_proportional(estate: float, claims: ArrayLike) -> Floats:
    """First what the others leave even if paid in full, then in proportion to what is left of claims (Curiel et al.).

    m_i = max(0, E − Σ_{j≠i} c_j); the rest E − Σ m in proportion to min(c_i − m_i, E − Σ m). Curiel, Maschler and Tijs
    1987. For two claimants it concedes and divides, as the Talmud does.

    >>> adjusted_proportional(5, [2, 4]).tolist()
    [1.5, 3.5]
    """
    whole, wanted = _given(estate, claims)
    conceded = np.maximum(whole - (wanted.sum() - wanted), 0.0)
    # A claimant alone concedes everything to itself; together they never exceed the estate.
    rest = max(whole - conceded.sum(), 0.0)
    awards: Floats = conceded + proportional(rest, np.minimum(wanted - conceded, rest))
    return awards


def minimal_overlap(estate: float, claims: ArrayLike) -> Floats:
    """Claims are laid on units of the estate so that as many as possible are claimed once; each unit is shared equally.

    With E at most the largest claim, claims are nested from the first unit. Otherwise there is one level t with
    Σ max(c_i − t, 0) = E − t: what claims exceed t by lies apart, the rest is nested in [0, t]. O'Neill 1982.

    >>> minimal_overlap(10, [2, 4, 7, 8]).round(4).tolist()
    [0.5, 1.1667, 3.6667, 4.6667]
    """
    whole, wanted = _given(estate, claims)
    if wanted.size == 0 or whole >= wanted.sum():
        return wanted.copy()
    level = whole if whole <= wanted.max() else _level(whole, wanted)
    apart = np.maximum(wanted - level, 0.0) if whole > wanted.max() else np.zeros(wanted.size)
    awards: Floats = _nested(np.minimum(wanted, level)) + apart
    return awards


def _nested(claims: Floats) -> Floats:
    """Claims that all begin at the first unit: each step is shared by those who reach it."""
    order = np.argsort(claims, kind="stable")
    ordered = claims[order]
    steps = np.diff(ordered, prepend=0.0) / np.arange(claims.size, 0, -1)
    awards = np.empty(claims.size)
    awards[order] = np.cumsum(steps)
    return awards


def _level(estate: float, claims: Floats) -> float:
    """The t with Σ max(c_i − t, 0) + t = E, found on its piecewise linear graph; E lies above the largest claim."""
    ordered = np.concatenate([[0.0], np.sort(claims)])
    reached = np.array([np.maximum(claims - claim, 0.0).sum() + claim for claim in ordered])
    after = int(np.argmax(reached <= estate))
    slope = (reached[after] - reached[after - 1]) / (ordered[after] - ordered[after - 1])
    return float(ordered[after - 1] + (estate - reached[after - 1]) / slope)


def random_arrival(estate: float, claims: ArrayLike, uniforms: Floats | None = None) -> Floats:
    """Mean over all orders of arrival of paying claims in full while money lasts (O'Neill 1982): a Shapley value.

    x_i = Σ_{S ∌ i} |S|! (n − |S| − 1)! / n! · min(c_i, max(E − c(S), 0)), run through exactly up to `EXACT_CLAIMANTS`
    claimants. Beyond it `SAMPLED_ORDERS` orders are sampled from `uniforms` (one a claimant, in (0, 1)); every order
    is by itself uniformly random, so the mean has no bias.

    >>> random_arrival(100, [100, 200, 300]).round(4).tolist()
    [33.3333, 33.3333, 33.3333]
    """
    whole, wanted = _given(estate, claims)
    if wanted.size <= EXACT_CLAIMANTS:
        return _over_all_sets(whole, wanted)
    if uniforms is None:
        raise ValueError(f"more than {EXACT_CLAIMANTS} claimants need uniforms to sample orders of arrival")
    return _over_sampled_orders(whole, wanted, uniforms)


def _over_all_sets(estate: float, claims: Floats) -> Floats:
    n = claims.size
    taken, size = np.zeros(1), np.zeros(1, dtype=np.int64)
    for claim in claims:
        taken, size = np.concatenate([taken, taken + claim]), np.concatenate([size, size + 1])
    weight = np.array([np.exp(lgamma(k + 1) + lgamma(n - k) - lgamma(n + 1)) for k in range(n)])
    left = np.maximum(estate - taken, 0.0)
    sets = np.arange(taken.size)
    awards = np.zeros(n)
    for position, claim in enumerate(claims):
        others = (sets >> position) & 1 == 0
        awards[position] = weight[size[others]] @ np.minimum(claim, left[others])
    return awards


def _over_sampled_orders(estate: float, claims: Floats, uniforms: Floats) -> Floats:
    """Times of arrival run round the clock at speeds without common measure: a shifted Kronecker sequence."""
    speed = np.sqrt(_primes(claims.size))
    steps = np.arange(SAMPLED_ORDERS)
    awards = np.zeros(claims.size)
    for some in np.array_split(steps, max(1, SAMPLED_ORDERS * claims.size // 1_000_000)):
        order = np.argsort((uniforms + some[:, None] * speed) % 1.0, axis=1, kind="stable")
        paid_to = np.minimum(np.cumsum(claims[order], axis=1), estate)
        np.add.at(awards, order, np.diff(paid_to, axis=1, prepend=0.0))
    return awards / SAMPLED_ORDERS


def _primes(count: int) -> Floats:
    found: list[int] = []
    candidate = 2
    while len(found) < count:
        if all(candidate % prime for prime in found if prime * prime <= candidate):
            found.append(candidate)
        candidate += 1
    return np.array(found, dtype=np.float64)


def whole_awards(awards: Floats, claims: Whole, budget: int, ids: tuple[str, ...]) -> Whole:
    """`awards` in whole fen by largest remainder, ties by id: none above its claim, together exact to the fen.

    Arguments: unrounded `awards` in fen, `claims` in fen, the `budget`; all shape (n,). Sum: min(budget, Σ claims).
    """
    order = natural_order(ids)
    limits, exact = claims[order], np.clip(awards[order], 0.0, claims[order])
    parts = np.minimum(np.floor(exact).astype(np.int64), limits)
    left = min(int(budget), sum(limits.tolist())) - sum(parts.tolist())
    ranked = np.argsort(parts - exact, kind="stable")
    if left < 0:
        # Float sums of great estates may lie a fen too high.
        ranked, left = ranked[::-1][parts[ranked[::-1]] > 0], -left
        parts[ranked[:left]] -= 1
    while left > 0:
        open_ones = ranked[parts[ranked] < limits[ranked]][:left]
        parts[open_ones] += 1
        left -= open_ones.size
    result = np.empty_like(parts)
    result[order] = parts
    return result
