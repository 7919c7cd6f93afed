"""The empty town: committees, estates and building groups with their households, before anybody moves in.

Sizes of committees are log-normal around the size of their place; estates and building groups divide them. Source:
district.md A1 and A3 for counts and means, the rest is assumption (`population.*` in the registry).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from commsim.errors import InvalidInput
from commsim.i18n import Bilingual, _
from commsim.money import largest_remainder
from commsim.randomness import Draws
from commsim.scenario.population import PlaceSpec, PopulationSpec
from commsim.world.estates import Committee, Estate, collective_estate, family_estates
from commsim.world.margins import Margins
from commsim.world.records import Addresses, Domain

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
    def lean(self) -> Numbers:
        """Age lean by estate."""
        return np.array([estate.lean for estate in self.estates])


def lay_out(spec: PopulationSpec, margins: Margins, parameters: Mapping[str, float], draws: Draws) -> Layout:
    """Committees, estates and building groups of a scenario with exactly the households and collective residents asked.

    Raises InvalidInput where there are fewer households than committees.
    """
    committees = _taken(_all_committees(spec, parameters, draws), spec.one_in, draws)
    households = _family_households(committees, margins.households)
    collective = _collective_residents(committees, households, margins.collective, parameters, draws)
    estates: list[Estate] = []
    for position, committee in enumerate(committees):
        estates += family_estates(position, committee, int(households[position]), parameters, draws)
        if collective[position]:
            estates.append(collective_estate(position, committee, int(collective[position]), parameters, draws))
    return Layout(spec.places, tuple(committees), tuple(estates))


def _all_committees(spec: PopulationSpec, parameters: Mapping[str, float], draws: Draws) -> list[Committee]:
    """Every committee of every place, villages last in theirs, with its relative size drawn by its id."""
    spread = np.sqrt(np.log1p(parameters["population.committee_size_spread"] ** 2))
    found: list[Committee] = []
    for position, place in enumerate(spec.places):
        for listed in place.committee_list:
            found.append(Committee(position, place, listed.id, listed.name, float(listed.households), listed))
        for number in range(place.committees + place.villages):
            name, identity = _counted_name(place, number)
            noise = ndtri(draws.uniform("population.committee_size", item=identity))
            weight = place.residents_weight / place.size * float(np.exp(spread * noise))
            found.append(Committee(position, place, identity, name, weight, None))
    return found


def _counted_name(place: PlaceSpec, number: int) -> tuple[Bilingual, str]:
    if number < place.committees:
        ordinal = number + 1
        name = Bilingual(
            en=f"{place.name.message}, committee {ordinal}", zh=f"{place.name.to('zh')}第{ordinal}居民委员会"
        )
        return name, f"{place.id}-{ordinal:02d}"
    ordinal = number - place.committees + 1
    name = Bilingual(
        en=f"{place.name.message}, village committee {ordinal}", zh=f"{place.name.to('zh')}第{ordinal}村民委员会"
    )
    return name, f"{place.id}-village-{ordinal}"


def _taken(committees: list[Committee], one_in: int, draws: Draws) -> list[Committee]:
    """Every `one_in`-th committee in address order from a drawn start (at least one)."""
    first = int(draws.uniform("population.first_committee") * min(one_in, len(committees)))
    return committees[first::one_in]


def _family_households(committees: list[Committee], total: int) -> Ints:
    """Family households by committee, adding up to `total`: those listed as listed, the rest by relative size."""
    listed = np.array([committee.listed is not None for committee in committees])
    weights = np.array([committee.weight for committee in committees])
    if listed.all():
        households = largest_remainder(total, weights)
    else:
        households = np.where(listed, weights, 0).astype(np.int64)
        households[~listed] = largest_remainder(max(total - int(households.sum()), 0), weights[~listed])
    if households.min() < 1 or households.sum() != total:
        text = _(
            "population: {households} family households are too few for {committees} committees of the sizes given; "
            "raise `residents` or take fewer committees"
        )
        raise InvalidInput(text.format(households=total, committees=len(committees)))
    return households


def _collective_residents(
    committees: list[Committee], households: Ints, total: int, parameters: Mapping[str, float], draws: Draws
) -> Ints:
    """Residents of collective households by committee, adding up to `total`: blocks in some committees, drawn by id."""
    luck = np.array([draws.uniform("population.collective_block", item=c.id) for c in committees])
    chosen = luck < parameters["population.collective_committee_share"]
    chosen[np.argmin(luck)] = True  # somewhere they must live
    noise = ndtri(np.array([draws.uniform("population.collective_size", item=c.id) for c in committees]))
    weights = households * np.exp(parameters["population.collective_size_spread"] * noise)
    return largest_remainder(total, np.where(chosen, weights, 0))


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
