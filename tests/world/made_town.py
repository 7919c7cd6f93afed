"""A town laid out by hand for tests: every unit of the same size, ages and the rest by NumPy's own generator."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np

from commsim.i18n import Bilingual
from commsim.scenario.registry import Parameters, load_registry
from commsim.world.records import Addresses, Column, Domain

SUBDISTRICTS = ("south", "north")


@dataclass
class MadeScenario:
    """As much of a scenario as the world beyond the census reads."""

    overrides: dict[str, float] = field(default_factory=dict)
    jobs: dict[str, float] = field(default_factory=dict)
    layers: dict[str, str] = field(
        default_factory=lambda: dict.fromkeys(("building", "estate", "affinity", "long"), "ring_lattice")
    )

    @property
    def parameters(self) -> Parameters:
        """The registry with this scenario's overrides."""
        return Parameters(load_registry(), self.overrides)

    @property
    def networks(self) -> Any:
        """Generators by layer."""
        return SimpleNamespace(layers=self.layers)

    @property
    def population(self) -> Any:
        """Two places, one of each former district; the second has a village."""
        former = ("jingan", "zhabei")
        places = [
            SimpleNamespace(id=one, former_district=of, villages=int(one == "north"), jobs=self.jobs.get(one), size=2)
            for one, of in zip(SUBDISTRICTS, former, strict=True)
        ]
        return SimpleNamespace(places=places, older=1.0, migrants=1.0, owners=1.0)


def made_town(
    committees: int = 4, estates: int = 2, buildings: int = 3, households: int = 20, persons: int = 3, seed: int = 0
) -> tuple[dict[str, Column], Addresses]:
    """Census columns and addresses: so many of each unit inside the one above, every household of `persons`."""
    counts = np.cumprod([committees, estates, buildings, households, persons])
    residents = int(counts[-1])
    half = committees - committees // 2

    def starts(units: int) -> np.ndarray:
        return np.arange(units + 1, dtype=np.int64) * (residents // units)

    ids = [f"south-{i + 1:02d}" for i in range(half)] + [f"north-{i + 1:02d}" for i in range(committees - half)]
    ids[-1] = "north-village-1" if committees > 1 else ids[-1]
    addresses = Addresses(
        subdistrict_start=np.array([0, half * (residents // committees), residents], dtype=np.int64),
        committee_start=starts(committees),
        estate_start=starts(int(counts[1])),
        building_start=starts(int(counts[2])),
        household_start=starts(int(counts[3])),
        subdistrict_of_committee=(np.arange(committees) >= half).astype(np.int32),
        committee_of_estate=np.repeat(np.arange(committees, dtype=np.int32), estates),
        estate_of_building=np.repeat(np.arange(counts[1], dtype=np.int32), buildings),
        building_of_household=np.repeat(np.arange(counts[2], dtype=np.int32), households),
        estate_type=(np.arange(counts[1]) % 3).astype(np.uint8),
        subdistrict_names=tuple(Bilingual(en=one.title(), zh=one) for one in SUBDISTRICTS),
        committee_names=tuple(Bilingual(en=one, zh=one) for one in ids),
        committee_ids=tuple(ids),
        subdistrict_ids=SUBDISTRICTS,
        building_leader=(np.arange(counts[2]) % 3).astype(np.uint8),
        owners_committee=(np.arange(counts[1]) % 4).astype(np.uint8),
        property_quality=np.full(counts[1], 0.5),
        first_wish=np.array([Domain.SURROUNDINGS, -1], dtype=np.int8),
    )
    return _columns(addresses, persons, np.random.default_rng(seed)), addresses


def _columns(addresses: Addresses, persons: int, rng: np.random.Generator) -> dict[str, Column]:
    residents = addresses.residents
    households = len(addresses.household_start) - 1
    index = np.arange(residents)

    def unit(start: np.ndarray) -> np.ndarray:
        return (np.searchsorted(start, index, side="right") - 1).astype(np.int32)

    age = rng.integers(0, 95, residents).astype(np.uint8)
    education = np.where(age < 6, 0, rng.integers(0, 6, residents)).astype(np.uint8)
    return {
        "committee": unit(addresses.committee_start),
        "estate": unit(addresses.estate_start),
        "building": unit(addresses.building_start),
        "household": unit(addresses.household_start),
        "age": age,
        "sex": rng.integers(0, 2, residents).astype(np.uint8),
        "registration": rng.choice(4, residents, p=(0.5, 0.15, 0.1, 0.25)).astype(np.uint8),
        "education": education,
        "tenure": np.repeat(rng.choice(3, households, p=(0.7, 0.25, 0.05)), persons).astype(np.uint8),
        "collective": np.zeros(residents, dtype=bool),
        "household_size": np.full(residents, persons, dtype=np.uint8),
    }
