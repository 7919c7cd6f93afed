"""Choosing the best set of projects that fits, by integer programming: most votes, or the best least of a voter."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd

import numpy as np
import scipy  # its parts load when they are used
from numpy.typing import NDArray

from commsim.contracts import parameter
from commsim.errors import BrokenInvariant
from commsim.i18n import Bilingual, Text, _
from commsim.money import in_yuan
from commsim.plugins.shared.maximin import groups_of
from commsim.plugins.shared.profile import Election
from commsim.plugins.shared.voting import Decision, VotingRule, approvals_parameter

_LARGEST = 1e9
"""Largest coefficient that the solver is given: it refuses those of 1e15, and loses small ones beside large ones."""


@dataclass(frozen=True)
class KnapsackParams:
    """Parameters of the knapsack rule."""

    approvals: int = approvals_parameter()
    utility: str = parameter(
        "votes",
        label=Bilingual(en="Worth of a project", zh="项目效用"),
        doc=Bilingual(
            en="What is made as large as possible: votes (points) of winners, or votes × cost.",
            zh="最大化的目标：votes 入选项目得票（点数）之和，cost 票数乘以造价之和。",
        ),
        choices=("votes", "cost"),
        reference="Talmon and Faliszewski 2019",
    )


class Knapsack(VotingRule):
    """The affordable set of projects with the most votes.

    Definition: maximise Σ v_j x_j (or Σ v_j c_j x_j) with Σ c_j x_j ≤ B, x_j 0 or 1, solved as an integer programme. Of
    several best sets one of the cheapest; among equally cheap ones the solver decides, always alike, since projects
    are put in natural order of their ids. Projects without votes do not win. Properties: exhaustive among projects that
    were voted for; not proportional. Source: Goel, Krishnaswamy, Sakshuwong and Aitamurto 2019; Talmon and Faliszewski
    2019.

    >>> from commsim.rules import evaluate
    >>> evaluate("pb.knapsack", {"budget": 10, "projects": {"a": 10, "b": 5, "c": 5}, "approvals":
    ...          [["a", "b"], ["a", "c"], ["a"], ["b", "c"]]})
    ['b', 'c']
    """

    id = "pb.knapsack"
    also_called = ("utilitarian", "max utilitarian welfare", "max additive utilitarian welfare", "背包")
    title = Bilingual(en="Participatory budget, most votes that fit", zh="参与式预算（背包法，总票数最多）")
    summary = Bilingual(
        en="Of all sets of projects that fit into the budget, the one with the most votes in total.",
        zh="在预算可容纳的所有项目组合中，选总票数最多的一组。",
    )
    properties = frozenset({"anonymous", "within_budget"})
    source = "Goel et al. 2019; Talmon and Faliszewski 2019"
    Params = KnapsackParams

    def decide(self, election: Election) -> Decision:
        """Solve the knapsack."""
        votes = election.profile.total
        worth = [int(count) for count in votes]
        if self.params.utility == "cost":
            worth = [count * cost for count, cost in zip(worth, election.cost, strict=True)]
        chosen = heaviest(election, worth)
        total = int(votes[chosen].sum())
        left = election.budget - election.spent(chosen)

        def reason(position: int) -> Text:
            values = {"votes": int(votes[position]), "ask": in_yuan(election.cost[position]), "total": total}
            if position in chosen:
                return _(
                    "paid in full: {ask} yuan; it belongs to the best set that fits (votes: {votes} of {total})"
                ).format(**values)
            return _(
                "nothing: no set with it that fits is better (votes: {votes}, {ask} yuan; {left} yuan remain)"
            ).format(left=in_yuan(left), **values)

        return Decision(chosen, reason, diagnostics={"votes_of_winners": float(total)})


class MaxMin(VotingRule):
    """The affordable set of projects in which the worst-off voter has as many supported winners as possible.

    Definition: maximise min over voters of (points of winners that the voter supports), then the sum of votes, then the
    lower cost; projects in natural order of ids, so that the solver always decides alike. Voters who marked nothing
    that fits into the budget do not count. NP-hard: for small rounds (some tens of projects, some hundred different
    ballots). Source: Sreedurga, Bhardwaj and Narahari 2022.

    >>> from commsim.rules import evaluate
    >>> evaluate("pb.maxmin", {"budget": 2, "projects": {"a": 1, "b": 1, "c": 1}, "approvals":
    ...          [["a", "b"], ["a", "b"], ["a", "b"], ["c"]]})
    ['a', 'c']
    """

    id = "pb.maxmin"
    title = Bilingual(en="Participatory budget for the worst-off voter", zh="参与式预算（最大化最少受益者）")
    summary = Bilingual(
        en="Of all sets of projects that fit, the one in which the worst-off voter gets most.",
        zh="在预算可容纳的组合中，选使获益最少的投票者获益最多的一组。",
    )
    properties = frozenset({"anonymous", "within_budget"})
    source = "Sreedurga, Bhardwaj and Narahari 2022"

    def decide(self, election: Election) -> Decision:
        """Solve for the minimum, then for the votes."""
        chosen, least = fairest(election)

        def reason(position: int) -> Text:
            values = {"votes": int(election.profile.total[position]), "least": least}
            if position in chosen:
                return _("paid in full: with it every voter has at least {least} (votes: {votes})").format(**values)
            return _("nothing: a set without it gives every voter at least {least} (votes: {votes})").format(**values)

        return Decision(chosen, reason, diagnostics={"least_of_a_voter": float(least)})


def heaviest(
    election: Election, worth: list[int], rows: scipy.sparse.csr_matrix | None = None, least: float = 0.0
) -> list[int]:
    """The affordable set of greatest `worth`, one of the cheapest of these; each of `rows` · x is at least `least`."""
    order = _standing(election, [position for position, merit in enumerate(worth) if merit > 0 or rows is not None])
    if not order:
        return []
    common = gcd(*(worth[project] for project in order)) or 1
    value = np.array([worth[project] // common for project in order], dtype=object)  # exact, however large
    cost, budget = _reduced([election.cost[project] for project in order], election.budget)
    limits = [scipy.optimize.LinearConstraint(scipy.sparse.csr_matrix(cost[None, :]), -np.inf, budget)]
    if rows is not None:
        limits.append(scipy.optimize.LinearConstraint(rows[:, order], least, np.inf))
    best = _solve(-value.astype(np.float64), limits)
    limits.append(_no_less_than(value, best))
    cheapest = _solve(cost, limits)
    if cost[cheapest].sum() <= cost[best].sum() and value[cheapest].sum() >= value[best].sum():
        best = cheapest
    return [order[place] for place in np.flatnonzero(best)]


def _no_less_than(value: NDArray[np.object_], best: NDArray[np.bool_]) -> scipy.optimize.LinearConstraint:
    """That a set is worth what `best` is: half a unit less keeps the optimum, since worths are whole numbers."""
    scale = max(float(value.max()) / _LARGEST, 1.0)
    row = scipy.sparse.csr_matrix((value / scale).astype(np.float64)[None, :])
    return scipy.optimize.LinearConstraint(row, (float(value[best].sum()) - 0.5) / scale, np.inf)


def fairest(election: Election) -> tuple[list[int], int]:
    """The set that is best for the worst-off voter, and what that voter has (points)."""
    order = _standing(election, list(range(len(election.cost))))
    order = [project for project in order if election.profile.count[project]]
    if not order:
        return [], 0
    rows = _ballots(election, order)
    cost, budget = _reduced([election.cost[project] for project in order], election.budget)
    goal = np.concatenate((np.zeros(len(order)), [-1.0]))
    slack = scipy.sparse.csr_matrix(-np.ones((rows.shape[0], 1)))
    spent = scipy.sparse.csr_matrix(np.concatenate((cost, [0.0]))[None, :])
    limits = [
        scipy.optimize.LinearConstraint(spent, -np.inf, budget),
        scipy.optimize.LinearConstraint(scipy.sparse.hstack([rows[:, order], slack]).tocsr(), 0.0, np.inf),
    ]
    found = scipy.optimize.milp(
        goal,
        constraints=limits,
        integrality=np.ones(len(order) + 1),
        bounds=scipy.optimize.Bounds(0.0, np.concatenate((np.ones(len(order)), [np.inf]))),
        options={"mip_rel_gap": 0.0},
    )
    least = round(float(_answer(found)[-1]))
    votes = [int(count) for count in election.profile.total]
    chosen = heaviest(election, votes, rows, float(least)) if least else heaviest(election, votes)
    return chosen, least


def _ballots(election: Election, standing: list[int]) -> scipy.sparse.csr_matrix:
    """Different ballots as rows of points, only voters who support something that stands."""
    profile = election.profile
    stands = np.zeros(profile.proposals, dtype=bool)
    stands[standing] = True
    kept = stands[profile.column]
    voters, row = np.unique(profile.row[kept], return_inverse=True)
    shape = (voters.size, profile.proposals)
    points = profile.weight[kept].astype(np.float64)
    whole = scipy.sparse.coo_matrix((points, (row, profile.column[kept])), shape=shape).tocsr()
    if bool(np.all(profile.weight == 1)):
        groups = groups_of(election, list(range(profile.proposals)))
        kinds = {tuple(project for project in members if stands[project]) for _count, members in groups} - {()}
        # Who also approves what somebody else approves alone has at least as much: such ballots never bind.
        alone = {kind[0] for kind in kinds if len(kind) == 1}
        kinds = {kind for kind in kinds if len(kind) == 1 or alone.isdisjoint(kind)}
        ballots = [np.bincount(kind, minlength=profile.proposals)[None, :] for kind in sorted(kinds)]
        whole = scipy.sparse.vstack([scipy.sparse.csr_matrix(ballot) for ballot in ballots])
    return scipy.sparse.csr_matrix(whole, dtype=np.float64)


def _standing(election: Election, positions: list[int]) -> list[int]:
    fitting = [project for project in positions if election.cost[project] <= election.budget]
    return sorted(fitting, key=election.rank.__getitem__)


def _reduced(cost: list[int], budget: int) -> tuple[NDArray[np.float64], float]:
    """Costs and budget by their common divisor: small whole numbers keep the solver exact."""
    common = gcd(*cost) or 1
    return np.array([price // common for price in cost], dtype=np.float64), float(budget // common)


def _solve(goal: NDArray[np.float64], limits: list[scipy.optimize.LinearConstraint]) -> NDArray[np.bool_]:
    scale = np.abs(goal).max(initial=0.0) or 1.0
    found = scipy.optimize.milp(
        goal / scale,
        constraints=limits,
        integrality=np.ones(goal.size),
        bounds=scipy.optimize.Bounds(0.0, 1.0),
        options={"mip_rel_gap": 0.0},
    )
    return _answer(found) > 0.5


def _answer(found: object) -> NDArray[np.float64]:
    answer = getattr(found, "x", None)
    if answer is None:
        raise BrokenInvariant(
            _("the integer programme ended with {message}").format(message=getattr(found, "message", "–"))
        )
    return np.asarray(answer, dtype=np.float64)
