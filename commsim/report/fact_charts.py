"""A fact of the laboratory as charts: per test the range it must lie in, the published figure, the draws' means.

On the page as SVG in both languages; for papers as one PNG a fact, in the current language.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from commsim.i18n import _
from commsim.report.charts import CARD_WIDTH, swarm
from commsim.report.paper_figures import paper_style, save
from commsim.report.scale import Axis, axis_for, finite
from commsim.report.svg import Canvas
from commsim.validation.facts import FactResult, TestResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROOM = 0.104  # how far the axis of a PNG reaches beyond what is drawn, in widths
_HALF, _DOT, _CROSS = 15.0, 6.0, 3.0
_TICK_SIZE = 11.0
_INSIDE, _OUTSIDE, _PUBLISHED = 1, 2, 7
"""Styles of draws in the range, of draws outside it, and of the published figure."""
_DIAMOND = 3


def shown_values(test: TestResult) -> list[float]:
    """The figures that an axis of a test covers: its bounds, what was published, and every draw's mean."""
    return finite([test.test.low, test.test.high, test.test.published, *test.values.mean(axis=1).tolist()])


def range_chart(test: TestResult) -> str:
    """The chart of one test as SVG, in both languages."""
    return draw_range(test).render()


def draw_range(test: TestResult) -> Canvas:
    """The canvas of `range_chart`."""
    axis = axis_for([*shown_values(test), *_beyond_the_range(test)])
    description = _("Band: range; dots: the mean of a draw; crosses: a draw outside; diamond: published.")
    canvas = Canvas(CARD_WIDTH, 2 * _HALF + 28, title=test.test.label, description=description)
    left, right, middle = 14.0, CARD_WIDTH - 14.0, _HALF + 3
    _range(canvas, test, axis, left, right)
    _ticks(canvas, axis, left, right)
    _draws(canvas, test, axis.places(test.values.mean(axis=1), left, right), middle)
    if test.test.published is not None:
        place = axis.place(test.test.published, left, right)
        canvas.marker(place, middle, _DIAMOND, f"whisker c{_PUBLISHED}", radius=6.0)
    return canvas


def _beyond_the_range(test: TestResult) -> list[float]:
    """A place a little outside each bound, so that the band is seen to end."""
    values = shown_values(test)
    room = _ROOM * (max(values) - min(values))
    return finite([test.test.low - room, test.test.high + room])


def _range(canvas: Canvas, test: TestResult, axis: Axis, left: float, right: float) -> None:
    """The range as a band; where it has no bound it goes to the end of the axis."""
    low, high = max(test.test.low, axis.low), min(test.test.high, axis.high)
    start, stop = axis.place(low, left, right), axis.place(high, left, right)
    canvas.box(start, 2, stop - start, 2 * _HALF + 2, f"band c{_INSIDE}")


def _ticks(canvas: Canvas, axis: Axis, left: float, right: float) -> None:
    bottom = 2 * _HALF + 4
    canvas.line(left, bottom, right, bottom, "tick")
    for tick, label in zip(axis.ticks, axis.labels(), strict=True):
        place = axis.place(tick, left, right)
        canvas.line(place, bottom, place, bottom + 4, "tick")
        canvas.text(place, bottom + 17, label, anchor="middle", size=_TICK_SIZE, style="mute")


def _draws(canvas: Canvas, test: TestResult, places: NDArray[np.float64], middle: float) -> None:
    known = np.isfinite(places)
    order = np.argsort(places[known], kind="stable")
    x, inside = places[known][order], test.in_range[known][order]
    y = middle + swarm(x, _DOT, _HALF - _DOT / 2)
    canvas.dots(x[inside], y[inside], _DOT, f"dots c{_INSIDE}")
    for across, down in zip(x[~inside].tolist(), y[~inside].tolist(), strict=True):
        for slope in (1, -1):
            ends = [(across - _CROSS, down - slope * _CROSS), (across + _CROSS, down + slope * _CROSS)]
            canvas.path(ends, f"cap c{_OUTSIDE}")


def draw_fact(result: FactResult, path: Path) -> None:
    """Write a fact as PNG: per test the range (band), the published figure (diamond), the draws' means (dots)."""
    with paper_style():
        from matplotlib.figure import Figure

        figure = Figure(figsize=(7.5, 0.9 + 0.75 * len(result.tests)), layout="constrained")
        grid = figure.subplots(len(result.tests), 1, squeeze=False)
        for axes, test in zip(grid[:, 0], result.tests, strict=True):
            _draw_test(axes, test)
        figure.suptitle(f"{result.fact.id}. {result.fact.title}", x=0.01, ha="left")
        save(figure, path)


def _draw_test(axes: Axes, test: TestResult) -> None:
    means = test.values.mean(axis=1)
    low, high = _ends(test)
    axes.axvspan(max(test.test.low, low), min(test.test.high, high), color="#d9e6f2", zorder=0)
    rows = np.linspace(-0.25, 0.25, len(means)) if len(means) > 1 else np.zeros(1)
    inside = test.in_range
    for mask, colour, marker in ((inside, "#1f5a93", "o"), (~inside, "#b5400e", "x")):
        axes.plot(means[mask], rows[mask], marker, color=colour, markersize=4, alpha=0.8)
    if test.test.published is not None:
        axes.plot([test.test.published], [0], "D", color="black", markersize=6, markerfacecolor="none")
    axes.set_title(str(test.test.label), fontsize=9, loc="left")
    axes.set_yticks([])
    axes.set_ylim(-0.6, 0.6)
    axes.set_xlim(low, high)


def _ends(test: TestResult) -> tuple[float, float]:
    """Where the axis of a PNG begins and ends: ranges without a bound are cut off beyond the points."""
    points: list[Any] = shown_values(test)
    low, high = min(points), max(points)
    room = _ROOM * ((high - low) or 1.0)
    return low - room, high + room
