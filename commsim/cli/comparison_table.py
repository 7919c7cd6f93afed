"""The table of a comparison in a terminal: a rule a row, a few indicators, each with its 95% interval."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from commsim.cli.figures import UNDEFINED, number, scale_of, unit_words
from commsim.cli.formatting import display_width
from commsim.cli.output import plain_table
from commsim.cli.pairwise_table import UNTOLD
from commsim.i18n import Text, _
from commsim.report.pairwise import TOO_FEW
from commsim.study.design import DEFAULT_RULES
from commsim.study.paired import FEW
from commsim.study.skipped import MARK as SKIPPED
from commsim.suggestions import listing

if TYPE_CHECKING:
    from rich.table import Table

    from commsim.record import Indicator
    from commsim.study import Comparison

SHOWN = ("active_share", "volunteer_hours", "fund_used", "net_leverage", "cost_per_added_participant")
"""Indicators that the terminal shows; all of them are on the page and in the tables."""
LEVELS = ("fund_used",)
"""Of these the terminal shows the rule's own level: a baseline without a fund has none to differ from."""
MARK = "*"
"""Stands beside a figure that is told apart after Holm's correction: never told by colour alone."""
_RULE_WIDTH = max(map(len, DEFAULT_RULES))  # so that no id of a shipped rule is broken
_GAPS = 2 * len(SHOWN) + 2  # a space and a divider before each figure, and the edges
_NARROWEST, _WIDEST = 8, 18

Row = dict[str, Any]


def comparison_table(comparison: Comparison, width: int, *, whole_labels: bool = False) -> Table:
    """One row for the baseline's own levels, then one a rule with differences from it; `width` columns in all.

    With `whole_labels` no rule's label is broken, whatever width that takes.
    """
    from commsim.record import standard_indicators

    indicators = [standard_indicators()[name] for name in SHOWN]
    found = _rows_by_key(comparison)
    scales = {one.id: _scale(one, found) for one in indicators}
    rule_width = _RULE_WIDTH
    if whole_labels:
        rule_width = max(rule_width, *(display_width(label) for label, _rule_id, _title in comparison.rules))
    figure_width = min(max((width - rule_width - _GAPS) // len(indicators), _NARROWEST), _WIDEST)
    headings: list[str | Text] = [_("Rule")]
    headings += [f"{one.label}\n{_bracketed(_unit(one, scales[one.id]))}" for one in indicators]
    rows = [_baseline_row(comparison, indicators, found, scales)]
    for label, _rule_id, title in comparison.rules[1:]:
        cells = [_cell(found.get((label, one.id)), one, scales[one.id], figure_width) for one in indicators]
        rows.append([f"{_marked(comparison, label, title)}\n{label}", *cells])
    table = plain_table(headings, rows, numeric=range(1, len(headings)))
    table.collapse_padding = True
    for position, column in enumerate(table.columns):
        column.width = figure_width if position else rule_width
    return table


def comparison_notes(comparison: Comparison) -> list[Text]:
    """How to read the table, and why a figure is missing."""
    from commsim.record import standard_indicators

    found = _rows_by_key(comparison)
    notes = [
        _(
            "First row: the baseline's own levels. Other rows: difference from the baseline (leverage, cost and use of "
            "the fund: the figure itself), below it the 95% interval over replicates, not corrected."
        ),
        _told_apart(comparison),
    ]
    if any(row["says_little"] for (_rule, name), row in found.items() if name in SHOWN and name not in LEVELS):
        notes.append(
            _(
                "{mark} {verdict}, run more: not told apart with fewer than {few}, or an interval more than three "
                "times as wide as the figure."
            ).format(mark=UNTOLD, verdict=TOO_FEW, few=FEW)
        )
    if comparison.skipped_rules():
        notes.append(
            _(
                "{mark} Rounds were skipped, or reviews left out, because the rule failed, so these figures are not "
                "what the rule would have done ({rules})"
            ).format(mark=SKIPPED, rules=listing(sorted(comparison.skipped_rules())))
        )
    reasons: dict[tuple[str, str], list[str]] = {}
    for (rule, name), row in found.items():
        if name in SHOWN and name not in LEVELS and row["defined_reason"]:
            reasons.setdefault((name, row["defined_reason"]), []).append(rule)
    for (name, reason), rules in reasons.items():
        label = standard_indicators()[name].label
        note = _("{dash} {indicator}: {reason} ({rules})")
        notes.append(note.format(dash=UNDEFINED, indicator=label, reason=reason, rules=listing(rules)))
    return notes


def _told_apart(comparison: Comparison) -> Text:
    arms = len(comparison.rules)
    text = _(
        "{mark} told apart from the baseline: p < 0.05 after Holm's correction over all {pairs} pairs of rules of the "
        "indicator, the baseline included; leverage and cost: from zero, corrected over the {rules} rules."
    )
    return text.format(mark=MARK, pairs=arms * (arms - 1) // 2, rules=arms - 1)


def _rows_by_key(comparison: Comparison) -> dict[tuple[str, str], Row]:
    rows = comparison.table().to_dict(orient="records")
    return {(str(row["rule"]), str(row["indicator"])): {str(key): row[key] for key in row} for row in rows}


def _scale(one: Indicator, found: dict[tuple[str, str], Row]) -> int:
    rows = [row for (_rule, name), row in found.items() if name == one.id]
    return scale_of([row[key] for row in rows for key in ("difference", "low", "high", "baseline_mean")], one.unit)


def _bracketed(words: Text) -> Text:
    return _("({words})").format(words=words)


def _unit(one: Indicator, scale: int) -> Text:
    return unit_words(one.unit, per=scale, difference=not one.paired and one.id not in LEVELS)


def _baseline_row(
    comparison: Comparison, indicators: list[Indicator], found: dict[tuple[str, str], Row], scales: dict[str, int]
) -> list[str]:
    label, _rule_id, title = comparison.rules[0]
    cells = []
    for one in indicators:
        levels = [row["baseline_mean"] for (_rule, name), row in found.items() if name == one.id]
        level = next((value for value in levels if not math.isnan(value)), math.nan)
        percent = "%" if one.unit == "share" and not math.isnan(level) else ""
        cells.append(number(level, one.unit, per=scales[one.id]) + percent)
    return [f"{_marked(comparison, label, title)}\n{label}", *cells]


def _marked(comparison: Comparison, label: str, title: Text) -> str:
    return f"{title} {SKIPPED}" if label in comparison.skipped_rules() else str(title)


def _cell(row: Row | None, one: Indicator, scale: int, width: int) -> str:
    if row is not None and one.id in LEVELS:
        level = row["mean"]
        return UNDEFINED if math.isnan(level) else number(level, one.unit) + "%" * (one.unit == "share")
    if row is None or math.isnan(row["difference"]):
        return UNDEFINED
    low, high = row["low"], row["high"]
    figure = number(row["difference"], one.unit, signed=not one.paired, per=scale)
    if math.isnan(low) or math.isnan(high):
        return figure
    mark = UNTOLD if row["says_little"] else MARK if row["distinguishable"] else ""
    ends = number(low, one.unit, per=scale), number(high, one.unit, per=scale)
    interval = "…".join(ends)
    # A number broken in the middle would be misread, so a long interval is broken between its ends.
    shown = interval if len(interval) <= width else "…\n".join(ends)
    return f"{figure}{mark}\n{shown}"
