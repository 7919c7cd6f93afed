"""Who gains in a comparison: participation and public money by committee and by subdistrict."""

from __future__ import annotations

import numpy as np
import pandas as pd

from commsim.record.formulas import committee_money, committee_shares
from commsim.study.compared_runs import Pair

_PERCENT = 100


def gains(rule: str, pairs: list[Pair]) -> pd.DataFrame:
    """Rows of `Comparison.by_committee` for one rule with at least one pair of runs."""
    first = pairs[0][0]
    share, base_share, money, base_money, people, adults = (
        np.mean([take(run, baseline) for run, baseline in pairs], axis=0)
        for take in (
            lambda run, _baseline: committee_shares(run),
            lambda _run, baseline: committee_shares(baseline),
            lambda run, _baseline: committee_money(run),
            lambda _run, baseline: committee_money(baseline),
            lambda run, _baseline: run.columns["residents"][-1],
            lambda run, _baseline: run.columns["adults"][-1],
        )
    )
    return pd.DataFrame(
        {
            "rule": rule,
            "committee": list(first.committee_ids),
            "subdistrict": [first.subdistrict_ids[parent] for parent in first.subdistrict_of_committee],
            "population": people,
            "adults": adults,
            "participation": share,
            "participation_difference": (share - base_share) * _PERCENT,
            "money_per_resident": money,
            "money_difference": money - base_money,
        }
    )


def by_subdistrict(committees: pd.DataFrame) -> pd.DataFrame:
    """Such rows by subdistrict: shares weighted by adults, money by residents."""
    weights = {
        "participation": "adults",
        "participation_difference": "adults",
        "money_per_resident": "population",
        "money_difference": "population",
    }
    weighted = committees.assign(**{name: committees[name] * committees[by] for name, by in weights.items()})
    sums = weighted.drop(columns="committee").groupby(["rule", "subdistrict"], sort=False).sum().reset_index()
    return sums.assign(**{name: sums[name] / sums[by].where(sums[by] > 0) for name, by in weights.items()})
