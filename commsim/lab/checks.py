"""Impossible values of a protocol are refused before it runs, with what was expected and what came."""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Integral, Real
from typing import Any

from commsim.errors import InvalidInput
from commsim.i18n import Text, _


def refuse(text: Text) -> InvalidInput:
    """The error to raise for `text`."""
    return InvalidInput(text)


def number(
    protocol: str,
    name: str,
    value: Any,
    low: float = 0.0,
    high: float = math.inf,
    *,
    above: bool = False,
    endless: bool = False,
) -> None:
    """Refuse what is not a finite number from `low` (or above it, with `above`) to `high`. Raises InvalidInput.

    NumPy's numbers are numbers too; infinity is one only where `endless` says that there may be no end.
    """
    good = isinstance(value, Real) and not isinstance(value, bool)
    good = good and (math.isfinite(value) or (endless and value == math.inf))
    if good and value <= high and (value > low if above else value >= low):
        return
    if above:
        text = _("{protocol}: {name} must be a number above {low:g} and at most {high:g}; {value!r} came")
    else:
        text = _("{protocol}: {name} must be a number from {low:g} to {high:g}; {value!r} came")
    raise InvalidInput(text.format(protocol=protocol, name=name, low=low, high=high, value=value))


def count(protocol: str, name: str, value: Any, least: int = 1) -> None:
    """Refuse what is not a whole number of at least `least`. Raises InvalidInput."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
        text = _("{protocol}: {name} must be a whole number of at least {least}; {value!r} came")
        raise InvalidInput(text.format(protocol=protocol, name=name, least=least, value=value))


def choice(protocol: str, name: str, value: Any, options: Sequence[str]) -> None:
    """Refuse what is not one of `options`. Raises InvalidInput."""
    if value not in options:
        text = _("{protocol}: {name} must be one of {options}; {value!r} came")
        raise InvalidInput(text.format(protocol=protocol, name=name, options=", ".join(options), value=value))


def enough_people(protocol: str, needed: int, there: int) -> None:
    """Refuse a population that is too small. Raises InvalidInput."""
    if there < needed:
        text = _("{protocol} needs {needed} people; the population has {there}")
        raise InvalidInput(text.format(protocol=protocol, needed=needed, there=there))
