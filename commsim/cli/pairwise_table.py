"""Rules against each other in a terminal: a compact table rule × rule of an indicator, each pair once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from commsim.cli.figures import number, scale_of, unit_words
from commsim.cli.output import plain_table
from commsim.i18n import Text, _
from commsim.report.number_words import headed
from commsim.report.pairwise import APART, SHOWN, TOO_FEW, Gap, Pairs, few_replicates

if TYPE_CHECKING:
    from rich.table import Table

    from commsim.record import Indicator
    from commsim.study import Comparison

DEFAULT = ("active_residents",)
"""Indicators that the terminal shows unless others are asked for."""
ALL = "all"
MOST_ARMS = 8
"""With more, a row would not fit 100 columns; the page and the tables hold all pairs."""
MOST_JSON_ROWS = 10_000
"""Pairs in one JSON document (about 4 MB) unless indicators are asked for; beyond, those of `SHOWN` only."""
UNTOLD = "?"
"""Stands beside what nothing can be said of: never told by colour alone."""


def indicators_asked(names: Iterable[str]) -> tuple[str, ...]:
    """The indicators that `--indicator` names, each once; `all` is every one. Raises InvalidInput for one unknown."""
    from commsim.record import standard_indicators

    known = standard_indicators()
    asked = [[one.id for one in known] if name == ALL else [known[name].id] for name in names]
    return tuple(dict.fromkeys(indicator for group in asked for indicator in group))


def json_pairs(comparison: Comparison, asked: tuple[str, ...]) -> tuple[pd.DataFrame, list[str]]:
    """Rows of all pairs for a JSON document, and the indicators left out: 68 rules make 27 MB of 48 indicators.

    What was `asked` for is in it, whatever its size. Unasked it is every indicator as long as these are at most
    `MOST_JSON_ROWS`, and those of `SHOWN` beyond. `summary-pairwise.parquet` holds all of them.
    """
    from commsim.record import standard_indicators

    known = [one.id for one in standard_indicators()]
    arms = len(comparison.rules)
    few = len(known) * arms * (arms - 1) // 2 <= MOST_JSON_ROWS
    chosen = asked or (known if few else [name for name in known if name in SHOWN])
    rows = pd.concat([comparison.pairwise(name) for name in chosen], ignore_index=True)
    return rows, [name for name in known if name not in chosen]


def pairwise_table(comparison: Comparison, indicator: str = DEFAULT[0]) -> Table | None:
    """Row minus column for every two rules; None where there are none to hold against each other, or too many."""
    one, pairs = _pairs(comparison, indicator)
    first = 1 if one.paired else 0
    labels = [label for label, _rule_id, _title in comparison.rules]
    if len(labels) - first < 2 or len(labels) > MOST_ARMS:
        return None
    scale = _scale(one, pairs)
    rows = []
    for place, row in enumerate(labels[first + 1 :], start=first + 1):
        cells = [_cell(pairs.gap(row, column), one, scale) for column in labels[first:place]]
        rows.append([f"{place + 1} {row}", *cells, *[""] * (len(labels) - 1 - place)])
    headings: list[str | Text] = [_("Row minus column"), *(str(place + 1) for place in range(first, len(labels) - 1))]
    return plain_table(headings, rows, numeric=range(1, len(headings)), ids=[0])


def pairwise_notes(comparison: Comparison, indicator: str = DEFAULT[0]) -> list[Text]:
    """What the table of an indicator shows, or why there is none."""
    one, pairs = _pairs(comparison, indicator)
    apart, total = pairs.counted()
    if len(comparison.rules) > MOST_ARMS:
        text = _(
            "{indicator}: {apart} of {total} pairs of rules are told apart (p < 0.05 after Holm's correction over all "
            "of them); too many for a terminal, they stand on the page and in summary-pairwise.parquet."
        )
        return [text.format(indicator=one.label, apart=apart, total=total)]
    if total == 0:
        return [_("{indicator}: there are no two rules to hold against each other.").format(indicator=one.label)]
    unit = unit_words(one.unit, per=_scale(one, pairs), difference=True)
    text = _(
        "{indicator}, rules against each other on the same residents and luck; a column has the number of its row, 1 "
        "is {baseline}. {mark} told apart: p < 0.05 after Holm's correction over all {total} pairs."
    )
    said = {"indicator": headed(one.label, unit), "baseline": comparison.baseline, "mark": APART, "total": total}
    notes: list[Text] = [text.format(**said)]
    if pairs.any_too_few():
        notes.append(_("{mark} {verdict}.").format(mark=UNTOLD, verdict=TOO_FEW))
    return notes


def worth(comparison: Comparison, indicators: Iterable[str]) -> list[Text]:
    """What comparisons of few replicates are worth, once for all tables."""
    found = (few_replicates(_pairs(comparison, name)[1]) for name in indicators)
    return list(dict.fromkeys(few for few in found if few is not None))


def _pairs(comparison: Comparison, indicator: str) -> tuple[Indicator, Pairs]:
    from commsim.record import standard_indicators

    return standard_indicators()[indicator], Pairs(comparison.pairwise(indicator), comparison.baseline)


def _scale(one: Indicator, pairs: Pairs) -> int:
    return scale_of(pairs.differences(), one.unit)


def _cell(gap: Gap, one: Indicator, scale: int) -> str:
    figure = number(gap.value, one.unit, signed=True, per=scale)
    return figure + (APART if gap.apart else UNTOLD if gap.too_few else "")
