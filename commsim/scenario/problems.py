"""What is wrong with a file that a user wrote: one line a problem, with the place where it stands.

All problems of a file are told at once, in file order, so that it is mended in one go.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from commsim.errors import InvalidInput
from commsim.i18n import Language, Text, _, cut, cut_place, shown

CLOSE_ENOUGH = 0.6
"""Likeness (difflib ratio) from which a name is offered as 'did you mean'; it changes a message, never a result."""


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


class _Listing(Text):
    """Names in a sentence, with the comma of the reader's language."""

    __slots__ = ("items",)

    def __init__(self, items: tuple[object, ...]) -> None:
        super().__init__("")
        self.items = items

    def to(self, language: Language) -> str:
        return ("、" if language == "zh" else ", ").join(str(shown(item, language)) for item in self.items)

    def __reduce__(self) -> tuple[type[Text], tuple[tuple[object, ...]]]:  # type: ignore[override]
        return (_Listing, (self.items,))


class _Clauses(Text):
    """Texts one after the other, with the semicolon of the reader's language."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[Text, ...]) -> None:
        super().__init__("")
        self.parts = parts

    def to(self, language: Language) -> str:
        return ("；" if language == "zh" else "; ").join(part.to(language) for part in self.parts)

    def __reduce__(self) -> tuple[type[Text], tuple[tuple[Text, ...]]]:  # type: ignore[override]
        return (_Clauses, (self.parts,))


def listing(items: Iterable[object]) -> Text:
    """`items` as they go into a sentence: "a, b, c"."""
    return _Listing(tuple(items))


def clauses(*parts: Text | None) -> Text:
    """The parts that there are, as one text."""
    return _Clauses(tuple(part for part in parts if part is not None))


def nearest(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """At most three of the `known` names that `name` may have meant, likeliest first.

    Dotted names are also compared by their last part, since the subject is what people leave out.
    """
    options = [str(option) for option in known]
    found = difflib.get_close_matches(name, options, n=3, cutoff=CLOSE_ENOUGH)
    last_parts: dict[str, str] = {}
    for option in options:
        last_parts.setdefault(option.rpartition(".")[2], option)
    by_last = difflib.get_close_matches(name.rpartition(".")[2], list(last_parts), n=3, cutoff=CLOSE_ENOUGH)
    found += [last_parts[part] for part in by_last if last_parts[part] not in found]
    return tuple(found[:3])


def did_you_mean(name: str, known: Sequence[str]) -> Text:
    """ "Did you mean …?" where a known name is near, else the list of what is known (cut to a readable length).

    Names are compared when the text is shown: of 30,000 unknown keys only the first are.
    """
    return _Hint(cut(name), tuple(known))


class _Hint(Text):
    """The text of `did_you_mean`."""

    __slots__ = ("known", "name")

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__("", {"name": name, "known": known})
        self.name, self.known = name, known

    def to(self, language: Language) -> str:
        return _hint(self.name, self.known).to(language)

    def __reduce__(self) -> tuple[type[Text], tuple[str, tuple[str, ...]]]:  # type: ignore[override]
        return (_Hint, (self.name, self.known))


def _hint(name: str, known: Sequence[str]) -> Text:
    near = nearest(name, known)
    if near:
        return _("Did you mean {names}?").format(names=listing(near))
    shown_names = list(known)[:SHOWN_NAMES]
    more = len(known) - len(shown_names)
    if more > 0:
        return _("Known are {names} and {more} more.").format(names=listing(shown_names), more=more)
    return _("Known are {names}.").format(names=listing(shown_names))


SHOWN_NAMES = 20
"""How many known names a message lists at most."""
