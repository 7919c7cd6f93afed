"""What a field takes: each kind says what it expects, which values fit, and what may have been meant instead.

A class lists its fields in `kinds`; `commsim.lab.checks.fields` refuses what does not fit, in one wording.
"""

from __future__ import annotations

import math
import reprlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np

from commsim.i18n import Text, _
from commsim.suggestions import did_you_mean_or_known, listing, nearest_names

MOST_MONEY = 1e12
"""Largest amount of money or tokens that a field takes, so that sums stay finite."""
MOST_ROUNDS = 10_000
MOST_REMINDERS = 100
MOST_PEOPLE = 10**8

_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 60
_PLAIN = (bool, int, float, complex, str, bytes, list, tuple, dict, set, range, type(None))


class Kind(ABC):
    """What a field takes."""

    @property
    @abstractmethod
    def expected(self) -> Text:
        """What is expected, as it goes into "must be …"."""

    @abstractmethod
    def takes(self, value: Any) -> bool:
        """Whether `value` fits."""

    def meant(self, value: Any) -> bool:
        """Whether `value` looks like one of this kind that went wrong, so that this kind should tell why."""
        return False

    def hint(self, value: Any) -> Text | None:
        """What may have been meant by `value`."""
        return None

    def problem(self, value: Any) -> Text | None:
        """Why `value` does not fit, as it follows the name of the field; None where it fits."""
        if self.takes(value):
            return None
        hint = self.hint(value)
        text = _("must be {expected}; {came} came") if hint is None else _("must be {expected}; {came} came. {hint}")
        return text.format(expected=self.expected, came=brief(value), hint=hint)


@dataclass(frozen=True)
class Number(Kind):
    """A finite number from `low` (or `above` it) to `high` (or `below` it). NumPy's numbers are numbers too.

    Infinity is one only where `endless` says that there may be no end.
    """

    low: float = 0.0
    high: float = math.inf
    above: bool = False
    below: bool = False
    endless: bool = False

    @property
    def expected(self) -> Text:
        if math.isinf(self.high):
            text = _("a number above {low}") if self.above else _("a number of {low} or more")
        elif self.above:
            text = _("a number above {low} and below {high}") if self.below else _("a number above {low}, up to {high}")
        else:
            text = _("a number from {low} to {high}")
        return text.format(low=figure(self.low), high=figure(self.high))

    def takes(self, value: Any) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
            return False
        try:
            number = float(value)
        except OverflowError:
            return False
        if not math.isfinite(number):
            return self.endless and number == math.inf
        return (number > self.low if self.above else number >= self.low) and (
            number < self.high if self.below else number <= self.high
        )


@dataclass(frozen=True)
class Whole(Kind):
    """A whole number from `least` to `most` (None: no limit)."""

    least: int = 1
    most: int | None = None

    @property
    def expected(self) -> Text:
        if self.most is None:
            return _("a whole number of at least {least}").format(least=figure(self.least))
        text = _("a whole number from {least} to {most}")
        return text.format(least=figure(self.least), most=figure(self.most))

    def takes(self, value: Any) -> bool:
        whole = isinstance(value, Integral) and not isinstance(value, bool)
        return whole and value >= self.least and (self.most is None or value <= self.most)


@dataclass(frozen=True)
class Flag(Kind):
    """Yes or no; words and 0 or 1 are refused, since they may mean either."""

    @property
    def expected(self) -> Text:
        return _("true or false")

    def takes(self, value: Any) -> bool:
        return isinstance(value, bool | np.bool_)


@dataclass(frozen=True)
class Choice(Kind):
    """One of some words."""

    options: tuple[str, ...]

    @property
    def expected(self) -> Text:
        return _("one of {options}").format(options=listing(self.options))

    def takes(self, value: Any) -> bool:
        return isinstance(value, str) and value in self.options

    def hint(self, value: Any) -> Text | None:
        near = isinstance(value, str) and nearest_names(value, self.options)
        return did_you_mean_or_known(value, self.options) if near else None


@dataclass(frozen=True)
class Nothing(Kind):
    """None: not given."""

    @property
    def expected(self) -> Text:
        return _("left out (None)")

    def takes(self, value: Any) -> bool:
        return value is None


@dataclass(frozen=True)
class Made(Kind):
    """An object of a class, described by `words`."""

    type: Any
    words: Text

    @property
    def expected(self) -> Text:
        return self.words

    def takes(self, value: Any) -> bool:
        return isinstance(value, self.type)


@dataclass(frozen=True)
class Listed(Kind):
    """A sequence (list, range, array of one dimension) in which everything is of kind `of`; `words` describe it."""

    of: Kind
    words: Text

    @property
    def expected(self) -> Text:
        return self.words

    def takes(self, value: Any) -> bool:
        return self.meant(value) and self._first_wrong(value) is None

    def meant(self, value: Any) -> bool:
        if isinstance(value, Sequence):
            return not isinstance(value, str | bytes)
        return getattr(value, "ndim", 0) == 1

    def problem(self, value: Any) -> Text | None:
        if not self.meant(value):
            return super().problem(value)
        position = self._first_wrong(value)
        if position is None:
            return None
        text = _("must be {expected}; {came} came at position {position} (from 0)")
        return text.format(expected=self.expected, came=brief(list(value)[position]), position=position)

    def _first_wrong(self, value: Any) -> int | None:
        if isinstance(value, np.ndarray) and value.size and value.dtype.kind in "iuf":
            # Numbers are taken from one bound to another, and a NaN among them is both the least and the greatest.
            if self.of.takes(value.min()) and self.of.takes(value.max()):
                return None
        return next((position for position, item in enumerate(value) if not self.of.takes(item)), None)


@dataclass(frozen=True)
class Either(Kind):
    """One of several kinds."""

    kinds: tuple[Kind, ...]

    @property
    def expected(self) -> Text:
        text = self.kinds[0].expected
        for kind in self.kinds[1:]:
            text = _("{one}, or {other}").format(one=text, other=kind.expected)
        return text

    def takes(self, value: Any) -> bool:
        return any(kind.takes(value) for kind in self.kinds)

    def hint(self, value: Any) -> Text | None:
        return next((hint for hint in (kind.hint(value) for kind in self.kinds) if hint is not None), None)

    def problem(self, value: Any) -> Text | None:
        if self.takes(value):
            return None
        telling = next((kind for kind in self.kinds if kind.meant(value)), None)
        return super().problem(value) if telling is None else telling.problem(value)


def maybe(kind: Kind) -> Either:
    """`kind`, or None."""
    return Either((kind, Nothing()))


def money(*, above: bool = False) -> Number:
    """An amount of money."""
    return Number(0, MOST_MONEY, above=above)


def share(*, inside: bool = False) -> Number:
    """A share: from 0 to 1, or between the two with neither of them (`inside`)."""
    return Number(0, 1, above=inside, below=inside)


def figure(number: float) -> str:
    """A number as people read it, with commas in thousands."""
    if isinstance(number, float) and number == MOST_MONEY:
        return "1e12"
    if isinstance(number, int) or number.is_integer():
        return f"{int(number):,}"
    return f"{number:g}"


def brief(value: Any) -> Any:
    """What came, short enough for a message."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, _PLAIN):
        return " ".join(_SHORT.repr(value).split())
    if isinstance(value, type):
        return _("the class {name}").format(name=value.__name__)
    return _("an object of type {name}").format(name=type(value).__name__)
