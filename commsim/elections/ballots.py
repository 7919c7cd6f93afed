"""The ballots of a `.pb` file: whose they are, what they mark, and the points that each mark counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import numpy as np

from commsim.contracts import Choices
from commsim.elections.numbers import MOST_POINTS, Unreadable, decimal_of, decimals_of, whole_points
from commsim.elections.sections import Sections
from commsim.i18n import Text, _, cut
from commsim.suggestions import did_you_mean

APPROVALS = ("approval", "choose-1")


class BallotSections(Sections):
    """A file whose section VOTES is read.

    `unit`, how much a whole point counts in the ballots; `sums`, points of each ballot in all, where ballots are of
    points; `added`, the lines of ballots that name a project several times, with the first such project.
    """

    def __init__(self, path: Path, text: str) -> None:
        super().__init__(path, text)
        self.unit = 1
        self.sums: list[float] = []
        self.added: list[tuple[int, str]] = []

    def ballots(self, ids: tuple[str, ...], vote_type: str, meta: Mapping[str, str]) -> Choices:
        """A row for each voter: positions in `ids`, points. Raises InvalidInput with the line."""
        at = {project: position for position, project in enumerate(ids)}
        voters: dict[str, int] = {}
        start, marks = [0], list[int]()
        points: list[int | Decimal] = []
        longest = self._longest(meta) if vote_type == "ordinal" else 0
        for line, row in self.rows["VOTES"]:
            self._enter_voter(line, row.get("voter_id", ""), voters)
            chosen = self._chosen(line, row.get("vote", ""), at)
            given: Sequence[int | Decimal] = ()
            if vote_type not in APPROVALS:
                given = self._points(line, row, len(chosen), vote_type, longest)
            if len(set(chosen)) < len(chosen):
                chosen, given = self._once(line, chosen, given, vote_type, ids)
            marks += chosen
            start.append(len(marks))
            if vote_type not in APPROVALS:
                points += given
                if vote_type in ("cumulative", "scoring"):
                    self.sums.append(float(sum(given)))
        try:
            weights = np.ones(len(marks), np.int64) if vote_type in APPROVALS else whole_points(points)
            self.unit = 10 ** decimals_of(points)
        except Unreadable as unreadable:
            self.refuse(self.start["VOTES"], unreadable.expected)
        return Choices(np.array(start), np.array(marks, dtype=np.int32), weights)

    def _enter_voter(self, line: int, voter: str, voters: dict[str, int]) -> None:
        if not voter:
            self.refuse(line, _("this voter has no voter_id; give every voter one of their own, such as a number"))
        if voter in voters:
            self.refuse(line, _("voter {id!r} has voted already in line {first}").format(id=voter, first=voters[voter]))
        voters[voter] = line

    def _longest(self, meta: Mapping[str, str]) -> int:
        """Points for the first place of a ranking, 0 where only the first place counts at all."""
        if meta.get("scoring_fn", "").lower() == "plurality":
            return 0
        most = max((row.get("vote", "").count(",") + 1 for _line, row in self.rows["VOTES"]), default=1)
        word = meta.get("max_length", "")
        return max(int(decimal_of(word)), most) if word else most

    def _chosen(self, line: int, vote: str, at: Mapping[str, int]) -> list[int]:
        """Where the projects that a vote names stand in the file."""
        try:
            return [at[project] for project in vote.split(",")]
        except KeyError:  # a project that is not there, or spaces, or nothing between commas
            named = [project for project in map(str.strip, vote.split(",")) if project]
        unknown = [project for project in named if project not in at]
        if unknown:
            self.refuse(
                line,
                _("the vote names {id!r}, which is no project of this file").format(id=unknown[0]),
                did_you_mean(unknown[0], at),
            )
        return [at[project] for project in named]

    def _once(
        self, line: int, chosen: list[int], given: Sequence[int | Decimal], vote_type: str, ids: Sequence[str]
    ) -> tuple[list[int], Sequence[int | Decimal]]:
        """A ballot that marks a project twice: one approval, as in a real file; points are added up; a place is not."""
        twice = next(project for project in chosen if chosen.count(project) > 1)
        if vote_type == "ordinal":
            self.refuse(line, _("the vote names {id!r} twice").format(id=ids[twice]))
        if vote_type in APPROVALS:
            return list(dict.fromkeys(chosen)), given
        self.added.append((line, ids[twice]))
        total: dict[int, int | Decimal] = {}
        for project, points in zip(chosen, given, strict=True):
            total[project] = total.get(project, 0) + points
        return list(total), list(total.values())

    def _points(
        self, line: int, row: Mapping[str, str], chosen: int, vote_type: str, longest: int
    ) -> Sequence[int | Decimal]:
        """Points for each of the `chosen` projects: those that the row gives, or by place (`longest` 0: plurality)."""
        if vote_type == "ordinal":
            if longest == 0:
                return [int(place == 0) for place in range(chosen)]
            return [longest - place for place in range(chosen)]
        words = [part for part in row.get("points", "").split(",") if part.strip()]
        points = [self.number(line, "points", word) for word in words]
        if len(points) != chosen:
            self.refuse(
                line,
                _("points are {came!r}; expected {n} numbers of 0 or more, one for each project voted for").format(
                    came=row.get("points", ""), n=chosen
                ),
            )
        return points

    def notes_of_sums(self) -> list[Text]:
        """A sentence on ballots that give one project points several times."""
        if not self.added:
            return []
        text = _(
            "ballots that name a project several times: {count}, the first in line {line} ({id!r}); the points that "
            "one ballot gives a project are added up"
        )
        line, project = self.added[0]
        return [text.format(count=len(self.added), line=line, id=project)]

    def points_unread(self, vote_type: str) -> list[Text]:
        """A sentence where ballots that are not of points give some that say more than their marks or places do."""
        if vote_type not in (*APPROVALS, "ordinal"):
            return []
        for line, row in self.rows["VOTES"]:
            points = [word.strip() for word in row.get("points", "").split(",") if word.strip()]
            if _says_more(points, vote_type):
                text = _("VOTES has points (first in line {line}: {came!r}), which {type} ballots are counted without")
                return [text.format(line=line, came=cut(row["points"]), type=vote_type)]
        return []

    def _lines(self) -> list[int]:
        """The line of each ballot."""
        return [line for line, _row in self.rows["VOTES"]]

    def number(self, line: int, what: str, word: str) -> Decimal:
        """The number that `word` is. Raises InvalidInput where it is none, or may be two."""
        try:
            value = decimal_of(word)
            if 0 <= value <= MOST_POINTS:
                return value
            hint = Text("")
        except Unreadable as unreadable:
            hint = unreadable.hint
        self.refuse(
            line,
            _("{what} is {came!r}; expected a number from 0 to {most:,}").format(
                what=what, came=word, most=MOST_POINTS
            ),
            hint,
        )


def _says_more(points: Sequence[str], vote_type: str) -> bool:
    """Whether points are other than 1 each, or in a ranking other than one less from place to place down to 1."""
    if vote_type == "ordinal":
        return bool(points) and points != [str(len(points) - place) for place in range(len(points))]
    return any(word != "1" for word in points)
