"""Trajectories of a comparison: what an indicator is month by month, with its band over replicates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from commsim.record import Indicator, RunResult
from commsim.study.paired import mean_interval


def trajectory(rule: str, indicator: Indicator, runs: list[RunResult]) -> pd.DataFrame:
    """Rows of `Comparison.trajectories` for one rule and an indicator that has a figure by month."""
    monthly: Callable[[RunResult], Any] | None = indicator.monthly
    assert monthly is not None
    by_month = np.stack([monthly(run) for run in runs])
    bands = [mean_interval(column[~np.isnan(column)]) for column in by_month.T]
    return pd.DataFrame(
        {
            "rule": rule,
            "indicator": indicator.id,
            "month": np.arange(by_month.shape[1], dtype=np.int32),
            "date": list(runs[0].dates),
            "mean": [band.value for band in bands],
            "low": [band.low for band in bands],
            "high": [band.high for band in bands],
        }
    )
