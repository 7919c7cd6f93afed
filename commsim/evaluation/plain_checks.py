"""Checks of single values of a plain input: each gives a value back as rules read it, or raises Wrong."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from numbers import Real
from typing import Any

import numpy as np

from commsim.elections.numbers import MOST_POINTS
from commsim.i18n import Text, _
from commsim.money import LARGEST_YUAN, is_finite

Check = Callable[[Any], Any]

_SUM_SLACK = 1e-6  # parts such as 0.33 + 0.33 + 0.34 miss 1 by less than this
_FRACTION = re.compile(r"[0-9]{1,18} */ *[0-9]{1,18}")
AMOUNT = _("a finite number of 0 or more")
WHOLE = _("a whole number of 0 or more")
NUMBER = _("a finite number")


class Wrong(ValueError):
    """A part of the input that is wrong: `expected`, and the value that `came`."""

    def __init__(self, expected: Text, came: Any) -> None:
        super().__init__(expected.message)
        self.expected, self.came = expected, came


def number(value: Any, expected: Text = NUMBER) -> float:
    """`value` as a finite number; words and NaN are none. Raises Wrong."""
    if isinstance(value, Decimal) and value.is_finite():
        return float(value)
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (Real, np.number)) or not is_finite(value):
        raise Wrong(expected, value)
    if not -LARGEST_YUAN <= value <= LARGEST_YUAN:  # type: ignore[operator]
        raise Wrong(_("a number of at most {bound}").format(bound=f"{LARGEST_YUAN:,}"), value)
    return float(value)


def amount(value: Any) -> float | Fraction:
    """`value` as a finite number of 0 or more; "1/3" and Fraction(1, 3) stay exact. Raises Wrong."""
    if isinstance(value, str) and _FRACTION.fullmatch(value) and int(value.partition("/")[2]):
        value = Fraction(value.replace(" ", ""))
    if isinstance(value, Fraction) and 0 <= value <= LARGEST_YUAN:
        return value
    if number(value, AMOUNT) < 0:
        raise Wrong(AMOUNT, value)
    return float(value)


def part(value: Any) -> float:
    """`value` as a number from 0 to 1. Raises Wrong."""
    if not 0 <= number(value) <= 1:
        raise Wrong(_("a number from 0 to 1"), value)
    return float(value)


def pot(value: Any) -> float | Fraction:
    """As `amount`, or "infinite"."""
    if isinstance(value, str) and value.strip().lower() in ("infinite", "inf", "infinity"):
        return math.inf
    if isinstance(value, float) and value == math.inf:
        return value
    try:
        return amount(value)
    except Wrong:
        raise Wrong(_("a finite number of 0 or more, or infinite"), value) from None


def whole(value: Any) -> int:
    """`value` as a whole number of 0 or more. Raises Wrong."""
    if number(value, WHOLE) < 0 or float(value) != int(value):
        raise Wrong(WHOLE, value)
    return int(value)


def the_ask(value: Any) -> str:
    """`value` where it is the word "ask": what nobody gets more of. Raises Wrong."""
    if not isinstance(value, str) or value.strip() != "ask":
        raise Wrong(_("the word ask, as nobody gets more than that"), value)
    return "ask"


def rows_of(value: Any) -> list[Any]:
    """`value` as a list. Raises Wrong."""
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, (Sequence, np.ndarray, range)):
        raise Wrong(_("a list"), value)
    return list(value)


def each(check: Check) -> Check:
    """A check of every value of a list."""
    return lambda value: [check(part) for part in rows_of(value)]


def by_id(check: Check) -> Check:
    """A check of every value of a mapping by id."""

    def checked(value: Any) -> Any:
        if not isinstance(value, Mapping):
            raise Wrong(_("a mapping by id, such as {{'a': 10}}").format(), value)
        return {key: check(part) for key, part in value.items()}

    return checked


def either(*checks: Check) -> Check:
    """Any of several checks, tried in turn; the last tells what is wrong."""

    def checked(value: Any) -> Any:
        for check in checks[:-1]:
            try:
                return check(value)
            except Wrong:
                continue
        return checks[-1](value)

    return checked


def nested(check: Check) -> Check:
    """A check of values in lists or mappings, at any depth."""

    def checked(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: checked(part) for key, part in value.items()}
        if isinstance(value, (Sequence, np.ndarray)) and not isinstance(value, (str, bytes)):
            return [checked(part) for part in value]
        return check(value)

    return checked


def matrix(check: Check) -> Check:
    """A check of rows of equal length."""

    def checked(value: Any) -> Any:
        rows = [each(check)(row) for row in rows_of(value)]
        lengths = {len(row) for row in rows}
        if len(lengths) > 1:
            raise Wrong(_("lists of equal length; their lengths are {lengths}").format(lengths=sorted(lengths)), value)
        return rows

    return checked


def _mark(value: Any) -> float:
    return math.nan if value is None else number(value, _("a finite number, or None where a judge gave no mark"))


def marks_of(value: Any) -> Any:
    """Marks by id or in lists, each one number or one for each judge. Raises Wrong."""
    if isinstance(value, Mapping):
        several = any(isinstance(row, (Sequence, np.ndarray)) for row in value.values())
        rows = matrix(_mark)(list(value.values())) if several else each(_mark)(list(value.values()))
        return dict(zip(value, rows, strict=True))
    rows = rows_of(value)
    return matrix(_mark)(rows) if rows and isinstance(rows[0], (Sequence, np.ndarray)) else each(_mark)(rows)


def splits_of(value: Any) -> Any:
    """Parts that sum to 1, a list for each resident. Raises Wrong."""
    rows = matrix(amount)(value)
    if not rows:
        raise Wrong(_("the parts that at least one resident wants"), value)
    for row in rows:
        if abs(sum(row) - 1) > _SUM_SLACK:
            raise Wrong(_("parts that sum to 1 for each resident"), row)
    return rows


def _countable(value: Any) -> int:
    if isinstance(value, int | float) and value > MOST_POINTS:
        raise Wrong(_("at most {most:,} points").format(most=MOST_POINTS), value)
    return whole(value)


def points_of(value: Any) -> Any:
    """Points by id, a mapping for each voter. Raises Wrong."""
    return [by_id(_countable)(row) for row in rows_of(value)]


def approvals_of(value: Any) -> Any:
    """Ids, a list for each voter. Raises Wrong."""
    rows = rows_of(value)
    for row in rows:
        if isinstance(row, (str, bytes)) or not isinstance(row, (Sequence, set, frozenset, Mapping, np.ndarray)):
            raise Wrong(_("a list of ids for each voter"), row)
    return rows
