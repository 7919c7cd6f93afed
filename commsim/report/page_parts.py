"""What a page is made of, as plain data for the templates: figures with their cards, tables, descriptions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from commsim.i18n import Text

Words = Text | str


@dataclass(frozen=True)
class Number:
    """A cell that holds one number and nothing else, so that a copied table pastes as numbers.

    `digits` as `number_words.digits` writes them. A `mark` beside it (▲, *, the number of a note) and the dash of an
    undefined number are drawn by the style sheet and are not copied. `faint`: a bound, set smaller; `clear`: set bold.
    """

    digits: str
    mark: str = ""
    faint: bool = False
    clear: bool = False


@dataclass(frozen=True)
class Over:
    """A heading over several columns, each with a heading of its own."""

    title: Words
    parts: Sequence[Words]


@dataclass(frozen=True)
class Beside:
    """A heading of a row that goes over several rows, each of which has a second heading."""

    title: Words
    rows: int


Cell = Words | Number | Beside


@dataclass(frozen=True)
class NumberTable:
    """A table: `head` (one per column, or one over several), `rows` (the first cell names the row), `note` and
    `sources` below. Rows that a `Beside` goes over begin with their own second heading."""

    head: Sequence[Words | Over]
    rows: Sequence[Sequence[Cell]]
    note: Words = ""
    sources: Sequence[str] = ()
    """Citations, the same in both languages."""

    @property
    def grouped(self) -> bool:
        """Whether some heading goes over several columns."""
        return any(isinstance(heading, Over) for heading in self.head)


@dataclass(frozen=True)
class Card:
    """A chart with its heading; `narrow` is the same chart for small screens, where it must be drawn anew."""

    heading: Words
    svg: Markup
    narrow: Markup = Markup("")


@dataclass(frozen=True)
class Figure:
    """Charts that belong together: what they show, a note on how to read them, and the numbers as a table."""

    caption: Words
    note: Words
    cards: Sequence[Card]
    table: NumberTable | None
    """None where the page has the numbers beside it."""
    legend: Sequence[tuple[Markup, Words]] = ()
    layout: str = "panels"
    """"panels" (small, side by side), "cards" (wider) or "wide" (one over the whole width)."""


@dataclass(frozen=True)
class FactSection:
    """A fact of the laboratory or of the path: its number, its `title` with whether it holds, a chart a test with
    the numbers of all, the published source, and what limits it."""

    number: int | str
    title: Words
    figure: Figure
    source: Words
    note: Words = ""


@dataclass(frozen=True)
class DifferenceCell:
    """A rule's cells in the table of differences, one below the other: the number, the interval's ends, replicates."""

    value: Number
    low: Number
    high: Number
    n: Number


@dataclass(frozen=True)
class DifferenceRow:
    """An indicator's row in that table."""

    label: Words
    doc: Words
    unit: Words
    baseline: Number
    cells: Sequence[DifferenceCell]
    quotient: bool = False
    """Whether the figure exists only between a rule and the baseline, and is no difference."""


@dataclass(frozen=True)
class DifferenceTable:
    """Paired differences of all rules in all indicators; `notes` are numbered from 1."""

    baseline: Words
    rules: Sequence[Words]
    rows: Sequence[DifferenceRow]
    notes: Sequence[Words]
    n: int | None


@dataclass(frozen=True)
class RuleDescription:
    """What a rule is: title, summary, parameters (name, value with unit, meaning), source."""

    title: Words
    label: str
    summary: Words
    parameters: Sequence[tuple[str, Words, Words]] = field(default_factory=tuple)
    source: Text | str = ""
