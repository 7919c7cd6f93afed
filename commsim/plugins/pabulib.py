"""Reading real participatory-budgeting elections in Pabulib's `.pb` form.

A file has the sections META (key;value), PROJECTS and VOTES, each with a heading line. What real files contain is
accepted: a byte-order mark, `;` in quotes, decimal commas, spaces in and around numbers and ids, missing optional
columns, a project marked twice on one approval ballot. What would change an outcome unnoticed is refused with its line:
repeated ids, negative costs, marks for projects that are not there, numbers that can be read in two ways. What a file
says of itself and does not keep (counts, limits of ballots) is taken as it is and noted. Source of the form:
Faliszewski and others 2023, Participatory Budgeting: Data, Tools, and Analysis.
"""

from __future__ import annotations

import csv
import gc
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import NoReturn

import numpy as np

from commsim.contracts import Choices
from commsim.errors import InvalidInput
from commsim.i18n import Text, _
from commsim.plugins.naming import did_you_mean
from commsim.plugins.pabulib_election import PbElection
from commsim.plugins.pabulib_limits import notes_of
from commsim.plugins.pabulib_numbers import MOST_POINTS, Unreadable, decimal_of, decimals_of, money_of, whole_points

SECTIONS = ("META", "PROJECTS", "VOTES")
APPROVALS = ("approval", "choose-1")
VOTE_TYPES = (*APPROVALS, "cumulative", "scoring", "ordinal")
NUMBERS = (
    "max_length",
    "min_length",
    "min_project_score_threshold",
    "max_sum_points",
    "min_sum_points",
    "max_points",
    "min_points",
    "default_score",
)
"""Keys of META that are numbers and bear on an outcome, or on what is noted of ballots."""
_REQUIRED = {"META": ("key", "value"), "PROJECTS": ("project_id", "cost"), "VOTES": ("voter_id", "vote")}


def read_pb(path: Path) -> PbElection:
    """The election in a `.pb` file. Raises InvalidInput with file and line for what cannot be read without guessing."""
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # A byte-order mark is not counted by the decoder; it is no line either.
        raise InvalidInput(
            _("{file}:{line}: not UTF-8 (byte {byte} of the file). Save the file as UTF-8").format(
                file=str(path), line=error.object[: error.start].count(b"\n") + 1, byte=error.start
            )
        ) from error
    except OSError as error:
        raise InvalidInput(
            _("{file}: cannot be read: {reason}. Give the path of a .pb file").format(
                file=str(path), reason=error.strerror or str(error)
            )
        ) from error
    with _without_collecting():
        return _Reading(path, text).election()


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Inside, Python does not look for cycles of objects: the rows of a file have none, and looking takes its time."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


