"""Maximum coverage under a budget: lazy greedy (CELF), the best single set, and the exact optimum of small cases."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
import scipy  # its parts load when they are used
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Cover:
    """Chosen sets (positions, in the order chosen) and the weight that they cover together."""

    chosen: tuple[int, ...]
    value: float


def value_of(reach: scipy.sparse.csr_array, weight: Floats, chosen: tuple[int, ...]) -> float:
    """Weight of the union of the chosen sets. `reach`: shape (sets, elements), nonzero where a set has an element."""
    covered = np.zeros(reach.shape[1], dtype=bool)
    for project in chosen:
        covered[reach.indices[reach.indptr[project] : reach.indptr[project + 1]]] = True
    return float(weight[covered].sum())


def ratio_greedy(reach: scipy.sparse.csr_array, weight: Floats, cost: Whole, rank: Whole, budget: int) -> Cover:
    """Again and again the set with the most new weight per cost that still fits, ties by `rank`.

    Lazy (CELF): a gain can only shrink, so a set is looked at again only when its last known gain leads.
    Source: Khuller, Moss and Naor 1999; Leskovec et al. 2007.
    """
    covered = np.zeros(reach.shape[1], dtype=bool)
    elements = [reach.indices[reach.indptr[project] : reach.indptr[project + 1]] for project in range(reach.shape[0])]

    def rate(project: int) -> float:
        gain = float(weight[elements[project]][~covered[elements[project]]].sum())
        return gain / cost[project] if cost[project] else (np.inf if gain else 0.0)

    heap = [(-rate(project), int(rank[project]), project, 0) for project in range(len(elements))]
    heapq.heapify(heap)
    chosen: list[int] = []
    left = budget
    while heap:
        negative, place, project, seen = heapq.heappop(heap)
        if cost[project] > left or negative == 0:
            continue
        if seen < len(chosen):
            heapq.heappush(heap, (-rate(project), place, project, len(chosen)))
            continue
        chosen.append(project)
        left -= int(cost[project])
        covered[elements[project]] = True
    return Cover(tuple(chosen), float(weight[covered].sum()))


def better_of_greedy_and_single(
    reach: scipy.sparse.csr_array, weight: Floats, cost: Whole, rank: Whole, budget: int
) -> Cover:
    """The ratio greedy or the best single set, whichever covers more: at least ½(1 − 1/e) of the optimum."""
    greedy = ratio_greedy(reach, weight, cost, rank, budget)
    single = np.asarray((reach != 0).astype(np.float64) @ weight)
    affordable = np.flatnonzero(cost <= budget)
    if not affordable.size:
        return greedy
    best = int(affordable[np.lexsort((rank[affordable], -single[affordable]))[0]])
    return Cover((best,), float(single[best])) if single[best] > greedy.value else greedy


def best_cover(reach: scipy.sparse.csr_array, weight: Floats, cost: Whole, budget: int, seconds: float) -> Cover | None:
    """The exact optimum by integer programming (HiGHS), or None where it was not found within `seconds`."""
    sets, elements = reach.shape
    if not sets or not elements:
        return Cover((), 0.0)
    sparse = scipy.sparse
    member = sparse.csr_array((reach != 0).astype(np.float64).T)
    # An element counts only if one of its sets is chosen; all sets together fit the budget.
    every, money = sparse.eye_array(elements), sparse.csr_array(cost[None, :])
    rows = sparse.vstack([sparse.hstack([-member, every]), sparse.hstack([money, sparse.csr_array((1, elements))])])
    limits = np.concatenate([np.zeros(elements), [float(budget)]])
    answer = scipy.optimize.milp(
        np.concatenate([np.zeros(sets), -weight]),
        constraints=scipy.optimize.LinearConstraint(sparse.csr_array(rows), -np.inf, limits),
        integrality=np.concatenate([np.ones(sets), np.zeros(elements)]),
        bounds=scipy.optimize.Bounds(0, 1),
        options={"time_limit": seconds},
    )
    if answer.status != 0:
        return None
    chosen = tuple(np.flatnonzero(answer.x[:sets] > 0.5).tolist())
    return Cover(chosen, value_of(reach, weight, chosen))
