"""Optimal benchmarks: what the money could do at best, to be shown beside every rule."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy  # its parts load when they are used
from numpy.typing import NDArray

from commsim.contracts import Award, Influence, RoundView, Rule, parameter
from commsim.i18n import Bilingual, Text, _
from commsim.money import in_yuan, largest_remainder
from commsim.natural_order import natural_order, natural_rank
from commsim.plugins.benchmarks.covering import Cover, best_cover, better_of_greedy_and_single

Floats = NDArray[np.float64]
_STEPS = 200
"""Halvings of the interval of the marginal response: more than a float can resolve."""


@dataclass(frozen=True)
class CoverageParams:
    """Parameters of maximum coverage."""

    exact_up_to: int = parameter(
        40,
        label=Bilingual(en="Exact up to", zh="精确求解上限"),
        doc=Bilingual(en="Up to this many projects the exact optimum is sought.", zh="项目数不超过此数时求精确最优。"),
        unit="projects",
        ge=0,
        sweep=(0, 100),
        reference="numerical",
    )
    seconds: float = parameter(
        5.0,
        label=Bilingual(en="Time limit", zh="时限"),
        doc=Bilingual(en="Time for the exact optimum; then greedy.", zh="求精确最优的时限，超时改用贪心。"),
        unit="seconds",
        ge=0.1,
        le=600.0,
        reference="numerical",
    )


class MaximumCoverage(Rule):
    """As many residents as possible are reached by some project.

    Definition: max |∪ R_j| subject to Σ c_j ≤ B. Up to `exact_up_to` projects exactly (integer programme), above that
    the better of the ratio greedy (CELF) and the best single project, which is at least ½(1 − 1/e) of the optimum; the
    ratio greedy alone has no bound. Where the round does not know whom projects reach, their beneficiaries are taken to
    be different people. A benchmark: it knows what no administrator knows. Source: Khuller, Moss and Naor 1999.

    >>> from commsim.rules import evaluate
    >>> sets = {"S1": [1], "S2": [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]}
    >>> evaluate("optimal.max_coverage", {"budget": 11, "sets": sets, "costs": {"S1": 1, "S2": 11}})
    {'optimal': ['S2'], 'value': 10.0, 'ratio_greedy': ['S1'], 'greedy_value': 1.0}
    """

    id = "optimal.max_coverage"
    title = Bilingual(en="Most residents reached (benchmark)", zh="覆盖居民最多（基准）")
    summary = Bilingual(
        en="Chooses projects that together reach the most residents.", zh="选出合计惠及居民最多的项目组合。"
    )
    family = "optimal"
    needs = frozenset({"coverage", "beneficiaries"})
    properties = frozenset({"benchmark", "anonymous"})
    source = "Khuller, Moss and Naor 1999"
    Params = CoverageParams

    def settle(self, view: RoundView) -> Award:
        """Pay the chosen projects in full."""
        reach, weight = reach_of(view)
        best = self._best(view, reach, weight)
        return _chosen_award(view, best, _("residents reached"), np.asarray((reach != 0).astype(float) @ weight))

    def _best(self, view: RoundView, reach: scipy.sparse.csr_array, weight: Floats) -> Cover:
        order = natural_order(view.proposals.id)
        cost, n = view.proposals.ask, len(view.proposals)
        if n <= self.params.exact_up_to:
            # In the order of ids, so that of several optima the same one is found however proposals stand.
            found = best_cover(reach[order], weight, cost[order], view.budget, self.params.seconds) if n else None
            if found is not None:
                return Cover(tuple(int(order[project]) for project in found.chosen), found.value)
        return better_of_greedy_and_single(reach, weight, cost, natural_rank(view.proposals.id), view.budget)


def reach_of(view: RoundView) -> tuple[scipy.sparse.csr_array, Floats]:
    """Groups of residents that each project reaches, shape (projects, groups), and how many residents each has."""
    coverage, n = view.coverage, len(view.proposals)
    filled = np.flatnonzero(np.diff(coverage.start) > 0)
    if not filled.size:
        known = "beneficiaries" in view.proposals.columns
        weight = view.proposals.beneficiaries.astype(np.float64) if known else np.ones(n)
        return scipy.sparse.csr_array(np.eye(n)), weight
    ones = np.ones(len(coverage.proposal))
    groups = scipy.sparse.csr_array((ones, coverage.proposal, coverage.start), shape=(coverage.rows, n))
    weight = np.zeros(coverage.rows)
    weight[filled] = coverage.amount[coverage.start[filled]]
    return scipy.sparse.csr_array(groups.T.tocsr()), weight


def _chosen_award(view: RoundView, best: Cover, what: Text, alone: Floats) -> Award:
    won = np.zeros(len(view.proposals), dtype=bool)
    won[list(best.chosen)] = True
    paid = np.where(won, view.proposals.ask, 0).astype(np.int64)
    yes = _("{paid} yuan: among the projects that give the most {what}, {value:,.1f} together ({alone:,.1f} by itself)")
    no = _("nothing: other projects give more {what} for the money ({alone:,.1f} by itself)")
    reasons = tuple(
        (yes if won[at] else no).format(paid=in_yuan(paid[at]), what=what, value=best.value, alone=float(alone[at]))
        for at in range(len(paid))
    )
    return Award(paid=paid, reasons=reasons, diagnostics={"optimum": best.value})


class ExpectedParticipation(Rule):
    """As much participation as money can buy, by fitted responses: equal marginal response everywhere.

    Definition: max Σ π_j(x_j) subject to Σ x_j ≤ B and 0 ≤ x_j ≤ c_j, with π_j(x) = most_j · x / (half_j + x) fitted on
    earlier rounds; the optimum has π'_j(x_j) = λ wherever 0 < x_j < c_j (water-filling on the marginal response). Where
    the round knows no responses, every project is taken to respond alike: most 1, half its ask. An upper bound to be
    shown beside every rule as its distance to the optimum, and no better than the fit.

    >>> from commsim.rules import evaluate
    >>> evaluate("optimal.expected_participation", {"budget": 100, "asks": [90, 90], "response": [[5, 50], [5, 50]]})
    [50.0, 50.0]
    """

    id = "optimal.expected_participation"
    title = Bilingual(en="Most participation expected (benchmark)", zh="预期参与最多（基准）")
    summary = Bilingual(
        en="Divides the money so that one more yuan draws the same everywhere.", zh="使各项目最后一元的边际参与相等。"
    )
    family = "optimal"
    needs = frozenset({"response"})
    properties = frozenset({"benchmark", "anonymous"})
    source = "concave allocation; water-filling"

    def settle(self, view: RoundView) -> Award:
        """Fill up to equal marginal response."""
        ask = view.proposals.ask.astype(np.float64)
        most, half = _response(view)
        exact = equal_marginal(most, half, ask, float(view.budget))
        order = natural_order(view.proposals.id)
        paid = np.zeros(len(ask), dtype=np.int64)
        total = min(int(round(float(exact.sum()))), view.budget)
        paid[order] = largest_remainder(total, exact[order])
        paid = np.minimum(paid, view.proposals.ask)
        expected = most * paid / np.maximum(half + paid, np.finfo(float).tiny)
        text = _("{paid} yuan: {people:.2f} participants expected, {more:.4f} more for another 100 yuan")
        slope = most * half / np.maximum(half + paid, np.finfo(float).tiny) ** 2
        reasons = tuple(
            text.format(paid=in_yuan(paid[at]), people=float(expected[at]), more=float(slope[at]) * 100 * 100)
            for at in range(len(paid))
        )
        return Award(paid=paid, reasons=reasons, diagnostics={"optimum": float(expected.sum())})


def _response(view: RoundView) -> tuple[Floats, Floats]:
    if "response" in view.proposals.columns:
        fitted = view.proposals.response
        return fitted[:, 0], fitted[:, 1]
    return np.ones(len(view.proposals)), view.proposals.ask.astype(np.float64)


def equal_marginal(most: Floats, half: Floats, limits: Floats, budget: float) -> Floats:
    """x_j = clip(√(most·half / λ) − half, 0, limit) with λ such that the x sum to the budget, unrounded, shape (n,).

    All arguments in one unit of money; `most` in participants. Where every limit fits the budget, the limits.
    """
    useful = (most > 0) & (limits > 0)
    ceiling = np.where(useful, limits, 0.0)
    if ceiling.sum() <= budget:
        return ceiling
    # Bisection on 1 / √λ, in which every x rises and is linear between its ends.
    low, high = 0.0, float(((half + limits) / np.sqrt(np.maximum(most * half, np.finfo(float).tiny)))[useful].max())
    for _step in range(_STEPS):
        level = (low + high) / 2
        x = np.clip(np.sqrt(most * half) * level - half, 0.0, ceiling)
        low, high = (level, high) if x.sum() < budget else (low, level)
    return np.asarray(np.clip(np.sqrt(most * half) * low - half, 0.0, ceiling))


@dataclass(frozen=True)
class SeedingParams:
    """Parameters of influence seeding."""

    samples: int = parameter(
        30,
        label=Bilingual(en="Drawn networks", zh="抽样网络数"),
        doc=Bilingual(en="Drawn networks over which the spread is averaged.", zh="用于平均传播范围的随机网络个数。"),
        unit="samples",
        ge=1,
        le=1000,
        sweep=(10, 200),
        reference="numerical",
    )


class InfluenceSeeding(Rule):
    """Money goes to projects whose circles draw in the most others.

    Definition: choose projects within the budget to maximise the expected number of residents that take part after
    spreading along ties (independent cascade: each arc carries with its probability, once). The spread is the mean over
    `samples` drawn networks, the same for all choices, so that it is submodular; lazy greedy (CELF) by gain per yuan,
    or the best single project where that reaches more. Where the round knows no ties every project is its own circle.
    Sources: Kempe, Kleinberg and Tardos 2003; Leskovec et al. 2007.

    >>> from commsim.rules import evaluate
    >>> ties = {"arcs": [[0, 1, 1.0], [1, 2, 1.0]], "weight": [1, 1, 1], "start": [0, 2]}
    >>> evaluate("optimal.influence_seeding", {"budget": 10, "asks": [10, 10], "influence": ties})
    {'p1': 10.0, 'p2': 0.0}
    """

    id = "optimal.influence_seeding"
    title = Bilingual(en="Most residents drawn in by others (benchmark)", zh="带动居民最多（基准）")
    summary = Bilingual(
        en="Funds projects whose circles draw in the most others.", zh="资助最能带动他人的圈子所提的项目。"
    )
    family = "optimal"
    needs = frozenset({"influence"})
    properties = frozenset({"benchmark", "anonymous"})
    source = "Kempe, Kleinberg and Tardos 2003; Leskovec et al. 2007"
    Params = SeedingParams

    def settle(self, view: RoundView) -> Award:
        """Pay the chosen projects in full."""
        influence = view.influence
        certain = not ((influence.probability > 0) & (influence.probability < 1)).any()
        samples = 1 if certain else self.params.samples
        reach = drawn_reach(influence, view, samples)
        weight = np.tile(influence.weight / samples, samples)
        rank = natural_rank(view.proposals.id)
        best = better_of_greedy_and_single(reach, weight, view.proposals.ask, rank, view.budget)
        return _chosen_award(view, best, _("residents drawn in"), np.asarray((reach != 0).astype(float) @ weight))


def drawn_reach(influence: Influence, view: RoundView, samples: int) -> scipy.sparse.csr_array:
    """Circles that each proposal reaches in each drawn network, shape (proposals, samples · circles)."""
    circles, arcs = len(influence.weight), len(influence.source)
    indices: list[list[NDArray[np.int64]]] = [[] for _proposal in influence.start]
    for sample in range(samples):
        luck = view.draw(f"cascade {sample}", [str(arc) for arc in range(arcs)]) if arcs else np.zeros(0)
        live = luck < influence.probability
        ends = (influence.source[live], influence.target[live])
        network = scipy.sparse.csr_array((np.ones(int(live.sum())), ends), shape=(circles, circles))
        reached: dict[int, NDArray[np.int64]] = {}
        for at, start in enumerate(influence.start.tolist()):
            if start not in reached:
                found = scipy.sparse.csgraph.breadth_first_order(
                    network, start, directed=True, return_predecessors=False
                )
                reached[start] = found.astype(np.int64) + sample * circles
            indices[at].append(reached[start])
    rows = [np.sort(np.concatenate(part)) for part in indices]
    indptr = np.cumsum([0, *map(len, rows)])
    columns = np.concatenate(rows) if rows else np.zeros(0, np.int64)
    return scipy.sparse.csr_array((np.ones(len(columns)), columns, indptr), shape=(len(rows), samples * circles))
