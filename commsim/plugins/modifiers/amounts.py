"""Modifiers of single amounts: cap, floor, hold-harmless, rounding."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from commsim.contracts import Award, Modifier, RoundView, Terms, parameter
from commsim.contracts.dividing import divide_by_id
from commsim.i18n import Bilingual, _
from commsim.money import fen, in_yuan
from commsim.natural_order import natural_rank
from commsim.plugins.modifiers.changing import Whole, lowered, raised, unspent, with_paid


@dataclass(frozen=True)
class CapParams:
    """Parameters of the cap."""

    yuan: float | None = parameter(
        None,
        label=Bilingual(en="Largest amount", zh="最高金额"),
        doc=Bilingual(en="Most for one project; none = no such cap.", zh="单个项目上限；none 为不设。"),
        unit="yuan",
        ge=0.0,
        sweep=(1000.0, 50000.0),
        reference="assumption",
    )
    share: float | None = parameter(
        None,
        label=Bilingual(en="Largest share", zh="最高比例"),
        doc=Bilingual(en="Most for one project, as a share of the budget.", zh="单个项目占预算的最高比例。"),
        unit="share of the budget",
        ge=0.0,
        le=1.0,
        sweep=(0.05, 0.5),
        reference="assumption",
    )
    respread: bool = parameter(
        True,
        label=Bilingual(en="Share again", zh="余额再分"),
        doc=Bilingual(en="Share what the cap frees among the others.", zh="超出上限的部分再分给其他项目。"),
        reference="grants-stack issues 978, 1039, 1458: rounds first calculated without their cap",
    )


class Cap(Modifier):
    """No project gets more than an amount or a share of the budget.

    What is above the cap is shared again in proportion among the other funded projects (`respread`) up to their own
    caps and asks, iterating on the fixed set, so that the cap binds after the sharing too; the rest stays unspent.
    """

    id = "modifier.cap"
    title = Bilingual(en="Cap", zh="上限")
    summary = Bilingual(en="No project gets more than this.", zh="任何项目不得超过此数。")
    source = "practice; iteration on the fixed set as in water-filling (Thomson 2019)"
    Params = CapParams

    def announce(self, terms: Terms, view: RoundView) -> Terms:
        """Where there is a match, its cap is announced too."""
        from dataclasses import replace

        limit = self._limit(view)
        if terms.match_rate == 0 or limit is None:
            return terms
        return replace(terms, match_cap=limit if terms.match_cap is None else min(limit, terms.match_cap))

    def adjust(self, view: RoundView, award: Award, eligible: np.ndarray) -> Award:
        """Cut to the cap; share what was cut."""
        limit = self._limit(view)
        if limit is None:
            return award
        paid = np.minimum(award.paid, limit)
        if self.params.respread:
            limits = np.minimum(view.proposals.ask, limit)
            paid = raised(paid, limits, award.paid, int(award.paid.sum() - paid.sum()), view)
        why = _("the cap is {limit} yuan").format(limit=in_yuan(limit))
        return with_paid(award, paid, lambda _at: why)

    def _limit(self, view: RoundView) -> int | None:
        limits = [] if self.params.yuan is None else [fen(self.params.yuan)]
        if self.params.share is not None:
            limits.append(int(np.floor(self.params.share * view.budget)))
        return min(limits) if limits else None


@dataclass(frozen=True)
class FloorParams:
    """Parameters of the floor."""

    yuan: float = parameter(
        0.0,
        label=Bilingual(en="Least amount", zh="最低金额"),
        doc=Bilingual(en="Least for a project that gets anything.", zh="入选项目的最低资助额。"),
        unit="yuan",
        ge=0.0,
        sweep=(0.0, 5000.0),
        reference="assumption",
    )
    share_of_ask: float = parameter(
        0.0,
        label=Bilingual(en="Share of the ask", zh="占申请额比例"),
        doc=Bilingual(en="The same as a share of the ask; the larger holds.", zh="按申请额的比例，取较高者。"),
        unit="share of the ask",
        ge=0.0,
        le=1.0,
        sweep=(0.0, 1.0),
        reference="assumption",
    )


class Floor(Modifier):
    """A project that gets anything gets at least the floor (at most its ask).

    The money comes from what is unspent, then from awards above their floors in proportion to what they have above
    them. Where both do not suffice, the gaps are closed in proportion.
    """

    id = "modifier.floor"
    title = Bilingual(en="Floor", zh="下限")
    summary = Bilingual(en="Who gets anything gets at least this.", zh="凡入选者不低于此数。")
    source = "practice"
    Params = FloorParams

    def adjust(self, view: RoundView, award: Award, eligible: np.ndarray) -> Award:
        """Raise to the floor."""
        ask = view.proposals.ask
        floor = np.maximum(fen(self.params.yuan), np.rint(self.params.share_of_ask * ask).astype(np.int64))
        floor = np.where(award.paid > 0, np.minimum(floor, ask), 0)
        paid = lifted(view, award, floor)
        return with_paid(award, paid, lambda at: _("the floor is {floor} yuan").format(floor=in_yuan(floor[at])))


def lifted(view: RoundView, award: Award, floor: Whole) -> Whole:
    """Amounts with gaps to `floor` closed from unspent money, then from what others have above their floors."""
    gaps = np.maximum(floor - award.paid, 0)
    excess = np.maximum(award.paid - floor, 0)
    spare = unspent(view, award)
    given = min(int(gaps.sum()), spare + int(excess.sum()))
    paid = award.paid + np.minimum(divide_by_id(given, gaps, view.proposals.id), gaps)
    taken = given - min(given, spare)
    return lowered(paid, excess, taken, view) if taken else paid


@dataclass(frozen=True)
class HoldHarmlessParams:
    """Parameters of hold-harmless."""

    loss: float = parameter(
        0.1,
        label=Bilingual(en="Largest loss", zh="最大减幅"),
        doc=Bilingual(en="Most that an area may lose of last round's money.", zh="与上轮相比最多减少的比例。"),
        unit="share of the last award",
        ge=0.0,
        le=1.0,
        sweep=(0.0, 0.5),
        reference="grant-in-aid practice",
    )


class HoldHarmless(Modifier):
    """No area gets less than 1 − loss of what it got in the last round, as far as it asks for that much.

    An area that would get less is raised, its proposals in the fund's order; the money comes from what is unspent, then
    from the other areas in proportion to what they have above their own guarantee. Guarantees that exceed the budget
    are met in proportion.
    """

    id = "modifier.hold_harmless"
    title = Bilingual(en="Hold harmless", zh="保底（不低于上轮）")
    summary = Bilingual(en="No area loses more than a part of last round's money.", zh="各区域与上轮相比减幅有限。")
    needs = frozenset({"last_award"})
    source = "grant-in-aid practice (hold-harmless provisions)"
    Params = HoldHarmlessParams

    def adjust(self, view: RoundView, award: Award, eligible: np.ndarray) -> Award:
        """Raise areas to their guarantee."""
        promised = np.floor((1 - self.params.loss) * view.areas.last_award).astype(np.int64)
        guaranteed = _filled_in_order(view, promised, eligible, award.paid)
        paid = lifted(view, award, guaranteed)
        why = _("an area keeps at least {share:.0%} of its last award").format(share=1 - self.params.loss)
        return with_paid(award, paid, lambda _at: why)


def _filled_in_order(view: RoundView, promised: Whole, eligible: np.ndarray, paid: Whole) -> Whole:
    """What each proposal must have so that its area reaches its promise: its own award first, then in fund order."""
    ask, area = view.proposals.ask, view.proposals.area
    left = promised.copy()
    floor = np.zeros_like(ask)
    for at in view.order.tolist():
        floor[at] = min(int(paid[at]), int(left[area[at]]))
        left[area[at]] -= floor[at]
    for at in view.order.tolist():
        if eligible[at]:
            added = min(max(int(ask[at] - floor[at]), 0), int(left[area[at]]))
            floor[at] += added
            left[area[at]] -= added
    return floor


@dataclass(frozen=True)
class RoundParams:
    """Parameters of rounding."""

    unit: float = parameter(
        100.0,
        label=Bilingual(en="Unit", zh="取整单位"),
        doc=Bilingual(en="Amounts are multiples of this.", zh="金额取其整数倍。"),
        unit="yuan",
        ge=0.01,
        sweep=(1.0, 1000.0),
        reference="practice",
    )
    method: str = parameter(
        "largest_remainder",
        label=Bilingual(en="Left-over units", zh="余额处理"),
        choices=("largest_remainder", "down"),
        doc=Bilingual(
            en="Give left-over units to the largest remainders, or to none.", zh="余额按最大余数分配，或舍去。"
        ),
        reference="Hamilton's method",
    )


class Round(Modifier):
    """Amounts are whole multiples of a unit: rounded down, left-over units going to the largest remainders (ties by id)
    as far as asks allow; less than a unit in all stays unspent."""

    id = "modifier.round"
    title = Bilingual(en="Round amounts", zh="取整")
    summary = Bilingual(en="Amounts are whole multiples of a unit.", zh="金额取整到给定单位。")
    source = "Hamilton's method of largest remainders"
    Params = RoundParams

    def adjust(self, view: RoundView, award: Award, eligible: np.ndarray) -> Award:
        """Round each amount."""
        unit = fen(self.params.unit)
        paid = award.paid // unit * unit
        if self.params.method == "largest_remainder":
            rest = award.paid - paid
            spare = int(rest.sum()) // unit
            takers = [at for at in np.lexsort((natural_rank(view.proposals.id), -rest)).tolist() if rest[at] > 0]
            for at in [at for at in takers if paid[at] + unit <= view.proposals.ask[at]][:spare]:
                paid[at] += unit
        why = _("amounts are multiples of {unit} yuan").format(unit=in_yuan(unit))
        return with_paid(award, paid, lambda _at: why)
