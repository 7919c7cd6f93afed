"""What residents need of each item of the questionnaires, from age, household, home and registration (plan P-11, P-26).

The published rounds of 2018 and 2020 give the order of the items (district-2.md A3b); how strong a need is, and what
raises it for whom, are assumptions of the registry, wide in range.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from commsim.randomness import Draws
from commsim.world.records import Addresses, Column, Domain, EstateType, Registration, Tenure

Marks = NDArray[np.bool_]


def need_columns(
    columns: Mapping[str, Column], addresses: Addresses, parameters: Mapping[str, float], draws: Draws
) -> NDArray[np.float32]:
    """Strength 0–1 of each resident's need by `Domain`, float32 of shape (residents, 10).

    Each is base + shifts of the circumstances that hold + what the subdistrict wished first + what the estate shares +
    one's own, cut to 0–1. Residents of one estate share a part, so that a project can serve neighbours together.
    """
    estate = columns["estate"]
    marks = circumstances(columns, addresses, parameters)
    wished = addresses.first_wish[addresses.subdistrict_of_committee][columns["committee"]]
    needs = np.empty((addresses.residents, len(Domain)), dtype=np.float32)
    for domain in Domain:
        strength = _shifted(domain, marks, parameters)
        strength += parameters["attributes.need_first_wish"] * (wished == domain)
        shared = draws.normals("attributes.need_estate", len(addresses.estate_type), item=domain.name)
        strength += parameters["attributes.need_estate_spread"] * shared[estate]
        own = draws.normals("attributes.need", addresses.residents, item=domain.name)
        strength += parameters["attributes.need_spread"] * own
        needs[:, domain] = np.clip(strength, 0.0, 1.0)
    return needs


def circumstances(
    columns: Mapping[str, Column], addresses: Addresses, parameters: Mapping[str, float]
) -> dict[str, Marks]:
    """Which circumstances hold for each resident: name → bool of shape (residents,).

    older, oldest (age), with_elder, with_child (somebody in the household), owner, lanes, former_public, commercial,
    other_province (registered there).
    """
    age = columns["age"]
    older = age >= parameters["attributes.older_age"]
    estate_type = addresses.estate_type[columns["estate"]]
    return {
        "older": older,
        "oldest": age >= parameters["attributes.oldest_age"],
        "with_elder": _in_household(older, columns, addresses),
        "with_child": _in_household(age < parameters["attributes.child_age"], columns, addresses),
        "owner": (columns["tenure"] == Tenure.OWNED) & ~columns["collective"],
        "lanes": estate_type == EstateType.LANES,
        "former_public": estate_type == EstateType.FORMER_PUBLIC,
        "commercial": estate_type == EstateType.COMMERCIAL,
        "other_province": columns["registration"] == Registration.OTHER_PROVINCE,
    }


def _in_household(marked: Marks, columns: Mapping[str, Column], addresses: Addresses) -> Marks:
    """Whether somebody of one's household is marked."""
    households = len(addresses.household_start) - 1
    any_of_household = np.bincount(columns["household"], weights=marked, minlength=households) > 0
    found: Marks = any_of_household[columns["household"]] & ~columns["collective"]
    return found | marked


_SHIFTS: dict[Domain, tuple[str, ...]] = {
    Domain.PROPERTY: ("owner", "commercial"),
    Domain.FACILITIES: ("lanes", "former_public"),
    Domain.REPAIR: ("lanes", "older"),
    Domain.SURROUNDINGS: ("lanes", "former_public"),
    Domain.INFORMATION: ("other_province",),
    Domain.CULTURE_SPORT: ("older", "oldest"),
    Domain.WASTE: ("lanes",),
    Domain.HEALTH: ("older", "oldest"),
    Domain.ELDERS: ("older", "oldest", "with_elder"),
    Domain.CHILDREN: ("with_child",),
}
"""Which circumstances shift which need; `attributes.need_<item>_<circumstance>` says by how much."""


def _shifted(domain: Domain, marks: Mapping[str, Marks], parameters: Mapping[str, float]) -> NDArray[np.float64]:
    base = f"attributes.need_{domain.name.lower()}"
    strength = np.full(marks["older"].size, parameters[base])
    for circumstance in _SHIFTS[domain]:
        strength += parameters[f"{base}_{circumstance}"] * marks[circumstance]
    return strength
