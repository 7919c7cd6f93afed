"""Reading real participatory-budgeting elections in Pabulib's `.pb` form.

A file has the sections META (key;value), PROJECTS and VOTES, each with a heading line. What real files contain is
accepted: a byte-order mark, `;` in quotes, decimal commas, spaces in and around numbers and ids, missing optional
columns, a project marked twice on one approval ballot, points for one project in several parts. What would change an
outcome unnoticed is refused with its line: repeated ids, negative costs, marks for projects that are not there, numbers
that can be read in two ways. What a file says of itself and does not keep (counts, limits of ballots) is taken as it is
and noted; what it says of the outcome and is not applied is noted, and such a file is not compared. Source of the form:
Faliszewski and others 2023, Participatory Budgeting: Data, Tools, and Analysis.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from commsim.elections.ballots import APPROVALS, BallotSections
from commsim.elections.election import PbElection
from commsim.elections.limits import PER_CATEGORY, differing_counts, fully_funded, notes_of
from commsim.elections.meta import (
    Cap,
    Grouping,
    Meta,
    caps_of,
    cost_limits,
    grouped,
    in_american,
    undecided,
    unknown_keys,
)
from commsim.elections.numbers import Unreadable, money_of
from commsim.errors import InvalidInput
from commsim.i18n import Text, _, cut
from commsim.suggestions import did_you_mean

_GUESSED = _("META has no vote_type; by its columns the file is read as {type}")
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
SUMS = ("max_sum_cost", "min_sum_cost", "max_project_cost", "min_project_cost")
"""Keys of META that are amounts and bear on an outcome, or on what is noted of ballots."""
GROUPS = {"category": "categories", "neighborhood": "neighborhoods"}
"""Columns of PROJECTS by which META may cap what winners cost together, and the key that lists their groups."""
SELECTED = {"true": "1", "yes": "1", "false": "0", "no": "0", "": ""}
"""Words for who won, besides numbers: 1 won, 0 did not, 2 and 3 are paid from elsewhere."""


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
    except (OSError, ValueError) as error:  # a NUL in the path is a ValueError
        raise InvalidInput(
            _("{file}: cannot be read: {reason}. Give the path of a .pb file").format(
                file=str(path), reason=getattr(error, "strerror", None) or str(error)
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


class _Reading(BallotSections):
    """One file while it is read."""

    def __init__(self, path: Path, text: str) -> None:
        super().__init__(path, text)
        self.meta_line: dict[str, int] = {}

    def election(self) -> PbElection:
        self.split()
        meta = self._meta()
        ids, cost = self._projects()
        vote_type = meta.get("vote_type", "").strip().lower() or self._guessed_type()
        guessed = () if meta.get("vote_type", "").strip() else (_GUESSED.format(type=vote_type),)
        if vote_type not in VOTE_TYPES:
            self.refuse(
                self.meta_line["vote_type"],
                _("vote_type is {came!r}; expected one of {known}").format(came=vote_type, known=", ".join(VOTE_TYPES)),
                did_you_mean(vote_type, VOTE_TYPES),
            )
        projects = [row for _line, row in self.rows["PROJECTS"]]
        ballots = self.ballots(ids, vote_type, meta)
        about = Meta(meta, self.meta_line)
        groups = {key: grouped(about, names, [row.get(key, "") for row in projects]) for key, names in GROUPS.items()}
        notes = notes_of(meta, vote_type, cost, ballots, self.sums, self._lines(), self.unit, groups["category"])
        budget = self._budget(meta)
        project_lines = [line for line, _row in self.rows["PROJECTS"]]
        notes += (*fully_funded(meta, cost, budget), *differing_counts(projects, project_lines, ballots, self.unit))
        caps, unclear = self._caps(about, groups)
        open_points = (*unclear, *undecided(about, vote_type, self.columns["VOTES"], self.heading_line["VOTES"]))
        open_points += tuple(cost_limits(about, cost, project_lines))
        open_points += tuple(self.points_unread(vote_type))
        return PbElection(
            self.path,
            meta,
            ids,
            tuple(row.get("name", "") or project_id for project_id, row in zip(ids, projects, strict=True)),
            np.array(cost, dtype=np.int64),
            tuple(self._selected(line, row.get("selected", "")) for line, row in self.rows["PROJECTS"]),
            budget,
            vote_type,
            ballots,
            (*guessed, *notes, *self.notes_of_sums(), *open_points, *unknown_keys(about)),
            self.unit,
            open_points,
            caps,
        )

    def _caps(self, meta: Meta, groups: Mapping[str, Grouping]) -> tuple[tuple[Cap, ...], list[Text]]:
        """What winners of each category and neighbourhood may cost, and a sentence where that is not clear."""
        caps, unclear = list[Cap](), list[Text]()
        for group, names in GROUPS.items():
            key = f"budget_per_{group}"
            if not meta.said(key):
                continue
            found = self._amounts(meta, key, groups[group])
            caps += found or ()
            if found is None:
                text = _(
                    "{key} in line {line} is not applied: it takes one amount for each of {names}, and each project in "
                    "one of them"
                )
                unclear.append(meta.about(key, text).format(names=names))
        return tuple(caps), unclear

    def _amounts(self, meta: Meta, key: str, grouping: Grouping) -> tuple[Cap, ...] | None:
        try:
            return caps_of(meta, key, grouping)
        except Unreadable as unreadable:
            text = _("{what} is {came!r}; expected {expected}")
            self.refuse(
                meta.line[key],
                text.format(what=key, came=meta.said(key), expected=unreadable.expected),
                unreadable.hint,
            )

    def _selected(self, line: int, word: str) -> str:
        """The column `selected` as 1, 0, 2, 3 or nothing. Files that spreadsheets wrote have True and 1.0 as well."""
        plain = word.strip().lower()
        if plain in SELECTED:
            return SELECTED[plain]
        number = plain.partition(".")[0] if set(plain.partition(".")[2]) <= {"0"} else ""
        if number in ("0", "1", "2", "3"):
            return number
        self.refuse(
            line,
            _(
                "selected is {came!r}; expected 1 or True for a winner, 0 or False for others, 2 or 3 for one paid "
                "from elsewhere, or nothing"
            ).format(came=cut(word)),
        )

    def _meta(self) -> dict[str, str]:
        meta: dict[str, str] = {}
        for line, row in self.rows["META"]:
            key, value = [*row.values(), ""][:2]
            known = in_american(key.lower())
            if known in meta:
                self.refuse(line, _("{key!r} comes twice in META").format(key=key))
            meta[known] = value
            self.meta_line[known] = line
        for key in NUMBERS:
            if meta.get(key, ""):
                self.number(self.meta_line[key], key, meta[key])
        for key in SUMS:
            if meta.get(key, ""):
                self._money(self.meta_line[key], key, meta[key])
        for key in (f"{key}_per_category" for key in PER_CATEGORY):
            read = self._money if "sum" in key else self.number
            for word in meta.get(key, "").split(",") if meta.get(key, "") else ():
                read(self.meta_line[key], key, word)
        return meta

    def _budget(self, meta: Mapping[str, str]) -> int:
        if "budget" not in meta:
            self.refuse(self.start["META"], _("META has no budget"))
        return self._money(self.meta_line["budget"], "budget", meta["budget"])

    def _money(self, line: int, what: str, word: str) -> int:
        try:
            return money_of(word)
        except Unreadable as unreadable:
            self.refuse(
                line,
                _("{what} is {came!r}; expected {expected}").format(what=what, came=word, expected=unreadable.expected),
                unreadable.hint,
            )

    def _projects(self) -> tuple[tuple[str, ...], list[int]]:
        seen: dict[str, int] = {}
        cost = []
        for line, row in self.rows["PROJECTS"]:
            project_id = row.get("project_id", "")
            if not project_id or project_id in seen:
                problem = (
                    _("project {id!r} is already in line {first}").format(id=project_id, first=seen[project_id])
                    if project_id
                    else _("a project has no id")
                )
                self.refuse(line, problem)
            seen[project_id] = line
            cost.append(self._money(line, "cost", row.get("cost", "")))
        return tuple(seen), cost

    def _guessed_type(self) -> str:
        return "cumulative" if any("points" in row for _line, row in self.rows["VOTES"][:1]) else "approval"
