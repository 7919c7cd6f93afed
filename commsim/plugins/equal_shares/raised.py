"""Completion add1 of equal shares: everybody's share is raised step by step, but most steps need not be played.

What people buy at *every* share of an interval is followed at once, with prices and each voter's money known to lie
between bounds that are linear in the share (`bounds.py`). Where it is open what is bought next, each way
is followed, and ways that have bought the same in another order go on as one. Where it is certain that raising ends
nowhere inside, all steps of the interval are taken in one; only the others are played. So the outcome is that of
raising step by step. Bisection would not find it: spending need not grow with shares.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import accumulate

import numpy as np

from commsim.plugins.equal_shares.bounds import NEVER, Ends, Known, Project, above_zero, middle
from commsim.plugins.equal_shares.next_purchases import NextPurchase, exactly
from commsim.plugins.equal_shares.purchases import NEAR, EqualShares, Shares
from commsim.plugins.equal_shares.reach import Reach

_PURCHASES, _PER_PURCHASE = 20, 3.0
"""How many purchases are followed in one interval before it is given up: so many, and so many for each in a row."""
_FIRST = 64
"""Steps of the first interval."""
_LONGER, _SHORTER = 1.25, 1.75
"""Purchases followed for each in a row up to which a longer interval is tried next, and beyond which a shorter one."""
_STEADY = 4
"""How many intervals of a length hold before a longer one is tried again."""
_ALIKE = 0.003
"""Two orders of the same purchases are followed as one if that makes bounds of money wider by this share at most."""
_MOST_LOOKS = 20
"""How often the cheapest other project is looked at anew."""


def raised_shares(method: EqualShares, share: Fraction, step: int, stop: str, *, whole: bool = False) -> Shares:
    """Completion add1: raise everybody's money by `step` until `stop`.

    stop "exhaustive": until the outcome is exhaustive or the next would overspend; "overspend": until the next would
    overspend. `whole`: the first raise is from `share` rounded down to whole steps. Returns the last outcome within the
    budget, as raising step by step finds it. Source: equalshares.net, Add1.
    """
    ahead, pace = Ahead(method, stop), _Pace()
    found = method.run(share)
    if ahead.ends(found.chosen):
        return found
    first = share = Fraction(share // step * step) if whole else share
    while True:
        if pace.looks_ahead:
            if ahead.uneventful(share + step, share + pace.length * step):
                share += pace.length * step
                pace.held(ahead.effort)
                continue
            if pace.length > 1:
                pace.shorten(ahead.certain_up_to)
                continue
        following = method.run(share + step)
        if method.election.spent(following.chosen) > method.election.budget:
            return found if share == first else method.run(share)
        share += step
        if ahead.ends(following.chosen):
            return following
        pace.played()


class _Pace:
    """How many steps to look ahead: more where that is easy, fewer where not, none for a while if it never does."""

    def __init__(self) -> None:
        self.length = _FIRST
        self._steady = 0
        self._alone = 0
        self._wait = 1

    @property
    def looks_ahead(self) -> bool:
        """Whether to look ahead at all, or to play the next step."""
        return self._alone == 0

    def held(self, effort: float) -> None:
        """An interval was uneventful, which it took `effort` to see."""
        self._wait = 1
        if effort <= _LONGER and self._steady:
            self._steady -= 1
        elif effort <= _LONGER:
            self.length *= 2
        elif effort > _SHORTER:
            self.length = max(self.length * 2 // 3, 1)

    def shorten(self, certain: float) -> None:
        """An interval was not; this much of it may well have been, from its lower end, if more than nothing."""
        self.length = int(self.length * certain) or self.length // 2
        self._steady = _STEADY

    def played(self) -> None:
        """A step was played, since looking even one step ahead told nothing, or was not tried."""
        if self._alone:
            self._alone -= 1
        else:
            self._alone, self._wait = self._wait, 2 * self._wait


@dataclass
class _Near:
    """What may be bought next: bounds of the price of each.

    `untried`: those of them whose bound was still the least that they can cost; `payable`: the first of these, in order
    of least prices, whose supporters can surely all pay: of the untried ones it comes before all after it.
    """

    bounds: dict[int, tuple[Ends, Ends]]
    untried: set[int] = field(default_factory=set)
    payable: int | None = None

    @property
    def surely_one(self) -> bool:
        """Whether one of them is surely in reach."""
        return any(most[0] < np.inf for _least, most in self.bounds.values())


class Ahead:
    """Looks ahead over intervals of shares of one election.

    Ways in which purchases can go on are followed by the number of purchases; those that have bought the same are
    followed as one unless people's money differs too much.
    """

    def __init__(self, method: EqualShares, stop: str) -> None:
        self.method, self.election, self.profile = method, method.election, method.profile
        self.stop = stop
        exact = {candidate: self._least_exactly(candidate) for candidate in method.candidates}
        self._order = sorted(exact, key=lambda candidate: (exact[candidate], self.election.rank[candidate]))
        """Projects by the least price that each can have; of two that tie exactly the first by rank."""
        self._in_order = np.array(self._order, dtype=np.intp)
        self._least = np.full(self.profile.proposals, np.inf)
        self._level = np.zeros(self.profile.proposals, dtype=np.int64)
        """By project, the place of its least price among all different ones."""
        for candidate, level in zip(self._order, _levels([exact[candidate] for candidate in self._order]), strict=True):
            self._least[candidate], self._level[candidate] = float(exact[candidate]), level
        self._projects = {candidate: self._as_paid(candidate) for candidate in self._order}
        self._reach = Reach(self.election, self._projects, stop == "exhaustive")
        self._charged = np.zeros(self.profile.voters)
        self._total = 0.0
        self.certain_up_to = 0.0
        """How much of the last interval, from its lower end, came before the purchase that overspends was in reach."""
        self._followed = self._deepest = 0
        self._waiting: dict[int, dict[frozenset[int], list[Known]]] = {}

    @property
    def effort(self) -> float:
        """Purchases that were followed in the last interval for each in a row: 1 if there was one way only."""
        return max(self._followed - _PURCHASES, self._deepest) / max(self._deepest, 1)

    def ends(self, chosen: list[int]) -> bool:
        """Whether raising ends with this outcome: everything that can be is bought, or it is exhaustive."""
        if len(chosen) == len(self.method.candidates):
            return True
        return self.stop == "exhaustive" and self.election.exhausted_by(chosen)

    def uneventful(self, low: Fraction, high: Fraction) -> bool:
        """Whether it is certain that at no share from `low` to `high` anything is overspent or raising ends."""
        self._followed = self._deepest = 0
        self.certain_up_to = 0.0
        self._waiting = {}
        known = self._at_first(float(low), float(high))
        if self._reach.settled(known):
            return True
        self._wait(known)
        while self._waiting:
            if not self._follow(self._shortest()):
                return False
        return True

    def _at_first(self, low: float, high: float) -> Known:
        """What is known before anything is bought."""
        shares = np.array([[low], [high]])
        most = np.repeat(shares * (1 + NEAR), self.profile.voters, axis=1)
        lower = np.full((2, self.profile.proposals), np.inf)
        for candidate in self._order:
            if self.profile.count[candidate] * high * (1 + NEAR) >= self.election.cost[candidate]:
                lower[:, candidate] = self._least[candidate]
        self._total = float(np.add.reduce(most, axis=None))
        least = np.repeat(shares * (1 - NEAR), self.profile.voters, axis=1)
        untried = np.isfinite(lower[0])
        return Known(least, most, lower, untried, np.full(self.profile.proposals, -1), 0, [], 0)

    def _least_exactly(self, candidate: int) -> Fraction:
        """What a project costs per unit of utility as long as all its supporters can pay their part."""
        cost = self.election.cost[candidate]
        return (
            Fraction(cost, int(self.profile.total[candidate])) / self.method.utility[candidate] if cost else Fraction(0)
        )

    def _as_paid(self, candidate: int) -> Project:
        weight, utility = self.profile.weights[candidate], float(self.method.per_unit[candidate])
        alike = bool((weight == 1.0).all())
        return Project(
            cost=self.election.cost[candidate],
            supporters=self.profile.supporters[candidate],
            weight=None if alike else weight,
            total=float(self.profile.total[candidate]),
            utility=utility,
            rate=utility if alike else weight * utility,
            least=float(self._least[candidate]),
        )

    # Ways that wait to be followed.

    def _wait(self, known: Known) -> None:
        """Follow this way later, as one with others that have bought the same and differ little."""
        alike = self._waiting.setdefault(len(known.chosen), {}).setdefault(frozenset(known.chosen), [])
        for other in alike:
            if other.apart(known) <= _ALIKE * self._total:
                other.widen(known, self._least)
                return
        alike.append(known)

    def _shortest(self) -> Known:
        """A way with the fewest purchases: whatever may come to the same has come by then."""
        fewest = min(self._waiting)
        ways = self._waiting[fewest]
        chosen = next(iter(ways))
        known = ways[chosen].pop()
        if not ways[chosen]:
            del ways[chosen]
        if not ways:
            del self._waiting[fewest]
        return known

    # One way.

    def _follow(self, known: Known) -> bool:
        """Whether nothing ends raising as far as this way goes on alone; ways that part from it are left waiting."""
        while (near := self._surely_next(known) or self._next(known)) is not None:
            if self._followed > _PURCHASES + _PER_PURCHASE * len(known.chosen):
                return False
            together = self._all_before_others(near, known)
            if together is None:
                return self._each_first(near, known)
            if not self._buy(together, known):
                return False
            if self._waiting:
                self._wait(known)
                return True
        self._deepest = max(self._deepest, len(known.chosen))
        return not self.ends(known.chosen)

    def _surely_next(self, known: Known) -> _Near | None:
        """The cheapest project, if all its supporters can surely pay their part: nothing else can cost less then.

        Decides exact ties, of which there are many where utility is effort. None where it is not certain.
        """
        while (candidate := self._first_untried(known)) is not None:
            project = self._projects[candidate]
            tried = ~known.untried & (known.beyond < self._level[candidate])
            if not known.lower[0, tried].min(initial=np.inf) > project.least:
                return None
            if not known.lower[1, tried].min(initial=np.inf) > project.least:
                return None
            if project.payable(known.least):
                known.close(candidate)
                return _Near({candidate: exactly(project.least)})
            bound = project.lower(known.most, (project.least, project.least), NEVER)
            if not middle(bound) > 2 * project.least:
                return None
            known.raise_price(candidate, bound)
        return None

    def _first_untried(self, known: Known) -> int | None:
        open_ = known.untried[self._in_order[known.first :]]
        known.first += int(open_.argmax()) if open_.any() else open_.size
        return self._order[known.first] if known.first < len(self._order) else None

    def _next(self, known: Known) -> _Near | None:
        """What may be bought next: all that may cost no more than what surely can be bought at most does."""
        search = NextPurchase(self._projects, known)
        rest = self._in_order[known.first :]
        payable = search.untried(rest[known.untried[rest]].tolist())
        waits = known.lower.copy()
        waits[:, known.untried] = np.inf
        if payable is not None:
            waits[:, known.beyond >= self._level[payable]] = np.inf
        search.tried(np.argsort(waits[0] + waits[1], kind="stable"), waits)
        near = _Near(search.near())
        if not near.bounds:
            return None
        near.untried = {candidate for candidate in near.bounds if known.untried[candidate]}
        near.payable = payable if payable in near.bounds else None
        for candidate in near.bounds:
            known.close(candidate)
        return near

    def _all_before_others(self, near: _Near, known: Known) -> dict[int, tuple[Ends, Ends]] | None:
        """Bounds of what each of `near` costs if all of them are surely bought before anything else; else None.

        They are if each, even after all others of them were paid at the price of the cheapest other project, costs less
        than that one: then as long as any of them is left, one of them is next.
        """
        if any(most[0] == np.inf for _least, most in near.bounds.values()):
            return None
        if len(near.bounds) == 1:
            return near.bounds
        limit = self._cheapest_other(known)
        if limit[0] == np.inf:
            return None
        for candidate in near.bounds:
            self._charged[self._projects[candidate].supporters] += self._projects[candidate].rate
        together = self._together(near, known, limit)
        for candidate in near.bounds:
            self._charged[self._projects[candidate].supporters] = 0.0
        return together

    def _together(self, near: _Near, known: Known, limit: Ends) -> dict[int, tuple[Ends, Ends]] | None:
        together: dict[int, tuple[Ends, Ends]] = {}
        for candidate, (least, _most) in near.bounds.items():
            most = self._after_others(self._projects[candidate], known, least, limit)
            if not (most[0] < limit[0] * (1 - NEAR) and most[1] < limit[1] * (1 - NEAR)):
                return None
            together[candidate] = (least, most)
        return together

    def _after_others(self, project: Project, known: Known, least: Ends, price: Ends) -> Ends:
        """An upper bound of a project's price after all others that are `_charged` were paid at `price`."""
        others = self._charged.take(project.supporters) - project.rate
        left = project.held(known.least) - np.multiply(np.array(price)[:, None], others)
        return project.upper(above_zero(left), least)

    def _cheapest_other(self, known: Known) -> Ends:
        """A lower bound of the price of everything that is not next, infinite where nothing else is in reach."""
        for _try in range(_MOST_LOOKS):
            candidate = int((known.lower[0] + known.lower[1]).argmin())
            before = known.known_price(candidate)
            if before[0] == np.inf:
                return NEVER
            bound = self._projects[candidate].lower(known.most, before, NEVER)
            if middle(bound) <= middle(before):
                break
            known.raise_price(candidate, bound)
        return float(known.lower[0].min()), float(known.lower[1].min())

    def _each_first(self, near: _Near, known: Known) -> bool:
        """Follow each of `near` as the next purchase, and, where none is surely in reach, none of them as well."""
        if self._reach.settled(known, near.bounds):
            self._deepest = max(self._deepest, len(known.chosen))
            return True
        if not near.surely_one:
            self._wait(known.copy())
        last = next(reversed(near.bounds))
        for candidate, (least, most) in near.bounds.items():
            way = known if candidate == last else known.copy()
            for other in near.bounds:
                if other != candidate:
                    self._not_cheaper(other, candidate, near, way)
            way.close(candidate)
            if not self._buy({candidate: (least, most)}, way):
                return False
            self._wait(way)
        return True

    def _not_cheaper(self, other: int, candidate: int, near: _Near, way: Known) -> None:
        """What is known of the price of `other` where `candidate` is bought before it."""
        if other == near.payable:
            way.lower[:, other] = self._least[other]
            way.untried[other] = True
            way.first = 0
            return
        way.raise_price(other, max(near.bounds[other][0], near.bounds[candidate][0], key=middle))
        if candidate == near.payable and other in near.untried:
            # It costs as much as `candidate` at least, and more if it would have come first at the same least price.
            tie = self._level[other] == self._level[candidate]
            way.beyond[other] = self._level[candidate] if tie else self._level[candidate] - 1

    def _buy(self, near: dict[int, tuple[Ends, Ends]], known: Known) -> bool:
        """Everyone pays for these projects, no less and no more than their bounds. Whether the budget allows it."""
        self._followed += 1
        if known.spent + sum(self.election.cost[candidate] for candidate in near) > self.election.budget:
            self.certain_up_to = max(self._out_of_reach_up_to(candidate, known) for candidate in near)
            return False
        for candidate, (least, most) in near.items():
            known.pay(self._projects[candidate], least, most)
            known.chosen.append(candidate)
            known.spent += self.election.cost[candidate]
        return True

    def _out_of_reach_up_to(self, candidate: int, known: Known) -> float:
        """Below which part of the interval the supporters of a project surely have less than it costs; 0 if nowhere."""
        first, last = np.add.reduce(self._projects[candidate].held(known.most), axis=1).tolist()
        missing = self.election.cost[candidate] - first
        return missing / (last - first) if 0 < missing < last - first else 0.0


def _levels(ascending: list[Fraction]) -> list[int]:
    """Places of values among all different ones, from 0."""
    new = [0, *(int(level != before) for before, level in zip(ascending, ascending[1:], strict=False))]
    return list(accumulate(new[: len(ascending)]))
