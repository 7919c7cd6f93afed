"""More uses of seed money: a lead gift, a bonus on refunds, a threshold that opens a match."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from commsim.contracts import Award, RoundView, Rule, Terms, parameter
from commsim.contracts.dividing import divide_by_id
from commsim.i18n import Bilingual, Text, _
from commsim.money import fen, in_yuan
from commsim.plugins.matching.seed import ProvisionPoint, ProvisionPointParams, refunds_of
from commsim.plugins.shared.residents_part import (
    NEEDS,
    announced,
    brought,
    counts_parameter,
    hour_parameter,
    kinds_counted,
)

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class LeadParams:
    """Parameters of the lead gift."""

    share: float = parameter(
        0.33,
        label=Bilingual(en="Share announced", zh="宣布比例"),
        doc=Bilingual(en="Share of the ask announced as given.", zh="宣布已到位的种子资金占申请额的比例。"),
        unit="share of the ask",
        ge=0.0,
        le=1.0,
        sweep=(0.1, 0.67),
        reference="List and Lucking-Reiley 2002: 10, 33 or 67% of the goal",
    )
    refund: bool = parameter(
        True,
        label=Bilingual(en="Refund", zh="退还出资"),
        doc=Bilingual(en="Give pledges back where a project cannot start.", zh="项目无法启动时退还出资。"),
        reference="List and Lucking-Reiley 2002: refunds raise gifts by about 20%",
    )


class LeadGift(Rule):
    """A lead gift: a share of every ask is announced as given before residents are asked; residents raise the rest.

    Definition: project j gets σ·c_j (all shrink in proportion where together they exceed the budget) if with its
    pledges it can start; the public pays no more than was announced. Properties: no threshold, no match. Evidence: 10%
    → 67% seed raised gifts nearly sixfold. Sources: List and Lucking-Reiley 2002; Andreoni 1998.

    >>> from commsim.rules import evaluate
    >>> evaluate("seed.lead(share=0.5)", {"budget": 100, "asks": [100, 60], "pledges": [30, 0]})
    [50.0, 30.0]
    """

    id = "seed.lead"
    title = Bilingual(en="Lead gift", zh="种子资金先行")
    summary = Bilingual(
        en="A share of each project is announced as given; residents raise the rest.",
        zh="先宣布部分资金到位，其余由居民筹集。",
    )
    family = "seed"
    needs = frozenset({"pledges"})
    properties = frozenset({"anonymous"})
    source = "List and Lucking-Reiley 2002; Andreoni 1998; Huck and Rasul 2011"
    Params = LeadParams

    def open_round(self, view: RoundView) -> Terms:
        """Announce the seed."""
        return Terms(seed_announced=self._seed(view), refund=self.params.refund)

    def settle(self, view: RoundView) -> Award:
        """Pay the seed where the project can start with it."""
        announced = None if view.terms is None else view.terms.seed_announced
        seed = announced if isinstance(announced, np.ndarray) else self._seed(view)
        pledged = view.pledges.totals(len(seed))
        starts = pledged + seed >= view.proposals.minimum_viable
        paid = np.where(starts, seed, 0).astype(np.int64)
        refunds = refunds_of(view.pledges, starts, np.zeros_like(paid), self.params.refund)
        reasons = tuple(_lead_reason(view, seed, pledged, paid, at) for at in range(len(paid)))
        return Award(paid=paid, reasons=reasons, refunds=refunds)

    def _seed(self, view: RoundView) -> Whole:
        return seeds(view, self.params.share)


def seeds(view: RoundView, share: float) -> Whole:
    """`share` of each ask in fen; together at most the budget (shrunk in proportion)."""
    seed = np.floor(share * view.proposals.ask).astype(np.int64)
    return divide_by_id(view.budget, seed, view.proposals.id) if seed.sum() > view.budget else seed


def _lead_reason(view: RoundView, seed: Whole, pledged: Whole, paid: Whole, at: int) -> Text:
    values = {
        "seed": in_yuan(seed[at]),
        "pledged": in_yuan(pledged[at]),
        "minimum": in_yuan(view.proposals.minimum_viable[at]),
    }
    if paid[at] == 0:
        return _(
            "nothing: the announced {seed} yuan and {pledged} pledged do not reach the {minimum} it takes to start"
        ).format(**values)
    return _("{seed} yuan, as announced; residents pledged {pledged}").format(**values)


@dataclass(frozen=True)
class RefundBonusParams(ProvisionPointParams):
    """Parameters of the refund bonus: those of the provision point, and the bonus."""

    bonus: float = parameter(
        0.1,
        label=Bilingual(en="Refund bonus", zh="退款补偿"),
        doc=Bilingual(en="Paid on top of a refund, per yuan pledged.", zh="退款时每元认捐另付的补偿。"),
        unit="yuan per yuan",
        ge=0.0,
        le=1.0,
        sweep=(0.0, 0.5),
        reference="Zubrickas 2014; Cason and Zubrickas 2017",
    )


class RefundBonus(ProvisionPoint):
    """A provision point that pays donors of a failing project a bonus on top of their refund.

    Definition: as seed.provision_point; if project j fails, donor i gets p_ij back and β p_ij more from the fund.
    What bonuses take is kept back before projects are funded; where what announced seeds leave of the budget cannot
    pay all bonuses they shrink in proportion. Properties: in equilibrium projects are funded and no bonus is ever
    paid; giving is never a loss.
    Sources: Tabarrok 1998; Zubrickas 2014; Cason and Zubrickas 2017.

    >>> from commsim.rules import evaluate
    >>> evaluate("seed.refund_bonus(bonus=0.1)", {"threshold": 100, "pledges": [30, 40, 20]})
    {'funded': False, 'refunds': [30.0, 40.0, 20.0], 'bonuses': [3.0, 4.0, 2.0]}
    """

    id = "seed.refund_bonus"
    also_called = ("dominant assurance contract",)
    title = Bilingual(en="Threshold with a bonus on refunds", zh="自筹门槛加退款补偿")
    summary = Bilingual(
        en="If a project fails, donors get their money back and something on top.",
        zh="项目未成时，退还出资并另付补偿。",
    )
    source = "Tabarrok 1998; Zubrickas 2014; Cason and Zubrickas 2017"
    Params = RefundBonusParams

    def open_round(self, view: RoundView) -> Terms:
        """As the provision point, and the bonus."""
        return replace(super().open_round(view), refund=True, refund_bonus=self.params.bonus)

    def settle(self, view: RoundView) -> Award:
        """Fund with what bonuses leave; pay bonuses to donors of what fails."""
        given = brought(view, self.params)
        pledged, failing = given.cash, given.fen < self._threshold(view)
        award, bonuses = super().settle(view), np.zeros(len(view.pledges.amount), dtype=np.int64)
        # A project that met its threshold may fail for want of money, and then it takes a bonus too; each pass can
        # only add failures, so this ends.
        for _pass in range(len(pledged) + 1):
            bonuses = self._bonuses(view, failing)
            award = super().settle(replace(view, budget=view.budget - int(bonuses.sum())))
            lost = failing | ((award.paid == 0) & (self._counted(view, pledged) < view.proposals.ask))
            if (lost == failing).all():
                break
            failing = lost
        refunds = refunds_of(view.pledges, ~failing, self._excess(view, pledged), True)
        paid = np.where(failing, 0, award.paid)
        return replace(award, paid=paid, refunds=refunds, bonuses=bonuses, reasons=self._reasons(view, award, bonuses))

    def _bonuses(self, view: RoundView, failing: NDArray[np.bool_]) -> Whole:
        wished = np.where(failing[view.pledges.proposal], np.floor(self.params.bonus * view.pledges.amount), 0)
        whole = int(wished.sum())
        shrink = min(1.0, max(view.budget - self._kept_for_seeds(view), 0) / whole) if whole else 1.0
        return np.floor(wished * shrink).astype(np.int64)

    def _kept_for_seeds(self, view: RoundView) -> int:
        """Announced seeds of projects that met their threshold, as far as pledges leave room for them."""
        given = brought(view, self.params)
        missing = np.maximum(view.proposals.ask - self._counted(view, given.cash), 0)
        return int(np.minimum(self._promised(view), missing)[given.fen >= self._threshold(view)].sum())

    def _reasons(self, view: RoundView, award: Award, bonuses: Whole) -> tuple[str | Text, ...]:
        totals = np.zeros(len(view.proposals), dtype=np.int64)
        np.add.at(totals, view.pledges.proposal, bonuses)
        text = _("{reason}; donors get {bonus} yuan on top of their refund")
        return tuple(
            text.format(reason=reason, bonus=in_yuan(total)) if total else reason
            for reason, total in zip(award.reasons, totals.tolist(), strict=True)
        )


@dataclass(frozen=True)
class ThresholdThenMatchParams:
    """Parameters of the threshold that opens a match."""

    threshold_yuan: float = parameter(
        500.0,
        label=Bilingual(en="Own amount", zh="自筹数额"),
        doc=Bilingual(en="Amount that residents have to raise first.", zh="居民须先自筹的数额。"),
        unit="yuan",
        ge=0.0,
        sweep=(100.0, 5000.0),
        reference="Shimen Road No. 2: 500 RMB (CRI Shanghai, 2017-06-09)",
    )
    rate: float = parameter(
        1.0,
        label=Bilingual(en="Match rate", zh="配比"),
        doc=Bilingual(
            en="Public yuan for each yuan raised, once the threshold is met.", zh="达到门槛后每元配套多少元。"
        ),
        unit="yuan per yuan",
        ge=0.0,
        le=10.0,
        sweep=(0.25, 3.0),
        reference="assumption: the report does not give the rate",
    )
    cap_yuan: float | None = parameter(
        None,
        label=Bilingual(en="Cap for one project", zh="单个项目上限"),
        doc=Bilingual(en="Most that one project can get; none = no cap.", zh="每个项目上限；none 表示不设。"),
        unit="yuan",
        ge=0.0,
        sweep=(1000.0, 20000.0),
        reference="assumption",
    )
    counts: str = counts_parameter()
    hour_yuan: float = hour_parameter()

    def __post_init__(self) -> None:
        kinds_counted(self)


class ThresholdThenMatch(Rule):
    """Residents raise a threshold themselves; then the street matches what they raised.

    Definition: m_j = min(r P_j, cap, c_j) if P_j ≥ T (at most c_j), else 0 and all pledges go back; scaled to the
    budget where Σ m exceeds it. P_j is the cash that was pledged, and as `counts` says also promised hours, each worth
    `hour_yuan`, and goods: all of it reaches the threshold and is matched; only cash can go back. Evidence: Shanghai,
    Shimen Road No. 2, T = 500 RMB: three buildings raised over 20,000, 5,000 and 2,000 RMB; in one, 70 of 81 households
    gave.

    >>> from commsim.rules import evaluate
    >>> evaluate("seed.threshold_then_match", {"pledges": [400, 700], "budget": 10000})
    [0.0, 700.0]
    >>> evaluate("seed.threshold_then_match(counts=cash+hours)", {"pledges": [400, 700], "pledged_hours": [6, 0]})
    [520.0, 700.0]
    """

    id = "seed.threshold_then_match"
    title = Bilingual(en="Threshold, then match", zh="自筹达标后配套")
    summary = Bilingual(
        en="Once residents raise a threshold, the street matches it.", zh="居民自筹达到门槛后，街道配套。"
    )
    family = "seed"
    needs = NEEDS
    properties = frozenset({"anonymous", "pool_respected"})
    source = "Shanghai, Shimen Road No. 2 (CRI Shanghai, 2017-06-09)"
    Params = ThresholdThenMatchParams

    def open_round(self, view: RoundView) -> Terms:
        """Announce threshold, rate, cap, pool, and that pledges go back."""
        cap = None if self.params.cap_yuan is None else fen(self.params.cap_yuan)
        threshold, told = self._threshold(view), announced(self.params)
        return Terms(match_rate=self.params.rate, match_cap=cap, match_pool=view.budget, threshold=threshold, **told)

    def settle(self, view: RoundView) -> Award:
        """Match what met its threshold."""
        given, threshold = brought(view, self.params), self._threshold(view)
        pledged = given.fen
        met = (pledged >= threshold) & (pledged > 0)
        wished = np.minimum(np.rint(self.params.rate * pledged), view.proposals.ask)
        if self.params.cap_yuan is not None:
            wished = np.minimum(wished, fen(self.params.cap_yuan))
        wished = np.where(met, wished, 0).astype(np.int64)
        short = sum(wished.tolist()) > view.budget
        paid = divide_by_id(view.budget, wished, view.proposals.id) if short else wished
        refunds = refunds_of(view.pledges, met, np.zeros_like(paid), True)
        reasons = tuple(
            given.told(self._reason(int(pledged[at]), int(threshold[at]), int(paid[at]), bool(met[at])), at)
            for at in range(len(paid))
        )
        return Award(paid=paid, reasons=reasons, refunds=refunds, diagnostics={"met_threshold": float(met.sum())})

    def _threshold(self, view: RoundView) -> Whole:
        return np.asarray(np.minimum(view.proposals.ask, fen(self.params.threshold_yuan)), dtype=np.int64)

    def _reason(self, pledged: int, threshold: int, paid: int, met: bool) -> Text:
        values = {"pledged": in_yuan(pledged), "threshold": in_yuan(threshold), "paid": in_yuan(paid)}
        if not met:
            return _("nothing: residents pledged {pledged} of the {threshold} yuan that open the match").format(
                **values
            )
        return _(
            "{paid} yuan: residents pledged {pledged} yuan and reached the {threshold} that open the match"
        ).format(**values)
