"""Modifiers of the outcome: forced winners, incompatible projects, quotas, ties."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from commsim.calling.views import order_within_area
from commsim.contracts import DOMAIN_NAMES, Award, Domain, Modifier, RoundView, parameter
from commsim.errors import ModifierError
from commsim.i18n import Bilingual, Text, _
from commsim.money import in_yuan
from commsim.natural_order import natural_rank
from commsim.plugins.modifiers.changing import with_paid

COLUMNS = ("area", "category", "area_category")
"""Words that name groups of projects by their columns."""


@dataclass(frozen=True)
class ForceParams:
    """Parameters of forced winners."""

    ids: str = parameter(
        "",
        label=Bilingual(en="Projects", zh="项目编号"),
        doc=Bilingual(en="Ids of projects, with spaces between them.", zh="项目编号，以空格分隔。"),
        reference="manual override by administrators",
    )


class Force(Modifier):
    """Named projects win in full, by decision of the administrators; the rule divides the rest among the rest."""

    id = "modifier.force"
    title = Bilingual(en="Force winners", zh="指定入选")
    summary = Bilingual(en="Named projects win; the rule divides the rest.", zh="指定项目直接入选，其余按规则分配。")
    source = "manual override"
    Params = ForceParams

    def reserve(self, view: RoundView) -> Mapping[int, tuple[int, Text]]:
        """Their asks."""
        named = set(self.params.ids.split())
        reason = _("{ask} yuan: chosen by decision, not by the rule")
        asks = {at: int(view.proposals.ask[at]) for at, proposal in enumerate(view.proposals.id) if proposal in named}
        return {at: (ask, reason.format(ask=in_yuan(ask))) for at, ask in asks.items()}


@dataclass(frozen=True)
class ExclusiveParams:
    """Parameters of incompatible projects."""

    groups: str = parameter(
        "area_category",
        label=Bilingual(en="Groups", zh="分组"),
        doc=Bilingual(
            en="Groups of which one wins: ids with spaces, groups with semicolons; or area, category, area_category.",
            zh="每组只能入选一个：编号以空格分隔，组以分号分隔；或 area、category、area_category。",
        ),
        reference="21 elections of Pabulib have exclusive groups",
    )
    keep: str = parameter(
        "votes",
        label=Bilingual(en="Who stays", zh="保留依据"),
        choices=("votes", "amount", "order"),
        doc=Bilingual(en="Who stays: most votes, largest award, first in order.", zh="保留谁：票数、金额或次序优先。"),
        reference="assumption",
    )


class Exclusive(Modifier):
    """Of incompatible projects only one can win. The rule settles again without the others, so their money is used.

    Source: exclusive groups in Polish participatory budgets (21 elections of Pabulib).
    """

    id = "modifier.exclusive"
    title = Bilingual(en="Incompatible projects", zh="互斥项目")
    summary = Bilingual(en="Of each group only one project wins.", zh="每组至多入选一个。")
    needs = frozenset({"category", "ballots"})
    source = "Polish participatory budgets (Pabulib)"
    Params = ExclusiveParams

    def __init__(self, params: Any = None) -> None:
        super().__init__(params)
        if "category" not in self.params.groups:  # which then need not be known
            self.needs = type(self).needs - {"category"}  # type: ignore[misc]

    def strike_out(self, view: RoundView, award: Award, kept: NDArray[np.bool_]) -> Mapping[int, Text]:
        """Winners beside the best of their group, or beside one that is kept; ModifierError where two are kept."""
        place = np.argsort(view.order, kind="stable")
        votes = view.ballots.totals(len(view.proposals))
        first = {"votes": -votes, "amount": -award.paid, "order": place}[self.params.keep]
        struck: dict[int, Text] = {}
        for group in self._groups(view):
            winners = [at for at in group if award.paid[at] > 0 or kept[at]]
            winners.sort(key=lambda at: (not kept[at], first[at], place[at]))
            for at in winners[1:]:
                loser, other = str(view.proposals.id[at]), str(view.proposals.id[winners[0]])
                if kept[at]:
                    raise ModifierError(
                        _(
                            "modifier {id!r}: {one} cannot go together with {other}, and both are to win by decision. "
                            "Force one of them only"
                        ).format(id=self.id, one=loser, other=other)
                    )
                struck[at] = _("nothing: cannot go together with {other}, which won").format(other=other)
        return struck

    def _groups(self, view: RoundView) -> list[list[int]]:
        words = self.params.groups.strip()
        if words in COLUMNS:
            keys = np.column_stack([getattr(view.proposals, part) for part in words.split("_")])
            _names, of = np.unique(keys, axis=0, return_inverse=True)
            return [np.flatnonzero(of.ravel() == group).tolist() for group in range(len(_names))]
        named = [set(group.split()) for group in words.split(";")]
        return [[at for at, proposal in enumerate(view.proposals.id) if proposal in group] for group in named]


@dataclass(frozen=True)
class QuotaParams:
    """Parameters of a quota."""

    share: float = parameter(
        0.5,
        label=Bilingual(en="Largest share of a group", zh="每组最高比例"),
        doc=Bilingual(en="Most for one group, as a share of the budget.", zh="每组占预算的最高比例。"),
        unit="share of the budget",
        ge=0.0,
        le=1.0,
        sweep=(0.1, 1.0),
        reference="assumption",
    )


class Quota(Modifier, ABC):
    """No group gets more than a share of the budget. A group above it is cut at the end of the fund's order: its last
    project is part-funded where that can start it, those behind it get nothing; what is cut stays unspent."""

    column: ClassVar[str]
    Params = QuotaParams
    source = "practice"

    def adjust(self, view: RoundView, award: Award, eligible: NDArray[np.bool_]) -> Award:
        """Cut what is above the quota."""
        limit = int(np.floor(self.params.share * view.budget))
        group = np.asarray(getattr(view.proposals, self.column), dtype=np.int64)
        left = dict.fromkeys(group.tolist(), limit)
        paid = award.paid.copy()
        for at in view.order.tolist():
            offer = min(int(paid[at]), left[int(group[at])])
            paid[at] = offer if offer == paid[at] or offer >= view.proposals.minimum_viable[at] else 0
            left[int(group[at])] -= int(paid[at])
        text = _("no more than {limit} yuan go to {group}")
        return with_paid(award, paid, lambda at: text.format(limit=in_yuan(limit), group=self._name(view, group[at])))

    @abstractmethod
    def _name(self, view: RoundView, group: int) -> Text | str:
        """What a group of the view is called in a sentence."""


class CategoryQuota(Quota):
    """No category of projects gets more than a share of the budget."""

    id = "modifier.category_quota"
    title = Bilingual(en="Quota by category", zh="类别限额")
    summary = Bilingual(en="No category gets more than a share of the budget.", zh="每类项目不超过预算的一定比例。")
    needs = frozenset({"category"})
    column = "category"

    def _name(self, view: RoundView, group: int) -> Text | str:
        return DOMAIN_NAMES[Domain(int(group))]


class AreaQuota(Quota):
    """No area gets more than a share of the budget."""

    id = "modifier.area_quota"
    title = Bilingual(en="Quota by area", zh="区域限额")
    summary = Bilingual(en="No area gets more than a share of the budget.", zh="每个区域不超过预算的一定比例。")
    column = "area"

    def _name(self, view: RoundView, group: int) -> Text | str:
        return str(view.areas.id[int(group)])


@dataclass(frozen=True)
class TieParams:
    """Parameters of tie-breaking."""

    by: str = parameter(
        "lottery",
        label=Bilingual(en="Who wins a tie", zh="同分取舍"),
        choices=("lottery", "votes", "cheapest", "first"),
        doc=Bilingual(
            en="Who wins a tie: by lot, more votes, the smaller ask, who came first; then by id.",
            zh="同分时：抽签、票多者、申请额小者、先提交者；再按编号。",
        ),
        reference="Swiss National Science Foundation: ties by lot since 2021",
    )


class Tie(Modifier):
    """Ties, which rules give to the first id, go by lot, to more votes, to the cheaper, or to the earlier project."""

    id = "modifier.tie"
    title = Bilingual(en="Breaking ties", zh="同分处理")
    summary = Bilingual(en="Says who wins a tie.", zh="规定同分时谁优先。")
    needs = frozenset({"ballots", "submitted_at"})
    source = "practice; lottery among ties: SNSF since 2021"
    Params = TieParams

    def __init__(self, params: Any = None) -> None:
        super().__init__(params)
        opened = {"votes": {"ballots"}, "first": {"submitted_at"}}
        self.needs = frozenset(opened.get(self.params.by, ()))  # type: ignore[misc]

    def tie_order(self, view: RoundView) -> NDArray[np.int64]:
        """Everybody in the order that wins ties."""
        ids = view.proposals.id
        if self.params.by == "lottery":
            key = view.draw("tie", ids)
        elif self.params.by == "votes":
            key = -view.ballots.totals(len(ids)).astype(np.float64)
        elif self.params.by == "cheapest":
            key = view.proposals.ask.astype(np.float64)
        else:
            columns = {"id": ids, "submitted_at": view.proposals.submitted_at}
            return order_within_area("submitted_at", columns, None)
        return np.lexsort((natural_rank(ids), key)).astype(np.int64)
