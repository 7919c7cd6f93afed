"""Conviction voting: support that lasts counts for more; dear proposals need more of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commsim.contracts import Award, Ballot, RoundView, Rule, Terms, parameter
from commsim.i18n import Bilingual, Text, _
from commsim.money import in_yuan
from commsim.natural_order import natural_rank

Floats = NDArray[np.float64]


def level(before: float | Floats, stake: float | Floats, alpha: float, periods: float = 1) -> Any:
    """Conviction after `periods` in which `stake` was held: y·α^t + x·(1 − α^t) / (1 − α), and y + x·t where α is 1.

    >>> round(level(0, 1000, 0.9, 10), 6)
    6513.215599
    """
    if alpha == 1:
        return before + stake * periods
    kept = alpha**periods
    return before * kept + stake * (1 - kept) / (1 - alpha)


def threshold(requested: float | Floats, funds: float, supply: float, alpha: float, beta: float, rho: float) -> Any:
    """Conviction that passes a request: ρS / ((1 − α)(β − c/B)²); infinite where c/B ≥ β.

    >>> round(threshold(1000, 15000, 45000, 0.9, 0.2, 0.002), 6)
    50625.0
    """
    share = np.asarray(requested, dtype=np.float64) / funds if funds > 0 else np.full(np.shape(requested), np.inf)
    room = beta - share
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = rho * supply / ((1 - alpha) * room**2)
    found = np.where(room > 0, needed, np.inf)
    return found if found.ndim else float(found)


def share_to_pass(requested: float, pool: float, spending_limit: float, minimum_conviction: float) -> float:
    """Share of all stake that passes a request if held for ever: κβ² / (β − c/B)²; infinite where c/B ≥ β.

    >>> round(share_to_pass(5000, 100000, 0.2, 0.05), 6)
    0.088889
    """
    room = spending_limit - requested / pool
    return minimum_conviction * spending_limit**2 / room**2 if room > 0 else float("inf")


def alpha_of(half_life: float) -> float:
    """α, what is left of conviction after one period, from the periods after which half is left: 2^(−1/half-life).

    >>> round(alpha_of(2.0), 6)
    0.707107
    """
    return float(2 ** (-1 / half_life))


def half_life_of(alpha: float) -> float:
    """Periods after which half of the conviction is left: −ln 2 / ln α; infinite where α is 1, 0 where α is 0.

    >>> round(half_life_of(0.9999599))
    17285
    """
    if alpha <= 0:
        return 0.0
    return -math.log(2) / math.log(alpha) if alpha < 1 else math.inf


def time_to_pass(before: float, stake: float, alpha: float, needed: float) -> float:
    """Periods of holding `stake` until conviction reaches `needed`; 0 where it has, infinite where it never will.

    From `level`: ln((x/(1 − α) − needed) / (x/(1 − α) − y)) / ln α, (needed − y) / x where α is 1. Conviction tends to
    x/(1 − α), so that what needs as much is never passed; where α is 0 nothing is kept, and one period decides.

    >>> round(time_to_pass(0, 1000, 0.9, 6513.215599), 6)
    10.0
    """
    if before >= needed:
        return 0.0
    if alpha == 1:
        return (needed - before) / stake if stake else math.inf
    if alpha <= 0:
        return 1.0 if stake >= needed else math.inf
    limit = stake / (1 - alpha)
    return math.log((limit - needed) / (limit - before)) / math.log(alpha) if limit > needed else math.inf


@dataclass(frozen=True)
class ConvictionParams:
    """Parameters of conviction voting."""

    half_life: float = parameter(
        1.0,
        label=Bilingual(en="Half-life", zh="半衰期"),
        doc=Bilingual(en="Months after which support withdrawn counts half.", zh="支持撤回后权重减半所需月数。"),
        unit="months",
        ge=0.05,
        le=60.0,
        sweep=(0.25, 6.0),
        reference="Commons configuration: 2 days for online communities; in months an assumption",
    )
    spending_limit: float = parameter(
        0.2,
        label=Bilingual(en="Spending limit", zh="支出上限"),
        doc=Bilingual(
            en="β: share of the money that one project can never reach.", zh="β：单个项目占资金的上限（不含）。"
        ),
        unit="share of the money",
        ge=0.01,
        le=1.0,
        sweep=(0.05, 0.5),
        reference="Commons configuration: 20%",
    )
    minimum_conviction: float = parameter(
        0.05,
        label=Bilingual(en="Minimum conviction", zh="最低信念"),
        doc=Bilingual(
            en="κ: share of active residents whose lasting support passes a project that asks next to nothing.",
            zh="κ：申请额极小的项目通过所需的持续支持比例。",
        ),
        unit="share of those active",
        ge=0.0,
        le=1.0,
        sweep=(0.01, 0.3),
        reference="Commons configuration: 5%",
    )
    least_active: int = parameter(
        10,
        label=Bilingual(en="Least active", zh="最少活跃人数"),
        doc=Bilingual(
            en="Least number of residents that counts as active, so that a handful cannot pass everything.",
            zh="视为活跃的最少人数，避免少数人决定一切。",
        ),
        unit="residents",
        ge=1,
        sweep=(1, 100),
        reference="assumption",
    )
    marks: int = parameter(
        3,
        label=Bilingual(en="Projects supported", zh="可支持项目数"),
        doc=Bilingual(en="Projects that a resident may support.", zh="每位居民可支持的项目数。"),
        unit="projects",
        ge=1,
        sweep=(1, 10),
        reference="assumption",
    )


class Conviction(Rule):
    """Support that lasts: conviction grows with each month that residents keep supporting a project.

    Definition: y_{t+1} = α y_t + x_t with x_t residents who support the project in month t, shared over the projects
    each supports, and α = 2^(−1/half-life). A project of cost c passes when y ≥ ρS / ((1 − α)(β − c/B)²), never if c/B
    ≥ β; ρ = κβ². S is *active* residents (all who voted), at least `least_active`: with all residents as S, low turnout
    would block everything. Here conviction is gathered month by month while the round is open, and projects are settled
    by falling y / needed (ties by id); B is what is left, so that each grant raises the line for the next.

    Pitfalls, stated: an ask of β·B or more can never pass, whatever its support (some published code compares with κ
    instead, and is wrong); a half-life longer than the round is open lets little pass; support is not money.
    Properties: continuous, no jump at a deadline; y tends to x / (1 − α). Source: Zargham 2018; 1Hive contracts.

    >>> from commsim.rules import evaluate
    >>> round(evaluate("conviction.level", {"y0": 0, "stake": 1000, "alpha": 0.9, "t": 10}), 3)
    6513.216
    """

    id = "conviction.voting"
    also_called = ("conviction",)
    title = Bilingual(en="Conviction voting", zh="信念投票")
    summary = Bilingual(
        en="Lasting support counts for more; dear projects need more of it.",
        zh="持续的支持分量更重，申请额越大所需支持越多。",
    )
    family = "conviction"
    needs = frozenset({"ballots"})
    properties = frozenset({"anonymous"})
    source = "Zargham 2018; 1Hive conviction voting contracts and tests"
    Params = ConvictionParams

    def __init__(self, params: Any = None) -> None:
        super().__init__(params)
        self._support: dict[tuple[str, int], Mapping[str, float]] = {}

    def open_round(self, view: RoundView) -> Terms:
        """Residents vote."""
        return Terms(ballot=Ballot("approval", most=self.params.marks))

    def after_pledges(self, view: RoundView) -> None:
        """Note who is supported this month; noting a month twice changes nothing."""
        stake = stakes(view)
        self._support[str(view.round), view.month] = dict(zip(view.proposals.id, stake.tolist(), strict=True))

    def settle(self, view: RoundView) -> Award:
        """Fund what has passed its line, strongest first."""
        alpha = alpha_of(self.params.half_life)
        gathered = self._conviction(view, alpha)
        active = max(int((np.diff(view.ballots.start) > 0).sum()), self.params.least_active)
        rho = self.params.minimum_conviction * self.params.spending_limit**2
        ask = view.proposals.ask
        line = threshold(ask, view.budget, active, alpha, self.params.spending_limit, rho)
        strength = gathered / np.maximum(line, np.finfo(float).tiny)
        paid, needed, left = np.zeros_like(ask), line.copy(), view.budget
        for at in np.lexsort((natural_rank(view.proposals.id), -strength)).tolist():
            needed[at] = threshold(float(ask[at]), left, active, alpha, self.params.spending_limit, rho)
            if gathered[at] >= needed[at] and gathered[at] > 0:
                paid[at] = ask[at]
                left -= int(ask[at])
        reasons = tuple(self._reason(int(paid[at]), float(gathered[at]), float(needed[at])) for at in range(len(ask)))
        return Award(paid=paid, reasons=reasons, diagnostics={"active": float(active), "alpha": alpha})

    def _conviction(self, view: RoundView, alpha: float) -> Floats:
        """Conviction by project: months noted before this one, then this month's support."""
        months = sorted(month for key, month in self._support if key == str(view.round) and month < view.month)
        conviction, last = np.zeros(len(view.proposals)), None
        for month in months:
            noted = self._support[str(view.round), month]
            held = np.array([noted.get(proposal, 0.0) for proposal in view.proposals.id])
            if last is not None and month - last > 1:
                conviction = level(conviction, 0.0, alpha, month - last - 1)
            conviction = level(conviction, held, alpha)
            last = month
        return np.asarray(level(conviction, stakes(view), alpha))

    def _reason(self, paid: int, gathered: float, needed: float) -> Text:
        if not np.isfinite(needed):
            return _("nothing: it asks for {share:.0%} or more of the money left, which no support can pass").format(
                share=self.params.spending_limit
            )
        if paid:
            return _("{paid} yuan: conviction {came:.1f} reached the {needed:.1f} that it takes").format(
                paid=in_yuan(paid), came=gathered, needed=needed
            )
        return _("nothing: conviction {came:.1f} of the {needed:.1f} that it takes").format(
            came=gathered, needed=needed
        )


def stakes(view: RoundView) -> Floats:
    """Support by project, each resident's one vote shared over the projects that he marks, shape (n,)."""
    ballots = view.ballots
    marked = np.diff(ballots.start)
    each = np.repeat(np.divide(1.0, marked, out=np.zeros(len(marked)), where=marked > 0), marked)
    return np.bincount(ballots.proposal, weights=each, minlength=len(view.proposals)).astype(np.float64)
