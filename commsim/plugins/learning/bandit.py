"""Learning allocators: areas as arms, participation per yuan as reward. They explore on real people; that is stated."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
import scipy  # its parts load when they are used
from numpy.typing import NDArray

from commsim.contracts import Award, RoundView, Rule, parameter
from commsim.i18n import Bilingual, Text, _
from commsim.money import FEN_PER_YUAN, in_yuan
from commsim.natural_order import natural_rank
from commsim.plugins.shared.dividing import pay_in_order

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Learned:
    """What earlier rounds taught of each area, shape (areas,): `pulls`, rounds in which it was paid; `mean` reward."""

    pulls: NDArray[np.int64]
    mean: Floats
    squares: Floats
    """Mean of squared rewards."""


def learned(view: RoundView) -> Learned:
    """Rewards of earlier rounds by area: participants per 1,000 yuan, or, where rounds do not tell, completed projects.

    Reads `history` rows: `area` ids by proposal, `paid` fen, `participants` or `completed`; what a row lacks counts 0.
    """
    ids = list(view.areas.id)
    pulls, sums, squares = np.zeros(len(ids), np.int64), np.zeros(len(ids)), np.zeros(len(ids))
    for row in view.history:
        areas = row.get("areas", ())
        gained = row.get("participants", row.get("completed", np.zeros(len(areas))))
        paid_by, gained_by = dict.fromkeys(ids, 0.0), dict.fromkeys(ids, 0.0)
        for area, paid, gain in zip(areas, row.get("paid", ()), gained, strict=False):
            if area in paid_by:
                paid_by[area] += float(paid)
                gained_by[area] += float(gain)
        for at, area in enumerate(ids):
            if paid_by[area] > 0:
                reward = gained_by[area] / (paid_by[area] / FEN_PER_YUAN / 1000)
                pulls[at] += 1
                sums[at] += reward
                squares[at] += reward**2
    at_least = np.maximum(pulls, 1)
    return Learned(pulls, sums / at_least, squares / at_least)


class Bandit(Rule, ABC):
    """What bandits share: areas by an index of what was learned, then proposals area by area while money lasts.

    The reward of an area in a round is participants (or completed projects) per 1,000 yuan paid there. Areas that were
    never paid come first, by the round's draw. An area's proposals are paid in the fund's order, the last in part where
    that can start it. Every bandit gives money to areas in order to learn: it explores on real people, and where
    rewards drift it may have learned what no longer holds.
    """

    family = "bandit"
    needs = frozenset({"history"})
    properties = frozenset({"explores"})

    @abstractmethod
    def index(self, view: RoundView, known: Learned) -> Floats:
        """The larger, the sooner an area is paid; infinite where it has to be tried, shape (areas,)."""

    def settle(self, view: RoundView) -> Award:
        """Pay areas by falling index (ties by draw)."""
        known = learned(view)
        index = np.where(known.pulls == 0, np.inf, self.index(view, known))
        luck = view.draw("area", view.areas.id)
        ranked = np.lexsort((natural_rank(view.areas.id), luck, -index))
        place = np.argsort(ranked)
        area = view.proposals.area
        order = view.order[np.argsort(place[area[view.order]], kind="stable")]
        one_pot = np.zeros(len(area), dtype=np.int64)
        ask, minimum = view.proposals.ask, view.proposals.minimum_viable
        paid = pay_in_order(order, one_pot, np.array([view.budget]), ask, minimum).paid
        reasons = tuple(
            _reason(view, known, index, int(place[area[at]]) + 1, int(paid[at]), at) for at in range(len(area))
        )
        return Award(paid=paid, reasons=reasons, diagnostics={"areas_untried": float((known.pulls == 0).sum())})


def _reason(view: RoundView, known: Learned, index: Floats, rank: int, paid: int, at: int) -> Text:
    area = int(view.proposals.area[at])
    values = {
        "paid": in_yuan(paid),
        "area": str(view.areas.id[area]),
        "rank": rank,
        "mean": f"{known.mean[area]:.2f}",
        "index": f"{index[area]:.2f}",
        "rounds": int(known.pulls[area]),
    }
    if known.pulls[area] == 0:
        return _("{paid} yuan: area {area} has not been tried and is place {rank} in the order of areas").format(
            **values
        )
    return _(
        "{paid} yuan: area {area} is place {rank}; it drew {mean} for each 1,000 yuan in {rounds} rounds "
        "(index {index})"
    ).format(**values)


@dataclass(frozen=True)
class EpsilonParams:
    """Parameters of the ε-greedy bandit."""

    epsilon: float = parameter(
        0.1,
        label=Bilingual(en="Exploration", zh="探索概率"),
        doc=Bilingual(en="Chance that a round's order is drawn instead of learned.", zh="随机排序（探索）的概率。"),
        unit="probability",
        ge=0.0,
        le=1.0,
        sweep=(0.0, 0.5),
        reference="Auer, Cesa-Bianchi and Fischer 2002",
    )


class EpsilonGreedy(Bandit):
    """With probability 1 − ε areas by mean reward, otherwise in a drawn order. Source: Auer et al. 2002.

    >>> from commsim.rules import evaluate
    >>> past = {"areas": ["a1", "a2"], "paid": [100000, 100000], "participants": [5, 9]}
    >>> evaluate("bandit.eps(epsilon=0)", {"budget": 10, "asks": [10, 10], "areas": ["a1", "a2"], "history": [past]})
    {'p1': 0.0, 'p2': 10.0}
    """

    id = "bandit.eps"
    also_called = ("epsilon greedy", "eps greedy")
    title = Bilingual(en="Learning by trial (ε-greedy)", zh="试验学习（ε-贪心）")
    summary = Bilingual(
        en="Money goes where it drew most before; now and then at random.", zh="投向以往成效最好的区域，偶尔随机尝试。"
    )
    source = "Auer, Cesa-Bianchi and Fischer 2002"
    Params = EpsilonParams

    def index(self, view: RoundView, known: Learned) -> Floats:
        """The mean, or the same for all."""
        explore = view.draw("explore", [str(view.round)])[0] < self.params.epsilon
        return np.zeros_like(known.mean) if explore else known.mean


@dataclass(frozen=True)
class UcbParams:
    """Parameters of UCB1."""

    width: float = parameter(
        1.0,
        label=Bilingual(en="Width of doubt", zh="不确定性权重"),
        doc=Bilingual(
            en="Weight of what is not known: 1 = the published index, in units of the largest reward seen.",
            zh="不确定性的权重：1 为原文指标（以观察到的最大回报为单位）。",
        ),
        unit="factor",
        ge=0.0,
        le=10.0,
        sweep=(0.1, 3.0),
        reference="Auer, Cesa-Bianchi and Fischer 2002",
    )


class UpperConfidence(Bandit):
    """UCB1: x̄_a + width · R · √(2 ln N / n_a), with R the largest mean reward. Regret O(log T).

    Source: Auer et al. 2002.

    >>> from commsim.rules import evaluate
    >>> past = {"areas": ["a1", "a2"], "paid": [100000, 100000], "participants": [5, 9]}
    >>> evaluate("bandit.ucb1", {"budget": 10, "asks": [10, 10], "areas": ["a1", "a2"], "history": [past]})
    {'p1': 0.0, 'p2': 10.0}
    """

    id = "bandit.ucb1"
    also_called = ("ucb", "upper confidence bound")
    title = Bilingual(en="Learning with the benefit of the doubt (UCB1)", zh="乐观学习（UCB1）")
    summary = Bilingual(
        en="Money goes where it may draw most, given how little is known.", zh="结合不确定性，投向可能成效最好的区域。"
    )
    source = "Auer, Cesa-Bianchi and Fischer 2002"
    Params = UcbParams

    def index(self, view: RoundView, known: Learned) -> Floats:
        """Upper confidence bounds."""
        return upper_bounds(known.mean, known.pulls, self.params.width * max(float(known.mean.max(initial=0.0)), 0.0))


def upper_bounds(mean: Floats, pulls: NDArray[np.int64], reach: float) -> Floats:
    """The index of UCB1: x̄ + reach · √(2 ln N / n), N all pulls; arms that were never pulled are infinite.

    Arguments, by arm: `mean` reward and `pulls`; `reach`: 1 for rewards within 0–1 (Auer et al. 2002, Figure 1), else
    about the largest reward, in its unit.

    >>> upper_bounds(np.array([0.5, 0.9]), np.array([4, 0]), 1.0).round(4).tolist()
    [1.3326, inf]
    """
    whole = max(int(pulls.sum()), 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        bounds = mean + reach * np.sqrt(2 * np.log(whole) / pulls)
    return np.where(pulls > 0, bounds, np.inf)


class Thompson(Bandit):
    """Thompson sampling with a normal likelihood: areas by a draw from N(x̄_a, s² / n_a), s from all rewards.

    Source: Thompson 1933; Agrawal and Goyal 2013 (normal version).

    >>> from commsim.rules import evaluate
    >>> past = {"areas": ["a1", "a2"], "paid": [100000, 100000], "participants": [5, 9]}
    >>> evaluate("bandit.thompson", {"budget": 20, "asks": [10, 10], "areas": ["a1", "a2"], "history": [past]})
    {'p1': 10.0, 'p2': 10.0}
    """

    id = "bandit.thompson"
    title = Bilingual(en="Learning by sampling (Thompson)", zh="抽样学习（Thompson）")
    summary = Bilingual(en="Money goes to areas with the chance that they are best.", zh="按各区域成为最优的概率投放。")
    source = "Thompson 1933; Agrawal and Goyal 2013"

    def index(self, view: RoundView, known: Learned) -> Floats:
        """One draw for each area."""
        tried = known.pulls > 0
        if not tried.any():
            return np.zeros_like(known.mean)
        weight = known.pulls / known.pulls.sum()
        variance = float(weight @ known.squares - (weight @ known.mean) ** 2)
        spread = np.sqrt(max(variance, 0.0) / np.maximum(known.pulls, 1))
        return np.asarray(known.mean + spread * scipy.special.ndtri(view.draw("thompson", view.areas.id)))


class SequentialHalving(Bandit):
    """Sequential halving: after each round of trying all that are left, the worse half is dropped.

    All areas that are left are tried once more, then the better half by mean reward (⌈half⌉) stays, until one does.
    Source: Karnin, Koren and Somekh 2013.

    >>> from commsim.rules import evaluate
    >>> past = {"areas": ["a1", "a2"], "paid": [100000, 100000], "participants": [5, 9]}
    >>> asked = {"budget": 10, "asks": [10, 10], "areas": ["a1", "a2"], "history": [past]}
    >>> evaluate("bandit.sequential_halving", asked)
    {'p1': 0.0, 'p2': 10.0}
    """

    id = "bandit.sequential_halving"
    title = Bilingual(en="Learning by halving", zh="逐轮减半学习")
    summary = Bilingual(en="Every round the worse half of the areas is passed over.", zh="每轮淘汰成效较差的一半区域。")
    source = "Karnin, Koren and Somekh 2013"

    def index(self, view: RoundView, known: Learned) -> Floats:
        """Those still in the race before the others, each by mean."""
        alive, tries = np.arange(len(known.mean)), 0
        while len(alive) > 1 and known.pulls[alive].min() > tries:
            best = np.lexsort((natural_rank(view.areas.id)[alive], -known.mean[alive]))
            alive, tries = alive[best[: (len(alive) + 1) // 2]], tries + 1
        index = known.mean.copy()
        index[alive] += float(known.mean.max(initial=0.0)) + 1
        return index