class _Reading:
    """One file while it is read."""

    def __init__(self, path: Path, text: str) -> None:
        self.path, self.text = path, text
        self.rows: dict[str, list[tuple[int, dict[str, str]]]] = {name: [] for name in SECTIONS}
        self.start: dict[str, int] = {}
        self.meta_line: dict[str, int] = {}
        self.unit = 1
        self.sums: list[float] = []  # points of each ballot in all, where ballots are of points

    def election(self) -> PbElection:
        self._split()
        meta = self._meta()
        ids, cost = self._projects()
        vote_type = meta.get("vote_type", "").strip().lower() or self._guessed_type()
        if vote_type not in VOTE_TYPES:
            self._refuse(
                self.meta_line["vote_type"],
                _("vote_type is {came!r}; expected one of {known}").format(came=vote_type, known=", ".join(VOTE_TYPES)),
                did_you_mean(vote_type, VOTE_TYPES),
            )
        projects = [row for _line, row in self.rows["PROJECTS"]]
        ballots = self._ballots(ids, vote_type, meta)
        return PbElection(
            self.path,
            meta,
            ids,
            tuple(row.get("name", "") or one for one, row in zip(ids, projects, strict=True)),
            np.array(cost, dtype=np.int64),
            tuple(row.get("selected", "").strip() for row in projects),
            self._budget(meta),
            vote_type,
            ballots,
            notes_of(meta, vote_type, len(ids), ballots, self.sums, self._lines(), self.unit),
            self.unit,
        )

    def _lines(self) -> list[int]:
        """The line of each ballot."""
        return [line for line, _row in self.rows["VOTES"]]

    def _refuse(self, line: int, problem: Text, near: Text | None = None) -> NoReturn:
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
            self._refuse(first, _("cannot be read as cells: {reason}").format(reason=str(error)))

    def _check_quotes(self, lines: list[str], first: int) -> None:
        """Refuse where a quote that opens at or after line `first` is not closed by the end of the file."""
        opens, inside = first, False
        for number in range(first, len(lines) + 1):
            for _quote in range(lines[number - 1].count('"')):
                inside = not inside
                opens = number if inside else opens
        if inside:
            self._refuse(opens, _('a quote (") opens here and is never closed'))

    def _split(self) -> None:
        section, heading, needed = "", None, 0
        for line, cells in self._read_rows():
            if not any(cells):
                continue
            if cells[0].upper() in SECTIONS and not any(cells[1:]):
                section, heading = cells[0].upper(), None
                if section in self.start:
                    self._refuse(line, _("section {section} comes twice").format(section=section))
                self.start[section] = line
            elif not section:
                self._refuse(line, _("expected the section META at the beginning; {came!r} came").format(came=cells[0]))
            elif heading is None and (section != "META" or cells[0].lower() == "key"):
                heading = [cell.lower() for cell in cells]
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
            self._refuse(last, _("section {section} is missing").format(section=missing[0]))

    def _check_heading(self, section: str, heading: list[str], line: int) -> None:
        for name in _REQUIRED[section]:
            if name not in heading:
                self._refuse(
                    line,
                    _("section {section} has no column {name!r}").format(section=section, name=name),
                    did_you_mean(name, heading),
                )
        for place, name in enumerate(heading):
            if name and name in heading[:place]:
                self._refuse(line, _("the column {name!r} comes twice").format(name=name))

    def _check_length(self, section: str, heading: list[str], cells: list[str], line: int) -> None:
        for name in _REQUIRED[section] if section != "META" else ():
            if heading.index(name) >= len(cells):
                self._refuse(
                    line,
                    _("{came} cells for the {expected} columns of the heading, so that {name!r} is missing").format(
                        came=len(cells), expected=len(heading), name=name
                    ),
                )
        if any(cells[len(heading) :]):
            self._refuse(
                line,
                _("{came} cells for the {expected} columns of the heading; put a text that holds ; in quotes").format(
                    came=len(cells), expected=len(heading)
                ),
            )

    def _meta(self) -> dict[str, str]:
        meta: dict[str, str] = {}
        for line, row in self.rows["META"]:
            key, value = [*row.values(), ""][:2]
            if key.lower() in meta:
                self._refuse(line, _("{key!r} comes twice in META").format(key=key))
            meta[key.lower()] = value
            self.meta_line[key.lower()] = line
        for key in NUMBERS:
            if meta.get(key, ""):
                self._number(self.meta_line[key], key, meta[key])
        return meta

    def _number(self, line: int, what: str, word: str) -> Decimal:
        try:
            value = decimal_of(word)
            if 0 <= value <= MOST_POINTS:
                return value
            hint = Text("")
        except Unreadable as unreadable:
            hint = unreadable.hint
        self._refuse(
            line,
            _("{what} is {came!r}; expected a number from 0 to {most:,}").format(
                what=what, came=word, most=MOST_POINTS
            ),
            hint,
        )

    def _budget(self, meta: Mapping[str, str]) -> int:
        if "budget" not in meta:
            self._refuse(self.start["META"], _("META has no budget"))
        return self._money(self.meta_line["budget"], "budget", meta["budget"])

    def _money(self, line: int, what: str, word: str) -> int:
        try:
            return money_of(word)
        except Unreadable as unreadable:
            self._refuse(
                line,
                _("{what} is {came!r}; expected {expected}").format(what=what, came=word, expected=unreadable.expected),
                unreadable.hint,
            )

    def _projects(self) -> tuple[tuple[str, ...], list[int]]:
        seen: dict[str, int] = {}
        cost = []
        for line, row in self.rows["PROJECTS"]:
            one = row.get("project_id", "")
            if not one or one in seen:
                problem = (
                    _("project {id!r} is already in line {first}").format(id=one, first=seen[one])
                    if one
                    else _("a project has no id")
                )
                self._refuse(line, problem)
            seen[one] = line
            cost.append(self._money(line, "cost", row.get("cost", "")))
        return tuple(seen), cost

    def _guessed_type(self) -> str:
        return "cumulative" if any("points" in row for _line, row in self.rows["VOTES"][:1]) else "approval"

    def _ballots(self, ids: tuple[str, ...], vote_type: str, meta: Mapping[str, str]) -> Choices:
        at = {one: position for position, one in enumerate(ids)}
        voters: dict[str, int] = {}
        start, marks = [0], list[int]()
        points: list[int | Decimal] = []
        longest = self._longest(meta) if vote_type == "ordinal" else 0
        for line, row in self.rows["VOTES"]:
            self._enter_voter(line, row.get("voter_id", ""), voters)
            chosen = self._chosen(line, row.get("vote", ""), at)
            if len(set(chosen)) < len(chosen):
                chosen = self._once(line, chosen, vote_type, ids)
            marks += chosen
            start.append(len(marks))
            if vote_type not in APPROVALS:
                given = self._points(line, row, len(chosen), vote_type, longest)
                points += given
                if vote_type in ("cumulative", "scoring"):
                    self.sums.append(float(sum(given)))
        try:
            weights = np.ones(len(marks), np.int64) if vote_type in APPROVALS else whole_points(points)
            self.unit = 10 ** decimals_of(points)
        except Unreadable as unreadable:
            self._refuse(self.start["VOTES"], unreadable.expected)
        return Choices(np.array(start), np.array(marks, dtype=np.int32), weights)

    def _enter_voter(self, line: int, voter: str, voters: dict[str, int]) -> None:
        if not voter:
            self._refuse(line, _("this voter has no voter_id; give every voter one of their own, such as a number"))
        if voter in voters:
            self._refuse(
                line, _("voter {id!r} has voted already in line {first}").format(id=voter, first=voters[voter])
            )
        voters[voter] = line

    def _longest(self, meta: Mapping[str, str]) -> int:
        most = max((row.get("vote", "").count(",") + 1 for _line, row in self.rows["VOTES"]), default=1)
        word = meta.get("max_length", "")
        return max(int(decimal_of(word)), most) if word else most

    def _chosen(self, line: int, vote: str, at: Mapping[str, int]) -> list[int]:
        """Where the projects that a vote names stand in the file."""
        try:
            return [at[one] for one in vote.split(",")]
        except KeyError:  # a project that is not there, or spaces, or nothing between commas
            named = [one for one in map(str.strip, vote.split(",")) if one]
        unknown = [one for one in named if one not in at]
        if unknown:
            self._refuse(
                line,
                _("the vote names {id!r}, which is no project of this file").format(id=unknown[0]),
                did_you_mean(unknown[0], at),
            )
        return [at[one] for one in named]

    def _once(self, line: int, chosen: list[int], vote_type: str, ids: Sequence[str]) -> list[int]:
        """A ballot that marks a project twice: one approval, as in a real file; refused where marks have points."""
        if vote_type not in APPROVALS:
            twice = next(one for one in chosen if chosen.count(one) > 1)
            self._refuse(line, _("the vote names {id!r} twice").format(id=ids[twice]))
        return list(dict.fromkeys(chosen))

    def _points(
        self, line: int, row: Mapping[str, str], chosen: int, vote_type: str, longest: int
    ) -> Sequence[int | Decimal]:
        """Points for each of the `chosen` projects: those that the row gives, or by place."""
        if vote_type == "ordinal":
            return [longest - place for place in range(chosen)]
        words = [part for part in row.get("points", "").split(",") if part.strip()]
        points = [self._number(line, "points", word) for word in words]
        if len(points) != chosen:
            self._refuse(
                line,
                _("points are {came!r}; expected {n} numbers of 0 or more, one for each project voted for").format(
                    came=row.get("points", ""), n=chosen
                ),
            )
        return points
