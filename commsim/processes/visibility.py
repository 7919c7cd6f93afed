"""Step 9, visibility: who comes to know of a project: those it serves, those who read of it, ties of who works on it.

Reads: running and lately completed projects, who works on them. Writes: column `saw`, the month in which a resident
last came to know of a project here. Plan: P-28 (old and new media), P-45. Sources: path.md section 3; a causal effect
of seeing on acts was not found, so by default seeing moves nobody to act (registry, `visibility`).

People differ for good in how much they notice (`Given.attention`, mean 1): of the best-known programme a third had not
heard after four years, and a fifth not after ten (path.md 3.1), where equal people would all have. So more projects are
known by more people, but less than in proportion, since much of it is the same people hearing again.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from commsim.community.community import Community
from commsim.community.people import LONG_AGO, Columns
from commsim.community.procedures import Stage
from commsim.community.projects import Project
from commsim.ownership import parts
from commsim.scenario.months import MONTHS_A_YEAR
from commsim.world.records import Registration, Sex, runs

SEEN_BY_ALL = 0.99
"""A share of people who come to know of a project that counts as everybody: the last few would need forever."""


class Visibility:
    """Lets residents come to know of projects, by place, by what stands there to be seen, by notices, through ties."""

    name: ClassVar[str] = "visibility"
    reads: ClassVar[frozenset[str]] = parts(
        given="adults attention draws media_reach parameters scenario world",
        people="building committee household reach registration sex",
        projects="book participation stage",
        month="movers page",
    )
    writes: ClassVar[frozenset[str]] = parts(people="saw")
    plan: ClassVar[tuple[str, ...]] = ("P-28", "P-45")
    source: ClassVar[str] = "path.md section 3; chances: assumptions (registry)"

    def step(self, community: Community, residents: Columns) -> None:
        """Who sees or hears of a project this month."""
        residents.saw[community.now.movers] = LONG_AGO
        shown = [project for project in self._shown(community) if not project.is_service]
        if not shown:
            return
        hazard = self._in_their_place(community, residents, shown) + self._in_notices(community, residents, shown)
        near = np.flatnonzero(community.given.adults & (hazard > 0))
        often = hazard[near] * self._reach(community, residents)[near] * community.given.attention[near]
        luck = community.given.draws.uniforms_of("sees a project", near, month=community.month)
        residents.saw[near[luck < -np.expm1(-often)]] = community.month
        self._hear_from_ties(community, residents)

    @staticmethod
    def _shown(community: Community) -> list[Project]:
        """Projects under way, and visible works completed in the last year."""
        book = community.money.projects
        lately = [
            project
            for project in book.completed_since(community.month - MONTHS_A_YEAR)
            if not project.is_service and community.given.scenario.project_kind(project.kind).visible
        ]
        return [*book.in_stage(Stage.RUNNING), *lately]

    @staticmethod
    def _in_their_place(community: Community, residents: Columns, shown: list[Project]) -> NDArray[np.float64]:
        """How often a month each resident would come upon the projects that serve the own building group."""
        hazard = np.zeros(community.given.world.addresses.buildings)
        for project in shown:
            first, last = residents.building[[project.first, project.last - 1]]
            hazard[first : last + 1] += Visibility._hazard(community, project)
        return np.asarray(hazard[residents.building])

    @staticmethod
    def _in_notices(community: Community, residents: Columns, shown: list[Project]) -> NDArray[np.float64]:
        """How often a month each resident would read of the committee's projects, which it posts (公示)."""
        given = community.given
        posted = np.bincount([project.committee for project in shown], minlength=given.world.addresses.committees)
        read = -np.log1p(-min(given.parameters["visibility.notice_month"], 1.0 - np.finfo(np.float64).eps))
        return np.asarray(posted[residents.committee] * read * given.media_reach * residents.reach)

    @staticmethod
    def _hazard(community: Community, project: Project) -> float:
        """How often a month an adult of usual attention in its place comes upon a project: what makes `place_year` come
        to know of it in a year where people differ in attention (gamma: 1 − (1 + year ÷ shape) ^ −shape)."""
        p = community.given.parameters
        kind = community.given.scenario.project_kind(project.kind)
        factor = p["visibility.visible"] if kind.visible else 1.0
        a_year = min(p["visibility.place_year"] * factor, SEEN_BY_ALL)
        shape = p["visibility.attention_shape"]
        return float(shape * ((1.0 - a_year) ** (-1.0 / shape) - 1.0)) / MONTHS_A_YEAR

    @staticmethod
    def _reach(community: Community, residents: Columns) -> NDArray[np.float64]:
        """How much more or less each kind of resident comes to know."""
        p = community.given.parameters
        women = np.where(residents.sex == Sex.FEMALE, p["visibility.women"], 1.0)
        elsewhere = residents.registration != Registration.HERE
        return np.asarray(women * np.where(elsewhere, p["visibility.newcomers"], 1.0))

    @staticmethod
    def _hear_from_ties(community: Community, residents: Columns) -> None:
        """Those who work on a project this month tell their ties."""
        running = community.money.projects.in_stage(Stage.RUNNING)
        working = [who for project in running for month, who in project.workers if month == community.month]
        if not working:
            return
        tellers = np.unique(np.concatenate(working))
        home, start = residents.household[tellers], community.given.world.addresses.household_start
        told = [runs(start[home], start[home + 1])]
        for layer in community.given.world.ties.values():
            told.append(layer.neighbour[runs(layer.start[tellers], layer.start[tellers + 1])].astype(np.intp))
        heard = np.unique(np.concatenate(told))
        heard = heard[community.given.adults[heard]]
        luck = community.given.draws.uniforms_of("hears of a project", heard, month=community.month)
        residents.saw[heard[luck < community.given.parameters["visibility.tie_month"]]] = community.month
        residents.saw[tellers] = community.month
