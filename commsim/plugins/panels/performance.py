"""Renewal by results: who delivered gets as much again, who did not gets less."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from commsim.contracts import Award, RoundView, Rule, Terms, parameter
from commsim.i18n import Bilingual, Text, _
from commsim.money import fen, in_yuan
from commsim.natural_order import natural_order
from commsim.plugins.divisions.claims_arithmetic import constrained_equal_awards, proportional, whole_awards
from commsim.plugins.shared.dividing import Floats, InOrder, Whole, pay_in_order


@dataclass(frozen=True)
class RenewalParams:
    """Parameters of renewal by results."""

    rho: float = parameter(
        1.0,
        label=Bilingual(en="Renewal share", zh="续拨比例"),
        doc=Bilingual(
            en="What who delivered gets, as a share of the last award.", zh="达标者续拨额占上次拨付额的比例。"
        ),
        unit="share of the last award",
        ge=0.0,
        le=5.0,
        sweep=(0.8, 1.5),
        reference="assumption",
    )
    kappa: float = parameter(
        0.6,
        label=Bilingual(en="Delivery line", zh="达标线"),
        doc=Bilingual(en="Result from which one counts as having delivered.", zh="达标线。"),
        unit="share of the last award that went into completed projects",
        ge=0.0,
        le=1.0,
        sweep=(0.3, 0.9),
        reference="assumption",
    )
    delta: float = parameter(
        0.3,
        label=Bilingual(en="Loss without delivery", zh="未达标削减"),
        doc=Bilingual(en="What who did not deliver loses, as a share of the last award.", zh="未达标者的削减比例。"),
        unit="share of the last award",
        ge=0.0,
        le=1.0,
        sweep=(0.0, 1.0),
        reference="assumption",
    )
    floor_yuan: float = parameter(
        0.0,
        label=Bilingual(en="Floor", zh="下限"),
        doc=Bilingual(en="Least that a renewed award comes to.", zh="续拨额下限。"),
        unit="yuan",
        ge=0.0,
        sweep=(0.0, 5000.0),
        reference="assumption",
    )


class Renewal(Rule):
    """Areas that delivered get as much again, others less, newcomers share the rest.

    Definition: with x the last award of an area and KPI the share of it that went into completed projects, the area is
    renewed at ρ x if KPI ≥ κ, else at x (1 − δ), at least the floor, at most its asks; where renewals exceed the budget
    they shrink in proportion. Areas without a last award share the rest equally, none above its asks. An area's money
    pays its proposals in the fund's order. Properties: rewards delivery; path-dependent (Matthew effect). Source: usual
    practice.

    >>> from commsim.rules import evaluate
    >>> evaluate("perf.renewal(rho=1.5, kappa=0.6, delta=0.5)",
    ...          {"budget": 200, "last": [100, 40, 0], "kpi": [0.9, 0.2, 0]})
    [150.0, 20.0, 30.0]
    """

    id = "perf.renewal"
    title = Bilingual(en="Renewal by results", zh="按绩效续拨")
    summary = Bilingual(
        en="Areas that delivered get as much again, others less; newcomers share the rest.",
        zh="绩效达标者续拨，未达标者削减，新申请者分享余款。",
    )
    family = "perf"
    needs = frozenset({"last_award", "performance"})
    properties = frozenset({"anonymous", "rewards_delivery"})
    source = "usual practice"
    Params = RenewalParams

    def open_round(self, view: RoundView) -> Terms:
        """Announce what each proposal may expect."""
        return Terms(expected_award=self._divide(view)[1].paid)

    def settle(self, view: RoundView) -> Award:
        """Renew areas, then pay in order inside each."""
        pots, outcome = self._divide(view)
        reasons = tuple(self._reason(view, pots, outcome, position) for position in range(len(view.proposals)))
        unspent = float(view.budget - int(outcome.paid.sum()))
        return Award(paid=outcome.paid, reasons=reasons, diagnostics={"unspent_fen": unspent})

    def amounts(self, budget: float, last: Floats, kpi: Floats, asks: Floats, floor: float) -> Floats:
        """Unrounded money by area, all in one unit, shape (areas,)."""
        held = last > 0
        delivered = held & (np.nan_to_num(kpi) >= self.params.kappa)
        renewed = np.where(delivered, self.params.rho * last, np.maximum(last * (1 - self.params.delta), 0.0))
        renewed = np.minimum(np.where(held, np.maximum(renewed, floor), 0.0), asks)
        renewed = proportional(budget, renewed)
        rest = budget - float(renewed.sum())
        newcomers = constrained_equal_awards(max(rest, 0.0), np.where(held, 0.0, np.minimum(asks, budget)))
        amounts: Floats = renewed + newcomers
        return amounts

    def _divide(self, view: RoundView) -> tuple[Whole, InOrder]:
        proposals, areas = view.proposals, view.areas
        asks = np.zeros(len(areas), dtype=np.int64)
        np.add.at(asks, proposals.area, proposals.ask)
        order = natural_order(areas.id)
        last, kpi = areas.last_award[order].astype(np.float64), areas.performance[order]
        amounts = np.zeros(len(areas))
        floor = float(fen(self.params.floor_yuan))
        amounts[order] = self.amounts(float(view.budget), last, kpi, asks[order].astype(np.float64), floor)
        pots = whole_awards(amounts, np.minimum(np.ceil(amounts).astype(np.int64), asks), int(amounts.sum()), areas.id)
        return pots, pay_in_order(view.order, proposals.area, pots, proposals.ask, proposals.minimum_viable)

    def _reason(self, view: RoundView, pots: Whole, outcome: InOrder, position: int) -> Text:
        area = int(view.proposals.area[position])
        last = int(view.areas.last_award[area])
        values = {
            "area": view.areas.id[area],
            "share": in_yuan(pots[area]),
            "last": in_yuan(last),
            "kpi": f"{float(np.nan_to_num(view.areas.performance[area])):.0%}",
            "kappa": f"{self.params.kappa:.0%}",
            "paid": in_yuan(outcome.paid[position]),
            "ask": in_yuan(view.proposals.ask[position]),
        }
        if last == 0:
            return _("{paid} of {ask} yuan, from the {share} yuan that fall to {area} as a newcomer").format(**values)
        return _(
            "{paid} of {ask} yuan, from the {share} yuan that fall to {area}, which had {last} yuan and brought {kpi} "
            "of it to completion ({kappa} is needed for full renewal)"
        ).format(**values)
