"""Read-only tables and compressed rows of which a view of a round is made. Nothing has a row per resident."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commsim.contracts.openings import Kept, not_in_view
from commsim.converted_field import Converted
from commsim.errors import RuleError
from commsim.i18n import _


class Table:
    """Read-only columns of one length, some of which a rule has not asked for and so may not read.

    `table.ask` is the column `ask`; asking for a column that is not among the rule's `needs` is an error that says
    what to add. Also `len(table)` and `table.columns` (the readable names).
    """

    def __init__(self, name: str, length: int, columns: Mapping[str, Any], hidden: Mapping[str, str]) -> None:
        read_only = {key: frozen(value) for key, value in columns.items()}
        # Past `__setattr__`, which refuses whoever has the table.
        vars(self).update(_name=name, _length=length, _columns=read_only, _hidden=dict(hidden))

    def __len__(self) -> int:
        return self._length

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns that this rule may read."""
        return tuple(self._columns)

    def __getattr__(self, column: str) -> Any:
        if column in self._columns:
            return self._columns[column]
        if column in self._hidden:
            raise RuleError(
                _("{table}.{column} is hidden from this rule: it has to list {need!r} in its `needs`").format(
                    table=self._name, column=column, need=self._hidden[column]
                )
            )
        raise not_in_view(f"view.{self._name}", column, self._columns)

    def __setattr__(self, column: str, value: Any) -> None:
        raise AttributeError(f"{self._name}.{column} cannot be set: a rule sees a view, it does not change it")


def frozen(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        value = value.view()
        value.flags.writeable = False
    return value


@dataclass(frozen=True)
class Choices:
    """Which resident chose which proposal, and by how much: compressed rows (CSR), read-only.

    Row r (one per resident who took part, unnamed) covers positions `start[r]` … `start[r + 1] - 1` of `proposal`
    (indices in proposal order) and `amount`: fen for pledges; for ballots 1 for an approval, points of a cumulative
    ballot, and for a ranking points by place (the last place that a ballot has room for gives 1, each place before it 1
    more), so that more is always better. Rows are in address order.
    """

    start: Converted[NDArray[np.int64]] = Converted(frozen)
    proposal: Converted[NDArray[np.int32]] = Converted(frozen)
    amount: Converted[NDArray[np.int64]] = Converted(frozen)

    @property
    def rows(self) -> int:
        """How many residents took part."""
        return len(self.start) - 1

    def totals(self, proposals: int) -> NDArray[np.int64]:
        """Sum of the amounts by proposal, shape (proposals,)."""
        totals = np.zeros(proposals, dtype=np.int64)
        np.add.at(totals, self.proposal, self.amount)
        return totals

    def kept(self, kept: Kept) -> Choices:
        """The choices among some of the proposals; who chose none of them keeps an empty row."""
        inside = kept.place[self.proposal] >= 0
        start = np.concatenate([[0], np.cumsum(inside)])[self.start]
        proposal = kept.place[self.proposal[inside]].astype(np.int32)
        return Choices(start.astype(np.int64), proposal, self.amount[inside])

    @classmethod
    def empty(cls) -> Choices:
        """Nobody took part."""
        return cls(np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int64))


@dataclass(frozen=True)
class Influence:
    """Ties along which taking part spreads (independent cascade): `nodes` circles of residents, arc a leads from
    `source[a]` to `target[a]` and carries with `probability[a]` (0–1); `weight[v]` residents are in circle v;
    `start[j]` is the circle in which proposal j would begin."""

    source: Converted[NDArray[np.int32]] = Converted(frozen)
    target: Converted[NDArray[np.int32]] = Converted(frozen)
    probability: Converted[NDArray[np.float64]] = Converted(frozen)
    weight: Converted[NDArray[np.float64]] = Converted(frozen)
    start: Converted[NDArray[np.int32]] = Converted(frozen)

    def kept(self, kept: Kept) -> Influence:
        """The same circles and ties, with the beginnings of some of the proposals."""
        return replace(self, start=self.start[kept.positions])

    @classmethod
    def empty(cls, proposals: int) -> Influence:
        """Nothing is known: every proposal begins in a circle of its own weight 1, and none is tied to another."""
        none, own = np.zeros(0, np.int32), np.arange(proposals, dtype=np.int32)
        return cls(none, none, np.zeros(0), np.ones(proposals), own)


@dataclass(frozen=True)
class Splits:
    """How residents would divide the budget, counted: alike proposals share a row, so that no row is a resident.

    `options`: names of what is divided among (areas, or domains); `of_proposal`: the option that each proposal of the
    round falls to (index, −1 = none); `share` (rows, options): parts of the budget, each row summing to 1; `count`:
    how many residents proposed each row.
    """

    options: tuple[str, ...]
    of_proposal: Converted[NDArray[np.int32]] = Converted(frozen)
    share: Converted[NDArray[np.float64]] = Converted(frozen)
    count: Converted[NDArray[np.int64]] = Converted(frozen)

    def kept(self, kept: Kept) -> Splits:
        """The same splits, with the options of some of the proposals."""
        return replace(self, of_proposal=self.of_proposal[kept.positions])

    @classmethod
    def empty(cls, options: tuple[str, ...], of_proposal: NDArray[np.int32]) -> Splits:
        """Nobody proposed a split."""
        return cls(options, of_proposal, np.zeros((0, len(options))), np.zeros(0, np.int64))
