"""The small page of a single run: its figures, its months, its projects, its money."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from commsim.community.projects import SkippedRound
from commsim.community.purposes import Purpose
from commsim.i18n import Bilingual, Text, _, current_language
from commsim.money import FEN_PER_YUAN
from commsim.record.standard_indicators import standard_indicators
from commsim.record.stories import stories_of_run
from commsim.report import caveats, charts
from commsim.report.charts import Bar, Line
from commsim.report.number_words import decimals_for, digits, figure, headed, scaled, unit_of
from commsim.report.page import digest, environment
from commsim.report.page_parts import Card, Cell, Figure, Number, NumberTable
from commsim.report.run_words import STAGE_NAMES
from commsim.report.sections import TRAJECTORIES
from commsim.report.stories import ToldProject, most_drawing, through_table, told
from commsim.study.skipped import skipped_text

if TYPE_CHECKING:
    from commsim.record import RunResult

STORIES_TOLD = 3
"""Projects whose story the page tells: those that drew most people."""
ROUNDS_SHOWN = 20
"""Most skipped rounds that the page lists."""

PURPOSE_NAMES = {
    Purpose.APPROPRIATION.value: Bilingual(en="appropriation to the purses", zh="拨入各项资金"),
    Purpose.LAPSE.value: Bilingual(en="lapse at the year's end", zh="年末结余收回"),
    Purpose.GIVING_CAPACITY.value: Bilingual(en="what residents could give", zh="居民可捐款额"),
    Purpose.UNUSED_CAPACITY.value: Bilingual(en="what residents kept", zh="居民未捐出部分"),
    Purpose.PLEDGE.value: Bilingual(en="residents' pledges", zh="居民认捐"),
    Purpose.REFUND.value: Bilingual(en="pledges given back", zh="认捐退还"),
    Purpose.GIFT.value: Bilingual(en="residents' gifts to projects", zh="居民捐款进入项目"),
    Purpose.AWARD.value: Bilingual(en="public money to projects and services", zh="公共资金拨付项目和服务"),
    Purpose.REBATE.value: Bilingual(en="rebates to residents", zh="返还居民"),
    Purpose.BONUS.value: Bilingual(en="bonuses to donors of projects that failed", zh="项目未成时给捐款人的补偿金"),
    Purpose.PARTNER_GIFT.value: Bilingual(en="local units' gifts", zh="驻区单位出资"),
    Purpose.SPENDING.value: Bilingual(en="projects' spending", zh="项目支出"),
    Purpose.RETURN.value: Bilingual(en="unspent money returned", zh="未用资金退回"),
}


def run_page(result: RunResult, files: Sequence[str] = ()) -> str:
    """The whole page of one run as HTML. The same run gives the same bytes. `files` beside the page are linked."""
    return (
        environment()
        .get_template("run.html.j2")
        .render(
            language=current_language(),
            title=_("One run: {rule}").format(rule=result.title),
            subtitle=result.scenario.title,
            caveats=caveats.of(result.scenario),
            summary=summary_table(result),
            trajectories=trajectory_figure(result),
            projects=project_figure(result),
            stories=story_parts(result),
            skipped=skipped_text([result]),
            skipped_rounds=skipped_rounds(result),
            money=money_table(result.ledger),
            how=[
                (
                    _("Scenario"),
                    _("{title} ({name})").format(**{"title": result.scenario.title, "name": result.scenario.name}),
                ),
                (_("Simulated months"), f"{result.dates[0]} – {result.dates[-1]}"),
                (_("Rule"), result.rule),
                (_("Seed"), str(result.seed)),
                (_("Replicate"), str(result.replicate)),
                (_("Scenario digest (SHA-256)"), digest(result.scenario)),
            ],
            files=files,
            command=f"commsim run {result.scenario.name} --rule {result.rule} --seed {result.seed}",
        )
    )


def summary_table(result: RunResult) -> NumberTable:
    """Every indicator of the run with its unit; why a figure is undefined stands beside it."""
    rows: list[list[Cell]] = []
    for indicator in standard_indicators():
        if indicator.paired:
            continue
        unit = unit_of(indicator.unit)
        value = scaled([result.values[indicator.id]], unit.factor)[0]
        note = indicator.undefined if value is None else ""
        decimals = 0 if value is not None and value.is_integer() else decimals_for([value])
        rows.append([indicator.label, Number(digits(value, decimals)), unit.level, note])
    return NumberTable([_("Indicator"), _("Value"), _("Unit"), _("Remark")], rows)


def trajectory_figure(result: RunResult) -> Figure:
    """A panel per indicator by month."""
    mark = result.fund_months.start or None
    cards, columns = [], {}
    for name in TRAJECTORIES:
        indicator = standard_indicators()[name]
        unit = unit_of(indicator.unit)
        assert indicator.monthly is not None
        values = indicator.monthly(result) * unit.factor
        heading = headed(indicator.label, unit.level)
        unknown = np.full(len(values), np.nan)
        svg = charts.line_chart(
            [Line(result.title, values, unknown, unknown, 1)],
            result.dates,
            title=heading,
            description=TRAJECTORIES[name],
            mark=mark,
        )
        cards.append(Card(heading, Markup(svg)))
        columns[heading] = [Number(digits(float(value), decimals_for(values.tolist()))) for value in values]
    rows: list[list[Cell]] = [
        [date, *(column[month] for column in columns.values())] for month, date in enumerate(result.dates)
    ]
    note = _("Dotted line: the fund's first month.") if mark is not None else ""
    return Figure(_("By month"), note, cards, NumberTable([_("Month"), *columns], rows))


def project_figure(result: RunResult) -> Figure:
    """How many projects of the fund under comparison ended in which stage."""
    stages = np.asarray(result.project_columns["stage"])[np.asarray(result.project_columns["fund"] == result.fund)]
    counts = {stage: int((stages == stage).sum()) for stage in STAGE_NAMES}
    bars = [Bar(STAGE_NAMES[stage], float(number), figure(number, 0), 1) for stage, number in counts.items()]
    title = _("Projects by stage")
    svg = charts.bar_chart(bars, title=title, description=_("One bar per stage."), width=charts.CARD_WIDTH)
    rows: list[list[Cell]] = [[STAGE_NAMES[stage], Number(str(number))] for stage, number in counts.items()]
    table = NumberTable([_("Stage"), _("Projects")], rows)
    return Figure(
        title, _("Projects of the fund under comparison, at the end."), [Card("", Markup(svg))], table, layout="cards"
    )


def story_parts(result: RunResult) -> list[tuple[ToldProject, NumberTable]]:
    """The stories of the projects that drew most people, each with the table of who came through whom."""
    run = stories_of_run(result)
    found = [told(story, run) for story in most_drawing(run, STORIES_TOLD)]
    return [(project, through_table(project)) for project in found]


def skipped_rounds(result: RunResult) -> NumberTable | None:
    """The first rounds that were skipped, or not reviewed, because a rule failed; None where there were none."""
    if not result.skipped:
        return None
    rows: list[list[Cell]] = [
        [
            result.dates[missed.month],
            missed.fund,
            missed.unit,
            missed.rule,
            Number(str(missed.proposals)),
            _passed_over(missed),
            missed.error,
        ]
        for missed in result.skipped[:ROUNDS_SHOWN]
    ]
    head = [_("Month"), _("Fund"), _("Deciding unit"), _("Rule"), _("Proposals"), _("Passed over"), _("Error")]
    note = _("{shown} of {n}; all are in {file}.").format(
        shown=len(rows), n=len(result.skipped), file="skipped-000.parquet"
    )
    return NumberTable(head, rows, note)


def _passed_over(missed: SkippedRound) -> Text:
    return _("the review; awards stand") if missed.is_review else _("the round; nothing was awarded")


def money_table(ledger: pd.DataFrame) -> NumberTable:
    """What was posted for each purpose, in yuan; the accounts themselves are in the accounts table."""
    grouped: Any = ledger.astype({"purpose": str}).groupby("purpose", sort=True)["fen"]
    rows: list[list[Cell]] = [
        [
            PURPOSE_NAMES.get(str(purpose), str(purpose)),
            Number(str(int(part.count()))),
            Number(digits(int(part.sum()) / FEN_PER_YUAN, 2)),
        ]
        for purpose, part in grouped
    ]
    note = _(
        "For every account and month, opening + in − out = closing, to the fen; the ledger files hold each posting."
    )
    return NumberTable([_("Purpose"), _("Postings"), _("Yuan")], rows, note)
