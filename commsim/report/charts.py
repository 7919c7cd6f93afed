"""The four kinds of charts on the page: lines with bands, points with intervals, bars, strips of dots.

Each function takes plain numbers and returns the SVG element as text. Charts are drawn at the width they are shown at
(small multiples that the page lays side by side), so that words stay readable on a telephone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commsim.i18n import LANGUAGES, Text
from commsim.report.scale import Axis, axis_for, calendar_ticks, finite, level_axis
from commsim.report.svg import FONT_SIZE, LINE_HEIGHT, Canvas, in_words, short, text_width, wrap

PANEL_WIDTH = 270.0
CARD_WIDTH = 344.0
_TICK_SIZE = 11.0
_GAP = 8.0
_FEW_DOTS = 60


@dataclass(frozen=True)
class Line:
    """A series over months: `mean`, its band `low` … `high` (NaN: no band there), `style` its colour and dash."""

    label: Text | str
    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    style: int


@dataclass(frozen=True)
class Interval:
    """A point with its interval (None or infinite: no bound on that side) and the numbers as words at the right."""

    label: Text | str
    value: float | None
    low: float | None
    high: float | None
    words: Text | str
    style: int


@dataclass(frozen=True)
class Bar:
    """A bar from zero to `value` (None: nothing to draw), with the number as words behind it."""

    label: Text | str
    value: float | None
    words: Text | str
    style: int


@dataclass(frozen=True)
class Strip:
    """Many values of one kind as dots, `groups` (means of groups of them) as upright marks below."""

    label: Text | str
    values: NDArray[np.float64]
    groups: NDArray[np.float64]
    words: Text | str
    style: int


def line_axis(series: Sequence[Line]) -> Axis:
    """The upright axis that covers every mean and band of `series`; small multiples share it."""
    return level_axis([float(share) for line in series for part in (line.mean, line.low, line.high) for share in part])


def line_chart(
    series: Sequence[Line],
    dates: Sequence[str],
    *,
    title: Text | str,
    description: Text | str,
    axis: Axis | None = None,
    mark: int | None = None,
    width: float = PANEL_WIDTH,
    height: float = 168.0,
) -> str:
    """Lines with bands over the months `dates` ("YYYY-MM"); `mark` is a month to draw a dotted upright line at."""
    return draw_lines(series, dates, title, description, axis or line_axis(series), mark, width, height).render()


def draw_lines(
    series: Sequence[Line],
    dates: Sequence[str],
    title: Text | str,
    description: Text | str,
    axis: Axis,
    mark: int | None,
    width: float,
    height: float,
) -> Canvas:
    """The canvas of `line_chart`."""
    canvas = Canvas(width, height, title=title, description=description)
    left = _label_room(axis) + _GAP
    right, top, bottom = width - 10, 8.0, height - 24
    _rows_of_grid(canvas, axis, left, right, top, bottom)
    months = Axis((0.0, float(max(len(dates) - 1, 1))), 0)
    _calendar(canvas, dates, months, left, right, bottom)
    if mark is not None and 0 <= mark < len(dates):
        marked = months.place(mark, left, right)
        canvas.line(marked, top, marked, bottom, "mark")
    for line in series:
        _band(canvas, line, months, axis, (left, right, top, bottom))
    for line in series:
        x = months.places(np.arange(len(line.mean), dtype=np.float64), left, right)
        for run in _finite_runs(line.mean):
            y = axis.places(line.mean[run], bottom, top)
            canvas.path(zip(x[run].tolist(), y.tolist(), strict=True), f"line c{line.style}")
    return canvas


def _band(canvas: Canvas, line: Line, months: Axis, axis: Axis, frame: tuple[float, float, float, float]) -> None:
    left, right, top, bottom = frame
    x = months.places(np.arange(len(line.mean), dtype=np.float64), left, right)
    for run in _finite_runs(line.low + line.high):
        upper = list(zip(x[run].tolist(), axis.places(line.high[run], bottom, top).tolist(), strict=True))
        lower = list(zip(x[run].tolist(), axis.places(line.low[run], bottom, top).tolist(), strict=True))
        canvas.path(upper + lower[::-1], f"band c{line.style}", closed=True)


def _finite_runs(values: NDArray[np.float64]) -> list[slice]:
    known = np.concatenate(([False], np.isfinite(values), [False])).astype(np.int8)
    edges = np.flatnonzero(np.diff(known))
    return [slice(int(start), int(stop)) for start, stop in zip(edges[::2], edges[1::2], strict=True)]


def _label_room(axis: Axis) -> float:
    return max(text_width(in_words(label, language), _TICK_SIZE) for label in axis.labels() for language in LANGUAGES)


def _rows_of_grid(canvas: Canvas, axis: Axis, left: float, right: float, top: float, bottom: float) -> None:
    for tick, label in zip(axis.ticks, axis.labels(), strict=True):
        y = axis.place(tick, bottom, top)
        canvas.line(left, y, right, y, "zero" if tick == 0 else "grid")
        canvas.text(left - _GAP + 2, y + 4, label, anchor="end", size=_TICK_SIZE, style="mute")


def _calendar(canvas: Canvas, dates: Sequence[str], months: Axis, left: float, right: float, bottom: float) -> None:
    ends = -math.inf
    for place, label in calendar_ticks(dates):
        x = months.place(place, left, right)
        half = text_width(label, _TICK_SIZE) / 2
        canvas.line(x, bottom, x, bottom + 4, "tick")
        centre = min(max(x, half), canvas.width - half)
        if centre - half >= ends + 4:
            canvas.text(centre, bottom + 17, label, anchor="middle", size=_TICK_SIZE, style="mute")
            ends = centre + half


def interval_chart(
    rows: Sequence[Interval], *, title: Text | str, description: Text | str, width: float = CARD_WIDTH
) -> str:
    """One point per row with its interval, around an upright line at zero."""
    return draw_intervals(rows, title, description, width).render()


def draw_intervals(rows: Sequence[Interval], title: Text | str, description: Text | str, width: float) -> Canvas:
    """The canvas of `interval_chart`."""
    axis = _interval_axis(rows)
    heads = [head_lines(row.label, row.words, width) for row in rows]
    tops = np.concatenate(([0.0], np.cumsum([lines * LINE_HEIGHT + 25 for lines in heads])))
    canvas = Canvas(width, float(tops[-1]) + 24, title=title, description=description)
    left, right = axis_frame(axis, width)
    ticks_below(canvas, axis, left, right, float(tops[-1]))
    for row, top, lines in zip(rows, tops[:-1].tolist(), heads, strict=True):
        head(canvas, row.label, row.words, top, width)
        y = top + lines * LINE_HEIGHT + 10
        columns_of_grid(canvas, axis, left, right, y - 6, y + 7)
        if row.value is not None and math.isfinite(row.value):
            _interval(canvas, row, axis, y, left, right)
    return canvas


def _interval_axis(rows: Sequence[Interval]) -> Axis:
    """The axis that covers every interval; points without one count only where no row has an interval."""
    bounded = [row for row in rows if finite((row.low, row.high))]
    return axis_for([end for row in bounded or rows for end in (row.value, row.low, row.high)], zero=True)


def _interval(canvas: Canvas, row: Interval, axis: Axis, y: float, left: float, right: float) -> None:
    if row.low is not None and row.high is not None:
        starts = axis.place(row.low, left, right) if math.isfinite(row.low) else left
        ends = axis.place(row.high, left, right) if math.isfinite(row.high) else right
        canvas.line(starts, y, ends, y, f"whisker c{row.style}")
        for place, bound in ((starts, row.low), (ends, row.high)):
            if math.isfinite(bound):
                canvas.line(place, y - 3, place, y + 3, f"cap c{row.style}")
    value = float(row.value or 0.0)
    if axis.low <= value <= axis.high:
        canvas.marker(axis.place(value, left, right), y, row.style, f"dot c{row.style}")
    else:
        edge, out = (right, 6.0) if value > axis.high else (left, -6.0)
        canvas.path([(edge - out, y - 4), (edge, y), (edge - out, y + 4)], f"cap c{row.style}")


def head_lines(label: Text | str, words: Text | str, width: float) -> int:
    """How many lines a row's name takes beside its numbers, in the language that takes more."""
    return max(
        len(wrap(in_words(label, language), width - text_width(in_words(words, language)) - 14))
        for language in LANGUAGES
    )


