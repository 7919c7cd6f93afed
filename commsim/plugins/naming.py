"""Names people type and read: natural order of ids, near misses, amounts in yuan."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from commsim.suggestions import did_you_mean as did_you_mean
from commsim.i18n import cut
from commsim.money import yuan

__all__ = ["Ranked", "cut_list", "did_you_mean", "in_yuan", "listed", "natural_key", "natural_order", "natural_rank"]

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


def listed(words: Iterable[str]) -> str:
    """Words with commas between them, in natural order."""
    return ", ".join(sorted(words, key=natural_key))


def cut_list(words: Iterable[object]) -> str:
    """Words with commas between them, in natural order, cut as what came is in every message; a dash for none."""
    return cut(listed(map(str, words))) or "–"


def in_yuan(fen: int) -> str:
    """An amount of fen as yuan for a sentence, with thousands separated and fen shown only where there are any.

    >>> in_yuan(1_500_000), in_yuan(1_250)
    ('15,000', '12.50')
    """
    amount = yuan(int(fen))
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
