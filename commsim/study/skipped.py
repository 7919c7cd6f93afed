"""Rounds that were skipped, and reviews that were left out, because a rule failed: said in words, and as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from commsim.community.projects import SkippedRound
from commsim.i18n import Text, _
from commsim.record import RunResult

MARK = "†"
"""Stands beside a rule that failed in some rounds or reviews: its figures are not what the rule would have done."""


_ROUNDS = _(
    "{n} rounds were skipped because the rule failed (on_rule_failure: skip_round); by rule: {counts}. The first: "
    "{fund}/{unit}/{period}, month {date}: {error}. Nothing was awarded in these rounds, so the figures are not "
    "what the rule would have done"
)
_REVIEWS = _(
    "{n} reviews were left out because the rule failed (on_rule_failure: skip_round); by rule: {counts}. The first: "
    "{fund}/{unit}/{period}, month {date}: {error}. What these rounds had awarded stands, and nothing of it was "
    "reclaimed, so the figures are not what the rule would have done"
)


def skipped_text(results: Sequence[RunResult]) -> Text | None:
    """How often rules failed and were passed over, by rule, and the first error; None where none did.

    A round that was skipped and a review that was left out, after which awards stand, are told apart.
    """
    each = [(skipped, run) for run in results for skipped in run.skipped]
    told = [
        _told(sentence, passed_over)
        for sentence, review in ((_ROUNDS, False), (_REVIEWS, True))
        if (passed_over := [(skipped, run) for skipped, run in each if skipped.is_review is review])
    ]
    if len(told) > 1:
        return _("{first}. {second}").format(first=told[0], second=told[1])
    return told[0] if told else None


def _told(sentence: Text, passed_over: Sequence[tuple[SkippedRound, RunResult]]) -> Text:
    counts = Counter(skipped.rule for skipped, _run in passed_over)
    first, run = passed_over[0]
    return sentence.format(
        n=len(passed_over),
        counts=", ".join(f"{rule} {count}" for rule, count in counts.items()),
        fund=first.fund,
        unit=first.unit,
        period=first.period,
        date=run.dates[first.month],
        error=first.error,
    )


def skipped_table(results: Sequence[RunResult]) -> pd.DataFrame:
    """One row per skipped round or review: rule and replicate of the run, fund, unit, period, month, failed_rule, step
    (what the rule was asked), proposals, error (English)."""
    rows = [
        (
            run.rule, run.replicate, skipped.fund, skipped.unit, skipped.period, skipped.month, skipped.rule,
            skipped.step, skipped.proposals, skipped.error.to("en"),
        )
        for run in results
        for skipped in run.skipped
    ]  # fmt: skip
    columns = "rule replicate fund unit period month failed_rule step proposals error".split()
    numbers = ("replicate", "period", "month", "proposals")
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(numbers, np.int32))
