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

if TYPE_CHECKING:
    from commsim.plugin_host.catalogue import Catalogue
    from commsim.scenario import Scenario
    from commsim.study.design import Arm

NO_FUND = "basic.none"
SAME_MONEY = "basic.same_money_services"
CALL_ONLY = "basic.call_only"
COUNTERFACTUALS = (NO_FUND, SAME_MONEY, CALL_ONLY)


def is_counterfactual(arm: Arm) -> bool:
    """Whether an arm is one of the three, of whose effect no part is told."""
    return arm.rule_id in COUNTERFACTUALS


def with_ballots(arms: Iterable[Arm], catalogue: Catalogue) -> tuple[Arm, ...]:
    """The arms, each knowing the form of ballot that its rule announces (`Arm.ballot`)."""
    return tuple(arm if is_counterfactual(arm) else replace(arm, ballot=_ballot(arm, catalogue)) for arm in arms)


def _ballot(arm: Arm, catalogue: Catalogue) -> str:
    try:
        # A rule that remembers must not remember the made rounds in which it is tried.
        return ballot_form(copy.deepcopy(arm.make(catalogue)))
    except (Exception, SystemExit):  # whatever it does wrong is told where it is run
        return NO_BALLOT


def with_counterfactuals(arms: Sequence[Arm], scenario: Scenario, catalogue: Catalogue) -> tuple[Arm, ...]:
    """The arms with those counterfactuals that are missing, right after the baseline; each stands once.

    Counterfactuals that the catalogue does not have are left out: what needs them is then undefined, with a reason.
    """
    from commsim.study.design import make_arm

    forms = dict.fromkeys(arm.ballot for arm in arms if not is_counterfactual(arm))
    wanted = [NO_FUND, SAME_MONEY, *(f"{CALL_ONLY}:ballot={form}" for form in forms)]
    made = [make_arm(rule, scenario, catalogue) for rule in wanted if rule.partition(":")[0] in catalogue]
    there = {arm.label for arm in arms}
    return (arms[0], *(arm for arm in made if arm.label not in there), *arms[1:])


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
