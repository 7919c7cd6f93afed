"""Residents say how they would divide the budget; the rule makes one division of theirs.

Arithmetic: `share` has shape (rows, options), rows summing to 1; `count` says how many residents proposed each row.
Divisions have shape (options,) and sum to 1.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import scipy  # its parts load when they are used
from numpy.typing import NDArray

from commsim.contracts import Award, Ballot, RoundView, Rule, Splits, Terms, parameter
from commsim.i18n import Bilingual, Text, _
from commsim.money import in_yuan
from commsim.plugins.shared.dividing import Floats, InOrder, Whole, pay_in_order, whole_shares

Counts = NDArray[np.int64]


def mean_split(share: Floats, count: Counts) -> Floats:
    """The mean of the proposed divisions."""
    return np.asarray(count @ share / count.sum())


def median_split(share: Floats, count: Counts) -> Floats:
    """The median part of each option (midpoint of the middle two), divided by their sum; the mean where all are 0."""
    medians = np.zeros(share.shape[1])
    whole = int(count.sum())
    for option, parts in enumerate(share.T):
        order = np.argsort(parts, kind="stable")
        reached = np.cumsum(count[order])
        lower, upper = np.searchsorted(reached, [(whole + 1) // 2, whole // 2 + 1])
        medians[option] = (parts[order[lower]] + parts[order[upper]]) / 2
    total = medians.sum()
    return np.asarray(medians / total) if total > 0 else mean_split(share, count)


def independent_markets(share: Floats, count: Counts) -> Floats:
    """Medians with phantoms min(t(n − k), 1), k = 0 … n, and t such that they sum to 1 (Freeman et al. 2021).

    With votes sorted from the highest, the median of n votes and n + 1 phantoms is max_a min(v_a, t·a): where the
    line t·a crosses the votes.
    """
    order = np.argsort(-share, axis=0, kind="stable")
    votes = np.take_along_axis(share, order, axis=0)
    voters = np.cumsum(count[order], axis=0).astype(np.float64)

    def medians(t: float) -> Floats:
        return np.asarray(np.minimum(votes, np.minimum(t * voters, 1.0)).max(axis=0))

    low, high = 0.0, 1.0
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if medians(middle).sum() < 1 else (low, middle)
    found = medians(high)
    return np.asarray(found / found.sum())


def nash_split(share: Floats, count: Counts) -> Floats:
    """The division x with the greatest Σ log u_i(x), where u_i(x) = Σ_j v_ij x_j is what x gives to what i wants.

    Cover's iteration (1984) comes near; sequential quadratic programming finishes. Each option's mean v_ij / u_i is at
    most 1, and 1 where x_j is above 0.
    """
    weight = count / count.sum()

    def gradient(x: Floats) -> Floats:
        return np.asarray((weight / (share @ x)) @ share)

    def loss(x: Floats) -> float:
        return -float(weight @ np.log(np.maximum(share @ x, np.finfo(np.float64).tiny)))

    x = mean_split(share, count)
    for _step in range(200):
        x = x * gradient(x)
    polished = scipy.optimize.minimize(
        loss,
        x,
        jac=lambda at: -(weight / np.maximum(share @ at, np.finfo(np.float64).tiny)) @ share,
        bounds=[(0.0, 1.0)] * x.size,
        constraints=[{"type": "eq", "fun": lambda at: at.sum() - 1, "jac": np.ones_like}],
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 200},
    ).x
    polished = np.maximum(polished, 0.0) / max(polished.sum(), np.finfo(np.float64).tiny)
    return np.asarray(polished if loss(polished) < loss(x) else x / x.sum())


@dataclass(frozen=True)
class DivisibleParams:
    """Parameters of rules that residents' splits decide."""

    over: str = parameter(
        "areas",
        label=Bilingual(en="Divide among", zh="分配对象"),
        doc=Bilingual(
            en="What residents divide the budget among: areas or categories.",
            zh="居民在何者间分配：areas 区域，categories 类别。",
        ),
        choices=("areas", "categories"),
        reference="assumption",
    )
    respread: bool = parameter(
        False,
        label=Bilingual(en="Share again", zh="余额再分"),
        doc=Bilingual(
            en="Share again in proportion what exceeds an option's asks; otherwise it stays unspent.",
            zh="某选项申请额用不完的部分按比例再分；否则留存不用。",
        ),
        reference="Thomson 2003: what a capped claimant leaves is shared again (constrained equal awards)",
    )


