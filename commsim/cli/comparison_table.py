"""The table of a comparison in a terminal: a rule a row, a few indicators, each with its 95% interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from commsim.cli.figures import UNDEFINED, number, scale_of, unit_words
from commsim.cli.formatting import display_width
from commsim.cli.output import plain_table, said, words
from commsim.cli.pairwise_table import UNTOLD
from commsim.i18n import Text, _
from commsim.service.comparing import DEFAULT_RULES
from commsim.service.indicators import indicator_facts
from commsim.service.sentences import listing
from commsim.service.words import BASELINE_LEVELS, FEW, SKIPPED, TOO_FEW

if TYPE_CHECKING:
    from rich.table import Table

    from commsim.service.comparing import Compared

SHOWN = ("giving_or_starting_share", "volunteer_hours", "fund_used", "net_leverage", "cost_per_added_participant")
"""Indicators that the terminal shows; all of them are on the page and in the tables."""
OLD_MEASURE = "active_share"
"""Any act at all, ballots included, which headed the table before acts were told apart."""
LEVELS = ("fund_used",)
"""Of these the terminal shows the rule's own level: a baseline without a fund has none to differ from."""
MARK = "*"
"""Stands beside a figure that is told apart after Holm's correction: never told by colour alone."""
_RULE_WIDTH = max(map(len, DEFAULT_RULES))  # so that no id of a shipped rule is broken
_GAPS = 2 * len(SHOWN) + 2  # a space and a divider before each figure, and the edges
_NARROWEST, _WIDEST = 8, 18

Row = dict[str, Any]


