"""What households look like inside: the types of household and who their members are.

No census table says who lives with whom, so the structure is an assumption (`population.*` in the registry): a type has
a first member with an age between two bounds, and further members who stand to an earlier one as spouse, parent,
sibling or flatmate. Raking then decides how many of each there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum

import numpy as np
from numpy.typing import NDArray

from commsim.randomness import Draws
from commsim.world.records import Sex

MOST_MEMBERS = 6
OLDEST = 100
"""Ages are capped here; the census's last band is 85 and over."""


class Mobility(IntEnum):
    """How likely a household is registered where it lives, from most to least."""

    SETTLED = 0
    FAMILY = 1
    MOBILE = 2


class Kin(Enum):
    """How a member stands to an earlier one."""

    SPOUSE = "spouse"
    MOTHER = "mother"
    PARENT = "parent"
    GRANDMOTHER = "grandmother"
    SIBLING = "sibling"
    FLATMATE = "flatmate"


@dataclass(frozen=True)
class Member:
    """A further member: `kin` of the member at position `of`; there by the registry's `chance`, or always."""

    kin: Kin
    of: int = 0
    chance: str | None = None


@dataclass(frozen=True)
class HouseholdType:
    """A type of household; its share and the first member's ages are in the registry under `population.<id>_…`."""

    id: str
    mobility: Mobility
    members: tuple[Member, ...] = ()
    rents: bool = False
    collective: bool = False


_COUPLE = (Member(Kin.SPOUSE),)
_PARENTS = (Member(Kin.MOTHER), Member(Kin.SPOUSE, of=1))

HOUSEHOLD_TYPES: tuple[HouseholdType, ...] = (
    HouseholdType("elder_alone", Mobility.SETTLED),
    HouseholdType("adult_alone", Mobility.MOBILE),
    HouseholdType("young_couple", Mobility.MOBILE, _COUPLE),
    HouseholdType("middle_couple", Mobility.FAMILY, _COUPLE),
    HouseholdType("elder_couple", Mobility.SETTLED, _COUPLE),
    HouseholdType("elder_couple_and_parent", Mobility.SETTLED, (*_COUPLE, Member(Kin.MOTHER))),
    HouseholdType("parents_and_child", Mobility.FAMILY, (*_PARENTS, Member(Kin.SIBLING, chance="sibling_chance"))),
    HouseholdType("parents_and_adult_child", Mobility.SETTLED, _PARENTS),
    HouseholdType("parent_and_child", Mobility.FAMILY, (Member(Kin.PARENT),)),
    HouseholdType(
        "three_generations",
        Mobility.SETTLED,
        (
            *_PARENTS,
            Member(Kin.MOTHER, of=1, chance="grandmother_chance"),
            Member(Kin.SPOUSE, of=3, chance="grandfather_chance"),
            Member(Kin.SIBLING, chance="sibling_chance"),
        ),
    ),
    HouseholdType(
        "couple_and_parent",
        Mobility.SETTLED,
        (*_COUPLE, Member(Kin.MOTHER), Member(Kin.SPOUSE, of=2, chance="grandfather_chance")),
    ),
    HouseholdType(
        "grandparents_and_child",
        Mobility.FAMILY,
        (Member(Kin.GRANDMOTHER), Member(Kin.SPOUSE, of=1, chance="grandfather_chance")),
    ),
    HouseholdType(
        "flatmates",
        Mobility.MOBILE,
        (
            Member(Kin.FLATMATE),
            Member(Kin.FLATMATE, chance="third_flatmate_chance"),
            Member(Kin.FLATMATE, chance="fourth_flatmate_chance"),
        ),
        rents=True,
    ),
    HouseholdType("dormitory_worker", Mobility.MOBILE, collective=True),
    HouseholdType("dormitory_student", Mobility.MOBILE, collective=True),
    HouseholdType("care_home_elder", Mobility.SETTLED, collective=True),
)


@dataclass(frozen=True)
class Members:
    """Who is in each of some households of one type: arrays (households, MOST_MEMBERS), absent members False."""

    present: NDArray[np.bool_]
    age: NDArray[np.int64]
    sex: NDArray[np.int64]


