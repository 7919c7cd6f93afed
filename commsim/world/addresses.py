"""The empty town: committees, estates and building groups with their households, before anybody moves in.

Sizes of committees are log-normal around the size of their place; estates and building groups divide them. Source:
district.md A1 and A3 for counts and means, the rest is assumption (`population.*` in the registry).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commsim.randomness import Draws
from commsim.scenario.places import PlaceSpec
from commsim.scenario.population import PopulationSpec
from commsim.world.committees import (
    Committee,
    all_committees,
    beside_collective,
    collective_residents,
    family_households,
    taken,
)
from commsim.world.estates import Estate, collective_estate, family_estates
from commsim.world.margins import Margins
from commsim.world.records import Addresses, Domain, EstateType

Ints = NDArray[np.int64]
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Layout:
    """All dwellings in address order: estates, and how many households each holds (one a person where collective)."""

    places: tuple[PlaceSpec, ...]
    committees: tuple[Committee, ...]
    estates: tuple[Estate, ...]

    @property
    def households(self) -> Ints:
        """Households by estate."""
        return np.array([estate.households for estate in self.estates], dtype=np.int64)

    @property
    def kind(self) -> Ints:
        """Estate type by estate."""
        return np.array([estate.kind for estate in self.estates], dtype=np.int64)

    @property
    def place(self) -> Ints:
        """Place (index) by estate."""
        return np.array([self.committees[estate.committee].place for estate in self.estates], dtype=np.int64)

    @property
    def dwellings(self) -> Ints:
        """Households by kind of estate and place, shape (kinds, places)."""
        table = np.zeros((len(EstateType), len(self.places)), dtype=np.int64)
        np.add.at(table, (self.kind, self.place), self.households)
        return table

    @property
    def lean(self) -> Numbers:
        """Age lean by estate."""
        return np.array([estate.lean for estate in self.estates])


def lay_out(spec: PopulationSpec, margins: Margins, parameters: Mapping[str, float], draws: Draws) -> Layout:
    """Committees, estates and building groups of a scenario with exactly the households and collective residents asked.

    Raises InvalidInput where there are fewer households than committees.
    """
    committees = taken(all_committees(spec, parameters, draws), spec.one_in, draws)
    households = family_households(committees, margins.households)
    collective = collective_residents(committees, households, margins.collective, parameters, draws)
    households = beside_collective(committees, households, collective, margins.residents)
    estates: list[Estate] = []
    for position, committee in enumerate(committees):
        estates += family_estates(position, committee, int(households[position]), parameters, draws)
        if collective[position]:
            estates.append(collective_estate(position, committee, int(collective[position]), parameters, draws))
    return Layout(spec.places, tuple(committees), tuple(estates))


def addresses_of(layout: Layout, household_sizes: Ints) -> Addresses:
    """The addresses once everybody has moved in. `household_sizes`: residents of each household in address order."""
    estates = layout.estates
    households = layout.households
    buildings = np.array([estate.buildings for estate in estates], dtype=np.int64)
    of_building = np.repeat(np.arange(len(estates)), buildings)
    within = np.arange(len(of_building)) - np.repeat(np.cumsum(buildings) - buildings, buildings)
    # Building group k of n in an estate of h households holds those from ceil(h·k/n) on: sizes differ by one at most.
    first = -(-households[of_building] * within // buildings[of_building]) + np.repeat(
        np.cumsum(households) - households, buildings
    )
    household_start = _starts(household_sizes)
    building_first = np.append(first, len(household_sizes))
    committee_of_estate = np.array([estate.committee for estate in estates], dtype=np.int32)
    place_of_committee, places = _places_taken(layout)
    building_start = household_start[building_first]
    estate_start = building_start[_starts(buildings)]
    committee_start = estate_start[np.searchsorted(committee_of_estate, np.arange(len(layout.committees) + 1))]
    return Addresses(
        subdistrict_start=committee_start[np.searchsorted(place_of_committee, np.arange(len(places) + 1))],
        committee_start=committee_start,
        estate_start=estate_start,
        building_start=building_start,
        household_start=household_start,
        subdistrict_of_committee=place_of_committee,
        committee_of_estate=committee_of_estate,
        estate_of_building=of_building.astype(np.int32),
        building_of_household=np.repeat(np.arange(len(first)), np.diff(building_first)).astype(np.int32),
        estate_type=layout.kind.astype(np.uint8),
        subdistrict_names=tuple(place.name for place in places),
        committee_names=tuple(committee.name for committee in layout.committees),
        committee_ids=tuple(committee.id for committee in layout.committees),
        subdistrict_ids=tuple(place.id for place in places),
        building_leader=np.concatenate([estate.leaders for estate in estates]),
        owners_committee=np.array([estate.owners_committee for estate in estates], dtype=np.uint8),
        property_quality=np.array([estate.property_quality for estate in estates]),
        first_wish=np.array([_first_wish(place) for place in places], dtype=np.int8),
    )


def _first_wish(place: PlaceSpec) -> int:
    return -1 if place.first_wish is None else int(Domain[place.first_wish.upper()])


def _starts(sizes: Ints) -> Ints:
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


def _places_taken(layout: Layout) -> tuple[NDArray[np.int32], list[PlaceSpec]]:
    """The place of each committee among the places that have any; a small sample may miss a place."""
    taken = sorted({committee.place for committee in layout.committees})
    position = {place: index for index, place in enumerate(taken)}
    of_committee = np.array([position[committee.place] for committee in layout.committees], dtype=np.int32)
    return of_committee, [layout.places[place] for place in taken]
