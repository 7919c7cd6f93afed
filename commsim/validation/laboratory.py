"""Running the facts: all or some, in full or quickly, in any number of processes; as a table and as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from commsim.errors import RunsFailed
from commsim.i18n import Text, _
from commsim.study.executors import executor_of
from commsim.study.tasks import Cancel, Done, Failed, StepsDone, Task, TaskOutcome, Tell
from commsim.validation.catalogue_of_facts import FACTS
from commsim.validation.fact_tables import failed_text, value_rows
from commsim.validation.facts import DRAWS, SEEDS, Fact, FactResult, FailedFact, Statistics, collect
from commsim.validation.uncertainty import parameter_draws

if TYPE_CHECKING:
    import pandas

QUICK_SEEDS, QUICK_DRAWS = 10, 5
DISTRICT_DRAWS = 1
"""Draws of facts whose parameters are the district's own."""


@dataclass(frozen=True)
class LabResult:
    """Results of facts, how many seeds and draws they come from, the seed of the parameter draws, and the facts that
    could not be played."""

    results: tuple[FactResult, ...]
    seeds: int
    draws: int
    seed: int
    failures: tuple[FailedFact, ...] = ()

    @property
    def counted(self) -> tuple[FactResult, ...]:
        """Facts that count as evidence: neither fitted nor plausibility only."""
        return tuple(result for result in self.results if result.fact.counted and not result.fact.fitted)

    def failed_text(self) -> Text | None:
        """One sentence on the facts that could not be played, None where there are none."""
        failed = [(failure.fact.id, failure.fact.name, failure.error) for failure in self.failures]
        return failed_text(failed, len(self.results))

    def table(self) -> pandas.DataFrame:
        """One row per fact and test: range, published figure, simulated mean and interval, draws in range, held."""
        import pandas

        return pandas.DataFrame([row for result in self.results for row in _rows(result)])

    def values(self) -> pandas.DataFrame:
        """One row per fact, test, draw and seed: the simulated statistic."""
        import pandas

        return pandas.DataFrame(
            [
                row
                for result in self.results
                for test in result.tests
                for row in value_rows(result.fact.id, test.test.name, test.values)
            ]
        )


def run_facts(
    facts: Sequence[Fact] = FACTS,
    *,
    quick: bool = False,
    seed: int = 1,
    workers: int = 1,
    progress: StepsDone | None = None,
    cancel: Cancel | None = None,
) -> LabResult:
    """Play the facts' experiments: 30 seeds × 20 draws of the parameters, or fewer of both where `quick`.

    Arguments: `seed`, of the parameter draws; `workers`, processes (the results do not depend on it);
    `progress(done, all)`; `cancel`, set to stop. A fact that cannot be played is among `failures`; the others go on.
    Raises Cancelled, and RunsFailed where none could be played.
    """
    seeds, draws = (QUICK_SEEDS, QUICK_DRAWS) if quick else (SEEDS, DRAWS)
    chosen = parameter_draws(draws, seed)
    tasks = [
        Task((fact, chosen[draw], seeds)) for fact in facts for draw in range(draws if fact.drawn else DISTRICT_DRAWS)
    ]
    outcomes = list(executor_of(workers).outcomes(_play, tasks, progress=progress, cancel=cancel))
    ended = [_ended(fact, [outcome for outcome in outcomes if outcome.task.given[0] is fact]) for fact in facts]
    results = tuple(result for result in ended if isinstance(result, FactResult))
    failures = tuple(failure for failure in ended if isinstance(failure, FailedFact))
    made = LabResult(results, seeds, draws, seed, failures)
    if not results and failures:
        raise RunsFailed(made.failed_text() or Text(""))
    return made


_Given = tuple[Fact, dict[str, float], int]


def _play(given: _Given, tell: Tell) -> list[Statistics]:
    """A fact under one draw of the parameters, for every seed."""
    fact, values, seeds = given
    return [fact.simulate(seed, values) for seed in range(1, seeds + 1)]


def _ended(fact: Fact, outcomes: Sequence[TaskOutcome[_Given, list[Statistics]]]) -> FactResult | FailedFact:
    failed = next((outcome for outcome in outcomes if isinstance(outcome, Failed)), None)
    if failed is not None:
        return FailedFact(fact, failed.told, failed.traceback)
    return collect(fact, [outcome.value for outcome in outcomes if isinstance(outcome, Done)])


def _rows(result: FactResult) -> Iterator[dict[str, Any]]:
    fact = result.fact
    for test in result.tests:
        yield {
            "fact": fact.id,
            "name": fact.name,
            "test": test.test.name,
            "low": test.test.low,
            "high": test.test.high,
            "published": math.nan if test.test.published is None else test.test.published,
            "simulated": test.simulated,
            "interval_low": test.interval[0],
            "interval_high": test.interval[1],
            "draws_in_range": int(test.in_range.sum()),
            "draws": result.draws,
            "held": result.held,
            "fitted": fact.fitted,
            "counted": fact.counted,
        }


def use_of(result: FactResult) -> Text:
    """Whether the row was used to fit, is tested, or is plausibility only."""
    if not result.fact.counted:
        return _("plausibility")
    return _("fitted") if result.fact.fitted else _("tested")


def as_document(result: LabResult) -> dict[str, Any]:
    """`{"facts": [{"fact", "range", "simulated", "interval", "held", "fitted", …}]}`: each fact by its first test,
    with all tests beside it; bounds that do not exist are null; `failures` only where facts could not be played."""
    document = {
        "command": "lab",
        "seeds": result.seeds,
        "parameter_draws": result.draws,
        "seed": result.seed,
        "facts": [_fact_document(fact_result) for fact_result in result.results],
    }
    failures = [{"fact": failure.fact.id, "error": failure.error} for failure in result.failures]
    return document | ({"failures": failures} if failures else {})


def _fact_document(result: FactResult) -> dict[str, Any]:
    tests = [
        {
            "test": test.test.name,
            "label": test.test.label,
            "range": [test.test.low, test.test.high],
            "published": test.test.published,
            "simulated": test.simulated,
            "interval": list(test.interval),
            "draws_in_range": int(test.in_range.sum()),
        }
        for test in result.tests
    ]
    first = tests[0]
    return {
        "fact": result.fact.id,
        "name": result.fact.name,
        "title": result.fact.title,
        "source": result.fact.source,
        "range": first["range"],
        "simulated": first["simulated"],
        "interval": first["interval"],
        "held": result.held,
        "draws_held": result.draws_held,
        "draws": result.draws,
        "fitted": result.fact.fitted,
        "counted": result.fact.counted,
        "tests": tests,
    }
