"""Which households live in which street-level unit: each unit has its own share of migrants and of registered people.

The households of the district are already chosen, so every margin of the district stays as it is. They are shared
among the places by a log-linear model (generalised raking, as in `raking`): the more a place's residents are registered
somewhere, the likelier households with such members live there. Rows (households of each make-up) and columns
(dwellings of each kind of estate in each place) are met exactly, origins by place as nearly as whole households can.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commsim.randomness import Draws
from commsim.scenario.places import PlaceSpec
from commsim.world.example_households import Examples
from commsim.world.raking import fit_table
from commsim.world.records import EstateType, Registration
from commsim.world.scores import sorted_in_units

Ints = NDArray[np.int64]
Numbers = NDArray[np.float64]

_MOST_STEPS = 40  # Newton's method needs about ten; what is not met then is as near as whole places can come
_CLOSE = 1e-6  # largest miss of an origin in a place, as a share of all residents
_SMALLEST_STEP = 2.0**-20
_RIDGE = 1e-9  # of the mean diagonal
_UNITS = 2**20  # parts of a household that rounding goes by, so that the last bits of floats cannot reach the counts


@dataclass(frozen=True)
class Makeups:
    """Households of the same kind of estate with as many members of each origin: `kind`, `members` (makeups, origins),
    `households`; `of_pick`, the makeup of each household of each kind."""

    kind: Ints
    members: Numbers
    households: Ints
    of_pick: Mapping[EstateType, Ints]


def origins_differ(places: Sequence[PlaceSpec]) -> bool:
    """Whether any place says who of its residents comes from where."""
    return any(place.migrant_share is not None or place.registered_share is not None for place in places)


def places_of_households(
    dwellings: Ints, examples: Examples, taken: Mapping[EstateType, Ints], places: Sequence[PlaceSpec], draws: Draws
) -> dict[EstateType, Ints]:
    """The place (index among `places`) of every household in `taken`, by kind of estate.

    Arguments: `dwellings`, households by kind of estate and place, shape (kinds, places); `taken`, the examples that
    live in each kind of estate. As many households come to each place and kind as it has dwellings. Where no place
    says where its residents come from, places get households by lot.
    """
    makeups = _makeups(examples, taken)
    start = makeups.households[:, None] * _shares(dwellings)[makeups.kind]
    if len(places) > 1 and origins_differ(places):
        start = _leaning(start, makeups, dwellings, places)
    counts = np.zeros((len(makeups.kind), len(places)), dtype=np.int64)
    for kind in (kind for kind, picks in taken.items() if len(picks)):
        rows = np.flatnonzero(makeups.kind == kind)
        counts[rows] = _whole(start[rows], makeups.households[rows], dwellings[kind])
    return {kind: _by_lot(kind, makeups.of_pick[kind], counts, draws) for kind in taken}


def _makeups(examples: Examples, taken: Mapping[EstateType, Ints]) -> Makeups:
    """Households grouped by kind of estate and members of each origin."""
    of_origin = np.column_stack([examples.per_household(examples.registration == origin) for origin in Registration])
    widest = int(of_origin.max()) + 1
    code = of_origin @ (widest ** np.arange(len(Registration)))
    _codes, first, of_example = np.unique(code, return_index=True, return_inverse=True)
    kinds, members, households, of_pick, before = [], [], [], {}, 0
    for kind, picks in taken.items():
        present, of_pick_here = np.unique(of_example[picks], return_inverse=True)
        of_pick[kind] = of_pick_here + before
        kinds.append(np.full(len(present), int(kind)))
        members.append(of_origin[first[present]])
        households.append(np.bincount(of_pick_here, minlength=len(present)))
        before += len(present)
    return Makeups(
        np.concatenate(kinds).astype(np.int64),
        np.concatenate(members).astype(np.float64),
        np.concatenate(households).astype(np.int64),
        of_pick,
    )


def _shares(table: NDArray[np.generic]) -> Numbers:
    """Rows as shares; a row of nothing stays nothing."""
    numbers = table.astype(np.float64)
    return np.asarray(numbers / np.maximum(numbers.sum(axis=1, keepdims=True), 1.0))


def _leaning(start: Numbers, makeups: Makeups, dwellings: Ints, places: Sequence[PlaceSpec]) -> Numbers:
    """Households of each makeup by place (makeups, places) such that places have the origins that they ask for."""
    residents = start.T @ makeups.members.sum(axis=1)
    wanted = origins_wanted(makeups.members.T @ makeups.households, residents, places)
    return _Leaning(makeups, dwellings, wanted).solved()


def origins_wanted(origins: Numbers, residents: Numbers, places: Sequence[PlaceSpec]) -> Numbers:
    """Residents by place and origin, shape (places, origins): rows add up to `residents`, columns to `origins`.

    First who comes from another province, by the places' `migrant_share`; then who of the rest is registered where
    they live, by `registered_share`. Odds between places are kept, so that no share can leave 0 … 1. A place that
    says nothing has the district's odds.
    """
    migrant = Registration.OTHER_PROVINCE
    total = float(origins.sum())
    share = np.array([place.migrant_share or float(origins[migrant]) / total for place in places])
    local = np.array([origins.sum() - origins[migrant], origins[migrant]])
    by_province = _fitted(residents[:, None] * np.column_stack([1.0 - share, share]), residents, local)
    registered = np.array([place.registered_share or np.nan for place in places]) / (1.0 - share)
    known = ~np.isnan(registered)
    usual = float((registered[known] * residents[known]).sum() / residents[known].sum()) if known.any() else 1.0
    here = np.where(known, registered, usual)
    local_origins = np.delete(origins, migrant)
    seeds = by_province[:, :1] * np.column_stack([here, np.ones(len(places)), np.ones(len(places))])
    return np.column_stack([_fitted(seeds, by_province[:, 0], local_origins), by_province[:, 1]])


def _fitted(table: Numbers, rows: Numbers, columns: Numbers) -> Numbers:
    """`fit_table`, where rows or columns of nothing are left out."""
    fitted = np.zeros_like(table)
    some_rows, some_columns = np.flatnonzero(rows > 0), np.flatnonzero(columns > 0)
    if len(some_rows) and len(some_columns):
        part = np.ix_(some_rows, some_columns)
        fitted[part] = fit_table(table[part], rows[some_rows], columns[some_columns])
    return fitted


class _Leaning:
    """Newton's method on the dual: multipliers by place for members of each origin and for dwellings of each kind."""

    def __init__(self, makeups: Makeups, dwellings: Ints, wanted: Numbers) -> None:
        kinds = np.eye(len(EstateType))[makeups.kind]
        self.traits = np.hstack([makeups.members, kinds])
        self.products = (self.traits[:, :, None] * self.traits[:, None, :]).reshape(len(self.traits), -1)
        self.households = makeups.households.astype(np.float64)
        self.possible = dwellings[makeups.kind] > 0
        self.aim = np.hstack([wanted, dwellings.T.astype(np.float64)])
        # What nobody may have (an empty origin, a kind of estate that the place lacks) needs no multiplier.
        self.used = self.aim > 0

    def solved(self) -> Numbers:
        """Households by makeup and place; as near as it came where no shares meet the aim."""
        multipliers = np.zeros_like(self.aim)
        table, value = self._at(multipliers)
        for _step in range(_MOST_STEPS):
            miss = np.where(self.used, self.aim - table.T @ self.traits, 0.0)
            if np.abs(miss).max() <= _CLOSE * self.aim.sum():
                break
            moved = self._moved(multipliers, self._direction(table, miss), value)
            if moved is None:
                break
            multipliers, table, value = moved
        return table

    def _at(self, multipliers: Numbers) -> tuple[Numbers, float]:
        """The table at these multipliers, and how far the dual has come (more is better)."""
        odds = np.where(self.possible, self.traits @ multipliers.T, -np.inf)
        highest = odds.max(axis=1, keepdims=True)
        weights = np.exp(odds - highest)
        sums = weights.sum(axis=1, keepdims=True)
        dual = float((self.aim * multipliers).sum() - (self.households * (highest + np.log(sums))[:, 0]).sum())
        return self.households[:, None] * weights / sums, dual

    def _direction(self, table: Numbers, miss: Numbers) -> Numbers:
        places, traits = self.aim.shape
        shares = table / self.households[:, None]
        # Of every two places at once, by makeup: how much households of it would leave one for the other.
        moves = -table[:, :, None] * shares[:, None, :]
        moves[:, np.arange(places), np.arange(places)] += table
        blocks = moves.reshape(len(table), -1).T @ self.products
        curvature = blocks.reshape(places, places, traits, traits).transpose(0, 2, 1, 3)
        used = self.used.ravel()
        square = curvature.reshape(places * traits, places * traits)[np.ix_(used, used)]
        direction = np.zeros(places * traits)
        # The same multipliers in every place change nothing: a touch on the diagonal picks the shortest way.
        square += np.eye(len(square)) * (_RIDGE * np.trace(square) / max(len(square), 1))
        direction[used] = np.linalg.solve(square, miss.ravel()[used])
        return direction.reshape(places, traits)

    def _moved(self, multipliers: Numbers, direction: Numbers, value: float) -> tuple[Numbers, Numbers, float] | None:
        """The longest of the steps 1, 1/2, 1/4, … that raises the dual; None where none does."""
        step = 1.0
        while step > _SMALLEST_STEP:
            tried = multipliers + step * direction
            table, reached = self._at(tried)
            if reached > value:
                return tried, table, reached
            step /= 2
        return None


