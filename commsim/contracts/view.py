"""What a rule is shown of a round, frozen, of which it sees only what its `needs` list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from commsim.contracts.needs import not_in_view
from commsim.contracts.tables import Choices, Influence, Splits, Table
from commsim.contracts.terms import Terms
from commsim.errors import RuleError
from commsim.i18n import _


@dataclass(frozen=True)
class RoundKey:
    """Which round this is: a fund's id, the unit that decides (a committee, a subdistrict, the district), the year."""

    fund: str
    unit: str
    period: int

    def __str__(self) -> str:
        return f"{self.fund}/{self.unit}/{self.period}"


@dataclass(frozen=True)
class RoundView:
    """Everything a rule is shown of a round. Frozen; arrays are read-only; nothing has a row per resident.

    Always open: `round`, `month` (0 = first month of the run), `date` ("2017-04"), `budget` and `carried` (fen; the
    budget holds what was carried over), `terms` (what the rule announced; None before), and of the proposals `id`,
    `area` (index into areas), `ask` and `minimum_viable` (fen). The rest opens through `needs`, see `NEEDS`.
    """

    round: RoundKey
    month: int
    date: str
    budget: int
    carried: int
    proposals: Table
    areas: Table
    terms: Terms | None = None
    within_area: str = "submitted_at"
    order: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    """Proposals sorted by the fund's order inside an area (ties by id); a rule that divides among areas pays in it."""
    _pledges: Choices | None = None
    _ballots: Choices | None = None
    _history: tuple[Mapping[str, Any], ...] | None = None
    _draw: Callable[[str, Sequence[str]], NDArray[np.float64]] | None = None
    _marks: NDArray[np.float64] | None = None
    _splits: Splits | None = None
    _vouchers: Choices | None = None
    _running: int | None = None
    _clusters: NDArray[np.float64] | None = None
    _coverage: Choices | None = None
    _influence: Influence | None = None
    _applicants: Table | None = None

    @property
    def applicants(self) -> Table:
        """Who applies, a row each, which `proposals.applicant` (an index) refers to: `id`, `type` (0 residents, 1
        staff), `age` in months and `capacity` (0–1), NaN where not on record, `past_awards` (fen, of this fund) and
        `delivery_rate` (0–1: share of that money, of projects that have ended, which was delivered; NaN without)."""
        return self._open("applicants", self._applicants)

    def indicator(self, name: str) -> NDArray[np.float64]:
        """A network indicator by area, shape (areas,), NaN where it has no value; needs `indicator.<name>`."""
        values: NDArray[np.float64] = getattr(self.areas, name)
        return values

    @property
    def clusters(self) -> NDArray[np.float64]:
        """Membership (0–1) of each donor in each cluster of residents, shape (pledges.rows, clusters), donors in the
        order of the rows of `pledges`; no columns where nothing is known of clusters."""
        return self._open("clusters", self._clusters)

    @property
    def coverage(self) -> Choices:
        """Whom proposals reach: one row for each group of residents that the same proposals reach, holding these
        proposals; `amount` is the number of residents of the group (the same along a row)."""
        return self._open("coverage", self._coverage)

    @property
    def influence(self) -> Influence:
        """Who draws in whom among the circles that proposals start from."""
        return self._open("influence", self._influence)

    @property
    def pledges(self) -> Choices:
        """Residents' pledges so far, in fen."""
        return self._open("pledges", self._pledges)

    @property
    def ballots(self) -> Choices:
        """Residents' approvals."""
        return self._open("ballots", self._ballots)

    @property
    def marks(self) -> NDArray[np.float64]:
        """Marks that judges gave, shape (judges, proposals); higher is better, NaN where a judge gave none."""
        return self._open("scores", self._marks)

    @property
    def splits(self) -> Splits:
        """How residents would divide the budget among areas or domains."""
        return self._open("splits", self._splits)

    @property
    def vouchers(self) -> Choices:
        """Public money that residents assigned to proposals with their vouchers, in fen."""
        return self._open("vouchers", self._vouchers)

    @property
    def running(self) -> int:
        """How many projects of this fund and unit are being built now."""
        return int(self._open("running", self._running))

    @property
    def history(self) -> tuple[Mapping[str, Any], ...]:
        """Earlier rounds of the same fund and unit, oldest first: period, proposals, paid, completed, readiness."""
        return self._open("history", self._history)

    def draw(self, name: str, ids: Sequence[str]) -> NDArray[np.float64]:
        """Uniforms in (0, 1), one per id, fixed by (seed, replicate, round, name, id): the only luck a rule may use."""
        if self._draw is None:
            raise RuleError(_("this view was made without draws"))
        return self._draw(name, ids)

    if not TYPE_CHECKING:  # a type checker knows what a view has

        def __getattr__(self, name: str) -> Any:
            public = [one for one in (*self.__dataclass_fields__, *vars(type(self))) if not one.startswith("_")]
            raise not_in_view("view", name, dict.fromkeys(public))

    def _open(self, need: str, value: Any) -> Any:
        if value is None:
            raise RuleError(
                _("view.{column} is hidden from this rule: it has to list {need!r} in its `needs`").format(
                    column=need, need=need
                )
            )
        return value
