"""The life of a project: need → issue → proposal → award → delivery → appraisal, with who wrote it and who gave what.

A project is born in a run, so its identity is its origin (fund, committee or building, need, year), never a serial
number: the same project has the same name and the same luck under every rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from commsim.contracts import Domain
from commsim.i18n import Text


class Stage(Enum):
    """Where a project stands."""

    PROPOSED = "proposed"
    REJECTED = "rejected"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"


class Writer(Enum):
    """Who wrote the proposal (plan P-11)."""

    RESIDENTS = "residents"
    STAFF = "staff"


NEVER = -1
"""Month of what has not happened."""


@dataclass(slots=True)
class Project:
    """One project. Months count from the start of the run; amounts are fen; hours are volunteers' hours.

    `first`, `last`: the residents concerned are positions first … last − 1 (a committee, or a building group).
    `fit`: how well it meets the needs of those concerned (0–1); `quality`: how well it was planned (0–1).
    """

    id: str
    fund: str
    committee: int
    area: str
    first: int
    last: int
    period: int
    domain: Domain
    writer: Writer
    writer_resident: int
    proposed: int
    ask_fen: int
    minimum_viable_fen: int
    hours_needed: float
    months_needed: int
    fit: float
    quality: float
    readiness: float
    concerned: int
    is_service: bool = False
    number: int = NEVER
    """Position in the project book."""
    stage: Stage = Stage.PROPOSED
    settled: int = NEVER
    started: int = NEVER
    ended: int = NEVER
    award_fen: int = 0
    paid_fen: int = 0
    tranches: tuple[float, ...] = (1.0,)
    pledged_fen: int = 0
    gifts_fen: int = 0
    partner_fen: int = 0
    refunded_fen: int = 0
    returned_fen: int = 0
    spent_fen: int = 0
    votes: int = 0
    people: int = 0
    """Residents who had taken part when its round was settled."""
    hours_given: float = 0.0
    staff_hours: float = 0.0
    carrier: str = ""
    benefit: float = 0.0
    score: float = float("nan")
    reason: str | Text = ""

    carried_months: float = 0.0

    @property
    def is_open(self) -> bool:
        """Whether something still happens to it."""
        return self.stage is Stage.PROPOSED or self.stage is Stage.RUNNING

    @property
    def origin(self) -> str:
        """Its identity without the year: the same need of the same place under the same fund."""
        return self.id.removesuffix(f"-{self.period}")

    @property
    def account(self) -> str:
        """The project's ledger account."""
        return f"project:{self.id}"

    @property
    def cash_fen(self) -> int:
        """All money that reached the project."""
        return self.paid_fen + self.gifts_fen + self.partner_fen

    @property
    def announced_reason(self) -> str:
        """The reason for the award in English, for records that must be the same in any language."""
        return self.reason.to("en") if isinstance(self.reason, Text) else self.reason


@dataclass(frozen=True, slots=True)
class SkippedRound:
    """What a rule failed to decide and the run went on without, as its fund says (`on_rule_failure: skip_round`).

    `step`: what the rule was asked ("open_round", "after_pledges", "settle", "review"); unless it was a review, all
    `proposals` of the round were refused. `rule`: id of the fund's rule. `error`: what it was told.
    """

    fund: str
    unit: str
    period: int
    month: int
    rule: str
    step: str
    proposals: int
    error: Text

    @property
    def is_review(self) -> bool:
        """Whether the review alone was left out, and what the round awarded stands."""
        return self.step == "review"


@dataclass(slots=True)
class ProjectBook:
    """All projects of a run, in the order of their birth (which is address order within a month)."""

    projects: list[Project] = field(default_factory=list)

    _open: list[Project] = field(default_factory=list)

    def add(self, project: Project) -> None:
        """Enter a new project and number it."""
        project.number = len(self.projects)
        self.projects.append(project)
        self._open.append(project)

    def in_stage(self, stage: Stage) -> list[Project]:
        """Projects that stand at `stage`, in the order of their birth."""
        if stage is Stage.PROPOSED or stage is Stage.RUNNING:
            self._open = [one for one in self._open if one.is_open]
            return [one for one in self._open if one.stage is stage]
        return [one for one in self.projects if one.stage is stage]

    def waiting(self, fund: str, period: int) -> dict[tuple[int, int], list[Project]]:
        """Proposals of a fund and year that have not been settled, by place (first and last resident)."""
        by_place: dict[tuple[int, int], list[Project]] = {}
        for one in self.in_stage(Stage.PROPOSED):
            if one.fund == fund and one.period == period:
                by_place.setdefault((one.first, one.last), []).append(one)
        return by_place

    def rows(self, committee_ids: tuple[str, ...]) -> dict[str, list[Any]]:
        """The book as columns, one row a project, in the order of birth."""
        columns: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
        for one in self.projects:
            columns["committee"].append(committee_ids[one.committee])
            columns["domain"].append(one.domain.name.lower())
            columns["writer"].append(one.writer.value)
            columns["stage"].append(one.stage.value)
            columns["project"].append(one.id)
            columns["reason"].append(one.announced_reason)
            for name in _PLAIN:
                columns[name].append(getattr(one, name))
        return columns


_PLAIN = (
    "fund period ask_fen award_fen paid_fen pledged_fen gifts_fen partner_fen refunded_fen returned_fen spent_fen "
    "votes hours_needed hours_given staff_hours proposed settled started ended quality fit readiness concerned benefit "
    "score carrier"
).split()
_COLUMNS = ("project", "committee", "domain", "writer", "stage", "reason", *_PLAIN)
