"""One scenario under one rule: what happened, and the folder that holds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commsim.record import RunResult, standard_indicators
from commsim.scenario import Scenario
from commsim.service.catalogues import catalogue_of
from commsim.service.folders import found_and_written, written_run
from commsim.service.following import Cancel, Followed, Progress, Tell, untold
from commsim.service.scenarios import check_rules
from commsim.store.plain import plain
from commsim.study import simulate
from commsim.study.skipped import skipped_table, skipped_text


@dataclass(frozen=True)
class Ran:
    """A run that was written: its `document`, and one sentence on rounds that were `skipped` because a rule failed."""

    document: dict[str, Any]
    skipped: dict[str, str] | None


def run(
    scenario: str | Path,
    rule: str | None = None,
    seed: int | None = None,
    *,
    overrides: Sequence[str] = (),
    plugin_files: Sequence[str | Path] = (),
    installed_plugins: bool = True,
    rule_seconds: float | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    note: Tell = untold,
    warn: Tell = untold,
) -> Ran:
    """Run a scenario once and write what happened.

    Arguments: `scenario`, a name or a file, with `overrides` (`dotted.path=value`); `rule` for its fund under
    comparison, as on the command line (None: the scenario's own); `seed` (None: the scenario's); `plugin_files`, rules
    of one's own, and whether `installed_plugins` are there; `rule_seconds` that one call of a rule may take; `out`, a
    new folder (None: a numbered one in results/).
    Raises InvalidInput or RuleError for what is wrong, Cancelled where it was called off, NoSpace.
    """
    catalogue = catalogue_of(plugin_files, installed_plugins)

    def work(loaded: Scenario, followed: Followed) -> RunResult:
        check_rules(scenario, loaded, overrides, catalogue, but_compared=rule is not None)
        return simulate(loaded, rule, seed, catalogue=catalogue, progress=followed)

    result, folder = found_and_written(
        scenario,
        overrides,
        rule_seconds,
        out,
        "run",
        work,
        written_run,
        progress=progress,
        cancel=cancel,
        note=note,
        warn=warn,
    )
    return Ran(plain(_document(result, folder)), plain(skipped_text([result])))


def _document(result: RunResult, folder: Path) -> dict[str, Any]:
    known = standard_indicators()
    summary = [
        {"indicator": name, "value": value, "unit": known[name].unit, "label": known[name].label}
        | ({"undefined": known[name].undefined} if value is None else {})
        for name, value in result.values.items()
    ]
    return {
        "command": "run",
        "scenario": result.scenario.name,
        "rule": {"label": result.rule, "id": result.rule_id, "title": result.title, "parameters": result.parameters},
        "seed": result.seed,
        "replicate": result.replicate,
        "months": result.months,
        "folder": folder,
        "skipped_rounds": skipped_table([result]),
        "summary": summary,
    }