class SplitRule(Rule, ABC):
    """Residents' splits make one division among areas or domains; inside each, proposals are paid in the fund's order.

    Where nobody proposed a split every option counts the same. An option gets at most what its proposals ask for.
    """

    Params: ClassVar[type] = DivisibleParams
    family = "divisible"
    needs = frozenset({"splits"})

    @abstractmethod
    def division(self, share: Floats, count: Counts) -> Floats:
        """The division made of residents' own, shape (options,), summing to 1."""

    def open_round(self, view: RoundView) -> Terms:
        """Announce that residents divide the budget."""
        return Terms(ballot=Ballot("split", over=self.params.over))

    def settle(self, view: RoundView) -> Award:
        """Divide as residents want, then pay in order inside each option."""
        splits = view.splits
        weights = self._weights(splits)
        pots, outcome = self._divide(view, splits, weights)
        reasons = tuple(
            _reason(view, splits, weights, pots, outcome, position) for position in range(len(view.proposals))
        )
        unspent = float(view.budget - int(outcome.paid.sum()))
        return Award(
            paid=outcome.paid,
            reasons=reasons,
            diagnostics={"unspent_fen": unspent, "voters": float(splits.count.sum())},
        )

    def _weights(self, splits: Splits) -> Floats:
        options = len(splits.options)
        if not splits.count.sum():
            return np.full(options, 1 / max(options, 1))
        return self.division(splits.share, splits.count)

    def _divide(self, view: RoundView, splits: Splits, weights: Floats) -> tuple[Whole, InOrder]:
        ask, group = view.proposals.ask, splits.of_proposal
        asks = np.zeros(len(splits.options) + 1, dtype=np.int64)
        np.add.at(asks, group, ask)
        pots = whole_shares(view.budget, asks[:-1], weights, splits.options, respread=self.params.respread)
        # Proposals that belong to no option have index −1 and so an empty pot of their own.
        pots = np.append(pots, 0)
        return pots, pay_in_order(view.order, group, pots, ask, view.proposals.minimum_viable)


def _reason(view: RoundView, splits: Splits, weights: Floats, pots: Whole, outcome: InOrder, position: int) -> Text:
    option = int(splits.of_proposal[position])
    values = {
        "paid": in_yuan(outcome.paid[position]),
        "ask": in_yuan(view.proposals.ask[position]),
        "share": in_yuan(pots[option]),
        "option": splits.options[option] if option >= 0 else "–",
        "part": f"{float(weights[option]) if option >= 0 else 0.0:.1%}",
        "voters": int(splits.count.sum()),
        "left": in_yuan(outcome.left[position]),
    }
    if outcome.paid[position]:
        return _(
            "{paid} of {ask} yuan, from the {share} yuan that fall to {option}: {part} by the splits of "
            "{voters} residents"
        ).format(**values)
    return _(
        "nothing: {left} yuan were left of the {share} that fall to {option}: {part} by the splits of "
        "{voters} residents"
    ).format(**values)