def _whole(table: Numbers, rows: Ints, columns: Ints) -> Ints:
    """`table` in whole households: rows and columns add up exactly, what rounding leaves goes on to the next row."""
    fitted = fit_table(np.maximum(table, 1e-9), rows.astype(np.float64), columns.astype(np.float64))
    whole = np.zeros(table.shape, dtype=np.int64)
    carried = np.zeros(table.shape[1])
    for row in np.argsort(rows, kind="stable"):  # the largest last: it can make up for what is still carried
        due = np.rint((fitted[row] + carried) * _UNITS) / _UNITS
        whole[row] = _nearest(due, int(rows[row]), columns - whole.sum(axis=0))
        carried = carried + fitted[row] - whole[row]
    return whole


def _nearest(due: Numbers, total: int, room: Ints) -> Ints:
    """Whole numbers near `due` that add up to `total`, none below 0 or above `room` (which holds `total` at least)."""
    parts = np.minimum(np.floor(np.maximum(due, 0.0)).astype(np.int64), room)
    while parts.sum() != total:
        step = 1 if parts.sum() < total else -1
        free = parts < room if step > 0 else parts > 0
        most = np.where(free, step * (due - parts), -np.inf)
        parts[int(most.argmax())] += step
    return parts


def _by_lot(kind: EstateType, makeup_of: Ints, counts: Ints, draws: Draws) -> Ints:
    """The place of each household: as many of each makeup as `counts` has it, which ones by lot."""
    luck = draws.uniforms("population.place", len(makeup_of), item=kind.name)
    order = sorted_in_units(makeup_of, luck)
    rows = counts[np.unique(makeup_of)]
    place = np.empty(len(makeup_of), dtype=np.int64)
    place[order] = np.repeat(np.tile(np.arange(counts.shape[1]), len(rows)), rows.ravel())
    return place
