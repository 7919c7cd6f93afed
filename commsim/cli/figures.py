"""Numbers as people read them in a terminal: units, thousands separators, a dash for what is undefined."""

from __future__ import annotations

from collections.abc import Iterable

from commsim.cli.output import words
from commsim.i18n import Text, _

UNDEFINED = "—"
_DECIMALS = {
    "share": 1,
    "residents": 0,
    "hours": 0,
    "yuan": 0,
    "yuan per participant": 0,
    "projects": 1,
    "people per project": 1,
}
_DECIMALS_OF_OTHERS = 3
_PERCENT = 100
_THOUSAND = 1000
_WRITTEN_IN_THOUSANDS = ("hours", "yuan")
_FROM_WHERE_IN_THOUSANDS = 100_000


def number(value: float | None, unit: str, *, signed: bool = False, per: float = 1) -> str:
    """`value` (None: undefined) in `unit`, a key of `commsim.service.indicators.unit_labels`; shares as percentages.

    `signed` puts a plus before gains; `per` divides (1000: the figure stands in thousands).
    """
    if value is None:
        return UNDEFINED
    scaled = value * _PERCENT if unit == "share" else value / per
    decimals = 1 if per != 1 else _DECIMALS.get(unit, _DECIMALS_OF_OTHERS)
    rounded = round(scaled, decimals) + 0.0  # -0.0 becomes 0.0
    sign = "+" if signed and rounded > 0 else ""
    return f"{sign}{rounded:,.{decimals}f}"


def scale_of(values: Iterable[float | None], unit: str) -> int:
    """1000 where hours or yuan are too long to read beside each other, else 1."""
    largest = max((abs(value) for value in values if value is not None), default=0.0)
    return _THOUSAND if unit in _WRITTEN_IN_THOUSANDS and largest >= _FROM_WHERE_IN_THOUSANDS else 1


def unit_words(unit: str, *, per: float = 1, difference: bool = False) -> Text:
    """The unit as it stands in a heading."""
    if unit == "share":
        return _("percentage points") if difference else _("%")
    from commsim.service.indicators import unit_labels

    label = words(unit_labels()[unit])
    return _("thousand {unit}").format(unit=label) if per != 1 else label
