"""Who gains by what residents are: one compact table per dimension, rules down and groups across."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from commsim.i18n import Text, _
from commsim.record.people_record import KINDS
from commsim.report.number_words import ENDS, decimals_for, digits, number_or_none, scaled
from commsim.report.page_parts import Cell, Number, NumberTable, Over, Words
from commsim.report.reading import ComparisonLike, RuleName
from commsim.study.counterfactuals import CALL_ONLY

_ENDS = ("points", "points_low", "points_high")

DIMENSIONS: dict[str, Text] = {
    "committee_size": _("Size of the committee"),
    "estate_type": _("Type of estate"),
    "leader": _("Leader of the building"),
    "need_fifth": _("Need, in fifths of the residents"),
    "age": _("Age"),
    "sex": _("Sex"),
    "registration": _("Where registered"),
    "tenure": _("Tenure"),
}
"""Dimensions in the order shown; their groups are those of `KINDS`."""
GROUPS: dict[str, Text] = {
    "18_39": _("18–39"),
    "40_59": _("40–59"),
    "60_plus": _("60 and over"),
    "men": _("men"),
    "women": _("women"),
    "registered_here": _("registered here"),
    "registered_elsewhere": _("registered elsewhere"),
    "owners": _("owners"),
    "tenants": _("tenants and others"),
    "least": _("least need"),
    "second": _("second fifth"),
    "third": _("third fifth"),
    "fourth": _("fourth fifth"),
    "most": _("most need"),
    "lanes": _("lanes"),
    "former_public": _("former public housing"),
    "commercial": _("commercial housing"),
    "collective": _("collective"),
    "no_leader": _("no leader"),
    "leader": _("a leader"),
    "established_leader": _("an established leader"),
    "small": _("small"),
    "middle": _("middle"),
    "large": _("large"),
}
HOW = _(
    "Net drawn in: adults who gave or started something in the last 12 months with the rule, less those who did in the "
    "baseline, per 100 adults of the group, with its 95% interval over replicates (not corrected)."
)


def who_gains_tables(comparison: ComparisonLike, rules: Sequence[RuleName]) -> list[tuple[Text, NumberTable]]:
    """A table, with its caption, for each dimension of which something is known."""
    tables = []
    for by, caption in DIMENSIONS.items():
        rows = comparison.who_gains(by).to_dict("records")
        if rows:
            tables.append((caption, _table(by, rows, rules)))
    return tables


def _table(by: str, rows: Sequence[Mapping[Any, Any]], rules: Sequence[RuleName]) -> NumberTable:
    found = {(str(row["rule"]), str(row["group"])): row for row in rows}
    shown = [rule for rule in rules if rule.id != CALL_ONLY and any(label == rule.label for label, _group in found)]
    decimals = decimals_for([number_or_none(row[end]) for row in rows for end in _ENDS])
    head: list[Words | Over] = [_("Rule"), *(Over(GROUPS[group], [_("points"), *ENDS]) for group in KINDS[by])]
    first = [found[shown[0].label, group] for group in KINDS[by]]
    levels: list[list[Cell]] = [
        [_("Adults"), *_levels(first, "adults", 1.0, 0)],
        [_("in the baseline, %"), *_levels(first, "baseline_share", 100.0, 1)],
    ]
    lines = [_line(rule, [found[rule.label, group] for group in KINDS[by]], decimals) for rule in shown]
    return NumberTable(head, [*levels, *lines])


def _levels(rows: Sequence[Mapping[Any, Any]], column: str, factor: float, decimals: int) -> list[Cell]:
    """What each group is in the baseline; the places of intervals stay empty."""
    cells: list[Cell] = []
    for value in scaled([row[column] for row in rows], factor):
        cells += [Number(digits(value, decimals)), Number("", faint=True), Number("", faint=True)]
    return cells


def _line(rule: RuleName, rows: Sequence[Mapping[Any, Any]], decimals: int) -> list[Cell]:
    cells: list[Cell] = [rule.title]
    for row in rows:
        value, low, high = (number_or_none(row[end]) for end in _ENDS)
        cells.append(Number(digits(value, decimals, signed=True)))
        cells += [Number(digits(end, decimals), faint=True) for end in (low, high)]
    return cells
