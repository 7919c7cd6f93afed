"""Step 11, organisations: groups and social organisations form, grow, end; staff learn and leave; practice spreads.

Reads: volunteers' acts and interests, projects that ended, the relationship network. Writes: column `group`, activity
groups, social organisations' capacity, committees' skill. Plan: P-06 (organisations founded, contracted, grow, close),
P-08, P-23 (staff skill and turnover), P-34 (good practice spreads over the network), P-40 (groups alive). How groups
are born and die stands in `commsim.processes.groups`; rates are assumptions (registry) but for the deaths of groups.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from commsim.agents.committee import Committee
from commsim.agents.organisation import ActivityGroup, SocialOrganisation
from commsim.behaviour.acts import Act
from commsim.community.community import Community
from commsim.community.people import NO_GROUP, Columns
from commsim.community.procedures import Stage
from commsim.ownership import parts
from commsim.processes.groups import dies as _dies
from commsim.processes.groups import found_group_of_project, found_group_of_ready
from commsim.scenario.months import MONTHS_A_YEAR, monthly_chance


class Organisations:
    """Lets what people build together outlast the project that brought them together, or not."""

    name: ClassVar[str] = "organisations"
    reads: ClassVar[frozenset[str]] = parts(
        given="adults draws parameters world",
        people="arrived habit last_domain needs",
        institutions="carrying",
        projects="delivery participation pledged stage",
        month="acts ended movers page",
    )
    writes: ClassVar[frozenset[str]] = parts(
        people="group", places="skill", institutions="groups network capacity", projects="story"
    )
    plan: ClassVar[tuple[str, ...]] = ("P-06", "P-08", "P-23", "P-34", "P-40")
    source: ClassVar[str] = "deaths of groups: Seoul 2012–16 (path.md 6.5); all other rates: assumptions (registry)"

    def step(self, community: Community, residents: Columns) -> None:
        """Count group acts, end what has died, found what has grown, and let skills move."""
        if community.month == 0:
            self._begin(community, residents)
        self._count_group_acts(community, residents)
        residents.group[community.now.movers] = NO_GROUP
        self._end_groups(community, residents)
        self._found_groups(community, residents)
        self._grow_or_close_organisations(community)
        self._staff_learn_and_leave(community)
        self._spread_practice(community)

    @staticmethod
    def _begin(community: Community, residents: Columns) -> None:
        """The groups that are there when a run begins (群众活动团队; district-2.md A8: four a committee)."""
        addresses = community.given.world.addresses
        people = np.diff(addresses.committee_start)
        wanted = community.given.parameters["groups.at_start"] * people / 1000.0
        luck = community.given.draws.uniforms("groups at start", addresses.committees)
        for committee, number in zip(community.places.committees, np.floor(wanted + luck).tolist(), strict=True):
            for index in range(int(number)):
                found_group_of_ready(community, residents, committee, f"at start {index}")

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
        """Groups die with their years, those with a room more slowly (Seoul, path.md 6.5); members are free again."""
        fewest = round(community.given.parameters["groups.fewest_members"])
        here = residents.group[residents.group != NO_GROUP]
        members = np.bincount(here, minlength=len(community.institutions.groups))
        ending = community.agents(ActivityGroup).select(
            lambda group: members[group.number] < fewest or _dies(group, community)
        )
        for group in ending:
            left = group.members[residents.group[group.members] == group.number]
            residents.group[left] = NO_GROUP
        ending.do("end")

    @staticmethod
    def _found_groups(community: Community, residents: Columns) -> None:
        """Some completed projects leave a group of those who worked on them; a few groups form without a project."""
        p = community.given.parameters
        for project in community.now.ended:
            if project.stage is Stage.COMPLETED and not project.is_service:
                found_group_of_project(community, residents, project)
        monthly = p["groups.founded_year"] / MONTHS_A_YEAR / 1000.0
        for committee in community.places.committees:
            luck = community.given.draws.uniform("group founded", month=community.month, item=committee.id)
            if luck < monthly * (committee.last - committee.first):
                found_group_of_ready(community, residents, committee, "founded")

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
        leaving = monthly_chance(p["staff.turnover_year"])
        committees = community.agents(Committee)
        committees.do(lambda committee: committee.learn(done[committee.index], p["staff.learning_per_project"]))
        committees.do("lose_staff", leaving, p["staff.skill_of_newcomer"])

    @staticmethod
    def _spread_practice(community: Community) -> None:
        """Committees move towards the most skilled of their peers in the network (P-34)."""
        speed = monthly_chance(community.given.parameters["staff.spread_year"])
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
