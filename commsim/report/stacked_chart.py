"""Lying bars in parts: what adds to an effect to the right of zero, what takes from it to the left."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from commsim.i18n import Text
from commsim.report.charts import CARD_WIDTH, axis_frame, columns_of_grid, head, head_lines, ticks_below
from commsim.report.scale import Axis, axis_for
from commsim.report.svg import LINE_HEIGHT, Canvas

_HEIGHTS = (12.0, 8.0, 4.0)
"""Of the parts, in their order: they are told apart by height too, never by colour alone."""


@dataclass(frozen=True)
class Stack:
    """A bar: its `parts` in their order (None: undefined), each with the colour at its place in `styles`, and the
    numbers as words behind its name."""

    label: Text | str
    parts: Sequence[float | None]
    words: Text | str
    styles: Sequence[int]


def stacked_chart(
    rows: Sequence[Stack], *, title: Text | str, description: Text | str, width: float = CARD_WIDTH
) -> str:
    """A bar per row over one axis; parts of the same sign stand one after the other, from zero outwards."""
    return draw_stacks(rows, title, description, width).render()


def draw_stacks(rows: Sequence[Stack], title: Text | str, description: Text | str, width: float) -> Canvas:
    """The canvas of `stacked_chart`."""
    axis = axis_for([end for row in rows for place in places(row.parts) if place for end in place], zero=True)
    heads = [head_lines(row.label, row.words, width) for row in rows]
    tops = np.concatenate(([0.0], np.cumsum([lines * LINE_HEIGHT + 26 for lines in heads])))
    canvas = Canvas(width, float(tops[-1]) + 24, title=title, description=description)
    left, right = axis_frame(axis, width)
    ticks_below(canvas, axis, left, right, float(tops[-1]))
    for row, top, lines in zip(rows, tops[:-1].tolist(), heads, strict=True):
        head(canvas, row.label, row.words, top, width)
        y = top + lines * LINE_HEIGHT + 5
        columns_of_grid(canvas, axis, left, right, y - 2, y + 14)
        _parts(canvas, row, axis, y, left, right)
    return canvas


def _parts(canvas: Canvas, row: Stack, axis: Axis, y: float, left: float, right: float) -> None:
    for place, style, height in zip(places(row.parts), row.styles, _HEIGHTS, strict=True):
        if place is not None:
            start, end = (axis.place(bound, left, right) for bound in place)
            canvas.box(start, y + (_HEIGHTS[0] - height) / 2, end - start, height, f"bar c{style}")


def places(parts: Sequence[float | None]) -> list[tuple[float, float] | None]:
    """Where each part lies, as (lower end, upper end); None where it is undefined.

    >>> places([2.0, -1.0, 3.0, None])
    [(0.0, 2.0), (-1.0, 0.0), (2.0, 5.0), None]
    """
    reached = {False: 0.0, True: 0.0}
    found: list[tuple[float, float] | None] = []
    for part in parts:
        if part is None or not math.isfinite(part):
            found.append(None)
            continue
        start = reached[part < 0]
        reached[part < 0] = start + part
        found.append((min(start, start + part), max(start, start + part)))
    return found
