"""Results folders of runs and comparisons: the same bytes for the same run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from commsim.i18n import Text
from commsim.record import RunResult, standard_indicators
from commsim.record.indicators import UNITS
from commsim.record.people_record import KINDS
from commsim.store import manifest
from commsim.store.run_tables import failures_table, run_tables, summary_table
from commsim.store.spreadsheets import Warn, Words, warn_in_python
from commsim.store.writing import AddFiles, Contents, Tables, write_folder
from commsim.study.comparison import Comparison
from commsim.study.skipped import skipped_table


def write_run(
    result: RunResult, out: Path | str | None = None, add: AddFiles | None = None, warn: Warn = warn_in_python
) -> Path:
    """Write the record of one run and return its folder.

    Arguments: `out`, a folder that must not exist yet (None: the next free `results/<scenario>-run-001`); `add` may
    write more files into the folder before it gets its final name; `warn`, told of tables that Excel cannot open whole.
    Raises InvalidInput where `out` exists or cannot be made.
    """
    about = {
        "kind": "run",
        "seed": result.seed,
        "replicate": result.replicate,
        "rules": [_rule_record(result)],
        "other_rules": manifest.other_rules(result.scenario, [result]),
        "skipped_rounds": manifest.skipped_counts([result]),
    }
    tables = run_tables([result]) | {"summary.parquet": summary_table([result])}
    log = [*_log_of_runs([result]), *_log_of_skipped([result])]
    words = _words_of_ids({result.rule: result.title})
    contents = Contents(f"{result.scenario.name}-run", _manifest(about, result.scenario), tables, words, log)
    return write_folder(contents, out, add, warn)


def write_comparison(
    comparison: Comparison, out: Path | str | None = None, add: AddFiles | None = None, warn: Warn = warn_in_python
) -> Path:
    """Write every run of a comparison and its paired differences, and return the folder.

    Arguments and errors as for `write_run`; the default folder is `results/<scenario>-compare-001`. Runs that failed
    are in `failures-000.parquet`, with their tracebacks in `log.jsonl`.
    """
    about = {
        "kind": "compare",
        "seed": comparison.seed,
        "replicates": comparison.replicates,
        "baseline": comparison.baseline,
        "rules": manifest.rules_record(comparison.arms),
        "other_rules": manifest.other_rules(comparison.scenario, comparison.results),
        "skipped_rounds": manifest.skipped_counts(comparison.results),
        "failed_runs": len(comparison.failures),
        "not_ranked": list(comparison.alike()),
    }
    tables = run_tables(comparison.results) | {
        "summary.parquet": summary_table(comparison.results),
        "summary-differences.parquet": comparison.differences(),
        "summary-table.parquet": comparison.table().drop(columns="defined_reason").astype({"n": np.int32}),
        "summary-pairwise.parquet": comparison.pairwise().drop(columns="defined_reason"),
    }
    tables |= parts_tables(comparison)
    if comparison.failures:
        tables["failures-000.parquet"] = failures_table(comparison.failures)
    words = _words_of_ids({arm.label: arm.title for arm in comparison.arms})
    stem = f"{comparison.scenario.name}-compare"
    contents = Contents(stem, _manifest(about, comparison.scenario), tables, words, _log_of_comparison(comparison))
    return write_folder(contents, out, add, warn)


def parts_tables(comparison: Comparison) -> Tables:
    """What of each effect is which, and who gains by what residents are; tables without rows are left out.

    Whom a rule drew in only its runs know, resident by resident; here it is kept as the numbers that follow from them.
    """
    gains = pd.concat([comparison.who_gains(by) for by in KINDS], ignore_index=True)
    found = {
        "summary-split.parquet": comparison.split().drop(columns="defined_reason"),
        "summary-call-shares.parquet": comparison.call_shares().drop(columns="defined_reason"),
        "summary-who-gains.parquet": gains,
    }
    return {name: table.astype({"n": np.int32}) for name, table in found.items() if len(table)}


def _manifest(about: Mapping[str, Any], scenario: Any) -> dict[str, Any]:
    return {
        **about,
        "scenario": manifest.scenario_record(scenario),
        "surroundings": manifest.surroundings(),
        "indicators": manifest.indicators_record(),
    }


def _words_of_ids(titles: Mapping[str, Text]) -> Words:
    """What the ids in the columns of the summary tables mean; `titles`: those of the rules by label."""
    labels = {indicator.id: indicator.label for indicator in standard_indicators()}
    return {"rule": titles, "other": titles, "indicator": labels, "unit": UNITS}


def _log_of_comparison(comparison: Comparison) -> list[dict[str, Any]]:
    failed = [
        {"event": "failed", "rule": run.rule, "replicate": run.replicate, "traceback": run.traceback}
        for run in comparison.failures
    ]
    ran = [*_log_of_runs(comparison.results), *_log_of_skipped(comparison.results)]
    return [{"event": "workers", "workers": comparison.workers}, *ran, *failed]


def _log_of_runs(results: Sequence[RunResult]) -> Iterator[dict[str, Any]]:
    for run in results:
        yield {"event": "run", "rule": run.rule, "replicate": run.replicate, "seconds": run.seconds}


def _log_of_skipped(results: Sequence[RunResult]) -> Iterator[dict[str, Any]]:
    for row in skipped_table(results).to_dict(orient="records"):
        yield {"event": "skipped", **{str(key): value for key, value in row.items()}}


def _rule_record(result: RunResult) -> dict[str, Any]:
    return {"label": result.rule, "title": manifest.words(result.title), **result.rules.get(result.fund, {})}
