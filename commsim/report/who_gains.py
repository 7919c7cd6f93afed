"""Who gains by what residents are: one compact table per dimension, groups down and rules across."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from commsim.i18n import Text, _
from commsim.record.people_record import KINDS
from commsim.report.number_words import ENDS, decimals_for, digits, number_or_none
from commsim.report.page_parts import Cell, Number, NumberTable, Over, Words
from commsim.report.reading import ComparisonLike, RuleName

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
    shown = [rule for rule in rules if any(label == rule.label for label, _group in found)]
    ends = ("points", "points_low", "points_high")
    decimals = decimals_for([number_or_none(row[end]) for row in rows for end in ends])
    head: list[Words | Over] = [_("Group"), _("adults"), _("in the baseline, %")]
    head += [Over(rule.title, [_("points"), *ENDS]) for rule in shown]
    lines = [_line(group, [found[rule.label, group] for rule in shown], decimals) for group in KINDS[by]]
    return NumberTable(head, lines)


def _line(group: str, rows: Sequence[Mapping[Any, Any]], decimals: int) -> list[Cell]:
    share = number_or_none(rows[0]["baseline_share"])
    cells: list[Cell] = [
        GROUPS[group],
        Number(digits(number_or_none(rows[0]["adults"]), 0)),
        Number(digits(None if share is None else 100 * share, 1)),
    ]
    for row in rows:
        low, high = (digits(number_or_none(row[end]), decimals) for end in ("points_low", "points_high"))
        value = digits(number_or_none(row["points"]), decimals, signed=True)
        cells += [Number(value), Number(low, faint=True), Number(high, faint=True)]
    return cells
