"""Several rules on the same residents and the same luck: what differs, and the folder that holds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from commsim.record import standard_indicators
from commsim.report.pairwise import SHOWN, few_replicates, pairs_of
from commsim.scenario import Scenario
from commsim.service.catalogues import catalogue_of
from commsim.service.folders import found_and_written, written_comparison
from commsim.service.following import Cancel, Followed, Progress, Tell, untold
from commsim.service.indicators import indicators_asked
from commsim.service.scenarios import check_rules
from commsim.store.plain import plain
from commsim.study.comparison import Comparison, EveryRunFailed
from commsim.study.comparison import compare as compare_rules
from commsim.study.design import DEFAULT_BASELINE
from commsim.study.design import DEFAULT_RULES as DEFAULT_RULES

MOST_JSON_ROWS = 10_000
"""Pairs in one document (about 4 MB) unless indicators are asked for; beyond, those of `SHOWN` only."""
HEADLINE = ("active_residents",)
"""Indicators whose rules are held against each other where none is asked for."""


@dataclass(frozen=True)
class Compared:
    """A comparison: its `document`, and what is told beside it.

    `asked`, the indicators asked for, and `pairs` of these, or else of `HEADLINE` (`pair_facts`); `skipped_rules`,
    labels of rules that failed in some rounds or reviews, and one sentence on them (`skipped`); one on runs that
    `failed`; `page`, to open in a browser. What does not exist is None.
    """

    document: dict[str, Any]
    asked: tuple[str, ...]
    pairs: list[dict[str, Any]]
    skipped_rules: list[str]
    skipped: dict[str, str] | None
    failed: dict[str, str] | None
    page: str | None


def compare(
    scenario: str | Path,
    rules: Sequence[str] = (),
    *,
    baseline: str = DEFAULT_BASELINE,
    replicates: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    overrides: Sequence[str] = (),
    plugin_files: Sequence[str | Path] = (),
    installed_plugins: bool = True,
    rule_seconds: float | None = None,
    indicators: Sequence[str] = (),
    out: str | Path | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    note: Tell = untold,
    warn: Tell = untold,
) -> Compared:
    """Compare rules on a scenario, each paired with `baseline`, and write what was found.

    Arguments: `rules` as on the command line (none: the eight that come first; "all": the whole library);
    `replicates`, how many lucks each is tried on (None: 5); `workers`, processes (None: one a core); `indicators` whose
    pairs are wanted, or "all"; the others as of `commsim.service.running.run`.
    Where runs fail the others are written, and `failed` says so. Raises InvalidInput, RuleError or UsageError for what
    is wrong, Cancelled where it was called off, NoSpace.
    """
    asked = indicators_asked(indicators)
    catalogue = catalogue_of(plugin_files, installed_plugins)

    def work(loaded: Scenario, followed: Followed) -> Comparison:
        check_rules(scenario, loaded, overrides, catalogue, but_compared=True)
        try:
            return compare_rules(
                loaded,
                list(rules) or None,
                replicates,
                baseline=baseline,
                seed=seed,
                workers=workers,
                catalogue=catalogue,
                progress=followed,
                cancel=followed,
            )
        except EveryRunFailed as error:  # told by `failed`, after what failed is written
            return error.comparison

    comparison, folder = found_and_written(
        scenario,
        overrides,
        rule_seconds,
        out,
        "compare",
        work,
        written_comparison,
        progress=progress,
        cancel=cancel,
        note=note,
        warn=warn,
    )
    return as_compared(comparison, folder, asked)


def as_compared(comparison: Comparison, folder: Path | None = None, asked: tuple[str, ...] = ()) -> Compared:
    """A comparison as plain data; `folder`, where it was written; `asked`, the indicators whose pairs are wanted."""
    page = None if folder is None else folder / "index.html"
    return Compared(
        document=plain(_document(comparison, folder, asked)),
        asked=asked,
        pairs=[pair_facts(comparison, indicator) for indicator in asked or HEADLINE],
        skipped_rules=sorted(comparison.skipped_rules()),
        skipped=plain(comparison.skipped_text()),
        failed=plain(comparison.failed_text()),
        page=str(page) if page is not None and page.exists() else None,
    )


def pair_facts(comparison: Comparison, indicator: str) -> dict[str, Any]:
    """Every two rules in one indicator.

    Returns `indicator`, `baseline`, `labels` of the rules that have the figure, `gaps` (for each label those to labels
    before it: value, apart, too_few), `apart` of `total` pairs that are told apart, and what comparisons of `few`
    replicates are worth (None where there are enough).
    """
    first = 1 if standard_indicators()[indicator].paired else 0
    labels = [label for label, _rule_id, _title in comparison.rules][first:]
    pairs = pairs_of(comparison, indicator)
    gaps = {row: {column: pairs.gap(row, column) for column in labels[:place]} for place, row in enumerate(labels)}
    apart, total = pairs.counted()
    return plain(
        {
            "indicator": indicator,
            "baseline": comparison.baseline,
            "labels": labels,
            "gaps": {
                row: {
                    column: {"value": gap.value, "apart": gap.apart, "too_few": gap.too_few}
                    for column, gap in of_row.items()
                }
                for row, of_row in gaps.items()
            },
            "apart": apart,
            "total": total,
            "few": few_replicates(pairs),
        }
    )


def json_pairs(comparison: Comparison, asked: tuple[str, ...]) -> tuple[pd.DataFrame, list[str]]:
    """Rows of all pairs for a document, and the indicators left out: 68 rules make 27 MB of 48 indicators.

    What was `asked` for is in it, whatever its size. Unasked it is every indicator as long as these are at most
    `MOST_JSON_ROWS`, and those of `SHOWN` beyond. `summary-pairwise.parquet` holds all of them.
    """
    known = [indicator.id for indicator in standard_indicators()]
    arms = len(comparison.rules)
    few = len(known) * arms * (arms - 1) // 2 <= MOST_JSON_ROWS
    chosen = asked or (known if few else [name for name in known if name in SHOWN])
    rows = pd.concat([comparison.pairwise(name) for name in chosen], ignore_index=True)
    return rows, [name for name in known if name not in chosen]


def _document(comparison: Comparison, folder: Path | None, asked: tuple[str, ...]) -> dict[str, Any]:
    pairs, left_out = json_pairs(comparison, asked)
    return {
        "command": "compare",
        "scenario": comparison.scenario.name,
        "seed": comparison.seed,
        "replicates": comparison.replicates,
        "baseline": comparison.baseline,
        "rules": [
            {"label": arm.label, "id": arm.rule_id, "title": arm.title, "parameters": dict(arm.parameters)}
            for arm in comparison.arms
        ],
        "folder": folder,
        "table": comparison.table(),
        "pairwise": pairs,
        "pairwise_left_out": left_out,
        "skipped_rounds": comparison.skipped(),
        "failures": [
            {"rule": failure.rule, "replicate": failure.replicate, "kind": failure.kind, "error": failure.error}
            for failure in comparison.failures
        ],
    }
