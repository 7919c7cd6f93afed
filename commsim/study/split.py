"""What of a rule's effect is the call, what the money, and what the mechanism: replicate by replicate, with intervals.

On the same residents and luck, of any indicator:

- call = the call without money (with the ballot that the rule announces) − no fund;
- money = (the same money on services − no fund) × public cash of the rule ÷ public cash of the services;
- mechanism = the rule − no fund − call − money.

Only replicates in which all four runs have the figure count, so the three parts add up to the effect.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from commsim.i18n import Text, _, current_language
from commsim.record import Indicator, RunResult, standard_indicators
from commsim.record.formulas import public_cash
from commsim.study.arms import Arm
from commsim.study.compared_runs import ComparedRuns
from commsim.study.counterfactuals import CALL_ONLY, NO_FUND, SAME_MONEY, is_counterfactual, the_arm, the_call_of
from commsim.study.paired import Estimate, mean_interval, ratio_of_sums
from commsim.study.reasons import TOO_FEW
from commsim.study.run_values import NAN, value_of

PARTS = ("call", "money", "mechanism")
HEADLINE = "net_drawn_in"
COLUMNS = "rule indicator part difference low high n unit defined_reason".split()
SHARE_COLUMNS = "rule share low high n defined_reason".split()

NOT_PLAYED = _("{rule} was not run, so the effect cannot be split")
_NO_REPLICATE = _("no replicate has the rule's run and those of all counterfactuals")
_SERVICES_PAID_NOTHING = _("{rule} paid nothing, so what the money alone does cannot be scaled to what this rule paid")
NOTHING_APPROPRIATED = _("no money was appropriated to the fund, so there is no effect to split: every part is 0")
_NO_EFFECT = _("the effect cannot be told from zero, so no share of it is the call")


@dataclass(frozen=True)
class Four:
    """A rule's run beside its counterfactuals' of the same replicate."""

    rule: RunResult
    none: RunResult
    services: RunResult
    call: RunResult

    def parts(self, indicator: Indicator) -> tuple[float, float, float]:
        """Call, money and mechanism of this replicate; NaN where undefined."""
        none = value_of(indicator, self.none, self.none)
        whole, call, services = (
            value_of(indicator, run, self.none) - none for run in (self.rule, self.call, self.services)
        )
        scale = self.scale
        money = 0.0 if scale == 0 else services * scale
        return call, money, whole - call - money

    @property
    def scale(self) -> float:
        """Public cash of the rule ÷ that of the same money on services; 0 where the rule paid none, NaN unknown."""
        paid, by_staff = public_cash(self.rule), public_cash(self.services)
        if paid == 0:
            return 0.0
        return paid / by_staff if by_staff > 0 else NAN

    @property
    def without_money(self) -> bool:
        """Whether nothing at all was appropriated to the fund of the rule's run."""
        return not self.rule.columns["appropriated_fen"].any()


def split_indicators() -> list[Indicator]:
    """Those that are split: every figure of one run, and net drawn in, whose parts add up too."""
    return [indicator for indicator in standard_indicators() if not indicator.paired or indicator.id == HEADLINE]


def split_frame(comparison: ComparedRuns, indicator: str | None = None) -> pd.DataFrame:
    """Rows of `Comparison.split`. Raises InvalidInput for an unknown indicator."""
    asked = None if indicator is None else standard_indicators()[indicator].id
    chosen = [known for known in split_indicators() if asked in (None, known.id)]
    rows = [row for arm in split_arms(comparison) for row in _rows(arm, comparison, chosen)]
    return pd.DataFrame(rows, columns=COLUMNS)


def split_arms(comparison: ComparedRuns) -> list[Arm]:
    """The arms whose effect is split: all but the counterfactuals."""
    return [arm for arm in comparison.arms if not is_counterfactual(arm)]


def call_shares(comparison: ComparedRuns) -> pd.DataFrame:
    """Rows of `Comparison.call_shares`: which share of each rule's net drawn in is the call's."""
    rows = [{"rule": arm.label} | _share_row(arm, comparison) for arm in split_arms(comparison)]
    return pd.DataFrame(rows, columns=SHARE_COLUMNS)


def _rows(arm: Arm, comparison: ComparedRuns, indicators: list[Indicator]) -> Iterator[dict[str, Any]]:
    fours, missing = fours_of(arm, comparison)
    for indicator in indicators:
        found = _parts_by_replicate(fours, indicator)
        for place, part in enumerate(PARTS):
            estimate = mean_interval(found[:, place])
            yield {
                "rule": arm.label,
                "indicator": indicator.id,
                "part": part,
                "difference": estimate.value,
                "low": estimate.low,
                "high": estimate.high,
                "n": estimate.n,
                "unit": indicator.unit,
                "defined_reason": (missing or _reason(fours, indicator, estimate.n)).to(current_language()),
            }


def fours_of(arm: Arm, comparison: ComparedRuns) -> tuple[list[Four], Text | None]:
    """A rule's runs with their counterfactuals, by replicate, and why there are none."""
    arms: Mapping[str, Arm | None] = {
        NO_FUND: the_arm(NO_FUND, comparison.arms),
        SAME_MONEY: the_arm(SAME_MONEY, comparison.arms),
        f"{CALL_ONLY}:ballot={arm.ballot}": the_call_of(arm, comparison.arms),
    }
    played = [_by_replicate(other, comparison) for other in arms.values() if other is not None]
    if len(played) < len(arms):
        return [], NOT_PLAYED.format(rule=next(name for name, other in arms.items() if other is None))
    none, services, call = played
    common = [run for run in comparison.runs(arm.label) if all(run.replicate in runs for runs in played)]
    fours = [Four(run, none[run.replicate], services[run.replicate], call[run.replicate]) for run in common]
    return fours, None if fours else _NO_REPLICATE


def _by_replicate(arm: Arm, comparison: ComparedRuns) -> dict[int, RunResult]:
    return {run.replicate: run for run in comparison.runs(arm.label)}


def _parts_by_replicate(fours: list[Four], indicator: Indicator) -> NDArray[np.float64]:
    """Parts of shape (replicates that have all, 3)."""
    parts = np.array([four.parts(indicator) for four in fours], dtype=np.float64).reshape(-1, len(PARTS))
    return parts[~np.isnan(parts).any(axis=1)]


def _reason(fours: list[Four], indicator: Indicator, n: int) -> Text:
    if n == 0 and all(np.isnan(four.scale) for four in fours):
        return _SERVICES_PAID_NOTHING.format(rule=SAME_MONEY)
    if n == 0:
        return indicator.undefined
    if all(four.without_money for four in fours):
        return NOTHING_APPROPRIATED
    return TOO_FEW if n == 1 else Text("")


def _share_row(arm: Arm, comparison: ComparedRuns) -> dict[str, Any]:
    fours, missing = fours_of(arm, comparison)
    indicator = standard_indicators()[HEADLINE]
    parts = _parts_by_replicate(fours, indicator)
    share = ratio_of_sums(parts[:, 0], parts.sum(axis=1))
    told = _reason(fours, indicator, len(parts))
    reason = missing or (told if told.to("en") else _share_reason(share))
    known = share.bounded
    return {
        "share": share.value if known else NAN,
        "low": share.low,
        "high": share.high,
        "n": len(parts),
        "defined_reason": reason.to(current_language()),
    }


def _share_reason(share: Estimate) -> Text:
    if share.bounded:
        return Text("")
    return TOO_FEW if share.n == 1 else _NO_EFFECT
