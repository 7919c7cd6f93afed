"""The best committee under a score, proven; of several the first by order of members.

A good committee is found by adding members one after the other and exchanging them. Then branch and bound looks for a
better one until there is proven to be none. Two bounds spare nearly all committees: what members add can only shrink as
others join (submodularity); and every group of voters may be given any price, from which a bound follows (Lagrange
duality, the prices found by subgradients with Polyak's steps). Last, members are fixed one after the other, each the
first with which an equally good committee is left. Every bound is a whole number held exactly, so a committee that is
left out is certainly not better; how much is looked through is limited by counted steps, alike on every machine.
Sources: Nemhauser, Wolsey and Fisher 1978; Held, Wolfe and Crowder 1974; Polyak 1969.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from commsim.plugins.rules.committee_scores import Floats, Score

Whole = NDArray[np.int64]

EFFORT = 80_000_000_000  # counted steps of one search; ten to thirty seconds
OVERHEAD = 300_000  # steps that anything costs however little it goes through
MOST_CELLS = 40_000_000  # members who may be in a best committee × groups of voters, at most
FIRST_TURNS, TURNS = 100, 40  # turns to better prices: for all committees, and where some members are fixed
EXCHANGES = 50  # rounds of exchanging members, at most


@dataclass(frozen=True)
class Found:
    """A committee, and whether it is proven that none is better (`best`) and no equal one comes first (`first`)."""

    chosen: list[int]
    best: bool
    first: bool


def first_best(score: Score) -> Found:
    """The first of the best committees, as far as it is proven within the limit of steps."""
    known = exchanged(score)
    try:
        search, known = _nearest(score, known)
        known = _unbeaten(search, known)
    except _Exhausted:
        return Found(known, best=False, first=False)
    first = _First(search.again(), known)
    try:
        first.settle()
    except _Exhausted:
        return Found(first.known, best=True, first=False)
    return Found(first.known, best=True, first=True)


def _nearest(score: Score, known: list[int]) -> tuple[_Search, list[int]]:
    """A search of the score in the form that goes fastest: without its limit where it reaches what it could without."""
    free = score.without_limit()
    if free is None:
        return _Search(score), known
    above = _Search(free.above)
    most = free.above.exact(_unbeaten(above, known))
    search = above.again(free.score)
    if score.exact(known) < most:
        reached = search.reaching(most)
        if reached is None:
            return search.again(score), known
        known = reached
    return search, known


def exchanged(score: Score) -> list[int]:
    """A good committee: members who add most, one after the other, then exchanged while that is worth more."""
    chosen: list[int] = []
    for _seat in range(score.seats):
        chosen.append(_most_added(score, chosen))
    worth = score.exact(chosen)
    for _round in range(EXCHANGES):
        before = worth
        for leaves in list(chosen):
            rest = [one for one in chosen if one != leaves]
            other = sorted([*rest, _most_added(score, rest)])
            if (value := score.exact(other)) > worth:
                chosen, worth = other, value
        if worth == before:
            break
    return sorted(chosen)


def _most_added(score: Score, chosen: list[int]) -> int:
    added = score.added(chosen)
    added[chosen] = -1.0
    return int(added.argmax())


def _unbeaten(search: _Search, known: list[int]) -> list[int]:
    """A committee that none is better than."""
    while better := search.reaching(search.score.exact(known) + 1):
        known = better
    return known


class _First:
    """Settles ties: each member in turn is the first with which a committee of the best worth is left."""

    def __init__(self, search: _Search, known: list[int]) -> None:
        self.known = known
        self._search = search

    def settle(self) -> None:
        """Replace `known` by the first best committee."""
        part = self._search.narrow(self._search.score.exact(self.known))
        while part is not None and part.left:
            part = self._fixed(part)

    def _fixed(self, part: _Part) -> _Part | None:
        """The part with one member more."""
        following = min(one for one in self.known if one not in part.chosen)
        for child in self._search.children(part):
            if child.chosen[-1] >= following:
                return child
            if found := self._search.look(child):
                self.known = found
                return child
        return None


class _Exhausted(Exception):
    """More steps were needed than are allowed."""


@dataclass(frozen=True)
class _Part:
    """Committees with some members fixed: these, who may join, the voters who still gain by that, and their prices.

    `bound`: what the fixed members are worth at most; `left`: seats to fill.
    """

    chosen: list[int]
    among: Whole
    backs: csr_array
    size: Floats
    held: Whole
    price: Floats
    bound: float
    left: int


@dataclass(frozen=True)
class _Bounds:
    """Upper bounds: `ground` and `bound` before members join, and what each adds to them at most."""

    bound: float
    gain: Floats
    ground: float
    slope: Floats

    def most(self, left: int) -> float:
        """What a committee can be worth at most."""
        return min(self.bound + _most(self.gain, left), self.ground + _most(self.slope, left))

    def allow(self, target: float, left: int) -> bool:
        """Whether a committee may reach `target`."""
        return self.most(left) >= target

    def able(self, target: float, left: int) -> NDArray[np.bool_]:
        """Which members a committee that reaches `target` may have."""
        return _able(self.bound, self.gain, target, left) & _able(self.ground, self.slope, target, left)


@dataclass(frozen=True)
class _Ahead:
    """What members add (`gain`, `slope`), and by how much that falls once another has joined."""

    gain: Floats
    slope: Floats
    overlap: Floats
    fall: Floats
    loss: Floats


class _Search:
    """Branch and bound over the committees of a score."""

    def __init__(self, score: Score, price: Floats | None = None) -> None:
        self.score = score
        self._steps = 0
        self._target = 0
        self._enough = 0.0
        self._turns = FIRST_TURNS if price is None else TURNS
        self._price = np.full(score.size.size, score.worth[0]) if price is None else price

    def again(self, score: Score | None = None) -> _Search:
        """A search of the same voters with as many steps again, from the prices that were found."""
        return _Search(score or self.score, self._price)

    def reaching(self, target: int) -> list[int] | None:
        """A committee worth `target` or more; None where there is none."""
        part = self.narrow(target)
        return None if part is None else self.look(part)

    def narrow(self, target: int) -> _Part | None:
        """Prices, and who may be in a committee worth `target`, in order; None where there is none."""
        score = self.score
        self._target, self._enough = target, score.bound_of(target)
        held = np.zeros(score.size.size, dtype=np.int64)
        whole = _Part([], np.arange(score.members), score.backs, score.size, held, self._price, 0.0, score.seats)
        self._price, self._turns = self._priced(whole, self._turns), TURNS
        bounds = self._bounds(whole, self._price)
        able = np.flatnonzero(bounds.able(self._enough, score.seats))
        if able.size < score.seats or not bounds.allow(self._enough, score.seats):
            return None
        if able.size * score.size.size > MOST_CELLS:
            raise _Exhausted
        size, price, backs = _merged(score.size, self._price, score.backs[able])
        return _part([], able, backs, size, np.zeros(size.size, dtype=np.int64), price, 0.0, score.seats, score)

    def look(self, part: _Part) -> list[int] | None:
        """A committee of `part` that reaches the target; None where there is none."""
        self._count(15 * part.backs.nnz)
        if part.among.size <= part.left or not part.left:
            whole = [*part.chosen, *part.among.tolist()[: part.left]]
            return self._verified([whole]) if part.among.size >= part.left else None
        bounds = self._bounds(part, part.price)
        if not bounds.allow(self._enough, part.left):
            return None
        able = self._able_sharply(part)
        if part.left > 2:
            part = _with_price(part, self._priced(part, TURNS))
            bounds = self._bounds(part, part.price)
            if not bounds.allow(self._enough, part.left):
                return None
        able &= bounds.able(self._enough, part.left)
        if not able.all():
            if able.sum() < part.left:
                return None
            part = _part(
                part.chosen,
                part.among[able],
                part.backs[able],
                part.size,
                part.held,
                part.price,
                part.bound,
                part.left,
                self.score,
            )
            bounds = self._bounds(part, part.price)
        if part.left == 1:
            return self._verified(self._singles(part, bounds))
        if part.left == 2:
            return self._verified(self._pairs(part, bounds))
        return self._branch(part, bounds)

    def _able_sharply(self, part: _Part) -> NDArray[np.bool_]:
        """Who may join by the score's own sharper bound, where it has one."""
        sharper = self.score.sharper(part.chosen, part.among)
        if sharper is None:
            return np.ones(part.among.size, dtype=bool)
        self._count(100 * self.score.backs.nnz)
        return _able(sharper[0], sharper[1], self._enough, part.left)

    def _singles(self, part: _Part, bounds: _Bounds) -> Iterator[list[int]]:
        value = part.bound + bounds.gain
        for one in np.argsort(-value, kind="stable").tolist():
            if value[one] < self._enough:
                return
            yield [*part.chosen, int(part.among[one])]

    def _pairs(self, part: _Part, bounds: _Bounds) -> Iterator[list[int]]:
        """Committees whose last two members bound them by enough, the best first."""
        now, then = part.size * self.score.worth[part.held], part.size * self.score.worth[part.held + 1]
        self._count(30 * _pairs_of(part.backs))
        raw = part.backs @ now
        both = np.minimum(
            raw[:, None] + raw[None, :] - _together(part.backs, now - then),
            bounds.gain[:, None] + bounds.gain[None, :],
        )
        first, second = np.triu_indices(part.among.size, 1)
        value = part.bound + both[first, second]
        kept = np.flatnonzero(value >= self._enough)
        for one in kept[np.argsort(-value[kept], kind="stable")].tolist():
            yield [*part.chosen, int(part.among[first[one]]), int(part.among[second[one]])]

    def _verified(self, committees: Iterator[list[int]] | list[list[int]]) -> list[int] | None:
        for committee in committees:
            self._count(300 * self.score.size.size)
            if self.score.exact(committee) >= self._target:
                return sorted(committee)
        return None

    def _branch(self, part: _Part, bounds: _Bounds) -> list[int] | None:
        """Committees by the first member they have, in order of what members add at the prices."""
        order = np.argsort(-bounds.slope, kind="stable")
        part = _Part(
            part.chosen, part.among[order], part.backs[order], part.size, part.held, part.price, part.bound, part.left
        )
        for child in self.children(part):
            if found := self.look(child):
                return found
        return None

    def children(self, part: _Part) -> Iterator[_Part]:
        """Parts by the first member, in the part's order, that joins; those that may reach the target."""
        bounds, ahead = self._bounds(part, part.price), self._ahead(part)
        for place in range(part.among.size - part.left + 1):
            behind = slice(place, None)
            rest = _Bounds(bounds.bound, bounds.gain[behind], bounds.ground, bounds.slope[behind])
            if not rest.allow(self._enough, part.left):
                return
            child = self._child(part, bounds, place, np.arange(part.among.size) > place, ahead)
            if child is not None:
                yield child

    def _child(self, part: _Part, bounds: _Bounds, place: int, rest: NDArray[np.bool_], ahead: _Ahead) -> _Part | None:
        """The committees of `part` with the member at `place` and others of `rest`; None where none is good enough."""
        limit, adds, left = self.score.limit, float(ahead.gain[place]), part.left - 1
        found = _Bounds(
            bounds.bound + adds,
            np.minimum(ahead.gain - ahead.overlap[place], limit)[rest],
            bounds.ground + adds - float(ahead.loss[place]),
            np.minimum(ahead.slope - ahead.fall[place], limit)[rest],
        )
        held = part.held.copy()
        held[part.backs.indices[part.backs.indptr[place] : part.backs.indptr[place + 1]]] += 1
        if adds > limit:  # it is worth its room at most, and then its voters may be given to others
            apart = _Bounds(bounds.bound + limit, bounds.gain[rest], bounds.ground + limit, bounds.slope[rest])
            if apart.most(left) < found.most(left):
                found, held = apart, part.held
        if rest.sum() < left or not found.allow(self._enough, left):
            return None
        able = rest.copy()
        able[rest] = found.able(self._enough, left)
        chosen = [*part.chosen, int(part.among[place])]
        return _part(
            chosen, part.among[able], part.backs[able], part.size, held, part.price, found.bound, left, self.score
        )

    def _ahead(self, part: _Part) -> _Ahead:
        """What members add, and what they add once another has joined."""
        worth, backs = self.score.worth, part.backs
        self._count(60 * _pairs_of(backs))
        now, then = part.size * worth[part.held], part.size * worth[part.held + 1]
        priced, after = (part.size * np.minimum(part.price, worth[part.held + more]) for more in (0, 1))
        spared = self._spared(part.held, part.price) - self._spared(part.held + 1, part.price)
        return _Ahead(
            backs @ now,
            backs @ priced,
            _together(backs, now - then),
            _together(backs, priced - after),
            backs @ (part.size * spared),
        )

    def _bounds(self, part: _Part, price: Floats) -> _Bounds:
        gain = np.minimum(part.backs @ (part.size * self.score.worth[part.held]), self.score.limit)
        return _Bounds(part.bound, gain, *self._at(part, price))

    def _at(self, part: _Part, price: Floats) -> tuple[float, Floats]:
        """The bound at a price: the ground, and what each member adds."""
        slope = part.backs @ (part.size * np.minimum(price, self.score.worth[part.held]))
        ground = part.bound + float((part.size * self._spared(part.held, price)).sum())
        return ground, np.minimum(slope, self.score.limit)

    def _spared(self, held: Whole, price: Floats) -> Floats:
        """What members who are worth more than the price to a voter are worth beyond it, together."""
        total = np.zeros(price.size)
        for step in range(self.score.steps):
            total += np.maximum(self.score.worth[np.minimum(held + step, self.score.worth.size - 1)] - price, 0.0)
        return total

    def _priced(self, part: _Part, turns: int) -> Floats:
        """Prices under which the bound is lower; as low as the target, or the lowest of `turns` turns."""
        worth, left = self.score.worth[part.held], part.left
        price = best_price = np.minimum(part.price, worth)
        best, pace = np.inf, 1.0
        way: Floats | None = None
        back = part.backs.T
        for _turn in range(turns):
            self._count(15 * (part.backs.nnz + 2 * part.size.size))
            ground, slope = self._at(part, price)
            order = np.argsort(-slope, kind="stable")[:left]
            bound = ground + float(slope[order].sum())
            if bound < best:
                best, best_price, pace = bound, price, pace * 1.2
            else:
                pace *= 0.8
            if best < self._enough:
                break
            taken = np.zeros(part.among.size)
            taken[order] = 1.0
            excess = back @ taken - self._wanted(part.held, price)
            way = excess if way is None else np.rint((0.1 * excess + 0.9 * way) * 64) / 64  # sums stay exact
            length = float((part.size * way * way).sum())
            if not length:
                break
            price = np.clip(np.rint(price - pace * (bound - self._enough + 1.0) / length * way), 0.0, worth)
        return best_price

    def _wanted(self, held: Whole, price: Floats) -> Floats:
        """How many members are worth more than the price to a voter."""
        total = np.zeros(price.size)
        for step in range(self.score.steps):
            total += self.score.worth[np.minimum(held + step, self.score.worth.size - 1)] > price
        return total

    def _count(self, steps: int) -> None:
        self._steps += steps + OVERHEAD
        if self._steps > EFFORT:
            raise _Exhausted


