"""A quick look at one run, for notebooks: four trajectories, in the current language, with the project's own font."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commsim.i18n import _
from commsim.record import RunResult, standard_indicators
from commsim.report.number_words import headed, unit_of
from commsim.report.paper_figures import COLOURS, paper_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from commsim.report.page_figure import PageFigure

SHOWN = ("giving_or_starting_share", "volunteer_hours", "resident_cash", "public_money")
_SIZE_INCHES = (10.0, 6.0)


def plot_run(run: RunResult) -> PageFigure:
    """Who gave or started something, hours, residents' and public cash by month; a line where the fund begins."""
    with paper_style():
        figure = _drawn(run)
        figure.draw_without_rendering()  # ticks are made now, in this style, and keep its font when it is shown later
    return figure


def _drawn(run: RunResult) -> PageFigure:
    from commsim.report.page_figure import PageFigure

    figure = PageFigure(figsize=_SIZE_INCHES, layout="constrained")
    for axes, name in zip(figure.subplots(2, 2).flat, SHOWN, strict=True):
        _draw(axes, run, name)
    title = _("{rule} ({label}), replicate {replicate}")
    told = title.format(rule=run.title, label=run.rule, replicate=run.replicate)
    figure.suptitle(str(told), x=0.01, ha="left")
    return figure


def _draw(axes: Axes, run: RunResult, name: str) -> None:
    indicator = standard_indicators()[name]
    assert indicator.monthly is not None
    unit = unit_of(indicator.unit)
    axes.plot(np.arange(run.months), np.asarray(indicator.monthly(run)) * unit.factor, color=COLOURS[1])
    axes.axvline(run.fund_months.start, linestyle=":", color=COLOURS[0])
    axes.set_title(str(headed(indicator.label, unit.level)))
    years = [(place, date[:4]) for place, date in enumerate(run.dates) if date.endswith("-01")]
    axes.set_xticks([place for place, _year in years], [year for _place, year in years])
