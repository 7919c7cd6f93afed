"""The book of people: residents as columns, one NumPy array per attribute, in address order, and who acted last.

Each column has one step that writes it. Every step gets its own view: the columns that it declares are writable, all
others are read-only, so that a step that writes what is not its own fails at once instead of quietly changing the
science.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from commsim.behaviour.acts import ASKED_ACTS, NO_PROJECT, Act
from commsim.community.projects import Positions, Project
from commsim.ownership import Owned, Permit
from commsim.randomness import Draws
from commsim.world.records import World

MONTHS_REMEMBERED = 12  # the window of "active in the last twelve months"
LONG_AGO = -10_000
"""Month of the last act of someone who has not acted within living memory."""

COLUMN = "people."
"""A resident column's part of the state is `people.` and its name; one step writes each."""
COLUMNS_THAT_CHANGE = (
    "arrived known broker last_act previous_act last_vote last_meeting last_time last_money last_organise "
    "last_domain persuaded saw team capacity_used rung given_fen belief trust_committee trust_fund "
    "efficacy habit_vote habit_meeting habit_time habit_money expectation sense_of_gain satisfaction "
    "group"
).split()
"""Columns that steps write. All others were given by the world and never change."""

NO_GROUP = -1

LAST_OF_KIND = {kind: f"last_{kind.name.lower()}" for kind in Act}
"""By kind of act the column that holds the month of the last one; of money, of the last gift that stayed."""
HABITS = {kind: f"habit_{kind.name.lower()}" for kind in ASKED_ACTS}
"""By kind of act the column of its habit, 0–1; `habit` is the disposition that all of them start from and fade to."""
GIVING_OR_STARTING = (Act.TIME, Act.MONEY, Act.ORGANISE)
"""Acts that count as taking part in the headline: hours, money that stayed, something started."""


def acted_since(residents: Columns, kinds: Sequence[Act], month: int) -> NDArray[np.bool_]:
    """Who did any of these kinds of act in `month` or later, shape (residents,)."""
    last = [getattr(residents, LAST_OF_KIND[kind]) for kind in kinds]
    return np.asarray(np.maximum.reduce(last) >= month)


def never_gave(residents: Columns, who: Positions) -> NDArray[np.bool_]:
    """Which of `who` have given nothing that stayed and started nothing within memory, shape of `who`."""
    last = [getattr(residents, LAST_OF_KIND[kind])[who] for kind in GIVING_OR_STARTING]
    return np.asarray(np.maximum.reduce(last) == LONG_AGO)


