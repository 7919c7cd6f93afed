"""Rules against each other in a terminal: a compact table rule × rule of an indicator, each pair once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from commsim.cli.figures import number, scale_of, unit_words
from commsim.cli.output import plain_table, words
from commsim.i18n import Text, _
from commsim.service.indicators import indicator_facts
from commsim.service.words import APART, TOO_FEW, headed

if TYPE_CHECKING:
    from rich.table import Table

MOST_ARMS = 8
"""With more, a row would not fit 100 columns; the page and the tables hold all pairs."""
UNTOLD = "?"
"""Stands beside what nothing can be said of: never told by colour alone."""

Pairs = dict[str, Any]
"""Every two rules in one indicator, as of `commsim.service.comparing.pair_facts`."""


def pairwise_table(pairs: Pairs) -> Table | None:
    """Row minus column for every two rules; None where there are none to hold against each other, or too many."""
    labels, unit = pairs["labels"], _indicator(pairs)["unit"]
    first = _first(pairs)
    if len(labels) < 2 or len(labels) + first > MOST_ARMS:
        return None
    scale = _scale(pairs)
    rows = []
    for place, row in enumerate(labels[1:], start=1):
        cells = [_cell(pairs["gaps"][row][column], unit, scale) for column in labels[:place]]
        rows.append([f"{first + place + 1} {row}", *cells, *[""] * (len(labels) - 1 - place)])
    numbers = (str(first + place) for place in range(1, len(labels)))
    headings: list[str | Text] = [_("Row minus column"), *numbers]
    return plain_table(headings, rows, numeric=range(1, len(headings)), ids=[0])


def pairwise_notes(pairs: Pairs) -> list[Text]:
    """What the table of an indicator shows, or why there is none."""
    indicator = _indicator(pairs)
    label, total = words(indicator["label"]), pairs["total"]
    if len(pairs["labels"]) + _first(pairs) > MOST_ARMS:
        text = _(
            "{indicator}: {apart} of {total} pairs of rules are told apart (p < 0.05 after Holm's correction over all "
            "of them); too many for a terminal, they stand on the page and in summary-pairwise.parquet."
        )
        return [text.format(indicator=label, apart=pairs["apart"], total=total)]
    if total == 0:
        return [_("{indicator}: there are no two rules to hold against each other.").format(indicator=label)]
    unit = unit_words(indicator["unit"], per=_scale(pairs), difference=True)
    text = _(
        "{indicator}, rules against each other on the same residents and luck; a column has the number of its row, 1 "
        "is {baseline}. {mark} told apart: p < 0.05 after Holm's correction over all {total} pairs."
    )
    told = {"indicator": headed(label, unit), "baseline": pairs["baseline"], "mark": APART, "total": total}
    notes: list[Text] = [text.format(**told)]
    if any(gap["too_few"] for gap in _gaps(pairs)):
        notes.append(_("{mark} {verdict}.").format(mark=UNTOLD, verdict=TOO_FEW))
    return notes


def worth(each: Iterable[Pairs]) -> list[Text]:
    """What comparisons of few replicates are worth, once for all tables."""
    found = [words(pairs["few"]) for pairs in each if pairs["few"] is not None]
    return list({text.to("en"): text for text in found}.values())


def _indicator(pairs: Pairs) -> dict[str, Any]:
    return indicator_facts()[pairs["indicator"]]


def _first(pairs: Pairs) -> int:
    """Arms before those of the table: of figures against the baseline, the baseline itself has none."""
    return 1 if _indicator(pairs)["quotient"] else 0


def _gaps(pairs: Pairs) -> list[dict[str, Any]]:
    return [gap for of_row in pairs["gaps"].values() for gap in of_row.values()]


def _scale(pairs: Pairs) -> int:
    return scale_of([gap["value"] for gap in _gaps(pairs)], _indicator(pairs)["unit"])


def _cell(gap: dict[str, Any], unit: str, scale: int) -> str:
    figure = number(gap["value"], unit, signed=True, per=scale)
    return figure + (APART if gap["apart"] else UNTOLD if gap["too_few"] else "")
