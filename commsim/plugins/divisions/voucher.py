"""Vouchers: every resident assigns an equal part of the budget."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from commsim.contracts import Award, RoundView, Rule, Terms, parameter
from commsim.contracts.dividing import divide_by_id
from commsim.i18n import Bilingual, Text, _
from commsim.money import in_yuan
from commsim.plugins.shared.dividing import Floats, Whole, shares, whole_shares


@dataclass(frozen=True)
class VoucherParams:
    """Parameters of vouchers."""

    unassigned: str = parameter(
        "lapses",
        label=Bilingual(en="Unassigned money", zh="未指定资金"),
        doc=Bilingual(
            en="Money that nobody assigned or that exceeds an ask: lapses (stays unspent) or spread (in proportion).",
            zh="无人指定或超出申请额的资金：lapses 不用，spread 按已指定金额比例分摊。",
        ),
        choices=("lapses", "spread"),
        reference="Seattle democracy vouchers: lapses",
    )


class DemocracyVouchers(Rule):
    """Every resident holds an equal part of the budget and assigns it.

    Definition: each of n residents holds V / n (whole fen); x_j = what was assigned to j, at most its ask. What nobody
    assigned, and what exceeds an ask, lapses or is spread in proportion to what was assigned. Properties: everyone
    decides on the same amount; what is spent depends on who takes part. Source: Seattle democracy vouchers.

    >>> from commsim.rules import evaluate
    >>> evaluate("voucher.democracy", {"budget": 100, "asks": [30, 80], "assigned": [40, 20]})
    [30.0, 20.0]
    >>> evaluate("voucher.democracy(unassigned=spread)", {"budget": 100, "asks": [30, 80], "assigned": [40, 20]})
    [30.0, 70.0]
    """

    id = "voucher.democracy"
    title = Bilingual(en="Democracy vouchers", zh="居民点选券")
    summary = Bilingual(en="Every resident assigns an equal part of the budget.", zh="每位居民指定等额资金的去向。")
    family = "voucher"
    needs = frozenset({"vouchers", "population"})
    properties = frozenset({"equal_say", "anonymous"})
    source = "Seattle democracy vouchers (Honest Elections Seattle, Initiative 122, 2015)"
    Params = VoucherParams

    def open_round(self, view: RoundView) -> Terms:
        """Announce what each resident may assign."""
        return Terms(vouchers=view.budget // max(int(view.areas.population.sum()), 1))

    def settle(self, view: RoundView) -> Award:
        """Pay what was assigned, up to the asks."""
        assigned = view.vouchers.totals(len(view.proposals))
        if int(assigned.sum()) > view.budget:
            assigned = divide_by_id(view.budget, assigned, view.proposals.id)
        paid = self._paid(view, assigned)
        holders = view.vouchers.rows
        reasons = tuple(_reason(view, assigned, paid, holders, position) for position in range(len(paid)))
        unspent = float(view.budget - int(paid.sum()))
        return Award(paid=paid, reasons=reasons, diagnostics={"unspent_fen": unspent, "assigned_by": float(holders)})

    def _paid(self, view: RoundView, assigned: Whole) -> Whole:
        ask = view.proposals.ask
        if self.params.unassigned == "lapses":
            return np.asarray(np.minimum(assigned, ask))
        return whole_shares(view.budget, ask, assigned.astype(np.float64), view.proposals.id, respread=True)

    def amounts(self, budget: float, asks: Floats, assigned: Floats) -> Floats:
        """Unrounded money by project, all in one unit, shape (n,)."""
        if self.params.unassigned == "lapses":
            return np.minimum(assigned, asks)
        return shares(budget, asks, assigned, respread=True)


def _reason(view: RoundView, assigned: Whole, paid: Whole, holders: int, position: int) -> Text:
    values = {
        "paid": in_yuan(paid[position]),
        "ask": in_yuan(view.proposals.ask[position]),
        "assigned": in_yuan(assigned[position]),
        "holders": holders,
    }
    if assigned[position] == 0:
        return _("nothing: none of the {holders} residents who used their vouchers assigned it money").format(**values)
    return _("{paid} of {ask} yuan: residents assigned it {assigned} yuan with their vouchers").format(**values)
