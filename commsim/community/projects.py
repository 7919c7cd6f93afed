"""The life of a project: need → issue → proposal → award → delivery → appraisal, with who wrote it and who gave what.

A project is born in a run, so its identity is its origin (fund, committee or building, need, year), never a serial
number: the same project has the same name and the same luck under every rule.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from commsim.community.procedures import PROJECT, ProjectEvent, Stage
from commsim.community.story import CAME, StoryKey, numbers_by_channel
from commsim.contracts import Domain
from commsim.i18n import LANGUAGES, Text
from commsim.ownership import Owned, Permit, Shown, lock

Positions = NDArray[np.intp]


class Writer(Enum):
    """Who wrote the proposal (plan P-11)."""

    RESIDENTS = "residents"
    STAFF = "staff"


class Initiator(Enum):
    """Who starts a project: the one without whom there would be no proposal (path.md, section 1)."""

    RESIDENT = "resident"
    GROUP = "group"
    ORGANISATION = "organisation"
    STAFF = "staff"
    STREET = "street"
    """The street-level office wants a project, and the committee's staff write it."""


OF_RESIDENTS = (Initiator.RESIDENT, Initiator.GROUP)
"""Initiators whose bids count as written by residents."""


_TOLD = (ProjectEvent.PERMIT, ProjectEvent.STALL, ProjectEvent.RUN_LATE)
"""Events that leave a project where it stands and yet belong to its story."""
_WITH_REASON = (
    ProjectEvent.REFUSE,
    ProjectEvent.TURN_AWAY,
    ProjectEvent.SKIP,
    ProjectEvent.FORBID,
    ProjectEvent.FALL_SHORT,
)
"""Events whose line in the story carries the reason that the project has by then."""
Line = tuple[int, str, float] | tuple[int, str, float, str | Text]
"""A line of a story: month, what, how much, and what was said, if anything was."""
NEVER = -1
"""Month of what has not happened."""


BOOK = "projects.book"
STAGE, AWARD, PLEDGED, GIFTS, PAID, PARTICIPATION, DELIVERY, SCORE, STORY = (
    f"projects.{part}" for part in "stage award pledged gifts paid participation delivery score story".split()
)
"""Parts of a project's state, each written by one step; of its stage, the steps that the procedure's table names."""


