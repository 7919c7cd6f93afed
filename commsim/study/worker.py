"""What happens in a worker: one chunk is run, and what fails in it comes back as a value.

Everything here can be called by any `concurrent.futures.Executor`, also one on other machines.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from commsim.calling.plugin_texts import words_of
from commsim.i18n import Text
from commsim.plugin_host.loader import load_specification
from commsim.randomness import Draws
from commsim.record import RunResult
from commsim.study.design import Arm, Chunk, Design
from commsim.study.simulation import run_arm

if TYPE_CHECKING:
    from commsim.plugin_host.catalogue import Catalogue, CatalogueSpecification

MonthDone = Callable[[Chunk, int, int], None]
"""Told (chunk, arm's position in the design, months done)."""


@dataclass(frozen=True)
class FailedRun:
    """A run that failed: which it was, what kind of error, its text, and the traceback for those who look for it."""

    rule: str
    replicate: int
    kind: str
    error: Text | str
    traceback: str = ""

    @property
    def told(self) -> Text | str:
        """The error as people read it: our own sentences as they are, any other after the kind of error it is."""
        if isinstance(self.error, Text):
            return self.error
        return f"{self.kind}: {self.error}" if self.error else self.kind


Outcome = RunResult | FailedRun


def run_chunk(design: Design, chunk: Chunk, catalogue: Catalogue, month_done: MonthDone | None = None) -> list[Outcome]:
    """Build the world of one replicate and run its arms in it, one after the other.

    Returns one outcome an arm, in the chunk's order. An exception in an arm becomes a `FailedRun` and the other arms
    go on; one while the world is built fails every arm of the chunk.
    """
    draws = Draws(design.seed, chunk.replicate)
    arms = [(position, design.arms[position]) for position in chunk.arms]
    try:
        world = design.engine.build_world(design.scenario, draws)
    except Exception as error:
        return [failed_run(arm, chunk.replicate, error) for _position, arm in arms]
    return [_outcome(design, chunk, position, arm, world, draws, catalogue, month_done) for position, arm in arms]


def _outcome(
    design: Design,
    chunk: Chunk,
    position: int,
    arm: Arm,
    world: Any,
    draws: Draws,
    catalogue: Catalogue,
    month_done: MonthDone | None,
) -> Outcome:
    def progress(done: int, total: int, text: Any = None) -> None:
        if month_done:
            month_done(chunk, position, done)

    try:
        rule = arm.make(catalogue)
        result = run_arm(design.scenario, world, draws, rule, arm.label, catalogue, progress, design.engine)
    except (Exception, SystemExit) as error:
        return failed_run(arm, chunk.replicate, error)
    finally:
        if month_done:
            month_done(chunk, position, design.scenario.months)
    return replace(result, scenario=None)  # the caller has it; it need not travel


def failed_run(arm: Arm, replicate: int, error: BaseException) -> FailedRun:
    """The value that a failed run becomes."""
    trace = "".join(traceback.format_exception(error))
    return FailedRun(arm.label, replicate, type(error).__name__, words_of(error), trace)


# --- in worker processes -------------------------------------------------------------------------------------------

_months_done: Any = None
_catalogues: dict[bytes, Catalogue] = {}


def start_worker(months_done: Any) -> None:
    """Prepare a worker process. `months_done`: shared array of months done, by replicate and arm.

    Ctrl-C reaches the whole process group; only the parent answers it, by ending the workers. A worker whose parent
    has died ends itself.
    """
    global _months_done
    _months_done = months_done
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    import multiprocessing

    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def run_chunk_remotely(design: Design, chunk: Chunk, specification: CatalogueSpecification) -> list[Outcome]:
    """`run_chunk` in another process, with the catalogue that `specification` describes (made once a process).

    Where that catalogue cannot be made here, every arm fails with the reason.
    """
    try:
        catalogue = _catalogue(specification)
    except (Exception, SystemExit) as error:
        return [failed_run(design.arms[position], chunk.replicate, error) for position in chunk.arms]
    return run_chunk(design, chunk, catalogue, _note_month if _months_done is not None else None)


def _catalogue(specification: CatalogueSpecification) -> Catalogue:
    key = pickle.dumps(specification)
    if key not in _catalogues:
        _catalogues[key] = load_specification(specification)
    return _catalogues[key]


def _note_month(chunk: Chunk, arm: int, months: int) -> None:
    # One writer a cell, so the array needs no lock that a killed worker could keep.
    arms = _months_done[0]
    _months_done[1 + chunk.replicate * arms + arm] = months
