"""Running the path's facts: all or some, at any number of seeds and draws, in any number of processes."""

from __future__ import annotations

import gc
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from commsim.errors import InvalidInput, RunsFailed
from commsim.i18n import Text, _
from commsim.study.executors import executor_of
from commsim.study.tasks import Cancel, Done, Failed, StepsDone, Task, Tell
from commsim.validation.fact_tables import failed_text, value_rows
from commsim.validation.path_catalogue import PATH_FACTS
from commsim.validation.path_draws import PathDraw, path_draws
from commsim.validation.path_facts import PathFact, PathResult, State, Use, result_of, tally
from commsim.validation.path_runs import FAMILIES, Family, Player, Stage
from commsim.validation.path_statistics import Measures

if TYPE_CHECKING:
    import pandas

SEEDS, DRAWS = 30, 10
QUICK_SEEDS, QUICK_DRAWS = 3, 2


@dataclass(frozen=True)
class FailedPathFact:
    """A fact whose runs could not be played: what was told of it, and the traceback."""

    fact: PathFact
    error: Text | str
    traceback: str = ""


@dataclass(frozen=True)
class PathTable:
    """Results of facts, how many seeds and draws they come from, the seed of the draws, what could not be played."""

    results: tuple[PathResult, ...]
    seeds: int
    draws: int
    seed: int
    parameters: tuple[PathDraw, ...]
    failures: tuple[FailedPathFact, ...] = ()

    @property
    def tally(self) -> Mapping[State, int]:
        """How many of the facts marked 'test' hold, are missed, or cannot be told."""
        return tally(self.results, Use.TEST)

    def failed_text(self) -> Text | None:
        """One sentence on the facts that could not be played, None where there are none."""
        failed = [(failure.fact.id, failure.fact.title, failure.error) for failure in self.failures]
        return failed_text(failed, len(self.results))

    def table(self) -> pandas.DataFrame:
        """One row a fact and test: range, number at the registry's values and its interval, over draws, states."""
        import pandas

        return pandas.DataFrame([row for result in self.results for row in _rows(result)])

    def values(self) -> pandas.DataFrame:
        """One row a fact, test, draw (−1: the registry's values) and seed: the value."""
        import pandas

        return pandas.DataFrame(
            [
                row
                for result in self.results
                for test in result.tests
                for row in value_rows(result.fact.id, test.test.name, [test.at_defaults, *test.values], first=-1)
            ]
        )

    def drawn(self) -> pandas.DataFrame:
        """One row a draw: the point of the calibration that it is, and the value of every parameter that is drawn."""
        import pandas

        return pandas.DataFrame(
            [{"draw": number, "point": drawn.point, **drawn.values} for number, drawn in enumerate(self.parameters)]
        )


def find_path_facts(names: Sequence[str]) -> tuple[PathFact, ...]:
    """The facts of these ids, in the table's order; all where none is named. Raises InvalidInput."""
    known = {fact.id: fact for fact in PATH_FACTS}
    wanted = {name.upper() for name in names}
    for name in names:
        if name.upper() not in known:
            ids = ", ".join(known)
            raise InvalidInput(_("there is no fact {name!r}; there are {known}").format(name=name, known=ids))
    return tuple(fact for fact in PATH_FACTS if not wanted or fact.id in wanted)


_Given = tuple[str, tuple[PathFact, ...], int, tuple[Mapping[str, float], ...]]
_Measured = dict[str, list[Measures]]


def run_path(
    facts: Sequence[PathFact] = PATH_FACTS,
    *,
    seeds: int = SEEDS,
    draws: int = DRAWS,
    seed: int = 1,
    workers: int = 1,
    progress: StepsDone | None = None,
    cancel: Cancel | None = None,
) -> PathTable:
    """Play the runs that the facts need, once at the registry's values and for every draw, and read the facts.

    Arguments: `seeds` and `draws`, how many; `seed`, of the parameter draws; `workers`, processes (the results do not
    depend on it); `progress(done, all)`; `cancel`, set to stop. A family that cannot be played leaves its facts among
    `failures`; the others go on. Raises Cancelled, InvalidInput for more draws than the calibration kept points, and
    RunsFailed where no family could be played.
    """
    executor = executor_of(workers)
    chosen = path_draws(draws, seed)
    values = tuple(drawn.values for drawn in chosen)
    tasks = [
        Task((family.id, of_family, number, values), steps=draws + 1)
        for family in FAMILIES
        if (of_family := tuple(fact for fact in facts if fact.family is family))
        for number in range(1, seeds + 1)
    ]
    outcomes = list(executor.outcomes(_play, tasks, progress=progress, cancel=cancel))
    results: list[PathResult] = []
    failures: list[FailedPathFact] = []
    for fact in facts:
        mine = [outcome for outcome in outcomes if outcome.task.given[0] == fact.family.id]
        failed = next((outcome for outcome in mine if isinstance(outcome, Failed)), None)
        if failed is not None:
            failures.append(FailedPathFact(fact, failed.told, failed.traceback))
            continue
        by_seed = [outcome.value[fact.id] for outcome in mine if isinstance(outcome, Done)]
        defaults, *drawn = ([measures[draw] for measures in by_seed] for draw in range(draws + 1))
        results.append(result_of(fact, defaults, drawn))
    made = PathTable(tuple(results), seeds, draws, seed, chosen, tuple(failures))
    if not results and failures:
        raise RunsFailed(made.failed_text() or Text(""))
    return made


