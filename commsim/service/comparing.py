"""Several rules on the same residents and the same luck: what differs, and the folder that holds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from commsim.errors import InvalidInput
from commsim.i18n import Short, _
from commsim.record import standard_indicators
from commsim.record.people_record import KINDS
from commsim.report.pairwise import SHOWN, few_replicates, pairs_of
from commsim.report.parts_of_effects import call_of, call_text
from commsim.scenario import Scenario
from commsim.service.catalogues import catalogue_of
from commsim.service.folders import found_and_written, written_comparison
from commsim.service.following import Cancel, Followed, Progress, Tell, untold
from commsim.service.indicators import ALL, indicators_asked
from commsim.service.scenarios import check_rules
from commsim.store.plain import plain
from commsim.study.comparison import Comparison, EveryRunFailed
from commsim.study.comparison import compare as compare_rules
from commsim.study.counterfactuals import CALL_ONLY
from commsim.study.design import DEFAULT_BASELINE
from commsim.study.design import DEFAULT_RULES as DEFAULT_RULES
from commsim.suggestions import listed

INDICATOR, PEOPLE = "giving_or_starting_share", ("net_drawn_in", "cost_per_added_participant")
"""What a reader of the document looks at first: the share, and what effects, rankings and costs go by."""
MOST_JSON_ROWS = 10_000
"""Pairs in one document (about 4 MB) unless indicators are asked for; beyond, those of `SHOWN` only."""
HEADLINE = ("net_drawn_in",)
"""Indicators whose rules are held against each other where none is asked for."""


@dataclass(frozen=True)
class Compared:
    """A comparison: its `document`, and what is told beside it.

    `asked`, the indicators asked for, and `pairs` of these, or else of `HEADLINE` (`pair_facts`); `kinds`, the
    dimensions by which who gains is asked for; `call`, what the extra asking of an open round rests on; one sentence
    where money was not scarce (`scarcity`); `skipped_rules`, labels of rules that failed in some rounds or reviews, and
    one sentence on them (`skipped`); one on runs that `failed`; `page`, to open in a browser. What does not exist is
    None.
    """

    document: dict[str, Any]
    asked: tuple[str, ...]
    kinds: tuple[str, ...]
    call: dict[str, str]
    scarcity: dict[str, str] | None
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
    who_gains: Sequence[str] = (),
    counterfactuals: bool = True,
    out: str | Path | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    note: Tell = untold,
    warn: Tell = untold,
) -> Compared:
    """Compare rules on a scenario, each paired with `baseline`, and write what was found.

    Arguments: `rules` as on the command line (none: the eight that come first; "all": the whole library);
    `replicates`, how many lucks each is tried on (None: 5); `workers`, processes (None: one a core); `indicators` whose
    pairs are wanted, or "all"; `who_gains`, by what residents are who gains is told (`KINDS`); `counterfactuals`,
    whether those that are missing are run too; the others as of `commsim.service.running.run`.
    Where runs fail the others are written, and `failed` says so. Raises InvalidInput, RuleError or UsageError for what
    is wrong, Cancelled where it was called off, NoSpace.
    """
    asked, kinds = indicators_asked(indicators), kinds_asked(who_gains)
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
                counterfactuals=counterfactuals,
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
    return as_compared(comparison, folder, asked, kinds)


def kinds_asked(names: Sequence[str]) -> tuple[str, ...]:
    """The dimensions that are named, each once; `all` is every one. Raises InvalidInput for one that is unknown."""
    for name in names:
        if name not in KINDS and name != ALL:
            raise InvalidInput(
                _("residents are told apart by {known}; {came!r} came").format(known=listed(KINDS), came=Short(name))
            )
    return tuple(KINDS) if ALL in names else tuple(dict.fromkeys(names))


def as_compared(
    comparison: Comparison,
    folder: Path | None = None,
    asked: tuple[str, ...] = (),
    kinds: tuple[str, ...] = (),
) -> Compared:
    """A comparison as plain data; `folder`, where it was written; `asked`, the indicators whose pairs are wanted;
    `kinds`, the dimensions by which who gains is told in a terminal."""
    page = None if folder is None else folder / "index.html"
    return Compared(
        document=plain(_document(comparison, folder, asked)),
        asked=asked,
        kinds=kinds,
        call=plain(call_text(comparison.scenario)),
        scarcity=plain(comparison.scarcity_text()),
        pairs=[pair_facts(comparison, indicator) for indicator in asked or HEADLINE],
        skipped_rules=sorted(comparison.skipped_rules()),
        skipped=plain(comparison.skipped_text()),
        failed=plain(comparison.failed_text()),
        page=str(page) if page is not None and page.exists() else None,
    )


def pair_facts(comparison: Comparison, indicator: str) -> dict[str, Any]:
    """Every two rules in one indicator.

    Returns `indicator`, `baseline`, `labels` of the rules that have the figure (but of calls without money), `gaps`
    (for each label those to labels before it: value, apart, too_few), `apart` of `total` pairs that are told apart, and
    what comparisons of `few` replicates are worth (None where there are enough).
    """
    first = 1 if standard_indicators()[indicator].quotient else 0
    # Calls without money are held against nothing here: what they do is told as a part of each rule's effect.
    labels = [label for label, rule_id, _title in comparison.rules[first:] if rule_id != CALL_ONLY]
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


def who_gains_rows(comparison: Comparison) -> pd.DataFrame:
    """Who gains by every dimension, one below the other."""
    return pd.concat([comparison.who_gains(by) for by in KINDS], ignore_index=True)


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
        "headline": [INDICATOR, *PEOPLE],
        "table": comparison.table(),
        "split": comparison.split(),
        "call_shares": comparison.call_shares(),
        "mobilisation_call": call_of(comparison.scenario),
        "asks_met": comparison.asks_met(),
        "not_ranked": list(comparison.alike()),
        "scarcity": comparison.scarcity_text(),
        "who_gains": who_gains_rows(comparison),
        "pairwise": pairs,
        "pairwise_left_out": left_out,
        "skipped_rounds": comparison.skipped(),
        "failures": [
            {"rule": failure.rule, "replicate": failure.replicate, "kind": failure.kind, "error": failure.error}
            for failure in comparison.failures
        ],
    }
