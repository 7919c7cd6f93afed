"""Tasks on a pool of processes: as many under way as there are workers, in order, and lost ones sent again.

A worker that is lost (killed, out of memory) takes its task with it, and the pool with that; the tasks then under way
are sent again once, then each runs alone, and at last part by part, so that only the guilty part is lost.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context
from typing import Any, Generic

import numpy as np

from commsim.study.tasks import (
    LOST,
    LOST_WORKER,
    Cancel,
    Failed,
    Given,
    Steps,
    StepsDone,
    Task,
    TaskOutcome,
    Value,
    Work,
    attempt,
    failed_task,
    stop_if,
)

_POLL_SECONDS = 0.2
_MOST_LOSSES_TOGETHER = 1
_ONE_THREAD = {
    name: "1"
    for name in (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "BLIS_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
        "NUMEXPR_NUM_THREADS",
    )
}


@dataclass(frozen=True)
class PoolExecutor:
    """Tasks in `workers` processes that start anew. Work and tasks must pickle.

    `needs_main`: whether work lives in the script that was started, which the workers then import.
    """

    workers: int
    needs_main: bool = False
    elsewhere = True

    def outcomes(
        self,
        work: Work[Given, Value],
        tasks: Sequence[Task[Given]],
        *,
        progress: StepsDone | None = None,
        cancel: Cancel | None = None,
    ) -> Iterator[TaskOutcome[Given, Value]]:
        """See `Executor.outcomes`; `cancel` is looked at five times a second."""
        pool: _Pool[Given, Value] = _Pool(self, work, tasks, Steps(tasks, progress), cancel)
        return pool.outcomes()


class _Pool(Generic[Given, Value]):
    """One use of a `PoolExecutor`. Tasks are named by their places, cells of `steps_done` by task or part."""

    def __init__(
        self,
        settings: PoolExecutor,
        work: Work[Given, Value],
        tasks: Sequence[Task[Given]],
        steps: Steps,
        cancel: Cancel | None,
    ) -> None:
        self.settings = settings
        self.work = work
        self.tasks = tasks
        self.steps = steps
        self.cancel = cancel
        self.context = get_context("spawn")
        self.first_cell = np.cumsum([0, *(1 + len(task.parts) for task in tasks)]).tolist()
        self.cells: Any = self.context.RawArray("q", self.first_cell[-1] + 1)
        self.waiting = deque(range(len(tasks)))
        self.losses: Counter[int] = Counter()
        self.finished: dict[int, list[TaskOutcome[Given, Value]]] = {}
        self.next_given_out = 0

    def outcomes(self) -> Iterator[TaskOutcome[Given, Value]]:
        """Every outcome in the order of the tasks."""
        while self.waiting:
            suspect = next((place for place in self.waiting if self.losses[place] > _MOST_LOSSES_TOGETHER), None)
            if suspect is None:
                yield from self._together()
            else:
                self.waiting.remove(suspect)
                self.finished[suspect] = self._alone(self.tasks[suspect], self.first_cell[suspect])
            yield from self._in_order()

    def _in_order(self) -> Iterator[TaskOutcome[Given, Value]]:
        while self.next_given_out in self.finished:
            yield from self.finished.pop(self.next_given_out)
            self.next_given_out += 1

    def _together(self) -> Iterator[TaskOutcome[Given, Value]]:
        """Run what waits until it is done or a worker is lost; the tasks then under way count one loss each."""
        running: dict[Future[TaskOutcome[Given, Value]], int] = {}
        # More processes than tasks would only wait; a number beyond what the platform counts is met here too.
        with self._processes(min(self.settings.workers, len(self.waiting))) as processes:
            try:
                while self.waiting or running:
                    self._hand_out(processes, running)
                    ended, _unfinished = wait(running, timeout=_POLL_SECONDS, return_when=FIRST_COMPLETED)
                    for future in sorted(ended, key=running.__getitem__):
                        self._keep(future, running[future])
                        del running[future]
                    self._look_around()
                    yield from self._in_order()
            except BrokenProcessPool:
                self._send_again(running)

    def _hand_out(self, processes: ProcessPoolExecutor, running: dict[Future[TaskOutcome[Given, Value]], int]) -> None:
        while self.waiting and len(running) < self.settings.workers:
            place = self.waiting[0]
            running[self._submit(processes, self.tasks[place], self.first_cell[place])] = place
            self.waiting.popleft()  # only now: a broken pool refuses it, and it must not be forgotten

    def _send_again(self, running: dict[Future[TaskOutcome[Given, Value]], int]) -> None:
        for future, place in running.items():
            if future.done() and not future.cancelled() and future.exception() is None:
                self._keep(future, place)
            else:
                self.losses[place] += 1
                self.waiting.append(place)

    def _alone(self, task: Task[Given], cell: int) -> list[TaskOutcome[Given, Value]]:
        """Run a task that was lost twice by itself; if it is lost again, its parts one by one."""
        try:
            with self._processes(1) as processes:
                future = self._submit(processes, task, cell)
                while not wait([future], timeout=_POLL_SECONDS).done:
                    self._look_around()
                found = [_outcome(task, future)]
        except BrokenProcessPool:
            if len(task.parts) > 1:
                self.cells[cell] = 0
                return [
                    outcome for number, part in enumerate(task.parts, 1) for outcome in self._alone(part, cell + number)
                ]
            found = [Failed(task, LOST, LOST_WORKER, lost=True)]
        self.cells[cell] = task.steps
        self._look_around()
        return found

    def _keep(self, future: Future[TaskOutcome[Given, Value]], place: int) -> None:
        task = self.tasks[place]
        self.finished[place] = [_outcome(task, future)]
        self.cells[self.first_cell[place]] = task.steps

    def _look_around(self) -> None:
        self.steps.tell(int(np.frombuffer(self.cells, dtype=np.int64).sum()))
        stop_if(self.cancel)

    def _submit(
        self, processes: ProcessPoolExecutor, task: Task[Given], cell: int
    ) -> Future[TaskOutcome[Given, Value]]:
        with spawning(hide_main=not self.settings.needs_main):
            return processes.submit(_attempt_in_worker, self.work, task, cell)

    @contextmanager
    def _processes(self, workers: int) -> Iterator[ProcessPoolExecutor]:
        processes = ProcessPoolExecutor(workers, self.context, _start_worker, (self.cells,))
        try:
            yield processes
        except BaseException:
            end_workers(processes)
            raise
        processes.shutdown()


def _outcome(task: Task[Given], future: Future[TaskOutcome[Given, Value]]) -> TaskOutcome[Given, Value]:
    """What a worker sent, of the very task that it got; what could not travel there or back is a failure too.

    Raises BrokenProcessPool.
    """
    try:
        return replace(future.result(), task=task)
    except BrokenProcessPool:
        raise
    except Exception as error:
        return failed_task(task, error)


def end_workers(processes: ProcessPoolExecutor) -> None:
    """End a pool at once: nothing that waits is begun, and its worker processes are killed."""
    workers = list((getattr(processes, "_processes", None) or {}).values())
    processes.shutdown(wait=False, cancel_futures=True)
    for worker in workers:
        worker.kill()
    for worker in workers:
        worker.join()


@contextmanager
def spawning(hide_main: bool) -> Iterator[None]:
    """Surroundings in which worker processes are started: one thread each for linear algebra (set before they import
    numpy), deaf to Ctrl-C from their first instant, and, with `hide_main`, without importing the user's script, which
    would otherwise start over in each worker.
    """
    in_main_thread = threading.current_thread() is threading.main_thread()
    heard = signal.signal(signal.SIGINT, signal.SIG_IGN) if in_main_thread else None
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    main = sys.modules["__main__"]
    hidden: dict[str, Any] = {
        name: main.__dict__[name] for name in ("__file__", "__spec__") if hide_main and name in main.__dict__
    }
    os.environ.update(_ONE_THREAD)
    for name in hidden:
        main.__dict__[name] = None
    try:
        yield
    finally:
        if in_main_thread:
            signal.signal(signal.SIGINT, heard)
        main.__dict__.update(hidden)
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


# --- in worker processes -------------------------------------------------------------------------------------------

_cells: Any = None


def _start_worker(cells: Any) -> None:
    """Prepare a worker process. `cells`: shared array of steps done, by task and part.

    Ctrl-C reaches the whole process group; only the parent answers it, by ending the workers. A worker whose parent
    has died ends itself.
    """
    global _cells
    _cells = cells
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    import multiprocessing

    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _attempt_in_worker(work: Work[Given, Value], task: Task[Given], cell: int) -> TaskOutcome[Given, Value]:
    def tell(done: int) -> None:
        _cells[cell] = done  # one writer a cell, so the array needs no lock that a killed worker could keep

    outcome = attempt(work, task, tell)
    return replace(outcome, cause=None) if isinstance(outcome, Failed) else outcome
