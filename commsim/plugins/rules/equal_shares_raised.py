"""Completion add1 of equal shares: everybody's share is raised step by step, but most steps need not be played.

What people buy at *every* share of an interval is followed at once, with each voter's money known to lie between two
bounds. Where it is certain that raising ends nowhere inside, all steps of the interval are taken in one; only the
others are played. So the outcome is that of raising step by step. Bisection would not find it: spending need not grow
with shares.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from commsim.plugins.rules.equal_shares import NEAR, EqualShares, Shares

Money = NDArray[np.float64]

MOST_BRANCHES = 40
"""Purchases tried in one interval where their order is open; beyond that a shorter interval is tried."""
_STEADY = 3
"""How many intervals of a length hold before a longer one is tried again."""


def raised_shares(method: EqualShares, share: Fraction, step: int, stop: str) -> Shares:
    """Completion add1: raise everybody's money by `step` until `stop`.

    stop "exhaustive": until the outcome is exhaustive or the next would overspend; "overspend": until the next would
    overspend. Returns the last outcome within the budget, as raising step by step finds it. Source: equalshares.net,
    Add1.
    """
    ahead, pace = Ahead(method, stop), _Pace()
    found = method.run(share)
    if ahead.ends(found.chosen):
        return found
    while True:
        if pace.looks_ahead:
            if ahead.uneventful(share + step, share + pace.length * step):
                share += pace.length * step
                pace.held()
                continue
            if pace.length > 1:
                pace.shorten()
                continue
        following = method.run(share + step)
        if method.election.spent(following.chosen) > method.election.budget:
            return method.run(share)
        share += step
        if ahead.ends(following.chosen):
            return following
        pace.played()


class _Pace:
    """How many steps to look ahead: more where that goes well, fewer where not, none for a while if it never does."""

    def __init__(self) -> None:
        self.length = 1
        self._steady = 0
        self._alone = 0
        self._wait = 1

    @property
    def looks_ahead(self) -> bool:
        """Whether to look ahead at all, or to play the next step."""
        return self._alone == 0

    def held(self) -> None:
        """An interval was uneventful."""
        self._wait = 1
        if self._steady:
            self._steady -= 1
        else:
            self.length *= 2

    def shorten(self) -> None:
        """An interval was not."""
        self.length //= 2
        self._steady = _STEADY

    def played(self) -> None:
        """A step was played, since looking even one step ahead told nothing, or was not tried."""
        if self._alone:
            self._alone -= 1
        else:
            self._alone, self._wait = self._wait, 2 * self._wait


@dataclass
class _State:
    """What is known of all shares of an interval: bounds of each voter's money, lower bounds of the prices of what is
    left (heap), and what has been bought in this order of purchases."""

    least: Money
    most: Money
    prices: list[tuple[float, int, int]]
    chosen: list[int]
    spent: int

    def copy(self) -> _State:
        return _State(self.least.copy(), self.most.copy(), list(self.prices), list(self.chosen), self.spent)


_Bounds = Mapping[int, tuple[float, float]]
"""By project, the least and the most that it costs per unit of utility; infinite where it may be out of reach."""


class Ahead:
    """Looks ahead over intervals of shares of one election."""

    def __init__(self, method: EqualShares, stop: str) -> None:
        self.method, self.election, self.profile = method, method.election, method.profile
        self.stop = stop
        self._alike = [bool((weight == 1.0).all()) for weight in self.profile.weights]
        exact = {one: self._least_exactly(one) for one in method.candidates}
        self._least = {one: float(price) for one, price in exact.items()}
        in_order = sorted(exact, key=lambda one: (exact[one], self.election.rank[one]))
        self._place = {one: place for place, one in enumerate(in_order)}
        """Places by the least price that each project can have; of two that tie exactly the first by rank."""
        self._branches = 0

    def ends(self, chosen: list[int]) -> bool:
        """Whether raising ends with this outcome: everything that can be is bought, or it is exhaustive."""
        if len(chosen) == len(self.method.candidates):
            return True
        return self.stop == "exhaustive" and self.election.exhausted_by(chosen)

    def uneventful(self, low: Fraction, high: Fraction) -> bool:
        """Whether it is certain that at no share from `low` to `high` anything is overspent or raising ends."""
        voters = self.profile.voters
        least, most = (np.full(voters, float(low) * (1 - NEAR)), np.full(voters, float(high) * (1 + NEAR)))
        in_reach = (
            one for one in self.method.candidates if self.profile.count[one] * most[0] >= self.election.cost[one]
        )
        prices = [(self._least[one], self._place[one], one) for one in in_reach]
        heapq.heapify(prices)
        self._branches = MOST_BRANCHES
        return self._quiet(_State(least, most, prices, [], 0))

    def _quiet(self, state: _State) -> bool:
        """Whether raising surely goes on after every way in which purchases can go on from here."""
        while near := self._surely_next(state) or self._next(state):
            together = self._all_before_others(near, state)
            if together is None:
                return self._each_first(near, state)
            if not self._buy(together, state):
                return False
        return not self.ends(state.chosen)

    def _least_exactly(self, one: int) -> Fraction:
        """What a project costs per unit of utility as long as all its supporters can pay their part."""
        cost = self.election.cost[one]
        return Fraction(cost, int(self.profile.total[one])) / self.method.utility[one] if cost else Fraction(0)

    def _surely_next(self, state: _State) -> _Bounds:
        """The cheapest project, if all its supporters can surely pay their part: nothing else can cost less then.

        Decides exact ties, of which there are many where utility is effort. Empty where it is not certain.
        """
        while state.prices:
            bound, place, one = state.prices[0]
            if bound > self._least[one]:
                break
            if not (self._held(one, state.least) < bound * self._per_rho(one)).any():
                heapq.heappop(state.prices)
                return {one: (bound * (1 - NEAR), bound * (1 + NEAR))}
            least = self._at_least(one, state, bound)
            if least <= bound:
                break
            heapq.heappop(state.prices)
            if least < np.inf:
                heapq.heappush(state.prices, (least, place, one))
        return {}

    def _next(self, state: _State) -> _Bounds:
        """What may be bought next: all that may cost no more than what surely can be bought at most does."""
        near: dict[int, tuple[float, float]] = {}
        ceiling = np.inf
        while state.prices and state.prices[0][0] <= ceiling:
            bound, place, one = heapq.heappop(state.prices)
            least = self._at_least(one, state, bound)
            if least == np.inf:
                continue  # out of reach, now and later, as money only runs out
            if least > ceiling:
                heapq.heappush(state.prices, (least, place, one))
                continue
            near[one] = (least, self._price(one, self._held(one, state.least), least) * (1 + NEAR))
            ceiling = min(ceiling, near[one][1])
        for one in [one for one, (least, _most) in near.items() if least > ceiling]:
            heapq.heappush(state.prices, (near.pop(one)[0], self._place[one], one))
        return {one: (least, min(most, ceiling)) for one, (least, most) in near.items()}

    def _all_before_others(self, near: _Bounds, state: _State) -> _Bounds | None:
        """Bounds of what each of `near` costs if all of them are surely bought before anything else; else None.

        They are if each, even after all others of them were paid at the price of the cheapest other project, costs less
        than that one: then as long as any of them is left, one of them is next.
        """
        if len(near) == 1:
            return near if all(most < np.inf for _least, most in near.values()) else None
        limit = self._cheapest_other(state)
        if limit == np.inf:
            return None
        taken = np.zeros(self.profile.voters)
        for one in near:
            taken[self.profile.supporters[one]] += limit * self._per_rho(one)
        together: dict[int, tuple[float, float]] = {}
        for one, (least, _most) in near.items():
            others = self._held(one, taken) - limit * self._per_rho(one)
            left = np.maximum(self._held(one, state.least) - others, 0.0)
            together[one] = (least, self._price(one, left, least) * (1 + NEAR))
            if together[one][1] >= limit * (1 - NEAR):
                return None
        return together

    def _cheapest_other(self, state: _State) -> float:
        """A lower bound of the price of everything that is not next, infinite where nothing else is in reach."""
        while state.prices:
            bound, place, one = state.prices[0]
            least = self._at_least(one, state, bound)
            if least <= bound:
                return bound
            heapq.heappop(state.prices)
            if least < np.inf:
                heapq.heappush(state.prices, (least, place, one))
        return np.inf

    def _each_first(self, near: _Bounds, state: _State) -> bool:
        """Follow each of `near` as the next purchase, and, where none is surely in reach, none of them as well."""
        self._branches -= len(near)
        if self._branches < 0:
            return False
        for one, (least, most) in near.items():
            branch = state.copy()
            for other in near:
                if other != one:  # which is not cheaper, or it would come first
                    heapq.heappush(branch.prices, (max(near[other][0], least), self._place[other], other))
            if not self._buy({one: (least, most)}, branch) or not self._quiet(branch):
                return False
        return any(most < np.inf for _least, most in near.values()) or self._quiet(state)

    def _buy(self, near: _Bounds, state: _State) -> bool:
        """Everyone pays for these projects, no less and no more than their bounds. Whether the budget allows it."""
        for one, (least, most) in near.items():
            supporters, per_rho = self.profile.supporters[one], self._per_rho(one)
            for money, price in ((state.least, most), (state.most, least)):
                if price == np.inf:
                    money[supporters] = 0.0
                else:
                    money[supporters] = np.maximum(money[supporters] - price * per_rho, 0.0)
            state.chosen.append(one)
            state.spent += self.election.cost[one]
        return state.spent <= self.election.budget

    def _at_least(self, one: int, state: _State, bound: float) -> float:
        """A lower bound of a project's price, never below the least that it can have; infinite out of reach."""
        return max(self._price(one, self._held(one, state.most), bound) * (1 - NEAR), self._least[one])

    def _held(self, one: int, money: Money) -> Money:
        """Money of a project's supporters."""
        return money[self.profile.supporters[one]]

    def _per_rho(self, one: int) -> Money | float:
        """What each supporter pays for a project per unit of its price."""
        per_unit = float(self.method.per_unit[one])
        return per_unit if self._alike[one] else self.profile.weights[one] * per_unit

    def _price(self, one: int, money: Money, bound: float) -> float:
        """A project's price per unit of utility, at least `bound`, if supporters have `money`; else infinite."""
        cost, held = self.election.cost[one], float(np.add.reduce(money))
        if held < cost:
            return np.inf
        if not cost:
            return 0.0
        weight = None if self._alike[one] else self.profile.weights[one]
        per_unit = float(self.method.per_unit[one])
        return _price_from_below(cost, held, money, weight, bound * per_unit) / per_unit


def _price_from_below(cost: float, held: float, rich: Money, weight: Money | None, price: float) -> float:
    """The price at which sum of min(money, price × weight) is `cost`, climbing from a lower bound of it.

    `rich`: money of the supporters, `held` its sum; `weight`: None where each has weight 1. As `price_per_unit`, but
    looks again only at those who could still pay, which is fast and rounds differently.
    """
    missing, before = cost - held, rich.size
    while True:
        pays = rich > (price if weight is None else price * weight)
        rich = rich[pays]
        weight = None if weight is None else weight[pays]
        if rich.size in (before, 0):
            return price
        before = rich.size
        total = before if weight is None else float(np.add.reduce(weight))
        price = max(price, (missing + float(np.add.reduce(rich))) / total)
