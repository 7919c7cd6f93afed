"""What messages repeat of what came: never more than some 80 letters of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from commsim.i18n import cut
from commsim.plugins.naming import listed
from commsim.plugins.wording import repr_of


def cut_list(words: Iterable[Any]) -> str:
    """Words with commas between them, in natural order, cut; a dash for none."""
    return cut(listed(map(str, words))) or "–"


class Short:
    """A value as messages show it: `repr` and `str` are its own, cut. It can stand for the value in any text.

    >>> len(repr(Short([1.5] * 200_000)))
    80
    """

    def __init__(self, value: Any) -> None:
        self._repr, self._str = cut(repr_of(value)), cut(value if isinstance(value, str) else repr_of(value))

    def __repr__(self) -> str:
        return self._repr

    def __str__(self) -> str:
        return self._str