class Columns:
    """A step's view of the residents: `columns.trust_fund` is an array of shape (residents,)."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]], writable: frozenset[str]) -> None:
        views = {}
        for name, array in arrays.items():
            view = array.view()
            view.flags.writeable = name in writable
            views[name] = view
        vars(self)["_arrays"] = views  # past `__setattr__`, which refuses whoever has the view

    def __getattr__(self, name: str) -> NDArray[Any]:
        try:
            array: NDArray[Any] = self._arrays[name]
        except KeyError:
            raise AttributeError(f"residents have no column {name!r}") from None
        return array

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"write into residents.{name}[...] instead: columns are never replaced")

    def __len__(self) -> int:
        return len(self._arrays["age"])


class Residents:
    """All residents of a run. Given columns are shared between the arms of a comparison; learned ones are copied."""

    def __init__(self, world: World, satisfaction_at_start: float) -> None:
        self._arrays: dict[str, NDArray[Any]] = dict(world.columns)
        n = world.residents
        for name in COLUMNS_THAT_CHANGE:
            if name in self._arrays:
                self._arrays[name] = self._arrays[name].copy()
        started: dict[str, NDArray[Any]] = {
            "arrived": np.full(n, LONG_AGO, dtype=np.int32),
            "broker": np.zeros(n, dtype=np.bool_),
            "last_act": np.full(n, LONG_AGO, dtype=np.int32),
            "previous_act": np.full(n, LONG_AGO, dtype=np.int32),
            **{name: np.full(n, LONG_AGO, dtype=np.int16) for name in LAST_OF_KIND.values()},
            "last_domain": np.full(n, -1, dtype=np.int8),
            "persuaded": np.full(n, LONG_AGO, dtype=np.int16),
            "saw": np.full(n, LONG_AGO, dtype=np.int16),
            "team": np.full(n, NO_PROJECT, dtype=np.int32),
            **{name: self._arrays["habit"].copy() for name in HABITS.values()},
            "capacity_used": np.zeros(n, dtype=np.int64),
            "rung": np.zeros(n, dtype=np.uint8),
            "given_fen": np.zeros(n, dtype=np.int64),
            "expectation": np.zeros(n, dtype=np.float32),
            "sense_of_gain": np.zeros(n, dtype=np.float32),
            "satisfaction": np.full(n, satisfaction_at_start, dtype=np.float32),
            "group": np.full(n, NO_GROUP, dtype=np.int32),
        }
        self._arrays.update(started)
        self._readers: dict[str, Columns] = {}

    def __len__(self) -> int:
        return len(self._arrays["age"])

    def remember_before(self, adults: NDArray[np.bool_], draws: Draws, parameters: Mapping[str, float]) -> None:
        """Give adults a last act in the two years before the run, those of a habit more likely (registry, `habit.*`).

        Without it everybody would count as inactive at first, and the first year would show a rise that is none.
        Of those who acted in the last twelve months a part gave hours, the others came to a meeting; some gave hours
        in the year before and not since.
        """
        habit = np.where(adults, self._arrays["habit"], 0.0).astype(np.float64)
        weight = adults.sum() * habit / max(habit.sum(), np.finfo(np.float64).tiny)
        luck = draws.uniforms("active before", len(self))
        gave = parameters["habit.gave_at_start"] * weight
        active = np.maximum(parameters["habit.active_at_start"] * weight, gave)
        stopped = active + parameters["habit.stopped_at_start"] * gave
        when = np.floor(draws.uniforms("month before", len(self)) * MONTHS_REMEMBERED).astype(np.int16)
        for name, who, latest in (
            ("last_time", luck < gave, -1),
            ("last_meeting", (luck >= gave) & (luck < active), -1),
            ("last_time", (luck >= active) & (luck < stopped), -1 - MONTHS_REMEMBERED),
        ):
            self._arrays[name][who] = latest - when[who]
            self._arrays["last_act"][who] = latest - when[who]
        self._arrays["persuaded"][:] = self._arrays["last_time"]

    def seen_by(self, reader: str, writes: Collection[str] = ()) -> Columns:
        """The residents as `reader` may use them: the columns among the parts it `writes` writable, all others not."""
        if reader not in self._readers:
            owned = frozenset(part.removeprefix(COLUMN) for part in writes if part.startswith(COLUMN))
            self._readers[reader] = Columns(self._arrays, owned)
        return self._readers[reader]

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of all columns."""
        return tuple(self._arrays)

    def __getitem__(self, position: int) -> Resident:
        """One resident, for a closer look: `model.residents[17].trust_fund`."""
        if not -len(self) <= position < len(self):
            raise IndexError(position)
        return Resident(self, position % len(self))

    def select(self, mask: NDArray[np.bool_]) -> NDArray[np.intp]:
        """Positions of the residents for whom `mask` holds, in address order."""
        return np.flatnonzero(mask)


class Resident:
    """A light view of one row; reads only, and never on the hot path."""

    __slots__ = ("_residents", "position")

    def __init__(self, residents: Residents, position: int) -> None:
        self._residents = residents
        self.position = position

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._residents.seen_by("reader"), name)[self.position]
        return value.item() if np.ndim(value) == 0 else value

    def __repr__(self) -> str:
        return f"Resident({self.position}, age={self.age}, committee={self.committee})"


class People(Owned):
    """The residents, and who of them gave hours or money, or voted or met, last month (written by contribution)."""

    PARTS: ClassVar[Mapping[str, str]] = {
        "acted_last_month": "people.acted_last_month",
        "voted_last_month": "people.voted_last_month",
        "met_last_month": "people.met_last_month",
    }

    def __init__(self, permit: Permit, residents: Residents) -> None:
        self.residents = residents
        self.acted_last_month: Positions = np.zeros(0, dtype=np.intp)
        self.voted_last_month: Positions = np.zeros(0, dtype=np.intp)
        self.met_last_month: Positions = np.zeros(0, dtype=np.intp)
        self.permit = permit

    def participants_of(self, project: Project) -> Positions:
        """Residents who took part in a project and still live there, each once, in address order."""
        return self._still_here(project.participants)

    def team_of(self, project: Project) -> Positions:
        """Those who started a project, promised hours to it or worked on it, and still live there."""
        begun = project.promised
        if project.writer_resident >= 0:
            begun = (*begun, np.array([project.writer_resident], dtype=np.intp))
        return self._still_here((*((project.proposed, who) for who in begun), *project.workers))

    def _still_here(self, months: Sequence[tuple[int, Positions]]) -> Positions:
        arrived = self.residents.seen_by("reader").arrived
        there = [who[arrived[who] <= month] for month, who in months]
        return np.unique(np.concatenate(there)) if there else np.zeros(0, dtype=np.intp)
