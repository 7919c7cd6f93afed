"""Setting up a fund from its specification: whose projects it pays for, who decides, each area's yearly part."""

from __future__ import annotations

from collections.abc import Sequence

import mesa
import numpy as np
from numpy.typing import NDArray

from commsim.community.funds import Fund
from commsim.community.rounds import Area, Unit
from commsim.contracts import Rule
from commsim.money import largest_remainder
from commsim.randomness import Draws
from commsim.scenario.funds import FundSpec
from commsim.world.records import Addresses


def make_fund(model: mesa.Model, spec: FundSpec, rule: Rule, addresses: Addresses, draws: Draws) -> Fund:
    """The fund of a specification, governed by `rule`, over the places of `addresses`; `draws` decides the pilots."""
    areas = _areas(spec, addresses)
    luck = np.array([draws.uniform("coverage", item=(spec.id, area.id)) for area in areas])
    return Fund(
        model,
        spec,
        rule,
        areas,
        _units(spec, areas, addresses),
        _budget_of_areas(spec, areas, addresses),
        np.argsort(luck, kind="stable"),
    )


def _areas(spec: FundSpec, addresses: Addresses) -> tuple[Area, ...]:
    if spec.level == "committee":
        start = addresses.committee_start
        return tuple(
            Area(index, addresses.committee_ids[index], index, int(start[index]), int(start[index + 1]))
            for index in range(addresses.committees)
        )
    start = addresses.building_start
    committee = addresses.committee_of_estate[addresses.estate_of_building]
    return tuple(
        Area(
            index,
            f"{addresses.committee_ids[int(committee[index])]}-building-{index + 1}",
            int(committee[index]),
            int(start[index]),
            int(start[index + 1]),
        )
        for index in range(addresses.buildings)
    )


def _units(spec: FundSpec, areas: Sequence[Area], addresses: Addresses) -> tuple[Unit, ...]:
    """Areas grouped by who decides, in address order."""
    members: dict[str, list[int]] = {}
    for area in areas:
        members.setdefault(_unit_of(spec, area, addresses), []).append(area.index)
    return tuple(Unit(name, tuple(indices), f"purse:{spec.id}:{name}") for name, indices in members.items())


def _unit_of(spec: FundSpec, area: Area, addresses: Addresses) -> str:
    unit = spec.deciding_unit
    if unit == "district":
        return "district"
    if unit == "subdistrict":
        return addresses.subdistrict_ids[int(addresses.subdistrict_of_committee[area.committee])]
    return addresses.committee_ids[area.committee] if unit == "committee" else area.id


def _budget_of_areas(spec: FundSpec, areas: Sequence[Area], addresses: Addresses) -> NDArray[np.int64]:
    """Yearly appropriation by area in fen: equal parts, exact to the fen."""
    if spec.budget_total_fen is not None:
        return largest_remainder(spec.budget_total_fen, np.ones(len(areas)))
    each = spec.budget_per_committee_fen or 0
    budget = np.zeros(len(areas), dtype=np.int64)
    committees = np.array([area.committee for area in areas])
    for committee in np.unique(committees):
        mine = np.flatnonzero(committees == committee)
        budget[mine] = largest_remainder(each, np.ones(len(mine)))
    return budget
