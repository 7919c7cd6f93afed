"""Natural order of ids: p2 comes before p10, the same on every machine."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_DIGITS = re.compile(r"(\d+)")


class Ranked(str):
    """An id that stands at a set place among ids, whatever it is called: how a modifier says who wins a tie."""

    rank: int

    @classmethod
    def make(cls, name: str, rank: int) -> Ranked:
        """`name`, to be sorted at `rank` (0 = first)."""
        made = cls(name)
        made.rank = rank
        return made


def natural_key(name: str) -> tuple[tuple[tuple[int, int, str], ...], str]:
    """Sort key under which numbers inside ids count as numbers: p2 comes before p10.

    >>> sorted(["p10", "p2", "a"], key=natural_key)
    ['a', 'p2', 'p10']
    """
    if isinstance(name, Ranked):
        return ((0, name.rank, ""),), name
    parts = (part for part in _DIGITS.split(name) if part)
    # Only ASCII digits are numbers here; other scripts' digits keep their place as text.
    return tuple((0, int(p), "") if p.isascii() and p.isdigit() else (1, 0, p) for p in parts), name


def natural_order(names: Sequence[str]) -> NDArray[np.int64]:
    """Positions of `names` in natural order, shape (len(names),)."""
    return np.array(sorted(range(len(names)), key=lambda position: natural_key(names[position])), dtype=np.int64)


def natural_rank(names: Sequence[str]) -> NDArray[np.int64]:
    """Rank of each name in natural order (0 = first), shape (len(names),)."""
    rank = np.empty(len(names), dtype=np.int64)
    rank[natural_order(names)] = np.arange(len(names))
    return rank
