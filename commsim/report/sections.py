"""The figures of a comparison's page: trajectories, one point per indicator and rule, committees, projects by stage."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from markupsafe import Markup
from numpy.typing import NDArray

from commsim.i18n import Text, _
from commsim.record.standard_indicators import standard_indicators
from commsim.report import charts
from commsim.report.charts import Bar, Interval, Line, Strip
from commsim.report.number_words import ENDS, Joined, bracket, decimals_for, digits, figure, headed, unit_of
from commsim.report.page_parts import Card, Cell, Figure, Number, NumberTable, Over, Words
from commsim.report.reading import ComparisonLike, Difference, Indicator, RuleName
from commsim.world.margins import MarginComparison, Margins

TRAJECTORIES = {
    "giving_or_starting_share": _(
        "Adults who gave hours, or money that stayed, or started something in the last 12 months, as a share of adults."
    ),
    "light_share": _("Adults who cast a ballot in the fund or came to a meeting, as a share of adults."),
    "volunteer_hours": _("Hours that residents gave in the month."),
    "resident_cash": _("Residents' gifts that reached projects in the month."),
    "public_money": _("What the fund under comparison paid to projects or services in the month."),
    "trust_committee": _("Mean over adults."),
}
"""The indicators drawn by month, each with what its monthly figure counts."""
HEADLINES = (
    "giving_or_starting_share",
    "net_drawn_in",
    "giving_or_starting_share_mean",
    "light_share",
    "volunteer_hours",
    "resident_cash",
    "net_leverage",
    "cost_per_added_participant",
    "fund_used",
    "trust_committee",
    "sense_of_gain",
    "gini_participation",
)
STAGES = ("projects_written", "projects_awarded", "projects_completed", "projects_failed")
MARGINS = {
    "age_sex": _("Age in five-year bands, by sex"),
    "collective": _("Family or collective household"),
    "registration": _("Where residents are registered"),
    "education_sex": _("Education, by sex"),
    "one_person": _("One-person households"),
    "elders": _("Households with members aged 65 and over"),
    "tenure": _("Tenure of the dwelling"),
    "mean_household_size": _("Mean household size (relative difference)"),
}
QUANTILES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)


def trajectory_figures(comparison: ComparisonLike, rules: Sequence[RuleName], mark: int | None) -> list[Figure]:
    """One figure per indicator of `TRAJECTORIES`: a panel per rule, each with the baseline behind it."""
    return [
        trajectory_figure(name, comparison.trajectories(name), rules, mark)
        for name in TRAJECTORIES
        if name in standard_indicators()
    ]


def trajectory_figure(name: str, frame: pd.DataFrame, rules: Sequence[RuleName], mark: int | None) -> Figure:
    """The figure of one indicator from its frame (rule, month, date, mean, low, high); `mark`: the fund's start."""
    indicator = standard_indicators()[name]
    unit = unit_of(indicator.unit)
    lines, dates = rule_lines(frame, rules, unit.factor)
    axis = charts.line_axis(list(lines.values()))
    baseline = rules[0]
    notes = [TRAJECTORIES[name], _("Band: 95% interval of the mean over replicates.")]
    if mark is not None:
        notes.append(_("Dotted line: the fund's first month."))
    cards = [
        Card(
            rule.title,
            Markup(
                charts.line_chart(
                    [lines[baseline.label], lines[rule.label]],
                    dates,
                    title=_("{indicator}: {rule}").format(indicator=indicator.label, rule=rule.title),
                    description=_("By month, {first} to {last}, with {baseline} for comparison.").format(
                        first=dates[0], last=dates[-1], baseline=baseline.title
                    ),
                    axis=axis,
                    mark=mark,
                )
            ),
        )
        for rule in rules[1:]
        if rule.label in lines and baseline.label in lines
    ]
    legend = (
        (Markup(charts.swatch(1)), _("the rule named above the panel")),
        (Markup(charts.swatch(0)), baseline.title),
    )
    return Figure(
        caption=headed(indicator.label, unit.level),
        note=Joined(notes, between=" "),
        cards=cards,
        table=_trajectory_table(lines, dates, [rule for rule in rules if rule.label in lines]),
        legend=legend,
    )


def rule_lines(frame: pd.DataFrame, rules: Sequence[RuleName], factor: float) -> tuple[dict[str, Line], list[str]]:
    """Each rule's line by its label, and the dates of the months, from a frame of trajectories; `factor` scales it."""
    lines: dict[str, Line] = {}
    dates: list[str] = []
    for rule in rules:
        part = frame[frame["rule"].astype(str) == rule.label].sort_values("month", kind="stable")
        if part.empty:
            continue
        dates = [str(date) for date in part["date"]]
        mean, low, high = (part[key].to_numpy(dtype=np.float64) * factor for key in ("mean", "low", "high"))
        if np.nanmin(mean, initial=0.0) >= 0:
            # Nothing that is drawn by month can fall below zero; the t-interval does not know that.
            low = np.maximum(low, 0.0)
        lines[rule.label] = Line(rule.title, mean, low, high, min(rule.style, 1))
    return lines, dates


