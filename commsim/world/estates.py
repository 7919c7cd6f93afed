"""A residents' committee's estates: their sizes and kinds, building groups with leaders, and who manages them.

Sizes are log-normal; kinds follow the former district (`population.*` in the registry, mostly assumptions).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commsim.money import largest_remainder
from commsim.randomness import Draws
from commsim.scenario.places import CommitteeSpec
from commsim.world.committees import Committee
from commsim.world.owners import owners_committees, property_qualities
from commsim.world.records import EstateType, OwnersCommittee

Ints = NDArray[np.int64]

FORMER_DISTRICTS = ("jingan", "zhabei")
"""The former districts whose estates the registry describes (`population.lanes_share_…`)."""
LEADERS = {"none": 0, "ordinary": 1, "established": 2}
"""Codes of `Addresses.building_leader`."""
_ESTATE_TYPES = {kind.name.lower(): kind for kind in EstateType}


@dataclass(frozen=True)
class Estate:
    """An estate: its committee (index), kind, households, its age lean (standard normal), its building groups with
    their leaders, the state of its owners' committee and the level of its property company (0–1)."""

    committee: int
    kind: EstateType
    households: int
    lean: float
    buildings: int
    leaders: NDArray[np.uint8]
    owners_committee: OwnersCommittee
    property_quality: float


def family_estates(
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
    led = np.split(leaders, np.cumsum(buildings)[:-1])
    owners = owners_committees(kinds, committee.id, parameters, draws)
    quality = property_qualities(count, committee.id, parameters, draws)
    return [
        Estate(position, kind, int(size), float(lean), int(groups), leading, owning, float(managed))
        for kind, size, lean, groups, leading, owning, managed in zip(
            kinds, sizes, leans, buildings, led, owners, quality, strict=True
        )
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


def collective_estate(
    position: int, committee: Committee, residents: int, parameters: Mapping[str, float], draws: Draws
) -> Estate:
    """A committee's block of collective households, one a resident; it has no building-group leaders."""
    buildings = max(1, round(residents / parameters["population.collective_building_residents"]))
    lean = float(draws.normals("population.collective_lean", 1, item=committee.id)[0])
    leaders = np.full(buildings, LEADERS["none"], dtype=np.uint8)
    quality = float(property_qualities(1, f"{committee.id} collective", parameters, draws)[0])
    owners = OwnersCommittee.NOT_ELIGIBLE
    return Estate(position, EstateType.COLLECTIVE, residents, lean, buildings, leaders, owners, quality)
