"""Runs a design on an executor, so that one failure never ends the sweep.

Results are the same bytes for any number of workers: each run depends on (seed, replicate, rule) alone, and outcomes
are sorted by replicate and by the order of the rules.
"""

from __future__ import annotations

import warnings
from functools import partial
from typing import TYPE_CHECKING

from commsim.errors import InvalidInput
from commsim.i18n import _
from commsim.memory import BYTES_A_RESIDENT, processes_that_fit, too_many_processes
from commsim.study.chunks import FailedRun, Outcome, run_chunk, run_chunk_elsewhere
from commsim.study.design import Chunk, Design, can_travel, lives_in_main, must_travel
from commsim.study.executors import cores, executor_of
from commsim.study.simulation import Progress
from commsim.study.tasks import Cancel, Executor, Failed, StepsDone, Task, TaskOutcome

if TYPE_CHECKING:
    from commsim.plugin_host.catalogue import Catalogue

_RUNS_HERE = _(
    "a rule is defined in the running script or cell, where worker processes may not find it, so all runs go one after "
    "the other in this process. To use several, put its class into a file and load it with load_catalogue"
)
_LOST_RUN = _(
    "the worker process was lost: either the rule itself ended it (a crash in compiled code, a signal), or "
    "there was too little memory. Look at the rule, or try fewer workers or a smaller scenario"
)


def run_design(
    design: Design,
    catalogue: Catalogue,
    workers: int | None = None,
    progress: Progress | None = None,
    *,
    executor: Executor | None = None,
    cancel: Cancel | None = None,
) -> list[Outcome]:
    """Run every arm of every replicate.

    Arguments: `workers`, how many processes (1: this one; None: one a core, at most one a replicate); `progress`, told
    months simulated out of all; `executor`, where the runs go instead of into processes here; `cancel`, set to stop.
    Returns outcomes sorted by the order of the arms, then by replicate. Raises InvalidInput for fewer than one worker
    or a rule that cannot be sent to other processes, Cancelled, and KeyboardInterrupt when interrupted, after ending
    the workers.
    """
    chosen = _executor(design, workers) if executor is None else executor
    if chosen.elsewhere:
        must_travel(design)
        work = partial(run_chunk_elsewhere, design, catalogue.specification())
    else:
        work = partial(run_chunk, design, catalogue)
    tasks = [task_of(design, chunk) for chunk in design.chunks]
    ended = chosen.outcomes(work, tasks, progress=_in_runs(design, progress), cancel=cancel)
    outcomes = [outcome for task_outcome in ended for outcome in _runs(design, task_outcome)]
    order = {arm.label: position for position, arm in enumerate(design.arms)}
    return sorted(outcomes, key=lambda outcome: (order[outcome.rule], outcome.replicate))


def _executor(design: Design, workers: int | None) -> Executor:
    number = worker_count(design, workers)
    if workers is None and number == 1 < min(cores(), design.replicates):
        warnings.warn(str(_RUNS_HERE), stacklevel=4)
    return executor_of(number, needs_main=lives_in_main(design))


def worker_count(design: Design, workers: int | None) -> int:
    """How many processes a design gets: no more than replicates, and one where workers may not find a rule's class.

    Where their number is not given, as many as fit into memory; raises InvalidInput where more are asked for.
    """
    if workers is not None and workers < 1:
        raise InvalidInput(_("a comparison needs at least 1 worker; {number} came").format(number=workers))
    if workers is None and not can_travel(design):
        return 1
    population = getattr(design.scenario, "population", None)
    people = 0 if population is None else population.people
    if workers is None:
        return min(cores(), design.replicates, processes_that_fit(people, BYTES_A_RESIDENT))
    number = min(workers, design.replicates)
    too_many = too_many_processes(number, people, BYTES_A_RESIDENT) if number > 1 else None
    if too_many is not None:
        raise InvalidInput(_("workers: {problem}").format(problem=too_many))
    return number


def task_of(design: Design, chunk: Chunk) -> Task[Chunk]:
    """A chunk as a task whose steps are months and whose parts are its arms."""
    months = design.scenario.months
    arms = [Task(Chunk(chunk.replicate, (arm,)), months) for arm in chunk.arms]
    return Task(chunk, months * len(arms), tuple(arms))


def _in_runs(design: Design, progress: Progress | None) -> StepsDone | None:
    if progress is None:
        return None
    runs, months = len(design.arms) * design.replicates, design.scenario.months

    def tell(done: int, total: int) -> None:
        progress(done, total, _("{done} of {total} runs").format(done=done // months, total=runs))

    return tell


def _runs(design: Design, outcome: TaskOutcome[Chunk, list[Outcome]]) -> list[Outcome]:
    """The runs of a chunk; of one that failed as a whole each run is a failure."""
    if not isinstance(outcome, Failed):
        return outcome.value
    chunk = outcome.task.given
    text = _LOST_RUN if outcome.lost else outcome.error
    return [
        FailedRun(design.arms[arm].label, chunk.replicate, outcome.kind, text, outcome.traceback) for arm in chunk.arms
    ]
