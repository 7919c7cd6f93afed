"""What a `.pb` file says of itself and does not keep: counts of projects and votes, limits of ballots.

Real files contain such ballots, and the city counted them, so they count here; whoever reads the file is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from commsim.contracts import Choices
from commsim.i18n import Text, _
from commsim.plugins.pabulib_numbers import Unreadable, decimal_of

_SLACK = 1e-9  # points with decimals miss their sum by less than this


def notes_of(
    meta: Mapping[str, str],
    vote_type: str,
    projects: int,
    ballots: Choices,
    points: Sequence[float],
    lines: Sequence[int],
    unit: int = 1,
) -> tuple[Text, ...]:
    """A sentence for each thing that META says and the file does not keep.

    Arguments: `meta` by key, whose limits are readable numbers; `vote_type`; how many `projects` there are; `ballots`,
    the `points` that each gives in all (empty where ballots are not of points), and the `lines` on which they stand;
    `unit`, how much a whole point counts in the ballots.
    """
    notes = [*_count(meta, "num_projects", projects), *_count(meta, "num_votes", ballots.rows)]
    if unit > 1:
        text = _("some points have decimals: reasons, and minima of votes given by hand, count a whole point as {unit}")
        notes.append(text.format(unit=unit))
    if vote_type == "scoring" and decimal_of(meta.get("default_score") or "0"):
        text = _("default_score is {came}, and projects that a ballot does not name count as 0 all the same")
        notes.append(text.format(came=meta["default_score"]))
    limits = {"max_length": "1", **meta} if vote_type == "choose-1" else meta
    return (*notes, *_beyond(limits, _figures(ballots, points, unit), np.diff(ballots.start) > 0, lines))


def _figures(ballots: Choices, points: Sequence[float], unit: int) -> dict[str, NDArray[np.float64]]:
    """By limit, what it bounds on each ballot: its length, and of points their sum, the most and the least."""
    length = np.diff(ballots.start)
    figures = dict.fromkeys(("max_length", "min_length"), length.astype(np.float64))
    if points:
        figures |= dict.fromkeys(("max_sum_points", "min_sum_points"), np.array(points))
        for key, extreme in (("max_points", np.maximum), ("min_points", np.minimum)):
            figures[key] = np.zeros(len(length))
            figures[key][length > 0] = extreme.reduceat(ballots.amount, ballots.start[:-1][length > 0]) / unit
    return figures


def _beyond(
    meta: Mapping[str, str], figures: Mapping[str, NDArray[np.float64]], marked: NDArray[np.bool_], lines: Sequence[int]
) -> Iterator[Text]:
    """A sentence for each limit that some ballots do not keep to; `marked`: those that mark something."""
    for key, come in figures.items():
        word = meta.get(key, "")
        if not word:
            continue
        limit = float(decimal_of(word))
        beyond = come > limit + _SLACK if key.startswith("max") else come < limit - _SLACK
        broken = np.flatnonzero(beyond & marked)
        if broken.size:
            yield _(
                "{key} is {limit}, and ballots that do not keep to it: {count}, the first in line {line} ({came})"
            ).format(key=key, limit=word, count=broken.size, line=lines[int(broken[0])], came=f"{come[broken[0]]:g}")


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
