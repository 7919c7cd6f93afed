"""What residents are and hold beyond the census: means, time, needs, behaviour, trust, standing.

Every column has draws of its own, so changing one assumption moves no other column's luck. Numbers come from the
registry (`attributes.*`) with their sources: types and schedules from Fischbacher and Gächter 2010, incomes, volunteers
and acquaintance from Shanghai surveys (district.md A3, A4), the rest assumptions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from commsim.money import FEN_PER_YUAN
from commsim.randomness import Draws
from commsim.scenario.months import MONTHS_A_YEAR
from commsim.world.needs import need_columns
from commsim.world.records import Addresses, Column, Education, Registration, Role, Sex, Tenure
from commsim.world.reference import reference_weights
from commsim.world.roles import role_column
from commsim.world.schedules import first_beliefs, schedule_columns
from commsim.world.scores import probabilities_of_share, shares01, standardised

if TYPE_CHECKING:
    from commsim.scenario.schema import Scenario

Columns = Mapping[str, Column]
Parameters = Mapping[str, float]
Reference: TypeAlias = NDArray[np.float64] | None

ESTABLISHED_LEADER = 2
"""Mark in `Addresses.building_leader` of an established leader with a public notebook."""


def add_attributes(columns: Columns, addresses: Addresses, scenario: Scenario, draws: Draws) -> dict[str, Column]:
    """The columns that the census does not give, in address order (dtypes and units: docs/architecture.md).

    Arguments: `columns`, the census columns of `make_population`; `addresses`; `scenario`, for its parameters; `draws`
    of the replicate. Returns party, years_here, income, giving_capacity, free_hours, needs, type, schedule_slope,
    schedule_base, schedule_peak, belief, known, reach, may_vote, role, trust_committee, trust_fund, efficacy, habit and
    voice; the census columns are not among them and are not changed. Raises UnknownParameter for a parameter not in the
    registry.
    """
    parameters = scenario.parameters
    made: dict[str, Column] = dict(columns)
    reference = reference_weights(columns, scenario)
    made["party"] = party(made, parameters, draws, reference)
    made["years_here"] = years_here(made, addresses, parameters, draws)
    made["income"] = income(made, parameters, draws)
    made["giving_capacity"] = giving_capacity(made, parameters, draws)
    made["free_hours"] = free_hours(made, parameters, draws)
    made["needs"] = need_columns(made, addresses, parameters, draws)
    made.update(schedule_columns(addresses.residents, parameters, draws))
    established = (addresses.building_leader == ESTABLISHED_LEADER)[made["building"]]
    made["belief"] = first_beliefs(addresses.residents, established, parameters, draws)
    made["known"] = known(made, parameters, draws, reference)
    made["reach"] = reach(made, parameters, reference)
    made["may_vote"] = may_vote(made, parameters, draws)
    made["role"] = role_column(made, addresses, parameters, draws, reference)
    made.update(attitudes(made, addresses, parameters, draws))
    made["habit"] = habit(made, parameters, draws)
    made["voice"] = voice(made, parameters, draws)
    return {name: column for name, column in made.items() if name not in columns}


def adults(columns: Columns, parameters: Parameters) -> NDArray[np.bool_]:
    """Who is of the age to vote for a residents' committee, bool of shape (residents,)."""
    return np.asarray(columns["age"] >= parameters["attributes.adult_age"])


def party(columns: Columns, parameters: Parameters, draws: Draws, reference: Reference = None) -> NDArray[np.bool_]:
    """Party members: the registry's share of adults, likelier with schooling, age and local registration.

    `reference`: weights that take residents back to the make-up that the share is of (`commsim.world.reference`).
    """
    adult = np.flatnonzero(adults(columns, parameters))
    score = (
        parameters["attributes.party_college"] * (columns["education"] >= Education.JUNIOR_COLLEGE)
        + parameters["attributes.party_older"] * (columns["age"] >= parameters["attributes.older_age"])
        + parameters["attributes.party_other_province"] * (columns["registration"] == Registration.OTHER_PROVINCE)
        + parameters["attributes.party_men"] * (columns["sex"] == Sex.MALE)
    )
    return _drawn_share("party", adult, score, parameters["attributes.party_share"], draws, reference)


def known(columns: Columns, parameters: Parameters, draws: Draws, reference: Reference = None) -> NDArray[np.bool_]:
    """Adults whom the committee knows: as many as know its director (30%, district.md A4), likelier where they are
    older, registered here, owners, in the Party and long at their address, less likely from another province.

    `reference`: weights that take residents back to the make-up that the 30% are of (`commsim.world.reference`).
    """
    adult = np.flatnonzero(adults(columns, parameters))
    score = (
        parameters["attributes.known_older"] * (columns["age"] >= parameters["attributes.older_age"])
        + parameters["attributes.known_registered"] * (columns["registration"] == Registration.HERE)
        + parameters["attributes.known_other_province"] * (columns["registration"] == Registration.OTHER_PROVINCE)
        + parameters["attributes.known_owner"] * (columns["tenure"] == Tenure.OWNED)
        + parameters["attributes.known_party"] * columns["party"]
        + parameters["attributes.known_decade_here"] * columns["years_here"] / parameters["attributes.known_years"]
        + parameters["attributes.known_collective"] * columns["collective"]
    )
    return _drawn_share("known", adult, score, parameters["attributes.known_share"], draws, reference)


