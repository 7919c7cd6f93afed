"""A costly act spreads along ties: by the kernel's residents, or by thresholds that are given (Granovetter 1978)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import logit

from commsim.behaviour.social import cost_left, exposure_shift
from commsim.errors import InvalidInput
from commsim.i18n import _
from commsim.lab import checks
from commsim.lab.appeal import _check_channel
from commsim.lab.kernel import intercept_for
from commsim.lab.networks import acting_ties, adjacency
from commsim.lab.population import Population
from commsim.lab.protocol import Outcome, Protocol, lasting_log_odds, salience_of
from commsim.randomness import Draws

SEEDINGS = ("random", "clustered", "central")


@dataclass(frozen=True)
class Diffusion(Protocol):
    """An act spreads from `seeds` over a `network`; `acted` is who has acted by each round (the seeds in round 0).

    `network`: a networkx graph, a tie layer or a square matrix; None: everyone sees everyone (then `thresholds` or the
    population gives the number of people). `seeds`: how many, chosen by `seeding` ("random"; "clustered": a random
    person and those nearest; "central": those with most ties), or positions of people; default 1, and
    none with `thresholds`, where those with threshold 0 begin. Of the act: `base_rate`,
    the share who would do it for the asking if it cost nothing; `cost`, the log-odds that its cost (trouble, risk,
    doubt whether one does such a thing) takes away from that, less where several ties have gone first; `channel`, at
    whose salience ties are seen.

    Nobody acts unasked, and those asked are those with a tie who acts. `thresholds`: instead of the kernel, the number
    of others (on the network: ties) who must act before each person does. `rounds`: None goes on until nobody follows.
    """

    describes_the_act: ClassVar[tuple[str, ...]] = ("cost", "base_rate", "channel")

    network: Any = None
    seeds: int | Sequence[int] | None = None
    cost: float = 5.0
    _: KW_ONLY
    base_rate: float = 0.9
    seeding: str = "random"
    channel: str | float = "letter"
    thresholds: Sequence[float] | None = None
    rounds: int | None = None

    def people_needed(self) -> int | None:
        """Nodes of the network, or people with a threshold."""
        if self.network is not None:
            return int(adjacency(self.network).shape[0])
        return None if self.thresholds is None else len(self.thresholds)

    def check(self, population: Population) -> None:
        """Refuse impossible values. Raises InvalidInput."""
        name = "Diffusion"
        checks.number(name, "cost", self.cost)
        checks.number(name, "base_rate", self.base_rate, 0.0, 1.0 - np.finfo(float).eps, above=True)
        checks.choice(name, "seeding", self.seeding, SEEDINGS)
        _check_channel(name, self.channel)
        if self.rounds is not None:
            checks.count(name, "rounds", self.rounds)
        people = self.people_needed()
        if people is not None:
            if people == 0:
                raise InvalidInput(_("Diffusion: the network is empty; it needs at least one person"))
            checks.enough_people(name, people, len(population))
            checks.enough_people(name, len(population), people)
        self._check_seeds(len(population))
        if self.thresholds is not None and len(self.thresholds) != len(population):
            text = _("Diffusion: {n} thresholds came for {people} people; each person needs one")
            raise InvalidInput(text.format(n=len(self.thresholds), people=len(population)))

    def _check_seeds(self, people: int) -> None:
        seeds = self._seeds
        if isinstance(seeds, int):
            checks.count("Diffusion", "seeds", seeds, 0)
            if seeds > people:
                text = _("Diffusion: {seeds} seeds came for {people} people; there cannot be more seeds than people")
                raise InvalidInput(text.format(seeds=seeds, people=people))
            return
        outside = [one for one in seeds if not 0 <= one < people]
        if outside or len(set(seeds)) != len(seeds):
            text = _("Diffusion: seeds must be different positions from 0 to {last}; {seeds} came")
            raise InvalidInput(text.format(last=people - 1, seeds=list(seeds)))

    @property
    def _seeds(self) -> int | Sequence[int]:
        if self.seeds is None:
            return 1 if self.thresholds is None else 0
        return self.seeds

    def play(self, population: Population, parameters: Mapping[str, float], draws: Draws) -> Outcome:
        """Round by round until nobody follows."""
        n = len(population)
        ties = None if self.network is None else adjacency(self.network)
        acted = self._first(n, ties, draws)
        follows = (
            self._by_threshold() if self.thresholds is not None else self._by_kernel(population, parameters, draws)
        )
        history = [acted]
        while self.rounds is None or len(history) <= self.rounds:
            seen = acting_ties(ties, acted) if ties is not None else acted.sum() - acted.astype(np.float64)
            after = acted | follows(seen)
            if self.rounds is None and np.array_equal(after, acted):
                break
            history.append(after)
            acted = after
        rows = np.stack(history)
        return Outcome(acted=rows, amount=rows.astype(np.float64), totals={"share": float(acted.mean())}, lasting=True)

    def _by_threshold(self) -> Any:
        assert self.thresholds is not None
        needed = np.asarray(self.thresholds, dtype=np.float64)
        return lambda seen: seen >= needed

    def _by_kernel(self, population: Population, parameters: Mapping[str, float], draws: Draws) -> Any:
        """A person's own lasting threshold: acts once what ties add makes up for what is left of the cost."""
        p, lasting = parameters, lasting_log_odds(population, parameters)
        own = lasting - logit(draws.uniforms("say yes", len(population)))
        own = own + intercept_for(self.base_rate, lasting)
        salience = salience_of(self.channel, p)

        def follows(seen: NDArray[np.float64]) -> NDArray[np.bool_]:
            pull = exposure_shift(seen, p["yes.exposure"], salience)
            return np.asarray((seen > 0) & (own + pull > cost_left(self.cost, seen, p["lab.reinforcement"])))

        return follows

    def _first(self, n: int, ties: csr_array | None, draws: Draws) -> NDArray[np.bool_]:
        acted, seeds = np.zeros(n, dtype=bool), self._seeds
        if not isinstance(seeds, int):
            acted[np.asarray(seeds, dtype=np.intp)] = True
            return acted
        luck = draws.uniforms("seeds", n)
        if self.seeding == "random" or ties is None:
            acted[np.argsort(luck, kind="stable")[:seeds]] = True
        elif self.seeding == "central":
            degree = np.diff(ties.indptr).astype(np.float64)
            acted[np.argsort(luck - degree, kind="stable")[:seeds]] = True
        elif seeds:
            acted[_nearest(ties, int(np.argmin(luck)), seeds, luck)] = True
        return acted


def _nearest(ties: csr_array, start: int, wanted: int, luck: NDArray[np.float64]) -> NDArray[np.intp]:
    """`start` and those nearest to it by steps along ties; equally near ones, and other parts, by luck."""
    distance = np.full(ties.shape[0], np.inf)
    distance[start] = 0.0
    reached = distance == 0.0
    step = 0
    while reached.sum() < wanted:
        step += 1
        fresh = (acting_ties(ties, reached) > 0) & ~reached
        if not fresh.any():
            break
        distance[fresh] = step
        reached |= fresh
    rank = np.lexsort((luck, distance))
    return np.asarray(rank[:wanted])
