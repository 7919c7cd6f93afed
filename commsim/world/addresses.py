"""The empty town: committees, estates and building groups with their households, before anybody moves in.

Sizes of committees are log-normal around the size of their place; estates and building groups divide them. Source:
district.md A1 and A3 for counts and means, the rest is assumption (`population.*` in the registry).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commsim.money import largest_remainder
from commsim.randomness import Draws
from commsim.scenario.places import CommitteeSpec, PlaceSpec
from commsim.scenario.population import PopulationSpec
from commsim.world.committees import (
    Committee,
    all_committees,
    beside_collective,
    collective_residents,
    family_households,
    taken,
)
from commsim.world.margins import Margins
from commsim.world.records import Addresses, EstateType

FORMER_DISTRICTS = ("jingan", "zhabei")
"""The former districts whose estates the registry describes (`population.lanes_share_…`)."""
Ints = NDArray[np.int64]
Numbers = NDArray[np.float64]

LEADERS = {"none": 0, "ordinary": 1, "established": 2}
"""Codes of `Addresses.building_leader`."""
_ESTATE_TYPES = {kind.name.lower(): kind for kind in EstateType}


@dataclass(frozen=True)
class Estate:
    """An estate: its committee (index), kind, households, its age lean (standard normal) and its building groups."""

    committee: int
    kind: EstateType
    households: int
    lean: float
    buildings: int
    leaders: NDArray[np.uint8]


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
        estates += _family_estates(position, committee, int(households[position]), parameters, draws)
        if collective[position]:
            estates.append(_collective_estate(position, committee, int(collective[position]), parameters, draws))
    return Layout(spec.places, tuple(committees), tuple(estates))


def _family_estates(
    position: int, committee: Committee, households: int, parameters: Mapping[str, float], draws: Draws
) -> list[Estate]:
    """A committee's ordinary estates, at least one, their households adding up."""
    listed = committee.listed
    smallest = int(parameters["population.smallest_estate"])
    count = max(1, min(round(households / parameters["population.estate_households"]), households // smallest))
    if listed is not None and listed.buildings is not None:
        count = min(count, listed.buildings)
    sizes = _divided(households, count, smallest, "population.estate_size", committee, parameters, draws)
    kinds = _estate_kinds(committee, count, parameters, draws)
    buildings = _building_counts(sizes, listed, parameters["population.building_households"])
    leans = draws.normals("population.estate_lean", count, item=committee.id)
    leaders = _leaders(committee, int(buildings.sum()), parameters, draws)
    ends = np.cumsum(buildings)
    return [
        Estate(position, kind, int(size), float(lean), int(groups), leaders[end - groups : end])
        for kind, size, lean, groups, end in zip(kinds, sizes, leans, buildings, ends, strict=True)
    ]


def _divided(
    total: int,
    count: int,
    smallest: int,
    decision: str,
    committee: Committee,
    parameters: Mapping[str, float],
    draws: Draws,
) -> Ints:
    """`total` in `count` log-normal parts, none below `smallest` where that is possible."""
    floor = min(smallest, total // count)
    noise = draws.normals(decision, count, item=committee.id)
    return floor + largest_remainder(total - floor * count, np.exp(parameters["population.estate_size_spread"] * noise))


def _share_of_estates(kind: str, former: str | None, parameters: Mapping[str, float]) -> float:
    """The registry's share of a kind of estate in a former district; elsewhere the mean of those that it knows."""
    by_district = {name: parameters[f"population.{kind}_share_{name}"] for name in FORMER_DISTRICTS}
    return by_district.get(former or "", sum(by_district.values()) / len(by_district))


def _estate_kinds(committee: Committee, count: int, parameters: Mapping[str, float], draws: Draws) -> list[EstateType]:
    """Kinds of a committee's estates: as listed, else mostly its leading kind, else drawn as in the former district."""
    if committee.listed is not None and committee.listed.estate_type is not None:
        return [_ESTATE_TYPES[committee.listed.estate_type]] * count
    lanes = _share_of_estates("lanes", committee.of.former_district, parameters)
    commercial = _share_of_estates("commercial", committee.of.former_district, parameters)
    luck = draws.uniforms("population.estate_kind", count + 1, item=committee.id)
    drawn = [
        EstateType.LANES
        if uniform < lanes
        else EstateType.COMMERCIAL
        if uniform < lanes + commercial
        else EstateType.FORMER_PUBLIC
        for uniform in luck
    ]
    alike = draws.uniforms("population.estate_alike", count, item=committee.id)
    follows = alike < parameters["population.estate_likeness"]
    return [drawn[0] if same else own for own, same in zip(drawn[1:], follows, strict=True)]


def _building_counts(sizes: Ints, listed: CommitteeSpec | None, usual: float) -> Ints:
    """Building groups by estate: as listed, else by the usual size; at least one and none empty."""
    if listed is None or listed.buildings is None:
        return np.maximum(np.rint(sizes / usual), 1).astype(np.int64)
    return 1 + largest_remainder(listed.buildings - len(sizes), sizes - 1 if sizes.sum() > len(sizes) else sizes)


def _leaders(committee: Committee, buildings: int, parameters: Mapping[str, float], draws: Draws) -> NDArray[np.uint8]:
    """Leaders by building group: 0 none, 1 ordinary, 2 established."""
    if committee.listed is not None and committee.listed.leader is not None:
        return np.full(buildings, LEADERS[committee.listed.leader], dtype=np.uint8)
    established = parameters["population.leader_established_share"]
    any_leader = established + parameters["population.leader_ordinary_share"]
    luck = draws.uniforms("population.leader", buildings, item=committee.id)
    return ((luck < established).astype(np.uint8) + (luck < any_leader)).astype(np.uint8)


def _collective_estate(
    position: int, committee: Committee, residents: int, parameters: Mapping[str, float], draws: Draws
) -> Estate:
    """A committee's block of collective households, one a resident; it has no building-group leaders."""
    buildings = max(1, round(residents / parameters["population.collective_building_residents"]))
    lean = float(draws.normals("population.collective_lean", 1, item=committee.id)[0])
    leaders = np.full(buildings, LEADERS["none"], dtype=np.uint8)
    return Estate(position, EstateType.COLLECTIVE, residents, lean, buildings, leaders)


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
    )


def _starts(sizes: Ints) -> Ints:
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


def _places_taken(layout: Layout) -> tuple[NDArray[np.int32], list[PlaceSpec]]:
    """The place of each committee among the places that have any; a small sample may miss a place."""
    taken = sorted({committee.place for committee in layout.committees})
    position = {place: index for index, place in enumerate(taken)}
    of_committee = np.array([position[committee.place] for committee in layout.committees], dtype=np.int32)
    return of_committee, [layout.places[place] for place in taken]
