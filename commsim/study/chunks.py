"""What is run as one: a chunk of a comparison, in this process or in another; what fails in it is a value."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from commsim.calling.plugin_texts import trace_of, words_of
from commsim.i18n import Text
from commsim.plugin_host.loader import load_specification
from commsim.randomness import Draws
from commsim.record import RunResult
from commsim.study.arms import Arm
from commsim.study.design import Chunk, Design
from commsim.study.simulation import run_arm
from commsim.study.tasks import Tell, told_error

if TYPE_CHECKING:
    from commsim.plugin_host.catalogue import Catalogue, CatalogueSpecification


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
        return told_error(self.kind, self.error)


Outcome = RunResult | FailedRun


def run_chunk(design: Design, catalogue: Catalogue, chunk: Chunk, tell: Tell) -> list[Outcome]:
    """Build the world of one replicate and run its arms in it, one after the other; `tell` hears the months done.

    Returns one outcome an arm, in the chunk's order. An exception in an arm becomes a `FailedRun` and the other arms
    go on; one while the world is built fails every arm of the chunk.
    """
    draws = Draws(design.seed, chunk.replicate)
    arms = [design.arms[position] for position in chunk.arms]
    try:
        world = design.engine.build_world(design.scenario, draws)
    except Exception as error:
        return [failed_run(arm, chunk.replicate, error) for arm in arms]
    months = design.scenario.months
    outcomes: list[Outcome] = []
    for number, arm in enumerate(arms):
        outcomes.append(_run(design, arm, world, draws, catalogue, _after(number * months, tell)))
        tell((number + 1) * months)
    return outcomes


def _after(months: int, tell: Tell) -> Callable[..., None]:
    """Progress of an arm before which `months` were simulated in the chunk."""

    def progress(done: int, total: int, text: Any = None) -> None:
        tell(months + done)

    return progress


def _run(
    design: Design, arm: Arm, world: Any, draws: Draws, catalogue: Catalogue, progress: Callable[..., None]
) -> Outcome:
    try:
        rule = arm.make(catalogue)
        result = run_arm(
            design.scenario,
            world,
            draws,
            rule,
            arm.label,
            catalogue,
            progress,
            design.engine,
            with_kinds=arm is design.baseline,  # the others live in the same world
        )
    except (Exception, SystemExit) as error:
        return failed_run(arm, draws.replicate, error)
    return replace(result, scenario=None)  # the caller has it; it need not travel


def failed_run(arm: Arm, replicate: int, error: BaseException) -> FailedRun:
    """The value that a failed run becomes."""
    return FailedRun(arm.label, replicate, type(error).__name__, words_of(error), trace_of(error))


# --- in worker processes -------------------------------------------------------------------------------------------

_catalogues: dict[bytes, Catalogue] = {}


def run_chunk_elsewhere(
    design: Design, specification: CatalogueSpecification, chunk: Chunk, tell: Tell
) -> list[Outcome]:
    """`run_chunk` in another process, with the catalogue that `specification` describes (made once a process).

    Where that catalogue cannot be made here, every arm fails with the reason.
    """
    try:
        catalogue = _catalogue(specification)
    except (Exception, SystemExit) as error:
        return [failed_run(design.arms[position], chunk.replicate, error) for position in chunk.arms]
    return run_chunk(design, catalogue, chunk, tell)


def _catalogue(specification: CatalogueSpecification) -> Catalogue:
    key = pickle.dumps(specification)
    if key not in _catalogues:
        _catalogues[key] = load_specification(specification)
    return _catalogues[key]
