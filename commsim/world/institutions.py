"""The institutions of the district before they become agents, and the relations between them (plan P-01 … P-09, P-38).

Committees, subdistricts and the town are the scenario's; how they are equipped, and which social organisations and
local units there are, is drawn from the registry (`institutions.*`). No list of Jing'an's organisations or units was
found: those here stand for kinds and numbers, not for real ones, and their names say so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from commsim.i18n import Bilingual
from commsim.randomness import Draws
from commsim.world.estates import FORMER_DISTRICTS
from commsim.world.organisations import local_units, social_organisations
from commsim.world.records import Addresses, InstitutionRecord, Institutions, Relation
from commsim.world.relations import relations_between

if TYPE_CHECKING:
    from commsim.scenario.schema import Scenario

Floats = NDArray[np.float64]

DISTRICT_ID = "district"
OLD_JINGAN = "jingan"
CAPACITIES = ("skill", "services", "trust", "space", "rules_stock")
"""Levels of a committee that may start apart by former district (P-38)."""


def make_institutions(
    scenario: Scenario, addresses: Addresses, draws: Draws
) -> tuple[tuple[InstitutionRecord, ...], tuple[Relation, ...]]:
    """Every institution with its starting attributes, and every relation between two of them.

    Arguments: `scenario`, for places (former district) and parameters; `addresses`; `draws` of the replicate. Returns
    (records, relations). Kinds of records and their attributes:

    - "district": `coordination` (0–1, leading group P-35)
    - "subdistrict": `index`, `former_district` ("" where none is said), `staff_hours` (a month, for communities),
      `investment_share` (of its time spent on attracting investment, P-02), `coordination`, `skill` (0–1)
    - "committee": `index`, `subdistrict` (id), `former_district`, `village`, `households`, `residents`, `staff`
      (persons), `staff_hours` (a month, all staff), `administrative_share` (of those hours, P-04), `skill`, `services`
      (hours and contact, P-21), `trust` (standing with other institutions), `space` (room for groups, P-22),
      `rules_stock` (written rules, P-24), 0–1 each
    - "social_organisation" and "local_unit": see `commsim.world.organisations`
    """
    parameters = scenario.parameters
    former = _former_districts(scenario, addresses)
    made = Institutions(
        district=_district(parameters),
        subdistricts=_subdistricts(addresses, former, parameters, draws),
        committees=_committees(scenario, addresses, former, draws),
        social_organisations=social_organisations(addresses, parameters, draws),
        local_units=local_units(addresses, _jobs(scenario, addresses), parameters, draws),
    )
    return made.all, relations_between(made, parameters, draws)


def _former_districts(scenario: Scenario, addresses: Addresses) -> tuple[str, ...]:
    """The district that each street-level unit belonged to before the merger, in address order."""
    by_id = {place.id: place.former_district for place in scenario.population.places}
    return tuple(by_id[identifier] or "" for identifier in addresses.subdistrict_ids)


def _jobs(scenario: Scenario, addresses: Addresses) -> Floats:
    """Jobs of a committee against the district's mean, by street-level unit in address order.

    The mean is that of all committees whose unit says how many jobs it has, so that it is 1 over the whole district
    and a sample of committees keeps what its units have. A unit that says nothing has 1.
    """
    told = [place for place in scenario.population.places if place.jobs is not None]
    jobs = sum(place.jobs or 0.0 for place in told)
    mean = jobs / sum(place.size for place in told) if jobs else 1.0
    each = {place.id: (place.jobs or 0.0) / place.size / mean for place in told if jobs}
    return np.array([each.get(identifier, 1.0) for identifier in addresses.subdistrict_ids])


def _gap(former: Sequence[str], parameters: Mapping[str, float], draws: Draws) -> Floats:
    """`starting_gap` of the units of the two districts that the registry compares; 0 for all others."""
    known = np.array([name in FORMER_DISTRICTS for name in former], dtype=np.bool_)
    gap = np.zeros(len(former))
    gap[known] = starting_gap(
        np.array([name == OLD_JINGAN for name in former], dtype=np.bool_)[known], parameters, draws
    )
    return gap


def starting_gap(old_jingan: NDArray[np.bool_], parameters: Mapping[str, float], draws: Draws) -> Floats:
    """How far each unit's starting capacity lies from the mean because of its former district (P-38), shape as given.

    The gap old Jing'an minus Zhabei is drawn around a registry mean of zero, and shared out so that the mean over the
    units given is zero: no source says which of the two started ahead.
    """
    luck = draws.normals("institutions.former_district", 1)[0]
    gap = parameters["institutions.former_district_gap"] + parameters["institutions.former_district_spread"] * luck
    return gap * (old_jingan - old_jingan.mean()) if old_jingan.size else np.zeros(0)


def _district(parameters: Mapping[str, float]) -> InstitutionRecord:
    return InstitutionRecord(
        kind="district",
        id=DISTRICT_ID,
        name=Bilingual(en="District leading group", zh="区领导小组"),
        attributes={"coordination": parameters["institutions.district_coordination"]},
    )


def _subdistricts(
    addresses: Addresses, former: tuple[str, ...], parameters: Mapping[str, float], draws: Draws
) -> tuple[InstitutionRecord, ...]:
    count = len(addresses.subdistrict_ids)
    gap = _gap(former, parameters, draws)
    skill = _level("subdistrict_skill", count, parameters, draws, gap)
    committees = np.bincount(addresses.subdistrict_of_committee, minlength=count)
    return tuple(
        InstitutionRecord(
            kind="subdistrict",
            id=addresses.subdistrict_ids[index],
            name=addresses.subdistrict_names[index],
            attributes={
                "index": index,
                "former_district": former[index],
                "staff_hours": float(committees[index] * parameters["institutions.subdistrict_hours_per_committee"]),
                "investment_share": parameters["institutions.subdistrict_investment_share"],
                "coordination": parameters["institutions.subdistrict_coordination"],
                "skill": float(skill[index]),
            },
        )
        for index in range(count)
    )


def _committees(
    scenario: Scenario, addresses: Addresses, former: tuple[str, ...], draws: Draws
) -> tuple[InstitutionRecord, ...]:
    parameters, count = scenario.parameters, addresses.committees
    of_subdistrict = [former[index] for index in addresses.subdistrict_of_committee]
    gap = _gap(of_subdistrict, parameters, draws)
    staff = committee_staff(np.diff(addresses.committee_start), parameters, draws)
    levels = {name: _level(f"committee_{name}", count, parameters, draws, gap) for name in CAPACITIES}
    levels["administrative_share"] = _level("administrative_share", count, parameters, draws, np.zeros(count))
    households = _households(addresses)
    villages = _villages(scenario, addresses)
    return tuple(
        InstitutionRecord(
            kind="committee",
            id=addresses.committee_ids[index],
            name=addresses.committee_names[index],
            attributes={
                "index": index,
                "subdistrict": addresses.subdistrict_ids[addresses.subdistrict_of_committee[index]],
                "former_district": of_subdistrict[index],
                "village": addresses.committee_ids[index] in villages,
                "households": int(households[index]),
                "residents": int(addresses.committee_start[index + 1] - addresses.committee_start[index]),
                "staff": int(staff[index]),
                "staff_hours": float(staff[index] * parameters["institutions.hours_per_staff"]),
                **{name: float(level[index]) for name, level in levels.items()},
            },
        )
        for index in range(count)
    )


def committee_staff(residents: NDArray[np.int64], parameters: Mapping[str, float], draws: Draws) -> NDArray[np.int64]:
    """Members of each residents' committee: within the statute's 5 to 9, more where more people live, shape as given.

    A committee of usual size has the usual number; twice the residents add `staff_per_doubling`; one's own luck rounds.
    """
    usual = parameters["institutions.staff_usual"]
    size = np.maximum(residents, 1) / parameters["institutions.committee_residents_usual"]
    wanted = usual + parameters["institutions.staff_per_doubling"] * np.log2(size)
    rounded = np.floor(wanted + draws.uniforms("institutions.staff", residents.size))
    fewest, most = parameters["institutions.staff_fewest"], parameters["institutions.staff_most"]
    return np.clip(rounded, fewest, most).astype(np.int64)


def _level(name: str, count: int, parameters: Mapping[str, float], draws: Draws, gap: Floats) -> Floats:
    """A level 0–1 by unit: the registry's mean, the gap of the former districts, and the unit's own."""
    own = parameters["institutions.level_spread"] * draws.normals(f"institutions.{name}", count)
    return np.clip(parameters[f"institutions.{name}"] + gap + own, 0.0, 1.0)


def _households(addresses: Addresses) -> NDArray[np.int64]:
    estate = addresses.estate_of_building[addresses.building_of_household]
    return np.bincount(addresses.committee_of_estate[estate], minlength=addresses.committees)


def _villages(scenario: Scenario, addresses: Addresses) -> frozenset[str]:
    """Ids of village committees, which `commsim.world.addresses` names after their place."""
    prefixes = tuple(f"{place.id}-village-" for place in scenario.population.places if place.villages)
    return frozenset(committee for committee in addresses.committee_ids if prefixes and committee.startswith(prefixes))