def _trajectory_table(lines: dict[str, Line], dates: Sequence[str], rules: Sequence[RuleName]) -> NumberTable:
    decimals = decimals_for([float(mean) for line in lines.values() for mean in line.mean])
    parts = [_("mean"), *ENDS]
    head: list[Words | Over] = [_("Month"), *(Over(rule.title, parts) for rule in rules)]
    rows: list[list[Cell]] = [
        [date, *(cell for rule in rules for cell in _level(lines[rule.label], month, decimals))]
        for month, date in enumerate(dates)
    ]
    return NumberTable(head, rows, _("Mean and 95% interval."))


def _level(line: Line, month: int, decimals: int) -> list[Number]:
    mean, low, high = (digits(float(values[month]), decimals) for values in (line.mean, line.low, line.high))
    return [Number(mean), Number(low, faint=True), Number(high, faint=True)]


def interval_figures(indicators: Sequence[Indicator], baseline: Text) -> tuple[Figure, Figure | None]:
    """One point per indicator and rule: the headline indicators, and all others (None where there are none)."""
    drawable = [indicator for indicator in indicators if indicator.drawable]
    first = [indicator for name in HEADLINES for indicator in drawable if indicator.id == name]
    rest = [indicator for indicator in drawable if indicator.id not in HEADLINES]
    note = _("Point: mean paired difference from “{baseline}”. Line: its 95% interval.").format(baseline=baseline)
    headline = _interval_figure(_("Headline indicators"), note, first or rest)
    more = _interval_figure(_("Further indicators"), note, rest) if first and rest else None
    return headline, more


def _interval_figure(caption: Text, note: Text, indicators: Sequence[Indicator]) -> Figure:
    cards = [
        Card(
            headed(indicator.label, indicator.unit.difference),
            Markup(
                charts.interval_chart(
                    _intervals(indicator),
                    title=indicator.label,
                    description=_("One point per rule with its 95% interval; the upright line is zero."),
                )
            ),
        )
        for indicator in indicators
    ]
    rows: list[list[Cell]] = [
        [
            indicator.label,
            difference.rule.title,
            *_cells(indicator, difference),
            indicator.unit.difference,
            Number(str(difference.n)),
        ]
        for indicator in indicators
        for difference in indicator.differences
    ]
    interval = Over(_("95% interval"), ENDS)
    head: list[Words | Over] = [_("Indicator"), _("Rule"), _("Difference"), interval, _("Unit"), _("Replicates")]
    return Figure(caption, note, cards, NumberTable(head, rows), layout="cards")


def _intervals(indicator: Indicator) -> list[Interval]:
    return [
        Interval(
            difference.rule.title,
            difference.value,
            difference.low,
            difference.high,
            " ".join(_numbers(indicator, place)).strip(),
            difference.rule.style,
        )
        for place, difference in enumerate(indicator.differences)
    ]


def _cells(indicator: Indicator, difference: Difference) -> list[Cell]:
    return [
        Number(digits(difference.value, indicator.decimals, signed=not indicator.quotient)),
        Number(digits(difference.low, indicator.decimals), faint=True),
        Number(digits(difference.high, indicator.decimals), faint=True),
    ]


def _numbers(indicator: Indicator, place: int) -> tuple[str, str]:
    difference = indicator.differences[place]
    return (
        figure(difference.value, indicator.decimals, signed=not indicator.quotient),
        bracket(difference.low, difference.high, indicator.decimals),
    )


def committee_figures(frame: pd.DataFrame, rules: Sequence[RuleName]) -> list[Figure]:
    """Who gains: the spread over committees of the change in participation and of public money per resident."""
    return [
        _committee_figure(
            frame,
            rules,
            "participation_difference",
            _("Change in the share of adults who gave or started something by committee, percentage points"),
            _(
                "Each dot is a simulated committee: its mean paired difference over replicates. Upright marks below: "
                "the mean of each group of committees under one simulated street office. The groups are not named, "
                "because a simulated street office is not data about the real one."
            ),
        ),
        _committee_figure(
            frame,
            rules,
            "money_per_resident",
            _("Public money per resident by committee, yuan"),
            _("Each dot is a simulated committee: mean over replicates, whole run. Upright marks as above."),
        ),
    ]