def _play(given: _Given, tell: Tell) -> _Measured:
    """What the facts of a family count for one seed: by fact, at the registry's values and then for every draw."""
    family_id, facts, seed, draws = given
    stage = Stage(family_of(family_id), seed)
    return measured(stage, facts, draws, tell)


def measured(player: Player, facts: Sequence[PathFact], draws: Sequence[Mapping[str, float]], tell: Tell) -> _Measured:
    """By fact, what is counted at the registry's values and then for every draw; each arm is played once for all."""
    arms = sorted({arm for fact in facts for arm in fact.arms})
    found: _Measured = {fact.id: [] for fact in facts}
    for done, parameters in enumerate([{}, *draws], 1):
        runs = player.play(arms, parameters)
        for fact in facts:
            found[fact.id].append(fact.measure({arm: runs[arm] for arm in fact.arms}))
        del runs
        gc.collect()  # a model and its agents know each other, so that only the collector lets go of them
        tell(done)
    return found


def family_of(family_id: str) -> Family:
    """The family of that id."""
    return next(family for family in FAMILIES if family.id == family_id)


def _rows(result: PathResult) -> Iterator[dict[str, Any]]:
    for test in result.tests:
        yield {
            "fact": result.fact.id,
            "use": test.test.use.value,
            "test": test.test.name,
            "low": test.test.low,
            "high": test.test.high,
            "at_defaults": float(test.at_defaults.mean()),
            "default_low": test.default_interval[0],
            "default_high": test.default_interval[1],
            "state_at_defaults": test.state_at_defaults.value,
            "over_draws": test.simulated,
            "draws_held": test.states.count(State.HOLDS),
            "draws": result.draws,
            "fact_state": result.state.value,
        }


def as_document(table: PathTable) -> dict[str, Any]:
    """`{"facts": [{"fact", "use", "state", "draws_held", "tests": […], …}]}`; bounds that do not exist are null."""
    document = {
        "command": "lab path",
        "seeds": table.seeds,
        "parameter_draws": table.draws,
        "seed": table.seed,
        "parameters_drawn": list(table.parameters[0].values) if table.parameters else [],
        "points": [drawn.point for drawn in table.parameters],
        "tests": {state.value: count for state, count in table.tally.items()},
        "facts": [_fact_document(result) for result in table.results],
    }
    failures = [{"fact": failure.fact.id, "error": failure.error} for failure in table.failures]
    return document | ({"failures": failures} if failures else {})


def _fact_document(result: PathResult) -> dict[str, Any]:
    fact = result.fact
    return {
        "fact": fact.id,
        "title": fact.title,
        "test": fact.test,
        "source": fact.source,
        "note": fact.note,
        "use": fact.use.value,
        "state": result.state.value,
        "state_at_defaults": result.state_at_defaults.value,
        "draws_held": result.draws_held,
        "draws": result.draws,
        "runs": fact.family.size,
        "arms": list(fact.arms),
        "tests": [
            {
                "test": test.test.name,
                "label": test.test.label,
                "use": test.test.use.value,
                "range": [_bound(test.test.low), _bound(test.test.high)],
                "at_defaults": float(test.at_defaults.mean()),
                "interval": list(test.default_interval),
                "state_at_defaults": test.state_at_defaults.value,
                "over_draws": test.simulated,
                "draws_held": test.states.count(State.HOLDS),
            }
            for test in result.tests
        ],
    }


def _bound(bound: float) -> float | None:
    return bound if math.isfinite(bound) else None
