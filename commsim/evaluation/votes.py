"""Votes of a plain input: what each voter marked, as often as its weight says, and amounts as they are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from commsim.contracts import Choices
from commsim.contracts.plain_inputs import Plain

VOTES_CAST = "approvals|points weights|multiplicities"
VOTES = f"budget|pool projects {VOTES_CAST}"
"""Words that voting rules read."""


def exactly(amount: Any) -> Fraction:
    """An amount as it is written: 0.1 is a tenth, "1/3" a third."""
    return amount if isinstance(amount, Fraction) else Fraction(str(amount))


def copied(voters: Sequence[Any], known: Plain) -> list[Any]:
    """What each of the voters marked, as often as its weight says."""
    weights = known.get("weights", known.get("multiplicities"))
    if weights is None:
        return list(voters)
    return [marked for marked, weight in zip(voters, weights, strict=True) for _copy in range(int(weight))]


def ballots_of(ids: Sequence[str], known: Plain) -> Choices:
    """The ballots of an input, each as often as its weight says."""
    return choices_of(ids, copied(known["points"] if "points" in known else known["approvals"], known))


def choices_of(ids: Sequence[str], voters: Sequence[Mapping[str, int] | Sequence[str]]) -> Choices:
    """Ballots written as ids, or as points by id, in the rows that rules read."""
    at = {project: position for position, project in enumerate(ids)}
    rows = [row if isinstance(row, Mapping) else dict.fromkeys(row, 1) for row in voters]
    marks = [(at[str(project)], points) for row in rows for project, points in row.items()]
    columns = np.array(marks, dtype=np.int64).reshape(-1, 2)
    start = np.cumsum([0, *map(len, rows)])
    return Choices(start, columns[:, 0].astype(np.int32), columns[:, 1].copy())
