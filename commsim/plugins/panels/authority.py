"""An authority chooses among whole proposals: first come, a panel's judgement, areas in turn."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from commsim.contracts import Award, RoundView, Rule, parameter
from commsim.i18n import Bilingual, Text, _
from commsim.natural_order import natural_order, natural_rank
from commsim.plugins.shared import marks as judging
from commsim.plugins.shared.choosing import (
    Chosen,
    Floats,
    ListParams,
    ListRule,
    Positions,
    award_of,
    best_first,
    places,
    skip_parameter,
)


class FirstCome(ListRule):
    """First come, first served.

    Definition: by month of submission (ties by id); a proposal is funded if its ask is at most what is left, else it is
    passed over (`skip`) or ends the list. Properties: costs no judgement; rewards who is already organised; the outcome
    depends on the order. Source: rolling intake of the Seattle Small Sparks fund.

    >>> from commsim.rules import evaluate
    >>> evaluate("basic.fcfs", {"budget": 100, "asks_in_order": {"a": 50, "b": 70, "c": 40, "d": 10}})
    ['a', 'c', 'd']
    """

    id = "basic.fcfs"
    also_called = ("first come first served", "fifo", "先到先得")
    title = Bilingual(en="First come, first served", zh="先到先得")
    summary = Bilingual(
        en="Proposals are paid in the order in which they came in.", zh="按申报先后支付，直至资金用完。"
    )
    family = "basic"
    needs = frozenset({"submitted_at"})
    properties = frozenset({"exhaustive_with_skip"})
    source = "rolling intake; Seattle Small Sparks"

    def ranking(self, view: RoundView) -> tuple[Positions, Sequence[Text]]:
        """By month of submission."""
        months = view.proposals.submitted_at
        order = np.lexsort((natural_rank(view.proposals.id), months)).astype(np.int64)
        place = places(order)
        reason = _("submitted in month {month}, number {place} of {n}")
        n = len(place)
        return order, [reason.format(month=int(m) + 1, place=int(p), n=n) for m, p in zip(months, place, strict=True)]


@dataclass(frozen=True)
class PanelParams(ListParams):
    """Parameters of a panel."""

    standardise: bool = parameter(
        False,
        label=Bilingual(en="Standardise marks", zh="分数标准化"),
        doc=Bilingual(
            en="Bring every judge's marks to mean 0 and deviation 1 first, so that none weighs more by marking widely.",
            zh="先将每位评审的分数标准化（均值0、标准差1），避免打分幅度大者影响更大。",
        ),
        reference="assumption; Heyard et al. 2022 model lenient judges instead (panel.bayes_rank)",
    )


class Panel(ListRule):
    """A panel marks proposals; they are funded in full from the best down. Subclasses turn marks into scores."""

    Params: ClassVar[type] = PanelParams
    family = "panel"
    needs = frozenset({"scores"})
    properties = frozenset({"anonymous"})

    @abstractmethod
    def score(self, marks: Floats) -> Floats:
        """One score a proposal, higher is better, from marks of shape (judges, proposals)."""

    def ranking(self, view: RoundView) -> tuple[Positions, Sequence[Text]]:
        """From the highest score down, ties by id."""
        scores = self.scores_of(view.marks)
        order = best_first(scores, view.proposals.id)
        place, n = places(order), len(order)
        words = _("score {score:.2f} of {judges} judges, place {place} of {n}")
        judges = len(view.marks)
        return order, [
            words.format(score=float(s), judges=judges, place=int(p), n=n) for s, p in zip(scores, place, strict=True)
        ]

    def scores_of(self, marks: Floats) -> Floats:
        """Scores of the marks as given, standardised where the parameter says so."""
        wanted = getattr(self.params, "standardise", False)
        return self.score(judging.standardised(marks) if wanted else marks)


class PanelMean(Panel):
    """The mean of the judges' marks decides.

    Definition: score_j = mean of marks (of those given), fund down the list, ties by id. Properties: one outlier moves
    it; no proportionality between areas. Source: usual practice of grant panels.

    >>> from commsim.rules import evaluate
    >>> evaluate("panel.mean", {"scores": {"a": [8, 9, 3], "b": [7, 7, 7], "c": [9, 5, 6]}})
    ['b', 'a', 'c']
    """

    id = "panel.mean"
    title = Bilingual(en="Panel, mean mark", zh="评审平均分")
    summary = Bilingual(
        en="Judges mark proposals; the best means are paid in full.", zh="评审打分，平均分高者先得全额。"
    )
    source = "usual practice of grant panels"

    def score(self, marks: Floats) -> Floats:
        """Mean marks."""
        return judging.mean_score(marks)


class PanelMedian(Panel):
    """The median of the judges' marks decides.

    Definition: score_j = median of marks, fund down the list, ties by id. Properties: one judge cannot move it far.
    Source: usual practice; robust aggregation.

    >>> from commsim.rules import evaluate
    >>> evaluate("panel.median", {"scores": {"a": [8, 9, 3], "b": [7, 7, 7], "c": [9, 5, 6]}})
    ['a', 'b', 'c']
    """

    id = "panel.median"
    title = Bilingual(en="Panel, median mark", zh="评审中位分")
    summary = Bilingual(en="Judges mark proposals; the best medians are paid in full.", zh="评审打分，中位分高者先得。")
    properties = frozenset({"anonymous", "robust_to_one_judge"})
    source = "usual practice"

    def score(self, marks: Floats) -> Floats:
        """Median marks."""
        return judging.trimmed_score(marks, 0.5)


@dataclass(frozen=True)
class TrimmedParams(PanelParams):
    """Parameters of the trimmed mean."""

    trim: float = parameter(
        0.2,
        label=Bilingual(en="Share trimmed", zh="去掉的分数比例"),
        doc=Bilingual(
            en="Share of marks left out at each end (rounded down, at least one of three or more; 0: none).",
            zh="两端各去掉的分数比例（向下取整，三个以上分数时至少各去一个；0 为不去）。",
        ),
        unit="share of judges",
        ge=0.0,
        le=0.5,
        sweep=(0.0, 0.4),
        reference="assumption; with five judges the highest and the lowest mark go",
    )


class PanelTrimmed(Panel):
    """The mean of the marks without the highest and the lowest decides.

    Definition: floor(trim · judges) marks, of three or more at least one, are left out at each end (none where trim is
    0); the mean of the rest is the score. Properties: between mean (trim 0) and median (trim 0.5); unless trim is 0 one
    judge of three or more cannot move a result far. Source: usual practice (去掉最高分和最低分).

    >>> from commsim.rules import evaluate
    >>> evaluate("panel.trimmed", {"scores": {"a": [10, 1, 1], "b": [2, 2, 2]}})
    ['b', 'a']
    """

    id = "panel.trimmed"
    title = Bilingual(en="Panel, trimmed mean", zh="评审去极值平均分")
    summary = Bilingual(en="Highest and lowest marks are left out.", zh="去掉最高分和最低分后取平均。")
    properties = frozenset({"anonymous", "robust_to_one_judge"})
    source = "usual practice"
    Params = TrimmedParams

    def __init__(self, params: TrimmedParams | None = None) -> None:
        super().__init__(params)
        if not self.params.trim:
            self.properties = type(self).properties - {"robust_to_one_judge"}  # type: ignore[misc]

    def score(self, marks: Floats) -> Floats:
        """Trimmed means."""
        return judging.trimmed_score(marks, self.params.trim)


class PanelRankSum(Panel):
    """Judges' rankings are added up.

    Definition: every judge ranks proposals by its marks (equal marks share ranks); the lowest mean rank is best, ties
    by id. Standardising changes nothing. Properties: only order counts, so harsh and lenient judges weigh the same.
    Source: Borda 1781; usual practice of panels.

    >>> from commsim.rules import evaluate
    >>> evaluate("panel.rank_sum", {"scores": {"a": [9, 5, 5], "b": [1, 6, 6]}})
    ['b', 'a']
    """

    id = "panel.rank_sum"
    title = Bilingual(en="Panel, sum of ranks", zh="评审名次和")
    summary = Bilingual(
        en="Judges rank proposals; the best sums of ranks are paid in full.", zh="评审排序，名次和小者先得。"
    )
    source = "Borda 1781; usual practice of panels"

    def score(self, marks: Floats) -> Floats:
        """Minus the mean ranks."""
        return judging.rank_sum_score(marks)


class PanelBayes(Panel):
    """Proposals are ranked by what a noisy panel lets one believe.

    Definition: marks y = μ + θ_j + λ_judge + ε with normal θ, λ, ε, variances by moments; proposals are funded by
    expected rank E[rank θ_j], ties by id. Properties: harsh and lenient judges are evened out, few marks are shrunk to
    the middle. Source: Heyard, Ott, Salanti and Egger 2022 (Swiss National Science Foundation); they sample the
    variances, this estimates them.

    >>> from commsim.rules import evaluate
    >>> evaluate("panel.bayes_rank", {"scores": {"a": [8, 7, 9], "b": [5, 4, 6], "c": [6, 7, 7]}})
    ['a', 'c', 'b']
    """

    id = "panel.bayes_rank"
    title = Bilingual(en="Panel, expected rank", zh="评审期望名次（贝叶斯）")
    summary = Bilingual(en="Ranks allow for harsh judges and for chance in marks.", zh="排序时考虑评审宽严与打分误差。")
    properties = frozenset({"anonymous", "lenient_judges_cancel"})
    source = "Heyard et al. 2022"
    Params = ListParams

    def score(self, marks: Floats) -> Floats:
        """Minus the expected ranks."""
        return -judging.posterior(marks).expected_rank()


@dataclass(frozen=True)
class RoundRobinParams(ListParams):
    """Parameters of areas in turn."""

    skip: bool = skip_parameter()
    rotate: bool = parameter(
        True,
        label=Bilingual(en="Rotate the start", zh="轮换起始区域"),
        doc=Bilingual(
            en="Another area begins every year; otherwise always the first by id.",
            zh="每年轮换起始区域；否则总由编号最前的区域开始。",
        ),
        reference="assumption",
    )


class RoundRobin(Rule):
    """Areas take turns; inside an area the best first.

    Definition: areas by id, beginning with area number (year mod areas) where `rotate`; at its turn an area's next
    proposal in the fund's order is funded if its ask is at most what is left, else the turn passes to its next one that
    is (`skip`) or is lost with the area's later ones; until nothing more fits. Properties: equal turns, not equal
    money. Source: rotation, usual practice.

    >>> from commsim.rules import evaluate
    >>> evaluate("rotation.round_robin", {"budget": 100, "projects": {"p1": 40, "p2": 30, "p3": 30, "p4": 40},
    ...          "areas": ["a", "a", "b", "b"]})
    ['p1', 'p2', 'p3']
    """

    id = "rotation.round_robin"
    title = Bilingual(en="Areas in turn", zh="各区域轮流")
    summary = Bilingual(
        en="Areas take turns to have their best proposal paid.", zh="各区域轮流，每轮资助其排序最前的项目。"
    )
    family = "authority"
    properties = frozenset({"equal_turns"})
    source = "usual practice"
    Params = RoundRobinParams

    def settle(self, view: RoundView) -> Award:
        """Take turns until nothing fits."""
        proposals, areas = view.proposals, view.areas
        first = view.round.period % max(len(areas), 1) if self.params.rotate else 0
        turns = np.roll(natural_order(areas.id), -first) if len(areas) else np.zeros(0, np.int64)
        chosen, turn = take_turns(view.order, proposals.area, turns, proposals.ask, view.budget, skip=self.params.skip)
        won, passed = _("turn {turn} of {area}"), _("{area} had no turn at which it fitted")
        why = [
            (won if chosen.won[at] else passed).format(turn=int(turn[at]), area=areas.id[int(proposals.area[at])])
            for at in range(len(proposals))
        ]
        return award_of(view, chosen, why)


def take_turns(
    order: Positions, area: Positions, turns: Positions, ask: NDArray[np.number[Any]], budget: float, *, skip: bool
) -> tuple[Chosen, Positions]:
    """Fund by turns of areas: what was chosen, and at which turn of its area (0 = none), shape (n,).

    Arguments: proposals in `order`, `area` of each, areas in order of `turns`, `ask` and `budget` in one unit.
    """
    waiting = {int(next_area): [at for at in order.tolist() if area[at] == next_area] for next_area in turns}
    won, left = np.zeros(len(ask), dtype=bool), np.zeros(len(ask), dtype=ask.dtype)
    turn = np.zeros(len(ask), dtype=np.int64)
    available, number = budget, 0
    while any(waiting.values()):
        number += 1
        for next_area in turns.tolist():
            while waiting[next_area]:
                at = waiting[next_area].pop(0)
                left[at] = available
                if ask[at] <= available:
                    won[at], turn[at] = True, number
                    available -= ask[at].item()
                    break
                if not skip:
                    left[waiting[next_area]] = available
                    waiting[next_area].clear()
    return Chosen(won, left), turn
