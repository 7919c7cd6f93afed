"""The three counterfactuals of a comparison: no fund, the same money spent by staff, and the call without money.

What a rule changes against having no fund is partly the call (residents are asked, with no yuan), partly the money
(staff spend it on services), and the rest is the mechanism. Being asked how to vote is itself a part of the call, so
the call is played once for each form of ballot that the compared rules announce.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from commsim.authoring.announced_ballot import NO_BALLOT, ballot_form
from commsim.i18n import Bilingual
from commsim.study.arms import Arm, make_arm

if TYPE_CHECKING:
    from commsim.plugin_host.catalogue import Catalogue
    from commsim.scenario import Scenario

NO_FUND = "basic.none"
SAME_MONEY = "basic.same_money_services"
CALL_ONLY = "basic.call_only"
COUNTERFACTUALS = (NO_FUND, SAME_MONEY, CALL_ONLY)
BALLOTS: dict[str, tuple[str, str]] = {
    "none": ("no ballot", "不投票"),
    "approval": ("approval ballot", "赞成票"),
    "cumulative": ("ballot with points", "分配点数"),
    "ranking": ("ranking ballot", "排序投票"),
    "knapsack": ("knapsack ballot", "预算内选项投票"),
    "split": ("ballot that splits the budget", "分配预算投票"),
    "vouchers": ("as for vouchers", "对应点选券"),
}
"""What the forms of ballot are called in the titles of the calls without money, in both languages."""


def is_counterfactual(arm: Arm) -> bool:
    """Whether an arm is one of the three, of whose effect no part is told."""
    return arm.rule_id in COUNTERFACTUALS


def with_ballots(arms: Iterable[Arm], catalogue: Catalogue) -> tuple[Arm, ...]:
    """The arms, each knowing the ballot that its rule announces (`Arm.ballot`); calls are named after theirs."""
    return tuple(
        _named(arm) if is_counterfactual(arm) else replace(arm, ballot=_ballot(arm, catalogue)) for arm in arms
    )


def _named(arm: Arm) -> Arm:
    form = dict(arm.parameters).get("ballot")
    if arm.rule_id != CALL_ONLY or form not in BALLOTS:
        return arm
    en, zh = BALLOTS[form]
    title = Bilingual(en=f"{arm.title.to('en')}, {en}", zh=f"{arm.title.to('zh')}，{zh}")
    return replace(arm, title=title)


def _ballot(arm: Arm, catalogue: Catalogue) -> str:
    try:
        # A rule that remembers must not remember the made rounds in which it is tried.
        return ballot_form(copy.deepcopy(arm.make(catalogue)))
    except (Exception, SystemExit):  # whatever it does wrong is told where it is run
        return NO_BALLOT


def with_counterfactuals(arms: Sequence[Arm], scenario: Scenario, catalogue: Catalogue) -> tuple[Arm, ...]:
    """The arms with those counterfactuals that are missing; all of them right after the baseline, each once.

    Counterfactuals that the catalogue does not have are left out: what needs them is then undefined, with a reason.
    """
    forms = dict.fromkeys(arm.ballot for arm in arms if not is_counterfactual(arm))
    wanted = [NO_FUND, SAME_MONEY, *(f"{CALL_ONLY}:ballot={form}" for form in forms)]
    made = [_named(make_arm(rule, scenario, catalogue)) for rule in wanted if rule.partition(":")[0] in catalogue]
    baseline, *others = arms
    named = [arm for arm in others if is_counterfactual(arm)]
    first = {arm.label: arm for arm in (*made, *named) if arm.label != baseline.label}
    return (baseline, *first.values(), *(arm for arm in others if arm.label not in first))


def the_call_of(arm: Arm, arms: Iterable[Arm]) -> Arm | None:
    """Of some arms the call without money that asks for the ballot which the rule of `arm` announces."""
    return next(
        (other for other in _plain(arms, CALL_ONLY) if dict(other.parameters).get("ballot") == arm.ballot), None
    )


def the_arm(rule_id: str, arms: Iterable[Arm]) -> Arm | None:
    """The arm of a counterfactual without parameters; None where it is not played."""
    return next(iter(_plain(arms, rule_id)), None)


def _plain(arms: Iterable[Arm], rule_id: str) -> list[Arm]:
    """Arms of a rule over which no modifier is laid."""
    return [arm for arm in arms if arm.rule_id == rule_id and not arm.modifiers]
