"""What needs open in a made round: values drawn for trying a rule on, of the kind and size that a district has.

A made round shows whether a rule holds its contract and its claims; what residents do in it stands for nothing. So the
numbers here are no behaviour: they span what a rule may meet.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from commsim.contracts.openings import Ground
from commsim.contracts.tables import Choices, Influence, Splits

CLUSTERS = 3
"""Clusters of residents in a made round, each resident in one of them."""
_GROUPS = 40
"""Most rows of parts that count residents by group (splits, coverage)."""


def _length(ground: Ground, table: str) -> int:
    return ground.areas if table == "areas" else ground.proposals


def whole(least: int, below: int, table: str = "proposals") -> Callable[[Ground], Any]:
    """Whole numbers from `least` up to but not including `below`, one for each entry of the table."""
    return lambda ground: ground.luck.integers(least, below, _length(ground, table))


def between(least: float, most: float, table: str = "proposals") -> Callable[[Ground], Any]:
    """Numbers between two bounds, one for each entry of the table."""
    return lambda ground: ground.luck.uniform(least, most, _length(ground, table))


def normal(ground: Ground) -> Any:
    """Numbers around 0, one for each proposal."""
    return ground.luck.normal(size=ground.proposals)


def _chosen(ground: Ground, amount: Any) -> Choices:
    """A row for each resident, holding the proposals that they take up."""
    start = np.arange(ground.residents + 1) * ground.taken_up.shape[1]
    return Choices(start, ground.taken_up.ravel().astype(np.int32), amount)


def gifts(ground: Ground) -> Choices:
    """Money from each resident to each proposal that they take up."""
    return _chosen(ground, ground.luck.integers(100, 50_000, ground.taken_up.size))


def approvals(ground: Ground) -> Choices:
    """A mark from each resident for each proposal that they take up."""
    return _chosen(ground, np.ones(ground.taken_up.size, np.int64))


def more_gifts(gifts_now: Choices, times: int) -> Choices:
    """The same gifts, each so many times as much."""
    return Choices(gifts_now.start, gifts_now.proposal, gifts_now.amount * times)


def clusters(ground: Ground) -> Any:
    """The cluster of each resident."""
    return np.eye(CLUSTERS)[np.arange(ground.residents) % CLUSTERS]


def splits(ground: Ground) -> Splits:
    """A few ways of dividing the budget among the areas, each proposed by some residents."""
    rows = min(ground.residents, _GROUPS)
    share = ground.luck.dirichlet(np.ones(max(ground.areas, 1)), rows)[:, : ground.areas]
    options = tuple(f"a{position}" for position in range(ground.areas))
    return Splits(options, ground.area.astype(np.int32), share, ground.luck.integers(1, 100, rows))


def coverage(ground: Ground) -> Choices:
    """A few groups of residents, with the proposals that reach each."""
    most = ground.taken_up.shape[1]
    reached = ground.taken_up[:_GROUPS]
    sizes = np.repeat(ground.luck.integers(1, 100, len(reached)), most)
    return Choices(np.arange(len(reached) + 1) * most, reached.ravel().astype(np.int32), sizes)


def influence(ground: Ground) -> Influence:
    """The areas as circles, every two of them tied."""
    source, target = np.nonzero(~np.eye(ground.areas, dtype=np.bool_))
    return Influence(
        source.astype(np.int32),
        target.astype(np.int32),
        ground.luck.uniform(0.0, 0.5, len(source)),
        ground.luck.integers(1, 9_000, ground.areas).astype(np.float64),
        ground.area.astype(np.int32),
    )


def running(ground: Ground) -> int:
    """A few projects under way."""
    return int(ground.luck.integers(0, 4))


def history(ground: Ground) -> tuple[dict[str, Any], ...]:
    """One earlier round, with proposals for the same needs as now."""
    luck, n = ground.luck, ground.proposals
    return (
        {
            "period": 0,
            "proposals": tuple(f"p{position}" for position in range(1, n + 1)),
            "areas": tuple(f"a{area}" for area in ground.area.tolist()),
            "ask": tuple(ground.ask.tolist()),
            "paid": tuple((ground.ask // luck.integers(1, 4, n)).tolist()),
            "completed": tuple((luck.random(n) < 0.5).tolist()),
            "readiness": tuple(luck.random(n).tolist()),
            "participants": tuple(luck.integers(0, 500, n).tolist()),
        },
    )


def dearer_history(earlier: tuple[dict[str, Any], ...], times: int) -> tuple[dict[str, Any], ...]:
    """The same earlier rounds, all money so many times as much."""
    return tuple(
        {**old, **{word: tuple(times * fen for fen in old[word]) for word in ("ask", "paid")}} for old in earlier
    )


def response(ground: Ground) -> Any:
    """Participants at most, and fen at which half of them come, of each proposal."""
    n = ground.proposals
    return np.stack([ground.luck.uniform(1.0, 500.0, n), ground.luck.uniform(10_000.0, 1_000_000.0, n)], axis=1)


def dearer_response(fitted: Any, times: int) -> Any:
    """The same participants, for so many times the money."""
    return fitted * np.array([1, times])


def past_awards_multiplied(columns: Any, times: int) -> Any:
    """The same applicants, who were paid so many times as much."""
    return {**columns, "past_awards": columns["past_awards"] * times}


def applicants(ground: Ground) -> dict[str, Any]:
    """An applicant for each proposal, by column."""
    luck, n = ground.luck, ground.proposals
    return {
        "id": tuple(f"applicant{position}" for position in range(1, n + 1)),
        "type": luck.integers(0, 2, n),
        "age": luck.uniform(0.0, 240.0, n),
        "capacity": luck.random(n),
        "past_awards": luck.integers(0, 1_000_000, n),
        "delivery_rate": luck.random(n),
    }
