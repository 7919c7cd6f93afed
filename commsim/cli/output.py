"""What goes to stdout: tables for people, one JSON document for programs. Messages go to stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

from commsim.cli.data_stream import data_stream
from commsim.cli.formatting import display_width, wrap
from commsim.cli.visible import visible, visible_json
from commsim.i18n import Bilingual, Text, _

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, JustifyMethod, RenderResult
    from rich.measure import Measurement
    from rich.table import Table

_COLUMNS_WITHOUT_TERMINAL = 100
_ANY_WIDTH = 10_000
_SPACE_BESIDE_WORDS = 2


def data_console() -> Console:
    """Where tables are written. Brackets in names are no markup; without a terminal it is 100 columns wide."""
    return _console(data_stream())


def message_console() -> Console:
    """Where progress is shown."""
    return _console(sys.stderr)


def _console(file: Any) -> Console:
    from commsim.cli.visible_console import visible_console

    return visible_console(file, None if file.isatty() else _COLUMNS_WITHOUT_TERMINAL)


def write_line(text: str) -> None:
    """A line of data on stdout."""
    click.echo(visible(text), file=data_stream())


def plain_table(
    headings: Sequence[str | Text],
    rows: Iterable[Sequence[str]],
    numeric: Iterable[int] = (),
    ids: Iterable[int] = (),
) -> Table:
    """A table with a heading line and no frames.

    `numeric`: positions of columns that are aligned to the right; `ids`: of columns that are never broken where there
    is no terminal, so that what they hold can be copied (see `print_table`).
    """
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    right, whole = set(numeric), set() if sys.stdout.isatty() else set(ids)
    for position, heading in enumerate(headings):
        justify: JustifyMethod = "right" if position in right else "left"
        table.add_column(_Heading(str(heading)), justify=justify, overflow="fold", no_wrap=position in whole)
    for row in rows:
        table.add_row(*map(Wrapped, row))
    return table


def print_table(console: Console, table: Table) -> None:
    """Print a table; without a terminal on a page that is as wide as its longest words need."""
    from rich.measure import Measurement

    if not console.file.isatty():
        least = Measurement.get(console, console.options.update(width=_ANY_WIDTH), table).minimum
        console.width = max(console.width, least)
    console.print(table)


def listing(rows: Iterable[tuple[str, str]]) -> Table:
    """Words with their explanations beside them, indented."""
    from rich.table import Table

    table = Table.grid(padding=(0, _SPACE_BESIDE_WORDS, 0, 0))
    table.add_column(width=0)
    table.add_column(no_wrap=True)
    table.add_column()
    for word, explanation in rows:
        table.add_row("", visible(word), Wrapped(explanation))
    return table


class Wrapped:
    """A text that takes the lines it needs, broken as `wrap` does: never inside a word that fits on a line."""

    def __init__(self, text: str) -> None:
        self.text = visible(text)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        from rich.text import Text as Line

        for paragraph in self.text.split("\n"):
            for line in wrap(paragraph, options.max_width):
                yield Line(line, overflow="fold")

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return self._measured

    @cached_property
    def _measured(self) -> Measurement:
        from rich.measure import Measurement

        lines = self.text.split("\n")
        longest_piece = max((display_width(piece) for line in lines for piece in wrap(line, 0)), default=0)
        return Measurement(longest_piece, max(map(display_width, lines)))


class _Heading(Wrapped):
    """A heading, broken only in columns of a set width: others are at least as wide as its words."""

    @cached_property
    def _measured(self) -> Measurement:
        from rich.measure import Measurement

        longest_word = max(map(display_width, self.text.split()), default=0)
        return Measurement(longest_word, max(map(display_width, self.text.split("\n"))))


def tell(text: Text | str) -> None:
    """A message to the user, on stderr."""
    click.echo(visible(str(text)), err=True)


def tell_warning(text: Text) -> None:
    """A warning to the user, on stderr."""
    tell(_("Warning: {text}.").format(text=text))


def tell_note(text: Text) -> None:
    """Something that is easily overlooked, on stderr."""
    tell(_("Note: {text}").format(text=text))


def write_json(document: Any) -> None:
    """Exactly one JSON document on stdout, UTF-8; `document` is plain data, as `commsim.service` gives it."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2)
    click.echo(visible_json(text), file=data_stream())


def words(value: Any) -> Text:
    """A text of `commsim.service`, {"en": …, "zh": …}, as one that reads in the current language."""
    return Bilingual(en=value["en"], zh=value["zh"])


def said(value: Any) -> str:
    """What `value` says in the current language: a text of `commsim.service`, or a word that is no text."""
    return str(words(value)) if isinstance(value, Mapping) else str(value)
