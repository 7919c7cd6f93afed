"""What a page is made of, as plain data for the templates: figures with their cards, tables, descriptions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from commsim.i18n import Text

Words = Text | str


@dataclass(frozen=True)
class NumberTable:
    """A table of words: `head` (one per column), `rows` (the first cell names the row), `note` and `sources` below."""

    head: Sequence[Words]
    rows: Sequence[Sequence[Words]]
    note: Words = ""
    sources: Sequence[str] = ()
    """Citations, the same in both languages."""


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
    table: NumberTable
    legend: Sequence[tuple[Markup, Words]] = ()
    layout: str = "panels"
    """"panels" (small, side by side), "cards" (wider) or "wide" (one over the whole width)."""


@dataclass(frozen=True)
class DifferenceCell:
    """A cell of the table of differences: the number, its interval, a sign where it is clear of zero, a note."""

    value: Words
    interval: Words = ""
    sign: Words = ""
    """"▲" or "▼" where the figure is told apart from the baseline and above or below zero."""
    note: int | None = None
    n: int | None = None


@dataclass(frozen=True)
class DifferenceRow:
    """An indicator's row in that table."""

    label: Words
    doc: Words
    unit: Words
    baseline: Words
    cells: Sequence[DifferenceCell]


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
