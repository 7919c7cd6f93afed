"""Characters that a text must not hold and spaces that are none: named by what they are, with the line.

Control characters end or overwrite lines in terminals and break XML; marks of writing direction show a text in another
order than it has (Unicode TR 36, 'Trojan Source'). Wide and invisible spaces look like spaces but are none to YAML.
"""

from __future__ import annotations

import re

from commsim.i18n import Text, _
from commsim.scenario.problems import Problem

_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\uffff]"
)
_BREAKS = re.compile(r"[\n\t]")
_RAW = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_ONE_LINE = frozenset({"name", "title", "id", "categories"})
ODD_SPACES = "\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff"
"""Spaces that YAML does not take as such, as the inside of a character class."""
_ODD_SPACE = re.compile(f"[{ODD_SPACES}]")
_FULL_WIDTH_SPACE = "\u3000"


def forbidden_character(text: str, path: tuple[str | int, ...]) -> Text | None:
    """What is wrong with the characters of a text at `path`; None where nothing is.

    Newline and tab are taken in long texts; names and titles are one line (a newline at their end does no harm).
    """
    match = _FORBIDDEN.search(text)
    if match is None and _ONE_LINE.intersection(path):
        match = _BREAKS.search(text.strip())
    if match is None:
        return None
    return _("a character that cannot be seen stands in this text ({code}); take it out").format(
        code=code_point(match.group())
    )


def raw_control_lines(text: str, name: str) -> list[Problem]:
    """A problem for each line of a file's text that holds a control character itself, not as an escape."""
    found: list[Problem] = []
    for number, line in enumerate(text.split("\n"), start=1):
        match = _RAW.search(line.removesuffix("\r"))
        if match is not None:
            told = _("a character that cannot be seen stands in this line ({code}); take it out")
            found.append(Problem(name, number, "", told.format(code=code_point(match.group()))))
    return found


def odd_space(text: str) -> Text | None:
    """What to do about the first space in `text` that is none to YAML; None where there is none."""
    match = _ODD_SPACE.search(text)
    if match is None:
        return None
    if match.group() == _FULL_WIDTH_SPACE:
        return _("a full-width space (U+3000) stands here, which YAML does not take as a space; write an ordinary one")
    return _(
        "a space of another kind ({code}) stands here, which YAML does not take as a space; write an ordinary one"
    ).format(code=code_point(match.group()))


def code_point(character: str) -> str:
    """A character as it is named in messages: U+0000."""
    return f"U+{ord(character):04X}"
