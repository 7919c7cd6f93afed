"""What a `.pb` file says of itself and does not keep: counts of projects and votes, limits of ballots.

Real files contain such ballots, and the city counted them, so they count here; whoever reads the file is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from commsim.contracts import Choices
from commsim.elections.meta import Grouping
from commsim.elections.numbers import Unreadable, decimal_of
from commsim.i18n import Text, _, cut

Figures = NDArray[np.float64]
PER_CATEGORY = ("max_length", "min_length", "max_sum_cost", "min_sum_cost")
"""Limits of ballots that META may also set for each category."""
_SLACK = 1e-9  # points with decimals miss their sum by less than this


def notes_of(
    meta: Mapping[str, str],
    vote_type: str,
    cost: Sequence[int],
    ballots: Choices,
    points: Sequence[float],
    lines: Sequence[int],
    unit: int = 1,
    categories: Grouping | None = None,
) -> tuple[Text, ...]:
    """A sentence for each thing that META says and the file does not keep.

    Arguments: `meta` by key, whose limits are readable numbers; `vote_type`; the `cost` of each project (fen);
    `ballots`, the `points` that each gives in all (empty where ballots are not of points), and the `lines` on which
    they stand; `unit`, how much a whole point counts in the ballots; the projects' `categories`.
    """
    notes = [*_count(meta, "num_projects", len(cost)), *_count(meta, "num_votes", ballots.rows)]
    if unit > 1:
        text = _("some points have decimals: reasons, and minima of votes given by hand, count a whole point as {unit}")
        notes.append(text.format(unit=unit))
    limits = {"max_length": "1", **meta} if vote_type == "choose-1" else meta
    marked = np.diff(ballots.start) > 0
    figures = {**_figures(ballots, points, unit), **_costs(ballots, cost)}
    return (
        *notes,
        *_beyond(limits, figures, marked, lines),
        *_beyond_by_category(meta, ballots, cost, categories, lines),
    )


def _figures(ballots: Choices, points: Sequence[float], unit: int) -> dict[str, Figures]:
    """By limit, what it bounds on each ballot: its length, and of points their sum, the most and the least."""
    length = np.diff(ballots.start)
    figures = dict.fromkeys(("max_length", "min_length"), length.astype(np.float64))
    if points:
        figures |= dict.fromkeys(("max_sum_points", "min_sum_points"), np.array(points))
        for key, extreme in (("max_points", np.maximum), ("min_points", np.minimum)):
            figures[key] = np.zeros(len(length))
            figures[key][length > 0] = extreme.reduceat(ballots.amount, ballots.start[:-1][length > 0]) / unit
    return figures


def _costs(ballots: Choices, cost: Sequence[int]) -> dict[str, Figures]:
    """By limit of cost, what the projects on each ballot cost together, in the file's currency."""
    return dict.fromkeys(("max_sum_cost", "min_sum_cost"), _summed(ballots, np.array(cost, dtype=np.float64) / 100))


def _summed(ballots: Choices, each: Figures) -> Figures:
    """For each ballot, the sum of `each` over the projects that it names."""
    row = np.repeat(np.arange(ballots.rows), np.diff(ballots.start))
    return np.bincount(row, weights=each[ballots.proposal], minlength=ballots.rows).astype(np.float64)


def _beyond(
    meta: Mapping[str, str], figures: Mapping[str, Figures], marked: NDArray[np.bool_], lines: Sequence[int]
) -> Iterator[Text]:
    """A sentence for each limit that some ballots do not keep to; `marked`: those that mark something."""
    for key, come in figures.items():
        word = meta.get(key, "")
        if not word:
            continue
        limit = float(decimal_of(word))
        broken = np.flatnonzero(_breaks(key, come, limit) & marked)
        if broken.size:
            yield _broken(key, word, broken, come, lines)


def _breaks(key: str, come: Figures, limit: float) -> NDArray[np.bool_]:
    return come > limit + _SLACK if key.startswith("max") else come < limit - _SLACK


def _broken(key: str, word: str, broken: NDArray[np.int64], come: Figures, lines: Sequence[int]) -> Text:
    return _("{key} is {limit}, and ballots that do not keep to it: {count}, the first in line {line} ({came})").format(
        key=key, limit=word, count=broken.size, line=lines[int(broken[0])], came=f"{come[broken[0]]:.12g}"
    )


def _beyond_by_category(
    meta: Mapping[str, str], ballots: Choices, cost: Sequence[int], categories: Grouping | None, lines: Sequence[int]
) -> Iterator[Text]:
    """A sentence for each limit per category that some ballots do not keep to, or that cannot be checked."""
    for limit in PER_CATEGORY:
        key = f"{limit}_per_category"
        words = [word.strip() for word in meta.get(key, "").split(",")]
        if not any(words):
            continue
        if categories is None or not categories.known or len(words) not in (1, len(categories.names)):
            text = _("{key} is {limit}, which cannot be checked: it takes one limit, or one for each of `categories`")
            yield text.format(key=key, limit=meta[key])
            continue
        for place, name in enumerate(categories.names):
            members = categories.of == place
            each = np.array(cost) / 100 * members if "cost" in key else members.astype(np.float64)
            come, word = _summed(ballots, each), words[place % len(words)]
            broken = np.flatnonzero(_breaks(key, come, float(decimal_of(word))) & (np.diff(ballots.start) > 0))
            if broken.size:
                yield _broken(f"{key} ({name})", word, broken, come, lines)


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


def differing_counts(
    rows: Sequence[Mapping[str, str]], lines: Sequence[int], ballots: Choices, unit: int
) -> Iterator[Text]:
    """A sentence for each column of PROJECTS that counts ballots (`votes`) or points (`score`) otherwise than they are.

    `rows` of PROJECTS and their `lines`. A cell that is no number counts as another.
    """
    marks = np.bincount(ballots.proposal, minlength=len(rows))
    for column, counts in (("votes", marks), ("score", ballots.totals(len(rows)) / unit)):
        told = [row.get(column, "") for row in rows]
        other = [at for at, word in enumerate(told) if word and not _says(word, float(counts[at]))]
        if other:
            yield _(
                "{column} of projects differ from the ballots of the file, which alone count here: {count}, the first "
                "in line {line} ({told!r}; the ballots make {came})"
            ).format(
                column=column,
                count=len(other),
                line=lines[other[0]],
                told=cut(told[other[0]]),
                came=f"{counts[other[0]]:.12g}",
            )


def _says(word: str, count: float) -> bool:
    try:
        return abs(float(decimal_of(word)) - count) <= _SLACK
    except Unreadable:
        return False


def fully_funded(meta: Mapping[str, str], cost: Sequence[int], budget: int) -> Iterator[Text]:
    """A sentence where META says whether all projects could be paid, and the costs say otherwise."""
    word = meta.get("fully_funded", "").strip()
    fits = sum(cost) <= budget
    known = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if word and known.get(word.lower()) is not fits:
        yield _("fully_funded is {word!r}, and all projects together cost {cost:,} of a budget of {budget:,}").format(
            word=cut(word), cost=sum(cost) / 100, budget=budget / 100
        )
