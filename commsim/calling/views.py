"""Building what a rule is shown of a round: read-only columns, of which it sees only those that its `needs` list."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commsim.contracts import NEEDS, Choices, Influence, RoundKey, RoundView, Rule, Splits, Table, Terms
from commsim.contracts.needs import INDICATOR
from commsim.errors import BrokenInvariant
from commsim.i18n import _
from commsim.natural_order import Ranked, natural_rank
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
    "hours": np.float64,
    "response": np.float64,
    "applicant": np.int32,
}
"""Columns of proposals besides `id`: area (index), ask and minimum_viable (fen), category (`Domain`), submitted_at
(month), readiness (0–1), scores, beneficiaries (residents), writer (0 residents, 1 staff), hours (volunteer hours
pledged), response (shape (n, 2): most and half of a fitted response x ↦ most · x / (half + x), that is participants at
most, and fen at which half of them come), applicant (index into the applicants)."""

APPLICANT_TYPES: dict[str, Any] = {
    "type": np.uint8,
    "age": np.float64,
    "capacity": np.float64,
    "past_awards": np.int64,
    "delivery_rate": np.float64,
}
"""Columns of applicants besides `id`, as `RoundView.applicants` explains them."""

AREA_TYPES: dict[str, Any] = {
    "population": np.int64,
    "need": np.float64,
    "last_award": np.int64,
    "performance": np.float64,
    "poverty": np.float64,
    "overcrowding": np.float64,
    "growth_lag": np.float64,
    "old_housing": np.float64,
}
"""Columns of areas besides `id`: population, need (mean surveyed need, above 0), last_award (fen), performance (0–1:
share of the money awarded last that went into completed projects; NaN where nothing was awarded), and counts of poor
residents, crowded households, residents that growth fell short of, and old dwellings. Any further column
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
    marks: NDArray[np.float64] | None = None,
    splits: Splits | None = None,
    vouchers: Choices | None = None,
    running: int = 0,
    clusters: NDArray[np.float64] | None = None,
    coverage: Choices | None = None,
    influence: Influence | None = None,
    applicants: Mapping[str, Any] | None = None,
    within_area: str = "submitted_at",
    draws: Draws | None = None,
) -> RoundView:
    """What `rule` is shown of a round.

    Arguments: `round`, `month` (0 = first month), `date` ("2017-04"), `budget` and `carried` (fen; the budget holds
    what was carried over); `proposals` by column (`id` a sequence of str, the rest as in `PROPOSAL_TYPES`, shape (n,));
    `areas` by column (`id`, the rest as in `AREA_TYPES`, shape (areas,)); `terms` announced before; `pledges` (fen) and
    `ballots` so far (None = nobody yet); `history` of earlier rounds; `marks` of judges, shape (judges, n) (None =
    one judge who gave `scores`); `splits` and `vouchers` that residents gave (None = nobody yet); how many projects of
    the unit are `running`; `clusters`, `coverage`, `influence` as in the
    view; `applicants` by column (`id`, the rest as in `APPLICANT_TYPES`), to which the proposals' column `applicant`
    refers (None = each proposal has one of its own, of whom nothing is on record); `within_area`, one of `WITHIN_AREA`;
    `draws`, the luck of the replicate.

    Columns are copied, so that nothing a rule does reaches the model. Raises BrokenInvariant where columns differ in
    length, miss one that every rule reads, or ids repeat: that is a fault of the caller, not of the rule.
    """
    proposal_columns = _columns("proposals", proposals, PROPOSAL_TYPES, ("area", "ask", "minimum_viable"))
    area_columns = _columns("areas", areas, AREA_TYPES, ())
    needs = frozenset(rule.needs)
    if applicants is None:
        proposal_columns["applicant"] = np.arange(len(proposal_columns["id"]), dtype=np.int32)
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
        _marks=_marks_of(marks, proposal_columns) if "scores" in needs else None,
        _splits=(splits or _no_splits(proposal_columns, area_columns)) if "splits" in needs else None,
        _vouchers=(vouchers or Choices.empty()) if "vouchers" in needs else None,
        _running=int(running) if "running" in needs else None,
        _clusters=_clusters_of(clusters, pledges) if "clusters" in needs else None,
        _coverage=(coverage or Choices.empty()) if "coverage" in needs else None,
        _influence=(influence or Influence.empty(len(proposal_columns["id"]))) if "influence" in needs else None,
        _applicants=_applicants_of(applicants, proposal_columns["id"]) if "applicants" in needs else None,
    )


