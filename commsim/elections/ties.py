"""Ties in a real election: who comes first of equals, and whether that decided anything."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from commsim.elections.election import PbElection
from commsim.elections.meta import OFFICIAL
from commsim.natural_order import Ranked, natural_rank

Key = Callable[[PbElection, int], int]
_ORDERS: dict[str, Key] = {
    "id": lambda _election, _at: 0,
    "file": lambda _election, at: at,
    "cheapest": lambda election, at: int(election.cost[at]),
    "dearest": lambda election, at: -int(election.cost[at]),
    "official": lambda election, at: int(election.selected[at] != OFFICIAL),
}
TIES = tuple(_ORDERS)
"""Who comes first of equals: by id in natural order, by the file's order, the cheaper, the dearer, official winners."""


def ids_for(election: PbElection, tie: str) -> tuple[str, ...]:
    """The ids of `election`, sorting so that ties go as `tie` (one of `TIES`) says, further ties by id."""
    return _ranked(election, [_ORDERS[tie](election, at) for at in range(len(election.ids))])


def losers_first(election: PbElection, winners: Collection[str]) -> tuple[str, ...]:
    """The ids of `election`, sorting so that every tie goes against those who won, to the cheapest of the others.

    If any order of a tie changes what a list funds, this one does: where a loser fits, the cheapest does, and wins;
    where none fits, it can only stop a list that stops, and does so before the winners of that tie.
    """
    won = set(winners)
    return _ranked(election, [(project in won, int(election.cost[at])) for at, project in enumerate(election.ids)])


def reversed_ids(election: PbElection) -> tuple[str, ...]:
    """The ids of `election`, sorting from the last to the first."""
    return _ranked(election, (-natural_rank(election.ids)).tolist())


def _ranked(election: PbElection, keys: Iterable[Any]) -> tuple[str, ...]:
    by, rank = list(keys), natural_rank(election.ids).tolist()
    made = list(election.ids)
    for place, at in enumerate(sorted(range(len(made)), key=lambda at: (by[at], rank[at]))):
        made[at] = Ranked.make(made[at], place)
    return tuple(made)
