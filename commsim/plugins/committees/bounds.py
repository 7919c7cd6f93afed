"""Upper bounds of what committees with some members fixed can be worth, and the prices under which they are low.

Two bounds: what members add can only shrink as others join (submodularity); and every group of voters may be given any
price, from which a bound follows (Lagrange duality, the prices found by subgradients with Polyak's steps). Every bound
is a whole number held exactly. Sources: Nemhauser, Wolsey and Fisher 1978; Held, Wolfe and Crowder 1974; Polyak 1969.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import scipy  # its parts load when they are used
from numpy.typing import NDArray

from commsim.plugins.committees.scores import OVERHEAD, Floats, Score

Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]

MOST_CELLS = 40_000_000  # members × groups of voters up to which groups who approve the same are put together
LONGER, SHORTER = 1.2, 0.8  # what a step of the prices is multiplied by when it lowered the bound, and when not
NEW, GRAIN = 0.1, 64  # weight of the new direction beside those before; directions are held in parts of this size
LOOK, HOPE = 8, 3  # turns after which prices are given up that would not get there three times as fast


@dataclass(frozen=True)
class Bounds:
    """Upper bounds: `ground` and `bound` before members join, and what each adds to them at most."""

    bound: float
    gain: Floats
    ground: float
    slope: Floats

    def most(self, left: int) -> float:
        """What a committee can be worth at most."""
        return min(self.bound + _most(self.gain, left), self.ground + _most(self.slope, left))

    def able(self, target: float, left: int) -> Mask:
        """Which members a committee that reaches `target` may have."""
        return able(self.bound, self.gain, target, left) & able(self.ground, self.slope, target, left)

    def of(self, members: Mask | slice) -> Bounds:
        """The bounds where only these may join."""
        return Bounds(self.bound, self.gain[members], self.ground, self.slope[members])

    def most_with(self, place: int, left: int) -> float:
        """What a committee of the member at `place` and of later ones can be worth at most."""
        rest = self.of(slice(place + 1, None))
        return min(
            self.bound + float(self.gain[place]) + _most(rest.gain, left - 1),
            self.ground + float(self.slope[place]) + _most(rest.slope, left - 1),
        )


@dataclass(frozen=True)
class Part:
    """Committees with some members fixed: these, who may join, the voters who still gain by that, and their prices.

    `bound`: what the fixed members are worth at most; `left`: seats to fill; `held`: how many fixed members each group
    of voters approves.
    """

    score: Score
    chosen: list[int]
    among: Whole
    backs: scipy.sparse.csr_array
    size: Floats
    held: Whole
    price: Floats
    bound: float
    left: int

    @cached_property
    def bounds(self) -> Bounds:
        """The bounds at the part's prices."""
        worth, limit = self.worths[0], self.score.limit
        price = np.minimum(self.price, worth)
        both = np.asarray(self.backs @ np.stack([self.size * worth, self.size * price], axis=1))
        ground = self.bound + float((self.size * _above(self.worths, price)).sum())
        return Bounds(self.bound, np.minimum(both[:, 0], limit), ground, np.minimum(both[:, 1], limit))

    @cached_property
    def worths(self) -> Floats:
        """What the next member, the one after that, … is worth to a voter; shape (members that count, groups)."""
        score = self.score
        return np.asarray(score.worth[np.minimum(self.held + np.arange(score.steps)[:, None], score.worth.size - 1)])

    @property
    def steps(self) -> int:
        """What working out the bounds costs."""
        voters = 2 * self.backs.nnz + 5 * (self.score.steps + 2) * self.size.size
        return voters + 200 * self.among.size + 4 * OVERHEAD

    def row(self, place: int) -> Whole:
        """The groups that approve the member at `place`."""
        return np.asarray(self.backs.indices[self.backs.indptr[place] : self.backs.indptr[place + 1]])

    def only(self, members: Mask | Whole) -> Part:
        """The part where only these may join, in this order; without the voters who then gain no more."""
        backs = self.backs[members]
        gains = (self.score.worth[self.held] > 0) & (np.bincount(backs.indices, minlength=self.size.size) > 0)
        return replace(
            self,
            among=self.among[members],
            backs=backs[:, np.flatnonzero(gains)],
            size=self.size[gains],
            held=self.held[gains],
            price=self.price[gains],
        )

    def ordered(self) -> Part:
        """The part with those first who add most at the prices."""
        order = np.argsort(-self.bounds.slope, kind="stable")
        return replace(self, among=self.among[order], backs=self.backs[order])

    def merged(self) -> Part:
        """The part with groups put together who approve the same; each at its voters' mean price."""
        if self.among.size * self.size.size > MOST_CELLS or not self.size.size:
            return self
        packed = np.packbits((self.backs.toarray() > 0).T, axis=1)
        rows = np.concatenate([packed, self.held[:, None].view(np.uint8)], axis=1)
        kinds = rows.view(np.dtype((np.void, rows.shape[1]))).ravel()
        _kinds, place, group = np.unique(kinds, return_index=True, return_inverse=True)
        size = np.bincount(group, weights=self.size).astype(np.float64)
        mean = np.rint(np.bincount(group, weights=self.size * self.price) / size).astype(np.float64)
        return replace(self, backs=self.backs[:, place], size=size, held=self.held[place], price=mean)


