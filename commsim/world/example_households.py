"""Example households: some thousands of made households with all census attributes, the stock that raking draws on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commsim.money import largest_remainder
from commsim.randomness import Draws, pick
from commsim.world.household_types import HOUSEHOLD_TYPES, HouseholdType, Members, Mobility, draw_members
from commsim.world.margins import ELDER_AGE, SCHOOL_BASE_AGE, Margins, age_band
from commsim.world.records import Education, Registration, Tenure

Ints = NDArray[np.int64]
Numbers = NDArray[np.float64]

_YEARS_A_DECADE = 10.0


@dataclass(frozen=True)
class Examples:
    """Example households, one a row, and their members, one after another.

    Households: `start` (households + 1,) where each one's members begin; `tenure`; `collective`; `prior`, starting
    weights (positive). Members: `age`, `sex`, `registration`, `education`.
    """

    start: Ints
    tenure: Ints
    collective: NDArray[np.bool_]
    prior: Numbers
    age: Ints
    sex: Ints
    registration: Ints
    education: Ints

    @property
    def count(self) -> int:
        """Number of example households."""
        return len(self.start) - 1

    @property
    def size(self) -> Ints:
        """Members by household."""
        return np.diff(self.start)

    def per_household(self, of_members: NDArray[np.generic]) -> Ints:
        """Sum over each household's members, shape (households,)."""
        return np.add.reduceat(of_members.astype(np.int64), self.start[:-1])

    @property
    def elders(self) -> Ints:
        """Members aged 65 and over by household."""
        return self.per_household(self.age >= ELDER_AGE)


def make_examples(count: int, margins: Margins, parameters: Mapping[str, float], draws: Draws) -> Examples:
    """About `count` example households of all types.

    Every type gets its share of examples (at least `population.examples_per_type`), so that weights start even.
    Residents of collective households hold no dwelling: their tenure is OTHER and counts in no census total.
    """
    kinds = list(HOUSEHOLD_TYPES)
    shares = np.array([parameters[f"population.{kind.id}_share"] for kind in kinds])
    numbers = largest_remainder(count, shares)
    numbers = np.maximum(numbers, int(parameters["population.examples_per_type"]))
    parts = [draw_members(kind, int(n), parameters, draws) for kind, n in zip(kinds, numbers, strict=True)]
    drawn = Members(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("present", "age", "sex")))
    kind_of = np.repeat(np.arange(len(kinds)), numbers)
    size = drawn.present.sum(axis=1)
    household_of = np.repeat(np.arange(len(size)), size)
    age, sex = drawn.age[drawn.present], drawn.sex[drawn.present]
    group = np.array([kind.mobility for kind in kinds])[kind_of]
    registered, registration = _registrations(group, household_of, margins, parameters, draws)
    collective = _of(kinds, kind_of, "collective")
    return Examples(
        start=np.concatenate([[0], np.cumsum(size)]),
        tenure=np.where(
            collective,
            Tenure.OTHER,
            _tenures(_of(kinds, kind_of, "rents"), registered, margins, parameters, draws),
        ),
        collective=collective,
        prior=(shares / numbers)[kind_of],
        age=age,
        sex=sex,
        registration=registration,
        education=_education(age, household_of, registration, margins, parameters, draws),
    )


def _of(kinds: list[HouseholdType], kind_of: Ints, attribute: str) -> NDArray[np.bool_]:
    return np.array([getattr(kind, attribute) for kind in kinds], dtype=bool)[kind_of]


def _registrations(
    group: Ints, household_of: Ints, margins: Margins, parameters: Mapping[str, float], draws: Draws
) -> tuple[Ints, Ints]:
    """Where the household, and each member, is registered: most members as their household, some on their own."""
    away = margins.shares("registration").copy()
    away[Registration.HERE] = 0
    away /= away.sum()
    here = np.array([parameters[f"population.registered_here_{mobility.name.lower()}"] for mobility in Mobility])
    chances = (1 - here[group])[:, None] * away
    chances[:, Registration.HERE] = here[group]
    household = pick(chances, draws.uniforms("population.registration", len(group)))
    people = len(household_of)
    alone = draws.uniforms("population.registration_alone", people) >= parameters["population.registration_agreement"]
    own = pick(
        np.broadcast_to(margins.shares("registration"), (people, len(Registration))),
        draws.uniforms("population.registration_own", people),
    )
    return household, np.where(alone, own, household[household_of])


