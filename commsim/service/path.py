"""The path from yuan to neighbour: its facts, played in the district."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commsim.i18n import Text, _
from commsim.service.following import Cancel, Followed, Progress, Tell, untold
from commsim.store.plain import plain

if TYPE_CHECKING:
    from commsim.validation.path_table import PathTable

PLAYING = _("playing the path")
TRYING = _("looking for points that the rows marked 'fit' allow")


@dataclass(frozen=True)
class PathFound:
    """The path's facts as played: the `document`, and by fact what is told beside it: `use` and `state` in words, and
    by test its range and state. `sizes`: the runs that were played, in words. `failed`: a sentence on facts that could
    not be played, None where all could."""

    document: dict[str, Any]
    told: list[dict[str, Any]]
    sizes: list[Any]
    failed: Text | None = None


def path_facts(
    facts: Sequence[str] = (),
    *,
    seeds: int | None = None,
    draws: int | None = None,
    quick: bool = False,
    seed: int = 1,
    workers: int | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    warn: Tell = untold,
) -> PathFound:
    """Play the path's facts in the district and write which of them hold.

    Arguments: `facts`, ids such as "P3" (none: all); `seeds` and `draws` of the parameters (None: 30 × 10, or 3 × 2
    where `quick`); `seed` of the draws; `workers`, processes (None: one a core); `out`, a new folder (None: a numbered
    one in results/). Raises InvalidInput for a fact that is not there, more draws than the calibration kept points, or
    a folder that cannot be made, Cancelled, NoSpace, RunsFailed where nothing could be played.
    """
    from commsim.report import write_path_report
    from commsim.store.folders import check_output
    from commsim.store.laboratory import write_path
    from commsim.study.executors import cores
    from commsim.validation.path_table import (
        DRAWS,
        QUICK_DRAWS,
        QUICK_SEEDS,
        SEEDS,
        as_document,
        find_path_facts,
        run_path,
    )

    check_output(out, "path")
    chosen = find_path_facts(facts)
    usual_seeds, usual_draws = (QUICK_SEEDS, QUICK_DRAWS) if quick else (SEEDS, DRAWS)
    followed = Followed(progress, cancel, PLAYING)
    table = run_path(
        chosen,
        seeds=usual_seeds if seeds is None else seeds,
        draws=usual_draws if draws is None else draws,
        seed=seed,
        workers=workers or cores(),
        progress=followed,
        cancel=followed,
    )
    followed.check()
    folder = write_path(table, out, add=lambda folder: write_path_report(table, folder), warn=warn)
    sizes = list({result.fact.family.id: result.fact.family.size for result in table.results}.values())
    return PathFound(plain({**as_document(table), "folder": folder}), _told(table), plain(sizes), table.failed_text())


def _told(table: PathTable) -> list[dict[str, Any]]:
    from commsim.validation.path_facts import STATE_WORDS, USE_WORDS

    return [
        plain(
            {
                "use": USE_WORDS[result.fact.use],
                "state": STATE_WORDS[result.state],
                "state_at_defaults": STATE_WORDS[result.state_at_defaults],
                "tests": [
                    {
                        "use": USE_WORDS[test.test.use],
                        "range": test.test.range_words,
                        "state_at_defaults": STATE_WORDS[test.state_at_defaults],
                    }
                    for test in result.tests
                ],
            }
        )
        for result in table.results
    ]


def calibrate_path(
    seed: int = 1,
    *,
    points: int | None = None,
    workers: int | None = None,
    write: bool = False,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> dict[str, Any]:
    """Find the points of the prior at which every row of the path marked 'fit' comes out in its range.

    Arguments: `points`, how many to keep (None: 12); `workers`, processes (None: one a core); `write`, whether to store
    them where the path's facts draw from. Returns the points' numbers, how many were tried, and by parameter the
    registry's value and range beside mean and range of the points. Raises Cancelled.
    """
    from commsim.scenario.registry import load_registry
    from commsim.study.executors import cores
    from commsim.validation.path_calibration import WANTED, write_path_posterior
    from commsim.validation.path_calibration import calibrate_path as find_points
    from commsim.validation.path_draws import PATH_POSTERIOR

    followed = Followed(progress, cancel, TRYING)
    wanted = WANTED if points is None else points
    found = find_points(wanted, seed, workers=workers or cores(), progress=followed, cancel=followed)
    followed.check()
    if write:
        write_path_posterior(found, PATH_POSTERIOR)
    registry = load_registry()
    of_name = {name: [drawn.values[name] for drawn in found.draws] for name in found.draws[0].values}
    rows = [
        {
            "parameter": name,
            "value": registry[name].value,
            "range": [registry[name].low, registry[name].high],
            "mean": sum(values) / len(values),
            "low": min(values),
            "high": max(values),
        }
        for name, values in of_name.items()
    ]
    document = {"command": "lab calibrate --path", "seed": seed, "tried": found.tried, "parameters": rows}
    return plain({**document, "points": [drawn.point for drawn in found.draws]})
