"""Experiments: arms that the same people go through with the same luck, as one tidy frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from commsim.errors import InvalidInput
from commsim.i18n import _
from commsim.lab.argument_names import spelled, spelled_method
from commsim.lab.checks import InvalidField, count, value
from commsim.lab.decision_parameters import kernel_parameters
from commsim.lab.differences import differences
from commsim.lab.field_kinds import Flag, Made, brief, figure, maybe
from commsim.lab.population import Population
from commsim.lab.protocol import Outcome, Protocol
from commsim.randomness import Draws
from commsim.suggestions import did_you_mean_or_known

if TYPE_CHECKING:
    import pandas

MOST_ROWS = 2_000_000_000
"""Most rows (replicates × arms × people × rounds) that an experiment may have; beyond, memory ends before time."""
_PEOPLE = maybe(Made(Population, _("a Population, such as Population.sample(1000)")))
COLUMNS = ("arm", "replicate", "round", "unit", "acted", "amount")
Progress = Callable[[int, int], None]


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
        _check_arms(self.arms)
        kernel_parameters(self.parameters)

    @spelled_method
    def check(self, population: Population | None = None, replicates: int = 1, seed: int = 1) -> None:
        """Refuse impossible values of any arm, arms with different people, and more rows than fit (`MOST_ROWS`).

        Raises InvalidInput.
        """
        count("Experiment", "replicates", replicates)
        count("Experiment", "seed", seed, 0)
        value("Experiment", "population", population, _PEOPLE)
        for name, protocol in self.arms.items():
            _check_arm(name, protocol.check_values)
        shown = self.people_of(population, seed, 0)
        for name, protocol in self.arms.items():
            _check_arm(name, protocol.check, shown[name])
        people = {name: protocol.people(shown[name]) for name, protocol in self.arms.items()}
        _check_same(people)
        self._check_rows({name: len(arm_people) for name, arm_people in people.items()}, replicates)

    def _check_rows(self, people: Mapping[str, int], replicates: int) -> None:
        rounds = {
            name: getattr(protocol, "rounds", None) or len(getattr(protocol, "by_round", ())) or 1
            for name, protocol in self.arms.items()
        }
        rows = int(replicates) * sum(people[name] * int(rounds[name]) for name in self.arms)
        if rows > MOST_ROWS:
            text = _(
                "Experiment: {replicates} replicates of {arms} arms make {rows} rows (people × rounds); at most {most} "
                "fit. Take fewer replicates, people or rounds"
            )
            words = {"rows": figure(rows), "most": figure(MOST_ROWS), "replicates": figure(replicates)}
            raise InvalidField(text.format(arms=len(self.arms), **words), "replicates")

    @spelled_method
    def outcomes(
        self, population: Population | None = None, replicates: int = 30, seed: int = 1
    ) -> Iterator[tuple[str, int, Outcome]]:
        """Arm, replicate and outcome, one after another; nothing is kept. Raises InvalidInput."""
        self.check(population, replicates, seed)
        return self._played(population, replicates, seed)

    def _played(self, population: Population | None, replicates: int, seed: int) -> Iterator[tuple[str, int, Outcome]]:
        values = kernel_parameters(self.parameters)
        for replicate in range(replicates):
            people = self.people_of(population, seed, replicate)
            for name, protocol in self.arms.items():
                yield name, replicate, protocol.play(people[name], values, Draws(seed, replicate))

    @spelled_method
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

        `population`: the same people play in every replicate, and an interval over replicates then describes these
        people only. Without one each replicate draws people of its own from seed and replicate (the same in every
        arm), as many as the protocols need. `detail` adds further columns that the protocols keep (match, belief,
        group, …; missing where an arm has none). `progress(done, all)` is called after each arm. Raises InvalidInput
        before anything runs where a value is impossible.
        """
        import pandas

        value("Experiment.run", "detail", detail, Flag())
        value("Experiment.run", "progress", progress, maybe(Made(Callable, _("a function of (done, all)"))))
        outcomes = self.outcomes(population, replicates, seed)
        played, total = [], replicates * len(self.arms)
        for outcome in outcomes:
            played.append(outcome)
            if progress is not None:
                progress(len(played), total)
        parts = [pandas.DataFrame(_columns(*outcome, detail)) for outcome in _of_one_length(played)]
        frame = pandas.concat(parts, ignore_index=True)
        frame["arm"] = pandas.Categorical(frame["arm"], categories=list(self.arms))
        return frame

    @spelled_method
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
        given = [offered for offered in (population, *brought) if offered is not None]
        if given:
            return dict.fromkeys(self.arms, population if population is not None else max(given, key=len))
        needed = {name: protocol.people_needed() for name, protocol in self.arms.items()}
        sizes = [size for size in needed.values() if size is not None]
        if not sizes:
            text = _(
                "this experiment needs people, since {protocol} does not say how many: run(Population.sample(1000), …) "
                "or, in a file, population: {{n: 1000}}"
            )
            raise InvalidField(text.format(protocol=type(next(iter(self.arms.values()))).__name__), "population")
        people = Population.of_replicate(max(sizes), seed, replicate, self.parameters)
        return {name: people.first(number) for name, number in needed.items()}