def reach(columns: Columns, parameters: Parameters, reference: Reference = None) -> NDArray[np.float32]:
    """How likely notices, lists and knocks at the door get to a resident, against the mean adult (1), float32.

    Lower for those who rent, are not registered where they live, or live in collective households: lists of residents
    rest on registration, and tenants move. All assumptions. The mean is that of the counted make-up (`reference`),
    so that it is lower where a lever has made migrants more.
    """
    score = (
        parameters["attributes.reach_registered_elsewhere"] * (columns["registration"] != Registration.HERE)
        + parameters["attributes.reach_other_province"] * (columns["registration"] == Registration.OTHER_PROVINCE)
        + parameters["attributes.reach_renter"] * (columns["tenure"] == Tenure.RENTED)
        + parameters["attributes.reach_collective"] * columns["collective"]
    )
    relative = np.exp(np.asarray(score, np.float64))
    adult = adults(columns, parameters)
    if not adult.any():
        return relative.astype(np.float32)
    mean = np.average(relative[adult], weights=None if reference is None else reference[adult])
    return (relative / mean).astype(np.float32)


def may_vote(columns: Columns, parameters: Parameters, draws: Draws) -> NDArray[np.bool_]:
    """Adults on the list of voters for the residents' committee: all who are registered where they live, and of the
    others who have lived here for a year those who asked to be put on it (registry; rule from memory)."""
    asked = draws.uniforms("attributes.may_vote", columns["age"].size) < parameters["attributes.vote_asked_share"]
    year_here = columns["years_here"] >= parameters["attributes.vote_years_here"]
    here = columns["registration"] == Registration.HERE
    return np.asarray(adults(columns, parameters) & (here | (asked & year_here)))


def years_here(columns: Columns, addresses: Addresses, parameters: Parameters, draws: Draws) -> NDArray[np.uint8]:
    """Years at this address: drawn once a household (exponential, longer for owners), never longer than one's age."""
    first = np.asarray(addresses.household_start[:-1])
    mean = np.where(
        columns["tenure"][first] == Tenure.OWNED,
        parameters["attributes.years_here_owned"],
        np.where(
            columns["tenure"][first] == Tenure.RENTED,
            parameters["attributes.years_here_rented"],
            parameters["attributes.years_here_other"],
        ),
    )
    outsider = columns["registration"][first] == Registration.OTHER_PROVINCE
    mean = np.where(outsider, mean * parameters["attributes.years_here_other_province"], mean)
    years = -np.log(draws.uniforms("attributes.years_here", first.size)) * mean
    capped: NDArray[np.uint8] = np.minimum(np.floor(years)[columns["household"]], columns["age"]).astype(np.uint8)
    return capped


def income(columns: Columns, parameters: Parameters, draws: Draws) -> NDArray[np.float32]:
    """RMB a month of adults, 0 for others: log-normal with the two published bands of district.md A3.

    Schooling and retirement explain a part of the spread (registry); the rest is one's own, so the bands are kept
    whoever the adults are.
    """
    adult = adults(columns, parameters)
    explained = parameters["attributes.income_education"] * columns["education"].astype(np.float64) + parameters[
        "attributes.income_retired"
    ] * retired(columns, parameters)
    share = parameters["attributes.income_explained"]
    noise = draws.normals("attributes.income", adult.size)
    standard = np.sqrt(share) * standardised(explained, adult) + np.sqrt(1.0 - share) * noise
    amount = parameters["attributes.income_median"] * np.exp(parameters["attributes.income_spread"] * standard)
    return np.where(adult, amount, 0.0).astype(np.float32)


def giving_capacity(columns: Columns, parameters: Parameters, draws: Draws) -> NDArray[np.int64]:
    """Fen a year that one could give to the community at most: a share of the year's income, differing by person."""
    yearly = columns["income"].astype(np.float64) * (MONTHS_A_YEAR * FEN_PER_YUAN)
    willing = _lognormal("giving_capacity", yearly.size, parameters["attributes.giving_spread"], draws)
    return np.rint(yearly * parameters["attributes.giving_share"] * willing).astype(np.int64)


def retired(columns: Columns, parameters: Parameters) -> NDArray[np.bool_]:
    """Who has passed the age of retirement of their sex."""
    limit = np.where(
        columns["sex"] == Sex.FEMALE,
        parameters["attributes.retirement_age_women"],
        parameters["attributes.retirement_age_men"],
    )
    return np.asarray(columns["age"] >= limit)