def _tenures(
    rents: NDArray[np.bool_], registered: Ints, margins: Margins, parameters: Mapping[str, float], draws: Draws
) -> Ints:
    by_registration = np.array(
        [
            parameters["population.rents_registered_here"],
            parameters["population.rents_registered_in_shanghai"],
            parameters["population.rents_registered_in_shanghai"],
            parameters["population.rents_registered_elsewhere"],
        ]
    )
    rent = np.where(rents, parameters["population.rents_sharing"], by_registration[registered])
    other = margins.shares("tenure")[Tenure.OTHER]
    chances = np.empty((len(rent), len(Tenure)))
    chances[:, Tenure.OTHER] = other
    chances[:, Tenure.RENTED] = rent * (1 - other)
    chances[:, Tenure.OWNED] = (1 - rent) * (1 - other)
    return pick(chances, draws.uniforms("population.tenure", len(rent)))


def _education(
    age: Ints,
    household_of: Ints,
    registration: Ints,
    margins: Margins,
    parameters: Mapping[str, float],
    draws: Draws,
) -> Ints:
    """Schooling by age for the young; for adults by cohort and household, cut so that levels have the census's shares.

    Source: assumption; raking to education × sex corrects the levels, so only the association with age, household and
    origin is assumed.
    """
    common = draws.normals("population.education_household", int(household_of[-1]) + 1)[household_of]
    own = draws.normals("population.education_own", len(age))
    alike = parameters["population.education_likeness"]
    score = np.sqrt(alike) * common + np.sqrt(1 - alike) * own
    score -= parameters["population.education_decline"] * age / _YEARS_A_DECADE
    score -= parameters["population.education_other_province"] * (registration == Registration.OTHER_PROVINCE)
    adult = age >= parameters["population.college_age"]
    shares = margins.shares("education_sex").reshape(len(Education), 2).sum(axis=1)
    cuts = np.quantile(score[adult], np.minimum(np.cumsum(shares)[:-1], 1.0))
    reached = np.searchsorted(cuts, score, side="right")
    stages = [
        SCHOOL_BASE_AGE,
        parameters["population.junior_secondary_age"],
        parameters["population.senior_secondary_age"],
    ]
    in_school = np.searchsorted(stages, age, side="right")
    return np.where(adult, reached, in_school).astype(np.int64)


RAKED = ("age_sex", "registration", "education_sex", "one_person", "elders", "tenure")
"""The questions in the order of the totals; the number of collective residents comes after them."""


def totals_of(examples: Examples, margins: Margins) -> tuple[Numbers, Numbers]:
    """What each example adds to each census total, and the totals: (households, totals) and (totals,).

    Person totals come first (age × sex, registration, education × sex), then household totals (one person or more,
    elders, tenure, collective). Education is scaled to residents of 6 and over, a fifth of the band 5–9 being 5.
    """
    people = float(margins.residents)
    ages = margins.shares("age_sex") * people
    bands = 2 * age_band(examples.age) + examples.sex
    asked = examples.age >= SCHOOL_BASE_AGE
    schooled = people - ages[:2].sum() - ages[2:4].sum() / 5
    school = np.where(asked, 2 * examples.education + examples.sex, -1)
    family = ~examples.collective
    several = np.where(family, (examples.size > 1).astype(np.int64), -1)
    elders = np.where(family, np.minimum(examples.elders, len(margins.shares("elders")) - 1), -1)
    tenure = np.where(family, examples.tenure, -1)
    parts = [
        _member_counts(examples, bands, ages),
        _member_counts(examples, examples.registration, margins.shares("registration") * people),
        _member_counts(examples, school, margins.shares("education_sex") * schooled),
        _indicators(several, margins.shares("one_person") * margins.households),
        _indicators(elders, margins.shares("elders") * margins.households),
        _indicators(tenure, margins.shares("tenure") * margins.households),
    ]
    parts.append((examples.collective.astype(np.float64)[:, None], np.array([float(margins.collective)])))
    members, totals = (np.concatenate(part, axis=-1) for part in zip(*parts, strict=True))
    return members, totals


def family_shares(examples: Examples, members: Numbers, weights: Numbers, margins: Margins) -> dict[str, Numbers]:
    """Shares of every question's categories among the raked family households, by question."""
    family = np.where(examples.collective, 0.0, weights)
    sizes = [len(margins.shares(question)) for question in RAKED]
    counts = np.split((members * family[:, None]).sum(axis=0)[:-1], np.cumsum(sizes)[:-1])
    return {question: count / count.sum() for question, count in zip(RAKED, counts, strict=True)}


def _member_counts(examples: Examples, code: Ints, totals: Numbers) -> tuple[Numbers, Numbers]:
    """Members with each code by household; −1 counts nowhere."""
    household_of = np.repeat(np.arange(examples.count), examples.size)
    counted = code >= 0
    flat = household_of[counted] * len(totals) + code[counted]
    counts = np.bincount(flat, minlength=examples.count * len(totals))
    return counts.reshape(examples.count, len(totals)).astype(np.float64), totals


def _indicators(code: Ints, totals: Numbers) -> tuple[Numbers, Numbers]:
    return (code[:, None] == np.arange(len(totals))).astype(np.float64), totals
