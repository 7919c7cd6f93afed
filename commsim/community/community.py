"""The community: everything that exists in a run at this moment, composed of books with owners.

Steps get the community and their own view of the residents. They do not call each other: one leaves events, a later
one reads them. What a step declares in `writes` it may write, in any book; all else it can only read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

from commsim.agents.institution import Institution
from commsim.community.given import Given
from commsim.community.institutions import Institutions
from commsim.community.ledger import LEDGER
from commsim.community.measured import Measured
from commsim.community.money import Money
from commsim.community.month import Month
from commsim.community.people import Columns, People
from commsim.community.places import Places
from commsim.ownership import Owned, Permit

PAGE = "month.page"
"""The part of the state that only the model writes between steps: which month it is, and the page that is turned."""
TURNING = "the turn of the page"


class Community(Owned):
    """State of a run. `now`: this month's events so far; `last`: last month's; `month`: months since the start."""

    PARTS: ClassVar[Mapping[str, str]] = {"month": PAGE, "now": PAGE, "last": PAGE}

    def __init__(
        self,
        permit: Permit,
        given: Given,
        people: People,
        places: Places,
        institutions: Institutions,
        money: Money,
        measured: Measured,
    ) -> None:
        self.given = given
        self.people = people
        self.places = places
        self.institutions = institutions
        self.money = money
        self.measured = measured
        self.month = 0
        self.now = Month(permit)
        self.last = Month(permit)
        self.permit = permit

    @property
    def calendar_month(self) -> int:
        """Month of the year, 1–12."""
        return self.given.scenario.calendar_month(self.month)

    @property
    def year(self) -> int:
        """The calendar year."""
        return self.given.scenario.year(self.month)

    def agents(self, kind: type[Institution]) -> Any:
        """The institutions of a kind that act now, as Mesa's AgentSet: `community.agents(Fund).do(…)`."""
        return self.institutions.agents(kind)

    @contextmanager
    def month_open(self) -> Iterator[None]:
        """A month from its empty page to the proof of its ledger."""
        with self.permit.held_by(TURNING, (PAGE,)):
            self.last, self.now = self.now, Month(self.permit)
        yield
        with self.permit.held_by(TURNING, (PAGE, LEDGER)):
            self.money.ledger.close_month(self.month)
            self.month += 1

    @contextmanager
    def written_by(self, step: str, writes: frozenset[str]) -> Iterator[Columns]:
        """Let a step write the parts that it declares, and give it the residents with its own columns writable."""
        with self.permit.held_by(step, writes):
            yield self.people.residents.seen_by(step, writes)
