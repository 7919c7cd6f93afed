"""The indicators that runs and comparisons have, and their units."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from commsim.record import standard_indicators
from commsim.record.indicators import UNITS
from commsim.store.plain import plain

ALL = "all"


def indicator_facts() -> dict[str, dict[str, Any]]:
    """Each indicator by id: id, label, unit (a key of `unit_labels`), whether it is a `quotient` (of a rule and the
    baseline, which itself has none), and `undefined`, why a value may be missing."""
    return {
        known.id: plain(
            {
                "id": known.id,
                "label": known.label,
                "unit": known.unit,
                "quotient": known.quotient,
                "undefined": known.undefined,
            }
        )
        for known in standard_indicators()
    }


def unit_labels() -> dict[str, dict[str, str]]:
    """What each unit is called in a heading."""
    labels: dict[str, dict[str, str]] = plain(UNITS)
    return labels


def indicators_asked(names: Iterable[str]) -> tuple[str, ...]:
    """The indicators that are named, each once; `all` is every one. Raises InvalidInput for one that is unknown."""
    known = standard_indicators()
    asked = [[indicator.id for indicator in known] if name == ALL else [known[name].id] for name in names]
    return tuple(dict.fromkeys(indicator for group in asked for indicator in group))
