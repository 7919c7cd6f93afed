"""Whether money was scarce: where nearly all that is asked is awarded, rules that divide money cannot be told apart.

Whoever divides by heads, by need or by claims pays the same once everybody gets what he asked for. So where such rules
met more than `NEARLY_ALL` of the asks, what they differ by is chance: they are not ranked, and stand in the order of
their ids.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from commsim.i18n import Text, _
from commsim.study.arms import Arm
from commsim.study.compared_runs import ComparedRuns
from commsim.study.counterfactuals import is_counterfactual

NEARLY_ALL = 0.95
"""Share of what was asked beyond which rules that divide money are not ranked (shared/design/model.md, point 8)."""
DIVIDING_FAMILIES = ("basic", "claims", "formula")
"""Families whose rules divide a sum among asks by a formula, without anybody's vote."""
INDICATOR = "asks_met"


def divides(arm: Arm) -> bool:
    """Whether the rule of an arm divides money among asks by a formula."""
    return arm.family in DIVIDING_FAMILIES and not is_counterfactual(arm)


def asks_met(comparison: ComparedRuns) -> dict[str, float]:
    """By label the share of what was asked that was awarded, mean over replicates; arms that have none are left out."""
    shares = {arm.label: _known(comparison, arm) for arm in comparison.arms if not is_counterfactual(arm)}
    return {label: float(np.mean(known)) for label, known in shares.items() if known}


def alike(comparison: ComparedRuns) -> tuple[str, ...]:
    """Labels of the dividing rules that met nearly all asks, in the order of their ids."""
    met = asks_met(comparison)
    return tuple(sorted(arm.label for arm in comparison.arms if divides(arm) and met.get(arm.label, 0.0) > NEARLY_ALL))


def in_order_of_ids(arms: Iterable[Arm], labels: Iterable[str]) -> tuple[Arm, ...]:
    """The arms, those of some `labels` in the order of these labels on the places that they have between them."""
    given = list(arms)
    by_label = {arm.label: arm for arm in given}
    ordered = iter([by_label[label] for label in labels])
    chosen = set(labels)
    return tuple(next(ordered) if arm.label in chosen else arm for arm in given)


def in_shown_order(comparison: ComparedRuns) -> tuple[Arm, ...]:
    """The arms, baseline first; alike rules in the order of their ids, on the places that they have between them."""
    baseline, *others = comparison.arms
    return (baseline, *in_order_of_ids(others, [label for label in alike(comparison) if label != baseline.label]))


def told(comparison: ComparedRuns) -> Text | None:
    """One sentence where dividing rules cannot be told apart; None where money was scarce, or there are none."""
    labels, met = alike(comparison), asks_met(comparison)
    if not labels:
        return None
    return _(
        "Money was not scarce here: {rules} met more than {most}% of what was asked ({shares}). Rules that divide "
        "money cannot be told apart where nearly every ask is met, so these are not ranked and stand in the order of "
        "their ids"
    ).format(
        rules=", ".join(labels),
        most=round(100 * NEARLY_ALL),
        shares=", ".join(f"{100 * met[label]:.1f}%" for label in labels),
    )


def _known(comparison: ComparedRuns, arm: Arm) -> list[float]:
    values = [run.values[INDICATOR] for run in comparison.runs(arm.label)]
    return [value for value in values if value is not None]
