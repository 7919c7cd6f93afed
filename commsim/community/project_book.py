"""The book of projects: every project of a run in the order of its birth, and the book as columns of a table.

A project is entered when it is proposed; its stage, money and story are its own (`commsim.community.projects`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from commsim.community.procedures import Stage
from commsim.community.projects import BOOK, Line, Project
from commsim.i18n import LANGUAGES, Text
from commsim.ownership import Permit, Shown


class ProjectBook:
    """All projects of a run, in the order of their birth (which is address order within a month)."""

    def __init__(self, permit: Permit | None = None) -> None:
        self._permit = permit if permit is not None else Permit()
        self._projects: list[Project] = []
        self._open: list[Project] = []  # those that may still move; who has ended leaves when they are next looked at

    @property
    def projects(self) -> Sequence[Project]:
        """All projects, to be read."""
        return Shown(self._projects)

    def add(self, project: Project) -> None:
        """Enter a new project and number it."""
        self._permit.check(BOOK)
        project.number = len(self._projects)
        project.permit = self._permit
        self._projects.append(project)
        self._open.append(project)

    def in_stage(self, stage: Stage) -> list[Project]:
        """Projects that stand at `stage`, in the order of their birth."""
        if stage is Stage.PROPOSED or stage is Stage.RUNNING:
            self._open = [project for project in self._open if project.is_open]
            return [project for project in self._open if project.stage is stage]
        return [project for project in self._projects if project.stage is stage]

    def completed_since(self, month: int) -> list[Project]:
        """Projects that were completed in `month` or later, in the order of their birth."""
        return [project for project in self._projects if project.stage is Stage.COMPLETED and project.ended >= month]

    def waiting(self, fund: str, period: int) -> dict[int, list[Project]]:
        """Proposals of a fund and year that have not been settled, by the index of their area."""
        by_area: dict[int, list[Project]] = {}
        for project in self.in_stage(Stage.PROPOSED):
            if project.fund == fund and project.period == period:
                by_area.setdefault(project.area_index, []).append(project)
        return by_area

    def rows(self, committee_ids: tuple[str, ...]) -> dict[str, list[Any]]:
        """The book as columns, one row a project, in the order of birth."""
        columns: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
        for project in self._projects:
            columns["committee"].append(committee_ids[project.committee])
            columns["domain"].append(project.domain.name.lower())
            columns["writer"].append(project.writer.value)
            columns["stage"].append(project.stage.value)
            columns["project"].append(project.id)
            columns["reason"].append(project.announced_reason)
            columns["initiator"].append(project.initiator.value)
            columns["workers"].append(
                len(np.unique(np.concatenate([who for _month, who in project.workers]))) if project.workers else 0
            )
            columns["story"].append(_story_as_text(project.story))
            for name in _PLAIN:
                columns[name].append(getattr(project, name))
        return columns


def _story_as_text(story: tuple[Line, ...]) -> str:
    """A story as JSON, the same in any language: what was said stands there in all of them."""
    lines = [[month, what, _short(much), *map(_in_all_languages, said)] for month, what, much, *said in story]
    return json.dumps(lines, ensure_ascii=False, separators=(",", ":"))


def _short(number: float) -> float:
    """A number to a hundredth, without a point where it is whole: a district tells thousands of stories."""
    return int(number) if number == int(number) else round(number, 2)


def _in_all_languages(said: str | Text) -> dict[str, str]:
    return {language: said.to(language) if isinstance(said, Text) else said for language in LANGUAGES}


_PLAIN = (
    "fund period ask_fen award_fen paid_fen pledged_fen gifts_fen partner_fen refunded_fen returned_fen spent_fen "
    "votes hours_needed hours_given staff_hours proposed settled started ended quality fit readiness concerned benefit "
    "score carrier kind applicant area first last people_needed people scope pledged_hours goods_fen permitted late"
).split()
_COLUMNS = (
    *("project", "committee", "domain", "writer", "initiator", "stage", "reason", "workers", "story"),
    *_PLAIN,
)
