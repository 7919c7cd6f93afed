"""Equal shares with bounded overspending: supporters may cover only a share of the cost."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from commsim.contracts import parameter
from commsim.i18n import Bilingual, Text, _
from commsim.money import in_yuan
from commsim.plugins.equal_shares.rule import UTILITIES, utilities
from commsim.plugins.shared.profile import Election
from commsim.plugins.shared.voting import Decision, VotingRule, approvals_parameter

_NEAR = 1e-9  # relative; two offers nearer than this are tied


@dataclass(frozen=True)
class BoundedOverspendingParams:
    """Parameters of equal shares with bounded overspending."""

    approvals: int = approvals_parameter()
    utility: str = parameter(
        "cost",
        label=Bilingual(en="Worth of a project", zh="项目效用"),
        doc=Bilingual(
            en="What a supported project is worth to a voter: its cost, 1 (cardinality), or cost by votes (effort).",
            zh="获支持项目对投票者的效用：cost 造价，cardinality 为 1，effort 造价除以票数。",
        ),
        choices=UTILITIES,
        reference="Papasotiropoulos et al. 2024",
    )


@dataclass(frozen=True)
class Offer:
    """A project at its best share: `alpha` of the cost is covered at `rho` per unit of utility; `ratio` is ρ/α."""

    ratio: float
    alpha: float
    rho: float


class BoundedOverspending(VotingRule):
    """The Method of Equal Shares in which supporters may cover only a share α of a project's cost.

    Definition: each of n voters has B/n. Project j, whose cost fits into what is left of the budget, is
    (α, ρ)-affordable if Σ_i min(b_i, α ρ u_ij) = α c_j. The project and the pair with the least ρ/α are chosen, each
    supporter pays min(b_i, ρ u_ij); repeat until no project that fits has a supporter with money. With α = 1
    throughout this is the Method of Equal Shares. Ties (nearer than 1e-9): by id in natural order. Properties:
    exhaustive but for projects whose supporters have no money left; proportional up to a bounded amount.
    Source: Papasotiropoulos, Pishbin, Skibski, Skowron and Wąs 2024, arXiv 2409.15005.

    >>> from commsim.rules import evaluate
    >>> evaluate("pb.bos_equal_shares", {"budget": 10, "projects": {"a": 6, "b": 4}, "approvals": [["a"], ["b"]]})
    ['a', 'b']
    """

    id = "pb.bos_equal_shares"
    also_called = ("bos", "bounded overspending")
    title = Bilingual(
        en="Participatory budget, equal shares with bounded overspending", zh="参与式预算（有限超支等额份额法）"
    )
    summary = Bilingual(
        en="As equal shares, but a project whose supporters can nearly pay for it can win too.",
        zh="与等额份额法相同，但支持者资金略有不足的项目也可入选。",
    )
    properties = frozenset({"anonymous", "within_budget"})
    source = "Papasotiropoulos, Pishbin, Skibski, Skowron and Wąs 2024"
    Params = BoundedOverspendingParams

    def decide(self, election: Election) -> Decision:
        """Buy, in part where need be."""
        won = bounded_overspending(election, utilities(election, self.params.utility))
        left = election.budget - election.spent(list(won))

        def reason(position: int) -> Text:
            values = {"ask": in_yuan(election.cost[position]), "votes": int(election.profile.count[position])}
            if position in won:
                return _("paid in full: {ask} yuan, of which its supporters ({votes}) cover {alpha:.0%}").format(
                    alpha=won[position].alpha, **values
                )
            return _(
                "nothing: {ask} yuan; others were cheaper to their supporters ({votes} here); {left} yuan remain"
            ).format(left=in_yuan(left), **values)

        return Decision(list(won), reason)


def bounded_overspending(election: Election, utility: list[Fraction]) -> dict[int, Offer]:
    """Winners in their order, each with the share covered and the price."""
    profile = election.profile
    money = np.full(profile.voters, election.budget / max(profile.voters, 1))
    left = election.budget
    won: dict[int, Offer] = {}
    # Money only runs out, so a ratio found earlier is a lower bound of the ratio now.
    heap = [(0.0, election.rank[project], project) for project in range(len(election.cost)) if profile.count[project]]
    heapq.heapify(heap)
    while heap:
        best, seen = np.inf, []
        while heap and heap[0][0] <= best * (1 + _NEAR):
            _bound, _rank, project = heapq.heappop(heap)
            offer = (
                best_offer(election, project, float(utility[project]), money)
                if election.cost[project] <= left
                else None
            )
            if offer is not None:
                seen.append((offer, project))
                best = min(best, offer.ratio)
        tied = [(election.rank[project], project) for offer, project in seen if offer.ratio <= best * (1 + _NEAR)]
        chosen = min(tied)[1] if tied else -1
        for offer, project in seen:
            if project == chosen:
                supporters = profile.supporters[project]
                payment = offer.rho * float(utility[project]) * profile.weights[project]
                money[supporters] = np.maximum(money[supporters] - payment, 0.0)
                left -= election.cost[project]
                won[project] = offer
            else:
                heapq.heappush(heap, (offer.ratio, election.rank[project], project))
    return won


def best_offer(election: Election, project: int, utility: float, money: NDArray[np.float64]) -> Offer | None:
    """The pair (α, ρ) of a project with the least ρ/α; None where its supporters have no money."""
    cost = float(election.cost[project])
    if not cost:
        return Offer(0.0, 1.0, 0.0)
    supporters, weight = election.profile.supporters[project], election.profile.weights[project]
    have, worth = money[supporters], weight * utility
    if have.sum() <= _NEAR * cost:
        return None
    # x = αρ. Between two points where a voter runs dry ρ/α = x c²/(P + xU)² rises, then falls: its least value is at
    # such a point, or where the whole cost is covered.
    order = np.argsort(have / worth, kind="stable")
    dry = (have / worth)[order]
    before = np.concatenate(([0.0], np.cumsum(have[order])[:-1]))
    active = worth.sum() - np.concatenate(([0.0], np.cumsum(worth[order])[:-1]))
    whole = (cost - before) / np.maximum(active, np.finfo(float).tiny)
    full = np.flatnonzero(whole <= dry * (1 + _NEAR))
    reach = int(full[0]) if full.size else dry.size
    price, alpha = dry[:reach], (before + dry * active)[:reach] / cost
    if full.size:
        price, alpha = np.append(price, whole[reach]), np.append(alpha, 1.0)
    usable = alpha > _NEAR
    ratio = np.where(usable, price / np.where(usable, alpha, 1.0) ** 2, np.inf)
    place = int(np.argmin(ratio))
    return Offer(float(ratio[place]), float(alpha[place]), float(price[place] / alpha[place]))
