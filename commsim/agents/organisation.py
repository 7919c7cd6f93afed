"""Social organisations and residents' activity groups: who carries projects, and who keeps people coming."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

import mesa
import numpy as np
from numpy.typing import NDArray

from commsim.agents.institution import Institution
from commsim.contracts import Domain
from commsim.i18n import Bilingual
from commsim.world.records import DOMAIN_NAMES, InstitutionRecord

CAPACITY, CARRYING, GROUPS = (f"institutions.{part}" for part in "capacity carrying groups".split())
"""Parts of the state: what social organisations can carry, what they carry (delivery), and the activity groups."""


class SocialOrganisation(Institution):
    """A registered non-profit (社会组织) that carries projects beyond what a committee's own staff can.

    `capacity` is how many projects it can carry at once, `skill` (0–1) how well; `idle_months` how long it has had
    none. One that stays without work closes (`alive` is False).
    """

    PARTS: ClassVar[Mapping[str, str]] = {
        "capacity": CAPACITY,
        "idle_months": CAPACITY,
        "alive": CAPACITY,
        "carrying": CARRYING,
    }

    def __init__(self, model: mesa.Model, record: InstitutionRecord) -> None:
        super().__init__(model, record)
        self.capacity = float(record.attributes["projects_at_once"])
        self.skill = float(record.attributes["skill"])
        self.carrying = 0
        self.idle_months = 0
        self.alive = True

    @property
    def has_room(self) -> bool:
        """Whether it can take on one more project."""
        return self.alive and self.carrying < int(self.capacity)

    def pass_month(self) -> None:
        """One month more without work, or none where it carries a project."""
        self.idle_months = 0 if self.carrying else self.idle_months + 1

    def grow(self, by: float, largest: float) -> None:
        """What it carried to the end lets it carry more at once, up to `largest` projects."""
        self.capacity = min(self.capacity + by, largest)

    def close(self) -> None:
        """It is no more, and no longer among the agents of the model."""
        self.alive = False
        self.remove()


class ActivityGroup(Institution):
    """A residents' activity group (群众活动团队): an unregistered team that meets, and asks its members to act.

    `members` are positions of residents, ascending; `acts` counts their group acts by month; `applicant` is the name
    under which those who founded it applied before ("" where they did not); `has_room` whether it holds a room; `luck`
    (0–1) how long it lives.
    """

    PARTS: ClassVar[Mapping[str, str]] = {"alive": GROUPS, "acts": GROUPS}

    def __init__(
        self,
        model: mesa.Model,
        number: int,
        committee: int,
        committee_id: str,
        domain: Domain,
        founded: int,
        members: NDArray[np.intp],
        origin: str,
        applicant: str,
        has_room: bool,
        luck: float,
    ) -> None:
        label = DOMAIN_NAMES[domain]
        record = InstitutionRecord(
            kind="activity_group",
            id=f"{committee_id}-group-{domain.name.lower()}-{founded}-{origin.replace(' ', '-')}",
            name=Bilingual(en=f"{label.to('en')} group", zh=f"{label.to('zh')}小组"),
        )
        super().__init__(model, record)
        self.number = number
        self.committee = committee
        self.domain = domain
        self.founded = founded
        self.members = members
        self.applicant = applicant
        self.has_room = has_room
        self.luck = luck
        self.alive = True
        self.acts: Mapping[int, int] = MappingProxyType({})

    def acts_since(self, month: int) -> int:
        """Acts of members for the group in `month` and later."""
        return sum(count for when, count in self.acts.items() if when >= month)

    def count_acts(self, month: int, counts: NDArray[np.int64]) -> None:
        """Enter the month's acts of its members; `counts` by number of the group, shape (groups,)."""
        if counts[self.number]:
            self.acts = MappingProxyType({**self.acts, month: int(counts[self.number])})

    def end(self) -> None:
        """It meets no more, and is no longer among the agents of the model."""
        self.alive = False
        self.remove()
