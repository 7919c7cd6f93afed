"""What of each rule's effect is the call, the money and the mechanism: in words, as tables and as a chart of bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from commsim.i18n import Text, _
from commsim.record.standard_indicators import standard_indicators
from commsim.report import charts
from commsim.report.number_words import ENDS, Joined, bracket, decimals_for, digits, figure, headed, scaled, unit_of
from commsim.report.page_parts import Card, Cell, Figure, Number, NumberTable, Over, Words
from commsim.report.reading import ComparisonLike, RuleName, bilingual
from commsim.report.stacked_chart import Stack, stacked_chart
from commsim.study.split import PARTS, SHARE_COLUMNS

HEADLINE = "giving_or_starting_share"
SHOWN = (HEADLINE, "net_drawn_in", "light_share", "volunteer_hours")
"""Indicators whose effects are split on the page; all others stand in `summary-split.parquet`."""
CALL_PARAMETER = "mobilisation.call"
NAMES = {"call": _("call"), "money": _("money"), "mechanism": _("mechanism")}
_STYLES = (2, 3, 1)

HOW = _(
    "Call: the same calendar of asking and the same ballot without a yuan, minus no fund. Money: the same money spent "
    "by staff on services, minus no fund, scaled to what the rule paid out. Mechanism: all the rest. Each is a mean "
    "over replicates on the same residents and luck with its 95% interval; the three add up to the effect against no "
    "fund."
)
_CALL = _(
    "The only extra asking that an open round brings, beyond what initiators and named staff hours do, is the "
    "parameter {parameter}{value}; 1 is none, and then the call without money changes light participation only"
)


@dataclass(frozen=True)
class Part:
    """A part of an effect in the unit shown; None where it is undefined."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    reason: Text | str


Split = Mapping[str, Mapping[str, Part]]
"""By rule and part."""


def call_of(scenario: Any) -> float | None:
    """How much more is asked in an open round than initiators and staff hours account for; None where unknown."""
    parameters = scenario.parameters
    return float(parameters[CALL_PARAMETER]) if CALL_PARAMETER in parameters else None


def call_text(scenario: Any) -> Text:
    """What the extra asking of an open round rests on, with the value that it has."""
    value = call_of(scenario)
    return _CALL.format(parameter=CALL_PARAMETER, value="" if value is None else f" = {value:g}")


def split_of(comparison: ComparisonLike, indicator: str) -> Split:
    """The parts of every rule's effect in an indicator, in the unit shown and with reasons in both languages."""
    factor = unit_of(standard_indicators()[indicator].unit).factor
    found: dict[str, dict[str, Part]] = {}
    for row in bilingual(lambda: comparison.split(indicator)).to_dict("records"):
        value, low, high = scaled([row["difference"], row["low"], row["high"]], factor)
        part = Part(value, low, high, int(row["n"]), row["defined_reason"])
        found.setdefault(str(row["rule"]), {})[str(row["part"])] = part
    return found


def split_tables(comparison: ComparisonLike, rules: Sequence[RuleName]) -> list[tuple[Text, NumberTable]]:
    """A table of parts, with its caption, for each indicator of `SHOWN`; none where no effect is split."""
    tables = []
    for name in SHOWN:
        indicator = standard_indicators()[name]
        found = split_of(comparison, name)
        if found:
            tables.append((headed(indicator.label, unit_of(indicator.unit).difference), _table(found, rules)))
    return tables


def _table(found: Split, rules: Sequence[RuleName]) -> NumberTable:
    shown = [rule for rule in rules if rule.label in found]
    parts = [part for rule in shown for part in found[rule.label].values()]
    decimals = decimals_for([end for part in parts for end in (part.value, part.low, part.high)])
    heads: list[Words | Over] = [Over(NAMES[part], [_("mean"), *ENDS]) for part in PARTS]
    rows = [_row(rule, found[rule.label], decimals) for rule in shown]
    reasons = [
        Text("{rule}: {reason}", {"rule": rule.title, "reason": reason}) for rule, reason in _reasons(shown, found)
    ]
    return NumberTable([_("Rule"), _("effect"), *heads], rows, Joined(reasons) if reasons else "")


