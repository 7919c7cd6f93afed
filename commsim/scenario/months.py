"""Months as people write them ("2017-01"), as the model counts them, and what a yearly rate is in one of them."""

from __future__ import annotations

import re

MONTHS_A_YEAR = 12
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


def is_month(text: object) -> bool:
    """Whether `text` is a month written YYYY-MM."""
    return isinstance(text, str) and _MONTH.fullmatch(text) is not None


def kept_a_month(lost_a_year: float) -> float:
    """Share that is left after a month of what loses a share of `lost_a_year` in twelve."""
    return float((1.0 - lost_a_year) ** (1.0 / MONTHS_A_YEAR))


def monthly_chance(a_year: float) -> float:
    """Chance a month of what happens with a chance of `a_year` in twelve months.

    >>> round(monthly_chance(0.5), 4), monthly_chance(0.0), monthly_chance(1.0)
    (0.0561, 0.0, 1.0)
    """
    return 1.0 - kept_a_month(a_year)


def month_number(text: str) -> int:
    """Months since January of the year 0, so that differences count months. Raises ValueError if not YYYY-MM.

    >>> month_number("2017-03") - month_number("2015-01")
    26
    """
    match = _MONTH.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a month written YYYY-MM")
    return int(match.group(1)) * MONTHS_A_YEAR + int(match.group(2)) - 1


def month_text(number: int) -> str:
    """The month of `month_number` as YYYY-MM.

    >>> month_text(month_number("2018-12") + 1)
    '2019-01'
    """
    year, month = divmod(number, MONTHS_A_YEAR)
    return f"{year:04d}-{month + 1:02d}"
