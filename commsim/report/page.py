"""The self-contained page of a comparison: everything in one file, both languages, no request to anywhere."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from commsim.i18n import LANGUAGES, Text, _, counted, current_language, translated_if_known
from commsim.randomness import Draws
from commsim.report import caveats
from commsim.report.answer import PARTICIPANTS, answer
from commsim.report.number_words import ENDS, Joined, digits, figure
from commsim.report.page_parts import (
    DifferenceCell,
    DifferenceRow,
    DifferenceTable,
    Number,
    NumberTable,
    RuleDescription,
)
from commsim.report.page_words import ACTS, LEVELS
from commsim.report.pairwise import TOO_FEW, few_replicates, pair_tables, pairs_of
from commsim.report.parts_of_effects import HOW as SPLIT_HOW
from commsim.report.parts_of_effects import call_statements, split_figure, split_tables
from commsim.report.reading import ComparisonLike, Difference, Indicator, RuleName, indicators, rule_names
from commsim.report.sections import (
    census_table,
    committee_figures,
    interval_figures,
    project_figure,
    trajectory_figures,
)
from commsim.report.svg import both as both_words
from commsim.report.svg import in_words
from commsim.report.who_gains import HOW as GAINS_HOW
from commsim.report.who_gains import who_gains_tables
from commsim.study.skipped import MARK as SKIPPED

if TYPE_CHECKING:
    from jinja2 import Environment

TOO_FEW_RUN_MORE = _("{verdict}: run more").format(verdict=TOO_FEW)
TEMPLATE_FOLDER = Path(__file__).parent / "templates"


def show(text: Text | str | Markup) -> Markup:
    """A text as HTML in both languages (`<span class="en">`, `<span class="zh">`), once where they do not differ."""
    if isinstance(text, Markup):
        return text
    words = [in_words(text, language) for language in LANGUAGES]
    if not isinstance(text, Text):
        return escape(words[0])
    return Markup("").join(
        Markup('<span class="{0}" lang="{0}">{1}</span>').format(language, word)
        for language, word in zip(LANGUAGES, words, strict=True)
    )


@cache
def environment() -> Environment:
    """The template environment: autoescaping, undefined names are errors, filter `show` for texts."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(TEMPLATE_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["show"] = show
    made.filters["both"] = both_words
    # Marking texts here, not in templates, keeps them lazy; the templates only place them.
    made.globals |= {"_": _, "counted": counted, "ENDS": ENDS}
    return made


def comparison_page(comparison: ComparisonLike, files: Sequence[str] = ()) -> str:
    """The whole page of a comparison as HTML. The same comparison gives the same bytes.

    `files`: names of tables beside the page, which it links.
    """
    rules = rule_names(comparison)
    found = indicators(comparison, rules)
    baseline = rules[0]
    pairs = pairs_of(comparison, PARTICIPANTS)
    headline, further = interval_figures(found, baseline.title)
    return (
        environment()
        .get_template("comparison.html.j2")
        .render(
            language=current_language(),
            title=_("Ways of handing out one community fund, compared"),
            scenario=comparison.scenario,
            caveats=caveats.of(comparison.scenario),
            answer=[
                *answer(found, baseline.title, pairs, comparison.alike()),
                Joined(call_statements(comparison, rules), between=" "),
            ],
            scarcity=comparison.scarcity_text(),
            acts=Joined([ACTS, *levels_without(found, baseline.title)], between=" "),
            split_tables=split_tables(comparison, rules),
            split_figure=split_figure(comparison, rules),
            split_how=SPLIT_HOW,
            gains=who_gains_tables(comparison, rules),
            gains_how=GAINS_HOW,
            pair_tables=pair_tables(comparison, found, rules),
            few_replicates=few_replicates(pairs),
            differences=difference_table(found, rules, comparison.skipped_rules()),
            trajectories=trajectory_figures(comparison, rules, fund_opens(comparison.scenario)),
            headline=headline,
            further=further,
            committees=committee_figures(comparison.by_committee(), rules),
            projects=project_figure(found, rules),
            rules=rule_descriptions(comparison, rules),
            how=how_it_was_run(comparison, rules),
            commands=[repeat_command(comparison, rules)],
            census=census_check(comparison),
            failures=len(comparison.failures),
            skipped=comparison.skipped_text(),
            skipped_mark=SKIPPED,
            files=files,
        )
    )


def levels_without(found: Sequence[Indicator], baseline: Text) -> list[Text]:
    """What share gives or starts something in the baseline, and what share acts at all by the old measure."""
    levels = {indicator.id: indicator.baseline for indicator in found}
    new, old = levels.get("giving_or_starting_share"), levels.get("active_share")
    if new is None or old is None:
        return []
    return [LEVELS.format(baseline=baseline, new=figure(new, 1), old=figure(old, 1))]


def difference_table(
    found: Sequence[Indicator], rules: Sequence[RuleName], skipped: Collection[str] = ()
) -> DifferenceTable:
    """Paired differences of every rule in every indicator, with numbered notes on what is undefined and why.

    Rules whose label is among `skipped` (rounds were passed over because they failed) are marked.
    """
    notes: list[Text | str] = []
    sizes = {
        difference.n for indicator in found for difference in indicator.differences if difference.value is not None
    }
    common = sizes.pop() if len(sizes) == 1 else None
    rows = [
        DifferenceRow(
            label=indicator.label,
            doc=indicator.doc,
            unit=_unit(indicator),
            baseline=Number(digits(indicator.baseline, indicator.level_decimals)),
            cells=[_cell(indicator, difference, notes, common) for difference in indicator.differences],
            quotient=indicator.quotient,
        )
        for indicator in found
    ]
    titles = [_marked(rule) if rule.label in skipped else rule.title for rule in rules]
    return DifferenceTable(titles[0], titles[1:], rows, notes, common)


