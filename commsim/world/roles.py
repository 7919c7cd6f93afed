"""Who holds a role at the start: building-group leaders, residents' representatives, registered volunteers.

Leaders and representatives are chosen among adults by a keyed score that favours the known, the older and Party
members, as recruiters do (Brady, Schlozman and Verba 1999: rational prospecting). Group leaders come with groups.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from commsim.randomness import Draws
from commsim.world.records import Addresses, Column, Registration, Role, Sex, Tenure
from commsim.world.scores import gumbel, probabilities_of_share, rank_within

Marks = NDArray[np.bool_]


def role_column(
    columns: Mapping[str, Column],
    addresses: Addresses,
    parameters: Mapping[str, float],
    draws: Draws,
    reference: NDArray[np.float64] | None = None,
) -> NDArray[np.uint8]:
    """Bits of `Role` for each resident, uint8 of shape (residents,).

    `columns` must hold age, sex, registration, tenure, party, known, committee, building and household; `reference`
    weights residents back to the make-up that the share of volunteers is of (`commsim.world.reference`). Every building
    group with a leader in `addresses.building_leader` and an adult has exactly one; a committee has one representative
    per so many households.
    """
    adult = columns["age"] >= parameters["attributes.adult_age"]
    standing = _standing(columns, parameters)
    roles = np.zeros(addresses.residents, dtype=np.uint8)
    roles[_leaders(adult, standing, columns, addresses, draws)] |= np.uint8(Role.BUILDING_LEADER)
    roles[_representatives(adult, standing, columns, addresses, parameters, draws)] |= np.uint8(Role.REPRESENTATIVE)
    roles[_volunteers(columns, parameters, draws, reference)] |= np.uint8(Role.VOLUNTEER)
    return roles


def _standing(columns: Mapping[str, Column], parameters: Mapping[str, float]) -> NDArray[np.float64]:
    """Log-odds of being chosen for a role, against a tenant from elsewhere who is young, unknown, outside the Party."""
    older = columns["age"] >= parameters["attributes.older_age"]
    oldest = columns["age"] >= parameters["attributes.oldest_age"]
    return np.asarray(
        parameters["attributes.role_known"] * columns["known"]
        + parameters["attributes.role_party"] * columns["party"]
        + parameters["attributes.role_registered"] * (columns["registration"] == Registration.HERE)
        + parameters["attributes.role_owner"] * (columns["tenure"] == Tenure.OWNED)
        + parameters["attributes.role_older"] * older
        + parameters["attributes.role_oldest"] * oldest,
        dtype=np.float64,
    )


def _leaders(
    adult: Marks,
    standing: NDArray[np.float64],
    columns: Mapping[str, Column],
    addresses: Addresses,
    draws: Draws,
) -> NDArray[np.int64]:
    noise = gumbel(draws.uniforms("attributes.building_leader", addresses.residents))
    candidates = np.flatnonzero(adult & (addresses.building_leader[columns["building"]] > 0))
    rank = rank_within(columns["building"][candidates], (standing + noise)[candidates])
    first: NDArray[np.int64] = candidates[rank == 0]
    return first


def _representatives(
    adult: Marks,
    standing: NDArray[np.float64],
    columns: Mapping[str, Column],
    addresses: Addresses,
    parameters: Mapping[str, float],
    draws: Draws,
) -> NDArray[np.int64]:
    committee_of_household = columns["committee"][addresses.household_start[:-1]]
    households = np.bincount(committee_of_household, minlength=addresses.committees)
    seats = np.maximum(1, np.rint(households / parameters["attributes.households_per_representative"]))
    noise = gumbel(draws.uniforms("attributes.representative", addresses.residents))
    candidates = np.flatnonzero(adult & ~columns["collective"])
    committee = columns["committee"][candidates]
    rank = rank_within(committee, (standing + noise)[candidates])
    chosen: NDArray[np.int64] = candidates[rank < seats[committee]]
    return chosen


def _volunteers(
    columns: Mapping[str, Column],
    parameters: Mapping[str, float],
    draws: Draws,
    reference: NDArray[np.float64] | None,
) -> NDArray[np.int64]:
    """Registered volunteers: the published share of all residents, found among those old enough to register."""
    uniforms = draws.uniforms("attributes.volunteer", columns["age"].size)
    eligible = np.flatnonzero(columns["age"] >= parameters["attributes.volunteer_age"])
    score = (
        parameters["attributes.volunteer_party"] * columns["party"]
        + parameters["attributes.volunteer_known"] * columns["known"]
        + parameters["attributes.volunteer_oldest"] * (columns["age"] >= parameters["attributes.oldest_age"])
        + parameters["attributes.volunteer_women"] * (columns["sex"] == Sex.FEMALE)
    )[eligible]
    old_enough = eligible.size / columns["age"].size if reference is None else _share_of(reference, eligible)
    share = min(parameters["attributes.volunteer_share"] / max(old_enough, np.finfo(np.float64).tiny), 1.0)
    weights = None if reference is None else reference[eligible]
    return eligible[uniforms[eligible] < probabilities_of_share(np.asarray(score, np.float64), share, weights)]


def _share_of(weights: NDArray[np.float64], chosen: NDArray[np.int64]) -> float:
    return float(weights[chosen].sum() / weights.sum())
