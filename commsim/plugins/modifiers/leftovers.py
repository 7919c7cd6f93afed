"""Modifiers of what is left over and of when money is paid: part funding, an unsaturated pot, carry-over, tranches."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from commsim.contracts import Award, Modifier, RoundView, parameter
from commsim.errors import ModifierError
from commsim.i18n import Bilingual, _
from commsim.plugins.modifiers.changing import raised, unspent, with_paid

_SUM_SLACK = 1e-9  # shares such as 0.1 + 0.2 + 0.7 miss 1 by less than this


@dataclass(frozen=True)
class PartFundLastParams:
    """Parameters of part funding."""

    by: str = parameter(
        "order",
        label=Bilingual(en="Who is next", zh="下一位依据"),
        choices=("order", "votes"),
        doc=Bilingual(en="Who is next: the fund's order, or most votes.", zh="谁排在下一位：按资金次序或票数。"),
        reference="assumption",
    )


class PartFundLast(Modifier):
    """The first project that got nothing is given what is left, in part, where that is enough to start it.

    Next is who leads the rule's waiting list (voting rules keep one), or, without one, the first in the fund's order or
    by votes.
    """

    id = "modifier.part_fund_last"
    title = Bilingual(en="Part-fund the next project", zh="部分资助下一个")
    summary = Bilingual(en="What is left goes to the next project in part.", zh="余额部分资助下一个项目。")
    needs = frozenset({"ballots"})
    source = "practice"
    Params = PartFundLastParams

    def adjust(self, view: RoundView, award: Award, eligible: NDArray[np.bool_]) -> Award:
        """Give the rest to the next one."""
        left = unspent(view, award)
        waiting = [at for at in self._order(view, award) if award.paid[at] == 0 and eligible[at]]
        if not waiting or left < max(int(view.proposals.minimum_viable[waiting[0]]), 1):
            return award
        paid = award.paid.copy()
        paid[waiting[0]] = min(left, int(view.proposals.ask[waiting[0]]))
        return with_paid(award, paid, lambda _at: _("what was left part-funds the next project"))

    def _order(self, view: RoundView, award: Award) -> list[int]:
        if award.waitlist is not None:
            return [view.proposals.id.index(proposal) for proposal in award.waitlist]
        if self.params.by == "votes":
            votes = view.ballots.totals(len(view.proposals))[view.order]
            return [int(at) for at in view.order[np.argsort(-votes, kind="stable")]]
        return [int(at) for at in view.order]


@dataclass(frozen=True)
class UnsaturatedParams:
    """Parameters for a pot that is not used up."""

    action: str = parameter(
        "scale_up",
        label=Bilingual(en="What to do", zh="处理方式"),
        choices=("scale_up", "keep"),
        doc=Bilingual(
            en="Raise awards in proportion, or keep the rest for the next round.", zh="按比例加码，或留到下轮。"
        ),
        reference="Gitcoin rounds scale an unsaturated pot up",
    )
    most: float = parameter(
        2.0,
        label=Bilingual(en="Largest growth", zh="最大放大倍数"),
        doc=Bilingual(en="Most that an award may grow to, as a multiple of itself.", zh="资助额最多放大的倍数。"),
        unit="multiple",
        ge=1.0,
        le=10.0,
        sweep=(1.0, 5.0),
        reference="assumption",
    )


class Unsaturated(Modifier):
    """Where awards do not use up the pot, they grow in proportion (to `most` times, at most the ask), or it is kept."""

    id = "modifier.unsaturated"
    title = Bilingual(en="Pot not used up", zh="资金未用完")
    summary = Bilingual(en="Scale awards up, or keep the rest.", zh="放大资助额，或结转余额。")
    source = "practice of quadratic funding rounds"
    Params = UnsaturatedParams

    def adjust(self, view: RoundView, award: Award, eligible: NDArray[np.bool_]) -> Award:
        """Use the rest, or carry it over."""
        left = unspent(view, award)
        if self.params.action == "keep":
            return replace(award, carry=award.carry + left)
        limits = np.minimum(view.proposals.ask, np.floor(self.params.most * award.paid).astype(np.int64))
        paid = raised(award.paid, limits, award.paid, left, view)
        return with_paid(award, paid, lambda _at: _("the pot was not used up, so awards grow in proportion"))


@dataclass(frozen=True)
class CarryOverParams:
    """Parameters of carry-over."""

    share: float = parameter(
        1.0,
        label=Bilingual(en="Share carried over", zh="结转比例"),
        doc=Bilingual(en="Share of what is left that is kept for the next round.", zh="余额结转的比例。"),
        unit="share of what is left",
        ge=0.0,
        le=1.0,
        sweep=(0.0, 1.0),
        reference="practice",
    )


class CarryOver(Modifier):
    """What is not paid is kept for the next round, where the fund's money does not lapse."""

    id = "modifier.carry_over"
    title = Bilingual(en="Carry over", zh="结转")
    summary = Bilingual(en="What is left is kept for the next round.", zh="余额结转下轮。")
    source = "practice"
    Params = CarryOverParams

    def adjust(self, view: RoundView, award: Award, eligible: NDArray[np.bool_]) -> Award:
        """Keep a share of the rest."""
        return replace(award, carry=award.carry + int(np.floor(self.params.share * unspent(view, award))))


@dataclass(frozen=True)
class TrancheParams:
    """Parameters of tranches."""

    shares: str = parameter(
        "0.5 0.5",
        label=Bilingual(en="Payment shares", zh="拨付比例"),
        doc=Bilingual(
            en="Shares paid at start and at milestones; they sum to 1.", zh="启动及各节点的拨付比例，合计为 1。"
        ),
        reference="usual practice of grants",
    )


class Tranche(Modifier):
    """Awards are paid in parts: the first at the start, the others when milestones are verified."""

    id = "modifier.tranche"
    title = Bilingual(en="Pay in tranches", zh="分期拨付")
    summary = Bilingual(en="Paid in parts as milestones are verified.", zh="按节点分期拨付。")
    source = "usual practice"
    Params = TrancheParams

    def adjust(self, view: RoundView, award: Award, eligible: NDArray[np.bool_]) -> Award:
        """Set the shares."""
        try:
            shares = tuple(float(part) for part in self.params.shares.split())
        except ValueError:
            shares = ()
        if not shares or abs(sum(shares) - 1) > _SUM_SLACK or min(shares) < 0:
            raise ModifierError(
                _("modifier {id!r}: shares have to be numbers that sum to 1, such as '0.5 0.5'; {came!r} came").format(
                    id=self.id, came=self.params.shares
                )
            )
        return replace(award, tranches=shares)
