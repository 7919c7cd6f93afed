"""Numbers as `.pb` files write them: read without guessing, and only as large as whole numbers are counted exactly."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

import numpy as np
from numpy.typing import NDArray

from commsim.i18n import Text, _
from commsim.money import fen

MOST_MONEY = 10**12
"""Units of the currency: thousands of such amounts add up exactly in hundredths as 64-bit numbers."""
MOST_POINTS = 10**9
_MOST_SUM = 2**62
_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_AMBIGUOUS = re.compile(r"[+-]?\d{1,3},\d{3}")
_AMBIGUOUS_MONEY = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")
"""An amount has two decimals at most, so three digits after a point may be thousands; points may have three."""
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(([.,])\d{3})(\2\d{3})+")
"""One mark between groups of three, more than once."""


class Unreadable(ValueError):
    """A number that cannot be read: what was `expected`, and a `hint`, which may be empty and ends with a space."""

    def __init__(self, expected: Text, hint: Text | None = None) -> None:
        super().__init__(expected.message)
        self.expected, self.hint = expected, hint or Text("")


def decimal_of(word: str) -> Decimal:
    """A number as people write it: spaces or marks between thousands, a decimal comma or point. Raises Unreadable.

    >>> decimal_of("1 000,50"), decimal_of("1,234.50"), decimal_of("1.234.500")
    (Decimal('1000.50'), Decimal('1234.50'), Decimal('1234500'))
    """
    plain = _SPACES.sub("", word)
    if _AMBIGUOUS.fullmatch(plain):
        raise _read_twice(word, plain)
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "").replace(".", "")
    if "_" in plain:  # Python reads 1_000 as a thousand
        raise Unreadable(_("a number"))
    if "," in plain and "." in plain:  # 1,234.50 or 1.234,50: the last mark is the decimal one
        thousands = "," if plain.rfind(".") > plain.rfind(",") else "."
        plain = plain.replace(thousands, "")
    try:
        value = Decimal(plain.replace(",", "."))
    except InvalidOperation:
        raise Unreadable(_("a number")) from None
    if not value.is_finite():
        raise Unreadable(_("a number"))
    return value


def _read_twice(word: str, plain: str) -> Unreadable:
    """What is said of a number whose only mark may be one of thousands or of decimals."""
    mark = "," if "," in plain else "."
    return Unreadable(
        _("a number that can be read in one way"),
        _(
            "{word!r} may mean {large} or {small}; write it without the {mark!r}, or with another number of decimals. "
        ).format(word=word, large=plain.replace(mark, ""), small=plain.replace(mark, "."), mark=mark),
    )


def money_of(word: str) -> int:
    """An amount of 0 or more in hundredths. Raises Unreadable.

    >>> money_of("600,25")
    60025
    """
    plain = _SPACES.sub("", word)
    try:
        if _AMBIGUOUS_MONEY.fullmatch(plain):
            raise _read_twice(word, plain)
        value = decimal_of(word)
    except Unreadable as unreadable:
        raise Unreadable(_("an amount with at most two decimals"), unreadable.hint) from None
    if value < 0:
        raise Unreadable(_("0 or more"))
    if value > MOST_MONEY:
        raise Unreadable(_("at most {most:,}").format(most=MOST_MONEY))
    try:
        return fen(value)
    except ValueError:
        raise Unreadable(_("an amount with at most two decimals")) from None


def whole_points(points: Sequence[int | Decimal]) -> NDArray[np.int64]:
    """Points as whole numbers; where some have decimals, all are scaled alike. Raises Unreadable for too large sums."""
    if set(map(type, points)) <= {int}:
        return np.array(points, dtype=np.int64)
    exact, decimals = [Decimal(point) for point in points], decimals_of(points)
    if decimals > 18 or sum(exact) * 10**decimals > _MOST_SUM:
        raise Unreadable(_("points of this section have too many decimals to be counted exactly"))
    return np.array([int(point.scaleb(decimals)) for point in exact], dtype=np.int64)


def decimals_of(points: Sequence[int | Decimal]) -> int:
    """Most decimals of any of these points; `whole_points` scales by that power of ten."""
    # Most points of an election are the same few numbers.
    return max((max(-int(Decimal(point).normalize().as_tuple().exponent), 0) for point in set(points)), default=0)
