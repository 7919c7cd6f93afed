"""The residents' committee (居民委员会): staff with finite hours and skill, and what it knows of residents' needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import mesa
import numpy as np
from numpy.typing import NDArray

from commsim.agents.hours import Hours
from commsim.agents.institution import Institution
from commsim.behaviour.acts import DOMAINS
from commsim.world.records import InstitutionRecord

SKILL, ESTIMATED_NEEDS, RAISED, PUBLIC_ISSUES = (
    f"places.{part}" for part in "skill estimated_needs raised public_issues".split()
)
"""Parts of a committee's state. Surveys and hearings both tell it of needs; all else has one step that writes it."""


class Committee(Institution):
    """Convenes residents, surveys needs, writes or helps to write bids, asks people it knows, runs services.

    `skill` (0–1) raises the quality of hearings and bids; `hours` is staff time for residents' affairs, what is left
    after administrative work; `estimated_needs` (domains,) what surveys and hearings told it, with `estimate_weight`
    people behind it; `raised` (domains,) residents who raised an issue this year by domain; `public_issues` (domains,)
    which of them became a public issue.
    """

    PARTS: ClassVar[Mapping[str, str]] = {
        "skill": SKILL,
        "estimated_needs": ESTIMATED_NEEDS,
        "estimate_weight": ESTIMATED_NEEDS,
        "raised": RAISED,
        "public_issues": PUBLIC_ISSUES,
    }

    def __init__(
        self, model: mesa.Model, record: InstitutionRecord, index: int, first: int, last: int, prior_need: float
    ) -> None:
        super().__init__(model, record)
        self.index = index
        self.first, self.last = first, last
        self.hours = Hours(
            float(record.attributes["staff_hours"]) * (1.0 - float(record.attributes["administrative_share"]))
        )
        self.skill = float(record.attributes["skill"])
        self.estimated_needs: NDArray[np.float64] = np.full(DOMAINS, prior_need)
        self.estimate_weight = 0.0
        self.raised: NDArray[np.int64] = np.zeros(DOMAINS, dtype=np.int64)
        self.public_issues: NDArray[np.bool_] = np.zeros(DOMAINS, dtype=np.bool_)

    def begin_month(self) -> None:
        """A new month: all staff hours are there again."""
        self.hours.begin_month()

    def take_up(self, raised: NDArray[np.int64]) -> None:
        """Put this month's issues on the table; `raised` counts them by committee and domain, (committees, 6)."""
        self.raised = self.raised + raised[self.index]

    def can_hear(self, issues: float, hours: float) -> bool:
        """Whether at least so many issues are on the table and so many staff hours left, as a hearing takes."""
        return bool(self.raised.sum() >= issues) and self.hours.left >= hours

    def clear_table(self) -> None:
        """What was raised this year has become a proposal by now, or nothing."""
        self.raised = np.zeros(DOMAINS, dtype=np.int64)

    def learn(self, completed: float, per_project: float) -> None:
        """Staff learn from `completed` projects; each closes the share `per_project` of what skill lacks of 1."""
        self.skill += per_project * completed * (1.0 - self.skill)

    def lose_staff(self, share: float, skill_of_newcomer: float) -> None:
        """That share of the staff leaves and takes along what it has learned beyond `skill_of_newcomer`."""
        self.skill -= share * (self.skill - min(self.skill, skill_of_newcomer))

    def hear(self, mean_needs: NDArray[np.float64], people: float) -> None:
        """Take in what `people` residents said of their needs: the estimate is the mean over all who were heard."""
        if people <= 0:
            return
        total = self.estimate_weight + people
        self.estimated_needs = (self.estimated_needs * self.estimate_weight + mean_needs * people) / total
        self.estimate_weight = total
