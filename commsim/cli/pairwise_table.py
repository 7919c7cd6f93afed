"""Rules against each other in a terminal: a compact table rule × rule of active residents, each pair once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commsim.cli.figures import number
from commsim.cli.output import plain_table
from commsim.i18n import Text, _
from commsim.report.pairwise import APART, few_replicates, pairs_of

if TYPE_CHECKING:
    from rich.table import Table

    from commsim.study import Comparison

INDICATOR = "active_residents"
MOST_ARMS = 8
"""With more, a row would not fit 100 columns; the page and the tables hold all pairs."""


def pairwise_table(comparison: Comparison) -> Table | None:
    """Row minus column for every two rules; None where there are too few or too many to show."""
    labels = [label for label, _rule_id, _title in comparison.rules]
    if not 3 <= len(labels) <= MOST_ARMS:
        return None
    pairs = pairs_of(comparison, INDICATOR)
    rows = []
    for place, row in enumerate(labels[1:], start=1):
        gaps = [pairs.gap(row, column) for column in labels[:place]]
        cells = [number(gap.value, "residents", signed=True) + APART * gap.apart for gap in gaps]
        rows.append([f"{place + 1} {row}", *cells, *[""] * (len(labels) - 1 - place)])
    headings: list[str | Text] = [_("Row minus column"), *(str(place + 1) for place in range(len(labels) - 1))]
    return plain_table(headings, rows, numeric=range(1, len(headings)))


def pairwise_notes(comparison: Comparison) -> list[Text]:
    """What the table shows, and what it is worth."""
    pairs = pairs_of(comparison, INDICATOR)
    few = few_replicates(pairs)
    text = _(
        "Active residents, rules against each other on the same residents and luck; column 1 is {baseline}. {mark} "
        "told apart: p < 0.05 after Holm's correction over all {total} pairs."
    )
    note = text.format(baseline=comparison.baseline, mark=APART, total=pairs.counted()[1])
    return [note, *([few] if few else [])]