def _committee_figure(frame: pd.DataFrame, rules: Sequence[RuleName], column: str, caption: Text, note: Text) -> Figure:
    strips = committee_strips(frame, rules, column)
    description = _("One row per rule, one dot per committee.")
    wide, narrow = (
        Markup(charts.strip_chart(strips, title=caption, description=description, width=width))
        for width in (1040.0, charts.CARD_WIDTH)
    )
    shares: list[Words] = [_("lowest"), "10%", "25%", _("median"), "75%", "90%", _("highest"), _("above zero, %")]
    return Figure(
        caption,
        note,
        [Card("", wide, narrow)],
        NumberTable([_("Rule"), *shares], [_quantiles(strip) for strip in strips]),
        layout="wide",
    )


def committee_strips(frame: pd.DataFrame, rules: Sequence[RuleName], column: str) -> list[Strip]:
    """A strip per rule (but the baseline) of the values of `column` by committee."""
    parts = [(rule, frame[frame["rule"].astype(str) == rule.label]) for rule in rules[1:]]
    decimals = decimals_for(frame[column].to_list())
    return [_strip(part, rule, column, decimals) for rule, part in parts if len(part)]


def _strip(part: pd.DataFrame, rule: RuleName, column: str, decimals: int) -> Strip:
    values = part[column].to_numpy(dtype=np.float64)
    weight = part["population"].to_numpy(dtype=np.float64)
    groups = _group_means(values, weight, part["subdistrict"].astype(str).to_numpy())
    known = values[np.isfinite(values)]
    middle = float(np.median(known)) if known.size else None
    return Strip(rule.title, values, groups, _("median {value}").format(value=figure(middle, decimals)), rule.style)


def _group_means(
    values: NDArray[np.float64], weight: NDArray[np.float64], groups: NDArray[np.object_]
) -> NDArray[np.float64]:
    """Mean of `values` in each group, counted by `weight`, ascending: sorting them keeps the groups unnamed."""
    known = np.isfinite(values)
    names, place = np.unique(groups[known], return_inverse=True)
    whole = np.bincount(place, weight[known], len(names))
    return np.sort(np.bincount(place, weight[known] * values[known], len(names)) / np.where(whole > 0, whole, 1.0))


def _quantiles(strip: Strip) -> list[Cell]:
    known = strip.values[np.isfinite(strip.values)]
    if not known.size:
        return [strip.label, *(Number("") for _quantile in QUANTILES), Number("")]
    decimals = decimals_for(known.tolist())
    cells = [Number(digits(float(value), decimals)) for value in np.quantile(known, QUANTILES)]
    return [strip.label, *cells, Number(digits(100 * float((known > 0).mean()), 0))]


def project_figure(indicators: Sequence[Indicator], rules: Sequence[RuleName]) -> Figure | None:
    """Projects by stage, a panel per rule; None where the study counted no projects."""
    stages = [indicator for name in STAGES for indicator in indicators if indicator.id == name]
    if not stages:
        return None
    levels = {rule.label: [_stage_level(stage, rule) for stage in stages] for rule in rules[1:]}
    decimals = decimals_for([level for row in levels.values() for level in row])
    bars = {
        rule.label: [
            Bar(stage.label, level, figure(level, decimals), rule.style)
            for stage, level in zip(stages, levels[rule.label], strict=True)
        ]
        for rule in rules[1:]
    }
    axis = charts.bar_axis([bar for row in bars.values() for bar in row])
    title = _("Projects by stage")
    cards = [
        Card(
            rule.title,
            Markup(
                charts.bar_chart(
                    bars[rule.label],
                    title=_("{indicator}: {rule}").format(indicator=title, rule=rule.title),
                    description=_("One bar per stage, on the same scale for every rule."),
                    axis=axis,
                )
            ),
        )
        for rule in rules[1:]
    ]
    rows: list[list[Cell]] = [
        [rule.title, *(Number(digits(level, decimals)) for level in levels[rule.label])] for rule in rules[1:]
    ]
    table = NumberTable([_("Rule"), *(stage.label for stage in stages)], rows)
    note = _("Mean over replicates of the projects of the fund under comparison, over the whole run.")
    return Figure(title, note, cards, table)


def _stage_level(indicator: Indicator, rule: RuleName) -> float | None:
    return next((difference.mean for difference in indicator.differences if difference.rule.label == rule.label), None)


def census_table(margins: Margins, compared: Sequence[MarginComparison]) -> NumberTable:
    """How far the made population is from each census margin: total variation in percent."""
    rows: list[list[Cell]] = []
    for margin in compared:
        question = margins.questions.get(margin.id)
        base: Text | str = question.base if question else _("family households")
        rows.append([MARGINS.get(margin.id, margin.id), base, Number(digits(100 * margin.total_variation, 3))])
    sources = tuple(dict.fromkeys(question.source for question in margins.questions.values()))
    note = _("Census margins are interpolated to {year}.").format(year=margins.year)
    return NumberTable([_("Census margin"), _("Counted among"), _("Total variation, %")], rows, note, sources)