def _applicants_of(given: Mapping[str, Any] | None, proposals: tuple[str, ...]) -> Table:
    n = len(proposals)
    unknown = {
        name: np.zeros(n) if kind is not np.float64 else np.full(n, np.nan) for name, kind in APPLICANT_TYPES.items()
    }
    columns = _columns("applicants", given or {"id": proposals, **unknown}, APPLICANT_TYPES, tuple(APPLICANT_TYPES))
    return Table("applicants", len(columns["id"]), columns, {})


def _marks_of(marks: NDArray[np.float64] | None, proposals: Mapping[str, Any]) -> NDArray[np.float64]:
    """The marks given, or those of one judge who gave the scores; no row where there are no scores either."""
    n = len(proposals["id"])
    if marks is None:
        marks = np.atleast_2d(proposals["scores"]) if "scores" in proposals else np.zeros((0, n))
    if marks.ndim != 2 or marks.shape[1] != n:
        raise BrokenInvariant(
            _("marks have shape {came}; (judges, {expected}) expected").format(came=marks.shape, expected=n)
        )
    return _read_only(np.array(marks, dtype=np.float64))


def _no_splits(proposals: Mapping[str, Any], areas: Mapping[str, Any]) -> Splits:
    return Splits.empty(areas["id"], np.asarray(proposals["area"], dtype=np.int32))


def _clusters_of(clusters: NDArray[np.float64] | None, pledges: Choices | None) -> NDArray[np.float64]:
    """The given memberships; no column where nobody knows of clusters."""
    rows = (pledges or Choices.empty()).rows
    return _read_only(np.zeros((rows, 0)) if clusters is None else np.array(clusters, dtype=np.float64))


def seen_by(
    view: RoundView,
    needs: Collection[str],
    positions: NDArray[np.int64],
    *,
    budget: int | None = None,
    ties: NDArray[np.int64] | None = None,
) -> RoundView:
    """The part of `view` at `positions` (ascending), with only the columns that `needs` open.

    `budget` in fen replaces the round's. `ties`: positions of all proposals in the order in which ties go to them.
    Donors and voters keep their rows, also those that are empty now.
    """
    place = np.full(len(view.proposals), -1, dtype=np.int64)
    place[positions] = np.arange(len(positions))
    order = view.order if ties is None else _order_by_ties(view, ties)
    ids = view.proposals.id
    if ties is not None:
        rank = np.argsort(ties, kind="stable")
        ids = tuple(Ranked.make(one, int(at)) for one, at in zip(ids, rank, strict=True))
    return replace(
        view,
        budget=view.budget if budget is None else budget,
        proposals=_part_of_table(view.proposals, needs, positions, {"id": ids}),
        areas=_part_of_table(view.areas, needs, None, {}),
        terms=_part_of_terms(view.terms, positions, len(view.proposals)),
        order=_read_only(place[order][place[order] >= 0]),
        _pledges=_part_of_choices(view._pledges, place) if "pledges" in needs else None,
        _ballots=_part_of_choices(view._ballots, place) if "ballots" in needs else None,
        _history=view._history if "history" in needs else None,
        _marks=view._marks[:, positions] if view._marks is not None and "scores" in needs else None,
        _splits=_part_of_splits(view._splits, positions) if "splits" in needs else None,
        _vouchers=_part_of_choices(view._vouchers, place) if "vouchers" in needs else None,
        _running=view._running if "running" in needs else None,
        _clusters=view._clusters if "clusters" in needs else None,
        _coverage=_part_of_choices(view._coverage, place) if "coverage" in needs else None,
        _influence=_part_of_influence(view._influence, positions) if "influence" in needs else None,
        _applicants=view._applicants if "applicants" in needs else None,
    )


