"""The table of a comparison, rules against each other: every pair of arms in one indicator, as tidy rows."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from commsim.i18n import Text, _, current_language
from commsim.record import Indicator
from commsim.study.compared_runs import ComparedRuns
from commsim.study.pairwise import Pairwise, levels_pairwise, ratios_pairwise
from commsim.study.reasons import TOO_FEW, UNBOUNDED
from commsim.study.run_values import parts_by_replicate, values_by_replicate

_NO_COMMON = _("no replicate has this figure under both rules")


def arms_of(indicator: Indicator, comparison: ComparedRuns) -> list[str]:
    """Labels of the arms that have the figure: without the baseline where it exists only against that."""
    return [arm.label for arm in comparison.arms[1 if indicator.quotient else 0 :]]


def found_pairs(indicator: Indicator, comparison: ComparedRuns) -> Pairwise:
    """Every pair of `arms_of`, tested."""
    arms = arms_of(indicator, comparison)
    if indicator.quotient:
        return ratios_pairwise(*parts_by_replicate(indicator, comparison, arms))
    return levels_pairwise(values_by_replicate(indicator, comparison, arms))


def pairs_frame(indicator: Indicator, arms: list[str], found: Pairwise, alike: Collection[str] = ()) -> pd.DataFrame:
    """Rows of `Comparison.pairwise` for one indicator; two rules of `alike` are never told apart."""
    unranked = np.array([arm in alike for arm in arms], dtype=np.bool_)
    same = unranked[found.first] & unranked[found.second]
    return pd.DataFrame(
        {
            "indicator": indicator.id,
            "rule": [arms[place] for place in found.first],
            "other": [arms[place] for place in found.second],
            "difference": found.difference,
            "low": found.low,
            "high": found.high,
            "n": found.n,
            "p": found.p,
            "p_holm": found.p_holm,
            "distinguishable": found.distinguishable & ~same,
            "too_few": found.too_few,
            "unit": indicator.unit,
            "defined_reason": [reason.to(current_language()) for reason in _reasons(indicator, found)],
        }
    )


def _reasons(indicator: Indicator, found: Pairwise) -> list[Text]:
    facts = zip(found.difference, found.n, found.unbounded, strict=True)
    return [
        _reason(indicator, bool(np.isnan(difference)), int(n), bool(unbounded)) for difference, n, unbounded in facts
    ]


def _reason(indicator: Indicator, missing: bool, n: int, unbounded: bool) -> Text:
    if n == 0:
        return _NO_COMMON
    if unbounded:
        return UNBOUNDED
    if missing:
        return indicator.undefined
    return TOO_FEW if n == 1 else Text("")
