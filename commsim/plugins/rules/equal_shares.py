"""The Method of Equal Shares: every voter has the same money, projects are bought from their supporters' money.

Floats find the cheapest project; wherever two are nearer than floats can tell, or money just suffices or just does
not, exact fractions decide. Source: Peters, Pierczyński and Skowron 2021, Proportional Participatory Budgeting with
Additive Utilities.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from commsim.plugins.rules.profile import Election, Profile, Voters

NEAR = 1e-9  # relative; float sums of a million payments err by less
Utility = Sequence[Fraction]


@dataclass(frozen=True)
class Purchase:
    """A project bought: `price` per unit of a voter's weight, `rho` per unit of utility, who pays how much (money)."""

    project: int
    rho: float
    price: float
    payers: Voters
    payments: NDArray[np.float64]


@dataclass
class Shares:
    """What came of equal shares: the purchases in their order, voters' money left (float), exact sums of it."""

    purchases: list[Purchase]
    money: NDArray[np.float64]
    exact: ExactMoney

    @property
    def chosen(self) -> list[int]:
        """Projects in the order in which they were bought."""
        return [one.project for one in self.purchases]


@dataclass
class ExactMoney:
    """Voters' money as exact fractions, worked out only when asked for.

    Whoever has not run dry has paid the price per unit times own weight for every bought project that they support; so
    the money of any group is its number times `share` less, by purchase, the price times the group's weight.
    """

    profile: Profile
    cost: Sequence[int]
    share: Fraction
    dry: NDArray[np.bool_]
    bought: list[int] = field(default_factory=list)
    emptied: list[Voters] = field(default_factory=list)
    rich_weight: list[int] = field(default_factory=list)
    _prices: list[Fraction] = field(default_factory=list)

    def record(self, project: int, emptied: Voters, rich_weight: int) -> None:
        """Note a purchase: voters who gave their last money for it, and the weight of those who paid the price."""
        self.bought.append(project)
        self.emptied.append(emptied)
        self.rich_weight.append(rich_weight)
        self.dry[emptied] = True

    def of(self, voters: Voters) -> Fraction:
        """Money that these voters have now, together."""
        return self._sum(voters[~self.dry[voters]], len(self.bought))

    def _sum(self, active: Voters, purchases: int) -> Fraction:
        weight = self.profile.weight_by_proposal(active)
        paid = [number for number in range(purchases) if weight[self.bought[number]]]
        if paid:
            self._price_up_to(paid[-1])
        spent = (int(weight[self.bought[number]]) * self._prices[number] for number in paid)
        return len(active) * self.share - sum(spent, Fraction(0))

    def _price_up_to(self, last: int) -> None:
        for number in range(len(self._prices), last + 1):
            missing = self.cost[self.bought[number]] - self._sum(self.emptied[number], number)
            self._prices.append(missing / self.rich_weight[number] if self.rich_weight[number] else Fraction(0))


@dataclass(frozen=True)
class _Offer:
    project: int
    rho: float
    price: float


