"""Plain divisions: equal, per head, by need."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from commsim.contracts import Award, RoundView, Rule, Terms, parameter
from commsim.i18n import Bilingual, Text, _
from commsim.money import in_yuan
from commsim.plugins.shared.dividing import InOrder, pay_in_order, whole_shares


def _respread() -> Any:
    return parameter(
        False,
        label=Bilingual(en="Share again", zh="余额再分"),
        doc=Bilingual(
            en="Share again among the other areas what exceeds an area's asks; otherwise it stays unspent.",
            zh="某区域申请额不足以用完的部分再分给其他区域；否则留存不用。",
        ),
        reference="Thomson 2003: what a capped claimant leaves is shared again (constrained equal awards)",
    )


@dataclass(frozen=True)
class RespreadParams:
    """Parameters of a rule that divides among areas."""

    respread: bool = _respread()


class AreaDivision(Rule, ABC):
    """Dividing among areas by a weight, then paying each area's proposals in the fund's order.

    Area i with asks a_i in all and weight w_i gets x_i = min(a_i, B w_i / Σw): what an area does not ask for stays
    unspent, as in a fiscal purse. With `respread` it is x_i = min(a_i, λ w_i), where λ is such that the money is given
    out or every ask is met. Inside an area, proposals are paid in the fund's order: in full while money lasts, the last
    in part where what is left can start it. Applicants are told what they may expect, since all of it is known when the
    round opens.
    """

    Params: ClassVar[type] = RespreadParams
    family = "basic"

    @abstractmethod
    def weights(self, view: RoundView) -> NDArray[np.float64]:
        """Weight of each area, shape (areas,)."""

    def open_round(self, view: RoundView) -> Terms:
        """Announce what each proposal may expect."""
        _pots, outcome = self._divide(view)
        return Terms(expected_award=outcome.paid)

    def settle(self, view: RoundView) -> Award:
        """Divide among areas, then pay in order inside each."""
        pots, outcome = self._divide(view)
        unspent_by_area = pots.copy()
        np.subtract.at(unspent_by_area, view.proposals.area, outcome.paid)
        unspent = view.budget - int(outcome.paid.sum())
        reasons = tuple(
            _area_reason(view, pots, unspent_by_area, outcome, position) for position in range(len(view.proposals))
        )
        return Award(paid=outcome.paid, reasons=reasons, diagnostics={"unspent_fen": float(unspent)})

    def _divide(self, view: RoundView) -> tuple[NDArray[np.int64], InOrder]:
        proposals, areas = view.proposals, view.areas
        asks = np.zeros(len(areas), dtype=np.int64)
        np.add.at(asks, proposals.area, proposals.ask)
        pots = whole_shares(view.budget, asks, self.weights(view), areas.id, respread=self.params.respread)
        return pots, pay_in_order(view.order, proposals.area, pots, proposals.ask, proposals.minimum_viable)


def _area_reason(
    view: RoundView, pots: NDArray[np.int64], unspent: NDArray[np.int64], outcome: InOrder, position: int
) -> Text:
    area = int(view.proposals.area[position])
    values = {
        "area": view.areas.id[area],
        "share": in_yuan(pots[area]),
        "paid": in_yuan(outcome.paid[position]),
        "ask": in_yuan(view.proposals.ask[position]),
        "left": in_yuan(outcome.left[position]),
        "minimum": in_yuan(view.proposals.minimum_viable[position]),
        "unspent": in_yuan(unspent[area]),
    }
    if outcome.paid[position] == view.proposals.ask[position]:
        return _("paid in full: {paid} yuan from the {share} yuan that fall to {area}").format(**values)
    if outcome.paid[position] > 0:
        return _(
            "paid in part: {paid} of {ask} yuan, all that was left of the {share} yuan that fall to {area}"
        ).format(**values)
    return _(
        "nothing: {left} of the {share} yuan that fall to {area} were left, less than the {minimum} yuan it takes to "
        "start; {unspent} yuan stay unspent there"
    ).format(**values)


class EqualSplit(AreaDivision):
    """The same amount to every area, none more than it asks for.

    Definition: x_i = min(a_i, B / n) for n areas; what an area leaves stays unspent. With `respread`
    x_i = min(a_i, λ), Σ x = min(B, Σ a), which is water-filling, the constrained equal awards rule. Properties:
    anonymous, order-preserving, progressive; ignores need and size. Source: common practice; with `respread` Thomson
    2003, 2019.

    >>> from commsim.rules import evaluate
    >>> evaluate("basic.equal_split", {"budget": 100, "asks": [10, 30, 40, 60]})
    [10.0, 25.0, 25.0, 25.0]
    >>> evaluate("basic.equal_split", {"budget": 100, "asks": [10, 30, 40, 60]}, {"respread": True})
    [10.0, 30.0, 30.0, 30.0]
    """

    id = "basic.equal_split"
    also_called = ("equal split", "equal division", "egalitarian", "uniform", "平均分配")
    title = Bilingual(en="Equal split", zh="平均分配")
    summary = Bilingual(
        en="Every area gets the same amount, at most what it asks for.", zh="各区域数额相同，以申请额为限。"
    )
    properties = frozenset({"anonymous", "order_preserving", "scales_with_money"})
    source = "common practice; with `respread` constrained equal awards (Thomson 2003, 2019)"

    def weights(self, view: RoundView) -> NDArray[np.float64]:
        """One for each area."""
        return np.ones(len(view.areas))


class PerCapita(AreaDivision):
    """The same amount for every resident.

    Definition: x_i = B n_i / Σ n for area i with n_i residents, at most its asks (with `respread` the excess is shared
    again). Properties: additive, indifferent to merging or splitting areas; ignores need. Source: common practice.

    >>> from commsim.rules import evaluate
    >>> evaluate("basic.per_capita", {"budget": 100, "population": [1000, 3000]})
    [25.0, 75.0]
    """

    id = "basic.per_capita"
    title = Bilingual(en="Per resident", zh="按人口分配")
    summary = Bilingual(en="Money follows the number of residents.", zh="经费按居民人数分配。")
    needs = frozenset({"population"})
    properties = frozenset({"anonymous", "merge_split_proof", "scales_with_money"})
    source = "common practice"

    def weights(self, view: RoundView) -> NDArray[np.float64]:
        """Residents of each area."""
        residents: NDArray[np.float64] = view.areas.population.astype(np.float64)
        return residents


@dataclass(frozen=True)
class NeedsWeightedParams:
    """Parameters of the division by need."""

    exponent: float = parameter(
        1.0,
        label=Bilingual(en="Weight of need", zh="需求权重"),
        doc=Bilingual(
            en="How strongly need counts: 0 is per resident, 1 in proportion to need.",
            zh="需求的权重：0 即按人口，1 即与需求成正比。",
        ),
        unit="exponent",
        ge=0.0,
        le=10.0,
        sweep=(0.0, 3.0),
        reference="English needs-based allocation (Index of Multiple Deprivation)",
    )
    respread: bool = _respread()


class NeedsWeighted(AreaDivision):
    """Money by residents and by how much they need.

    Definition: x_i = B n_i w_i^a / Σ n w^a, with w_i the mean surveyed need of area i and a the `exponent`; a = 0 is
    per resident. Properties: as per resident for any a; rewards reported need. Source: English practice of allocating
    by the Index of Multiple Deprivation.

    >>> from commsim.rules import evaluate
    >>> evaluate("basic.needs_weighted", {"budget": 100, "population": [1000, 1000], "need": [0.25, 0.75]})
    [25.0, 75.0]
    """

    id = "basic.needs_weighted"
    also_called = ("by need", "need based")
    title = Bilingual(en="By need", zh="按需求分配")
    summary = Bilingual(
        en="Money follows the number of residents times their surveyed need.",
        zh="经费按居民人数与调查所得需求的乘积分配。",
    )
    needs = frozenset({"population", "need"})
    properties = frozenset({"anonymous", "scales_with_money"})
    source = "English practice (Index of Multiple Deprivation)"
    Params = NeedsWeightedParams

    def weights(self, view: RoundView) -> NDArray[np.float64]:
        """Residents times need to the power of the exponent."""
        return need_weights(view.areas.population, view.areas.need, self.params.exponent)


def need_weights(population: Any, need: Any, exponent: float) -> NDArray[np.float64]:
    """n w^a by area, shape (areas,)."""
    weights: NDArray[np.float64] = (
        np.asarray(population, dtype=np.float64) * np.asarray(need, dtype=np.float64) ** exponent
    )
    return weights