def free_hours(columns: Columns, parameters: Parameters, draws: Draws) -> NDArray[np.float32]:
    """Hours a month that could go to the community, by age and work; the retired have most, the oldest fewer again."""
    age = columns["age"]
    employed = draws.uniforms("attributes.employed", age.size) < parameters["attributes.employed_share"]
    usual = np.where(employed, parameters["attributes.hours_employed"], parameters["attributes.hours_not_employed"])
    usual = np.where(retired(columns, parameters), parameters["attributes.hours_retired"], usual)
    usual = np.where(age >= parameters["attributes.oldest_age"], parameters["attributes.hours_oldest"], usual)
    usual = np.where(age < parameters["attributes.adult_age"], parameters["attributes.hours_minor"], usual)
    usual = np.where(age < parameters["attributes.volunteer_age"], 0.0, usual)
    hours = usual * _lognormal("free_hours", age.size, parameters["attributes.hours_spread"], draws)
    return np.minimum(hours, parameters["attributes.hours_most"]).astype(np.float32)


def attitudes(
    columns: Columns, addresses: Addresses, parameters: Parameters, draws: Draws
) -> dict[str, NDArray[np.float32]]:
    """Trust in the committee and in the fund, and the sense that acting helps, 0–1 each, float32 (residents,).

    Neighbours under one committee share a part of their trust in it; the other two lean on that trust. All assumptions.
    """
    residents = addresses.residents
    committee = draws.normals("attributes.trust_of_committee", addresses.committees)[columns["committee"]]
    noise = {name: draws.normals(f"attributes.{name}", residents) for name in ("trust_committee", "fund", "efficacy")}
    lean = (
        parameters["attributes.trust_older"] * (columns["age"] >= parameters["attributes.older_age"])
        + parameters["attributes.trust_known"] * columns["known"]
        + parameters["attributes.trust_committee_spread"] * committee
        + parameters["attributes.trust_spread"] * noise["trust_committee"]
    )
    shared = parameters["attributes.attitudes_shared"]
    spread = parameters["attributes.trust_spread"]
    return {
        "trust_committee": shares01(parameters["attributes.trust_committee"] + lean),
        "trust_fund": shares01(parameters["attributes.trust_fund"] + shared * lean + spread * noise["fund"]),
        "efficacy": shares01(parameters["attributes.efficacy"] + shared * lean + spread * noise["efficacy"]),
    }


def habit(columns: Columns, parameters: Parameters, draws: Draws) -> NDArray[np.float32]:
    """How used one is to taking part, 0–1: more with age and for volunteers and holders of roles."""
    role = columns["role"]
    strength = (
        parameters["attributes.habit"]
        + parameters["attributes.habit_older"] * (columns["age"] >= parameters["attributes.older_age"])
        + parameters["attributes.habit_volunteer"] * ((role & np.uint8(Role.VOLUNTEER)) > 0)
        + parameters["attributes.habit_role"] * ((role & np.uint8(Role.BUILDING_LEADER | Role.REPRESENTATIVE)) > 0)
        + parameters["attributes.habit_spread"] * draws.normals("attributes.habit", role.size)
    )
    return shares01(np.where(adults(columns, parameters), strength, 0.0))


def voice(columns: Columns, parameters: Parameters, draws: Draws) -> NDArray[np.float32]:
    """Skill in speaking up and writing (Verba, Schlozman and Brady 1995): schooling, Party, age and one's own.

    Standardised among adults (mean 0, standard deviation 1).
    """
    skill = (
        parameters["attributes.voice_education"] * columns["education"]
        + parameters["attributes.voice_party"] * columns["party"]
        + parameters["attributes.voice_older"] * (columns["age"] >= parameters["attributes.older_age"])
        + draws.normals("attributes.voice", columns["age"].size)
    )
    return standardised(np.asarray(skill, np.float64), adults(columns, parameters)).astype(np.float32)


def _drawn_share(
    name: str, candidates: NDArray[np.int64], score: Column, share: float, draws: Draws, reference: Reference
) -> NDArray[np.bool_]:
    chosen = np.zeros(score.size, dtype=bool)
    weights = None if reference is None else reference[candidates]
    probabilities = probabilities_of_share(np.asarray(score[candidates], np.float64), share, weights)
    chosen[candidates] = draws.uniforms(f"attributes.{name}", score.size)[candidates] < probabilities
    return chosen


def _lognormal(name: str, size: int, spread: float, draws: Draws) -> NDArray[np.float64]:
    """Factors with mean 1 that differ by person."""
    factor: NDArray[np.float64] = np.exp(spread * draws.normals(f"attributes.{name}", size) - spread**2 / 2.0)
    return factor
