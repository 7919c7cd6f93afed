"""What the path's facts look at in a run beyond its record: who was active before they started something, who knows of
a project, how long groups live, what is done without any project.

A watch only reads. It looks before a month (who was active) and after it (what happened).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commsim.agents.organisation import ActivityGroup
from commsim.behaviour.acts import NO_PROJECT, Act
from commsim.community.people import GIVING_OR_STARTING, acted_since
from commsim.community.projects import OF_RESIDENTS, Project
from commsim.model import CommunityModel
from commsim.scenario.months import MONTHS_A_YEAR
from commsim.world.records import Sex, Tenure

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Starter:
    """A resident who started a project: whether active in the year before, a woman, an owner, here for `long` years."""

    active: bool
    woman: bool
    owner: bool
    long_here: bool


@dataclass(frozen=True)
class GroupLife:
    """A group: the months in which it was founded and ended (None: it still meets), and whether it holds a room."""

    founded: int
    ended: int | None
    has_room: bool


@dataclass
class Watch:
    """Looks at a run month by month; what it saw is complete after the last month."""

    months: int
    starters: list[Starter] = field(default_factory=list)
    gave_hours: list[Mask] = field(default_factory=list)
    """By full year: adults who gave hours in it."""
    unrelated: Mask = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    """Who did something in the last twelve months that belonged to no project."""
    raised: Mask = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    """Who raised a matter with the committee in the last twelve months."""
    actors: dict[tuple[Act, int], NDArray[np.intp]] = field(default_factory=dict)
    """By kind of act and month who did it, in runs of at most `MONTHS_A_YEAR` months."""
    _active: Mask = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    _ended: dict[int, int] = field(default_factory=dict)

    def before(self, model: CommunityModel) -> None:
        """Look at who has been active, before this year's proposals are written."""
        community = model.community
        if community.calendar_month == model.scenario.fund_under_comparison.calendar.bids:
            residents = community.people.residents.seen_by("reader")
            self._active = acted_since(residents, GIVING_OR_STARTING, community.month - MONTHS_A_YEAR)

    def after(self, model: CommunityModel) -> None:
        """Look at what the month left behind."""
        month = model.community.month - 1
        self._see_starters(model)
        self._see_groups(model, month)
        if month % MONTHS_A_YEAR == MONTHS_A_YEAR - 1:
            residents, adults = model.community.people.residents.seen_by("reader"), model.community.given.adults
            self.gave_hours.append(np.asarray(adults & (residents.last_time > month - MONTHS_A_YEAR)))
        if month >= self.months - MONTHS_A_YEAR:
            self._see_last_year(model)
        if self.months <= MONTHS_A_YEAR:
            for kind in (Act.VOTE, Act.TIME):
                who = [acts.residents for acts in model.community.now.acts_of(kind)]
                self.actors[kind, month] = np.concatenate(who) if who else np.zeros(0, dtype=np.intp)

    def _see_starters(self, model: CommunityModel) -> None:
        residents = model.community.people.residents.seen_by("reader")
        long_years = model.scenario.parameters["initiating.long_years"]
        fund = model.scenario.fund_under_comparison.id
        for project in model.community.now.proposed:
            if project.fund == fund and project.initiator in OF_RESIDENTS:
                person = project.writer_resident
                self.starters.append(
                    Starter(
                        active=bool(self._active[person]),
                        woman=bool(residents.sex[person] == Sex.FEMALE),
                        owner=bool(residents.tenure[person] == Tenure.OWNED),
                        long_here=bool(residents.years_here[person] >= long_years),
                    )
                )

    def _see_groups(self, model: CommunityModel, month: int) -> None:
        for group in model.community.institutions.groups:
            if not group.alive and group.number not in self._ended:
                self._ended[group.number] = month

    def _see_last_year(self, model: CommunityModel) -> None:
        community = model.community
        if not self.unrelated.size:
            self.unrelated = np.zeros(len(community.people.residents), dtype=np.bool_)
            self.raised = self.unrelated.copy()
        for acts in community.now.acts:
            if acts.kind in (Act.TIME, Act.MEETING):
                self.unrelated[acts.residents[acts.project == NO_PROJECT]] = True
        self.raised[community.now.raisers] = True

    def groups(self, model: CommunityModel) -> list[GroupLife]:
        """Every group of the run, in the order of birth."""
        born: tuple[ActivityGroup, ...] = model.community.institutions.groups
        return [GroupLife(group.founded, self._ended.get(group.number), group.has_room) for group in born]


@dataclass(frozen=True, eq=False)
class Watched:
    """A run that was watched: the model at its end and what the watch saw."""

    model: CommunityModel
    watch: Watch

    @property
    def residents(self) -> Any:
        """The residents as they are at the end."""
        return self.model.community.people.residents.seen_by("reader")

    @property
    def adults(self) -> Mask:
        """Who is an adult."""
        return self.model.community.given.adults

    @property
    def months(self) -> int:
        """Months that were run."""
        return self.model.community.month

    @property
    def years(self) -> float:
        """Years that were run."""
        return self.months / MONTHS_A_YEAR

    @property
    def projects(self) -> list[Project]:
        """Projects and proposals of the fund under comparison, service plans left out."""
        fund = self.model.scenario.fund_under_comparison.id
        return [project for project in self.model.projects.projects if project.fund == fund and not project.is_service]

    @property
    def awarded(self) -> list[Project]:
        """Those of them that were awarded money."""
        return [project for project in self.projects if project.award_fen > 0]

    def last_year(self, column: str) -> float:
        """Sum of a column of the monthly record over committees and the last twelve months."""
        return float(sum(row.sum() for row in self.model.monthly[column][-MONTHS_A_YEAR:]))

    def did(self, column: str) -> Mask:
        """Adults whose month in a column such as `last_meeting` lies in the last twelve months."""
        return np.asarray(self.adults & (getattr(self.residents, column) >= self.months - MONTHS_A_YEAR))


def watched(model: CommunityModel, months: int) -> Watched:
    """Run a model for `months` under a watch."""
    watch = Watch(months)
    for _month in range(months):
        watch.before(model)
        model.step()
        watch.after(model)
    return Watched(model, watch)
