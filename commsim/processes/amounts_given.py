"""How much those who said yes give: fen of a gift, minutes of work, hours of a promise.

Part of contribution (step 6). A project suggests its part of what it still lacks; everybody gives the share of that
which their own schedule says at what they believe of others (`commsim.behaviour.amounts`).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from commsim.behaviour.acts import NO_PROJECT
from commsim.behaviour.amounts import gift_fen, minutes_given, share_given
from commsim.community.community import Community
from commsim.community.given import Positions
from commsim.community.people import Columns
from commsim.community.projects import Project
from commsim.money import FEN_PER_YUAN
from commsim.processes.answers import residents_seen
from commsim.processes.menu import Menu


def shares(residents: Columns, who: Positions) -> NDArray[np.float64]:
    """Share of what is suggested that each gives by their own schedule, at what they believe of others."""
    schedule = (getattr(residents, f"schedule_{part}")[who] for part in ("base", "slope", "peak"))
    return share_given(residents.belief[who], *schedule)


def gifts(
    community: Community,
    residents: Columns,
    menu: Menu,
    option: NDArray[np.int64],
    who: Positions,
    share: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Fen of those who chose to give money."""
    left = residents.giving_capacity[who] - residents.capacity_used[who]
    p = community.given.parameters
    suggested = p["amount.suggested_gift_yuan"] * FEN_PER_YUAN
    listed = menu.at_home[option] * residents_seen(community, residents, who)
    size = menu.size_factor[option] * p["amount.posted_list"] ** listed
    return gift_fen(share, suggested, left, size, FEN_PER_YUAN)


def minutes_of(
    community: Community,
    residents: Columns,
    menu: Menu,
    option: NDArray[np.int64],
    who: Positions,
    share: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Minutes of those who chose to give hours: a share of what is suggested, within the month's free hours.

    A running project suggests its part of the hours that it still lacks; a proposal asks for a promise over all its
    months.
    """
    p = community.given.parameters
    suggested = np.full(len(who), p["amount.suggested_hours"])
    months = np.ones(len(who))
    for index, mine in each(option):
        at = menu.options[index]
        if at.project != NO_PROJECT:
            project = community.money.projects.projects[at.project]
            months[mine] = project.months_needed if at.round is not None else 1.0
            asked = suggested_hours(project, community.month, at.round is not None) / p["amount.usual_share"]
            suggested[mine] = min(asked, p["amount.most_hours"] * months[mine[0]])
    return minutes_given(share, suggested, residents.free_hours[who] * months)


def suggested_hours(project: Project, month: int, promised: bool) -> float:
    """Hours that a project needs of one of its people: over all its months for a promise, else for this month."""
    people = max(project.people_needed * project.scope, 1.0)
    if promised:
        return project.hours_needed / people
    months_left = max(project.months_needed - (month - project.started), 1)
    return (project.hours_wanted - project.hours_given) / people / months_left


def each(numbers: NDArray[np.integer]) -> Iterator[tuple[int, Positions]]:
    """Each distinct number, ascending, with the positions where it stands, ascending: one sort for all of them."""
    order = np.argsort(numbers, kind="stable")
    distinct, first = np.unique(numbers[order], return_index=True)
    for number, (start, stop) in zip(distinct.tolist(), pairwise([*first.tolist(), len(order)]), strict=True):
        yield number, order[start:stop]
