"""Runs a design, in this process or in several, so that one failure never ends the sweep.

Results are the same bytes for any number of workers: each run depends on (seed, replicate, rule) alone, and outcomes
are sorted by replicate and by the order of the rules. A worker that is lost (killed, out of memory) takes its chunk
with it; the chunk is sent again once, then runs alone, and at last arm by arm, so that only the guilty run is lost.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import warnings
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from commsim.errors import InvalidInput
from commsim.i18n import _
from commsim.memory import BYTES_A_RESIDENT, processes_that_fit, too_many_processes
from commsim.study.design import Chunk, Design, can_travel, lives_in_main, must_travel
from commsim.study.simulation import Progress
from commsim.study.worker import FailedRun, Outcome, run_chunk, run_chunk_remotely, start_worker

if TYPE_CHECKING:
    from commsim.plugin_host.catalogue import Catalogue

_POLL_SECONDS = 0.2
_RUNS_HERE = _(
    "a rule is defined in the running script or cell, where worker processes may not find it, so all runs go one after "
    "the other in this process. To use several, put its class into a file and load it with load_catalogue"
)
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


def run_design(
    design: Design, catalogue: Catalogue, workers: int | None = None, progress: Progress | None = None
) -> list[Outcome]:
    """Run every arm of every replicate.

    Arguments: `workers`, how many processes (1: this one; None: one a core, at most one a replicate); `progress`, told
    months simulated out of all.
    Returns outcomes sorted by the order of the arms, then by replicate. Raises InvalidInput for fewer than one worker
    and KeyboardInterrupt when interrupted, after ending the workers.
    """
    number = worker_count(design, workers)
    if workers is None and number == 1 < min(_cores(), design.replicates):
        warnings.warn(str(_RUNS_HERE), stacklevel=3)
    tracker = _Tracker(design, progress)
    if number == 1:
        outcomes = _run_here(design, catalogue, tracker)
    else:
        must_travel(design)
        outcomes = _Pool(design, catalogue, number, tracker).run()
    order = {arm.label: position for position, arm in enumerate(design.arms)}
    return sorted(outcomes, key=lambda one: (order[one.rule], one.replicate))


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
        return min(_cores(), design.replicates, processes_that_fit(people, BYTES_A_RESIDENT))
    number = min(workers, design.replicates)
    too_many = too_many_processes(number, people, BYTES_A_RESIDENT) if number > 1 else None
    if too_many is not None:
        raise InvalidInput(_("workers: {problem}").format(problem=too_many))
    return number


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)


class _Tracker:
    """Tells the caller how many months of all runs are done, never the same number twice."""

    def __init__(self, design: Design, progress: Progress | None) -> None:
        self.progress = progress
        self.months = design.scenario.months
        self.runs = len(design.arms) * design.replicates
        self._told = -1

    def tell(self, months_done: int) -> None:
        if self.progress is None or months_done == self._told:
            return
        self._told = months_done
        runs_done = months_done // self.months
        text = _("{done} of {total} runs").format(done=runs_done, total=self.runs)
        self.progress(months_done, self.runs * self.months, text)


def _run_here(design: Design, catalogue: Catalogue, tracker: _Tracker) -> list[Outcome]:
    done: dict[tuple[int, int], int] = {}

    def month_done(chunk: Chunk, arm: int, months: int) -> None:
        done[chunk.replicate, arm] = months
        tracker.tell(sum(done.values()))

    tracker.tell(0)
    return [outcome for chunk in design.chunks for outcome in run_chunk(design, chunk, catalogue, month_done)]


class _Pool:
    """Chunks on a process pool: as many under way as there are workers, lost ones sent again."""

    def __init__(self, design: Design, catalogue: Catalogue, workers: int, tracker: _Tracker) -> None:
        self.design = design
        self.specification = catalogue.specification()
        self.workers = workers
        self.tracker = tracker
        self.context = get_context("spawn")
        cells = len(design.arms) * design.replicates
        self.months_done: Any = self.context.RawArray("i", [len(design.arms), *([0] * cells)])
        self.waiting = deque(design.chunks)
        self.losses: Counter[Chunk] = Counter()
        self.outcomes: list[Outcome] = []

    def run(self) -> list[Outcome]:
        """Every outcome of the design, in any order."""
        while self.waiting:
            suspects = [chunk for chunk in self.waiting if self.losses[chunk] > 1]
            if suspects:
                self.waiting.remove(suspects[0])
                self._run_alone(suspects[0])
            else:
                self._run_together()
        return self.outcomes

    def _run_together(self) -> None:
        """Run what waits until it is done or a worker is lost; the chunks then under way count one loss each."""
        running: dict[Future[list[Outcome]], Chunk] = {}
        with self._executor(self.workers) as executor:
            try:
                while self.waiting or running:
                    while self.waiting and len(running) < self.workers:
                        running[self._submit(executor, self.waiting[0])] = self.waiting[0]
                        self.waiting.popleft()  # only now: a broken pool refuses it, and it must not be forgotten
                    finished, _unfinished = wait(running, timeout=_POLL_SECONDS, return_when=FIRST_COMPLETED)
                    self.tracker.tell(sum(self.months_done[1:]))
                    for future in sorted(finished, key=lambda one: running[one].replicate):
                        self.outcomes += future.result()
                        del running[future]
            except BrokenProcessPool:
                self._send_again(running)

    def _send_again(self, running: dict[Future[list[Outcome]], Chunk]) -> None:
        for future, chunk in running.items():
            if future.done() and not future.cancelled() and future.exception() is None:
                self.outcomes += future.result()
            else:
                self.losses[chunk] += 1
                self.waiting.append(chunk)

    def _run_alone(self, chunk: Chunk) -> None:
        """Run a chunk that was lost twice by itself; if it is lost again, its arms one by one."""
        try:
            with self._executor(1) as executor:
                self.outcomes += self._submit(executor, chunk).result()
        except BrokenProcessPool:
            if len(chunk.arms) == 1:
                self.outcomes.append(self._lost_run(chunk))
                return
            for arm in chunk.arms:
                self._run_alone(Chunk(chunk.replicate, (arm,)))
        self.tracker.tell(sum(self.months_done[1:]))

    def _lost_run(self, chunk: Chunk) -> FailedRun:
        text = _(
            "the worker process was lost: either the rule itself ended it (a crash in compiled code, a signal), or "
            "there was too little memory. Look at the rule, or try fewer workers or a smaller scenario"
        )
        arm = chunk.arms[0]
        self.months_done[1 + chunk.replicate * len(self.design.arms) + arm] = self.design.scenario.months
        return FailedRun(self.design.arms[arm].label, chunk.replicate, "BrokenProcessPool", text)

    def _submit(self, executor: ProcessPoolExecutor, chunk: Chunk) -> Future[list[Outcome]]:
        with spawning(hide_main=not lives_in_main(self.design)):
            return executor.submit(run_chunk_remotely, self.design, chunk, self.specification)

    @contextmanager
    def _executor(self, workers: int) -> Iterator[ProcessPoolExecutor]:
        executor = ProcessPoolExecutor(workers, self.context, start_worker, (self.months_done,))
        try:
            yield executor
        except BaseException:
            end_workers(executor)
            raise
        executor.shutdown()


def end_workers(executor: ProcessPoolExecutor) -> None:
    """End a pool at once: nothing that waits is begun, and its worker processes are killed."""
    processes = list((getattr(executor, "_processes", None) or {}).values())
    executor.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.kill()
    for process in processes:
        process.join()


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
