"""Rules against each other on the page: what the answer asks of a pair, and the tables rule × rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from commsim.i18n import Text, _
from commsim.report.number_words import ENDS, Joined, decimals_for, digits, headed, scaled
from commsim.report.page_parts import Beside, Cell, Number, NumberTable, Words
from commsim.report.reading import ComparisonLike, Indicator, RuleName
from commsim.study.paired import FEW

if TYPE_CHECKING:
    import pandas as pd

SHOWN = ("net_drawn_in", "volunteer_hours", "net_leverage", "cost_per_added_participant")
"""Indicators with a table rule × rule on the page; all others stand in `summary-pairwise.parquet`."""
TOO_FEW = _("too few replicates to tell")
APART = "*"
FEW_MARK = "?"


@dataclass(frozen=True)
class Gap:
    """A rule's figure minus another's, in the unit shown, None where undefined; `apart`: different after Holm's
    correction; `too_few`: nothing can be told for want of replicates."""

    value: float | None
    low: float | None
    high: float | None
    apart: bool
    too_few: bool

    @property
    def ahead(self) -> bool:
        """Whether the first of the two is higher, and told apart."""
        return self.apart and self.value is not None and self.value > 0


NO_GAP = Gap(None, None, None, apart=False, too_few=False)


class Pairs:
    """The pairs of one indicator, asked for by labels in either order.

    Arguments: `frame` as from `Comparison.pairwise` (rule, other, difference, low, high, distinguishable, too_few, n),
    `baseline`, the label of that arm, `factor` of the unit shown.
    """

    def __init__(self, frame: pd.DataFrame, baseline: str, factor: float = 1.0) -> None:
        self.baseline = baseline
        self.fewest = int(frame["n"].min()) if len(frame) else 0
        self._rows: dict[tuple[str, str], dict[Any, Any]] = {
            (str(row["rule"]), str(row["other"])): row for row in frame.to_dict("records")
        }
        self._factor = factor

    def gap(self, rule: str, other: str) -> Gap:
        """`rule` minus `other`; without numbers where the two are the same or have no row."""
        if (rule, other) in self._rows:
            return self._gap(self._rows[rule, other], self._factor)
        if (other, rule) in self._rows:
            return self._gap(self._rows[other, rule], -self._factor)
        return NO_GAP

    def counted(self) -> tuple[int, int]:
        """How many pairs are told apart, and how many there are."""
        return sum(bool(row["distinguishable"]) for row in self._rows.values()), len(self._rows)

    def differences(self) -> list[float]:
        """The differences in the frame's own unit, NaN where undefined."""
        return [float(row["difference"]) for row in self._rows.values()]

    @staticmethod
    def _gap(row: dict[Any, Any], factor: float) -> Gap:
        low, high = (row["low"], row["high"]) if factor > 0 else (row["high"], row["low"])
        value, below, above = scaled([row["difference"], low, high], factor)
        return Gap(value, below, above, apart=bool(row["distinguishable"]), too_few=bool(row["too_few"]))


def pairs_of(comparison: ComparisonLike, indicator: str, factor: float = 1.0) -> Pairs:
    """The pairs of `indicator` in a comparison."""
    return Pairs(comparison.pairwise(indicator), comparison.baseline, factor)


def pair_tables(
    comparison: ComparisonLike, found: Sequence[Indicator], rules: Sequence[RuleName]
) -> list[tuple[Text, NumberTable]]:
    """A table rule × rule, with its caption, for each indicator of `SHOWN` that the comparison has."""
    by_name = {indicator.id: indicator for indicator in found}
    chosen = [by_name[name] for name in SHOWN if name in by_name]
    return [
        (
            headed(indicator.label, indicator.unit.difference),
            pair_table(
                pairs_of(comparison, indicator.id, indicator.unit.factor), rules[1 if indicator.quotient else 0 :]
            ),
        )
        for indicator in chosen
    ]


def pair_table(pairs: Pairs, rules: Sequence[RuleName]) -> NumberTable:
    """Row minus column for every two rules, with interval; its foot says what the mark and the correction mean."""
    gaps = {(row.label, column.label): pairs.gap(row.label, column.label) for row in rules for column in rules}
    decimals = decimals_for([bound for gap in gaps.values() for bound in (gap.value, gap.low, gap.high)])
    rows = [
        line for row in rules for line in _lines(row, [gaps[row.label, column.label] for column in rules], decimals)
    ]
    few = (
        [_("{mark} {verdict}").format(mark=FEW_MARK, verdict=TOO_FEW)] if any(g.too_few for g in gaps.values()) else []
    )
    head: list[Words] = [_("Row minus column"), "", *(rule.title for rule in rules)]
    return NumberTable(head, rows, Joined([foot(pairs), *few], between=" "))


def _lines(row: RuleName, gaps: Sequence[Gap], decimals: int) -> list[list[Cell]]:
    """Three lines of a rule: its differences, and where their intervals begin and end."""
    marks = [(APART if gap.apart else "") + (FEW_MARK if gap.too_few else "") for gap in gaps]
    values = [
        Number(digits(gap.value, decimals, signed=True), mark, clear=gap.apart)
        for gap, mark in zip(gaps, marks, strict=True)
    ]
    low, high = ([Number(digits(end, decimals), faint=True) for end in ends] for ends in _ends(gaps))
    return [[Beside(row.title, 3), _("difference"), *values], [ENDS[0], *low], [ENDS[1], *high]]


def _ends(gaps: Sequence[Gap]) -> tuple[list[float | None], list[float | None]]:
    return [gap.low for gap in gaps], [gap.high for gap in gaps]


def foot(pairs: Pairs) -> Text:
    """How many pairs are told apart, and by what."""
    apart, total = pairs.counted()
    return _(
        "{mark} told apart: p < 0.05 after Holm's correction over all {total} pairs of this indicator ({apart} of "
        "them), so that the chance of even one false mark in the table is at most 5%. Intervals are not corrected."
    ).format(mark=APART, total=total, apart=apart)


def few_replicates(pairs: Pairs) -> Text | None:
    """What a comparison of few replicates is worth; None from `FEW` replicates on."""
    if pairs.fewest >= FEW:
        return None
    if pairs.fewest <= 1:
        return _("With one replicate there is no interval, and no two rules can be told apart: run more.")
    return _(
        "With only {n} replicates, what is not told apart may still differ, and intervals are rough: too few "
        "replicates to tell, run more."
    ).format(n=pairs.fewest)