def child(part: Part, place: int, target: float) -> Part | None:
    """The committees of `part` with the member at `place` and later ones; None where none can reach `target`."""
    rest = np.arange(part.among.size) > place
    row, worth, limit, left = part.row(place), part.worths[0], part.score.limit, part.left - 1
    adds = float((part.size[row] * worth[row]).sum())
    held = part.held.copy()
    held[row] += 1
    joined = replace(part, chosen=[*part.chosen, int(part.among[place])], held=held, bound=part.bound + adds, left=left)
    bounds = joined.bounds.of(rest)
    if adds > limit:  # it is worth its room at most, and then its voters may be given to others
        now = part.bounds
        apart = Bounds(now.bound + limit, now.gain, now.ground + limit, now.slope).of(rest)
        if apart.most(left) < bounds.most(left):
            joined, bounds = replace(joined, held=part.held, bound=apart.bound), apart
    if bounds.gain.size < left or bounds.most(left) < target:
        return None
    members = np.flatnonzero(rest)[bounds.able(target, left)] if left else np.zeros(0, dtype=np.int64)
    return joined.only(members)


def priced(part: Part, turns: int, target: float, count: Callable[[int], None]) -> Part:
    """The part at prices under which the bound is lower; below the target, or the lowest of `turns` turns."""
    worths, left, limit = part.worths, part.left, part.score.limit
    price = best_price = np.minimum(part.price, worths[0])
    best, pace, before = np.inf, 1.0, np.inf
    way: Floats | None = None
    for turn in range(turns):
        count(part.steps)
        if turn % LOOK == 0:
            if turn > LOOK and HOPE * (before - best) * (turns - turn) < LOOK * (best - target):
                break  # far from the target, and hardly getting nearer
            before = best
        ground = part.bound + float((part.size * _above(worths, price)).sum())
        slope = np.minimum(part.backs @ (part.size * price), limit)
        top = np.argsort(-slope, kind="stable")[:left]
        bound = ground + float(slope[top].sum())
        if bound < best:
            best, best_price, pace = bound, price, pace * LONGER
        else:
            pace *= SHORTER
        if best < target:
            break
        taken = np.bincount(np.concatenate([part.row(candidate) for candidate in top.tolist()]), minlength=price.size)
        excess = taken - (worths > price).sum(axis=0)
        if way is not None:  # rounded, so that sums stay exact
            excess = np.rint((NEW * excess + (1.0 - NEW) * way) * GRAIN) / GRAIN
        way = excess
        length = float((part.size * way * way).sum())
        if not length:
            break
        price = np.clip(np.rint(price - pace * (bound - target + 1.0) / length * way), 0.0, worths[0])
    return replace(part, price=best_price)


def able(bound: float, values: Floats, target: float, count: int) -> Mask:
    """Which can be among `count` whose values, with `bound`, reach `target`."""
    if not count:
        return np.zeros(values.size, dtype=bool)
    if count >= values.size:
        return np.full(values.size, bound + values.sum() >= target)
    top = np.partition(values, values.size - count)[values.size - count :]
    return np.asarray(bound + np.minimum(top.sum(), top.sum() - top.min() + values) >= target)


def _above(worths: Floats, price: Floats) -> Floats:
    """What members who are worth more than the price to a voter are worth beyond it, together."""
    return np.asarray(np.maximum(worths - price, 0.0).sum(axis=0))


def _most(values: Floats, count: int) -> float:
    """The sum of the `count` greatest values."""
    if count <= 0:
        return 0.0
    if count >= values.size:
        return float(values.sum())
    return float(np.partition(values, values.size - count)[values.size - count :].sum())
