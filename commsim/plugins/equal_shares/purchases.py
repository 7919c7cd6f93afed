"""The Method of Equal Shares: every voter has the same money, projects are bought from their supporters' money.

Floats find the cheapest project; wherever two are nearer than floats can tell, or money just suffices or just does
not, exact fractions decide. Source: Peters, Pierczyński and Skowron 2021, Proportional Participatory Budgeting with
Additive Utilities.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from commsim.plugins.shared.profile import Election, Profile, Voters

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
        return [purchase.project for purchase in self.purchases]


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
        if not active.size:
            return Fraction(0)
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


@dataclass(frozen=True, order=True)
class _Tie:
    """An offer by its exact price per unit of utility, as it was after so many `purchases`."""

    rho: Fraction
    rank: int
    purchases: int = field(compare=False)
    offer: _Offer = field(compare=False)


class _Market:
    """Projects on offer: by a lower bound of their price, and, where floats cannot tell, by exact price (heaps).

    `paid_at`: by voter, how many purchases there were after the last one for a project that the voter supports. An
    exact price holds until a supporter pays, so that hundreds of ties are not priced anew at every purchase.
    """

    def __init__(self, bounds: list[tuple[float, int, int]], voters: int) -> None:
        heapq.heapify(bounds)
        self.bounds = bounds
        self.tied: list[_Tie] = []
        self.paid_at = np.zeros(voters, dtype=np.int64)

    def wait(self, offer: _Offer, rank: int) -> None:
        """Keep an offer that is dearer than the first."""
        heapq.heappush(self.bounds, (offer.rho, rank, offer.project))


class EqualShares:
    """Equal shares of one election at any share of money per voter. `utility`: a voter's utility per unit of weight."""

    def __init__(self, election: Election, utility: Utility) -> None:
        self.election, self.utility = election, utility
        self.profile = election.profile
        self.per_unit = np.array([float(worth) for worth in utility], dtype=np.float64)
        fitting = (candidate for candidate, cost in enumerate(election.cost) if cost <= election.budget)
        self.candidates = [candidate for candidate in fitting if self.profile.count[candidate]]
        self._cost = np.array(election.cost, dtype=np.float64)

    def run(self, share: Fraction) -> Shares:
        """Buy, as long as supporters can pay for one, the project whose supporters pay least per unit of utility."""
        market, state = self._opened(share)
        while (offer := self._cheapest(market, state)) is not None:
            self._buy(offer, market, state)
        return state

    def _opened(self, share: Fraction) -> tuple[_Market, Shares]:
        """Everything on offer, and everybody with `share`."""
        money = np.full(self.profile.voters, float(share))
        exact = ExactMoney(self.profile, self.election.cost, share, np.zeros(self.profile.voters, dtype=bool))
        bounds = [
            (self.least_price(candidate), self.election.rank[candidate], candidate) for candidate in self.candidates
        ]
        return _Market(bounds, self.profile.voters), Shares([], money, exact)

    def least_price(self, project: int) -> float:
        """What a project costs per unit of utility if all its supporters can pay: never more than it will cost."""
        total = float(self.profile.total[project])
        return self._cost[project] / total / self.per_unit[project] if self._cost[project] else 0.0

    def _cheapest(self, market: _Market, state: Shares) -> _Offer | None:
        # Money only runs out, so a price found earlier, by floats or exactly, is a lower bound of the price now.
        offers: list[_Offer] = []
        best = np.inf
        while True:
            tie = market.tied[0] if market.tied else None
            if market.bounds and market.bounds[0][0] <= min(best, tie.offer.rho if tie else np.inf) * (1 + NEAR):
                bound, _rank, project = heapq.heappop(market.bounds)
                offer = self._offer(project, bound, state)
                if offer is not None:
                    offers.append(offer)
                    best = min(best, offer.rho)
            elif tie and tie.offer.rho <= best * (1 + NEAR) and self._outdated(tie, market):
                self._renew(market, state)
            else:
                return self._first(offers, market, state)

    def _first(self, offers: list[_Offer], market: _Market, state: Shares) -> _Offer | None:
        """The cheapest of `offers` and of the ties known; those that tie are kept by their exact price."""
        tie = market.tied[0].offer.rho if market.tied else np.inf
        best = min([tie, *(offer.rho for offer in offers)]) * (1 + NEAR)
        near = [offer for offer in offers if offer.rho <= best]
        for offer in offers:
            if offer.rho > best:
                market.wait(offer, self.election.rank[offer.project])
        if len(near) == 1 and tie > best:
            return near[0]
        for offer in near:
            heapq.heappush(market.tied, self._exactly(offer, state))
        return heapq.heappop(market.tied).offer if market.tied else None

    def _outdated(self, tie: _Tie, market: _Market) -> bool:
        return bool(market.paid_at[self.profile.supporters[tie.offer.project]].max() > tie.purchases)

    def _renew(self, market: _Market, state: Shares) -> None:
        """Price anew the first of the ties, some of whose supporters have paid since."""
        before = heapq.heappop(market.tied).offer
        offer = self._offer(before.project, before.rho, state)
        if offer is not None and offer.rho <= before.rho * (1 + NEAR):
            heapq.heappush(market.tied, self._exactly(offer, state))
        elif offer is not None:
            market.wait(offer, self.election.rank[offer.project])

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

    def _exactly(self, offer: _Offer, state: Shares) -> _Tie:
        project, purchases = offer.project, len(state.purchases)
        if not self.election.cost[project]:
            return _Tie(Fraction(0), self.election.rank[project], purchases, offer)
        supporters, rich = self._rich(offer, state)
        poor = supporters[~rich]
        weight = int(self.profile.weights[project][rich].sum())
        price = (self.election.cost[project] - state.exact.of(poor)) / weight
        return _Tie(price / self.utility[project], self.election.rank[project], purchases, offer)

    def _rich(self, offer: _Offer, state: Shares) -> tuple[Voters, NDArray[np.bool_]]:
        """Supporters, and which of them pay the full price (at least one does)."""
        supporters, weight = self.profile.supporters[offer.project], self.profile.weights[offer.project]
        money = state.money[supporters]
        rich = money >= offer.price * weight * (1 - NEAR)
        if not rich.any():
            rich[np.argmax(money / weight)] = True
        return supporters, rich

    def _buy(self, offer: _Offer, market: _Market, state: Shares) -> None:
        supporters, rich = self._rich(offer, state)
        weight = self.profile.weights[offer.project]
        payments = np.where(rich, np.minimum(offer.price * weight, state.money[supporters]), state.money[supporters])
        state.money[supporters] = np.where(rich, np.maximum(state.money[supporters] - payments, 0.0), 0.0)
        poor = supporters[~rich]
        state.exact.record(offer.project, poor[~state.exact.dry[poor]], int(weight[rich].sum()))
        paying = payments > NEAR * offer.price * weight  # float dust is no payment
        state.purchases.append(Purchase(offer.project, offer.rho, offer.price, supporters[paying], payments[paying]))
        market.paid_at[supporters] = len(state.purchases)


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