@dataclass(slots=True, eq=False)
class Project(Owned):
    """One project. Months count from the start of the run; amounts are fen; hours are volunteers' hours.

    `first`, `last`: the residents concerned are positions first … last − 1 (a committee, or a building group).
    `area`: id of the area whose money it asks for, `area_index` its place in the fund. `fit`: how well it meets the
    needs of those concerned (0–1); `quality`: how well it was planned (0–1). `kind`: a kind of project of the scenario
    ("" for a service plan). `applicant`: who applies, the same from year to year. `hours_needed` and `people_needed`
    are for the whole ask; `scope` (0–1) says how much of it is carried out.
    """

    PARTS: ClassVar[Mapping[str, str]] = {
        "stage": STAGE,
        "settled": STAGE,
        "started": STAGE,
        "ended": STAGE,
        "reason": STAGE,
        "award_fen": AWARD,
        "tranches": AWARD,
        "people": AWARD,
        "scope": AWARD,
        "pledged_fen": PLEDGED,
        "pledged_hours": PLEDGED,
        "promised": PLEDGED,
        "goods_fen": PLEDGED,
        "gifts_fen": GIFTS,
        "kept_gifts": GIFTS,
        "partner_fen": GIFTS,
        "refunded_fen": GIFTS,
        "returned_fen": GIFTS,
        "paid_fen": PAID,
        "spent_fen": PAID,
        "votes": PARTICIPATION,
        "hours_given": PARTICIPATION,
        "participants": PARTICIPATION,
        "workers": PARTICIPATION,
        "staff_hours": DELIVERY,
        "carrier": DELIVERY,
        "carried_months": DELIVERY,
        "benefit": DELIVERY,
        "permitted": DELIVERY,
        "late": DELIVERY,
        "score": SCORE,
        "story": STORY,
    }

    id: str
    fund: str
    committee: int
    area: str
    first: int
    last: int
    period: int
    domain: Domain
    initiator: Initiator
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
    area_index: int = NEVER
    kind: str = ""
    applicant: str = ""
    people_needed: float = 0.0
    goods_wanted_fen: int = 0
    number: int = NEVER
    """Position in the project book."""
    stage: Stage = field(default=Stage.PROPOSED, init=False)
    settled: int = NEVER
    started: int = NEVER
    ended: int = NEVER
    award_fen: int = 0
    paid_fen: int = 0
    tranches: tuple[float, ...] = (1.0,)
    scope: float = 1.0
    """Share of what was asked for that is in hand and carried out."""
    pledged_fen: int = 0
    pledged_hours: float = 0.0
    promised: tuple[Positions, ...] = ()
    """Who promised hours, month by month."""
    goods_fen: int = 0
    """Worth of the goods and rooms that local units and residents lend or give."""
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
    permitted: bool = False
    """Whether those whose yes it needs have been asked and said yes."""
    late: bool = False
    workers: tuple[tuple[int, Positions], ...] = ()
    """In which month who gave hours to it."""
    story: tuple[Line, ...] = ()
    """What happened to it: month, what (`StoryKey`), how much, and what was said; see `commsim.community.story`."""
    participants: tuple[tuple[int, Positions], ...] = ()
    """In which month who gave, voted for it or worked on it."""
    kept_gifts: tuple[Positions, NDArray[np.int64]] | None = None
    """Whose gifts it holds while it runs, in case it fails, and how many fen each."""

    def move(self, event: ProjectEvent, month: int) -> None:
        """Let `event` happen in `month`: the one place where a stage changes, as the table of projects says.

        Raises BrokenInvariant where the table does not allow the event now, or not to the step that is at work.
        """
        after = PROJECT.row(self.stage, event, self.permit.holder, self.id).to
        if after is self.stage:
            if event in _TOLD:
                self.tell(month, StoryKey(event.name.lower()))
            return
        if self.stage is Stage.PROPOSED:
            self.settled = month
        if after is Stage.RUNNING:
            self.started = month
        elif self.stage is Stage.RUNNING:
            self.ended = month
        self.stage = after
        self.tell(month, StoryKey(event.name.lower()), said=self.reason if event in _WITH_REASON else "")

    def tell(self, month: int, what: StoryKey, how_much: float = 0.0, said: str | Text = "") -> None:
        """Enter a line of the project's story, with the words that were `said`; a service plan has no story."""
        if self.is_service:
            return
        line = (month, what.value, float(how_much))
        self.story = (*self.story, (*line, said) if said else line)

    def tell_who_joined(self, month: int, who: Positions, channel: NDArray[np.intp], new: NDArray[np.bool_]) -> None:
        """Tell how many of `who` give to it for the first time, of them `new` faces, and who had asked them.

        To be told before they are entered among its workers. `channel`: through which each was asked.
        """
        before = [workers for _month, workers in self.workers]
        if self.kept_gifts is not None:
            donors, kept = self.kept_gifts
            before.append(donors[kept > 0])
        joins = ~np.isin(who, np.concatenate(before)) if before else np.ones(len(who), dtype=np.bool_)
        if not joins.any():
            return
        self.tell(month, StoryKey.JOINED, int(joins.sum()))
        if np.any(joins & new):
            self.tell(month, StoryKey.NEW_FACES, int((joins & new).sum()))
        for key, number in numbers_by_channel(CAME, channel[joins]):
            self.tell(month, key, number)

    def took_part(self, month: int, who: Positions) -> None:
        """Remember who takes part in `month`."""
        lock(who)
        self.participants = (*self.participants, (month, who))

    def worked(self, month: int, who: Positions, hours: float) -> None:
        """Remember who gives hours in `month`, and how many in all."""
        self.took_part(month, who)
        self.workers = (*self.workers, (month, who))
        self.hours_given += hours
        self.tell(month, StoryKey.PEOPLE, len(who))
        self.tell(month, StoryKey.HOURS, hours)

    @property
    def writer(self) -> Writer:
        """Whether residents or staff (of the committee, of an organisation) wrote the proposal."""
        return Writer.RESIDENTS if self.initiator in OF_RESIDENTS else Writer.STAFF

    @property
    def hours_wanted(self) -> float:
        """Volunteers' hours that its scope needs."""
        return self.hours_needed * self.scope

    @property
    def lacks_hands(self) -> bool:
        """Whether it still needs volunteers' hours."""
        return self.hours_given < self.hours_wanted

    @property
    def in_hand_fen(self) -> int:
        """What it can work with: money that reached it or is awarded to it, and the worth of goods and rooms."""
        return max(self.paid_fen, self.award_fen) + self.gifts_fen + self.partner_fen + self.goods_fen

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
