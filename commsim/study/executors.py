"""The one engine of comparisons and of the laboratory's facts, experiments and calibration: in this process or in many.

What an executor promises stands in `tasks.py`; `SerialExecutor` works here, `process_pool.PoolExecutor` in several
processes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from commsim.errors import InvalidInput
from commsim.i18n import _
from commsim.memory import too_many_for_libraries
from commsim.study.process_pool import PoolExecutor
from commsim.study.tasks import (
    Cancel,
    Executor,
    Given,
    Steps,
    StepsDone,
    Task,
    TaskOutcome,
    Value,
    Work,
    attempt,
    stop_if,
)


class SerialExecutor:
    """One task after the other in this process."""

    workers = 1
    elsewhere = False

    def outcomes(
        self,
        work: Work[Given, Value],
        tasks: Sequence[Task[Given]],
        *,
        progress: StepsDone | None = None,
        cancel: Cancel | None = None,
    ) -> Iterator[TaskOutcome[Given, Value]]:
        """See `Executor.outcomes`; `cancel` is looked at whenever work tells of its progress."""
        steps = Steps(tasks, progress)
        before = 0

        def tell(done: int) -> None:
            stop_if(cancel)
            steps.tell(before + done)

        tell(0)
        for task in tasks:
            outcome = attempt(work, task, tell)
            before += task.steps
            tell(0)
            yield outcome


def executor_of(workers: int, *, needs_main: bool = False) -> Executor:
    """The executor for so many workers: this process for one, else a pool (`needs_main`: see `PoolExecutor`).

    Raises InvalidInput for more processes than fit into memory with their libraries alone.
    """
    if workers <= 1:
        return SerialExecutor()
    too_many = too_many_for_libraries(workers)
    if too_many is not None:
        raise InvalidInput(_("workers: {problem}").format(problem=too_many))
    return PoolExecutor(workers, needs_main=needs_main)


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)
