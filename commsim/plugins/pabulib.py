"""Real participatory-budgeting elections in Pabulib's `.pb` form: reading them, and showing them to rules.

A file has the sections META (key;value), PROJECTS and VOTES, each with a heading line. What real files contain is
accepted: a byte-order mark, `;` in quotes, decimal commas, spaces in and around numbers and ids, missing optional
columns, a project marked twice on one approval ballot. What would change an outcome unnoticed is refused with its line:
repeated ids, negative costs, marks for projects that are not there. Source of the form:
Faliszewski and others 2023, Participatory Budgeting: Data, Tools, and Analysis.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from commsim.contracts import Choices, RoundKey, RoundView, Rule, Terms
from commsim.errors import InvalidInput
from commsim.i18n import Text, _
from commsim.money import fen
from commsim.plugins.naming import did_you_mean
from commsim.plugins.views import make_view
from commsim.randomness import Draws

SECTIONS = ("META", "PROJECTS", "VOTES")
VOTE_TYPES = ("approval", "choose-1", "cumulative", "scoring", "ordinal")
_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_REQUIRED = {"PROJECTS": ("project_id", "cost"), "VOTES": ("voter_id", "vote")}


@dataclass(frozen=True)
class PbElection:
    """An election as a `.pb` file tells it.

    `meta` by key; `ids`, `names`, `cost` (fen of its currency) and `selected` (the file's word, "" where none) by
    project; `budget` in fen; `ballots`, a row per voter (points by place for rankings); `vote_type`.
    """

    path: Path
    meta: Mapping[str, str]
    ids: tuple[str, ...]
    names: tuple[str, ...]
    cost: NDArray[np.int64]
    selected: tuple[str, ...]
    budget: int
    vote_type: str
    ballots: Choices

    @property
    def rule(self) -> str:
        """The rule that the file says was used; "unknown" where it does not say."""
        return self.meta.get("rule", "").strip().lower() or "unknown"

    @property
    def threshold(self) -> int:
        """Votes (or points) that a project needed, 0 where the file names none."""
        word = self.meta.get("min_project_score_threshold", "").strip()
        return int(_decimal(word)) if word else 0

    @property
    def has_official(self) -> bool:
        """Whether the file says who won."""
        return any(word not in ("", "0") for word in self.selected)

    def view(self, rule: Rule, terms: Terms | None = None, ids: tuple[str, ...] | None = None) -> RoundView:
        """The round that `rule` is shown. `ids` may rename projects (which decides ties). One fen is 1/100 unit."""
        n = len(self.ids)
        return make_view(
            rule,
            round=RoundKey("election", self.path.stem, 0),
            month=0,
            date="2000-01",
            budget=self.budget,
            proposals={
                "id": self.ids if ids is None else ids,
                "area": np.zeros(n, dtype=np.int32),
                "ask": self.cost,
                "minimum_viable": np.zeros(n, dtype=np.int64),
                "submitted_at": np.arange(n),
            },
            areas={"id": ("election",), "population": [max(self.ballots.rows, 1)]},
            terms=terms,
            ballots=self.ballots,
            draws=Draws(0),
        )


def read_pb(path: Path) -> PbElection:
    """The election in a `.pb` file. Raises InvalidInput with file and line for what cannot be read without guessing."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(
            _("{file}: not UTF-8 (byte {byte}). Save the file as UTF-8").format(file=str(path), byte=error.start)
        ) from error
    except OSError as error:
        raise InvalidInput(
            _("{file}: cannot be read: {reason}. Give the path of a .pb file").format(
                file=str(path), reason=error.strerror or str(error)
            )
        ) from error
    return _Reading(path, text).election()


