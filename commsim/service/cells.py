"""What a notebook's cell and a Python prompt show of a run or a comparison: the headline, never the whole of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from commsim.i18n import Text, _, counted
from commsim.record import RunResult, standard_indicators
from commsim.report.number_words import UNDEFINED, bracket, decimals_for, figure, headed, number_or_none, unit_of
from commsim.report.pairwise import APART
from commsim.report.reading import Difference, Indicator, RuleName, indicators, rule_names
from commsim.study.comparison import Comparison

HEADLINE = ("giving_or_starting_share", "volunteer_hours", "fund_used", "net_leverage", "cost_per_added_participant")
"""Indicators of a comparison that a cell shows; all of them are in `.table()`."""
OF_ONE_RUN = (
    "giving_or_starting_share",
    "light_share",
    "volunteer_hours",
    "resident_cash",
    "public_money",
    "projects_completed",
)
MOST_RULES = 15
"""Rules that a cell lists; of the others it gives the number."""
_NO_EFFECT_MEASURED = _(
    "No study measures the causal effect of self-governance money on participation; behaviour is borrowed."
)
_STYLE = "text-align:right;padding:2px 8px"


def run_line(result: RunResult) -> str:
    """One run in a line or two."""
    told = [f"{label}: {value}" for label, value in _levels(result)]
    return f"<{_run_title(result)}>\n  " + "\n  ".join(told)


def run_cell(result: RunResult) -> str:
    """One run as HTML: its headline indicators, and where the rest is."""
    rows = [_row([escape(label)], [escape(value)]) for label, value in _levels(result)]
    more = _("All indicators: .table(); by month: .monthly; also .projects, .ledger, .accounts, .plot(), .write()")
    return _cell_of(_run_title(result), rows, [more, _NO_EFFECT_MEASURED])


def comparison_line(comparison: Comparison) -> str:
    """A comparison in a few lines: what each rule changes in the share of adults who give or start something."""
    people, *_others = _found(comparison)
    lines = [f"{difference.rule.label}: {_shown(difference, people)}" for difference in people.differences[:MOST_RULES]]
    heading = f"<{_comparison_title(comparison)}>"
    return "\n  ".join([heading, str(headed(people.label, people.unit.difference)), *lines, *_rest(comparison)])


def comparison_cell(comparison: Comparison) -> str:
    """A comparison as HTML: rules against the baseline in the headline indicators, what failed, how to read it."""
    found = _found(comparison)
    rules = rule_names(comparison)
    head = "".join(
        f'<th style="{_STYLE}">{escape(str(headed(indicator.label, _unit(indicator))))}</th>' for indicator in found
    )
    rows = [f"<tr><th></th>{head}</tr>", _baseline_row(rules[0], found)]
    rows += [_rule_row(rule, found) for rule in rules[1 : MOST_RULES + 1]]
    return _cell_of(_comparison_title(comparison), rows, [*_rest(comparison), *_notes(comparison)])


def _found(comparison: Comparison) -> list[Indicator]:
    by_name = {indicator.id: indicator for indicator in indicators(comparison, rule_names(comparison))}
    return [by_name[name] for name in HEADLINE]


def _run_title(result: RunResult) -> Text:
    text = _("{scenario}: {months} months under {rule} ({title}), seed {seed}")
    return text.format(
        scenario=result.scenario.name, months=result.months, rule=result.rule, title=result.title, seed=result.seed
    )


def _levels(result: RunResult) -> Iterable[tuple[str, str]]:
    """Name and value of the headline indicators of a run."""
    for name in OF_ONE_RUN:
        indicator = standard_indicators()[name]
        unit = unit_of(indicator.unit)
        value = number_or_none(result.values[name])
        shown = None if value is None else value * unit.factor
        decimals = 0 if shown is None or shown.is_integer() else decimals_for([shown])
        yield str(headed(indicator.label, unit.level)), figure(shown, decimals)


def _comparison_title(comparison: Comparison) -> Text:
    text = _("{scenario}: paired differences from {baseline}, {replicates}, seed {seed}")
    replicates = counted("{n} replicate", "{n} replicates", comparison.replicates)
    return text.format(
        scenario=comparison.scenario.name,
        baseline=comparison.baseline,
        replicates=replicates,
        seed=comparison.seed,
    )


def _rest(comparison: Comparison) -> list[str]:
    left = len(comparison.rules) - 1 - MOST_RULES
    return [str(_("… and {more} more").format(more=left))] if left > 0 else []


def _notes(comparison: Comparison) -> list[Text]:
    mark = _(
        "First row: the baseline's own levels; below it differences from the baseline with 95% intervals (leverage, "
        "cost and use of the fund: the figure itself). {mark} told apart after Holm's correction."
    )
    told = [comparison.failed_text(), comparison.skipped_text()]
    more = _("All indicators: .table(); each pair: .pairwise(); also .plot(), .to_excel(), .write()")
    return [mark.format(mark=APART), *(text for text in told if text is not None), more, _NO_EFFECT_MEASURED]


def _unit(indicator: Indicator) -> Text:
    return indicator.unit.level if _is_level(indicator) else indicator.unit.difference


def _is_level(indicator: Indicator) -> bool:
    """Whether the rule's own figure is shown: a baseline without a fund has none to differ from."""
    return indicator.id == "fund_used"


def _baseline_row(rule: RuleName, found: Sequence[Indicator]) -> str:
    levels = [figure(indicator.baseline, indicator.level_decimals) + _sign(indicator) for indicator in found]
    return _row(_rule_name(rule), levels)


def _sign(indicator: Indicator) -> str:
    return indicator.unit.sign if indicator.baseline is not None else ""


def _rule_row(rule: RuleName, found: Sequence[Indicator]) -> str:
    cells = []
    for indicator in found:
        mine = next((each for each in indicator.differences if each.rule.label == rule.label), None)
        cells.append(UNDEFINED if mine is None else _shown(mine, indicator))
    return _row(_rule_name(rule), cells)


def _rule_name(rule: RuleName) -> list[str]:
    return [escape(str(rule.title)), f"<code>{escape(rule.label)}</code>"]


def _shown(difference: Difference, indicator: Indicator) -> str:
    if _is_level(indicator):
        return figure(difference.mean, indicator.level_decimals)
    value = figure(difference.value, indicator.decimals, signed=not indicator.quotient)
    mark = APART if difference.apart else ""
    return f"{value}{mark} {bracket(difference.low, difference.high, indicator.decimals)}".rstrip()


def _row(name: Sequence[str], cells: Sequence[str]) -> str:
    shown = "".join(f'<td style="{_STYLE}">{cell}</td>' for cell in cells)
    return f'<tr><th style="text-align:left">{"<br>".join(name)}</th>{shown}</tr>'


def _cell_of(title: Text, rows: Sequence[str], notes: Sequence[Text | str]) -> str:
    told = "".join(f"<p style='margin:2px 0'>{escape(str(note))}</p>" for note in notes)
    return f"<div><p><b>{escape(str(title))}</b></p><table>{''.join(rows)}</table>{told}</div>"
