"""How much can still be spent under equal shares: what all that is in reach costs, or what its supporters have left.

Where that much stays within the budget at every share of an interval, nobody needs to know in which order the rest is
bought, or whether it is.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from commsim.plugins.equal_shares.bounds import Known, Project
from commsim.plugins.equal_shares.purchases import NEAR
from commsim.plugins.shared.profile import Election

_WORTH_LOOKING = 1.25
"""What is in reach is looked at anew if all that seemed to be comes to no more than so many times the budget."""
_LOOKS = 8
"""How often it is looked at, about, while all that is in reach is bought: a look takes as long as a few purchases."""


class Reach:
    """What is in reach of its supporters' money. `exhaustive`: raising ends with an exhaustive outcome as well."""

    def __init__(self, election: Election, projects: dict[int, Project], exhaustive: bool) -> None:
        self.election, self.projects, self.exhaustive = election, projects, exhaustive
        self._cost = np.array(election.cost, dtype=np.float64)
        self._again = 0
        """Purchases from which on it is worth to look again."""

    def settled(self, known: Known, near: Iterable[int] = ()) -> bool:
        """Whether raising surely ends at no share of the interval, whatever else is bought.

        `near`: what may be bought next, beside what `known` gives a price for. Projects that turn out to be out of
        reach are closed.
        """
        if known.chosen and len(known.chosen) < self._again:
            return False
        left = self.election.budget - known.spent
        within = [*near, *np.flatnonzero(known.lower[0] < np.inf).tolist()]
        self._again = len(known.chosen) + len(within) // _LOOKS
        if known.chosen and self._together(within) > left + (_WORTH_LOOKING - 1) * self.election.budget:
            return False
        within = [candidate for candidate in within if self._in_reach(candidate, known)]
        if any(self.election.cost[candidate] > left for candidate in within):
            return False
        spent = self._together(within)
        if spent > left:
            spent = min(spent, self._money(known, within))
        return spent <= left and self._goes_on(known, within, left - spent)

    def _together(self, projects: list[int]) -> float:
        return float(self._cost[projects].sum())

    def _in_reach(self, candidate: int, known: Known) -> bool:
        held = np.add.reduce(self.projects[candidate].held(known.most), axis=1) * (1 + NEAR)
        if (held < self._cost[candidate]).all():
            known.close(candidate)
            return False
        return True

    def _money(self, known: Known, within: list[int]) -> float:
        """What all have at most, at either end, who support something `within` reach."""
        supports = np.zeros(known.most.shape[1], dtype=bool)
        for candidate in within:
            supports[self.projects[candidate].supporters] = True
        return float(known.most.sum(axis=1, where=supports).max()) * (1 + NEAR)

    def _goes_on(self, known: Known, within: list[int], unspent: float) -> bool:
        """Whether something is surely not bought, and keeps the outcome from being exhaustive where that matters."""
        without = set(self.projects).difference(known.chosen, within)
        return any(not self.exhaustive or self._cost[candidate] <= unspent for candidate in without)
