"""Rounds that were skipped because a rule failed: said in one sentence, and as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from commsim.i18n import Text, _
from commsim.record import RunResult

MARK = "†"
"""Stands beside a rule some of whose rounds were skipped: its figures are not what the rule would have done."""


def skipped_text(results: Sequence[RunResult]) -> Text | None:
    """How often rules failed and were passed over, by rule, and the first error; None where none did."""
    each = [(one, run) for run in results for one in run.skipped]
    if not each:
        return None
    counts = Counter(one.rule for one, _run in each)
    first, run = each[0]
    return _(
        "{n} rounds were skipped because the rule failed (on_rule_failure: skip_round); by rule: {counts}. The first: "
        "{fund}/{unit}/{period}, month {date}: {error}. Nothing was awarded in these rounds, so the figures are not "
        "what the rule would have done"
    ).format(
        n=len(each),
        counts=", ".join(f"{rule} {count}" for rule, count in counts.items()),
        fund=first.fund,
        unit=first.unit,
        period=first.period,
        date=run.dates[first.month],
        error=first.error,
    )


def skipped_table(results: Sequence[RunResult]) -> pd.DataFrame:
    """One row per skipped round: rule and replicate of the run, fund, unit, period, month, failed_rule, step (what the
    rule was asked), proposals, error (English)."""
    rows = [
        (
            run.rule, run.replicate, one.fund, one.unit, one.period, one.month, one.rule, one.step, one.proposals,
            one.error.to("en"),
        )
        for run in results
        for one in run.skipped
    ]  # fmt: skip
    columns = "rule replicate fund unit period month failed_rule step proposals error".split()
    numbers = ("replicate", "period", "month", "proposals")
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(numbers, np.int32))
