"""What may be bought next in equal shares, at any share of an interval: the cheapest, and all that may be as cheap."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commsim.plugins.equal_shares.bounds import NEVER, Ends, Known, Project, exceeds, middle
from commsim.plugins.equal_shares.purchases import NEAR


class NextPurchase:
    """Finds what may be bought next, the most promising first, so that most of the others need no more than a look."""

    def __init__(self, projects: dict[int, Project], known: Known) -> None:
        self.projects, self.known = projects, known
        self.ceiling = NEVER
        """The lowest upper bound of a price."""
        self.bounds: dict[int, tuple[Ends, Ends]] = {}

    def untried(self, in_order: list[int]) -> int | None:
        """Look at projects whose bound is the least that they can cost; which is the first that all can surely pay."""
        for candidate in in_order:
            project = self.projects[candidate]
            least = (project.least, project.least)
            if exceeds(least, self.ceiling):
                return None
            if project.payable(self.known.least):
                self._found(candidate, *exactly(project.least))
                return candidate
            bound = project.lower(self.known.most, least, self.ceiling)
            if middle(bound) > middle(least):
                self.known.raise_price(candidate, bound)
            else:
                self._priced(candidate, bound)
        return None

    def tried(self, in_order: NDArray[np.intp], waits: NDArray[np.float64]) -> None:
        """Look at other projects, with these lower bounds; infinite: none that can come next."""
        low, high = waits[:, in_order]
        open_ = (low < np.inf) & ((low <= self.ceiling[0]) | (high <= self.ceiling[1]))
        for candidate, *ends in zip(in_order[open_].tolist(), low[open_].tolist(), high[open_].tolist(), strict=True):
            before = (ends[0], ends[1])
            if exceeds(before, self.ceiling):  # which has come down meanwhile
                continue
            bound = self.projects[candidate].lower(self.known.most, before, self.ceiling)
            self.known.raise_price(candidate, bound)
            if bound[0] < np.inf and not exceeds(bound, self.ceiling):
                self._priced(candidate, bound)

    def _priced(self, candidate: int, bound: Ends) -> None:
        project = self.projects[candidate]
        self._found(candidate, bound, project.upper(project.held(self.known.least), bound))

    def _found(self, candidate: int, least: Ends, most: Ends) -> None:
        self.bounds[candidate] = (least, most)
        if middle(most) < middle(self.ceiling):
            self.ceiling = most

    def near(self) -> dict[int, tuple[Ends, Ends]]:
        """Bounds of the prices of all that may come next; what comes next costs no more than the ceiling."""
        return {
            candidate: (least, min(most, self.ceiling, key=middle))
            for candidate, (least, most) in self.bounds.items()
            if not exceeds(least, self.ceiling)
        }


def exactly(price: float) -> tuple[Ends, Ends]:
    """Bounds of a price that is known, up to rounding."""
    return (price * (1 - NEAR), price * (1 - NEAR)), (price * (1 + NEAR), price * (1 + NEAR))
