"""The use case that runs and comparisons share: look at the folder → do the work → write → draw → warn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from commsim.record import RunResult
from commsim.report import write_report, write_run_report
from commsim.scenario import Scenario
from commsim.service.catalogues import with_seconds
from commsim.service.following import Cancel, Followed, Progress, Tell
from commsim.service.scenarios import loaded_scenario
from commsim.store.folders import check_output
from commsim.store.results import write_comparison, write_run
from commsim.store.spreadsheets import warn_in_python
from commsim.study.comparison import Comparison

Found = TypeVar("Found")


def found_and_written(
    scenario: str | Path,
    overrides: Sequence[str],
    rule_seconds: float | None,
    out: str | Path | None,
    kind: str,
    work: Callable[[Scenario, Followed], Found],
    write: Callable[[Found, str | Path | None, Tell], Path],
    *,
    progress: Progress | None,
    cancel: Cancel | None,
    note: Tell,
    warn: Tell,
) -> tuple[Found, Path]:
    """Do `work` on a scenario and `write` what it found; returns both, the latter as its folder.

    Arguments: `out`, the folder, which must not exist (None: a numbered one that is called by scenario and `kind`);
    `note`, told at once what is easily overlooked in the scenario; `warn`, told of what was written.
    Raises InvalidInput before the work where the scenario is wrong or the folder cannot be made, Cancelled, NoSpace.
    """
    loaded = loaded_scenario(scenario, with_seconds(overrides, rule_seconds), note)
    check_output(out, f"{loaded.name}-{kind}")
    followed = Followed(progress, cancel)
    found = work(loaded, followed)
    followed.check()
    return found, write(found, out, warn)


def written_run(result: RunResult, out: str | Path | None = None, warn: Tell = warn_in_python) -> Path:
    """Write the folder of a run with its page, and return it. `out` and `warn` as above."""
    return write_run(result, out, add=lambda folder: write_run_report(result, folder), warn=warn)


def written_comparison(comparison: Comparison, out: str | Path | None = None, warn: Tell = warn_in_python) -> Path:
    """Write the folder of a comparison with its page and figures, and return it. `out` and `warn` as above."""
    # Where every run failed there is nothing to draw; the failures are still written.
    add = (lambda folder: write_report(comparison, folder)) if comparison.results else None
    return write_comparison(comparison, out, add=add, warn=warn)
