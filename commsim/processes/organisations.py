"""Step 10, organisations: groups and social organisations form, grow, end; staff learn and leave; practice spreads.

Reads: volunteers' acts and interests, projects that ended, the relationship network. Writes: column `group`, activity
groups, social organisations' capacity, committees' skill. Plan: P-06 (organisations founded, contracted, grow, close),
P-08, P-23 (staff skill and turnover), P-34 (good practice spreads over the network), P-40 (groups alive: at least
three acts in a year, district.md E). All rates are assumptions (registry).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from commsim.agents.committee import Committee
from commsim.agents.organisation import ActivityGroup, SocialOrganisation
from commsim.behaviour.acts import DOMAINS, NO_DOMAIN, Act
from commsim.community.community import Community
from commsim.community.given import Positions
from commsim.community.people import NO_GROUP, Columns
from commsim.community.procedures import Stage
from commsim.contracts import Domain
from commsim.ownership import parts

ALIVE_ACTS = 3  # a group is alive with at least three acts in the year (district.md E, definition)
YEAR = 12


class Organisations:
    """Lets what people build together outlast the project that brought them together, or not."""

    name: ClassVar[str] = "organisations"
    reads: ClassVar[frozenset[str]] = parts(
        given="adults draws parameters",
        people="committee habit last_domain needs",
        institutions="carrying",
        projects="delivery stage",
        month="acts ended movers page",
    )
    writes: ClassVar[frozenset[str]] = parts(people="group", places="skill", institutions="groups network capacity")
    plan: ClassVar[tuple[str, ...]] = ("P-06", "P-08", "P-23", "P-34", "P-40")
    source: ClassVar[str] = "living groups: district.md E; all rates: assumptions (registry)"

    def step(self, community: Community, residents: Columns) -> None:
        """Count group acts, end what has died, found what has grown, and let skills move."""
        self._count_group_acts(community, residents)
        residents.group[community.now.movers] = NO_GROUP
        self._end_groups(community, residents)
        self._found_groups(community, residents)
        self._grow_or_close_organisations(community)
        self._staff_learn_and_leave(community)
        self._spread_practice(community)

    @staticmethod
    def _count_group_acts(community: Community, residents: Columns) -> None:
        if not community.institutions.groups:
            return
        counts = np.zeros(len(community.institutions.groups), dtype=np.int64)
        for acts in community.now.acts_of(Act.TIME):
            member_of = residents.group[acts.residents]
            counts += np.bincount(member_of[member_of != NO_GROUP], minlength=len(counts))
        community.agents(ActivityGroup).do("count_acts", community.month, counts)

    @staticmethod
    def _end_groups(community: Community, residents: Columns) -> None:
        """A group that has not acted three times in a year is no more; its members are free for another."""
        month = community.month
        asleep = community.agents(ActivityGroup).select(
            lambda group: month - group.founded >= YEAR and group.acts_since(month - YEAR + 1) < ALIVE_ACTS
        )
        for group in asleep:
            members = group.members[residents.group[group.members] == group.number]
            residents.group[members] = NO_GROUP
        asleep.do("end")

    def _found_groups(self, community: Community, residents: Columns) -> None:
        """Volunteers of one committee with the habit and the same interest, enough of them, become a group."""
        p = community.given.parameters
        free = np.flatnonzero(
            (residents.group == NO_GROUP) & (residents.habit >= p["groups.habit_needed"]) & community.given.adults
        )
        interest = np.where(
            residents.last_domain[free] == NO_DOMAIN,
            residents.needs[free].argmax(axis=1),
            residents.last_domain[free],
        )
        key = residents.committee[free].astype(np.int64) * DOMAINS + interest
        cells, counts = np.unique(key, return_counts=True)
        taken = {tuple(cell) for cell in community.agents(ActivityGroup).get(["committee", "domain"])}
        for cell, count in zip(cells.tolist(), counts.tolist(), strict=True):
            committee, domain = divmod(cell, DOMAINS)
            if count < p["groups.members_needed"] or (committee, domain) in taken:
                continue
            place = community.places.committees[committee]
            luck = community.given.draws.uniform("group founded", month=community.month, item=(place.id, domain))
            if luck < p["groups.founding_chance"]:
                members = free[key == cell][: round(p["groups.most_members"])]
                self._found(community, residents, place, Domain(domain), members)

    @staticmethod
    def _found(community: Community, residents: Columns, place: Committee, domain: Domain, members: Positions) -> None:
        group = community.institutions.found_group(place, domain, community.month, members)
        residents.group[members] = group.number

    @staticmethod
    def _grow_or_close_organisations(community: Community) -> None:
        """Carrying a project to its end builds capacity; a long time without one closes an organisation."""
        p = community.given.parameters
        completed = [project.carrier for project in community.now.ended if project.stage is Stage.COMPLETED]
        each, largest = p["organisations.capacity_per_project"], p["organisations.largest_capacity"]
        organisations = community.agents(SocialOrganisation)
        organisations.do("pass_month")
        organisations.do(lambda carrier: carrier.grow(each * completed.count(carrier.id), largest))
        organisations.select(lambda idle: _closes(idle, community)).do("close")

    @staticmethod
    def _staff_learn_and_leave(community: Community) -> None:
        """Completed projects teach; staff who leave take what they learned with them."""
        p = community.given.parameters
        done = np.zeros(len(community.places.committees))
        for project in community.now.ended:
            done[project.committee] += project.stage is Stage.COMPLETED and not project.is_service
        leaving = 1.0 - (1.0 - p["staff.turnover_year"]) ** (1.0 / YEAR)
        committees = community.agents(Committee)
        committees.do(lambda committee: committee.learn(done[committee.index], p["staff.learning_per_project"]))
        committees.do("lose_staff", leaving, p["staff.skill_of_newcomer"])

    @staticmethod
    def _spread_practice(community: Community) -> None:
        """Committees move towards the most skilled of their peers in the network (P-34)."""
        speed = 1.0 - (1.0 - community.given.parameters["staff.spread_year"]) ** (1.0 / YEAR)
        committees = community.agents(Committee)
        skill = dict(committees.get(["id", "skill"]))
        committees.do(_learn_from_peers, community, skill, speed)


def _closes(organisation: SocialOrganisation, community: Community) -> bool:
    """Whether an organisation that has long been without work ends this month, by its own luck."""
    p = community.given.parameters
    if organisation.idle_months <= p["organisations.idle_months_to_close"]:
        return False
    luck = community.given.draws.uniform("organisation closes", month=community.month, item=organisation.id)
    return luck < p["organisations.closing_chance_month"]


def _learn_from_peers(committee: Committee, community: Community, skill: Mapping[str, float], speed: float) -> None:
    """Move towards the most skilled peer, as `skill` (by committee id) stood before anyone moved."""
    peers = [skill[other] for other in community.institutions.network.neighbors(committee.id) if other in skill]
    best = max(peers, default=committee.skill)
    committee.skill += speed * max(0.0, best - committee.skill)