def comparison_table(compared: Compared, width: int, *, whole_labels: bool = False) -> Table:
    """One row for the baseline's own levels, then one a rule with differences from it; `width` columns in all.

    With `whole_labels` no rule's label is broken, whatever width that takes.
    """
    known = indicator_facts()
    indicators = [known[name] for name in SHOWN]
    found = _rows_by_key(compared)
    scales = {indicator["id"]: _scale(indicator, found) for indicator in indicators}
    baseline, *others = compared.document["rules"]
    rule_width = _RULE_WIDTH
    if whole_labels:
        rule_width = max(rule_width, *(display_width(rule["label"]) for rule in (baseline, *others)))
    figure_width = min(max((width - rule_width - _GAPS) // len(indicators), _NARROWEST), _WIDEST)
    headings: list[str | Text] = [_("Rule")]
    headings += [
        f"{said(indicator['label'])}\n{_bracketed(_unit(indicator, scales[indicator['id']]))}"
        for indicator in indicators
    ]
    rows = [[_named(compared, baseline), *_baseline_cells(indicators, found, scales)]]
    for rule in others:
        rows.append(
            [
                _named(compared, rule),
                *(
                    _cell(found.get((rule["label"], shown["id"])), shown, scales[shown["id"]], figure_width)
                    for shown in indicators
                ),
            ]
        )
    table = plain_table(headings, rows, numeric=range(1, len(headings)))
    table.collapse_padding = True
    for position, column in enumerate(table.columns):
        column.width = figure_width if position else rule_width
    return table


def comparison_notes(compared: Compared) -> list[Text]:
    """How to read the table, and why a figure is missing."""
    found = _rows_by_key(compared)
    notes = [
        _(
            "First row: the baseline's own levels. Other rows: difference from the baseline (leverage, cost and use of "
            "the fund: the figure itself), below it the 95% interval over replicates, not corrected."
        ),
        _told_apart(compared),
        *_levels(found, compared),
    ]
    if any(row["says_little"] for (_rule, name), row in found.items() if name in SHOWN and name not in LEVELS):
        notes.append(
            _(
                "{mark} {verdict}, run more: not told apart with fewer than {few}, or an interval more than three "
                "times as wide as the figure."
            ).format(mark=UNTOLD, verdict=TOO_FEW, few=FEW)
        )
    if compared.skipped_rules:
        notes.append(
            _(
                "{mark} Rounds were skipped, or reviews left out, because the rule failed, so these figures are not "
                "what the rule would have done ({rules})"
            ).format(mark=SKIPPED, rules=listing(compared.skipped_rules))
        )
    return notes + _missing(found)


def _levels(found: dict[tuple[str, str], Row], compared: Compared) -> list[Text]:
    """The baseline's level of the headline, and beside it the old measure."""
    new, old = (
        next((row["baseline_mean"] for (_rule, name), row in found.items() if name == wanted), None)
        for wanted in (SHOWN[0], OLD_MEASURE)
    )
    if new is None or old is None:
        return []
    told = {"baseline": compared.document["baseline"], "new": number(new, "share"), "old": number(old, "share")}
    return [BASELINE_LEVELS.format(**told)]


def _missing(found: dict[tuple[str, str], Row]) -> list[Text]:
    """Why figures are missing, each reason once with the rules that it is true of."""
    known = indicator_facts()
    reasons: dict[tuple[str, str], list[str]] = {}
    for (rule, name), row in found.items():
        if name in SHOWN and name not in LEVELS and row["defined_reason"]:
            reasons.setdefault((name, row["defined_reason"]), []).append(rule)
    note = _("{dash} {indicator}: {reason} ({rules})")
    return [
        note.format(dash=UNDEFINED, indicator=words(known[name]["label"]), reason=reason, rules=listing(rules))
        for (name, reason), rules in reasons.items()
    ]


def _told_apart(compared: Compared) -> Text:
    arms = len(compared.document["rules"])
    text = _(
        "{mark} told apart from the baseline: p < 0.05 after Holm's correction over all {pairs} pairs of rules of the "
        "indicator, the baseline included; leverage and cost: from zero, corrected over the {rules} rules."
    )
    return text.format(mark=MARK, pairs=arms * (arms - 1) // 2, rules=arms - 1)


def _rows_by_key(compared: Compared) -> dict[tuple[str, str], Row]:
    return {(row["rule"], row["indicator"]): row for row in compared.document["table"]}


def _scale(indicator: Row, found: dict[tuple[str, str], Row]) -> int:
    rows = [row for (_rule, name), row in found.items() if name == indicator["id"]]
    figures = ("difference", "low", "high", "baseline_mean")
    return scale_of([row[figure] for row in rows for figure in figures], indicator["unit"])


def _bracketed(unit: Text) -> Text:
    return _("({words})").format(words=unit)


def _unit(indicator: Row, scale: int) -> Text:
    difference = not indicator["quotient"] and indicator["id"] not in LEVELS
    return unit_words(indicator["unit"], per=scale, difference=difference)


def _named(compared: Compared, rule: Row) -> str:
    mark = f" {SKIPPED}" if rule["label"] in compared.skipped_rules else ""
    return f"{said(rule['title'])}{mark}\n{rule['label']}"


def _baseline_cells(indicators: list[Row], found: dict[tuple[str, str], Row], scales: dict[str, int]) -> list[str]:
    cells = []
    for indicator in indicators:
        levels = [row["baseline_mean"] for (_rule, name), row in found.items() if name == indicator["id"]]
        level = next((value for value in levels if value is not None), None)
        percent = "%" if indicator["unit"] == "share" and level is not None else ""
        cells.append(number(level, indicator["unit"], per=scales[indicator["id"]]) + percent)
    return cells


def _cell(row: Row | None, indicator: Row, scale: int, width: int) -> str:
    unit = indicator["unit"]
    if row is not None and indicator["id"] in LEVELS:
        level = row["mean"]
        return UNDEFINED if level is None else number(level, unit) + "%" * (unit == "share")
    if row is None or row["difference"] is None:
        return UNDEFINED
    low, high = row["low"], row["high"]
    figure = number(row["difference"], unit, signed=not indicator["quotient"], per=scale)
    if low is None or high is None:
        return figure
    mark = UNTOLD if row["says_little"] else MARK if row["distinguishable"] else ""
    ends = number(low, unit, per=scale), number(high, unit, per=scale)
    interval = "…".join(ends)
    # A number broken in the middle would be misread, so a long interval is broken between its ends.
    shown = interval if len(interval) <= width else "…\n".join(ends)
    return f"{figure}{mark}\n{shown}"
