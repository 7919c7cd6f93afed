"""The best committee under a score, proven; of several the first by order of members.

A good committee is found by adding members one after the other and exchanging them. Then branch and bound looks for a
better one until there is proven to be none (`bounds.py`). Last, members are fixed one after the other, each
the first with which an equally good committee is left. Every bound is a whole number held exactly, so a committee that
is left out is certainly not better; how much is looked through is limited by counted steps, alike on every machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import scipy  # its parts load when they are used

from commsim.plugins.committees.bounds import Mask, Part, able, child, priced
from commsim.plugins.committees.scores import OVERHEAD, Floats, Score

EFFORT = 13_000_000_000  # counted steps of one decision, of somewhat less than a nanosecond each
FIRST_TURNS, TURNS = 100, 60  # turns to better prices: for all committees, and where some members are fixed
EXCHANGES = 50  # rounds of exchanging members, at most


@dataclass(frozen=True)
class Found:
    """A committee, and whether it is proven that none is better (`best`) and no equal one comes first (`first`)."""

    chosen: list[int]
    best: bool
    first: bool


def first_best(score: Score) -> Found:
    """The first of the best committees, as far as it is proven within the limit of steps."""
    steps = Steps(EFFORT)
    known = _Known(score, exchanged(score, steps))
    try:
        search = _nearest(known, steps)
        _unbeaten(search, known)
    except _Exhausted:
        return Found(known.chosen, best=False, first=False)
    first = _First(search, known.chosen)
    try:
        first.settle()
    except _Exhausted:
        return Found(first.known, best=True, first=False)
    return Found(first.known, best=True, first=True)


class _Exhausted(Exception):
    """More steps were needed than are allowed."""


class Steps:
    """The steps that one decision has left."""

    def __init__(self, left: int) -> None:
        self.left = left

    def count(self, steps: int) -> None:
        """Count steps. Raises _Exhausted where no more are left."""
        self.left -= steps
        if self.left < 0:
            raise _Exhausted


class _Known:
    """The best committee that is known."""

    def __init__(self, score: Score, chosen: list[int]) -> None:
        self.score, self.chosen, self.worth = score, chosen, score.exact(chosen)

    def offer(self, chosen: list[int]) -> None:
        """Take this one where it is better, or as good and first by order of members."""
        worth = self.score.exact(chosen)
        if worth > self.worth or (worth == self.worth and chosen < self.chosen):
            self.chosen, self.worth = chosen, worth


def _nearest(known: _Known, steps: Steps) -> _Search:
    """A search of the score in the form that goes fastest: without its limit where that reaches what it could."""
    free = known.score.without_limit()
    if free is None:
        return _Search(known.score, steps)
    good = exchanged(free.above, steps)
    known.offer(good)
    above = _Known(free.above, good)
    above.offer(known.chosen)
    search = _Search(free.above, steps)
    _unbeaten(search, above)
    known.offer(above.chosen)
    return search.again(free.score if known.worth == above.worth else known.score)


def exchanged(score: Score, steps: Steps) -> list[int]:
    """A good committee: members who add most, one after the other, then exchanged while that is worth more.

    Exchanging takes a quarter of the steps at most.
    """
    kept = steps.left * 3 // 4
    chosen: list[int] = []
    for seat in range(score.seats):
        steps.left -= score.added_steps(seat)
        chosen.append(_most_added(score, chosen)[0])
    worth = score.exact(chosen)
    for _round in range(EXCHANGES):
        before = worth
        for leaves in list(chosen):
            steps.left -= score.added_steps(score.seats - 1) + score.exact_steps(score.seats)
            if steps.left < kept:
                return sorted(chosen)
            rest = [candidate for candidate in chosen if candidate != leaves]
            joins, most = _most_added(score, rest)
            other = sorted([*rest, joins])
            if most >= score.bound_of(worth + 1) and (value := score.exact(other)) > worth:
                chosen, worth = other, value
        if worth == before:
            break
    return sorted(chosen)


def _most_added(score: Score, chosen: list[int]) -> tuple[int, float]:
    """Who adds most to a committee, and what it is then worth at most."""
    added = score.added(chosen)
    added[chosen] = -1.0
    joins = int(added.argmax())
    return joins, float(added[joins])


def _unbeaten(search: _Search, known: _Known) -> None:
    """Replace the known committee by one that none is better than."""
    while better := search.reaching(known.worth + 1):
        known.offer(better)


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

    def _fixed(self, part: Part) -> Part | None:
        """The part with one member more."""
        following = min(candidate for candidate in self.known if candidate not in part.chosen)
        for following_part in self._search.children(part):
            if following_part.chosen[-1] >= following:
                return following_part
            if found := self._search.look(following_part):
                self.known = found
                return following_part
        return None


class _Search:
    """Branch and bound over the committees of a score."""

    def __init__(self, score: Score, steps: Steps, price: Floats | None = None) -> None:
        self.score = score
        self._steps = steps
        self._target = 0
        self._enough = 0.0
        self._turns = FIRST_TURNS if price is None else TURNS
        self._price = np.full(score.size.size, score.worth[0]) if price is None else price

    def again(self, score: Score) -> _Search:
        """A search of the same voters, from the prices that were found."""
        return _Search(score, self._steps, self._price)

    def reaching(self, target: int) -> list[int] | None:
        """A committee worth `target` or more; None where there is none."""
        part = self.narrow(target)
        return None if part is None else self.look(part)

    def narrow(self, target: int) -> Part | None:
        """Prices, and who may be in a committee worth `target`, in order; None where there is none."""
        score = self.score
        self._target, self._enough = target, score.bound_of(target)
        held = np.zeros(score.size.size, dtype=np.int64)
        everyone = np.arange(score.members)
        part = Part(score, [], everyone, score.backs, score.size, held, self._price, 0.0, score.seats)
        part = priced(part, self._turns, self._enough, self._steps.count)
        self._price, self._turns = part.price, TURNS
        narrowed = self._narrowed(part)
        return None if narrowed is None else narrowed.merged()

    def look(self, part: Part) -> list[int] | None:
        """A committee of `part` that reaches the target; None where there is none."""
        below = [iter([part])]
        while below:
            following = next(below[-1], None)
            if following is None:
                below.pop()
            elif (tight := self._tightened(following)) is None:
                continue
            elif tight.left > 2 and tight.among.size > tight.left:
                below.append(self.children(tight.ordered()))
            elif found := self._verified(self._last(tight)):
                return found
        return None

    def children(self, part: Part) -> Iterator[Part]:
        """Parts by the first member, in the part's order, that joins; those that may reach the target."""
        for place in range(part.among.size - part.left + 1):
            self._steps.count(2 * OVERHEAD + 100 * part.among.size)
            if part.bounds.of(slice(place, None)).most(part.left) < self._enough:
                return
            if part.bounds.most_with(place, part.left) < self._enough:
                continue
            self._steps.count(2 * part.steps)
            if (following := child(part, place, self._enough)) is not None:
                yield following

    def _tightened(self, part: Part) -> Part | None:
        """The part at better prices and without those who cannot join; None where no committee is good enough."""
        self._steps.count(part.steps)
        if part.among.size < part.left or part.bounds.most(part.left) < self._enough:
            return None
        if part.among.size == part.left:
            return part
        sharp = self._able_sharply(part)
        if part.left > 2:
            part = priced(part, TURNS, self._enough, self._steps.count)
        return self._narrowed(part, sharp)

    def _narrowed(self, part: Part, those: Mask | None = None) -> Part | None:
        """The part without those who cannot join; None where no committee is good enough."""
        if part.bounds.most(part.left) < self._enough:
            return None
        kept = part.bounds.able(self._enough, part.left)
        if those is not None:
            kept &= those
        if kept.sum() < part.left:
            return None
        return part if kept.all() else part.only(np.flatnonzero(kept))

    def _able_sharply(self, part: Part) -> Mask | None:
        """Who may join by the score's own sharper bound; None where it has none."""
        sharper = self.score.sharper(part.chosen, part.among)
        if sharper is None:
            return None
        self._steps.count(self.score.sharper_steps(len(part.chosen), part.among.size))
        return able(sharper[0], sharper[1], self._enough, part.left)

    def _last(self, part: Part) -> Iterator[list[int]]:
        """Committees that may reach the target: by the last one or two members, or the only one there is."""
        if part.among.size <= part.left or not part.left:
            return iter([[*part.chosen, *part.among.tolist()[: part.left]]])
        return self._singles(part) if part.left == 1 else self._pairs(part)

    def _singles(self, part: Part) -> Iterator[list[int]]:
        value = part.bound + part.bounds.gain
        for candidate in np.argsort(-value, kind="stable").tolist():
            if value[candidate] < self._enough:
                return
            yield [*part.chosen, int(part.among[candidate])]

    def _pairs(self, part: Part) -> Iterator[list[int]]:
        """Committees whose last two members bound them by enough, the best first."""
        now, then = part.size * part.worths[0], part.size * self.score.worth[part.held + 1]
        self._steps.count(5 * _pairs_of(part.backs) + 20 * part.among.size**2 + 10 * OVERHEAD)
        raw, gain = part.backs @ now, part.bounds.gain
        both = np.minimum(raw[:, None] + raw - _together(part.backs, now - then), gain[:, None] + gain)
        first, second = np.triu_indices(part.among.size, 1)
        value = part.bound + both[first, second]
        kept = np.flatnonzero(value >= self._enough)
        for candidate in kept[np.argsort(-value[kept], kind="stable")].tolist():
            yield [*part.chosen, int(part.among[first[candidate]]), int(part.among[second[candidate]])]

    def _verified(self, committees: Iterable[list[int]]) -> list[int] | None:
        for committee in committees:
            self._steps.count(self.score.exact_steps(len(committee)))
            if self.score.exact(committee) >= self._target:
                return sorted(committee)
        return None


def _pairs_of(backs: scipy.sparse.csr_array) -> int:
    """How many pairs of members a group approves, over all groups."""
    return int((np.bincount(backs.indices) ** 2).sum())


def _together(backs: scipy.sparse.csr_array, weight: Floats) -> Floats:
    """The weight of the groups that approve both of two members, for every two."""
    data = backs.data * weight[backs.indices]
    weighted = scipy.sparse.csr_array((data, backs.indices, backs.indptr), shape=backs.shape)
    return np.asarray((weighted @ backs.T).toarray(), dtype=np.float64)