class MeanSplit(SplitRule):
    """The mean of residents' divisions.

    Definition: x = mean of the proposed splits. Properties: proportional; exaggerating pays. Source: usual practice.

    >>> from commsim.rules import evaluate
    >>> evaluate("divisible.mean", {"votes": [[1, 0], [0.5, 0.5]]})
    [0.75, 0.25]
    """

    id = "divisible.mean"
    title = Bilingual(en="Mean of residents' splits", zh="居民分配方案均值")
    summary = Bilingual(en="The budget is divided as residents would on average.", zh="按居民分配方案的平均值分配。")
    properties = frozenset({"proportional", "anonymous"})
    source = "usual practice"

    def division(self, share: Floats, count: Counts) -> Floats:
        """The mean."""
        return mean_split(share, count)


class MedianSplit(SplitRule):
    """The median of residents' divisions, brought to a sum of 1.

    Definition: x_j = median part of option j, divided by the sum of the medians; where all medians are 0, the mean.
    Properties: no single resident moves it far; dividing by the sum costs strategy-proofness. Source: usual practice.

    >>> from commsim.rules import evaluate
    >>> evaluate("divisible.median", {"votes": [[0.5, 0.5], [0.5, 0.5], [1, 0]]})
    [0.5, 0.5]
    """

    id = "divisible.median"
    title = Bilingual(en="Median of residents' splits", zh="居民分配方案中位数")
    summary = Bilingual(
        en="Each area gets the middle of what residents would give it.", zh="各选项取居民所提份额的中位数。"
    )
    properties = frozenset({"anonymous"})
    source = "usual practice"

    def division(self, share: Floats, count: Counts) -> Floats:
        """The normalised median."""
        return median_split(share, count)


class IndependentMarkets(SplitRule):
    """Medians with moving phantoms: truthful, and proportional where everyone wants one thing.

    Definition: for each option the median of the n votes and n + 1 phantoms min(t(n − k), 1), k = 0 … n, with t such
    that the medians sum to 1. Properties: strategy-proof for residents who mind the l1 distance, proportional on
    single-minded votes; not Pareto-optimal. Source: Freeman, Pennock, Peters and Vaughan 2021.

    >>> from commsim.rules import evaluate
    >>> came = evaluate("divisible.independent_markets", {"votes": [[1, 0, 0], [1, 0, 0], [0, 1, 0]]})
    >>> [round(share, 4) for share in came]
    [0.6667, 0.3333, 0.0]
    """

    id = "divisible.independent_markets"
    title = Bilingual(en="Independent markets", zh="独立市场机制")
    summary = Bilingual(
        en="A median of residents' splits under which nobody gains by exaggerating.",
        zh="居民方案的一种中位数，夸大无益。",
    )
    properties = frozenset({"strategy_proof_l1", "proportional_single_minded", "anonymous"})
    source = "Freeman, Pennock, Peters and Vaughan 2021"

    def division(self, share: Floats, count: Counts) -> Floats:
        """See `independent_markets`."""
        return independent_markets(share, count)


class NashSplit(SplitRule):
    """The division with the greatest product of residents' satisfactions.

    Definition: argmax Σ_i log u_i(x), u_i(x) = Σ_j v_ij x_j. Properties: in the core, proportional for groups; not
    strategy-proof. Source: Bogomolnaia, Moulin and Stong 2005; Fain, Goel and Munagala 2016; a convex programme.

    >>> from commsim.rules import evaluate
    >>> [round(share, 4) for share in evaluate("divisible.nash", {"votes": [[1, 0, 0], [1, 0, 0], [0, 1, 0]]})]
    [0.6667, 0.3333, 0.0]
    """

    id = "divisible.nash"
    also_called = ("nash welfare", "max nash", "product of utilities")
    title = Bilingual(en="Nash division", zh="纳什乘积最大分配")
    summary = Bilingual(en="The product of residents' satisfactions is greatest.", zh="使居民满意度之积最大。")
    properties = frozenset({"proportional_single_minded", "core", "anonymous"})
    source = "Bogomolnaia, Moulin and Stong 2005; Fain, Goel and Munagala 2016"

    def division(self, share: Floats, count: Counts) -> Floats:
        """See `nash_split`."""
        return nash_split(share, count)