def head(canvas: Canvas, label: Text | str, words: Text | str, top: float, width: float) -> None:
    """The row's name at the left, wrapped to what the numbers at the right leave free."""
    widest = max(text_width(in_words(words, language)) for language in LANGUAGES)
    text = label if isinstance(label, Text) else Text("{label}", {"label": label})
    canvas.lines(2, top + FONT_SIZE, text, width - widest - 14)
    canvas.text(width - 2, top + FONT_SIZE, words, anchor="end", style="mute number")


def axis_frame(axis: Axis, width: float) -> tuple[float, float]:
    """Where a lying axis begins and ends on a canvas of a `width`, so that its outer labels stay inside."""
    labels = axis.labels()
    ends = [
        max(text_width(in_words(label, language), _TICK_SIZE) for language in LANGUAGES) / 2
        for label in (labels[0], labels[-1])
    ]
    return max(10.0, ends[0] + 2), width - max(10.0, ends[1] + 2)


def columns_of_grid(canvas: Canvas, axis: Axis, left: float, right: float, top: float, bottom: float) -> None:
    """An upright line at every tick; that at zero is darker."""
    for tick in axis.ticks:
        x = axis.place(tick, left, right)
        canvas.line(x, top, x, bottom, "zero" if tick == 0 else "grid")


def ticks_below(canvas: Canvas, axis: Axis, left: float, right: float, bottom: float) -> None:
    """The ticks' labels below a lying axis, those left out that would run into the one before."""
    ends = -math.inf
    for tick, label in zip(axis.ticks, axis.labels(), strict=True):
        x = axis.place(tick, left, right)
        half = max(text_width(in_words(label, language), _TICK_SIZE) for language in LANGUAGES) / 2
        if x - half >= ends + 4:
            canvas.text(x, bottom + 17, label, anchor="middle", size=_TICK_SIZE, style="mute")
            ends = x + half


