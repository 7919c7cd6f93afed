"""A view of some of the proposals of a round: what a rule is shown that stands under modifiers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commsim.calling.views import order_within_area
from commsim.contracts import RoundView, Table, Terms
from commsim.contracts.openings import Kept, needs_of_columns, opened_parts
from commsim.contracts.tables import frozen
from commsim.natural_order import Ranked


def seen_by(
    view: RoundView,
    needs: Collection[str],
    positions: NDArray[np.int64],
    *,
    budget: int | None = None,
    ties: NDArray[np.int64] | None = None,
) -> RoundView:
    """The part of `view` at `positions` (ascending), with only what `needs` open.

    `budget` in fen replaces the round's. `ties`: positions of all proposals in the order in which ties go to them.
    Donors and voters keep their rows, also those that are empty now.
    """
    kept = Kept.of(positions, len(view.proposals))
    order = view.order if ties is None else _order_by_ties(view, ties)
    ids = view.proposals.id if ties is None else _ranked(view.proposals.id, ties)
    return replace(
        view,
        budget=view.budget if budget is None else budget,
        proposals=_part_of_table(view.proposals, needs, kept, {"id": ids}),
        areas=_part_of_table(view.areas, needs, None, {}),
        terms=_part_of_terms(view.terms, kept),
        order=frozen(kept.place[order][kept.place[order] >= 0]),
        _parts={
            part.name: frozen(part.cut(view.part(part.name), kept))
            for need, part in opened_parts()
            if need.word in needs and view.part(part.name) is not None
        },
    )


def _ranked(ids: tuple[str, ...], ties: NDArray[np.int64]) -> tuple[str, ...]:
    """The ids, each of which sorts as `ties` says."""
    rank = np.argsort(ties, kind="stable")
    return tuple(Ranked.make(id, int(at)) for id, at in zip(ids, rank, strict=True))


def _order_by_ties(view: RoundView, ties: NDArray[np.int64]) -> NDArray[np.int64]:
    columns = {name: getattr(view.proposals, name) for name in view.proposals.columns}
    columns["id"] = _ranked(columns["id"], ties)
    return order_within_area(view.within_area, columns, view.part("ballots"))


def _part_of_table(table: Table, needs: Collection[str], kept: Kept | None, instead: Mapping[str, Any]) -> Table:
    shown: dict[str, Any] = {}
    opens = needs_of_columns(table._name, table.columns)
    hidden = {
        **table._hidden,
        **{name: opens[name] for name in table.columns if opens.get(name, "") not in {"", *needs}},
    }
    for name in table.columns:
        if name in hidden:
            continue
        values = instead.get(name, getattr(table, name))
        if kept is not None:
            at = kept.positions
            values = values[at] if isinstance(values, np.ndarray) else tuple(values[position] for position in at)
        shown[name] = values
    return Table(table._name, len(table) if kept is None else len(kept.positions), shown, hidden)


def _part_of_terms(terms: Terms | None, kept: Kept) -> Terms | None:
    if terms is None:
        return None
    arrays = {name: getattr(terms, name) for name in ("threshold", "seed_announced", "expected_award")}
    parts: dict[str, Any] = {
        name: values[kept.positions]
        for name, values in arrays.items()
        if isinstance(values, np.ndarray) and values.shape == kept.place.shape
    }
    return replace(terms, **parts)
