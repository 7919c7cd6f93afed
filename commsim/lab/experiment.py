"""Experiments: arms that the same people go through with the same luck, as one tidy frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from commsim.errors import InvalidInput
from commsim.i18n import _
from commsim.lab.checks import count
from commsim.lab.kernel import kernel_parameters
from commsim.lab.population import Population
from commsim.lab.protocol import Outcome, Protocol
from commsim.randomness import Draws

if TYPE_CHECKING:
    import pandas

COLUMNS = ("arm", "replicate", "round", "unit", "acted", "amount")
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Experiment:
    """Arms by name, each a protocol. Differences between arms come from the protocols alone: people and luck are the
    same in every arm of a replicate (common random numbers).

    >>> from commsim.lab import Appeal, Experiment, Population
    >>> arms = {"control": Appeal(base_rate=0.02), "match": Appeal(base_rate=0.02, match_rate=1)}
    >>> frame = Experiment(arms).run(Population.sample(2000, seed=3), replicates=2, seed=1)
    >>> list(frame.columns)
    ['arm', 'replicate', 'round', 'unit', 'acted', 'amount']
    """

    arms: Mapping[str, Any]
    parameters: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.arms:
            raise InvalidInput(_("an experiment needs at least one arm; none came"))
        for name, protocol in self.arms.items():
            if not isinstance(protocol, Protocol):
                text = _("arm {name!r} must be a protocol such as Appeal(…); {kind} came")
                raise InvalidInput(text.format(name=name, kind=type(protocol).__name__))

    def check(self, population: Population) -> None:
        """Refuse impossible values of any arm, and arms with different people, before anything runs.

        Raises InvalidInput.
        """
        for protocol in self.arms.values():
            protocol.check(population)
        (first, protocol), *others = self.arms.items()
        people = protocol.people(population)
        for name, other in others:
            if not _same(people, other.people(population)):
                text = _("arms {first!r} and {name!r} have different people; every arm needs the same ones")
                raise InvalidInput(text.format(first=first, name=name))

    def outcomes(
        self, population: Population | None = None, replicates: int = 30, seed: int = 1
    ) -> Iterator[tuple[str, int, Outcome]]:
        """Arm, replicate and outcome, one after another; nothing is kept. Raises InvalidInput."""
        count("Experiment", "replicates", replicates)
        count("Experiment", "seed", seed, 0)
        people = population if population is not None else self._people(seed)
        self.check(people)
        values = kernel_parameters(self.parameters)
        return (
            (name, replicate, protocol.play(people, values, Draws(seed, replicate)))
            for replicate in range(replicates)
            for name, protocol in self.arms.items()
        )

    def run(
        self,
        population: Population | None = None,
        replicates: int = 30,
        seed: int = 1,
        *,
        detail: bool = False,
        progress: Progress | None = None,
    ) -> pandas.DataFrame:
        """One row per arm, replicate, round and person: acted (bool) and amount, in the protocol's own unit.

        `population`: default, as many people as the protocols need. `detail` adds further columns that the protocols
        keep (match, belief, group, …; missing where an arm has none). `progress(done, all)` is called after each arm.
        Raises InvalidInput before anything runs where a value is impossible.
        """
        import pandas

        played, total = [], replicates * len(self.arms)
        for one in self.outcomes(population, replicates, seed):
            played.append(one)
            if progress is not None:
                progress(len(played), total)
        parts = [pandas.DataFrame(_columns(*one, detail)) for one in _of_one_length(played)]
        frame = pandas.concat(parts, ignore_index=True)
        frame["arm"] = pandas.Categorical(frame["arm"], categories=list(self.arms))
        return frame

    def summary(self, population: Population | None = None, replicates: int = 30, seed: int = 1) -> pandas.DataFrame:
        """One row per arm, replicate and round: share who acted, mean amount (of all, and of those who acted), sum.

        Small also for large populations, as no row is kept per person; totals of the protocol stand in columns.
        """
        import pandas

        rows = [
            row | {f"total_{name}": value for name, value in outcome.totals.items()}
            for arm, replicate, outcome in _of_one_length(list(self.outcomes(population, replicates, seed)))
            for row in _summary_rows(arm, replicate, outcome)
        ]
        return pandas.DataFrame(rows)

    def declared(self) -> dict[str, dict[str, Any]]:
        """By arm, what its protocol declares of the act itself; all else comes from the registry."""
        return {name: protocol.declared for name, protocol in self.arms.items()}

    def _people(self, seed: int) -> Population:
        needed = [one for one in (protocol.people_needed() for protocol in self.arms.values()) if one is not None]
        if not needed:
            raise InvalidInput(_("this experiment needs people: run(Population.sample(1000), …)"))
        return Population.sample(max(needed), seed, self.parameters)


def _of_one_length(played: list[tuple[str, int, Outcome]]) -> list[tuple[str, int, Outcome]]:
    """Processes that stopped early stay in their last state, so that a mean over a round is over all of them."""
    longest = max((len(outcome.acted) for _arm, _replicate, outcome in played), default=0)
    return [(arm, replicate, outcome.until(longest)) for arm, replicate, outcome in played]


def _same(one: Population, other: Population) -> bool:
    return one is other or all(np.array_equal(column, other[name]) for name, column in one.columns.items())


def _columns(arm: str, replicate: int, outcome: Outcome, detail: bool) -> dict[str, Any]:
    rounds, units = outcome.acted.shape
    columns = {
        "arm": arm,
        "replicate": np.full(rounds * units, replicate, dtype=np.int32),
        "round": np.repeat(np.arange(rounds, dtype=np.int32), units),
        "unit": np.tile(np.arange(units, dtype=np.int32), rounds),
        "acted": outcome.acted.ravel(),
        "amount": outcome.amount.ravel(),
    }
    return columns | ({name: values.ravel() for name, values in outcome.more.items()} if detail else {})


def _summary_rows(arm: str, replicate: int, outcome: Outcome) -> Iterator[dict[str, Any]]:
    for number, (acted, amount) in enumerate(zip(outcome.acted, outcome.amount, strict=True)):
        people = int(acted.sum())
        yield {
            "arm": arm,
            "replicate": replicate,
            "round": number,
            "acted": float(acted.mean()),
            "amount": float(amount.mean()),
            "amount_if_acted": float(amount.sum() / people) if people else float("nan"),
            "sum": float(amount.sum()),
        }