def _of_one_length(played: list[tuple[str, int, Outcome]]) -> list[tuple[str, int, Outcome]]:
    """Processes that stopped early stay in their last state, so that a mean over a round is over all of them."""
    longest = max((len(outcome.acted) for _arm, _replicate, outcome in played), default=0)
    return [(arm, replicate, outcome.until(longest)) for arm, replicate, outcome in played]


def _check_arms(arms: Any) -> None:
    """Refuse what is not a mapping of names to values of one protocol. Raises InvalidInput."""
    if not isinstance(arms, Mapping):
        text = _("an experiment takes arms by name, such as {{'control': Appeal()}}; {came} came")
        raise InvalidInput(text.format(came=brief(arms)))
    if not arms:
        raise InvalidInput(_("an experiment needs at least one arm; none came"))
    for name, protocol in arms.items():
        if not isinstance(name, str) or not name.strip():
            text = _("an experiment's arms need names (text that is not empty); {came} came")
            raise InvalidInput(text.format(came=brief(name)))
        if not isinstance(protocol, Protocol):
            text = _("arm {name!r} must be a protocol such as Appeal(…); {came} came")
            raise InvalidInput(text.format(name=name, came=brief(protocol)))
    classes = {type(protocol) for protocol in arms.values()}
    if not any(all(issubclass(protocol_class, shared) for protocol_class in classes) for shared in classes):
        (first, kind), *others = arms.items()
        name, other = next((name, other) for name, other in others if type(other) is not type(kind))
        text = _(
            "arm {first!r} is of the protocol {one} and arm {name!r} of {other}; what they do cannot be compared. Make "
            "an experiment of each"
        )
        words = {"one": type(kind).__name__, "other": type(other).__name__}
        raise InvalidField(text.format(first=first, name=name, **words), name)


def _check_arm(name: str, check: Callable[..., None], *people: Population) -> None:
    """Check an arm; what is wrong with it is told with its name. Raises InvalidInput."""
    try:
        check(*people)
    except InvalidInput as error:
        text = _("arm {name!r}: {problem}").format(name=name, problem=error.text)
        raise InvalidField(text, getattr(error, "field", "")) from error


def _check_same(people: Mapping[str, Population]) -> None:
    """Refuse arms whose people are not the same as far as both go. Raises InvalidInput."""
    largest = max(people, key=lambda name: len(people[name]))
    for name, arm_people in people.items():
        if not _same(arm_people, people[largest]):
            text = _(
                "arms {first!r} ({n} people) and {name!r} ({m} people) have different people; differences would not "
                "come from the arms alone. Give all arms the same people: run(population, …)"
            )
            words = {"first": largest, "n": figure(len(people[largest])), "name": name, "m": figure(len(arm_people))}
            raise InvalidInput(text.format(**words))


def _same(people: Population, other: Population) -> bool:
    """Whether the people are the same as far as both go."""
    both = min(len(people), len(other))
    return people is other or all(
        np.array_equal(column[:both], other[name][:both]) for name, column in people.columns.items()
    )


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
