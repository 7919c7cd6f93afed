"""Click's own messages repeat whole what was typed; here it is cut as in every other message."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

from commsim.i18n import LONGEST_REPEATED, cut, cut_place

_LONGEST_MESSAGE = 4_000


def shorter(message: str, given: Sequence[str]) -> str:
    """`message` with every word of the command line and of the environment in it cut, and itself as a last resort.

    Arguments: `message`, as Click shows it; `given`, the words of the command line.

    >>> len(shorter("Error: No such command '" + "x" * 30_000 + "'.", ["x" * 30_000]))
    106
    """
    for word in _longest_first((*given, *os.environ.values())):
        for written in (word, repr(word)[1:-1]):
            message = message.replace(written, cut_place(written))
    return cut(message, _LONGEST_MESSAGE)


def _longest_first(given: Iterable[str]) -> list[str]:
    """Long words, and what stands in them on either side of an equals sign (`--seed=…`, `-s…`)."""
    words = {part for word in given if len(word) > LONGEST_REPEATED for part in _parts(word)}
    return sorted((word for word in words if len(word) > LONGEST_REPEATED), key=lambda word: (-len(word), word))


def _parts(word: str) -> Iterator[str]:
    name, _sign, value = word.partition("=")
    yield from (word, name, value)
    if word.startswith("-") and not word.startswith("--"):
        yield word[2:]
