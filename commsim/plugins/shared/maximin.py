"""Maximin support: the least largest load when costs are spread over supporters, by linear programming, exactly."""

from __future__ import annotations

import heapq
from fractions import Fraction
from itertools import pairwise

import numpy as np
import scipy  # its parts load when they are used

from commsim.errors import BrokenInvariant
from commsim.i18n import _
from commsim.plugins.shared.profile import Election


def maximin_support(election: Election) -> list[tuple[int, Fraction]]:
    """Projects in the order in which they are added, each with the largest load of a voter by then (fen).

    What does not fit into the money left is passed over; projects that nobody supports are never added.
    """
    fitting = (candidate for candidate, cost in enumerate(election.cost) if cost <= election.budget)
    # More projects never lighten a load, so a load found earlier is a lower bound of the load now.
    heap = [
        (
            Fraction(election.cost[candidate], int(election.profile.count[candidate])),
            election.rank[candidate],
            candidate,
        )
        for candidate in fitting
        if election.profile.count[candidate]
    ]
    heapq.heapify(heap)
    chosen: list[tuple[int, Fraction]] = []
    left = election.budget
    while heap:
        tied, load = _lightest(heap, [candidate for candidate, _load in chosen], election)
        project = min(tied, key=election.rank.__getitem__)
        chosen.append((project, load))
        left -= election.cost[project]
        heap += [(load, election.rank[candidate], candidate) for candidate in tied if candidate != project]
        heap = [entry for entry in heap if election.cost[entry[2]] <= left]
        heapq.heapify(heap)
    return chosen


def _lightest(
    heap: list[tuple[Fraction, int, int]], chosen: list[int], election: Election
) -> tuple[list[int], Fraction]:
    seen: list[tuple[Fraction, int]] = []
    best: Fraction | None = None
    while heap and (best is None or heap[0][0] <= best):
        _bound, _rank, project = heapq.heappop(heap)
        load = least_largest_load(election, [*chosen, project])
        seen.append((load, project))
        best = load if best is None else min(best, load)
    assert best is not None  # called with a heap that holds something
    for load, project in seen:
        if load > best:
            heapq.heappush(heap, (load, election.rank[project], project))
    return [project for load, project in seen if load == best], best


Groups = list[tuple[int, tuple[int, ...]]]
"""Voters who support the same of some projects: how many, and the places of these projects in a list."""


def least_largest_load(election: Election, projects: list[int]) -> Fraction:
    """The least possible largest load when the costs of `projects` are spread over their supporters (fen, exact)."""
    return tightest(groups_of(election, projects), [election.cost[candidate] for candidate in projects])[0]


def tightest(size: Groups, cost: list[int]) -> tuple[Fraction, set[int]]:
    """The least possible largest load (exact), and places of projects whose supporters all have to bear it.

    By duality it is the greatest cost(T) / (supporters of T) over sets T of projects, and every level set of an optimal
    dual solution is such a T: floats find the set, integers give the load. `size` covers every project; `cost` is by
    place.
    """
    if not any(cost):
        return Fraction(0), set(range(len(cost)))
    scale = max(cost)
    edges = [(group, place) for group, (_count, members) in enumerate(size) for place in members]
    groups, places = np.array(edges, dtype=np.int64).T
    flow = np.arange(len(edges))
    # Each project's cost is met by its supporters; no voter of a group bears more than the load z (the last variable).
    met = scipy.sparse.coo_matrix((np.ones(len(edges)), (places, flow)), shape=(len(cost), len(edges) + 1))
    counts = -np.array([count for count, _members in size], dtype=np.float64)
    rows = np.concatenate((groups, np.arange(len(size))))
    columns = np.concatenate((flow, np.full(len(size), len(edges))))
    borne = scipy.sparse.coo_matrix((np.concatenate((np.ones(len(edges)), counts)), (rows, columns)))
    goal = np.zeros(len(edges) + 1)
    goal[-1] = 1.0
    answer = scipy.optimize.linprog(
        goal,
        A_ub=borne.tocsr(),
        b_ub=np.zeros(len(size)),
        A_eq=met.tocsr(),
        b_eq=np.array(cost) / scale,
        method="highs",
    )
    if answer.status != 0:
        raise BrokenInvariant(
            _("maximin support: the linear programme ended with {message}").format(message=answer.message)
        )
    duals = np.abs(answer.eqlin.marginals)
    binding = set(np.flatnonzero(duals > duals.max() / 2).tolist())
    supporters = sum(count for count, members in size if binding.intersection(members))
    return Fraction(sum(cost[candidate] for candidate in binding), supporters), binding


def groups_of(election: Election, projects: list[int]) -> Groups:
    """Voters by which of `projects` they support; those who support none are left out."""
    profile = election.profile
    place = np.full(profile.proposals, -1)
    place[projects] = np.arange(len(projects))
    kept = place[profile.column] >= 0
    row, column = profile.row[kept], place[profile.column[kept]]
    inside = np.lexsort((column, row))
    row, column = row[inside], column[inside]
    bounds = np.append(np.flatnonzero(np.diff(row, prepend=-1)), row.size)
    counted: dict[bytes, int] = {}
    for start, end in pairwise(bounds.tolist()):
        key = column[start:end].tobytes()
        counted[key] = counted.get(key, 0) + 1
    return [(count, tuple(np.frombuffer(key, dtype=column.dtype).tolist())) for key, count in counted.items()]
