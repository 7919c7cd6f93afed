"""Lots: among all, by tickets, or only where a panel cannot tell proposals apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy  # its parts load when they are used
from numpy.typing import NDArray

from commsim.contracts import Award, RoundView, Rule, Terms, parameter
from commsim.i18n import Bilingual, Text, _
from commsim.natural_order import natural_rank
from commsim.plugins.shared import marks as judging
from commsim.plugins.shared.choosing import (
    Floats,
    ListParams,
    ListRule,
    Positions,
    award_of,
    best_first,
    down_the_list,
    places,
    skip_parameter,
    tied,
)


class FullLottery(ListRule):
    """Lots decide among all proposals.

    Definition: proposals in a random order, each the same chance for every place; each is funded if its ask is at most
    what is left. The chance is announced as budget / Σ asks, which it is for equal asks. Properties: the same chance
    for everyone beforehand; quality plays no part. Source: usual practice.

    >>> from commsim.rules import evaluate
    >>> evaluate("lottery.full", {"budget": 100, "projects": {"a": 50, "b": 50, "c": 50, "d": 50}})
    {'inclusion_probability': [0.5, 0.5, 0.5, 0.5]}
    """

    id = "lottery.full"
    also_called = ("sortition", "random", "抽签")
    title = Bilingual(en="Lottery", zh="抽签")
    summary = Bilingual(en="Lots decide which proposals are paid in full.", zh="由抽签决定资助哪些项目。")
    family = "lottery"
    properties = frozenset({"equal_chances"})
    source = "usual practice"

    def open_round(self, view: RoundView) -> Terms:
        """Announce the chance."""
        return Terms(odds=odds(view))

    def ranking(self, view: RoundView) -> tuple[Positions, Sequence[Text]]:
        """By lot."""
        order = drawn(view.draw("lottery", view.proposals.id), np.ones(len(view.proposals)))
        place, n = places(order), len(order)
        return order, [_("drawn as number {place} of {n}").format(place=int(number), n=n) for number in place]


def odds(view: RoundView) -> float:
    """The share of all asks that the budget covers, at most 1."""
    asked = int(view.proposals.ask.sum())
    return min(1.0, view.budget / asked) if asked else 1.0


def drawn(uniforms: Floats, tickets: Floats) -> Positions:
    """Positions in the order of a draw without replacement, chances in proportion to `tickets`.

    By keys −ln(u) / tickets (Efraimidis and Spirakis 2006). Who has no ticket comes last.
    """
    key = np.divide(-np.log(uniforms), tickets, out=np.full(tickets.shape, np.inf), where=tickets > 0)
    return np.lexsort((-uniforms, key)).astype(np.int64)


@dataclass(frozen=True)
class WeightedParams(ListParams):
    """Parameters of the lottery by tickets."""

    tickets: str = parameter(
        "beneficiaries",
        label=Bilingual(en="Tickets", zh="签数依据"),
        doc=Bilingual(
            en="What counts as tickets: beneficiaries, readiness, or need (surveyed need of the area).",
            zh="以何作为签数：beneficiaries 受益人数，readiness 成熟度，need 区域需求。",
        ),
        choices=("beneficiaries", "readiness", "need"),
        reference="assumption",
    )
    skip: bool = skip_parameter()


class WeightedLottery(ListRule):
    """Lots decide, with more tickets for some.

    Definition: drawn one after another without replacement, each time with chances in proportion to the tickets of
    those that are left; each drawn is funded if its ask is at most what is left. Proposals without tickets come last.
    Properties: chances rise with tickets. Source: usual practice; Efraimidis and Spirakis 2006 for the draw.

    >>> from commsim.rules import evaluate
    >>> evaluate("lottery.weighted", {"tickets": [1, 1, 2], "line": 1})
    {'inclusion_probability': [0.25, 0.25, 0.5]}
    """

    id = "lottery.weighted"
    title = Bilingual(en="Weighted lottery", zh="加权抽签")
    summary = Bilingual(en="Lots decide; some proposals have more tickets.", zh="抽签决定，签数按权重而定。")
    family = "lottery"
    needs = frozenset({"beneficiaries", "readiness", "need"})
    properties = frozenset({"chances_rise_with_tickets"})
    source = "Efraimidis and Spirakis 2006"
    Params = WeightedParams

    def open_round(self, view: RoundView) -> Terms:
        """Announce the chance of a proposal with a mean number of tickets."""
        return Terms(odds=odds(view))

    def ranking(self, view: RoundView) -> tuple[Positions, Sequence[Text]]:
        """By lot, chances by tickets."""
        tickets = self._tickets(view)
        order = drawn(view.draw("lottery", view.proposals.id), tickets)
        place, n = places(order), len(order)
        words = _("drawn as number {place} of {n}, with {share:.1%} of the tickets")
        share = tickets / max(tickets.sum(), np.finfo(np.float64).tiny)
        return order, [words.format(place=int(p), n=n, share=float(part)) for p, part in zip(place, share, strict=True)]

    def _tickets(self, view: RoundView) -> Floats:
        if self.params.tickets == "need":
            return np.asarray(view.areas.need[view.proposals.area], dtype=np.float64)
        column = view.proposals.readiness if self.params.tickets == "readiness" else view.proposals.beneficiaries
        return np.asarray(column, dtype=np.float64)


@dataclass(frozen=True)
class PartialParams(ListParams):
    """Parameters of the lottery in a band."""

    band: str = parameter(
        "tied",
        label=Bilingual(en="Who is drawn", zh="抽签范围"),
        doc=Bilingual(
            en="Who is drawn by lot: tied (same mean mark as the line), interval (credible interval crosses the line).",
            zh="抽签范围：tied 与资助线同分者，interval 可信区间跨越资助线者。",
        ),
        choices=("tied", "interval"),
        reference="Swiss National Science Foundation 2021",
    )
    credibility: float = parameter(
        0.5,
        label=Bilingual(en="Credibility", zh="可信度"),
        doc=Bilingual(en="Probability held by the credible interval.", zh="可信区间所含概率。"),
        unit="probability",
        ge=0.0,
        le=0.99,
        sweep=(0.1, 0.9),
        reference="Heyard et al. 2022: 50% credible intervals",
    )
    skip: bool = skip_parameter()


@dataclass(frozen=True)
class Band:
    """By proposal: `above` the band, `inside` it (decided by lot), neither; `score`, higher is better."""

    above: NDArray[np.bool_]
    inside: NDArray[np.bool_]
    score: Floats


class PartialLottery(Rule):
    """Lots decide only where the panel cannot tell.

    Definition: proposals by score; the funding line is the score of the last that the budget pays in full from the
    top. Proposals above the band around the line are funded, those below are not, and inside the band an order is drawn
    by lot and each is funded if its ask is at most what is left. The band holds who ties with the line (`tied`, mean
    marks) or whose credible interval holds it (`interval`, posterior mean of `panel.bayes_rank`). Where everything fits
    nothing is drawn. Properties: the same chance for everyone in the band. Source: Swiss National Science Foundation
    since 2021; Heyard et al. 2022; Health Research Council of New Zealand.

    >>> from commsim.rules import evaluate
    >>> evaluate("lottery.partial(line=3 awards)", {"scores": [95, 90, 70, 70, 70, 40]})["inclusion_probability"]
    [1.0, 1.0, 0.3333333333333333, 0.3333333333333333, 0.3333333333333333, 0.0]
    """

    id = "lottery.partial"
    title = Bilingual(en="Partial lottery", zh="部分抽签")
    summary = Bilingual(
        en="The best are paid, the worst are not, lots decide between.", zh="优者直接资助，劣者不予资助，居中者抽签。"
    )
    family = "lottery"
    needs = frozenset({"scores"})
    properties = frozenset({"equal_chances_in_band"})
    source = "Swiss National Science Foundation 2021; Heyard et al. 2022"
    Params = PartialParams

    def settle(self, view: RoundView) -> Award:
        """Fund what is above the band, draw inside it."""
        ask, ids = view.proposals.ask, view.proposals.id
        band = self.band_of(view.marks, ids, ask, view.budget)
        lots = view.draw("lottery", ids)
        group = np.where(band.above, 0, np.where(band.inside, 1, 2))
        within = np.where(band.inside, -lots, -tied(band.score))
        order = np.lexsort((natural_rank(ids), within, group)).astype(np.int64)
        eligible = order[group[order] < 2]
        chosen = down_the_list(eligible, ask, view.budget, skip=self.params.skip)
        return award_of(view, chosen, _band_words(band, lots), drawn=float(band.inside.sum()))

    def band_of(self, marks: Floats, ids: Sequence[str], ask: NDArray[np.number], budget: float) -> Band:
        """Who is funded, drawn or refused, before any lot; `ask` and `budget` in one unit."""
        score, half = self._scores(marks)
        order = best_first(score, ids)
        fits = np.cumsum(ask[order]) <= budget
        if fits.all():
            return Band(np.ones(len(order), bool), np.zeros(len(order), bool), score)
        last = order[max(int(np.argmin(fits)) - 1, 0)]
        line = tied(score)[last]
        inside = np.abs(tied(score) - line) <= half
        return Band((tied(score) > line) & ~inside, inside, score)

    def _scores(self, marks: Floats) -> tuple[Floats, Floats]:
        if self.params.band == "tied":
            return judging.mean_score(marks), np.zeros(marks.shape[1])
        belief = judging.posterior(marks)
        return belief.mean, belief.deviation() * float(scipy.special.ndtri(0.5 + self.params.credibility / 2))


def _band_words(band: Band, lots: Floats) -> list[Text]:
    count = int(band.inside.sum())
    place = np.zeros(len(lots), dtype=np.int64)
    inside = np.flatnonzero(band.inside)
    place[inside[np.argsort(-lots[inside], kind="stable")]] = np.arange(1, count + 1)
    words = []
    for position, score in enumerate(band.score.tolist()):
        if band.above[position]:
            words.append(_("score {score:.2f}, above the line").format(score=score))
        elif band.inside[position]:
            words.append(
                _("score {score:.2f}, at the line; drawn as number {place} of {n}").format(
                    score=score, place=int(place[position]), n=count
                )
            )
        else:
            words.append(_("score {score:.2f}, below the line").format(score=score))
    return words
