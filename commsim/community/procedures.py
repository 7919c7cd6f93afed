"""How projects and rounds move: one table a procedure, with the state, the event, who may, and what is posted.

Here alone a stage changes. A move that no row allows is a bug of commsim and is refused with its state and event.
Source: applying, deliberating, awarding, delivering and appraising as self-governance money is run (plan P-10, P-11,
P-16, P-19, P-37); `docs/procedures.md` shows the tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from commsim.community.purposes import Purpose
from commsim.errors import BrokenInvariant
from commsim.i18n import _


class Stage(Enum):
    """Where a project stands."""

    PROPOSED = "proposed"
    REJECTED = "rejected"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"


class RoundStage(Enum):
    """Where a round stands."""

    DUE = "due"
    """Its proposals are together; the rule has not announced its terms."""
    OPEN = "open"
    SETTLED = "settled"
    SKIPPED = "skipped"
    """Its rule failed, and the scenario goes on without it."""


class ProjectEvent(Enum):
    """What happens to a project."""

    PLEDGE = "residents pledge"
    TURN_AWAY = "fund has left the place"
    SKIP = "rule failed"
    REFUSE = "not viable or not awarded"
    START = "awarded and viable"
    JOIN = "local units join in"
    REFUND = "pledges go home"
    TAKE_GIFTS = "pledges become gifts"
    BONUS = "donors get a bonus"
    PAY = "tranche falls due"
    SPEND = "work is paid"
    PERMIT = "permission is given"
    FORBID = "permission is refused"
    STALL = "something goes wrong"
    RUN_LATE = "planned months have passed"
    COMPLETE = "work is done"
    FALL_SHORT = "too little was done"
    MISUSE = "misuse is found"
    RECLAIM = "rule reclaims"
    GIVE_BACK = "what is left goes back"


class RoundEvent(Enum):
    """What happens to a round."""

    OPEN = "terms are announced"
    TAKE_PLEDGE = "a pledge is taken"
    TAKE_VOTES = "votes are taken"
    LOOK = "rule looks at the pledges"
    SETTLE = "award is carried out"
    SKIP = "rule failed"


State = TypeVar("State", bound=Enum)
Event = TypeVar("Event", bound=Enum)


@dataclass(frozen=True)
class Transition(Generic[State, Event]):
    """One row: in `state`, `event` leads to `to`, if one of the steps `who` says so; money moves for `posts` alone."""

    state: State
    event: Event
    to: State
    who: tuple[str, ...]
    posts: tuple[Purpose, ...] = ()


class Procedure(Generic[State, Event]):
    """A transition table. `name`: what moves by it, for its errors and its page."""

    def __init__(self, name: str, rows: Iterable[Transition[State, Event]]) -> None:
        self.name = name
        self.rows = tuple(rows)
        self._row_of: Mapping[tuple[State, Event], Transition[State, Event]] = {
            (row.state, row.event): row for row in self.rows
        }

    def row(self, state: State, event: Event, who: str, what: str) -> Transition[State, Event]:
        """The row by which `who` moves `what` (an id). Raises BrokenInvariant where no row allows it."""
        found = self._row_of.get((state, event))
        if found is None:
            raise BrokenInvariant(
                _("{procedure} {what} is {state!r}: '{event}' cannot happen to it now").format(
                    procedure=self.name, what=what, state=state.value, event=event.value
                )
            )
        if who not in found.who:
            raise BrokenInvariant(
                _("{procedure} {what} is {state!r}: '{event}' is for {steps} to say, not for {who}").format(
                    procedure=self.name,
                    what=what,
                    state=state.value,
                    event=event.value,
                    steps=", ".join(found.who),
                    who=who,
                )
            )
        return found

    def row_that_posts(
        self, state: State, event: Event, who: str, what: str, purpose: Purpose
    ) -> Transition[State, Event]:
        """The row, if money may also move for `purpose` by it. Raises BrokenInvariant otherwise."""
        found = self.row(state, event, who, what)
        if purpose not in found.posts:
            raise BrokenInvariant(
                _("{procedure} {what} is {state!r}: '{event}' moves no money for {purpose!r}").format(
                    procedure=self.name, what=what, state=state.value, event=event.value, purpose=purpose.value
                )
            )
        return found

    def as_markdown(self) -> str:
        """The table for the docs: one row a transition."""
        lines = ["| state | event | next state | said by | money moves for |", "| --- | --- | --- | --- | --- |"]
        lines += [
            f"| {row.state.value} | {row.event.value} | {row.to.value} | {', '.join(row.who)} "
            f"| {', '.join(purpose.value for purpose in row.posts) or '–'} |"
            for row in self.rows
        ]
        return "\n".join(lines)


_DUE, _OPEN = RoundStage.DUE, RoundStage.OPEN
_PROPOSED, _RUNNING, _REJECTED = Stage.PROPOSED, Stage.RUNNING, Stage.REJECTED
_ROUNDS, _GIVING, _SETTLEMENT, _DELIVERY = ("rounds",), ("contribution",), ("settlement",), ("delivery",)

PROJECT: Procedure[Stage, ProjectEvent] = Procedure(
    "project",
    (
        Transition(_PROPOSED, ProjectEvent.PLEDGE, _PROPOSED, _GIVING, (Purpose.PLEDGE,)),
        Transition(_PROPOSED, ProjectEvent.TURN_AWAY, _REJECTED, _ROUNDS),
        Transition(_PROPOSED, ProjectEvent.SKIP, _REJECTED, ("rounds", "settlement")),
        Transition(_PROPOSED, ProjectEvent.REFUSE, _REJECTED, _SETTLEMENT),
        Transition(_REJECTED, ProjectEvent.REFUND, _REJECTED, _SETTLEMENT, (Purpose.REFUND,)),
        Transition(_REJECTED, ProjectEvent.BONUS, _REJECTED, _SETTLEMENT, (Purpose.BONUS,)),
        Transition(_PROPOSED, ProjectEvent.START, _RUNNING, _SETTLEMENT),
        Transition(_RUNNING, ProjectEvent.JOIN, _RUNNING, _SETTLEMENT, (Purpose.PARTNER_GIFT,)),
        Transition(_RUNNING, ProjectEvent.TAKE_GIFTS, _RUNNING, _SETTLEMENT, (Purpose.GIFT, Purpose.REBATE)),
        Transition(_RUNNING, ProjectEvent.BONUS, _RUNNING, _SETTLEMENT, (Purpose.BONUS,)),
        Transition(_RUNNING, ProjectEvent.PAY, _RUNNING, _DELIVERY, (Purpose.AWARD,)),
        Transition(_RUNNING, ProjectEvent.SPEND, _RUNNING, _DELIVERY, (Purpose.SPENDING,)),
        Transition(_RUNNING, ProjectEvent.PERMIT, _RUNNING, _DELIVERY),
        Transition(_RUNNING, ProjectEvent.FORBID, Stage.FAILED, _DELIVERY),
        Transition(_RUNNING, ProjectEvent.STALL, _RUNNING, _DELIVERY),
        Transition(_RUNNING, ProjectEvent.RUN_LATE, _RUNNING, _DELIVERY),
        Transition(_RUNNING, ProjectEvent.COMPLETE, Stage.COMPLETED, _DELIVERY),
        Transition(_RUNNING, ProjectEvent.FALL_SHORT, Stage.FAILED, _DELIVERY),
        Transition(_RUNNING, ProjectEvent.MISUSE, Stage.FAILED, _DELIVERY),
        Transition(_RUNNING, ProjectEvent.RECLAIM, Stage.FAILED, _DELIVERY),
        Transition(Stage.COMPLETED, ProjectEvent.GIVE_BACK, Stage.COMPLETED, _SETTLEMENT, (Purpose.RETURN,)),
        Transition(Stage.FAILED, ProjectEvent.GIVE_BACK, Stage.FAILED, _SETTLEMENT, (Purpose.RETURN,)),
    ),
)
"""From proposal to appraisal. A project that is proposed has passed deliberation (step 3)."""

ROUND: Procedure[RoundStage, RoundEvent] = Procedure(
    "round",
    (
        Transition(_DUE, RoundEvent.OPEN, _OPEN, _ROUNDS),
        Transition(_DUE, RoundEvent.SKIP, RoundStage.SKIPPED, _ROUNDS),
        Transition(_OPEN, RoundEvent.TAKE_PLEDGE, _OPEN, _GIVING),
        Transition(_OPEN, RoundEvent.TAKE_VOTES, _OPEN, _GIVING),
        Transition(_OPEN, RoundEvent.LOOK, _OPEN, _SETTLEMENT),
        Transition(_OPEN, RoundEvent.SETTLE, RoundStage.SETTLED, _SETTLEMENT),
        Transition(_OPEN, RoundEvent.SKIP, RoundStage.SKIPPED, _SETTLEMENT),
    ),
)
"""From the proposals of a unit to the award. What a settled round pays goes by the table of its projects."""