def _part(
    chosen: list[int],
    among: Whole,
    backs: csr_array,
    size: Floats,
    held: Whole,
    price: Floats,
    bound: float,
    left: int,
    score: Score,
) -> _Part:
    """A part without the voters who gain no more."""
    gains = (score.worth[held] > 0) & (np.bincount(backs.indices, minlength=size.size) > 0)
    return _Part(chosen, among, backs[:, gains], size[gains], held[gains], price[gains], bound, left)


def _merged(size: Floats, price: Floats, backs: csr_array) -> tuple[Floats, Floats, csr_array]:
    """Groups of voters who approve the same put together; each at its voters' mean price."""
    packed = np.ascontiguousarray(np.packbits(backs.toarray() > 0, axis=0).T)
    rows = packed.view(np.dtype((np.void, packed.shape[1]))).ravel()
    _kinds, place, group = np.unique(rows, return_index=True, return_inverse=True)
    together = np.bincount(group, weights=size).astype(np.float64)
    mean = np.rint(np.bincount(group, weights=size * price) / together).astype(np.float64)
    return together, mean, backs[:, place]


def _pairs_of(backs: csr_array) -> int:
    """How many pairs of members a group approves, over all groups."""
    return int((np.bincount(backs.indices) ** 2).sum())


def _together(backs: csr_array, weight: Floats) -> Floats:
    """The weight of the groups that approve both of two members, for every two."""
    weighted = csr_array((backs.data * weight[backs.indices], backs.indices, backs.indptr), shape=backs.shape)
    return np.asarray((weighted @ backs.T).toarray(), dtype=np.float64)


def _with_price(part: _Part, price: Floats) -> _Part:
    return _Part(part.chosen, part.among, part.backs, part.size, part.held, price, part.bound, part.left)


def _most(values: Floats, count: int) -> float:
    """The sum of the `count` greatest values."""
    if count <= 0:
        return 0.0
    if count >= values.size:
        return float(values.sum())
    return float(np.partition(values, values.size - count)[values.size - count :].sum())


def _able(bound: float, values: Floats, target: float, count: int) -> NDArray[np.bool_]:
    """Which can be among `count` whose values, with `bound`, reach `target`."""
    if not count:
        return np.zeros(values.size, dtype=bool)
    if count >= values.size:
        return np.full(values.size, bound + values.sum() >= target)
    top = np.partition(values, values.size - count)[values.size - count :]
    return np.asarray(bound + np.minimum(top.sum(), top.sum() - top.min() + values) >= target)
