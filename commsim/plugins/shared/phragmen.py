"""Sequential Phragmén: voters earn money at equal speed, and buy a project as soon as its supporters can pay for it.

Floats find the project that is bought next; exact fractions decide where two are nearer than floats can tell. Source:
Phragmén 1894; Brill, Freeman, Janson and Lackner 2017.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from commsim.plugins.shared.profile import Election, Voters

NEAR = 1e-9  # relative; float sums of a million loads err by less


@dataclass(frozen=True)
class Step:
    """A project bought at `time` (money that every voter has earned by then)."""

    project: int
    time: float


@dataclass
class _Loads:
    """What voters have spent: the time of their last purchase, or what they began with (exact on request)."""

    load: NDArray[np.float64]
    last: NDArray[np.int64]
    times: list[Fraction | None]
    chosen: list[int]
    begin: Callable[[Voters], Fraction]


class Phragmen:
    """Sequential Phragmén of one election.

    `credit`: money that each voter has at the start (float, shape (voters,)), and `exact_credit`, its exact sum over
    voters; both for the completion of equal shares. `taken`: projects that are chosen already. A project that alone
    exceeds what is left at the start does not stand. `exhaustive`: what no longer fits drops out and the others go on;
    otherwise the first that could be bought and does not fit ends it.
    """

    def __init__(
        self,
        election: Election,
        credit: NDArray[np.float64] | None = None,
        exact_credit: Callable[[Voters], Fraction] | None = None,
        taken: Collection[int] = (),
        *,
        exhaustive: bool = False,
    ) -> None:
        self.exhaustive = exhaustive
        self.election, self.profile = election, election.profile
        voters = self.profile.voters
        self._state = _Loads(
            np.zeros(voters) if credit is None else -credit,
            np.full(voters, -1, dtype=np.int64),
            [],
            [],
            (lambda group: Fraction(0)) if exact_credit is None else exact_credit,
        )
        self._pairs: list[Voters] = []
        self.left = election.budget - sum(election.cost[candidate] for candidate in taken)
        fitting = (
            candidate
            for candidate, cost in enumerate(election.cost)
            if cost <= self.left and candidate not in set(taken)
        )
        self.candidates = [candidate for candidate in fitting if self.profile.count[candidate]]

    def run(self) -> list[Step]:
        """Buy until a project that could be bought next does not fit into the budget; then end, or pass over it."""
        heap = [(self._time(candidate), self.election.rank[candidate], candidate) for candidate in self.candidates]
        heapq.heapify(heap)
        steps: list[Step] = []
        while (found := self._next(heap)) is not None:
            tied, time = found
            fitting = [candidate for candidate in tied if self.election.cost[candidate] <= self.left]
            if len(fitting) < len(tied) and not self.exhaustive:
                break
            if not fitting:
                continue
            project = min(fitting, key=self.election.rank.__getitem__)
            self._buy(project, time)
            steps.append(Step(project, time))
            for candidate in fitting:
                if candidate != project:
                    heapq.heappush(heap, (time, self.election.rank[candidate], candidate))
        return steps

    def _time(self, project: int) -> float:
        load = self._state.load[self.profile.supporters[project]].sum()
        return float((self.election.cost[project] + load) / self.profile.count[project])

    def _next(self, heap: list[tuple[float, int, int]]) -> tuple[list[int], float] | None:
        # Loads only grow, so a time found earlier is a lower bound of the time now.
        seen: list[tuple[float, int]] = []
        best = np.inf
        while heap and heap[0][0] <= best + NEAR * abs(best):
            _bound, _rank, project = heapq.heappop(heap)
            seen.append((self._time(project), project))
            best = min(best, seen[-1][0])
        tied = [candidate for time, candidate in seen if time <= best + NEAR * abs(best)]
        if len(tied) > 1:
            exact = {candidate: self._exact_time(candidate) for candidate in tied}
            first = min(exact.values())
            tied = [candidate for candidate in tied if exact[candidate] == first]
        for time, candidate in seen:
            if candidate not in tied:
                heapq.heappush(heap, (time, self.election.rank[candidate], candidate))
        return (tied, best) if tied else None

    def _exact_time(self, project: int) -> Fraction:
        supporters = self.profile.supporters[project]
        return (self.election.cost[project] + self._exact_load(supporters)) / int(self.profile.count[project])

    def _exact_load(self, voters: Voters) -> Fraction:
        return self._known_load(voters, self._state.last[voters])

    def _known_load(self, voters: Voters, last: NDArray[np.int64]) -> Fraction:
        counts = np.bincount(last[last >= 0], minlength=1)
        self._know_up_to(int(np.flatnonzero(counts)[-1]) if counts.any() else -1)
        total = Fraction(0) - self._state.begin(voters[last < 0])
        for number in np.flatnonzero(counts):
            time = self._state.times[number]
            assert time is not None
            total += int(counts[number]) * time
        return total

    def _know_up_to(self, number: int) -> None:
        for turn in range(number + 1):
            if self._state.times[turn] is None:
                project = self._state.chosen[turn]
                supporters = self.profile.supporters[project]
                before = self._known_load(supporters, self._pairs[turn])
                self._state.times[turn] = (self.election.cost[project] + before) / int(self.profile.count[project])

    def _buy(self, project: int, time: float) -> None:
        supporters = self.profile.supporters[project]
        self._pairs.append(self._state.last[supporters].copy())
        self._state.load[supporters] = time
        self._state.last[supporters] = len(self._state.chosen)
        self._state.chosen.append(project)
        self._state.times.append(None)
        self.left -= self.election.cost[project]