def bar_axis(bars: Sequence[Bar]) -> Axis:
    """The axis from zero that covers every bar; small multiples share it."""
    return axis_for([bar.value for bar in bars], zero=True)


def bar_chart(
    bars: Sequence[Bar],
    *,
    title: Text | str,
    description: Text | str,
    axis: Axis | None = None,
    width: float = PANEL_WIDTH,
) -> str:
    """Lying bars from zero, each with its name above and its number."""
    return draw_bars(bars, title, description, axis or bar_axis(bars), width).render()


def draw_bars(bars: Sequence[Bar], title: Text | str, description: Text | str, axis: Axis, width: float) -> Canvas:
    """The canvas of `bar_chart`."""
    heads = [head_lines(bar.label, bar.words, width) for bar in bars]
    tops = np.concatenate(([0.0], np.cumsum([lines * LINE_HEIGHT + 16 for lines in heads])))
    canvas = Canvas(width, float(tops[-1]) + 2, title=title, description=description)
    start = axis.place(0.0, 2.0, width - 2)
    for bar, top, lines in zip(bars, tops[:-1].tolist(), heads, strict=True):
        head(canvas, bar.label, bar.words, top, width)
        y = top + lines * LINE_HEIGHT + 4
        canvas.line(2, y + 4, width - 2, y + 4, "grid")
        if bar.value is not None and math.isfinite(bar.value):
            end = axis.place(bar.value, 2.0, width - 2)
            canvas.box(min(start, end), y, abs(end - start), 8, f"bar c{bar.style}")
    return canvas


def strip_chart(rows: Sequence[Strip], *, title: Text | str, description: Text | str, width: float) -> str:
    """One row of dots per strip, stacked where they would cover each other; marks of group means under them."""
    return draw_strips(rows, title, description, width).render()


def draw_strips(rows: Sequence[Strip], title: Text | str, description: Text | str, width: float) -> Canvas:
    """The canvas of `strip_chart`."""
    axis = axis_for([float(value) for row in rows for part in (row.values, row.groups) for value in part], zero=True)
    heads = [head_lines(row.label, row.words, width) for row in rows]
    dot = 6.0 if max((len(row.values) for row in rows), default=0) <= _FEW_DOTS else 4.0
    half, marks = 18.0, 10.0
    tops = np.concatenate(([0.0], np.cumsum([lines * LINE_HEIGHT + 2 * half + marks + 10 for lines in heads])))
    canvas = Canvas(width, float(tops[-1]) + 24, title=title, description=description)
    left, right = axis_frame(axis, width)
    ticks_below(canvas, axis, left, right, float(tops[-1]))
    for row, top, lines in zip(rows, tops[:-1].tolist(), heads, strict=True):
        head(canvas, row.label, row.words, top, width)
        columns_of_grid(canvas, axis, left, right, top + lines * LINE_HEIGHT + 3, top + lines * LINE_HEIGHT + 34)
        centre = top + lines * LINE_HEIGHT + half + 4
        x = np.sort(axis.places(row.values[np.isfinite(row.values)], left, right), kind="stable")
        canvas.dots(x, centre + swarm(x, dot, half - dot / 2), dot, f"dots c{row.style}")
        for place in axis.places(row.groups[np.isfinite(row.groups)], left, right).tolist():
            canvas.line(place, centre + half + 1, place, centre + half + 1 + marks - 2, f"group c{row.style}")
    return canvas


def swarm(places: NDArray[np.float64], dot: float, half: float) -> NDArray[np.float64]:
    """How far each dot moves off the middle so that dots of one diameter-wide bin stand above each other.

    `places`: positions along the axis, ascending; `dot`: a dot's diameter; `half`: the room on either side, which the
    fullest bin fills at most (its dots then overlap). Returns offsets of the same shape.
    """
    bins = np.round(places / dot).astype(np.int64)
    starts = np.flatnonzero(np.diff(bins, prepend=bins[0] - 1)) if bins.size else np.zeros(0, np.int64)
    rank = np.arange(bins.size) - np.repeat(starts, np.diff(np.append(starts, bins.size)))
    level = np.ceil(rank / 2) * np.where(rank % 2 == 1, -1.0, 1.0)
    fullest = float(np.abs(level).max()) if level.size else 0.0
    return level * min(dot, half / fullest if fullest else dot)


def swatch(style: int, *, bar: bool = False) -> str:
    """A short piece of line with its dash, or of a bar, for a legend written in HTML."""
    canvas = Canvas(34, 12, title="", description="")
    if bar:
        canvas.box(1, 1, 32, 10, f"bar c{style}")
    else:
        canvas.line(1, 6, 33, 6, f"line c{style}")
    return (
        f'<svg class="swatch" aria-hidden="true" viewBox="0 0 34 12" width="{short(34)}" height="12">'
        + canvas.render().split("</desc>", 1)[1]
    )
