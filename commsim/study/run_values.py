"""What runs say of an indicator: one run's figure, a run's beside its baseline's, and arrays of arms × replicates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from commsim.record import Indicator, RunResult
from commsim.study.compared_runs import ComparedRuns

NAN = float("nan")


def value_of(indicator: Indicator, run: RunResult, baseline: RunResult | None = None) -> float:
    """The run's figure, NaN where it is undefined; of a count against a `baseline`, with that (NaN without)."""
    if indicator.against is not None:
        value = None if baseline is None else indicator.against(run, baseline)
    else:
        value = run.values[indicator.id] if indicator.id in run.values else indicator.value(run)
    return NAN if value is None else value


def difference_of(indicator: Indicator, run: RunResult, baseline: RunResult) -> dict[str, float]:
    """A row of `Comparison.differences`: value, baseline_value, difference, numerator, denominator (NaN: undefined)."""
    value, base = value_of(indicator, run, baseline), value_of(indicator, baseline, baseline)
    numerator, denominator = indicator.parts(run, baseline) if indicator.parts else (NAN, NAN)
    difference = (numerator / denominator if denominator > 0 else NAN) if indicator.quotient else value - base
    return {
        "value": value,
        "baseline_value": base,
        "difference": difference,
        "numerator": numerator,
        "denominator": denominator,
    }


def values_by_replicate(indicator: Indicator, comparison: ComparedRuns, arms: Sequence[str]) -> np.ndarray:
    """Figures of shape (arms, replicates), NaN where a run failed or has none."""
    values = np.full((len(arms), comparison.replicates), NAN)
    baselines = {run.replicate: run for run in comparison.runs(comparison.baseline)}
    for place, label in enumerate(arms):
        for run in comparison.runs(label):
            values[place, run.replicate] = value_of(indicator, run, baselines.get(run.replicate))
    return values


def parts_by_replicate(indicator: Indicator, comparison: ComparedRuns, arms: Sequence[str]) -> np.ndarray:
    """Numerators and denominators against the baseline, shape (2, arms, replicates), NaN where a run failed."""
    assert indicator.parts is not None
    parts = np.full((2, len(arms), comparison.replicates), NAN)
    for place, label in enumerate(arms):
        for run, baseline in comparison.pairs(label):
            parts[:, place, run.replicate] = indicator.parts(run, baseline)
    return parts
