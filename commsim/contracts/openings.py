"""What one need opens of a view, the table of all needs, and what a rule is told that reads what is not there.

The rows stand in `needs.py`. Here is what a row is made of, so that the tables of a view can name a row's place without
knowing the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commsim.errors import NotInView
from commsim.i18n import Text, _
from commsim.suggestions import did_you_mean

INDICATOR = "indicator."
"""How a need begins that opens a network indicator of a plugin (`commsim_indicators`): `indicator.<name>`."""


@dataclass(frozen=True)
class Given:
    """What the caller of `make_view` gave of a round: columns by name, and parts by name (None = nobody yet)."""

    proposals: Mapping[str, Any]
    areas: Mapping[str, Any]
    parts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def n(self) -> int:
        """How many proposals there are."""
        return len(self.proposals["id"])


@dataclass(frozen=True)
class Kept:
    """Which proposals a part of a view is cut to: their `positions`, and the new `place` of each of all proposals (−1:
    left out)."""

    positions: NDArray[np.int64]
    place: NDArray[np.int64]

    @classmethod
    def of(cls, positions: NDArray[np.int64], proposals: int) -> Kept:
        """The proposals at `positions`, of so many."""
        place = np.full(proposals, -1, dtype=np.int64)
        place[positions] = np.arange(len(positions))
        return cls(np.asarray(positions, dtype=np.int64), place)


@dataclass(frozen=True)
class Ground:
    """A made round as far as it is laid out before what needs open is made: how many there are of what, the area and
    the ask (fen) of each proposal, which proposals each resident takes up (shape (residents, most)), and luck."""

    luck: np.random.Generator
    proposals: int
    areas: int
    residents: int
    area: NDArray[np.int64]
    ask: NDArray[np.int64]
    taken_up: NDArray[np.int64]


def _unchanged(value: Any, _other: Any) -> Any:
    return value


def _multiplied(amounts: Any, times: int) -> Any:
    return amounts * times


@dataclass(frozen=True)
class Column:
    """A column of a table of the view.

    `path`: "proposals.hours". `dtype`, and `shape` of one entry. `says`: what lies there, for the guide. `made`: the
    column in a made round (None: made rounds have none). `money`: whether it holds fen. `as_times`: the column
    where all money is so many times as much, where it is no amount itself. `default`: the column where the caller has
    none (None: it is missing then).
    """

    path: str
    dtype: Any
    says: str = ""
    made: Callable[[Ground], Any] | None = None
    shape: tuple[int, ...] = ()
    money: bool = False
    as_times: Callable[[Any, int], Any] = _unchanged
    default: Callable[[Given], Any] | None = None

    def times(self, values: Any, times: int) -> Any:
        """The column where all money is so many `times` as much."""
        return _multiplied(values, times) if self.money else self.as_times(values, times)

    @cached_property
    def table(self) -> str:
        """The table that the column is of."""
        return self.path.partition(".")[0]

    @cached_property
    def name(self) -> str:
        """The column's name in its table."""
        return self.path.partition(".")[2]

    @property
    def type(self) -> str:
        """Type and shape, for the guide."""
        numbers = np.dtype(self.dtype).name
        return numbers if not self.shape else f"{numbers}, shape (n, {', '.join(map(str, self.shape))})"


@dataclass(frozen=True)
class Part:
    """A part of the view of its own, `view.<path>`.

    `type` and `says`: for the guide. `empty`: the part where nobody gave anything. `taken`: what the caller gave as
    the view holds it. `cut`: the part for some of the proposals only. `made`, `times`: as of a column. `columns`: those
    of a part that is a table, besides `id`; a caller gives it by column.
    """

    path: str
    type: str
    says: str
    empty: Callable[[Given], Any]
    taken: Callable[[Any, Given], Any] = _unchanged
    cut: Callable[[Any, Kept], Any] = _unchanged
    made: Callable[[Ground], Any] | None = None
    times: Callable[[Any, int], Any] = _unchanged
    columns: tuple[Column, ...] = ()

    @property
    def name(self) -> str:
        """The part's name in the view."""
        return self.path