class _Reading:
    """One file while it is read."""

    def __init__(self, path: Path, text: str) -> None:
        self.path, self.text = path, text
        self.rows: dict[str, list[tuple[int, dict[str, str]]]] = {name: [] for name in SECTIONS}
        self.start: dict[str, int] = {}

    def election(self) -> PbElection:
        self._split()
        meta = self._meta()
        ids, cost = self._projects()
        vote_type = meta.get("vote_type", "").strip().lower() or self._guessed_type()
        if vote_type not in VOTE_TYPES:
            self._refuse(
                self.start["META"],
                _("vote_type is {came!r}; expected one of {known}").format(came=vote_type, known=", ".join(VOTE_TYPES)),
            )
        projects = [row for _line, row in self.rows["PROJECTS"]]
        return PbElection(
            self.path,
            meta,
            ids,
            tuple(row.get("name", "") or one for one, row in zip(ids, projects, strict=True)),
            np.array(cost, dtype=np.int64),
            tuple(row.get("selected", "").strip() for row in projects),
            self._budget(meta),
            vote_type,
            self._ballots(ids, vote_type, meta),
        )

    def _refuse(self, line: int, problem: Text) -> NoReturn:
        raise InvalidInput(
            _("{file}:{line}: {problem}. Correct this line").format(file=str(self.path), line=line, problem=problem)
        )

    def _split(self) -> None:
        section, heading = "", None
        reader = csv.reader(self.text.splitlines(keepends=True), delimiter=";")
        for row in reader:
            line, cells = reader.line_num, [cell.strip() for cell in row]
            if not any(cells):
                continue
            if cells[0].upper() in SECTIONS and not any(cells[1:]):
                section, heading = cells[0].upper(), None
                if section in self.start:
                    self._refuse(line, _("section {section} comes twice").format(section=section))
                self.start[section] = line
            elif not section:
                self._refuse(line, _("expected the section META at the beginning; {came!r} came").format(came=row[0]))
            elif heading is None:
                heading = [cell.lower() for cell in cells]
                self._check_heading(section, heading, line)
            else:
                self.rows[section].append((line, dict(zip(heading, cells, strict=False))))
        missing = [name for name in SECTIONS if name not in self.start]
        if missing:
            self._refuse(len(self.text.splitlines()), _("section {section} is missing").format(section=missing[0]))

    def _check_heading(self, section: str, heading: list[str], line: int) -> None:
        for name in _REQUIRED.get(section, ()):
            if name not in heading:
                self._refuse(line, _("section {section} has no column {name!r}").format(section=section, name=name))

    def _meta(self) -> dict[str, str]:
        meta: dict[str, str] = {}
        for line, row in self.rows["META"]:
            key, value = [*row.values(), ""][:2]
            if key.lower() in meta:
                self._refuse(line, _("{key!r} comes twice in META").format(key=key))
            meta[key.lower()] = value
        return meta

    def _budget(self, meta: Mapping[str, str]) -> int:
        if "budget" not in meta:
            self._refuse(self.start["META"], _("META has no budget"))
        line = next(line for line, row in self.rows["META"] if next(iter(row.values())).lower() == "budget")
        return self._money(line, "budget", meta["budget"])

    def _money(self, line: int, what: str, word: str) -> int:
        try:
            amount = fen(_decimal(word))
        except (InvalidOperation, ValueError):
            self._refuse(
                line, _("{what} is {came!r}; expected an amount with at most two decimals").format(what=what, came=word)
            )
        if amount < 0:
            self._refuse(line, _("{what} is {came}; expected 0 or more").format(what=what, came=word))
        return amount

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
        start, marks, points = [0], [], []
        longest = self._longest(meta)
        for line, row in self.rows["VOTES"]:
            voter = row.get("voter_id", "")
            if voter in voters:
                self._refuse(
                    line, _("voter {id!r} has voted already in line {first}").format(id=voter, first=voters[voter])
                )
            voters[voter] = line
            chosen = [one for one in (part.strip() for part in row.get("vote", "").split(",")) if one]
            if vote_type in ("approval", "choose-1"):
                chosen = list(dict.fromkeys(chosen))  # a real file marks a project twice; it is one approval
            self._check_marks(line, chosen, at)
            marks += [at[one] for one in chosen]
            points += self._points(line, row, chosen, vote_type, longest)
            start.append(len(marks))
        return Choices(np.array(start), np.array(marks, dtype=np.int32), _whole(points))

    def _longest(self, meta: Mapping[str, str]) -> int:
        most = max((row.get("vote", "").count(",") + 1 for _line, row in self.rows["VOTES"]), default=1)
        word = meta.get("max_length", "").strip()
        return max(int(_decimal(word)), most) if word else most

    def _check_marks(self, line: int, chosen: list[str], at: Mapping[str, int]) -> None:
        unknown = [one for one in chosen if one not in at]
        if unknown:
            self._refuse(
                line,
                _("the vote names {id!r}, which is no project of this file. {near}").format(
                    id=unknown[0], near=did_you_mean(unknown[0], at)
                ),
            )
        if len(set(chosen)) != len(chosen):
            twice = next(one for one in chosen if chosen.count(one) > 1)
            self._refuse(line, _("the vote names {id!r} twice").format(id=twice))

    def _points(
        self, line: int, row: Mapping[str, str], chosen: list[str], vote_type: str, longest: int
    ) -> list[Decimal]:
        if vote_type == "ordinal":
            return [Decimal(longest - place) for place in range(len(chosen))]
        words = [part for part in row.get("points", "").split(",") if part.strip()]
        if vote_type not in ("cumulative", "scoring") or not (words or chosen):
            return [Decimal(1)] * len(chosen)
        try:
            points = [_decimal(word) for word in words]
        except InvalidOperation:
            self._refuse(line, _("points are {came!r}; expected numbers").format(came=row.get("points", "")))
        if len(points) != len(chosen) or any(one < 0 for one in points):
            self._refuse(
                line,
                _("points are {came!r}; expected {n} numbers of 0 or more, one for each project voted for").format(
                    came=row.get("points", ""), n=len(chosen)
                ),
            )
        return points


def _decimal(word: str) -> Decimal:
    """A number as people write it: spaces between thousands, a decimal comma or point."""
    plain = _SPACES.sub("", word)
    if "," in plain and "." in plain:  # 1,234.50 or 1.234,50: the last mark is the decimal one
        thousands = "," if plain.rfind(".") > plain.rfind(",") else "."
        plain = plain.replace(thousands, "")
    value = Decimal(plain.replace(",", "."))
    if not value.is_finite():
        raise InvalidOperation(word)
    return value


def _whole(points: Iterable[Decimal]) -> NDArray[np.int64]:
    """Points as whole numbers; where some have decimals, all are scaled alike."""
    listed = list(points)
    decimals = max((max(-int(one.normalize().as_tuple().exponent), 0) for one in listed), default=0)
    return np.array([int(one.scaleb(decimals)) for one in listed], dtype=np.int64)


def winners_of(election: PbElection, paid: NDArray[np.int64]) -> list[str]:
    """Ids of projects that got money, in the file's order."""
    return [one for one, amount in zip(election.ids, paid.tolist(), strict=True) if amount > 0]
