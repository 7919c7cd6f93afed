"""Running the facts: all or some, in full or quickly, on several cores; as a table, as JSON, as a result folder."""

from __future__ import annotations

import math
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from commsim.i18n import Text, _
from commsim.validation.catalogue_of_facts import FACTS
from commsim.validation.facts import DRAWS, SEEDS, Fact, FactResult, Statistics, collect
from commsim.validation.uncertainty import parameter_draws

if TYPE_CHECKING:
    import pandas

QUICK_SEEDS, QUICK_DRAWS = 10, 5
DISTRICT_DRAWS = 1
"""Draws of facts whose parameters are the district's own."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class LabResult:
    """Results of facts, how many seeds and draws they come from, and the seed of the parameter draws."""

    results: tuple[FactResult, ...]
    seeds: int
    draws: int
    seed: int

    @property
    def counted(self) -> tuple[FactResult, ...]:
        """Facts that count as evidence: neither fitted nor plausibility only."""
        return tuple(one for one in self.results if one.fact.counted and not one.fact.fitted)

    def table(self) -> pandas.DataFrame:
        """One row per fact and test: range, published figure, simulated mean and interval, draws in range, held."""
        import pandas

        return pandas.DataFrame([row for one in self.results for row in _rows(one)])

    def values(self) -> pandas.DataFrame:
        """One row per fact, test, draw and seed: the simulated statistic."""
        import pandas

        return pandas.DataFrame(
            [
                {"fact": one.fact.id, "test": test.test.name, "draw": draw, "seed": number + 1, "value": float(value)}
                for one in self.results
                for test in one.tests
                for draw, row in enumerate(test.values)
                for number, value in enumerate(row)
            ]
        )


def run_facts(
    facts: Sequence[Fact] = FACTS,
    *,
    quick: bool = False,
    seed: int = 1,
    workers: int = 1,
    progress: Progress | None = None,
) -> LabResult:
    """Play the facts' experiments: 30 seeds × 20 draws of the parameters, or fewer of both where `quick`.

    `seed`: of the parameter draws; `workers`: processes (the results do not depend on it). `progress(done, all)`.
    """
    seeds, draws = (QUICK_SEEDS, QUICK_DRAWS) if quick else (SEEDS, DRAWS)
    chosen = parameter_draws(draws, seed)
    tasks = [
        (fact.id, chosen[draw], seeds)
        for fact in facts
        for draw in range(draws if fact.simulate.__module__.endswith("experiments_of_facts") else DISTRICT_DRAWS)
    ]
    rows: dict[int, list[list[Statistics]]] = {fact.id: [] for fact in facts}
    for done, (task, row) in enumerate(zip(tasks, _played(tasks, workers), strict=True), 1):
        rows[task[0]].append(row)
        if progress is not None:
            progress(done, len(tasks))
    return LabResult(tuple(collect(fact, rows[fact.id]) for fact in facts), seeds, draws, seed)


_Task = tuple[int, dict[str, float], int]


def _played(tasks: Sequence[_Task], workers: int) -> Iterator[list[Statistics]]:
    if workers <= 1:
        yield from map(_play, tasks)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        yield from pool.map(_play, tasks, chunksize=5)


def _play(task: _Task) -> list[Statistics]:
    number, values, seeds = task
    fact = next(one for one in FACTS if one.id == number)
    return [fact.simulate(seed, values) for seed in range(1, seeds + 1)]


def _rows(result: FactResult) -> Iterator[dict[str, Any]]:
    fact = result.fact
    for one in result.tests:
        yield {
            "fact": fact.id,
            "name": fact.name,
            "test": one.test.name,
            "low": one.test.low,
            "high": one.test.high,
            "published": math.nan if one.test.published is None else one.test.published,
            "simulated": one.simulated,
            "interval_low": one.interval[0],
            "interval_high": one.interval[1],
            "draws_in_range": int(one.in_range.sum()),
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
    with all tests beside it; bounds that do not exist are null."""
    return {
        "command": "lab",
        "seeds": result.seeds,
        "parameter_draws": result.draws,
        "seed": result.seed,
        "facts": [_fact_document(one) for one in result.results],
    }


def _fact_document(result: FactResult) -> dict[str, Any]:
    tests = [
        {
            "test": one.test.name,
            "label": one.test.label,
            "range": [one.test.low, one.test.high],
            "published": one.test.published,
            "simulated": one.simulated,
            "interval": list(one.interval),
            "draws_in_range": int(one.in_range.sum()),
        }
        for one in result.tests
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
