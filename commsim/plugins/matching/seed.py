"""Seed money and thresholds: a project comes about once residents have raised enough themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from commsim.contracts import Award, Choices, RoundView, Rule, Terms, parameter
from commsim.contracts.dividing import divide_by_id
from commsim.i18n import Bilingual, Text, _
from commsim.money import fen, in_yuan, largest_remainder
from commsim.plugins.shared.residents_part import (
    NEEDS,
    Brought,
    announced,
    brought,
    counts_parameter,
    hour_parameter,
    kinds_counted,
)

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class ProvisionPointParams:
    """Parameters of the provision point."""

    threshold_share: float = parameter(
        0.3,
        label=Bilingual(en="Own share", zh="自筹比例"),
        doc=Bilingual(
            en="Share of the ask that residents have to raise themselves.", zh="居民须自筹的部分占申请额的比例。"
        ),
        unit="share of the ask",
        ge=0.0,
        le=1.0,
        sweep=(0.0, 1.0),
        reference="assumption",
    )
    threshold_yuan: float | None = parameter(
        None,
        label=Bilingual(en="Own amount", zh="自筹数额"),
        doc=Bilingual(
            en="Amount that residents have to raise, in place of the share; none = use the share.",
            zh="居民须自筹的数额，代替比例；none 表示用比例。",
        ),
        unit="yuan",
        ge=0.0,
        sweep=(100.0, 5000.0),
        reference="Shimen Road No. 2 trial: 500 RMB (CRI Shanghai, 2017-06-09)",
    )
    refund: bool = parameter(
        True,
        label=Bilingual(en="Refund", zh="退还出资"),
        doc=Bilingual(en="Give pledges back where a project fails.", zh="项目未成时退还出资。"),
        reference="Bagnoli and Lipman 1989; List and Lucking-Reiley 2002",
    )
    rebate: str = parameter(
        "none",
        label=Bilingual(en="Surplus gifts", zh="超额出资"),
        doc=Bilingual(
            en="What happens to gifts beyond what it takes: none (they replace public money, and what exceeds the cost "
            "stays with the project), proportional (the same, but what exceeds the cost goes back) or extra (what is "
            "above the threshold comes on top of the public money and enlarges the project).",
            zh="超额出资的处理：none 抵减公共资金，超出费用的部分留给项目；"
            "proportional 同前，但超出费用的部分按比例退还；extra 超出门槛的部分不抵减公共资金，用于扩大项目。",
        ),
        choices=("none", "proportional", "extra"),
        reference="Marks and Croson 1998: no rebate, proportional rebate, utilisation rebate",
    )
    seed_counts: bool = parameter(
        False,
        label=Bilingual(en="Seed counts", zh="种子资金计入"),
        doc=Bilingual(
            en="Count the announced seed towards the threshold, so that residents raise only what it leaves.",
            zh="已公布的种子资金计入门槛，居民只需筹足其余部分。",
        ),
        reference="Bagnoli and Lipman 1989: the point is reached by gifts and what is there already",
    )
    seed_share: float = parameter(
        0.5,
        label=Bilingual(en="Seed share", zh="种子资金比例"),
        doc=Bilingual(
            en="Share of the ask announced as public seed money before residents are asked.",
            zh="动员前公布的公共种子资金占申请额的比例。",
        ),
        unit="share of the ask",
        ge=0.0,
        le=1.0,
        sweep=(0.0, 0.67),
        reference="List and Lucking-Reiley 2002: 10, 33 or 67% of the goal",
    )
    counts: str = counts_parameter()
    hour_yuan: float = hour_parameter()

    def __post_init__(self) -> None:
        kinds_counted(self)


@dataclass(frozen=True)
class Outcome:
    """What came of a round: by proposal whether it is `funded`, the fen `paid`, and whether it met its threshold."""

    funded: NDArray[np.bool_]
    paid: Whole
    met: NDArray[np.bool_]


class ProvisionPoint(Rule):
    """A threshold that residents raise themselves, seed money announced beforehand, money back if it fails.

    Definition: project j with ask c_j is funded iff residents' own pledges P_j reach T_j = threshold_share · c_j (or
    threshold_yuan, at most c_j). The announced seed is *not* counted towards T_j: it is what the public adds, and the
    terms call the threshold residents' own money. With `seed_counts` it is: residents have to raise T_j less the seed.
    A funded project gets what the pledges leave of its ask, in the fund's order while money lasts; the announced seed
    of every project that met its threshold is kept back for it. A project that met its threshold but could not be
    started with what it would get (less than its minimum), or for which nothing was left, fails like the others. Who
    fails gets pledges back in full (`refund`). Seeds that together exceed the budget shrink in proportion.

    What residents give above the point (`rebate`) takes the place of public money, and beyond the ask it stays with the
    project (none) or goes back in proportion to gifts (proportional); or it comes on top (extra): then the public pays
    up to c_j less what residents had to raise, however much they gave.

    Towards T_j counts cash, and as `counts` says also promised hours, each worth `hour_yuan`, and goods and rooms. Only
    cash takes the place of public money, and only cash goes back: hours and goods open the door, they pay no bill.

    Properties: conserves money; a refund removes the fear of giving in vain. Sources: Bagnoli and Lipman 1989; Marks
    and Croson 1998; List and Lucking-Reiley 2002; Shanghai, Shimen Road No. 2 (T = 500 RMB).

    >>> from commsim.rules import evaluate
    >>> evaluate("seed.provision_point", {"threshold": 100, "pledges": [30, 40, 20]})
    {'funded': False, 'refunds': [30.0, 40.0, 20.0]}
    >>> given = {"threshold": 100, "ask": 300, "pledges": [30, 40], "pledged_hours": [2]}
    >>> evaluate("seed.provision_point(counts=cash+hours)", given)
    {'funded': True, 'refunds': [0.0, 0.0]}
    """

    id = "seed.provision_point"
    also_called: ClassVar[tuple[str, ...]] = ("assurance contract", "crowdfunding", "kickstarter", "all or nothing")
    title = Bilingual(en="Seed money with a threshold", zh="种子资金加自筹门槛")
    summary = Bilingual(
        en="Once residents raise a threshold themselves, public money completes the project; otherwise they get "
        "their money back.",
        zh="居民自筹达到门槛，公共资金补足项目；未达到则退还出资。",
    )
    family = "seed"
    needs = NEEDS
    properties = frozenset({"conserves_money", "anonymous"})
    source = "Bagnoli and Lipman 1989; Marks and Croson 1998; List and Lucking-Reiley 2002"
    Params = ProvisionPointParams

    def open_round(self, view: RoundView) -> Terms:
        """Announce threshold, refund and seed, and what counts towards the threshold."""
        threshold, seed = self._threshold(view), self._seed(view)
        return Terms(threshold=threshold, refund=self.params.refund, seed_announced=seed, **announced(self.params))

    def settle(self, view: RoundView) -> Award:
        """Fund what met its threshold; give back what was given to the rest."""
        given = brought(view, self.params)
        threshold, seed = self._threshold(view), self._promised(view)
        outcome = provide(view, given, threshold, seed, self._counted(view, given.cash))
        refunds = refunds_of(view.pledges, outcome.funded, self._excess(view, given.cash), self.params.refund)
        reasons = tuple(given.told(_reason(view, given, threshold, outcome, at), at) for at in range(len(threshold)))
        return Award(
            paid=outcome.paid,
            reasons=reasons,
            refunds=refunds,
            diagnostics={"met_threshold": float(outcome.met.sum()), "funded": float(outcome.funded.sum())},
        )

    def _threshold(self, view: RoundView) -> Whole:
        """What residents have to raise themselves."""
        ask: Whole = view.proposals.ask
        if self.params.threshold_yuan is not None:
            threshold: Whole = np.minimum(ask, fen(self.params.threshold_yuan))
        else:
            threshold = np.rint(self.params.threshold_share * ask).astype(np.int64)
        return np.maximum(threshold - self._promised(view), 0) if self.params.seed_counts else threshold

    def _counted(self, view: RoundView, pledged: Whole) -> Whole:
        """Gifts that take the place of public money."""
        return np.minimum(pledged, self._threshold(view)) if self.params.rebate == "extra" else pledged

    def _seed(self, view: RoundView) -> Whole:
        seed = np.rint(self.params.seed_share * view.proposals.ask).astype(np.int64)
        return divide_by_id(view.budget, seed, view.proposals.id) if seed.sum() > view.budget else seed

    def _promised(self, view: RoundView) -> Whole:
        announced = None if view.terms is None else view.terms.seed_announced
        if isinstance(announced, np.ndarray) and announced.shape == (len(view.proposals),):
            return announced
        return self._seed(view)

    def _excess(self, view: RoundView, pledged: Whole) -> Whole:
        beyond = np.maximum(pledged - view.proposals.ask, 0)
        return beyond if self.params.rebate == "proportional" else np.zeros_like(beyond)


def provide(view: RoundView, given: Brought, threshold: Whole, seed: Whole, counted: Whole) -> Outcome:
    """Who is funded and with how much public money: seeds of those that met the threshold first, then top-ups in order.

    Arguments: what was pledged (`given`), and in fen by proposal `threshold`, `seed` announced, gifts `counted` towards
    the ask.
    """
    ask, minimum = view.proposals.ask, view.proposals.minimum_viable
    met = given.fen >= threshold
    missing = np.maximum(ask - counted, 0)
    reserved = np.where(met, np.minimum(seed, missing), 0)
    free = view.budget - int(reserved.sum())
    paid, funded = np.zeros_like(ask), np.zeros(len(ask), dtype=bool)
    for position in view.order.tolist():
        if not met[position]:
            continue
        offer = min(int(missing[position]), int(reserved[position]) + max(free, 0))
        starts = given.cash[position] + offer >= min(minimum[position], ask[position])
        funded[position] = starts and (offer > 0 or missing[position] == 0)
        paid[position] = offer if funded[position] else 0
        free += int(reserved[position] - paid[position])
    return Outcome(funded, paid, met)


def refunds_of(pledges: Choices, funded: NDArray[np.bool_], excess: Whole, refund: bool) -> Whole:
    """Fen given back by pledge: all of it where a project fails (if `refund`), a part of any excess where it succeeds.

    Arguments: `funded` and `excess` (fen to give back) by proposal. Returns int64 in the order of `pledges.amount`.
    """
    refunds = np.where(funded[pledges.proposal], 0, pledges.amount if refund else 0).astype(np.int64)
    for project in np.flatnonzero(funded & (excess > 0)):
        given = np.flatnonzero(pledges.proposal == project)
        refunds[given] = largest_remainder(int(excess[project]), pledges.amount[given])
    return refunds


def _reason(view: RoundView, given: Brought, threshold: Whole, outcome: Outcome, position: int) -> Text:
    values = {
        "pledged": in_yuan(given.fen[position]),
        "threshold": in_yuan(threshold[position]),
        "paid": in_yuan(outcome.paid[position]),
        "ask": in_yuan(view.proposals.ask[position]),
        "minimum": in_yuan(view.proposals.minimum_viable[position]),
    }
    if not outcome.met[position]:
        return _("nothing: residents pledged {pledged} yuan of the {threshold} yuan that they had to raise").format(
            **values
        )
    if not outcome.funded[position] and given.cash[position] >= view.proposals.minimum_viable[position]:
        return _(
            "nothing: residents pledged {pledged} yuan and met the threshold of {threshold}, but no money was left"
        ).format(**values)
    if not outcome.funded[position]:
        return _(
            "nothing: residents pledged {pledged} yuan and met the threshold of {threshold}, but with the money left "
            "the project does not reach the {minimum} yuan it takes to start"
        ).format(**values)
    return _(
        "{paid} yuan: residents pledged {pledged} yuan, at least the threshold of {threshold}; it asks for {ask} yuan"
    ).format(**values)
