"""Scores of committees that voters' members add up to: harmonic or covering (Thiele), and with equal constituencies.

A score says three things of the same committees: what each is worth exactly (whole numbers of any size), an upper bound
of that which is quick to work out (whole numbers below 2**53 held as floats, so that sums are exact in any order), and
what one member more would add.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from math import lcm

import numpy as np
import scipy  # its parts load when they are used
from numpy.typing import NDArray

from commsim.plugins.shared.maximin import Groups

Floats = NDArray[np.float64]
Room = tuple[int, int]
"""How many voters each member has room for, and how many members have room for one more."""

EXACT = 2**53  # floats hold whole numbers up to here
FINE = 1_024  # the least unit in which bounds are counted, per voter
OVERHEAD = 20_000  # steps (about nanoseconds) that a look through all voters costs however few they are
MOST_MASKED = 12  # members up to which Monroe's score is worked out over all their subsets
MOST_CELLS = 1_000_000  # such subsets × members who may join, at most


class Score:
    """The worth of a committee as a sum over voters of `worth[0] + … + worth[members of it that the voter approves]`.

    `worth`: what a voter's first, second, … member counts, never rising; shape (2 · seats + 1,), zeros behind `steps`.
    `backs`: shape (members, groups), 1 where a group of voters approves a member; `size`: voters by group.
    """

    limit: float = np.inf
    """What one member can add at most, in units of `worth`."""

    def __init__(self, groups: Groups, members: int, seats: int, weights: Sequence[int]) -> None:
        self.members, self.seats = members, seats
        row = np.repeat(np.arange(len(groups)), [len(backed) for _count, backed in groups])
        column = np.array([candidate for _count, backed in groups for candidate in backed], dtype=np.int64)
        self.backs = scipy.sparse.csr_array((np.ones(row.size), (column, row)), shape=(members, len(groups)))
        self.size = np.array([count for count, _backed in groups], dtype=np.float64)
        self._weights = list(weights)
        self._unit = self._unit_for(int(self.size.sum()))
        self.worth = np.zeros(2 * seats + 1)
        self.worth[: len(weights)] = [-(-weight * self._unit // weights[0]) for weight in weights]  # upwards
        self.steps = int(np.count_nonzero(self.worth))

    def _unit_for(self, voters: int) -> int:
        """What a voter's first member counts: a multiple of its weight, where floats hold all sums exactly."""
        first = self._weights[0]
        fits = EXACT // (voters * (self.seats + 1) * 2)
        exact = first * -(-FINE // first)
        return exact if exact <= fits else fits

    def bound_of(self, target: int) -> float:
        """The least bound that a committee worth `target` can have."""
        return float(target * self._unit // self._weights[0])

    def exact_steps(self, count: int) -> int:
        """What working out the exact worth of a committee of `count` costs."""
        return 2 * self.backs.nnz + 10 * self.size.size + 100 * count + 3 * OVERHEAD

    def added_steps(self, count: int) -> int:
        """What working out what each member adds to a committee of `count` costs."""
        return 2 * self.exact_steps(count)

    def sharper_steps(self, count: int, among: int) -> int:
        """What the sharper bound of a committee of `count` with each of so many costs."""
        return 0

    def held(self, chosen: Sequence[int]) -> NDArray[np.int64]:
        """How many of the chosen members each group approves."""
        taken = np.zeros(self.members)
        np.add.at(taken, list(chosen), 1.0)
        return np.rint(self.backs.T @ taken).astype(np.int64)

    def exact(self, chosen: Sequence[int]) -> int:
        """What a committee is worth, in units of the weights."""
        voters = np.bincount(self.held(chosen), weights=self.size, minlength=self.seats + 1)
        total = step = 0
        for count, weight in zip(voters.tolist()[1:], [*self._weights, *[0] * self.seats], strict=False):
            step += weight
            total += int(count) * step
        return total

    def added(self, chosen: Sequence[int]) -> Floats:
        """Upper bounds of what a committee with each one member more is worth, by that member."""
        held = self.held(chosen)
        before = float((self.size * np.concatenate(([0.0], np.cumsum(self.worth)))[held]).sum())
        return np.asarray(before + self.backs @ (self.size * self.worth[held]), dtype=np.float64)

    def sharper(self, chosen: Sequence[int], among: NDArray[np.int64]) -> tuple[float, Floats] | None:
        """A committee's worth and what each of `among` adds, where it is less than the bound; None where not."""
        return None

    def without_limit(self) -> Free | None:
        """The same score searched without `limit`, and one that is nowhere less; None where there is no limit."""
        return None


@dataclass(frozen=True)
class Free:
    """A score searched without its limit, and another that is nowhere less."""

    score: Score
    above: Score


def covering(groups: Groups, members: int, seats: int) -> Score:
    """How many voters find a member whom they approve."""
    return Score(groups, members, seats, [1])


def harmonic(groups: Groups, members: int, seats: int) -> Score:
    """1 + 1/2 + … + 1/(members whom a voter approves), summed over voters."""
    most = min(seats, max(len(backed) for _count, backed in groups))  # nobody has more members
    whole = lcm(*range(1, most + 1))
    return Score(groups, members, seats, [whole // place for place in range(1, most + 1)])


class Constituencies(Score):
    """How many voters can be given to a member whom they approve, when each member has `room`.

    No more than are covered; and a member adds no more than it has room for.
    """

    def __init__(self, groups: Groups, members: int, seats: int, room: Room) -> None:
        super().__init__(groups, members, seats, [1])
        self._groups, self.room = groups, room
        self.limit = (room[0] + (room[1] > 0)) * self.worth[0]

    def exact(self, chosen: Sequence[int]) -> int:
        """A greatest flow from voters over members to their room; by subsets of members where there are few."""
        return int(self._cut(list(chosen)).min()) if len(chosen) <= MOST_MASKED else self._flow(list(chosen))

    def exact_steps(self, count: int) -> int:
        """Subsets where members are few; else a flow over all their voters."""
        if count > MOST_MASKED:
            return super().exact_steps(count) + 200 * (self.backs.nnz + self.size.size) + 25 * OVERHEAD
        return self.sharper_steps(count, 1)

    def added_steps(self, count: int) -> int:
        """As the bound, or by subsets where members are few."""
        return (
            self.sharper_steps(count, self.members) if self._sharp(count, self.members) else super().added_steps(count)
        )

    def sharper_steps(self, count: int, among: int) -> int:
        """What counting voters by subsets of members costs."""
        cells = (among + 4) << count
        return 2 * self.backs.nnz + 20 * self.size.size + 3 * count * cells + (count + 10) * OVERHEAD

    def added(self, chosen: Sequence[int]) -> Floats:
        """What a committee with each one member more is worth, exactly where it is small."""
        known = self.sharper(chosen, np.arange(self.members))
        if known is None:
            covered = super().added(chosen)
            return np.minimum(covered, covered.min() + self.limit)
        return known[0] + known[1]

    def sharper(self, chosen: Sequence[int], among: NDArray[np.int64]) -> tuple[float, Floats] | None:
        """The exact worth and what each adds: the least cut over all subsets of members that voters do without."""
        if np.isinf(self.limit) or not self._sharp(len(chosen), len(among)):
            return None
        without = self._within(chosen, self.backs[among])
        cut = self._cut(list(chosen))
        full = np.arange(len(cut))
        more = self._room_of(_bits(full) + 1) - self._room_of(_bits(full)) + cut
        added = np.minimum((without + cut).min(axis=1), more.min()) - cut.min()
        return float(cut.min()) * self.worth[0], added * self.worth[0]

    @staticmethod
    def _sharp(count: int, among: int) -> bool:
        return count <= MOST_MASKED and among << count <= MOST_CELLS

    def without_limit(self) -> Free | None:
        """The same, bounded by the voters who are covered alone."""
        free = copy(self)
        free.limit = np.inf
        return Free(free, covering(self._groups, self.members, self.seats))

    def _room_of(self, members: NDArray[np.int64]) -> NDArray[np.int64]:
        return self.room[0] * members + np.minimum(members, self.room[1])

    def _cut(self, chosen: list[int]) -> Floats:
        """For every subset of the chosen: its room, and the voters whom the others cover."""
        inside = self._within(chosen, scipy.sparse.csr_array(np.ones((1, self.size.size))))[0]
        return np.asarray(self._room_of(_bits(np.arange(inside.size))) + self.size.sum() - inside, dtype=np.float64)

    def _within(self, chosen: Sequence[int], rows: scipy.sparse.csr_array) -> Floats:
        """Voters of each row all of whose chosen members are in a subset; shape (rows, 2 ** chosen)."""
        subset = np.zeros(self.size.size, dtype=np.int64)
        for place, candidate in enumerate(chosen):
            subset[self._groups_of[candidate]] |= 1 << place
        shape = (subset.size, 1 << len(chosen))
        kinds = scipy.sparse.csr_array((self.size, (np.arange(subset.size), subset)), shape=shape)
        count = np.asarray((rows @ kinds).todense(), dtype=np.float64)
        shaped = count.reshape((count.shape[0], *[2] * len(chosen)))
        for axis in range(1, shaped.ndim):
            shaped = np.cumsum(shaped, axis=axis)
        return shaped.reshape(count.shape)

    @cached_property
    def _groups_of(self) -> list[NDArray[np.int64]]:
        return np.split(self.backs.indices.astype(np.int64), self.backs.indptr[1:-1])

    def _flow(self, chosen: list[int]) -> int:
        rows = self.backs[chosen].tocoo()
        start, end, spare, first_member, first_group = 0, 1, 2, 3, 3 + len(chosen)
        members, groups = first_member + np.arange(len(chosen)), first_group + np.arange(self.size.size)
        capacity = self.size.astype(np.int32)
        tail = np.concatenate([[spare], members, members, np.full(groups.size, start), first_group + rows.col])
        head = np.concatenate([[end], np.full(members.size, end), np.full(members.size, spare), groups])
        head = np.concatenate([head, first_member + rows.row])
        room = np.repeat([self.room[1], self.room[0], 1], [1, members.size, members.size])
        most = np.concatenate([room, capacity, capacity[rows.col]]).astype(np.int32)
        nodes = first_group + groups.size
        return int(
            scipy.sparse.csgraph.maximum_flow(
                scipy.sparse.csr_array((most, (tail, head)), shape=(nodes, nodes)), start, end
            ).flow_value
        )


def _bits(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many bits are set in each number."""
    count = np.zeros_like(numbers)
    while numbers.any():
        count += numbers & 1
        numbers = numbers >> 1
    return count
