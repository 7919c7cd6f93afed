"""How numbers and names are put into words on the page: units, signs, intervals, lists."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from commsim.i18n import LANGUAGES, Bilingual, Language, Text, _
from commsim.record.indicators import UNITS
from commsim.report.scale import MINUS, finite, plain

UNDEFINED = "—"
ENDS = (_("95% from"), _("95% to"))
"""Headings of the two ends of an interval, which have a cell each."""


@dataclass(frozen=True)
class Unit:
    """How numbers of a unit are shown: times `factor`, called `level`, and for differences called `difference`.

    `sign` follows a level where the two names differ, so that a level is never read as a difference.
    """

    factor: float
    level: Text
    difference: Text
    sign: str = ""


class Joined(Text):
    """Several texts one after the other: with each language's own semicolon, or with `between` where that is given.

    Sentences are joined with `between=" "`; Chinese sets nothing between them.
    """

    __slots__ = ("between", "parts")

    def __init__(self, parts: Iterable[Text | str], between: str = "; ") -> None:
        super().__init__("")
        self.parts = tuple(parts)
        self.between = between

    def to(self, language: Language) -> str:
        """The list in `language`."""
        words = [part.to(language) if isinstance(part, Text) else part for part in self.parts]
        between = {"; ": "；", " ": ""}.get(self.between, self.between) if language == "zh" else self.between
        return between.join(words)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Joined) and (self.parts, self.between) == (other.parts, other.between)

    def __hash__(self) -> int:
        return hash(self.parts)

    def __reduce__(self) -> Any:
        return (Joined, (self.parts, self.between))


def unit_of(name: str) -> Unit:
    """How to show numbers whose unit a study calls `name` (a key of `UNITS`; any other word is shown as it is)."""
    if name == "share":
        return Unit(100.0, _("%"), _("percentage points"), "%")
    label = UNITS.get(name, Text(name))
    return Unit(1.0, label, label)


def number_or_none(value: Any) -> float | None:
    """`value` as a float; None where it is missing, not a number or not finite."""
    if value is None:
        return None
    given = float(value)
    return given if math.isfinite(given) else None


def decimals_for(values: Iterable[float | None]) -> int:
    """How many decimals tell numbers of this size apart: three significant figures for the largest, at most three.

    >>> decimals_for([1200.0]), decimals_for([12.5]), decimals_for([0.02])
    (0, 1, 3)
    """
    largest = max((abs(value) for value in finite(values)), default=0.0)
    return 0 if largest >= 100 or largest == 0 else 1 if largest >= 10 else 2 if largest >= 1 else 3


def figure(value: float | None, decimals: int, *, signed: bool = False) -> str:
    """A number for readers: separators, true minus, a plus where `signed`; a dash where it is not defined.

    >>> figure(1234.5, 0), figure(2.0, 1, signed=True), figure(float("inf"), 1)
    ('1,234', '+2.0', '—')
    """
    if value is None or not math.isfinite(value):
        return UNDEFINED
    text = plain(value, decimals)
    return f"+{text}" if signed and value > 0 and any(digit in text for digit in "123456789") else text


def digits(value: float | None, decimals: int, *, signed: bool = False) -> str:
    """A number for a cell of a table, as spreadsheets and `float()` read it; empty where it is not defined.

    >>> digits(-1234.5, 1), digits(2.0, 1, signed=True), digits(-0.04, 1), digits(None, 0)
    ('-1234.5', '+2.0', '0.0', '')
    """
    shown = figure(value, decimals, signed=signed)
    return "" if shown == UNDEFINED else shown.replace(",", "").replace(MINUS, "-")


def bracket(low: float | None, high: float | None, decimals: int) -> str:
    """An interval as "[low, high]", a dash for a side without bound; empty where there is no interval at all."""
    if number_or_none(low) is None and number_or_none(high) is None:
        return ""
    return f"[{figure(low, decimals)}, {figure(high, decimals)}]"


def scaled(values: Sequence[Any], factor: float) -> list[float | None]:
    """`values` times `factor`; missing ones stay None."""
    return [None if (given := number_or_none(value)) is None else given * factor for value in values]


def headed(label: Text, unit: Text) -> Text:
    """An indicator's name with its unit in brackets, left out in a language whose name already says it."""
    words = {}
    for language in LANGUAGES:
        name, measured = label.to(language), unit.to(language)
        shown = f"（{measured}）" if language == "zh" else f" ({measured})"
        # Chinese counts with a measure word before the noun ("个项目"); the noun alone says what is counted.
        said = measured.removeprefix("个").casefold() in name.casefold()
        words[language] = name if said else name + shown
    return Bilingual(en=words["en"], zh=words["zh"])