def _order_by_ties(view: RoundView, ties: NDArray[np.int64]) -> NDArray[np.int64]:
    columns = {name: getattr(view.proposals, name) for name in view.proposals.columns}
    rank = np.argsort(ties, kind="stable")
    columns["id"] = tuple(Ranked.make(one, int(at)) for one, at in zip(columns["id"], rank, strict=True))
    return order_within_area(view.within_area, columns, view._ballots)


def _part_of_table(
    table: Table, needs: Collection[str], positions: NDArray[np.int64] | None, instead: Mapping[str, Any]
) -> Table:
    gates = {column: need for need, opened in NEEDS.items() for column in opened}
    shown: dict[str, Any] = {}
    hidden = dict(table._hidden)
    for name in table.columns:
        need = gates.get(f"{table._name}.{name}")
        if need is None and table._name == "areas" and name != "id":
            need = INDICATOR + name
        if need is not None and need not in needs:
            hidden[name] = need
            continue
        values = instead.get(name, getattr(table, name))
        if positions is not None:
            values = values[positions] if isinstance(values, np.ndarray) else tuple(values[at] for at in positions)
        shown[name] = values
    return Table(table._name, len(table) if positions is None else len(positions), shown, hidden)


def _part_of_terms(terms: Terms | None, positions: NDArray[np.int64], rows: int) -> Terms | None:
    if terms is None:
        return None
    arrays = {name: getattr(terms, name) for name in ("threshold", "seed_announced", "expected_award")}
    parts: dict[str, Any] = {
        name: values[positions]
        for name, values in arrays.items()
        if isinstance(values, np.ndarray) and values.shape == (rows,)
    }
    return replace(terms, **parts)


def _part_of_choices(choices: Choices | None, place: NDArray[np.int64]) -> Choices | None:
    if choices is None:
        return None
    kept = place[choices.proposal] >= 0
    start = np.concatenate([[0], np.cumsum(kept)])[choices.start]
    return Choices(start.astype(np.int64), place[choices.proposal[kept]].astype(np.int32), choices.amount[kept])


def _part_of_splits(splits: Splits | None, positions: NDArray[np.int64]) -> Splits | None:
    return None if splits is None else replace(splits, of_proposal=splits.of_proposal[positions])


def _part_of_influence(influence: Influence | None, positions: NDArray[np.int64]) -> Influence | None:
    return None if influence is None else replace(influence, start=influence.start[positions])


def _columns(table: str, given: Mapping[str, Any], types: Mapping[str, Any], required: Sequence[str]) -> dict[str, Any]:
    ids = tuple(one if isinstance(one, Ranked) else str(one) for one in given["id"])
    if len(set(ids)) != len(ids):
        raise BrokenInvariant(_("{table}: ids of a view repeat").format(table=table))
    missing = [name for name in required if name not in given]
    if missing:
        raise BrokenInvariant(_("{table}: the view lacks {missing}").format(table=table, missing=", ".join(missing)))
    columns: dict[str, Any] = {"id": ids}
    if not ids:
        # A response has two numbers a proposal.
        columns |= {name: np.zeros((0, 2) if name == "response" else 0, dtype=kind) for name, kind in types.items()}
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
    for table in (view.proposals, view.areas, *([] if view._applicants is None else [view._applicants])):
        for name in table.columns:
            _add(digest, name, getattr(table, name))
    if view._marks is not None:
        _add(digest, "marks", view._marks)
    for part in ("of_proposal", "share", "count") if view._splits is not None else ():
        _add(digest, f"splits.{part}", getattr(view._splits, part))
    for name, choices in (
        ("pledges", view._pledges),
        ("ballots", view._ballots),
        ("vouchers", view._vouchers),
        ("coverage", view._coverage),
    ):
        for part in ("start", "proposal", "amount") if choices is not None else ():
            _add(digest, f"{name}.{part}", getattr(choices, part))
    _add(digest, "order", view.order)
    _add(digest, "scalars", (view.round, view.month, view.date, view.budget, view.carried, view.within_area))
    return digest.digest()


def _add(digest: Any, name: str, values: Any) -> None:
    written = np.ascontiguousarray(values).tobytes() if isinstance(values, np.ndarray) else repr(values).encode()
    digest.update(f"{name}:{len(written)};".encode())
    digest.update(written)
