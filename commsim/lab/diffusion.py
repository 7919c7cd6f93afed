"""A costly act spreads along ties: by the kernel's residents, or by thresholds that are given (Granovetter 1978)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from numbers import Integral
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import logit

from commsim.behaviour.social_influence import cost_left, exposure_shift
from commsim.i18n import _
from commsim.lab.argument_names import spelled
from commsim.lab.checks import InvalidField
from commsim.lab.field_kinds import MOST_ROUNDS, Choice, Either, Kind, Listed, Nothing, Number, Whole, maybe, share
from commsim.lab.measured_effects import intercept_for
from commsim.lab.networks import Network, acting_ties, adjacency, nodes
from commsim.lab.population import Population
from commsim.lab.protocol import CHANNEL, Outcome, Protocol, lasting_log_odds, salience_of
from commsim.randomness import Draws

SEEDINGS = ("random", "clustered", "central")


@spelled
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
    kinds: ClassVar[Mapping[str, Kind]] = {
        "network": maybe(Network()),
        "seeds": Either((Whole(0), Listed(Whole(0), _("a list of positions from 0")), Nothing())),
        "cost": Number(),
        "base_rate": share(inside=True),
        "seeding": Choice(SEEDINGS),
        "channel": CHANNEL,
        "thresholds": maybe(Listed(Number(endless=True), _("a sequence of numbers of 0 or more, one a person"))),
        "rounds": maybe(Whole(1, MOST_ROUNDS)),
    }

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
            return nodes(self.network)
        return None if self.thresholds is None else len(self.thresholds)

    def _check_together(self) -> None:
        if self.thresholds is not None and not len(self.thresholds):
            raise InvalidField(_("Diffusion: thresholds are empty; give one a person, at least one"), "thresholds")
        if self.seeding == "random":
            return
        if self.network is None:
            text = _("Diffusion: seeding {seeding!r} goes by ties; give a network, or leave seeding at 'random'")
            raise InvalidField(text.format(seeding=self.seeding), "seeding")
        if not isinstance(self._seeds, int):
            text = _(
                "Diffusion: seeds are given by position, so seeding {seeding!r} has nobody to choose; give one only"
            )
            raise InvalidField(text.format(seeding=self.seeding), "seeding")

    def _check_people(self, population: Population) -> None:
        people = len(population)
        self._check_network(self.network, population)
        if self.thresholds is not None and len(self.thresholds) != people:
            text = _("Diffusion: {n} thresholds came for {people} people; each person needs one")
            raise InvalidField(text.format(n=len(self.thresholds), people=people), "thresholds")
        seeds = self._seeds
        if isinstance(seeds, int):
            if seeds > people:
                text = _("Diffusion: {seeds} seeds came for {people} people; there cannot be more seeds than people")
                raise InvalidField(text.format(seeds=seeds, people=people), "seeds")
        elif any(person >= people for person in seeds) or len(set(seeds)) != len(seeds):
            text = _("Diffusion: seeds must be different positions from 0 to {last}; {seeds} came")
            raise InvalidField(text.format(last=people - 1, seeds=list(seeds)), "seeds")

    @property
    def _seeds(self) -> int | Sequence[int]:
        if self.seeds is None:
            return 1 if self.thresholds is None else 0
        return int(self.seeds) if isinstance(self.seeds, Integral) else self.seeds

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