class EqualShares:
    """Equal shares of one election at any share of money per voter. `utility`: a voter's utility per unit of weight."""

    def __init__(self, election: Election, utility: Utility) -> None:
        self.election, self.utility = election, utility
        self.profile = election.profile
        self.per_unit = np.array([float(one) for one in utility], dtype=np.float64)
        fitting = (one for one, cost in enumerate(election.cost) if cost <= election.budget)
        self.candidates = [one for one in fitting if self.profile.count[one]]
        self._cost = np.array(election.cost, dtype=np.float64)

    def run(self, share: Fraction) -> Shares:
        """Buy, as long as supporters can pay for one, the project whose supporters pay least per unit of utility."""
        money = np.full(self.profile.voters, float(share))
        exact = ExactMoney(self.profile, self.election.cost, share, np.zeros(self.profile.voters, dtype=bool))
        state = Shares([], money, exact)
        heap = [(self._least(one), self.election.rank[one], one) for one in self.candidates]
        heapq.heapify(heap)
        while (offer := self._cheapest(heap, state)) is not None:
            self._buy(offer, state)
        return state

    def _least(self, project: int) -> float:
        total = float(self.profile.total[project])
        return self._cost[project] / total / self.per_unit[project] if self._cost[project] else 0.0

    def _cheapest(self, heap: list[tuple[float, int, int]], state: Shares) -> _Offer | None:
        # Money only runs out, so a price found earlier is a lower bound of the price now.
        offers: list[_Offer] = []
        best = np.inf
        while heap and heap[0][0] <= best * (1 + NEAR):
            bound, _rank, project = heapq.heappop(heap)
            offer = self._offer(project, bound, state)
            if offer is not None:
                offers.append(offer)
                best = min(best, offer.rho)
        tied = [one for one in offers if one.rho <= best * (1 + NEAR)]
        chosen = min(tied, key=self._exactly(state)) if len(tied) > 1 else (tied[0] if tied else None)
        for one in offers:
            if one is not chosen:
                heapq.heappush(heap, (one.rho, self.election.rank[one.project], one.project))
        return chosen

    def _offer(self, project: int, bound: float, state: Shares) -> _Offer | None:
        """The offer of a project, None where its supporters cannot pay for it (nor will they ever)."""
        cost = self._cost[project]
        supporters, weight = self.profile.supporters[project], self.profile.weights[project]
        if not cost:
            return _Offer(project, 0.0, 0.0)
        money = state.money[supporters]
        held = money.sum()
        if held < cost * (1 - NEAR):
            return None
        if held <= cost * (1 + NEAR) and state.exact.of(supporters) < self.election.cost[project]:
            return None
        price = price_per_unit(cost, money, weight, bound * self.per_unit[project])
        return _Offer(project, price / self.per_unit[project], price)

    def _exactly(self, state: Shares) -> Callable[[_Offer], tuple[Fraction, int]]:
        def key(offer: _Offer) -> tuple[Fraction, int]:
            project = offer.project
            if not self.election.cost[project]:
                return Fraction(0), self.election.rank[project]
            supporters, rich = self._rich(offer, state)
            poor = supporters[~rich]
            weight = int(self.profile.weights[project][rich].sum())
            price = (self.election.cost[project] - state.exact.of(poor)) / weight
            return price / self.utility[project], self.election.rank[project]

        return key

    def _rich(self, offer: _Offer, state: Shares) -> tuple[Voters, NDArray[np.bool_]]:
        """Supporters, and which of them pay the full price (at least one does)."""
        supporters, weight = self.profile.supporters[offer.project], self.profile.weights[offer.project]
        money = state.money[supporters]
        rich = money >= offer.price * weight * (1 - NEAR)
        if not rich.any():
            rich[np.argmax(money / weight)] = True
        return supporters, rich

    def _buy(self, offer: _Offer, state: Shares) -> None:
        supporters, rich = self._rich(offer, state)
        weight = self.profile.weights[offer.project]
        payments = np.where(rich, np.minimum(offer.price * weight, state.money[supporters]), state.money[supporters])
        state.money[supporters] = np.where(rich, np.maximum(state.money[supporters] - payments, 0.0), 0.0)
        poor = supporters[~rich]
        state.exact.record(offer.project, poor[~state.exact.dry[poor]], int(weight[rich].sum()))
        paying = payments > NEAR * offer.price * weight  # float dust is no payment
        state.purchases.append(Purchase(offer.project, offer.rho, offer.price, supporters[paying], payments[paying]))


def price_per_unit(cost: float, money: NDArray[np.float64], weight: NDArray[np.float64], least: float) -> float:
    """The price q at which sum of min(money, q · weight) is `cost`; `least` is a known lower bound of q.

    Money must suffice. Climbs from below: whoever cannot pay at q never will at a higher q.
    """
    price = max(least, cost / weight.sum())
    poor_before = -1
    while True:
        rich = money > price * weight
        poor = rich.size - int(np.count_nonzero(rich))
        if poor == poor_before:
            return price
        if poor == rich.size:
            return max(price, float((money / weight).max()))
        poor_before = poor
        price = max(price, float((cost - money[~rich].sum()) / weight[rich].sum()))


def raised_shares(method: EqualShares, share: Fraction, step: int, stop: str) -> Shares:
    """Completion add1: raise everybody's money by `step` until `stop`.

    stop "exhaustive": until the outcome is exhaustive or the next would overspend; "overspend": until the next would
    overspend. Returns the last outcome within the budget. Source: equalshares.net, Add1.
    """
    election = method.election
    found = method.run(share)
    while not (stop == "exhaustive" and election.exhausted_by(found.chosen)):
        if len(found.purchases) == len(method.candidates):
            break
        share += step
        following = method.run(share)
        if election.spent(following.chosen) > election.budget:
            break
        found = following
    return found
