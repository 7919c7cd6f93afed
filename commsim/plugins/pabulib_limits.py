"""What a `.pb` file says of itself and does not keep: counts of projects and votes, limits of ballots.

Real files contain such ballots, and the city counted them, so they count here; whoever reads the file is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from commsim.contracts import Choices
from commsim.i18n import Text, _
from commsim.plugins.pabulib_numbers import Unreadable, decimal_of

_LIMITS = ("max_length", "min_length", "max_sum_points", "min_sum_points")
_SLACK = 1e-9  # points with decimals miss their sum by less than this


def notes_of(
    meta: Mapping[str, str],
    projects: int,
    ballots: Choices,
    points: Sequence[float],
    lines: Sequence[int],
    unit: int = 1,
) -> tuple[Text, ...]:
    """A sentence for each thing that META says and the file does not keep.

    Arguments: `meta` by key, whose limits are readable numbers; how many `projects` there are; `ballots`, the `points`
    that each gives in all (empty where ballots are not of points), and the `lines` on which they stand; `unit`, how
    much a whole point counts in the ballots.
    """
    notes = [*_count(meta, "num_projects", projects), *_count(meta, "num_votes", ballots.rows)]
    figures: dict[str, NDArray[np.float64]] = {"length": np.diff(ballots.start).astype(np.float64)}
    if points:
        figures["sum_points"] = np.array(points)
    if unit > 1:
        text = _("some points have decimals: reasons, and minima of votes given by hand, count a whole point as {unit}")
        notes.append(text.format(unit=unit))
    for key in _LIMITS:
        side, _sep, figure = key.partition("_")
        word = meta.get(key, "")
        if not word or figure not in figures:
            continue
        limit, come = float(decimal_of(word)), figures[figure]
        broken = np.flatnonzero(
            come > limit + _SLACK if side == "max" else (come < limit - _SLACK) & (figures["length"] > 0)
        )
        if broken.size:
            notes.append(
                _(
                    "{key} is {limit}, and ballots that do not keep to it: {count}, the first in line {line} ({came})"
                ).format(
                    key=key, limit=word, count=broken.size, line=lines[int(broken[0])], came=f"{come[broken[0]]:g}"
                )
            )
    return tuple(notes)


def _count(meta: Mapping[str, str], key: str, count: int) -> list[Text]:
    word = meta.get(key, "")
    if not word:
        return []
    try:
        told = decimal_of(word)
    except Unreadable:
        told = None
    if told == count:
        return []
    return [_("{key} is {told!r}, and the file holds {count}").format(key=key, told=word, count=count)]
