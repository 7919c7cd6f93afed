"""How residents' activity groups (群众活动团队) are born, of a project or without one, and how they die.

Part of organisations (step 11). A completed project leaves a group of those who worked on it with a chance (Chengdu:
595 organisations from 318 projects at most, path.md 2.4); the group asks its members, may become an initiator under the
same name, and holds a room where there is one. Groups with a room die as the spaces of Seoul did (path.md 6.5), those
without at a rate of their own (assumption).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from commsim.agents.committee import Committee
from commsim.agents.organisation import ActivityGroup
from commsim.behaviour.acts import NO_DOMAIN
from commsim.community.community import Community
from commsim.community.given import Positions
from commsim.community.people import NO_GROUP, Columns
from commsim.community.projects import OF_RESIDENTS, Project
from commsim.community.story import StoryKey
from commsim.contracts import Domain
from commsim.scenario.months import MONTHS_A_YEAR

YOUNG, GROWN = 2, 4
"""Years up to which a group with a room counts as young, and as grown."""


def found_group_of_project(community: Community, residents: Columns, project: Project) -> None:
    """Those who worked on a completed project stay together as a group, or they do not."""
    p = community.given.parameters
    workers = np.unique(np.concatenate([who for _month, who in project.workers])) if project.workers else None
    if workers is None:
        return
    team = np.intersect1d(workers, community.people.team_of(project))
    free = team[residents.group[team] == NO_GROUP]
    luck = community.given.draws.uniform("group of a project", month=community.month, item=project.id)
    if luck < p["groups.of_project"] and free.size >= p["groups.members_needed"]:
        place = community.places.committees[project.committee]
        applicant = project.applicant if project.initiator in OF_RESIDENTS else ""
        members = free[: round(p["groups.most_members"])]
        _found(community, residents, place, project.domain, members, project.origin, applicant)
        project.tell(community.month, StoryKey.GROUP, len(members))


def found_group_of_ready(community: Community, residents: Columns, place: Committee, name: str) -> None:
    """Adults of a committee who are disposed to take part meet for what their leader is interested in."""
    p = community.given.parameters
    here = np.arange(place.first, place.last)
    free = here[community.given.adults[here] & (residents.group[here] == NO_GROUP)]
    luck = community.given.draws.uniforms_of("joins a group", free, month=community.month, item=(place.id, name))
    ready = free[np.argsort(-(residents.habit[free] + luck), kind="stable")]
    if len(ready) < p["groups.members_needed"]:
        return
    leader = ready[0]
    interest = int(residents.last_domain[leader])
    domain = Domain(int(residents.needs[leader].argmax()) if interest == NO_DOMAIN else interest)
    members = np.sort(ready[: round(p["groups.usual_members"])])
    _found(community, residents, place, domain, members, name, "")


def _found(
    community: Community,
    residents: Columns,
    place: Committee,
    domain: Domain,
    members: Positions,
    origin: str,
    applicant: str,
) -> None:
    luck = community.given.draws.uniforms("group founded", 2, month=community.month, item=(place.id, origin, "luck"))
    has_room = bool(luck[0] < community.given.parameters["groups.with_room"])
    group = community.institutions.found_group(
        place, domain, community.month, members, origin, applicant, has_room, float(luck[1])
    )
    residents.group[members] = group.number


def dies(group: ActivityGroup, community: Community) -> bool:
    """Whether a group's time is over, by its own luck, drawn once."""
    years = (community.month - group.founded) / MONTHS_A_YEAR
    return group.luck > still_alive(years, group.has_room, community.given.parameters)


def still_alive(years: float, has_room: bool, p: Mapping[str, float]) -> float:
    """Share of groups that live for so many years.

    >>> losses = {"groups.loss_young": 0.06, "groups.loss_grown": 0.11, "groups.loss_old": 0.16}
    >>> [round(still_alive(years, True, losses), 3) for years in (0, 2, 4, 6)]
    [1.0, 0.884, 0.7, 0.494]
    """
    if not has_room:
        return float((1.0 - p["groups.loss_informal"]) ** years)
    young, grown = min(years, YOUNG), min(max(years - YOUNG, 0.0), GROWN - YOUNG)
    old = max(years - GROWN, 0.0)
    return float(
        (1.0 - p["groups.loss_young"]) ** young
        * (1.0 - p["groups.loss_grown"]) ** grown
        * (1.0 - p["groups.loss_old"]) ** old
    )