def _marked(rule: RuleName) -> Text:
    return Text("{title} {mark}", {"title": rule.title, "mark": SKIPPED})


def _cell(indicator: Indicator, difference: Difference, notes: list[Text | str], common: int | None) -> DifferenceCell:
    if difference.value is None:
        return _undefined_cell(indicator, difference, notes)
    bounded = difference.low is not None and difference.high is not None
    sign = "" if indicator.quotient else "▲" if difference.rises else "▼" if difference.falls else ""
    note = _note(TOO_FEW_RUN_MORE, notes) if difference.little else "" if bounded else _note(difference.reason, notes)
    value = digits(difference.value, indicator.decimals, signed=not indicator.quotient)
    low, high = (Number(digits(end, indicator.decimals), faint=True) for end in (difference.low, difference.high))
    return DifferenceCell(Number(value, f"{sign}{note}", clear=bool(sign)), low, high, _replicates(difference, common))


def _replicates(difference: Difference, common: int | None) -> Number:
    return Number("" if difference.n == common else str(difference.n), faint=True)


def _undefined_cell(indicator: Indicator, difference: Difference, notes: list[Text | str]) -> DifferenceCell:
    none = Number("", faint=True)
    if difference.mean is None or indicator.quotient:
        return DifferenceCell(Number("", _note(difference.reason, notes)), none, none, none)
    reason = _("{reason}; the level is shown instead").format(reason=difference.reason)
    level = digits(difference.mean, indicator.level_decimals)
    return DifferenceCell(Number(level, _note(reason, notes)), none, none, none)


def _note(reason: Text | str, notes: list[Text | str]) -> str:
    if reason not in notes:
        notes.append(reason)
    return _raised(notes.index(reason) + 1)


def _raised(number: int) -> str:
    """A number in raised figures, as marks of notes are."""
    return str(number).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _unit(indicator: Indicator) -> Text:
    """The unit of a row; where levels have another one than differences, both."""
    unit = indicator.unit
    if indicator.quotient or unit.level == unit.difference:
        return unit.level
    return _("{level}, differences in {difference}").format(level=unit.level, difference=unit.difference)


def rule_descriptions(comparison: ComparisonLike, rules: Sequence[RuleName]) -> list[RuleDescription]:
    """Title, summary, parameters and source of each rule as it was compared."""
    arms = {arm.label: arm for arm in comparison.arms}
    return [_describe(rule, arms[rule.label]) for rule in rules]


def _describe(rule: RuleName, arm: Any) -> RuleDescription:
    parameters = [
        (
            name,
            _with_unit(value, facts.get("unit") or ""),
            facts.get("doc", ""),
        )
        for name, value in arm.parameters
        for facts in (arm.facts.get(name, {}),)
    ]
    return RuleDescription(
        rule.title, rule.label, arm.summary, parameters, translated_if_known(arm.source) if arm.source else ""
    )


def _with_unit(value: Any, unit: str) -> Text | str:
    """A parameter's value with its unit; words such as "none" have none."""
    if value is None or isinstance(value, bool):
        return _value(value)
    return Text("{value} {unit}", {"value": _value(value), "unit": translated_if_known(unit)})


def _value(value: Any) -> Text | str:
    if value is None:
        return _("none")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def how_it_was_run(comparison: ComparisonLike, rules: Sequence[RuleName]) -> list[tuple[Text, Text | str]]:
    """What one has to know to repeat the comparison, as (name, value)."""
    scenario = comparison.scenario
    last = scenario.month_date(scenario.months - 1)
    fund = scenario.fund_under_comparison
    facts: list[tuple[Text, Text | str]] = [
        (_("Scenario"), _("{title} ({name})").format(**{"title": scenario.title, "name": scenario.name})),
        (_("Simulated months"), f"{scenario.start} – {last}"),
        (_("Fund under comparison"), fund.name),
        (_("Baseline"), rules[0].title),
        (_("Replicates"), str(comparison.replicates)),
        (_("Seed"), str(comparison.seed)),
        (_("Scenario digest (SHA-256)"), digest(scenario)),
    ]
    return facts


def digest(scenario: Any) -> str:
    """SHA-256 of the resolved scenario's text."""
    from commsim.scenario import dump_resolved

    return hashlib.sha256(dump_resolved(scenario).encode()).hexdigest()


def repeat_command(comparison: ComparisonLike, rules: Sequence[RuleName]) -> str:
    """The command that makes the same comparison again: all its arms are named, counterfactuals too."""
    chosen = " ".join(f"--rule {rule.label}" for rule in rules[1:])
    return (
        f"commsim compare {comparison.scenario.name} {chosen} --baseline {rules[0].label} "
        f"--no-counterfactuals --replicates {comparison.replicates} --seed {comparison.seed}"
    )


def fund_opens(scenario: Any) -> int | None:
    """The month of the run in which the fund under comparison starts; None where that is the first month."""
    fund = scenario.fund_under_comparison
    month = int(scenario.month_of(fund.starts)) if fund.starts else 0
    return month if month > 0 else None


def census_check(comparison: ComparisonLike) -> NumberTable:
    """The residents of the first replicate, made again and recounted against every census margin."""
    from commsim.world.margins import compare
    from commsim.world.population import make_population

    columns, addresses, margins = make_population(comparison.scenario, Draws(comparison.seed, 0))
    return census_table(margins, compare(margins, columns, addresses))
