"""The page and the figures of the laboratory's facts, in both languages in one file like every other page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from commsim.i18n import Text, _
from commsim.report.caveats import HEADING, Caveats
from commsim.report.fact_charts import draw_fact, range_chart
from commsim.report.fact_page import fact_page, figure_cell
from commsim.report.page_parts import Card, Cell, FactSection, Figure, Number, NumberTable
from commsim.validation.facts import FactResult, TestResult
from commsim.validation.laboratory import QUICK_SEEDS, LabResult, use_of

TITLE = _("The laboratory: which published facts the residents reproduce")
_CAN = _(
    "It can say which published findings the simulated residents reproduce in the same experiments, and in how many "
    "draws of the parameters."
)
_CANNOT = _(
    "No study measures the causal effect of self-governance money on participation. Behaviour is borrowed from "
    "experiments elsewhere, none of them on community funds in China; rows marked 'fitted' were used to calibrate "
    "and are no evidence."
)
_HEADS = (
    _("Test"),
    _("Range from"),
    _("Range to"),
    _("Published"),
    _("Simulated"),
    _("95% from"),
    _("95% to"),
    _("Draws in range"),
    _("Draws"),
)


def write_fact_figures(result: LabResult, folder: Path) -> None:
    """Write a PNG for each fact (`fact-04-match.png`) into `folder`, in the current language."""
    for fact_result in result.results:
        fact = fact_result.fact
        draw_fact(fact_result, folder / f"fact-{fact.id:02}-{fact.name}.png")


def lab_page(result: LabResult, files: Sequence[str] = ()) -> str:
    """The whole page of the laboratory as HTML: which facts hold, then each with its charts and its numbers.

    The same result gives the same bytes. `files`: names of tables beside the page, which it links.
    """
    return fact_page(
        TITLE,
        Caveats(HEADING, _CAN, (_CANNOT,), ()),
        _how_to_read(result),
        overview(result),
        [_section(fact_result) for fact_result in result.results],
        failed=result.failed_text(),
        files=files,
        how=[
            (_("Seeds"), str(result.seeds)),
            (_("Draws of the parameters"), str(result.draws)),
            (_("Seed"), str(result.seed)),
        ],
        command=repeat_command(result),
    )


def _how_to_read(result: LabResult) -> Text:
    text = _(
        "{seeds} seeds × {draws} draws of the parameters. A fact holds if the 95% interval over seeds lies in the "
        "range of each of its tests in nine draws of ten. Band: range; dots: the mean of a draw; crosses: a draw "
        "outside; diamond: published."
    )
    return text.format(seeds=result.seeds, draws=result.draws)


def overview(result: LabResult) -> NumberTable:
    """One row a fact: whether it holds, in how many draws, and how it was used."""
    rows: list[list[Cell]] = [
        [
            Text("{number}. {title}", {"number": shown.fact.id, "title": shown.fact.title}),
            _("yes") if shown.held else _("no"),
            Number(str(shown.draws_held)),
            Number(str(shown.draws)),
            use_of(shown),
        ]
        for shown in result.results
    ]
    return NumberTable([_("Fact"), _("Holds"), _("Draws in range"), _("Draws"), _("Used as")], rows)


def _section(result: FactResult) -> FactSection:
    fact = result.fact
    held = _("holds") if result.held else _("does not hold")
    state = _("{held} (in range in {count} of {draws} draws); {use}").format(
        held=held, count=result.draws_held, draws=result.draws, use=use_of(result)
    )
    title = Text(
        "{mark} {number}. {title}", {"mark": "✓" if result.held else "✗", "number": fact.id, "title": fact.title}
    )
    cards = [Card(test.test.label, Markup(range_chart(test))) for test in result.tests]
    table = NumberTable(_HEADS, [_row(test, result.draws) for test in result.tests])
    figure = Figure(fact.title, state, cards, table, layout="cards")
    return FactSection(fact.id, title, figure, fact.source, fact.note or "")


def _row(test: TestResult, draws: int) -> list[Cell]:
    """A test, one number a cell, so that the table pastes as numbers; empty where there is no bound or no figure."""
    low, high = test.interval
    given = [figure_cell(value, "g") for value in (test.test.low, test.test.high, test.test.published)]
    found = [figure_cell(value, ".3g") for value in (test.simulated, low, high)]
    return [test.test.label, *given, *found, Number(str(int(test.in_range.sum()))), Number(str(draws))]


def repeat_command(result: LabResult) -> str:
    """The command that plays the same facts again."""
    fact = f" {result.results[0].fact.id}" if len(result.results) == 1 else ""
    quick = " --quick" if result.seeds == QUICK_SEEDS else ""
    return f"commsim lab{fact}{quick} --seed {result.seed}"
