"""What arms change against a baseline arm on the same people with the same luck, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commsim.study.paired import paired_difference

if TYPE_CHECKING:
    import pandas

MEASURES = ("acted", "amount")


def differences(summary: pandas.DataFrame, baseline: str) -> pandas.DataFrame:
    """Paired differences from `baseline` by arm, round and measure, with 95% t-intervals over replicates.

    `summary`: one row per arm, replicate and round, as `Experiment.summary` gives it. Columns: arm, round, measure
    ("acted", a share; "amount", the mean of all), baseline (its mean), value (the arm's), difference, low, high (NaN
    for one replicate), ratio (value ÷ baseline, NaN where that is 0).
    """
    import pandas

    rows = []
    arms = [name for name in summary["arm"].unique() if name != baseline]
    for measure in MEASURES:
        table = summary.pivot(index=["round", "replicate"], columns="arm", values=measure)
        for number, by_replicate in table.groupby(level="round"):
            for arm in arms:
                pairs = by_replicate[[arm, baseline]].dropna()
                found = paired_difference(pairs[arm], pairs[baseline])
                usual = float(pairs[baseline].mean())
                rows.append(
                    {
                        "arm": arm,
                        "round": number,
                        "measure": measure,
                        "baseline": usual,
                        "value": usual + found.value,
                        "difference": found.value,
                        "low": found.low,
                        "high": found.high,
                        "ratio": (usual + found.value) / usual if usual else float("nan"),
                    }
                )
    return pandas.DataFrame(rows)
