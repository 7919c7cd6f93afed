"""The counterfactual of the same money without the mechanism: staff spend it on services."""

from __future__ import annotations

import numpy as np

from commsim.contracts import Award, Calls, RoundView, Rule
from commsim.i18n import Bilingual, Text, _
from commsim.money import in_yuan
from commsim.plugins.shared.dividing import InOrder, pay_in_order


class SameMoneyServices(Rule):
    """The same yuan spent by staff on services: residents are not called, staff lay out a plan from known needs.

    Definition: the lines of the service plan are paid in the fund's order, in full while money lasts; the line at
    which it runs out is paid in part where that is enough to start it, otherwise passed over. Separates what the money
    does from what the mechanism does, since 'no fund' confounds the two.

    >>> from commsim.rules import evaluate
    >>> evaluate("basic.same_money_services", {"budget": 100, "asks": [60, 30, 40]})
    [60.0, 30.0, 10.0]
    """

    id = "basic.same_money_services"
    title = Bilingual(en="Same money on services", zh="同等经费由居委会直接用于服务")
    summary = Bilingual(
        en="Staff spend the same money on services for the needs they know; residents do not apply.",
        zh="同样数额的经费由工作人员按掌握的需求安排服务，居民不参与申报。",
    )
    family = "basic"
    calls = Calls.SERVICES
    properties = frozenset({"counterfactual"})
    source = "counterfactual of the same money without the mechanism; plan clause P-05"

    def settle(self, view: RoundView) -> Award:
        """Pay the service plan in the fund's order."""
        proposals = view.proposals
        everything = np.zeros(len(proposals), dtype=np.int64)
        outcome = pay_in_order(view.order, everything, np.array([view.budget]), proposals.ask, proposals.minimum_viable)
        unspent = view.budget - int(outcome.paid.sum())
        reasons = tuple(_service_reason(view, outcome, position, unspent) for position in range(len(proposals)))
        return Award(paid=outcome.paid, reasons=reasons, diagnostics={"unspent_fen": float(unspent)})


def _service_reason(view: RoundView, outcome: InOrder, position: int, unspent: int) -> Text:
    values = {
        "paid": in_yuan(outcome.paid[position]),
        "ask": in_yuan(view.proposals.ask[position]),
        "budget": in_yuan(view.budget),
        "left": in_yuan(outcome.left[position]),
        "minimum": in_yuan(view.proposals.minimum_viable[position]),
        "unspent": in_yuan(unspent),
    }
    if outcome.paid[position] == view.proposals.ask[position]:
        return _("paid in full: {paid} yuan of the staff's plan for {budget} yuan").format(**values)
    if outcome.paid[position] > 0:
        return _("paid in part: {paid} of {ask} yuan, all that was left of {budget} yuan").format(**values)
    return _(
        "nothing: {left} of {budget} yuan were left, less than the {minimum} yuan it takes to start; {unspent} yuan "
        "of the plan stay unspent"
    ).format(**values)