def _row(rule: RuleName, parts: Mapping[str, Part], decimals: int) -> list[Cell]:
    cells: list[Cell] = [rule.title, Number(digits(_sum(parts), decimals, signed=True), clear=True)]
    for name in PARTS:
        part = parts[name]
        cells.append(Number(digits(part.value, decimals, signed=True)))
        cells += [Number(digits(end, decimals), faint=True) for end in (part.low, part.high)]
    return cells


def _sum(parts: Mapping[str, Part]) -> float | None:
    values = [parts[name].value for name in PARTS]
    return None if None in values else sum(value for value in values if value is not None)


def _reasons(rules: Sequence[RuleName], found: Split) -> list[tuple[RuleName, Text | str]]:
    """Why numbers are missing, or are all 0: once a rule."""
    told = [
        (rule, next((part.reason for part in found[rule.label].values() if str(part.reason)), "")) for rule in rules
    ]
    return [(rule, reason) for rule, reason in told if str(reason)]


def split_figure(comparison: ComparisonLike, rules: Sequence[RuleName]) -> Figure | None:
    """A bar per rule in its three parts, of the headline indicator; None where no effect is split."""
    indicator = standard_indicators()[HEADLINE]
    found = split_of(comparison, HEADLINE)
    shown = [rule for rule in rules if rule.label in found and _sum(found[rule.label]) is not None]
    if not shown:
        return None
    decimals = decimals_for([part.value for rule in shown for part in found[rule.label].values()])
    stacks = [_stack(rule, found[rule.label], decimals) for rule in shown]
    title = _("What of each effect is the call, the money and the mechanism")
    wide, narrow = (
        Markup(stacked_chart(stacks, title=title, description=_("One bar per rule, in three parts."), width=width))
        for width in (1040.0, charts.CARD_WIDTH)
    )
    legend = [(Markup(charts.swatch(style, bar=True)), NAMES[part]) for part, style in zip(PARTS, _STYLES, strict=True)]
    caption = headed(indicator.label, unit_of(indicator.unit).difference)
    note = _("Numbers: call / money / mechanism. Parts above zero stand to the right of it, parts below to the left.")
    return Figure(caption, note, [Card("", wide, narrow)], None, legend, layout="wide")


def _stack(rule: RuleName, parts: Mapping[str, Part], decimals: int) -> Stack:
    return Stack(rule.title, [parts[name].value for name in PARTS], _slashed(parts, decimals), _STYLES)


def call_statements(comparison: ComparisonLike, rules: Sequence[RuleName]) -> list[Text]:
    """For each rule which share of its effect is the call, and what the call itself rests on."""
    titles = {rule.label: rule.title for rule in rules}
    frame = bilingual(comparison.call_shares)
    shares = [_share(titles[str(row["rule"])], row) for row in frame[SHARE_COLUMNS].to_dict("records")]
    told = [_("Share of the net drawn in that is the call: {shares}.").format(shares=Joined(shares))] if shares else []
    return [*_in_three(comparison, rules), *told, _("{text}.").format(text=call_text(comparison.scenario))]


def _in_three(comparison: ComparisonLike, rules: Sequence[RuleName]) -> list[Text]:
    """The three parts of each rule's effect on the headline, in one sentence; none where no effect could be split."""
    found = split_of(comparison, HEADLINE)
    shown = [rule for rule in rules if rule.label in found and _sum(found[rule.label]) is not None]
    if not shown:
        return []
    decimals = decimals_for([part.value for rule in shown for part in found[rule.label].values()])
    each = [
        Text("{rule} {parts}", {"rule": rule.title, "parts": _slashed(found[rule.label], decimals)}) for rule in shown
    ]
    text = _(
        "Of the effect on the share of adults who give or start something, in percentage points, the call, the money "
        "and the mechanism are: {rules}."
    )
    return [text.format(rules=Joined(each))]


def _slashed(parts: Mapping[str, Part], decimals: int) -> str:
    return " / ".join(figure(parts[name].value, decimals, signed=True) for name in PARTS)


def _share(title: Text, row: Mapping[Any, Any]) -> Text:
    share, low, high = scaled([row["share"], row["low"], row["high"]], 100.0)
    if share is None:
        return _("{rule}: not defined ({reason})").format(rule=title, reason=row["defined_reason"])
    words = {"value": figure(share, 0), "interval": bracket(low, high, 0)}
    return Text("{rule} {value}% {interval}", {"rule": title, **words})
