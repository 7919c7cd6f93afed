"""Building what a rule is shown of a round: read-only columns, of which it sees only those that its `needs` list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commsim.contracts import Choices, RoundKey, RoundView, Rule, Table, Terms
from commsim.contracts.openings import Given, Part, columns_of, needs_of_columns, opened_columns, opened_parts
from commsim.contracts.tables import frozen
from commsim.errors import BrokenInvariant
from commsim.i18n import _
from commsim.natural_order import Ranked, natural_rank
from commsim.randomness import Draws

WITHIN_AREA = ("submitted_at", "votes", "ask", "readiness", "id")
"""Orders inside an area: earliest, most votes, smallest ask, readiest, by id."""

_DESCENDING = {"votes", "readiness"}


def make_view(
    rule: Rule | type[Rule],
    *,
    round: RoundKey,
    month: int,
    date: str,
    budget: int,
    carried: int = 0,
    proposals: Mapping[str, Any],
    areas: Mapping[str, Any],
    terms: Terms | None = None,
    within_area: str = "submitted_at",
    draws: Draws | None = None,
    **parts: Any,
) -> RoundView:
    """What `rule` is shown of a round.

    Arguments: `round`, `month` (0 = first month), `date` ("2017-04"), `budget` and `carried` (fen; the budget holds
    what was carried over); `proposals` and `areas` by column (`id` a sequence of str, the rest as `columns_of` says,
    shape (n,) and (areas,); any further column of the areas is a network indicator, read by rules that need
    `indicator.<name>`); `terms` announced before; `within_area`, one of `WITHIN_AREA`; `draws`, the luck of the
    replicate; and whichever `parts` of the view there are, by name (`pledges`, `marks`, …; None = nobody yet), as the
    table of needs says: one that is itself a table (`applicants`) by column.

    Columns are copied, so that nothing a rule does reaches the model. Raises BrokenInvariant where columns differ in
    length, miss one that every rule reads, ids repeat, or no need opens a part of that name: that is a fault of the
    caller, not of the rule.
    """
    _check_parts(parts)
    given = Given(
        _columns("proposals", proposals, ("area", "ask", "minimum_viable")), _columns("areas", areas, ()), parts
    )
    needs = frozenset(rule.needs)
    return RoundView(
        round=round,
        month=month,
        date=date,
        budget=int(budget),
        carried=int(carried),
        proposals=_table("proposals", _with_defaults("proposals", given.proposals, given), needs),
        areas=_table("areas", _with_defaults("areas", given.areas, given), needs),
        terms=terms,
        within_area=within_area,
        order=frozen(order_within_area(within_area, given.proposals, parts.get("ballots"))),
        _draw=_drawer(draws, round) if draws is not None else None,
        _parts={part.name: _part(part, given) for need, part in opened_parts() if need.word in needs},
    )


def _check_parts(parts: Mapping[str, Any]) -> None:
    known = [part.name for _need, part in opened_parts()]
    unknown = [name for name in parts if name not in known]
    if unknown:
        raise BrokenInvariant(
            _("a view has no parts {unknown}; expected some of {known}").format(
                unknown=", ".join(unknown), known=", ".join(known)
            )
        )


def _part(part: Part, given: Given) -> Any:
    """A part as the view holds it: what the caller gave, or what stands there where nobody gave anything."""
    came = given.parts.get(part.name)
    value = part.taken(part.empty(given) if came is None else came, given)
    if part.columns:
        columns = _columns(part.name, value, tuple(column.name for column in part.columns))
        return Table(part.name, len(columns["id"]), columns, {})
    return frozen(value)


def _with_defaults(table: str, columns: Mapping[str, Any], given: Given) -> dict[str, Any]:
    """Columns, with those that the caller does not have and that stand for themselves."""
    defaults = {
        column.name: np.asarray(column.default(given), dtype=column.dtype)
        for _need, column in opened_columns()
        if column.table == table and column.default is not None and column.name not in columns
    }
    return {**columns, **defaults}


def _columns(table: str, given: Mapping[str, Any], required: Sequence[str]) -> dict[str, Any]:
    ids = tuple(name if isinstance(name, Ranked) else str(name) for name in given["id"])
    if len(set(ids)) != len(ids):
        raise BrokenInvariant(_("{table}: ids of a view repeat").format(table=table))
    missing = [name for name in required if name not in given]
    if missing:
        raise BrokenInvariant(_("{table}: the view lacks {missing}").format(table=table, missing=", ".join(missing)))
    known = columns_of(table)
    columns: dict[str, Any] = {"id": ids}
    if not ids:
        columns |= {name: np.zeros((0, *column.shape), dtype=column.dtype) for name, column in known.items()}
    for name, values in given.items():
        if name != "id":
            columns[name] = np.array(values, dtype=known[name].dtype if name in known else np.float64)
            if columns[name].shape[:1] != (len(ids),):
                raise BrokenInvariant(
                    _("{table}.{name} has {came} rows; {expected} expected").format(
                        table=table, name=name, came=len(columns[name]), expected=len(ids)
                    )
                )
    return columns


def _table(name: str, columns: Mapping[str, Any], needs: frozenset[str]) -> Table:
    hidden = {column: need for column, need in needs_of_columns(name, columns).items() if need not in needs}
    shown = {column: values for column, values in columns.items() if column not in hidden}
    return Table(name, len(columns["id"]), shown, hidden)


def order_within_area(within_area: str, proposals: Mapping[str, Any], ballots: Choices | None) -> NDArray[np.int64]:
    """Positions of proposals in the fund's order, ties by id in natural order (p2 before p10), shape (n,)."""
    rank = natural_rank(proposals["id"])
    if within_area not in WITHIN_AREA:
        raise BrokenInvariant(
            _("within_area is {came!r}; expected one of {known}").format(came=within_area, known=", ".join(WITHIN_AREA))
        )
    if within_area == "id":
        key = np.zeros(len(rank))
    elif within_area == "votes":
        key = (ballots or Choices.empty()).totals(len(rank)).astype(np.float64)
    else:
        key = np.asarray(proposals.get(within_area, np.zeros(len(rank))), dtype=np.float64)
    if within_area in _DESCENDING:
        key = -key
    return np.lexsort((rank, key)).astype(np.int64)


def _drawer(draws: Draws, round: RoundKey) -> Callable[[str, Sequence[str]], NDArray[np.float64]]:
    def draw(name: str, ids: Sequence[str]) -> NDArray[np.float64]:
        return np.array([draws.uniform("rule", item=(str(round), name, str(id))) for id in ids], dtype=np.float64)

    return draw
