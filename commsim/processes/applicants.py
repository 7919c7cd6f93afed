"""Who applies in a round: residents, groups, organisations or staff, with what is on record of them.

Part of the view of a round. A rule is told what an administrator could look up: how long residents there have had a
group, the committee's skill, what earlier rounds of the fund paid, and how much of it was delivered.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commsim.agents.organisation import ActivityGroup
from commsim.community.community import Community
from commsim.community.funds import Fund
from commsim.community.procedures import Stage
from commsim.community.projects import Project, Writer

_NOT_KNOWN = float("nan")


def applicants_of(
    community: Community, fund: Fund, projects: Sequence[Project]
) -> tuple[dict[str, Any], NDArray[np.int32]]:
    """Columns of the applicants of a round, in the order in which they first appear, and which of them each proposal
    is from."""
    index: dict[str, int] = {}
    for project in projects:
        index.setdefault(project.applicant, len(index))
    first = {project.applicant: project for project in reversed(projects)}
    earlier: dict[str, list[Project]] = {key: [] for key in index}
    for project in community.money.projects.projects:
        if project.fund == fund.id and project.award_fen and project.applicant in earlier:
            earlier[project.applicant].append(project)
    columns = {
        "id": tuple(index),
        "type": np.array([first[key].writer is Writer.STAFF for key in index], dtype=np.uint8),
        "age": np.array([_age(community, first[key]) for key in index], dtype=np.float64),
        "capacity": np.array([_capacity(community, first[key]) for key in index], dtype=np.float64),
        "past_awards": np.array([sum(project.award_fen for project in earlier[key]) for key in index], dtype=np.int64),
        "delivery_rate": np.array([_delivered(earlier[key]) for key in index], dtype=np.float64),
    }
    return columns, np.array([index[project.applicant] for project in projects], dtype=np.int32)


def _age(community: Community, project: Project) -> float:
    """Months since the oldest living group of the committee was founded; how old a committee is, nobody asks."""
    if project.writer is Writer.STAFF:
        return _NOT_KNOWN
    groups = community.agents(ActivityGroup).select(lambda group: group.committee == project.committee)
    founded = groups.get("founded")
    return float(community.month - min(founded)) if founded else _NOT_KNOWN


def _capacity(community: Community, project: Project) -> float:
    """The committee's skill where its staff apply; of residents none is on record."""
    return community.places.committees[project.committee].skill if project.writer is Writer.STAFF else _NOT_KNOWN


def _delivered(projects: Sequence[Project]) -> float:
    """Share of the money awarded to projects that have ended which went into those that were completed."""
    ended = [project for project in projects if project.stage in (Stage.COMPLETED, Stage.FAILED)]
    total = sum(project.award_fen for project in ended)
    completed = sum(project.award_fen for project in ended if project.stage is Stage.COMPLETED)
    return completed / total if total else _NOT_KNOWN