@dataclass(frozen=True)
class Need:
    """One word of `needs`: its `meaning` in a few words, what it `opens`, and the words of a plain input of which any
    one meets it (`plain`; none: a plain input cannot hold it). `asked`: whether a plain input has to have one."""

    word: str
    meaning: Text
    opens: tuple[Column | Part, ...]
    plain: tuple[str, ...] = ()
    asked: bool = True


TABLE: dict[str, Need] = {}
"""Every need by its word. `needs.py` fills it; views, their parts and digests, made rounds, plain inputs and the guide
go through it, so that a new word is one row there."""

ALWAYS_OPEN = (
    Column("proposals.id", str),
    Column("proposals.area", np.int32, "index into the areas"),
    Column("proposals.ask", np.int64, "fen"),
    Column("proposals.minimum_viable", np.int64, "fen"),
    Column("areas.id", str),
)
"""Columns that every rule sees."""


def opened_columns() -> Iterator[tuple[Need, Column]]:
    """Each column that a need opens, with that need."""
    return ((need, opening) for need in TABLE.values() for opening in need.opens if isinstance(opening, Column))


def opened_parts() -> Iterator[tuple[Need, Part]]:
    """Each part of a view that a need opens, with that need."""
    return ((need, opening) for need in TABLE.values() for opening in need.opens if isinstance(opening, Part))


def columns_of(table: str) -> dict[str, Column]:
    """Columns of "proposals", "areas" or a part that is a table, by name, besides `id`."""
    everywhere = (*ALWAYS_OPEN, *(column for _need, column in opened_columns()))
    inside = (column for _need, part in opened_parts() for column in part.columns)
    return {column.name: column for column in (*everywhere, *inside) if column.table == table and column.name != "id"}


def needs_of_columns(table: str, names: Iterable[str]) -> dict[str, str]:
    """The word that opens each of these columns, but for those always open. What no row names of areas is an indicator.

    A column that is not there is named too, so that a rule is told what to list.
    """
    needs = {column.name: need.word for need, column in opened_columns() if column.table == table}
    if table == "areas":
        needs = {**{name: INDICATOR + name for name in names if name != "id"}, **needs}
    return needs


def need_of_part(name: str) -> str | None:
    """The word that opens `view.<name>`; None where no need does."""
    return next((need.word for need, part in opened_parts() if part.name == name), None)


def places_of(word: str) -> tuple[str, ...]:
    """Where in a view lies what a rule author calls `word`: a need, or a column without its table; empty if nowhere.

    >>> places_of("scores"), places_of("ask")
    (('view.proposals.scores', 'view.marks'), ('view.proposals.ask',))
    """
    everywhere = (*ALWAYS_OPEN, *(opening for need in TABLE.values() for opening in need.opens))
    places = TABLE[word].opens if word in TABLE else [part for part in everywhere if part.name == word]
    return tuple(f"view.{opening.path}" for opening in places)


def not_in_view(holder: str, word: str, known: Iterable[str]) -> NotInView:
    """The error for a rule that reads `word` of `holder` ("view", "view.proposals"), which has only what is `known`.

    It says where the word lies, or else which known one is nearest and what there is.
    """
    places = [place for place in places_of(word) if place != f"{holder}.{word}"]
    if places:
        written = Text(places[0])
        for place in places[1:]:
            written = _("{one} or {other}").format(one=written, other=place)
        return NotInView(_("{holder} has no {word!r}: write {places}").format(holder=holder, word=word, places=written))
    return NotInView(
        _("{holder} has no {word!r}. {near}It has {known}").format(
            holder=holder, word=word, near=did_you_mean(word, known), known=", ".join(known)
        )
    )
