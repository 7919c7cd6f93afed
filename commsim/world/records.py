"""What a run starts from: columns of residents, the addresses that order them, ties, institutions. Plain data.

Residents stand in *address order* (subdistrict → committee → estate → building group → household → resident), so that
a committee, a building or a household is a contiguous slice and its total is one segmented sum.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commsim.contracts import DOMAIN_NAMES as DOMAIN_NAMES
from commsim.contracts import Domain as Domain
from commsim.i18n import Bilingual

Column = NDArray[Any]


class Sex(IntEnum):
    """Sex as counted by the census."""

    MALE = 0
    FEMALE = 1


class Registration(IntEnum):
    """Where a resident's household registration (户籍) is."""

    HERE = 0
    ELSEWHERE_IN_DISTRICT = 1
    ELSEWHERE_IN_SHANGHAI = 2
    OTHER_PROVINCE = 3


class Education(IntEnum):
    """Highest schooling, in the census's steps."""

    NONE = 0
    PRIMARY = 1
    JUNIOR_SECONDARY = 2
    SENIOR_SECONDARY = 3
    JUNIOR_COLLEGE = 4
    BACHELOR_OR_ABOVE = 5


class Tenure(IntEnum):
    """How a household holds its dwelling."""

    OWNED = 0
    RENTED = 1
    OTHER = 2


class EstateType(IntEnum):
    """Kind of residential estate (小区)."""

    LANES = 0  # 里弄
    FORMER_PUBLIC = 1  # 售后公房
    COMMERCIAL = 2  # 商品房
    COLLECTIVE = 3  # 集体户: dormitories and the like, blocks of their own


class OwnersCommittee(IntEnum):
    """Whether an estate's owners have a committee (业主委员会) that can decide."""

    NOT_ELIGIBLE = 0  # lanes, public rental, collective blocks
    NONE = 1
    WORKING = 2
    DEADLOCKED = 3


class BehaviouralType(IntEnum):
    """How a resident's giving follows what others give (Fischbacher and Gächter 2010)."""

    CONDITIONAL_COOPERATOR = 0
    FREE_RIDER = 1
    HUMP_SHAPED = 2
    OTHER = 3


class Role(IntFlag):
    """Roles that residents hold, as bits of one column."""

    NONE = 0
    BUILDING_LEADER = 1  # 楼组长
    REPRESENTATIVE = 2  # 居民代表
    VOLUNTEER = 4  # registered volunteer
    GROUP_LEADER = 8


@dataclass(frozen=True)
class Addresses:
    """Where everyone lives: for each level, where each unit's residents start, and which unit it belongs to.

    Unit u of a level holds residents `start[u]` … `start[u + 1] - 1`; every `*_start` has one entry more than there
    are units and ends with the number of residents. `*_of_*` name the parent of each unit.
    """

    subdistrict_start: NDArray[np.int64]
    committee_start: NDArray[np.int64]
    estate_start: NDArray[np.int64]
    building_start: NDArray[np.int64]
    household_start: NDArray[np.int64]
    subdistrict_of_committee: NDArray[np.int32]
    committee_of_estate: NDArray[np.int32]
    estate_of_building: NDArray[np.int32]
    building_of_household: NDArray[np.int32]
    estate_type: NDArray[np.uint8]
    subdistrict_names: tuple[Bilingual, ...]
    committee_names: tuple[Bilingual, ...]
    committee_ids: tuple[str, ...]
    """Stable ids such as "jingansi-03"; also the ids of ledger accounts and of `--json` rows."""
    subdistrict_ids: tuple[str, ...]
    building_leader: NDArray[np.uint8]
    """By building group: 0 no leader, 1 ordinary leader, 2 established and trusted leader with a public notebook."""
    owners_committee: NDArray[np.uint8]
    """By estate: `OwnersCommittee`."""
    property_quality: NDArray[np.float64]
    """By estate: how good its property company is, level 0–1."""
    first_wish: NDArray[np.int8]
    """By subdistrict: the need item (`Domain`) that its residents named first; −1 where none is known."""

    @property
    def residents(self) -> int:
        """Number of residents."""
        return int(self.committee_start[-1])

    @property
    def committees(self) -> int:
        """Number of committees."""
        return len(self.committee_start) - 1

    @property
    def buildings(self) -> int:
        """Number of building groups."""
        return len(self.building_start) - 1


@dataclass(frozen=True)
class TieLayer:
    """One layer of symmetric ties between residents, as compressed rows (CSR) without weights.

    The ties of resident i are `neighbour[start[i]:start[i + 1]]`, ascending; i is never among them.
    """

    name: str
    start: NDArray[np.int64]
    neighbour: NDArray[np.int32]


def runs(first: NDArray[np.integer], last: NDArray[np.integer]) -> NDArray[np.intp]:
    """The numbers first[i] … last[i] − 1 of every run i, one run after the other: members of units, ties of residents.

    >>> runs(np.array([4, 0]), np.array([7, 2])).tolist()
    [4, 5, 6, 0, 1]
    """
    length = (last - first).astype(np.intp)
    shift = first - (np.cumsum(length) - length)
    return np.arange(length.sum()) + np.repeat(shift, length)


@dataclass(frozen=True)
class InstitutionRecord:
    """An institution before it becomes an agent: `kind` ("committee", "subdistrict", "social_organisation",
    "local_unit"), a stable `id`, its name, and its starting attributes."""

    kind: str
    id: str
    name: Bilingual
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Relation:
    """A tie between two institutions (by id): "belongs_to", "partner", "peer", "contributes_to", with a strength."""

    source: str
    target: str
    kind: str
    strength: float = 1.0


@dataclass(frozen=True, repr=False)
class World:
    """Everything a run starts from, the same for every rule of a replicate."""

    columns: Mapping[str, Column]
    addresses: Addresses
    ties: Mapping[str, TieLayer]
    institutions: tuple[InstitutionRecord, ...]
    relations: tuple[Relation, ...]
    margins: Any = None
    """The census targets that the population was raked to, interpolated (see `commsim.world.margins`)."""

    @property
    def residents(self) -> int:
        """Number of residents."""
        return self.addresses.residents

    def __repr__(self) -> str:
        """How much of everything there is; a resident's columns are in `columns`."""
        ties, institutions = ", ".join(self.ties), len(self.institutions)
        return f"<World: {self.residents:,} residents, {institutions} institutions, ties: {ties}>"


@dataclass(frozen=True)
class Institutions:
    """All records by kind, in address order within a kind."""

    district: InstitutionRecord
    subdistricts: tuple[InstitutionRecord, ...]
    committees: tuple[InstitutionRecord, ...]
    social_organisations: tuple[InstitutionRecord, ...]
    local_units: tuple[InstitutionRecord, ...]

    @property
    def all(self) -> tuple[InstitutionRecord, ...]:
        """Every record: district, subdistricts, committees, social organisations, local units."""
        return (self.district, *self.subdistricts, *self.committees, *self.social_organisations, *self.local_units)
