"""The page of the path's facts, in both languages in one file like every other page."""

from __future__ import annotations

import math
from collections.abc import Sequence

from markupsafe import Markup

from commsim.i18n import Text, _
from commsim.report.caveats import HEADING, Caveats
from commsim.report.fact_charts import range_chart
from commsim.report.fact_page import fact_page, figure_cell
from commsim.report.page_parts import Card, Cell, FactSection, Figure, Number, NumberTable
from commsim.validation.path_catalogue import PATH_FACTS
from commsim.validation.path_facts import STATE_WORDS, USE_WORDS, PathResult, PathTestResult, State
from commsim.validation.path_table import PathTable

TITLE = _("The path from yuan to neighbour: which facts the district reproduces")
_CAN = _(
    "It can say which facts about small grants, asking, groups and what is left of them the simulated district "
    "reproduces, at the registry's values and in how many draws of the parameters."
)
_CANNOT = _(
    "None of these facts was measured in a community fund in Jing'an; the nearest are from Shanghai, Chengdu, Seoul "
    "and Taipei, the best identified rural and poor. Rows marked 'fit' may set defaults and are no evidence."
)
_HEADS = (
    _("Test"),
    _("Used as"),
    _("Range from"),
    _("Range to"),
    _("At defaults"),
    _("95% from"),
    _("95% to"),
    _("At defaults it"),
    _("Over draws"),
    _("Draws that hold"),
    _("Draws"),
)
_MARKS = {State.HOLDS: "✓", State.MISSED: "✗", State.NOT_IDENTIFIED: "?"}


def path_page(table: PathTable, files: Sequence[str] = ()) -> str:
    """The whole page of the path's facts as HTML: which hold, then each with its charts and its numbers.

    The same table gives the same bytes. `files`: names of tables beside the page, which it links.
    """
    return fact_page(
        TITLE,
        Caveats(HEADING, _CAN, (_CANNOT,), ()),
        _how_to_read(table),
        overview(table),
        [_section(result) for result in table.results],
        failed=table.failed_text(),
        files=files,
        how=[
            (_("Seeds"), str(table.seeds)),
            (_("Draws of the parameters"), str(table.draws)),
            (_("Seed"), str(table.seed)),
            (_("Points of the calibration"), ", ".join(str(drawn.point) for drawn in table.parameters)),
        ],
        command=repeat_command(table),
    )


def _how_to_read(table: PathTable) -> Text:
    text = _(
        "{seeds} seeds × {draws} draws of the parameters: points of the registry's priors at which every row marked "
        "'fit' comes out in its range. A test holds for a draw if the 95% interval over seeds lies in "
        "its range, is missed if it lies outside, and cannot be told in between; a fact holds if all of its tests do "
        "in 8 of 10 draws. Of the facts marked 'test' {held} hold, {missed} are missed, {untold} cannot be told. Band: "
        "range; dots: the mean of a draw; crosses: a draw that does not hold."
    )
    counts = table.tally
    return text.format(
        seeds=table.seeds,
        draws=table.draws,
        held=counts[State.HOLDS],
        missed=counts[State.MISSED],
        untold=counts[State.NOT_IDENTIFIED],
    )


def overview(table: PathTable) -> NumberTable:
    """One row a fact: whether it holds, in how many draws, whether it does at the registry's values, how it is used."""
    rows: list[list[Cell]] = [
        [
            _numbered(result),
            STATE_WORDS[result.state],
            Number(str(result.draws_held)),
            Number(str(result.draws)),
            STATE_WORDS[result.state_at_defaults],
            USE_WORDS[result.fact.use],
        ]
        for result in table.results
    ]
    heads = [_("Fact"), _("Holds"), _("Draws that hold"), _("Draws"), _("At defaults it"), _("Used as")]
    return NumberTable(heads, rows)


def _numbered(result: PathResult) -> Text:
    return Text("{number} {title}", {"number": result.fact.id, "title": result.fact.title})


def _section(result: PathResult) -> FactSection:
    fact = result.fact
    state = _("{test}. {held} (in {count} of {draws} draws; {use}). Played: {size}.").format(
        test=fact.test,
        held=STATE_WORDS[result.state],
        count=result.draws_held,
        draws=result.draws,
        use=USE_WORDS[fact.use],
        size=fact.family.size,
    )
    title = Text("{mark} {title}", {"mark": _MARKS[result.state], "title": _numbered(result)})
    cards = [Card(test.test.label, Markup(range_chart(test))) for test in result.tests if _is_drawable(test)]
    table = NumberTable(_HEADS, [_row(test) for test in result.tests])
    return FactSection(
        fact.id, title, Figure(fact.title, state, cards, table, layout="cards"), fact.source, fact.note or ""
    )


def _is_drawable(test: PathTestResult) -> bool:
    """Whether a test has a number to be drawn."""
    return any(math.isfinite(mean) for mean in test.values.mean(axis=1))


def _row(test: PathTestResult) -> list[Cell]:
    """A test, one number a cell, so that the table pastes as numbers; empty where there is no bound or no figure."""
    low, high = test.default_interval
    return [
        test.test.label,
        USE_WORDS[test.test.use],
        *(figure_cell(value, "g") for value in (test.test.low, test.test.high)),
        *(figure_cell(value, ".3g") for value in (float(test.at_defaults.mean()), low, high)),
        STATE_WORDS[test.state_at_defaults],
        figure_cell(test.simulated, ".3g"),
        Number(str(test.states.count(State.HOLDS))),
        Number(str(len(test.values))),
    ]


def repeat_command(table: PathTable) -> str:
    """The command that plays the same facts again."""
    shown = [result.fact.id for result in table.results]
    facts = "".join(f" {fact}" for fact in shown) if len(shown) < len(PATH_FACTS) else ""
    return f"commsim lab path{facts} --seeds {table.seeds} --draws {table.draws} --seed {table.seed}"
