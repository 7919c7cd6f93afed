"""What is known of prices and money in equal shares at every share of money between two: bounds that are linear in it.

Everything here is kept as a pair of values, one at the lowest share of an interval and one at the highest, and is meant
linearly between them. If the money of all supporters is linear in the share, what they pay together at a price, the sum
of min(money, price × weight), is concave in share and price; so the price at which it makes up the cost is convex in
the share. Between two shares it lies below the line through its values there, and above the line that the price would
follow if the same people went on paying all that they have. Both lines miss it by the square of the interval's length
only, which is why long intervals can be told apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from commsim.plugins.equal_shares.purchases import NEAR
from commsim.plugins.shared.profile import Voters

Money = NDArray[np.float64]
"""Money of voters at both ends of an interval of shares, shape (2, voters)."""

Ends: TypeAlias = tuple[float, float]
"""A value at both ends of an interval of shares."""

NEVER: Ends = (np.inf, np.inf)
"""The price of what may be, or surely is, out of reach."""

_SAMPLE = 2_000
"""Voters looked at, at least, to see how far two states of affairs differ; every voter where there are fewer."""


def middle(ends: Ends) -> float:
    """Twice the value in the middle of the interval, by which linear bounds are compared."""
    return ends[0] + ends[1]


def exceeds(ends: Ends, other: Ends) -> bool:
    """Whether `ends` is above `other` at every share of the interval."""
    return ends[0] > other[0] and ends[1] > other[1]


@dataclass(frozen=True)
class Project:
    """A project as its supporters pay for it.

    `weight`: their weights, None where each is 1, `total` their sum; `utility`: utility per unit of weight; `rate`:
    what each pays per unit of the price per utility; `least`: the price per utility if all can pay their part.
    """

    cost: int
    supporters: Voters
    weight: NDArray[np.float64] | None
    total: float
    utility: float
    rate: NDArray[np.float64] | float
    least: float

    def held(self, money: Money) -> Money:
        """Money of its supporters, shape (2, supporters)."""
        return money.take(self.supporters, axis=1)

    def payable(self, money: Money) -> bool:
        """Whether all supporters can pay their part at the least price with this money, at every share."""
        return not (self.held(money) < self.least * self.rate).any()

    def lower(self, most: Money, known: Ends, enough: Ends) -> Ends:
        """A lower bound of its price if its supporters have `most` at most; not below `known`, infinite out of reach.

        Climbs from guess to guess, where each gives a bound: those who cannot pay that much give all they have, the
        others pay alike. Stops as soon as the bound `exceeds` `enough`.
        """
        if not self.cost:
            return 0.0, 0.0
        money = self.held(most)
        climb = _Climb(self, money, known, enough)
        while not climb.ended:
            climb.step()
        return climb.best

    def upper(self, money: Money, start: Ends) -> Ends:
        """An upper bound of its price if its supporters have `money` at least; infinite where it may be out of reach.

        `start`: where to look first, best a little below.
        """
        if not self.cost:
            return 0.0, 0.0
        held = np.add.reduce(money, axis=1)
        if held[0] < self.cost or held[1] < self.cost:
            return NEVER
        exact = (self._price_at(money[end], start[end]) * (1 + NEAR) for end in (0, 1))
        return next(exact), next(exact)

    def _price_at(self, money: NDArray[np.float64], start: float) -> float:
        """The price at which sum of min(money, price × rate) is the cost; `money` suffices, shape (supporters,)."""
        price, before, trusted = max(start, self.least), -1, start <= self.least
        while True:
            poor = money < price * self.rate
            count = int(np.count_nonzero(poor))
            if count == before:
                return price
            rich = self._rich(poor, count)
            following = (self.cost - float(np.add.reduce(money * poor))) / (rich * self.utility) if rich > 0 else 0.0
            if following > price:
                price, before = following, count
            elif trusted:  # all that is left above is what rounding adds
                return price if rich > 0 else max(price, float((money / self.rate).max()))
            else:  # the start was above the price: climb from below all prices
                price, before = self.least, -1
            trusted = True

    def _rich(self, poor: NDArray[np.bool_], count: int) -> float:
        """Weight of those who are not `poor`, of whom there are `count`."""
        if self.weight is None:
            return self.total - count
        return float(np.add.reduce(self.weight * ~poor))


class _Climb:
    """The way to a lower bound of a project's price. `best`: the best bound so far; `ended`: whether it is done."""

    def __init__(self, project: Project, money: Money, known: Ends, enough: Ends) -> None:
        self.project, self.money, self.enough = project, money, enough
        self.best, self.ended = known, False
        self._known = middle(known)
        self._both = money[0] + money[1]
        # To begin with what is enough spares the climb where the bound is above it, which is what is asked mostly.
        self._guess = max(self._known, middle(enough)) if enough[0] < np.inf else self._known
        self._before = -1
        self._end: int | None = None
        """Where it is surely out of reach in the middle but not at one end: that end, at which it is looked at."""

    def step(self) -> None:
        """Another guess."""
        poor = self._both < self._guess * self.project.rate
        count = int(np.count_nonzero(poor))
        if count == poor.size:
            self._nobody_can()
        elif count == self._before:
            self.ended = True
        else:
            self._before = count
            self._bounded_by(poor, count)

    def _bounded_by(self, poor: NDArray[np.bool_], count: int) -> None:
        project = self.project
        given = np.add.reduce(self.money * poor, axis=1)
        per_price = project._rich(poor, count) * project.utility / (1 - NEAR)
        found = (project.cost - float(given[0])) / per_price, (project.cost - float(given[1])) / per_price
        if middle(found) > middle(self.best):
            self.best = found
        if exceeds(self.best, self.enough):
            self.ended = True
        elif self._end is not None:
            self._guess = 2 * found[self._end]
        else:  # from above a guess falls at once to below the price, and climbs from there
            self._guess = middle(found) if middle(found) > self._guess else max(middle(found), middle(self.best))

    def _nobody_can(self) -> None:
        """Nobody can pay as much as the guess: it was too high, or the project is out of reach."""
        if self._guess > self._known and self._before < 0 and self._end is None:
            self._guess = self._known
            self._before = 0
            return
        held = np.add.reduce(self.money, axis=1)
        reached = [end for end in (0, 1) if held[end] >= self.project.cost]
        if not reached:
            self.best, self.ended = NEVER, True
        elif self._end is not None or len(reached) == 2 or middle((held[0], held[1])) >= 2 * self.project.cost:
            self.ended = True
        else:
            self._end = reached[0]
            self._both = 2 * self.money[self._end]
            self._guess = 2 * max(self.best[self._end], self.project.least)
            self._before = -1


