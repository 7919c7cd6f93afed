"""Divisible money over claims: every classical bankruptcy rule, over projects or over areas.

What a project asks for is its claim; an area claims what its projects ask for together. The arithmetic is in
`claims_arithmetic`; here are the rules as funds use them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from commsim.contracts import Award, RoundView, Rule, Terms, parameter
from commsim.i18n import Bilingual, Text, _
from commsim.money import in_yuan
from commsim.natural_order import natural_order
from commsim.plugins.divisions import claims_arithmetic as arithmetic
from commsim.plugins.shared.dividing import Whole, pay_in_order

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ClaimsParams:
    """Parameters of every rule that divides among claims."""

    claimants: str = parameter(
        "projects",
        label=Bilingual(en="Who claims", zh="申请主体"),
        doc=Bilingual(
            en="Who claims: projects (by their asks) or areas (by their projects' asks, paid in the fund's order).",
            zh="以谁为申请主体：projects 各项目按申请额，areas 各区域按其项目申请额之和（区域内按资金规定次序支付）。",
        ),
        choices=("projects", "areas"),
        reference="claims problems divide among persons; both readings are ours",
    )
    startable: bool = parameter(
        True,
        label=Bilingual(en="Only what can start", zh="只给可启动项目"),
        doc=Bilingual(
            en="Projects whose part would not start them step back and the money is divided among the others.",
            zh="所得不足以启动的项目退出，资金在其余项目间重新分配。",
        ),
        reference="assumption: a part of a project that cannot start helps nobody",
    )


class ClaimsRule(Rule, ABC):
    """Dividing the budget among claims by one of the classical rules.

    Claims c_i are the asks, the estate E is the budget; with Σ c ≤ E everyone is paid in full. Under `startable`
    projects whose part lies below their minimum step back, those farthest below first (half of them at a time, at
    least one), and the division is made again among the others. Applicants are told what they may expect, since all of
    it is known when the round opens.
    """

    Params: ClassVar[type] = ClaimsParams
    family = "claims"
    principle: ClassVar[Bilingual]
    """How the rule divides, as a part of a sentence."""

    @abstractmethod
    def awards(self, estate: float, claims: Floats, uniforms: Floats | None = None) -> Floats:
        """Unrounded awards by claimant, shape (n,), in the unit of the claims."""

    def open_round(self, view: RoundView) -> Terms:
        """Announce what each proposal may expect."""
        return Terms(expected_award=self._paid(view)[0])

    def settle(self, view: RoundView) -> Award:
        """Divide among the claims."""
        paid, stepped_back = self._paid(view)
        unspent = view.budget - int(paid.sum())
        reasons = tuple(self._reason(view, paid, stepped_back, position) for position in range(len(paid)))
        return Award(paid=paid, reasons=reasons, diagnostics={"unspent_fen": float(unspent)})

    def _paid(self, view: RoundView) -> tuple[Whole, NDArray[np.bool_]]:
        if self.params.claimants == "areas":
            return self._among_areas(view), np.zeros(len(view.proposals), dtype=bool)
        return self._among_projects(view)

    def _among_areas(self, view: RoundView) -> Whole:
        proposals, areas = view.proposals, view.areas
        claims = np.zeros(len(areas), dtype=np.int64)
        np.add.at(claims, proposals.area, proposals.ask)
        pots = self._whole(view, claims, areas.id)
        return pay_in_order(view.order, proposals.area, pots, proposals.ask, proposals.minimum_viable).paid

    def _among_projects(self, view: RoundView) -> tuple[Whole, NDArray[np.bool_]]:
        ask, minimum = view.proposals.ask, np.minimum(view.proposals.minimum_viable, view.proposals.ask)
        inside = np.ones(len(ask), dtype=bool)
        while True:
            paid = np.zeros(len(ask), dtype=np.int64)
            at = np.flatnonzero(inside)
            paid[at] = self._whole(view, ask[at], tuple(view.proposals.id[proposal] for proposal in at))
            short = np.flatnonzero(inside & (paid < minimum)) if self.params.startable else at[:0]
            if short.size == 0:
                return paid, ~inside
            # Farthest below its minimum first, ties by id from the end.
            by_id = natural_order([view.proposals.id[proposal] for proposal in short])[::-1]
            farthest = np.argsort(paid[short[by_id]] / minimum[short[by_id]], kind="stable")
            inside[short[by_id][farthest[: (short.size + 1) // 2]]] = False

    def _whole(self, view: RoundView, claims: Whole, ids: tuple[str, ...]) -> Whole:
        order = natural_order(ids)
        uniforms = None
        if self.id == RandomArrival.id and len(ids) > arithmetic.EXACT_CLAIMANTS:
            uniforms = view.draw("order of arrival", [ids[proposal] for proposal in order])
        unrounded = np.zeros(len(ids))
        unrounded[order] = self.awards(float(view.budget), claims[order].astype(np.float64), uniforms)
        return arithmetic.whole_awards(unrounded, claims, view.budget, ids)

    def _reason(self, view: RoundView, paid: Whole, stepped_back: NDArray[np.bool_], position: int) -> Text:
        values = {
            "paid": in_yuan(paid[position]),
            "ask": in_yuan(view.proposals.ask[position]),
            "claims": in_yuan(int(view.proposals.ask.sum())),
            "budget": in_yuan(view.budget),
            "minimum": in_yuan(view.proposals.minimum_viable[position]),
            "principle": self.principle,
        }
        if stepped_back[position]:
            return _(
                "nothing: its part would have been less than the {minimum} yuan it takes to start; {budget} yuan are "
                "divided among claims of {claims} yuan, {principle}"
            ).format(**values)
        if paid[position] == view.proposals.ask[position]:
            return _("{paid} yuan, all that was asked: {budget} yuan are divided among the claims, {principle}").format(
                **values
            )
        return _("{paid} of {ask} yuan: {budget} yuan are divided among claims of {claims} yuan, {principle}").format(
            **values
        )


class Proportional(ClaimsRule):
    """The same share of every claim.

    Definition: x_i = E c_i / Σ c. Properties: self-dual, consistent, composition up and down; nobody gains by merging
    or splitting claims, but whoever asks for more gets more. Source: Thomson 2003, 2019.

    >>> from commsim.rules import evaluate
    >>> evaluate("claims.proportional", {"estate": 12, "claims": [2, 4, 6, 12]})
    [1.0, 2.0, 3.0, 6.0]
    """

    id = "claims.proportional"
    title = Bilingual(en="Proportional to asks", zh="按申请额比例")
    summary = Bilingual(en="Every claim is paid the same share.", zh="各申请按同一比例支付。")
    principle = Bilingual(en="each in proportion to its claim", zh="各按申请额的比例")
    properties = frozenset(
        {
            "anonymous",
            "composition_down",
            "composition_up",
            "consistent",
            "merge_split_proof",
            "order_preserving",
            "scales_with_money",
            "self_dual",
        }
    )
    source = "Thomson 2003, 2019"

    def awards(self, estate: float, claims: Floats, uniforms: Floats | None = None) -> Floats:
        """See `claims_arithmetic.proportional`."""
        return arithmetic.proportional(estate, claims)


class ConstrainedEqualAwards(ClaimsRule):
    """The same to everyone, none above its claim.

    Definition: x_i = min(c_i, λ), Σ x = min(E, Σ c). Properties: consistent, composition up and down, indifferent to
    what is claimed beyond the estate; favours small claims. Source: Thomson 2003, 2019.

    >>> from commsim.rules import evaluate
    >>> evaluate("claims.cea", {"estate": 10, "claims": [1, 4, 7, 8]})
    [1.0, 3.0, 3.0, 3.0]
    """

    id = "claims.cea"
    also_called = ("constrained equal awards", "water filling")
    title = Bilingual(en="Equal awards", zh="均等所得")
    summary = Bilingual(en="Everyone gets the same, at most its claim.", zh="各得相同数额，以申请额为限。")
    principle = Bilingual(en="the same to everyone, none above its claim", zh="各得相同数额、不超过申请额")
    properties = frozenset(
        {
            "anonymous",
            "composition_down",
            "composition_up",
            "consistent",
            "order_preserving",
            "scales_with_money",
            "truncation_invariant",
        }
    )
    source = "Thomson 2003, 2019; Maimonides"

    def awards(self, estate: float, claims: Floats, uniforms: Floats | None = None) -> Floats:
        """See `claims_arithmetic.constrained_equal_awards`."""
        return arithmetic.constrained_equal_awards(estate, claims)


class ConstrainedEqualLosses(ClaimsRule):
    """The same loss to everyone, none below nothing.

    Definition: x_i = max(0, c_i − λ), Σ x = min(E, Σ c). Properties: the dual of equal awards; consistent, composition
    up and down; favours large claims. Source: Thomson 2003, 2019.

    >>> from commsim.rules import evaluate
    >>> evaluate("claims.cel", {"estate": 200, "claims": [100, 200, 300]})
    [0.0, 50.0, 150.0]
    """

    id = "claims.cel"
    also_called = ("constrained equal losses",)
    title = Bilingual(en="Equal losses", zh="均等损失")
    summary = Bilingual(en="Everyone misses the same, none gets less than nothing.", zh="各方缺额相同，最低为零。")
    principle = Bilingual(en="so that everyone misses the same", zh="使各方缺额相同")
    properties = frozenset(
        {"anonymous", "composition_down", "composition_up", "consistent", "order_preserving", "scales_with_money"}
    )
    source = "Thomson 2003, 2019"

    def awards(self, estate: float, claims: Floats, uniforms: Floats | None = None) -> Floats:
        """See `claims_arithmetic.constrained_equal_losses`."""
        return arithmetic.constrained_equal_losses(estate, claims)


class Talmud(ClaimsRule):
    """Equal awards up to half of every claim, equal losses beyond.

    Definition: CEA(E, c/2) where E ≤ Σ c / 2, else c/2 + CEL(E − Σ c / 2, c/2). Properties: self-dual, consistent, the
    nucleolus of the bankruptcy game; fails composition. Source: Aumann and Maschler 1985 (Kethubot 93a).

    >>> from commsim.rules import evaluate
    >>> evaluate("claims.talmud", {"estate": 300, "claims": [100, 200, 300]})
    [50.0, 100.0, 150.0]
    """

    id = "claims.talmud"
    also_called = ("contested garment", "aumann maschler")
    title = Bilingual(en="Talmud", zh="塔木德规则")
    summary = Bilingual(
        en="Equal awards up to half of every claim, equal losses beyond.", zh="未及半数按均等所得，超过半数按均等损失。"
    )
    principle = Bilingual(
        en="equal awards up to half the claims, equal losses beyond", zh="申请额半数以内均等所得、以外均等损失"
    )
    properties = frozenset(
        {"anonymous", "consistent", "order_preserving", "scales_with_money", "self_dual", "truncation_invariant"}
    )
    source = "Aumann and Maschler 1985"

    def awards(self, estate: float, claims: Floats, uniforms: Floats | None = None) -> Floats:
        """See `claims_arithmetic.talmud`."""
        return arithmetic.talmud(estate, claims)


class RandomArrival(ClaimsRule):
    """The mean over all orders of arrival of paying claims in full while money lasts.

    Definition: the Shapley value of the bankruptcy game, exactly up to 16 claimants; beyond it the mean over 4,096
    orders of arrival that the luck of the round fixes, so a sampled award misses by about a hundredth of its claim.
    Properties: self-dual, indifferent to what is claimed beyond the estate; not consistent. Source: O'Neill 1982.

    >>> from commsim.rules import evaluate
    >>> [round(share, 4) for share in evaluate("claims.random_arrival", {"estate": 200, "claims": [100, 200, 300]})]
    [33.3333, 83.3333, 83.3333]
    """

    id = "claims.random_arrival"
    also_called = ("shapley", "o neill")
    title = Bilingual(en="Random arrival", zh="随机到达")
    summary = Bilingual(
        en="The mean of first come, first served over all orders of arrival.", zh="对所有到达次序求先到先得的平均。"
    )
    principle = Bilingual(en="by the mean over all orders of arrival", zh="按所有到达次序的平均")
    properties = frozenset({"anonymous", "order_preserving", "scales_with_money", "self_dual", "truncation_invariant"})
    source = "O'Neill 1982"

    def awards(self, estate: float, claims: Floats, uniforms: Floats | None = None) -> Floats:
        """See `claims_arithmetic.random_arrival`."""
        return arithmetic.random_arrival(estate, claims, uniforms)


class MinimalOverlap(ClaimsRule):
    """Claims are laid on the estate so that as little as possible is claimed twice; each unit goes to who claims it.

    Definition: in `claims_arithmetic.minimal_overlap`. Properties: indifferent to what is claimed beyond the estate;
    for two claimants it concedes and divides, as the Talmud does; not self-dual. Source: O'Neill 1982; Thomson 2019.

    >>> from commsim.rules import evaluate
    >>> evaluate("claims.minimal_overlap", {"estate": 5, "claims": [2, 4]})
    [1.5, 3.5]
    """

    id = "claims.minimal_overlap"
    title = Bilingual(en="Minimal overlap", zh="最小重叠")
    summary = Bilingual(
        en="Claims are laid so that as little as possible is claimed twice; each unit is shared by its claimants.",
        zh="使各申请重叠最少，重叠部分由申请者均分。",
    )
    principle = Bilingual(en="so that claims overlap as little as possible", zh="使申请重叠最少")
    properties = frozenset({"anonymous", "order_preserving", "scales_with_money", "truncation_invariant"})
    source = "O'Neill 1982; Thomson 2019"

    def awards(self, estate: float, claims: Floats, uniforms: Floats | None = None) -> Floats:
        """See `claims_arithmetic.minimal_overlap`."""
        return arithmetic.minimal_overlap(estate, claims)


class AdjustedProportional(ClaimsRule):
    """First what the others would leave even if paid in full, then in proportion to what is left of the claims.

    Definition: m_i = max(0, E − Σ_{j≠i} c_j), then the rest in proportion to min(c_i − m_i, E − Σ m). Properties:
    self-dual, indifferent to what is claimed beyond the estate; not consistent. Source: Curiel, Maschler and Tijs 1987.

    >>> from commsim.rules import evaluate
    >>> evaluate("claims.adjusted_proportional", {"estate": 5, "claims": [2, 4]})
    [1.5, 3.5]
    """

    id = "claims.adjusted_proportional"
    title = Bilingual(en="Adjusted proportional", zh="调整比例")
    summary = Bilingual(
        en="First what nobody else claims, then in proportion to the rest.",
        zh="先付无人争议部分，余额按剩余申请比例分配。",
    )
    principle = Bilingual(
        en="first what nobody else claims, then in proportion to the rest", zh="先付无争议部分、余额按比例"
    )
    properties = frozenset({"anonymous", "order_preserving", "scales_with_money", "self_dual", "truncation_invariant"})
    source = "Curiel, Maschler and Tijs 1987"

    def awards(self, estate: float, claims: Floats, uniforms: Floats | None = None) -> Floats:
        """See `claims_arithmetic.adjusted_proportional`."""
        return arithmetic.adjusted_proportional(estate, claims)


class Piniles(ClaimsRule):
    """Equal awards of half the claims, then the same once more.

    Definition: CEA(E, c/2) where E ≤ Σ c / 2, else c/2 + CEA(E − Σ c / 2, c/2). Properties: order-preserving, monotone
    in the estate; not self-dual. Source: Piniles 1861, in Thomson 2019.

    >>> from commsim.rules import evaluate
    >>> evaluate("claims.piniles", {"estate": 450, "claims": [100, 200, 300]})
    [100.0, 150.0, 200.0]
    """

    id = "claims.piniles"
    title = Bilingual(en="Piniles", zh="皮尼莱斯规则")
    summary = Bilingual(
        en="Equal awards of half the claims, then the same once more.", zh="先对半数申请均等所得，再对其余重复一次。"
    )
    principle = Bilingual(
        en="equal awards of half the claims, then the same for the other half", zh="对申请额两半先后均等所得"
    )
    properties = frozenset({"anonymous", "order_preserving", "scales_with_money"})
    source = "Piniles 1861; Thomson 2019"

    def awards(self, estate: float, claims: Floats, uniforms: Floats | None = None) -> Floats:
        """See `claims_arithmetic.piniles`."""
        return arithmetic.piniles(estate, claims)


class ReverseTalmud(ClaimsRule):
    """Equal losses up to half of every claim, equal awards beyond.

    Definition: CEL(E, c/2) where E ≤ Σ c / 2, else c/2 + CEA(E − Σ c / 2, c/2). Properties: self-dual, consistent.
    Source: Chun, Schummer and Thomson 2001, in Thomson 2019.

    >>> from commsim.rules import evaluate
    >>> evaluate("claims.reverse_talmud", {"estate": 10, "claims": [2, 4, 7, 8]})
    [0.875, 1.875, 3.375, 3.875]
    """

    id = "claims.reverse_talmud"
    title = Bilingual(en="Reverse Talmud", zh="反塔木德规则")
    summary = Bilingual(
        en="Equal losses up to half of every claim, equal awards beyond.", zh="未及半数按均等损失，超过半数按均等所得。"
    )
    principle = Bilingual(
        en="equal losses up to half the claims, equal awards beyond", zh="申请额半数以内均等损失、以外均等所得"
    )
    properties = frozenset({"anonymous", "consistent", "order_preserving", "scales_with_money", "self_dual"})
    source = "Chun, Schummer and Thomson 2001"

    def awards(self, estate: float, claims: Floats, uniforms: Floats | None = None) -> Floats:
        """See `claims_arithmetic.reverse_talmud`."""
        return arithmetic.reverse_talmud(estate, claims)