def draw_members(kind: HouseholdType, count: int, parameters: Mapping[str, float], draws: Draws) -> Members:
    """`count` households of a type, their members drawn by the registry's ages, gaps and chances."""
    shape = (count, MOST_MEMBERS)
    made = Members(np.zeros(shape, bool), np.zeros(shape, np.int64), np.zeros(shape, np.int64))
    made.present[:, 0] = True
    made.age[:, 0] = _first_ages(kind, count, parameters, draws, item=0)
    made.sex[:, 0] = _either_sex(kind, count, draws, item=0)
    for position, member in enumerate(kind.members, start=1):
        _add_member(made, kind, position, member, parameters, draws)
    np.clip(made.age, 0, OLDEST, out=made.age)
    return made


def _first_ages(
    kind: HouseholdType, count: int, parameters: Mapping[str, float], draws: Draws, *, item: int
) -> NDArray[np.int64]:
    low = parameters[f"population.{kind.id}_age_from"]
    high = parameters[f"population.{kind.id}_age_to"]
    uniforms = draws.uniforms("population.age", count, item=(kind.id, item))
    return np.floor(low + (high + 1 - low) * uniforms).astype(np.int64)


def _either_sex(kind: HouseholdType, count: int, draws: Draws, *, item: int) -> NDArray[np.int64]:
    uniforms = draws.uniforms("population.sex", count, item=(kind.id, item))
    return np.where(uniforms < 0.5, Sex.MALE, Sex.FEMALE).astype(np.int64)


def _add_member(
    made: Members, kind: HouseholdType, position: int, member: Member, parameters: Mapping[str, float], draws: Draws
) -> None:
    count = len(made.age)
    age, sex = made.age[:, member.of], made.sex[:, member.of]
    if member.kin is Kin.FLATMATE:
        made.age[:, position] = _first_ages(kind, count, parameters, draws, item=position)
        made.sex[:, position] = _either_sex(kind, count, draws, item=position)
    else:
        noise = draws.normals("population.age_gap", count, item=(kind.id, position))
        made.age[:, position] = np.rint(age + _age_gap(member.kin, sex, noise, parameters)).astype(np.int64)
        made.sex[:, position] = _kin_sex(member.kin, sex, _either_sex(kind, count, draws, item=position))
    made.present[:, position] = made.present[:, member.of]
    if member.chance is not None:
        uniforms = draws.uniforms("population.present", count, item=(kind.id, position))
        made.present[:, position] &= uniforms < parameters[f"population.{member.chance}"]


def _age_gap(
    kin: Kin, sex: NDArray[np.int64], noise: NDArray[np.float64], parameters: Mapping[str, float]
) -> NDArray[np.float64]:
    """Years to add to the earlier member's age."""
    if kin is Kin.SPOUSE:
        older = np.where(sex == Sex.FEMALE, 1.0, -1.0)
        return older * parameters["population.spouse_age_gap"] + parameters["population.spouse_age_spread"] * noise
    if kin is Kin.SIBLING:
        return parameters["population.sibling_age_gap"] + np.abs(noise) * parameters["population.sibling_age_spread"]
    generations = 2 if kin is Kin.GRANDMOTHER else 1
    # Nobody is born to a parent younger than the registry's youngest; the spread of two gaps adds in squares.
    gap = generations * parameters["population.parent_age_gap"]
    spread = np.sqrt(generations) * parameters["population.parent_age_spread"]
    years: NDArray[np.float64] = np.maximum(
        gap + spread * noise, generations * parameters["population.youngest_parent"]
    )
    return years


def _kin_sex(kin: Kin, sex: NDArray[np.int64], either: NDArray[np.int64]) -> NDArray[np.int64]:
    if kin is Kin.SPOUSE:
        return np.where(sex == Sex.FEMALE, Sex.MALE, Sex.FEMALE).astype(np.int64)
    if kin in (Kin.MOTHER, Kin.GRANDMOTHER):
        return np.full(len(sex), Sex.FEMALE, dtype=np.int64)
    return either
