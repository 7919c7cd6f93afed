"""Experiments: arms that the same people go through with the same luck, as one tidy frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from commsim.errors import InvalidInput
from commsim.i18n import _
from commsim.lab import experiment_checks
from commsim.lab.argument_names import spelled, spelled_method
from commsim.lab.checks import InvalidField, count, value
from commsim.lab.differences import differences
from commsim.lab.field_kinds import Flag, Made, maybe
from commsim.lab.measured_effects import kernel_parameters
from commsim.lab.population import Population
from commsim.lab.protocol import Outcome
from commsim.randomness import Draws
from commsim.study.executors import executor_of
from commsim.study.tasks import Cancel, StepsDone, Task, Tell, values_of
from commsim.suggestions import did_you_mean_or_known

if TYPE_CHECKING:
    import pandas

_PEOPLE = maybe(Made(Population, _("a Population, such as Population.sample(1000)")))


@spelled
@dataclass(frozen=True)
class Experiment:
    """Arms by name, all of one protocol. Differences between arms come from the protocol's values alone: people and
    luck are the same in every arm of a replicate (common random numbers). Where arms take different numbers of people
    (groups, networks), the smaller one plays with the first people of the larger.

    >>> from commsim.lab import Appeal, Experiment, Population
    >>> arms = {"control": Appeal(base_rate=0.02), "match": Appeal(base_rate=0.02, match_rate=1)}
    >>> frame = Experiment(arms).run(Population.sample(2000, seed=3), replicates=2, seed=1)
    >>> list(frame.columns)
    ['arm', 'replicate', 'round', 'unit', 'acted', 'amount']
    """

    arms: Mapping[str, Any]
    parameters: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        experiment_checks.comparable_arms(self.arms)
        kernel_parameters(self.parameters)

    @spelled_method
    def check(self, population: Population | None = None, replicates: int = 1, seed: int = 1) -> None:
        """Refuse impossible values of any arm, arms with different people, and more rows than fit.

        Raises InvalidInput.
        """
        count("Experiment", "replicates", replicates)
        count("Experiment", "seed", seed, 0)
        value("Experiment", "population", population, _PEOPLE)
        for name, protocol in self.arms.items():
            experiment_checks.arm(name, protocol.check_values)
        shown = self.people_of(population, seed, 0)
        for name, protocol in self.arms.items():
            experiment_checks.arm(name, protocol.check, shown[name])
        people = {name: protocol.people(shown[name]) for name, protocol in self.arms.items()}
        experiment_checks.same_people(people)
        sizes = {name: len(playing) for name, playing in people.items()}
        experiment_checks.rows_that_fit(self.arms, sizes, replicates)

    @spelled_method
    def outcomes(
        self,
        population: Population | None = None,
        replicates: int = 30,
        seed: int = 1,
        *,
        workers: int = 1,
        progress: StepsDone | None = None,
        cancel: Cancel | None = None,
    ) -> Iterator[tuple[str, int, Outcome]]:
        """Arm, replicate and outcome, one after another; no more than a few replicates are kept.

        Arguments: `population`, see `run`; `workers`, processes (1: this one; the outcomes do not depend on it);
        `progress(done, all)`, told arms played; `cancel`, such as a `threading.Event`, which stops all once it is set.
        Raises InvalidInput before anything runs where a value is impossible, Cancelled.
        """
        count("Experiment", "workers", workers)
        value("Experiment", "progress", progress, maybe(Made(Callable, _("a function of (done, all)"))))
        self.check(population, replicates, seed)
        tasks = [Task(replicate, len(self.arms)) for replicate in range(replicates)]
        work = partial(_play_replicate, self, population, seed)
        played = executor_of(min(workers, replicates)).outcomes(work, tasks, progress=progress, cancel=cancel)
        return (outcome for replicate in values_of(played) for outcome in replicate)

    @spelled_method
    def run(
        self,
        population: Population | None = None,
        replicates: int = 30,
        seed: int = 1,
        *,
        detail: bool = False,
        progress: StepsDone | None = None,
        workers: int = 1,
        cancel: Cancel | None = None,
    ) -> pandas.DataFrame:
        """One row per arm, replicate, round and person: acted (bool) and amount, in the protocol's own unit.

        `population`: the same people play in every replicate, and an interval over replicates then describes these
        people only. Without one each replicate draws people of its own from seed and replicate (the same in every
        arm), as many as the protocols need. `detail` adds further columns that the protocols keep (match, belief,
        group, …; missing where an arm has none). `progress`, `workers`, `cancel`: see `outcomes`. Raises InvalidInput
        before anything runs where a value is impossible.
        """
        import pandas

        value("Experiment.run", "detail", detail, Flag())
        played = self.outcomes(population, replicates, seed, workers=workers, progress=progress, cancel=cancel)
        parts = [
            pandas.DataFrame(_columns(arm, replicate, outcome, detail))
            for arm, replicate, outcome in _of_one_length(list(played))
        ]
        frame = pandas.concat(parts, ignore_index=True)
        frame["arm"] = pandas.Categorical(frame["arm"], categories=list(self.arms))
        return frame

    @spelled_method
    def summary(
        self,
        population: Population | None = None,
        replicates: int = 30,
        seed: int = 1,
        *,
        workers: int = 1,
        progress: StepsDone | None = None,
        cancel: Cancel | None = None,
    ) -> pandas.DataFrame:
        """One row per arm, replicate and round: share who acted, mean amount (of all, and of those who acted), sum.

        Small also for large populations, as no row is kept per person; totals of the protocol stand in columns.
        `workers`, `progress`, `cancel`: see `outcomes`.
        """
        import pandas

        played = self.outcomes(population, replicates, seed, workers=workers, progress=progress, cancel=cancel)
        rows = [
            row | {f"total_{name}": value for name, value in outcome.totals.items()}
            for arm, replicate, outcome in _of_one_length(list(played))
            for row in _summary_rows(arm, replicate, outcome)
        ]
        return pandas.DataFrame(rows)

    @spelled_method
    def differences(
        self,
        population: Population | None = None,
        replicates: int = 30,
        seed: int = 1,
        baseline: str | None = None,
    ) -> pandas.DataFrame:
        """What each arm changes against `baseline` (default: the first arm): one row per arm, round and measure.

        See `commsim.lab.differences.differences` for the columns. Pairs are replicates: with a `population` given the
        intervals describe these people only. Raises InvalidInput.
        """
        first = next(iter(self.arms))
        against = first if baseline is None else baseline
        if against not in self.arms:
            text = _("there is no arm {name!r} to compare with. {hint}")
            raise InvalidInput(text.format(name=against, hint=did_you_mean_or_known(str(against), tuple(self.arms))))
        if len(self.arms) == 1:
            text = _("there is no arm beside {name!r} to compare with it; give the experiment a second arm")
            raise InvalidInput(text.format(name=against))
        return differences(self.summary(population, replicates, seed), against)

    def declared(self) -> dict[str, dict[str, Any]]:
        """By arm, what its protocol declares of the act itself; all else comes from the registry."""
        return {name: protocol.declared for name, protocol in self.arms.items()}

    def people_of(self, population: Population | None, seed: int, replicate: int) -> dict[str, Population]:
        """By arm, the people of a replicate: those given or brought by an arm; else drawn, as many as each needs."""
        brought = [getattr(protocol, "population", None) for protocol in self.arms.values()]
        given = [people for people in (population, *brought) if people is not None]
        if given:
            return dict.fromkeys(self.arms, population if population is not None else max(given, key=len))
        needed = {name: protocol.people_needed() for name, protocol in self.arms.items()}
        sizes = [number for number in needed.values() if number is not None]
        if not sizes:
            text = _(
                "this experiment needs people, since {protocol} does not say how many: run(Population.sample(1000), …) "
                "or, in a file, population: {{n: 1000}}"
            )
            raise InvalidField(text.format(protocol=type(next(iter(self.arms.values()))).__name__), "population")
        people = Population.of_replicate(max(sizes), seed, replicate, self.parameters)
        return {name: people.first(number) for name, number in needed.items()}


def _play_replicate(
    experiment: Experiment, population: Population | None, seed: int, replicate: int, tell: Tell
) -> list[tuple[str, int, Outcome]]:
    """Every arm of a replicate, on the same people with the same luck."""
    values = kernel_parameters(experiment.parameters)
    people = experiment.people_of(population, seed, replicate)
    played: list[tuple[str, int, Outcome]] = []
    for name, protocol in experiment.arms.items():
        played.append((name, replicate, protocol.play(people[name], values, Draws(seed, replicate))))
        tell(len(played))
    return played


def _of_one_length(played: list[tuple[str, int, Outcome]]) -> list[tuple[str, int, Outcome]]:
    """Processes that stopped early stay in their last state, so that a mean over a round is over all of them."""
    longest = max((len(outcome.acted) for _arm, _replicate, outcome in played), default=0)
    return [(arm, replicate, outcome.until(longest)) for arm, replicate, outcome in played]


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
