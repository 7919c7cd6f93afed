"""Beside the table of a comparison in a terminal: what of each effect is the call, and who gains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from commsim.cli.figures import UNDEFINED, number, unit_words
from commsim.cli.output import plain_table, words
from commsim.i18n import Text, _
from commsim.service.indicators import indicator_facts
from commsim.service.sentences import listing
from commsim.service.words import DIMENSIONS, GROUPS, PART_NAMES, headed

if TYPE_CHECKING:
    from rich.table import Table

    from commsim.service.comparing import Compared

_PERCENT = 100
_POINTS = ("points", "points_low", "points_high")
Row = dict[str, Any]


def split_table(compared: Compared) -> Table | None:
    """One row a rule: its effect on the headline, and what of it is the call, the money and the mechanism; None where
    no effect could be split."""
    found = _split_rows(compared)
    labels = [rule["label"] for rule in compared.document["rules"] if rule["label"] in found]
    labels = [label for label in labels if all(row["difference"] is not None for row in found[label].values())]
    if not labels:
        return None
    shares = {row["rule"]: row for row in compared.document["call_shares"]}
    rows = [[label, *_parts(found[label]), _call_share(shares[label])] for label in labels]
    headings: list[str | Text] = [_("Rule"), _("effect"), *PART_NAMES.values(), _("call, % of effect")]
    return plain_table(headings, rows, numeric=range(1, len(headings)), ids=[0])


def split_notes(compared: Compared) -> list[Text]:
    """What the table of parts shows, why parts are missing, and what the call rests on."""
    found = _split_rows(compared)
    reasons: dict[str, list[str]] = {}
    for label, parts in found.items():
        reason = next((row["defined_reason"] for row in parts.values() if row["defined_reason"]), "")
        if reason:
            reasons.setdefault(reason, []).append(label)
    notes = [_headline_note(compared)] if found else []
    notes += [
        _("{dash} Parts: {reason} ({rules})").format(dash=UNDEFINED, reason=reason, rules=listing(rules))
        for reason, rules in reasons.items()
    ]
    return [*notes, _("{text}.").format(text=words(compared.call))]


def _headline_note(compared: Compared) -> Text:
    indicator = indicator_facts()[compared.document["headline"][0]]
    label = headed(words(indicator["label"]), unit_words(indicator["unit"], difference=True))
    return _(
        "{indicator}, against no fund, in parts with 95% intervals. Call: asking and ballot without a yuan; money: the "
        "same money spent by staff on services, scaled to what the rule paid; mechanism: all the rest."
    ).format(indicator=label)


def _split_rows(compared: Compared) -> dict[str, dict[str, Row]]:
    """The rows of the headline indicator by rule and part."""
    headline = compared.document["headline"][0]
    found: dict[str, dict[str, Row]] = {}
    for row in compared.document["split"]:
        if row["indicator"] == headline:
            found.setdefault(row["rule"], {})[row["part"]] = row
    return found


def _parts(parts: dict[str, Row]) -> list[str]:
    unit = parts["call"]["unit"]
    whole = sum(row["difference"] for row in parts.values())
    return [number(whole, unit, signed=True), *(_with_interval(parts[name], unit) for name in PART_NAMES)]


def _with_interval(row: Row, unit: str) -> str:
    value = number(row["difference"], unit, signed=True)
    if row["low"] is None or row["high"] is None:
        return value
    return f"{value}\n{number(row['low'], unit)}…{number(row['high'], unit)}"


def _call_share(row: Row) -> str:
    if row["share"] is None:
        return UNDEFINED
    share, low, high = (round(_PERCENT * row[end]) for end in ("share", "low", "high"))
    return f"{share}%\n{low}…{high}"


def who_gains_table(compared: Compared, by: str) -> Table:
    """A column a group of residents: adults, share in the baseline, and by rule net drawn in per 100 adults."""
    found = _by_rule(compared, by)
    groups = list(next(iter(found.values()), {}))
    first = next(iter(found.values()), {})
    rows = [
        [str(_("Adults")), *(number(first[group]["adults"], "residents") for group in groups)],
        [str(_("in the baseline, %")), *(number(first[group]["baseline_share"], "share") for group in groups)],
        *([label, *(_points(of_rule[group]) for group in groups)] for label, of_rule in found.items()),
    ]
    headings: list[str | Text] = [DIMENSIONS[by], *(GROUPS[group] for group in groups)]
    return plain_table(headings, rows if found else [], numeric=range(1, len(headings)), ids=[0])


def who_gains_notes(compared: Compared, by: str) -> list[Text]:
    """What is counted, or why there is nothing."""
    if not _by_rule(compared, by):
        return [_("{by}: who took part was not kept resident by resident.").format(by=DIMENSIONS[by])]
    return [_("Rules: net drawn in per 100 adults of the group, below it the 95% interval (not corrected).")]


def _by_rule(compared: Compared, by: str) -> dict[str, dict[str, Row]]:
    """The rows of a dimension by rule and group, in the rules' order."""
    found: dict[str, dict[str, Row]] = {}
    for row in compared.document["who_gains"]:
        if row["by"] == by:
            found.setdefault(row["rule"], {})[row["group"]] = row
    return found


def _points(row: Row) -> str:
    if row["points"] is None:
        return UNDEFINED
    value, low, high = (None if row[end] is None else row[end] / _PERCENT for end in _POINTS)
    shown = number(value, "share", signed=True)
    return shown if low is None else f"{shown}\n{number(low, 'share')}…{number(high, 'share')}"
