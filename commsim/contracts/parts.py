"""The kinds of what needs open: rows of choices, marks, applicants …, each with what stands there without anything.

`needs.py` puts them into its rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from commsim.contracts.openings import Column, Given, Ground, Kept, Part
from commsim.contracts.tables import Choices, Splits
from commsim.errors import BrokenInvariant
from commsim.i18n import _


def rows(
    name: str,
    says: str,
    made: Callable[[Ground], Any],
    times: Callable[[Any, int], Any] = lambda choices, _times: choices,
) -> Part:
    """A part that holds compressed rows of choices among proposals."""
    return Part(name, "rows (below)", says, no_choices, cut=kept_part, made=made, times=times)


def no_choices(_given: Given) -> Choices:
    """Nobody took part."""
    return Choices.empty()


def kept_part(value: Any, kept: Kept) -> Any:
    """What a part that knows its proposals holds of some of them."""
    return value.kept(kept)


def marks_of_one_judge(given: Given) -> Any:
    """The scores as the marks of one judge; no row where there are no scores either."""
    return np.atleast_2d(given.proposals["scores"]) if "scores" in given.proposals else np.zeros((0, given.n))


def marks(came: Any, given: Given) -> Any:
    """Marks by judge and proposal. Raises BrokenInvariant for another shape."""
    if came.ndim != 2 or came.shape[1] != given.n:
        raise BrokenInvariant(
            _("marks have shape {came}; (judges, {expected}) expected").format(came=came.shape, expected=given.n)
        )
    return np.array(came, dtype=np.float64)


def marks_of_kept(came: Any, kept: Kept) -> Any:
    """The marks of some of the proposals."""
    return came[:, kept.positions]


def no_splits(given: Given) -> Splits:
    """Nobody proposed a split among the areas."""
    return Splits.empty(given.areas["id"], np.asarray(given.proposals["area"], dtype=np.int32))


def nothing(given: Given) -> Any:
    """Zero for each proposal."""
    return np.zeros(given.n)


def hours_or_none(given: Given) -> Any:
    """Hours promised, where the caller told of them by the older word; otherwise none."""
    return given.proposals.get("hours", np.zeros(given.n))


def no_clusters(given: Given) -> Any:
    """No column, where nobody knows of clusters of the donors."""
    return np.zeros(((given.parts.get("pledges") or Choices.empty()).rows, 0))


def numbers(came: Any, _given: Given) -> Any:
    """A copy, as numbers."""
    return np.array(came, dtype=np.float64)


APPLICANT = (
    Column("applicants.type", np.uint8, "0 residents, 1 staff"),
    Column("applicants.age", np.float64, "months"),
    Column("applicants.capacity", np.float64, "0–1"),
    Column("applicants.past_awards", np.int64, "fen, of this fund"),
    Column(
        "applicants.delivery_rate",
        np.float64,
        "0–1: share of that money, of projects that have ended, which was delivered",
    ),
)
"""Columns of the applicants besides `id`."""


def own_applicants(given: Given) -> dict[str, Any]:
    """Each proposal has an applicant of its own, of whom nothing is on record."""
    unknown = {
        column.name: np.full(given.n, np.nan) if column.dtype is np.float64 else np.zeros(given.n)
        for column in APPLICANT
    }
    return {"id": given.proposals["id"], **unknown}
