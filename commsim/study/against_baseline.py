"""The table of a comparison, rules against the baseline: difference, interval, p values, and why one is missing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from commsim.i18n import Text, _
from commsim.record import Indicator, RunResult, standard_indicators
from commsim.study.compared_runs import ComparedRuns, Pair
from commsim.study.paired import Estimate, mean_interval, paired_difference, ratio_of_sums, says_little
from commsim.study.reasons import TOO_FEW, UNBOUNDED
from commsim.study.run_values import NAN, value_of
from commsim.study.significance import LEVEL, holm, mean_p

COLUMNS = (
    "rule indicator mean baseline_mean difference low high n same_sign p p_holm distinguishable says_little unit "
    "defined_reason"
).split()
_UNDEFINED_FOR_BASELINE = _("no difference can be taken, as the baseline has no such figure: {reason}")
_NO_PAIRS = _("no replicate has both the rule's run and the baseline's")
Tests = dict[tuple[str, str], tuple[float, float]]


def table_rows(comparison: ComparedRuns) -> list[dict[str, Any]]:
    """Rows of `Comparison.table`, with `defined_reason` as a text in both languages."""
    tests: Tests = {}
    for indicator in standard_indicators():
        tests |= (
            _tests_of_ratios(indicator, comparison) if indicator.quotient else _tests_of_levels(indicator, comparison)
        )
    return [
        {"rule": arm.label, "indicator": indicator.id} | _row(indicator, arm.label, comparison, tests)
        for arm in comparison.arms[1:]
        for indicator in standard_indicators()
    ]


def _tests_of_levels(indicator: Indicator, comparison: ComparedRuns) -> Tests:
    """p of each rule against the baseline, as the table rule × rule has it: one family, one correction."""
    found = comparison.tested_pairs(indicator.id)
    labels = [arm.label for arm in comparison.arms]
    return {
        (labels[found.second[place]], indicator.id): (float(found.p[place]), float(found.p_holm[place]))
        for place in np.flatnonzero(found.first == 0)
    }


def _tests_of_ratios(indicator: Indicator, comparison: ComparedRuns) -> Tests:
    """p of each rule's ratio against zero, corrected over the rules.

    A ratio with an interval differs from zero exactly where its numerator does: Fieller's interval leaves zero out
    where the t-test of the numerators rejects it.
    """
    labels = [arm.label for arm in comparison.arms[1:]]
    p = [_ratio_p(indicator, comparison.pairs(label)) for label in labels]
    return {
        (label, indicator.id): (raw, float(adjusted)) for label, raw, adjusted in zip(labels, p, holm(p), strict=True)
    }


def _ratio_p(indicator: Indicator, pairs: list[Pair]) -> float:
    tops, _bottoms = _parts(indicator, pairs)
    return mean_p(tops) if _ratio(indicator, pairs).bounded else NAN


def _row(indicator: Indicator, label: str, comparison: ComparedRuns, tests: Tests) -> dict[str, Any]:
    pairs = comparison.pairs(label)
    estimate, means = _ratio(indicator, pairs), (NAN, NAN)
    if not indicator.quotient:
        estimate, means = _level(indicator, comparison.runs(label), pairs, comparison)
    p, p_holm = tests[label, indicator.id]
    apart = p_holm < LEVEL
    return {
        "mean": means[0],
        "baseline_mean": means[1],
        "difference": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "n": estimate.n,
        "same_sign": estimate.same_sign,
        "p": p,
        "p_holm": p_holm,
        "distinguishable": apart,
        "says_little": says_little(
            estimate.value, estimate.low, estimate.high, estimate.n, ratio=indicator.quotient, apart=apart
        ),
        "unit": indicator.unit,
        "defined_reason": _reason(indicator, estimate, means, pairs),
    }


def _parts(indicator: Indicator, pairs: list[Pair]) -> tuple[list[float], list[float]]:
    found = [indicator.parts(run, baseline) for run, baseline in pairs] if indicator.parts is not None else []
    return [top for top, _bottom in found], [bottom for _top, bottom in found]


def _ratio(indicator: Indicator, pairs: list[Pair]) -> Estimate:
    """A ratio as it may be told: without bounds over several replicates it may be any number, so none is given."""
    ratio = ratio_of_sums(*_parts(indicator, pairs))
    return ratio if ratio.bounded or ratio.n < 2 else replace(ratio, value=NAN, same_sign=NAN)


def _level(
    indicator: Indicator, runs: list[RunResult], pairs: list[Pair], comparison: ComparedRuns
) -> tuple[Estimate, tuple[float, float]]:
    both = [(value_of(indicator, run, base), value_of(indicator, base, base)) for run, base in pairs]
    defined = [(value, base) for value, base in both if not np.isnan(value) and not np.isnan(base)]
    if defined:
        values, bases = zip(*defined, strict=True)
        return paired_difference(values, bases), (float(np.mean(values)), float(np.mean(bases)))
    # Without one whole pair, what is known of either side is still told.
    baselines = comparison.runs(comparison.baseline)
    return mean_interval([]), (_mean_of(indicator, runs), _mean_of(indicator, baselines))


def _mean_of(indicator: Indicator, runs: list[RunResult]) -> float:
    known = [value for value in (value_of(indicator, run) for run in runs) if not np.isnan(value)]
    return float(np.mean(known)) if known else NAN


def _reason(indicator: Indicator, estimate: Estimate, means: tuple[float, float], pairs: list[Pair]) -> Text:
    if not pairs:
        return _NO_PAIRS
    if np.isnan(estimate.value) and np.isnan(means[1]) and not np.isnan(means[0]):
        return _UNDEFINED_FOR_BASELINE.format(reason=indicator.undefined)
    if np.isnan(estimate.value):
        return UNBOUNDED if indicator.quotient and _divisible(indicator, pairs) else indicator.undefined
    return TOO_FEW if estimate.n == 1 else Text("")


def _divisible(indicator: Indicator, pairs: list[Pair]) -> bool:
    """Whether a figure of pairs has a denominator above zero in sum, however unsure it is."""
    return sum(_parts(indicator, pairs)[1]) > 0
