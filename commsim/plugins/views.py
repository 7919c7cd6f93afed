"""Building what a rule is shown of a round: read-only columns, of which it sees only those that its `needs` list."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commsim.contracts import NEEDS, Choices, RoundKey, RoundView, Rule, Table, Terms
from commsim.errors import BrokenInvariant
from commsim.i18n import _
from commsim.plugins.naming import natural_rank
from commsim.plugins.validation import INDICATOR
from commsim.randomness import Draws

PROPOSAL_TYPES: dict[str, Any] = {
    "area": np.int32,
    "ask": np.int64,
    "minimum_viable": np.int64,
    "category": np.int8,
    "submitted_at": np.int32,
    "readiness": np.float64,
    "scores": np.float64,
    "beneficiaries": np.int64,
    "writer": np.uint8,
}
"""Columns of proposals besides `id`: area (index), ask and minimum_viable (fen), category (`Domain`), submitted_at
(month), readiness (0–1), scores, beneficiaries (residents), writer (0 residents, 1 staff)."""

AREA_TYPES: dict[str, Any] = {"population": np.int64, "need": np.float64, "last_award": np.int64}
"""Columns of areas besides `id`: population, need (mean surveyed need, above 0), last_award (fen). Any further column
is a network indicator, read by rules that need `indicator.<name>`."""

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
    pledges: Choices | None = None,
    ballots: Choices | None = None,
    history: Sequence[Mapping[str, Any]] | None = None,
    within_area: str = "submitted_at",
    draws: Draws | None = None,
) -> RoundView:
    """What `rule` is shown of a round.

    Arguments: `round`, `month` (0 = first month), `date` ("2017-04"), `budget` and `carried` (fen; the budget holds
    what was carried over); `proposals` by column (`id` a sequence of str, the rest as in `PROPOSAL_TYPES`, shape (n,));
    `areas` by column (`id`, the rest as in `AREA_TYPES`, shape (areas,)); `terms` announced before; `pledges` (fen) and
    `ballots` so far (None = nobody yet); `history` of earlier rounds; `within_area`, one of `WITHIN_AREA`; `draws`, the
    luck of the replicate.

    Columns are copied, so that nothing a rule does reaches the model. Raises BrokenInvariant where columns differ in
    length, miss one that every rule reads, or ids repeat: that is a fault of the caller, not of the rule.
    """
    proposal_columns = _columns("proposals", proposals, PROPOSAL_TYPES, ("area", "ask", "minimum_viable"))
    area_columns = _columns("areas", areas, AREA_TYPES, ())
    needs = frozenset(rule.needs)
    return RoundView(
        round=round,
        month=month,
        date=date,
        budget=int(budget),
        carried=int(carried),
        proposals=_table("proposals", proposal_columns, needs),
        areas=_table("areas", area_columns, needs),
        terms=terms,
        within_area=within_area,
        order=_read_only(order_within_area(within_area, proposal_columns, ballots)),
        _pledges=(pledges or Choices.empty()) if "pledges" in needs else None,
        _ballots=(ballots or Choices.empty()) if "ballots" in needs else None,
        _history=tuple(history or ()) if "history" in needs else None,
        _draw=_drawer(draws, round) if draws is not None else None,
    )


def _columns(table: str, given: Mapping[str, Any], types: Mapping[str, Any], required: Sequence[str]) -> dict[str, Any]:
    ids = tuple(str(one) for one in given["id"])
    if len(set(ids)) != len(ids):
        raise BrokenInvariant(_("{table}: ids of a view repeat").format(table=table))
    missing = [name for name in required if name not in given]
    if missing:
        raise BrokenInvariant(_("{table}: the view lacks {missing}").format(table=table, missing=", ".join(missing)))
    columns: dict[str, Any] = {"id": ids}
    for name, values in given.items():
        if name != "id":
            columns[name] = np.array(values, dtype=types.get(name, np.float64))
            if columns[name].shape[:1] != (len(ids),):
                raise BrokenInvariant(
                    _("{table}.{name} has {came} rows; {expected} expected").format(
                        table=table, name=name, came=len(columns[name]), expected=len(ids)
                    )
                )
    return columns


def _table(name: str, columns: Mapping[str, Any], needs: frozenset[str]) -> Table:
    gates = {column: need for need, opened in NEEDS.items() for column in opened}
    hidden = {}
    for column in columns:
        need = gates.get(f"{name}.{column}")
        if need is None and name == "areas" and column != "id":
            need = INDICATOR + column
        if need is not None and need not in needs:
            hidden[column] = need
    # A column that the caller does not have is hidden all the same, so that a rule is told what to list.
    for gate, need in gates.items():
        if gate.startswith(f"{name}.") and need not in needs:
            hidden[gate.removeprefix(f"{name}.")] = need
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
        return np.array([draws.uniform("rule", item=(str(round), name, str(one))) for one in ids], dtype=np.float64)

    return draw


def _read_only(values: NDArray[Any]) -> NDArray[Any]:
    values.flags.writeable = False
    return values


def view_digest(view: RoundView) -> bytes:
    """A digest of every array of a view, hidden ones left out; it changes if a rule manages to write into one."""
    digest = hashlib.blake2b(digest_size=16)
    for table in (view.proposals, view.areas):
        for name in table.columns:
            _add(digest, name, getattr(table, name))
    for name, choices in (("pledges", view._pledges), ("ballots", view._ballots)):
        for part in ("start", "proposal", "amount") if choices is not None else ():
            _add(digest, f"{name}.{part}", getattr(choices, part))
    _add(digest, "order", view.order)
    _add(digest, "scalars", (view.round, view.month, view.date, view.budget, view.carried, view.within_area))
    return digest.digest()


def _add(digest: Any, name: str, values: Any) -> None:
    written = np.ascontiguousarray(values).tobytes() if isinstance(values, np.ndarray) else repr(values).encode()
    digest.update(f"{name}:{len(written)};".encode())
    digest.update(written)