@dataclass
class Known:
    """What is known, at every share of an interval, after some purchases.

    `least`, `most`: bounds of each voter's money; `lower`: lower bounds of the prices of projects that may still be
    bought, infinite for others, shape (2, projects); `untried`: projects whose lower bound is the least price that
    they can have, exactly; `beyond`: by project, the place of the highest least price (among all different ones) that
    its own price surely exceeds; `first`: places before it, in order of least prices, are not untried any more;
    `chosen`, `spent`: what has been bought and what it costs.
    """

    least: Money
    most: Money
    lower: NDArray[np.float64]
    untried: NDArray[np.bool_]
    beyond: NDArray[np.int64]
    first: int
    chosen: list[int]
    spent: int

    def copy(self) -> Known:
        """The same, to go another way."""
        return Known(
            self.least.copy(),
            self.most.copy(),
            self.lower.copy(),
            self.untried.copy(),
            self.beyond.copy(),
            self.first,
            list(self.chosen),
            self.spent,
        )

    def known_price(self, project: int) -> Ends:
        """The lower bound of a project's price."""
        return float(self.lower[0, project]), float(self.lower[1, project])

    def raise_price(self, project: int, bound: Ends) -> None:
        """A better lower bound of a project's price; infinite: it cannot be bought any more."""
        self.lower[:, project] = bound
        self.untried[project] = False

    def close(self, project: int) -> None:
        """A project is bought or out of reach."""
        self.raise_price(project, NEVER)

    def pay(self, project: Project, least: Ends, most: Ends) -> None:
        """Supporters of a project pay for it, at a price between these bounds."""
        supporters = project.supporters
        if most[0] == np.inf:
            left = np.zeros((2, supporters.size))
        else:
            left = above_zero(project.held(self.least) - np.multiply(np.array(most)[:, None], project.rate))
        self.least[0][supporters], self.least[1][supporters] = left
        left = project.held(self.most) - np.multiply(np.array(least)[:, None], project.rate)
        # Never below zero: that bends the line, which therefore runs through what is left at both ends.
        self.most[0][supporters], self.most[1][supporters] = np.maximum(left, 0.0, out=left)

    def apart(self, other: Known) -> float:
        """How much wider bounds of both are than the wider of each: money summed over a sample of the voters."""
        every = max(1, self.least.shape[1] // _SAMPLE)
        least, most, other_least, other_most = (
            money[:, ::every] for money in (self.least, self.most, other.least, other.most)
        )
        both = np.maximum(most, other_most) - np.minimum(least, other_least)
        wider = max(float((most - least).sum()), float((other_most - other_least).sum()))
        return (float(both.sum()) - wider) * every

    def widen(self, other: Known, least_prices: NDArray[np.float64]) -> None:
        """Make this hold for `other` as well, where the same has been bought in another order.

        `least_prices`: the least that each project can cost, shape (projects,).
        """
        np.minimum(self.least, other.least, out=self.least)
        np.maximum(self.most, other.most, out=self.most)
        np.minimum(self.lower, other.lower, out=self.lower)
        self.untried |= other.untried
        self.lower[:, self.untried] = least_prices[self.untried]
        np.minimum(self.beyond, other.beyond, out=self.beyond)
        self.first = min(self.first, other.first)


def above_zero(money: Money) -> Money:
    """A lower bound of what is left where that is never below zero: the line itself, or zero if that is better."""
    money *= money[0] + money[1] >= 0.0
    return money
