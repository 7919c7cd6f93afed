"""What a rule is shown of a round, frozen, of which it sees only what its `needs` list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from commsim.contracts.openings import need_of_part, not_in_view, opened_parts
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


class _TypesOfParts:
    """What type checkers and editors are told of the parts that needs open; `needs.py` says what each holds.

    A part of which nothing stands here is there all the same; a type checker does not know it.
    """

    if TYPE_CHECKING:
        pledges: Choices
        ballots: Choices
        vouchers: Choices
        splits: Splits
        marks: NDArray[np.float64]
        applicants: Table
        running: int
        history: tuple[Mapping[str, Any], ...]
        clusters: NDArray[np.float64]
        coverage: Choices
        influence: Influence


@dataclass(frozen=True)
class RoundView(_TypesOfParts):
    """Everything a rule is shown of a round. Frozen; arrays are read-only; nothing has a row per resident.

    Always open: `round`, `month` (0 = first month of the run), `date` ("2017-04"), `budget` and `carried` (fen; the
    budget holds what was carried over), `terms` (what the rule announced; None before), and of the proposals `id`,
    `area` (index into areas), `ask` and `minimum_viable` (fen). The rest opens through `needs`, see `NEEDS`: columns
    of `proposals` and `areas`, and parts of the view itself (`view.pledges`, `view.marks`, …).
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
    _draw: Callable[[str, Sequence[str]], NDArray[np.float64]] | None = None
    _parts: Mapping[str, Any] = field(default_factory=dict)
    """What the rule's needs open of the view itself, by the name under which it reads it."""

    def __post_init__(self) -> None:
        # A part is an attribute like any other: read as often as a rule likes, without a search for it.
        vars(self).update(self._parts, _parts=MappingProxyType(dict(self._parts)))

    def part(self, name: str) -> Any:
        """What lies at `view.<name>`; None where it is hidden from this rule."""
        return vars(self)[name] if name in self._parts else None

    def with_parts(self, **parts: Any) -> RoundView:
        """The same round with other contents of these parts, each of which has to be open.

        Raises RuleError for one that is hidden from this rule.
        """
        for name in parts:
            getattr(self, name)
        return replace(self, _parts={**self._parts, **parts})

    def indicator(self, name: str) -> NDArray[np.float64]:
        """A network indicator by area, shape (areas,), NaN where it has no value; needs `indicator.<name>`."""
        values: NDArray[np.float64] = getattr(self.areas, name)
        return values

    def draw(self, name: str, ids: Sequence[str]) -> NDArray[np.float64]:
        """Uniforms in (0, 1), one per id, fixed by (seed, replicate, round, name, id): the only luck a rule may use."""
        if self._draw is None:
            raise RuleError(_("this view was made without draws"))
        return self._draw(name, ids)

    if not TYPE_CHECKING:  # a type checker knows what a view has

        def __getattr__(self, name: str) -> Any:
            need = need_of_part(name)
            if need is None:
                raise not_in_view("view", name, dict.fromkeys(_public(self)))
            raise RuleError(
                _("view.{column} is hidden from this rule: it has to list {need!r} in its `needs`").format(
                    column=name, need=need
                )
            )


def _public(view: RoundView) -> list[str]:
    """What a view has that a rule may read, if its needs open it."""
    own = [*view.__dataclass_fields__, "indicator", "draw"]
    return [name for name in (*own, *(part.name for _need, part in opened_parts())) if not name.startswith("_")]
