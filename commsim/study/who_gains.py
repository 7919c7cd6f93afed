"""Who gains in a comparison: by committee and subdistrict, and by what residents are (age, tenure, need, …)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from commsim.errors import InvalidInput
from commsim.i18n import Short, _
from commsim.record import RunResult
from commsim.record.formulas import committee_money, committee_shares
from commsim.record.people_record import KINDS
from commsim.study.compared_runs import ComparedRuns, Pair
from commsim.study.paired import mean_interval

KIND_COLUMNS = ("rule by group adults baseline_share net_drawn_in low high points points_low points_high n").split()
PLACE_COLUMNS = (
    "rule committee subdistrict population adults participation participation_difference money_per_resident "
    "money_difference"
).split()
_PERCENT = 100
_ANSWERS = 4
"""Whether somebody gave in the baseline, and with the rule."""


def gains_by_place(comparison: ComparedRuns, level: Literal["committee", "subdistrict"]) -> pd.DataFrame:
    """Rows of `Comparison.by_committee`."""
    pairs = {arm.label: comparison.pairs(arm.label) for arm in comparison.arms[1:]}
    frames = [gains(label, of_arm) for label, of_arm in pairs.items() if of_arm]
    if not frames:
        return pd.DataFrame(columns=PLACE_COLUMNS)
    whole = pd.concat(frames, ignore_index=True)
    return whole if level == "committee" else by_subdistrict(whole)


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


def gains_by_kind(comparison: ComparedRuns, by: str) -> pd.DataFrame:
    """Rows of `Comparison.who_gains`. Raises InvalidInput for a dimension that residents are not told apart by."""
    if by not in KINDS:
        raise InvalidInput(
            _("residents are told apart by {known}; {came!r} came").format(known=", ".join(KINDS), came=Short(by))
        )
    rows = [row for arm in comparison.arms[1:] for row in _kind_rows(arm.label, by, comparison.pairs(arm.label))]
    return pd.DataFrame(rows, columns=KIND_COLUMNS)


def _kind_rows(rule: str, by: str, pairs: list[Pair]) -> Iterator[dict[str, Any]]:
    known = [counts for run, baseline in pairs if (counts := _counts(run, baseline, by)) is not None]
    for code, name in enumerate(KINDS[by] if known else ()):
        adults, before, after = np.array([counts[:, code] for counts in known], dtype=np.float64).T
        peopled = adults > 0
        net = (after - before)[peopled]
        people, points = mean_interval(net), mean_interval(_PERCENT * net / adults[peopled])
        yield {
            "rule": rule,
            "by": by,
            "group": name,
            "adults": float(adults.mean()),
            "baseline_share": float(before.sum() / adults.sum()) if peopled.any() else np.nan,
            "net_drawn_in": people.value,
            "low": people.low,
            "high": people.high,
            "points": points.value,
            "points_low": points.low,
            "points_high": points.high,
            "n": people.n,
        }


def _counts(run: RunResult, baseline: RunResult, by: str) -> NDArray[np.intp] | None:
    """Adults, and those who gave or started something in the last year without and with the rule: (3, groups)."""
    here, there = run.people, baseline.people
    if here is None or there is None or by not in there.kinds or not there.months or here.months != there.months:
        return None
    # One pass over a district's residents: group and both answers as one number.
    adult = there.is_adult
    key = there.kinds[by][adult].astype(np.intp) * _ANSWERS
    key += 2 * there.gave_in(-1)[adult] + here.gave_in(-1)[adult]
    groups = np.bincount(key, minlength=_ANSWERS * len(KINDS[by])).reshape(-1, _ANSWERS)
    return np.stack([groups.sum(axis=1), groups[:, 2] + groups[:, 3], groups[:, 1] + groups[:, 3]])
