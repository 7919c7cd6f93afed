"""The life of a project: need → issue → proposal → award → delivery → appraisal, with who wrote it and who gave what.

A project is born in a run, so its identity is its origin (fund, committee or building, need, year), never a serial
number: the same project has the same name and the same luck under every rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from commsim.community.procedures import PROJECT, ProjectEvent, Stage
from commsim.community.story import CAME, StoryKey, numbers_by_channel
from commsim.contracts import Domain
from commsim.i18n import Text
from commsim.ownership import Owned, lock

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
