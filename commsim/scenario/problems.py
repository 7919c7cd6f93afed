"""What is wrong with a file that a user wrote: one line a problem, with the place where it stands.

All problems of a file are told at once, in file order, so that it is mended in one go.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from commsim.errors import InvalidInput
from commsim.i18n import Language, Text, _, cut, cut_place

SHOWN_PROBLEMS = 50
"""How many problems a message lists; of the others it gives the number."""

LONGEST_PATH = 200
"""Characters of the path of a problem that a message shows."""


@dataclass(frozen=True)
class Place:
    """Where something was written: `file` as shown to the user, `line` from 1 (0: not a line, as with `--set`)."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{cut_place(self.file)}:{self.line}" if self.line else cut_place(self.file)


@dataclass(frozen=True)
class Problem:
    """One thing wrong: `file`, `line` (from 1; 0 where there is none), dotted `path` in it, and `text` (what was
    expected, what came, what to do)."""

    file: str
    line: int
    path: str
    text: Text

    @property
    def place(self) -> Place:
        """File and line together."""
        return Place(self.file, self.line)

    def to(self, language: Language) -> str:
        """`file:line: path: text` in `language`."""
        return ": ".join(
            part for part in (str(self.place), cut(self.path, LONGEST_PATH), self.text.to(language)) if part
        )


class _Lines(Text):
    """Several problems as one text, a line each."""

    __slots__ = ("problems",)

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("")
        self.problems = problems

    def to(self, language: Language) -> str:
        lines = [problem.to(language) for problem in self.problems[:SHOWN_PROBLEMS]]
        more = len(self.problems) - len(lines)
        if more > 0:
            lines.append(_("… and {more} more").format(more=f"{more:,}").to(language))
        return "\n".join(lines)

    def __reduce__(self) -> tuple[type[Text], tuple[tuple[Problem, ...]]]:  # type: ignore[override]
        return (_Lines, (self.problems,))


class InvalidFile(InvalidInput):
    """A scenario or registry file that cannot be used; `problems` holds every reason, in file order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(_Lines(self.problems))

    def __reduce__(self) -> tuple[type[InvalidFile], tuple[tuple[Problem, ...]]]:
        return (InvalidFile, (self.problems,))
