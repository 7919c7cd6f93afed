"""Who took part, resident by resident: what only a pair of runs can tell, such as who was drawn in and who displaced.

A year's window is kept as one bit a resident. What residents are (age, registration, …) is kept as one code a resident
in the runs that others are compared with, since both runs of a pair live in the same world.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from commsim.world.ages import ADULT_AGE, BANDS
from commsim.world.records import EstateType, Registration, Sex, Tenure

if TYPE_CHECKING:
    from commsim.world.records import World

Codes = NDArray[np.uint8]
FIFTHS = 5
THIRDS = 3

KINDS: dict[str, tuple[str, ...]] = {
    "age": tuple(BANDS),
    "sex": ("men", "women"),
    "registration": ("registered_here", "registered_elsewhere"),
    "tenure": ("owners", "tenants"),
    "need_fifth": ("least", "second", "third", "fourth", "most"),
    "estate_type": ("lanes", "former_public", "commercial", "collective"),
    "leader": ("no_leader", "leader", "established_leader"),
    "committee_size": ("small", "middle", "large"),
}
"""By what residents are told apart in 'who gains', and the names of the codes."""


@dataclass(frozen=True, eq=False)
class PeopleRecord:
    """Who of a run's residents took part in which year.

    `residents`: how many there are; `months`: last months of the windows of twelve months, ascending, the last one the
    run's last; `gave` (gave hours, or money that stayed, or started something) and `light` (ballots and meetings):
    adults by bit, shape (windows, bytes); `adults`: bits, shape (bytes,); `kinds`: by name of `KINDS` one code a
    resident, empty where they were not asked for.
    """

    residents: int
    months: tuple[int, ...]
    gave: NDArray[np.uint8]
    light: NDArray[np.uint8]
    adults: NDArray[np.uint8]
    kinds: Mapping[str, Codes] = field(default_factory=dict)

    def gave_in(self, window: int) -> NDArray[np.bool_]:
        """Who gave or started something in a window (−1: the last one), shape (residents,)."""
        return self._mask(self.gave[window])

    def light_in(self, window: int) -> NDArray[np.bool_]:
        """Who voted or came to a meeting in a window, shape (residents,)."""
        return self._mask(self.light[window])

    @property
    def is_adult(self) -> NDArray[np.bool_]:
        """Who is an adult, shape (residents,)."""
        return self._mask(self.adults)

    def _mask(self, bits: NDArray[np.uint8]) -> NDArray[np.bool_]:
        return np.unpackbits(bits, count=self.residents).astype(np.bool_)


def people_record(model: Any, with_kinds: bool) -> PeopleRecord:
    """What is kept of the residents of a `model` that has run (`looks`, `world`); `with_kinds`: also what they are."""
    looks, world = model.looks, model.world
    empty = np.zeros((0, 0), dtype=np.uint8)
    return PeopleRecord(
        residents=world.residents,
        months=tuple(look.month for look in looks),
        gave=np.stack([look.gave for look in looks]) if looks else empty,
        light=np.stack([look.light for look in looks]) if looks else empty,
        adults=np.packbits(world.columns["age"] >= ADULT_AGE),
        kinds=kinds_of(world) if with_kinds else {},
    )


def kinds_of(world: World) -> dict[str, Codes]:
    """One code a resident for every name of `KINDS`."""
    columns, addresses = world.columns, world.addresses
    size = np.diff(addresses.committee_start).astype(np.float64)
    need = columns["needs"].mean(axis=1, dtype=np.float64)
    codes = {
        "age": np.searchsorted([last for _first, last in BANDS.values()][:-1], columns["age"]),
        "sex": columns["sex"] == Sex.FEMALE,
        "registration": columns["registration"] != Registration.HERE,
        "tenure": columns["tenure"] != Tenure.OWNED,
        "need_fifth": _parts(need, FIFTHS),
        "estate_type": np.minimum(addresses.estate_type[columns["estate"]], EstateType.COLLECTIVE),
        "leader": addresses.building_leader[columns["building"]],
        "committee_size": _parts(size, THIRDS)[columns["committee"]],
    }
    return {name: np.asarray(code, dtype=np.uint8) for name, code in codes.items()}


def _parts(values: NDArray[np.float64], parts: int) -> NDArray[np.intp]:
    """Into which of `parts` equally large parts each value falls, lowest first."""
    cuts = np.quantile(values, np.arange(1, parts) / parts) if values.size else np.zeros(parts - 1)
    return np.searchsorted(cuts, values, side="left")
