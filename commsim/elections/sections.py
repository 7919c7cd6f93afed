"""The sections of a `.pb` file as rows of cells by column, each with its line; where they are not so, the line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

from commsim.elections.meta import in_american
from commsim.errors import InvalidInput
from commsim.i18n import Text, _
from commsim.suggestions import did_you_mean

SECTIONS = ("META", "PROJECTS", "VOTES")
_REQUIRED = {"META": ("key", "value"), "PROJECTS": ("project_id", "cost"), "VOTES": ("voter_id", "vote")}


class Sections:
    """The `text` of the file `path`, split.

    `rows` by section, each with its line; `start`, the line on which a section begins; `columns`, its heading, and
    `heading_line`, where that stands.
    """

    def __init__(self, path: Path, text: str) -> None:
        self.path, self.text = path, text
        self.rows: dict[str, list[tuple[int, dict[str, str]]]] = {name: [] for name in SECTIONS}
        self.start: dict[str, int] = {}
        self.columns: dict[str, list[str]] = {}
        self.heading_line: dict[str, int] = {}

    def refuse(self, line: int, problem: Text, near: Text | None = None) -> NoReturn:
        """Raise InvalidInput for a line; `near` is a hint that ends with a space."""
        raise InvalidInput(
            _("{file}:{line}: {problem}. {near}Correct this line").format(
                file=str(self.path), line=line, problem=problem, near=near or Text("")
            )
        )

    def _read_rows(self) -> Iterable[tuple[int, list[str]]]:
        """Rows with the lines on which they begin. Only line ends of files end a line, no others of Unicode."""
        lines = list(io.StringIO(self.text, newline=""))
        reader = csv.reader(lines, delimiter=";")
        first = 1
        try:
            for row in reader:
                if reader.line_num > first and reader.line_num == len(lines):
                    self._check_quotes(lines, first)
                yield first, list(map(str.strip, row))
                first = reader.line_num + 1
        except csv.Error as error:
            self._check_quotes(lines, first)
            self.refuse(first, _("cannot be read as cells: {reason}").format(reason=str(error)))

    def _check_quotes(self, lines: list[str], first: int) -> None:
        """Refuse where a quote that opens at or after line `first` is not closed by the end of the file."""
        opens, inside = first, False
        for number in range(first, len(lines) + 1):
            for _quote in range(lines[number - 1].count('"')):
                inside = not inside
                opens = number if inside else opens
        if inside:
            self.refuse(opens, _('a quote (") opens here and is never closed'))

    def split(self) -> None:
        """Fill `rows`. Raises InvalidInput for what is no section, no row of its section, or missing."""
        section, heading, needed = "", None, 0
        for line, cells in self._read_rows():
            if not any(cells):
                continue
            if cells[0].upper() in SECTIONS and not any(cells[1:]):
                section, heading = cells[0].upper(), None
                if section in self.start:
                    self.refuse(line, _("section {section} comes twice").format(section=section))
                self.start[section] = line
            elif not section:
                self.refuse(line, _("expected the section META at the beginning; {came!r} came").format(came=cells[0]))
            elif heading is None and (section != "META" or cells[0].lower() == "key"):
                heading = [in_american(cell.lower()) for cell in cells]
                self.columns[section], self.heading_line[section] = heading, line
                self._check_heading(section, heading, line)
                needed = 1 + max(map(heading.index, _REQUIRED[section]))
            else:
                if heading is None:  # META may come without its heading, which says nothing
                    heading, needed = list(_REQUIRED["META"]), 1
                if not needed <= len(cells) <= len(heading):
                    self._check_length(section, heading, cells, line)
                self.rows[section].append((line, dict(zip(heading, cells, strict=False))))
        missing = [name for name in SECTIONS if name not in self.start]
        if missing:
            last = max(len(list(io.StringIO(self.text, newline=""))), 1)
            self.refuse(last, _("section {section} is missing").format(section=missing[0]))

    def _check_heading(self, section: str, heading: list[str], line: int) -> None:
        for mark, mark_name in (("\t", _("a tab")), ("；", _("a full-width semicolon")), (",", _("a comma"))):
            if len(heading) == 1 and mark in heading[0]:
                self.refuse(line, _("cells stand apart by {mark} here; write a semicolon (;)").format(mark=mark_name))
        for name in _REQUIRED[section]:
            if name not in heading:
                self.refuse(
                    line,
                    _("section {section} has no column {name!r}").format(section=section, name=name),
                    did_you_mean(name, heading),
                )
        for place, name in enumerate(heading):
            if name and name in heading[:place]:
                self.refuse(line, _("the column {name!r} comes twice").format(name=name))

    def _check_length(self, section: str, heading: list[str], cells: list[str], line: int) -> None:
        for name in _REQUIRED[section] if section != "META" else ():
            if heading.index(name) >= len(cells):
                self.refuse(
                    line,
                    _("{came} cells for the {expected} columns of the heading, so that {name!r} is missing").format(
                        came=len(cells), expected=len(heading), name=name
                    ),
                )
        if any(cells[len(heading) :]):
            self.refuse(
                line,
                _("{came} cells for the {expected} columns of the heading; put a text that holds ; in quotes").format(
                    came=len(cells), expected=len(heading)
                ),
            )
