"""The laboratory: published facts, experiments of one's own, and the calibration."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commsim.i18n import Text, _
from commsim.service.following import Cancel, Followed, Progress, Tell, untold
from commsim.store.plain import plain

if TYPE_CHECKING:
    from commsim.lab.files import ExperimentFile
    from commsim.validation.laboratory import LabResult

PLAYING = _("playing the experiments")


@dataclass(frozen=True)
class FactsFound:
    """Facts as simulated: the `document`, and by fact what is told beside it: `use` (fitted, tested, plausibility),
    `ranges` of its tests in words, `source` and `note` (None where there is none). `failed`: a sentence on facts that
    could not be played, None where all could."""

    document: dict[str, Any]
    told: list[dict[str, Any]]
    failed: Text | None = None


def facts(
    fact: str | None = None,
    *,
    quick: bool = False,
    seed: int = 1,
    workers: int | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    warn: Tell = untold,
) -> FactsFound:
    """Put the residents through published experiments and write which facts they reproduce.

    Arguments: `fact`, a number or name (None: all); `quick`, fewer seeds and draws; `seed` of the parameter draws;
    `workers`, processes (None: one a core); `out`, a new folder (None: a numbered one in results/).
    Raises InvalidInput for a fact that is not there or a folder that cannot be made, Cancelled, NoSpace.
    """
    from commsim.report import write_lab_report
    from commsim.store.folders import check_output
    from commsim.store.laboratory import write_lab
    from commsim.study.executors import cores
    from commsim.validation.catalogue_of_facts import FACTS, find_fact
    from commsim.validation.laboratory import as_document, run_facts

    check_output(out, "lab")
    chosen = FACTS if fact is None else (find_fact(fact),)
    followed = Followed(progress, cancel, PLAYING)
    result = run_facts(chosen, quick=quick, seed=seed, workers=workers or cores(), progress=followed, cancel=followed)
    followed.check()
    folder = write_lab(result, out, add=lambda folder: write_lab_report(result, folder), warn=warn)
    return FactsFound(plain({**as_document(result), "folder": folder}), _told(result), result.failed_text())


def _told(result: LabResult) -> list[dict[str, Any]]:
    from commsim.validation.laboratory import use_of

    return [
        plain(
            {
                "use": use_of(found),
                "ranges": [tested.test.range_words for tested in found.tests],
                "source": found.fact.source,
                "note": found.fact.note,
            }
        )
        for found in result.results
    ]


def experiment(
    file: str | Path,
    *,
    workers: int | None = None,
    out: str | Path | None = None,
    cancel: Cancel | None = None,
    warn: Tell = untold,
) -> dict[str, Any]:
    """Play the experiment of a YAML file and write it: each arm by round, differences from the first, what is declared.

    Arguments: `workers`, processes (None: this one); `out`, a new folder (None: a numbered one in results/).
    Raises InvalidInput with file and line, Cancelled, NoSpace.
    """
    from commsim.lab.files import load_experiment
    from commsim.store.folders import check_output
    from commsim.store.laboratory import write_experiment

    stem = Path(file).stem
    check_output(out, f"{stem}-lab")
    loaded = load_experiment(Path(file))
    followed = Followed(None, cancel)
    summary = loaded.experiment.summary(
        loaded.population, loaded.replicates, loaded.seed, workers=workers or 1, cancel=followed
    )
    followed.check()
    folder = write_experiment(loaded, summary, out, stem, warn=warn)
    return plain(_document(loaded, summary, folder))


def _document(loaded: ExperimentFile, summary: Any, folder: Path) -> dict[str, Any]:
    from commsim.lab.differences import differences

    figures = ["acted", "amount", "amount_if_acted"]
    return {
        "command": "lab run",
        "title": loaded.title,
        "arms": summary.groupby(["arm", "round"], sort=False)[figures].mean().reset_index(),
        "differences": differences(summary, next(iter(loaded.experiment.arms))),
        "declared": loaded.experiment.declared(),
        "folder": folder,
    }


def calibrate(
    seed: int = 1,
    *,
    workers: int | None = None,
    write: bool = False,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> dict[str, Any]:
    """Estimate the free coefficients on the facts that may be fitted: mean and 95% range of each.

    Arguments: `workers`, processes (None: one a core); `write`, whether to store them in the installed package's files.
    Raises Cancelled.
    """
    from commsim.study.executors import cores
    from commsim.validation.calibrate import calibrate as estimate
    from commsim.validation.posterior import as_rows, write_posterior
    from commsim.validation.uncertainty import POSTERIOR

    followed = Followed(progress, cancel, PLAYING)
    found = estimate(seed, progress=followed, workers=workers or cores(), cancel=followed)
    followed.check()
    if write:
        write_posterior(found, seed, POSTERIOR)
    return plain({"command": "lab calibrate", "seed": seed, "parameters": as_rows(found)})
