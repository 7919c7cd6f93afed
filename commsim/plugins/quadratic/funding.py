"""Quadratic funding: public money follows how many give more than how much."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy  # its parts load when they are used
from numpy.typing import NDArray

from commsim.contracts import Award, Choices, RoundView, Rule, Terms, parameter
from commsim.i18n import Bilingual, Text, _
from commsim.money import fen, in_yuan
from commsim.natural_order import natural_rank
from commsim.plugins.quadratic.arithmetic import (
    binary_ties,
    cluster_subsidies,
    fitted,
    pairwise_subsidies,
    plain_subsidies,
    walked_ties,
)

Whole = NDArray[np.int64]
Floats = NDArray[np.float64]
_DIGITS = 6  # remainders that differ by less are ties, to be settled by id and not by rounding


def _cap() -> Any:
    return parameter(
        None,
        label=Bilingual(en="Cap for one project", zh="单个项目上限"),
        doc=Bilingual(en="Most that one project can get; none = no cap.", zh="每个项目的上限；none 表示不设。"),
        unit="yuan",
        ge=0.0,
        sweep=(1000.0, 20000.0),
        reference="rounds in practice cap each project",
    )


def _unsaturated() -> Any:
    return parameter(
        "keep",
        choices=("keep", "scale_log", "scale_up"),
        label=Bilingual(en="Pot left over", zh="资金池未用完"),
        doc=Bilingual(
            en="A pot that subsidies do not use up: keep it, raise subsidies by 1 + ln(pot / total) / 100, or until it "
            "is used up.",
            zh="资金池未用完时：keep 保留，scale_log 按 `1+ln(池/合计)/100` 放大，scale_up 放大到用完。",
        ),
        reference="Gitcoin grants practice",
    )


@dataclass(frozen=True)
class ClrParams:
    """Parameters of plain quadratic funding."""

    subtract_direct: bool = parameter(
        True,
        label=Bilingual(en="Leave gifts out", zh="扣除捐款本身"),
        doc=Bilingual(en="Leave gifts themselves out of the subsidy.", zh="补贴额中扣除捐款本身。"),
        reference="Buterin, Hitzig and Weyl 2019: the public pays what the square exceeds the gifts by",
    )
    cap_yuan: float | None = _cap()
    unsaturated: str = _unsaturated()


@dataclass(frozen=True)
class PairwiseParams:
    """Parameters of pairwise-bounded quadratic funding."""

    threshold: float = parameter(
        25.0,
        label=Bilingual(en="Damping threshold M", zh="压低阈值M"),
        doc=Bilingual(
            en="M: how much agreement between two donors counts before it is damped.",
            zh="M：两位捐赠者之间的重合在多大范围内不被压低。",
        ),
        unit="yuan",
        ge=0.01,
        sweep=(5.0, 500.0),
        reference="Buterin 2019; 25 in deployed rounds",
    )
    cap_yuan: float | None = _cap()
    unsaturated: str = _unsaturated()


@dataclass(frozen=True)
class CocmParams:
    """Parameters of connection-oriented cluster match."""

    harsh: bool = parameter(
        True,
        label=Bilingual(en="Harsh version", zh="严格版"),
        doc=Bilingual(
            en="What is tied to a cluster counts nothing together with it (else its square root).",
            zh="与某群体相关的部分与该群体合计时不计入（否则按平方根计）。",
        ),
        reference="default of the public calculator of the match; the paper takes the square root",
    )
    ties: str = parameter(
        "walk",
        choices=("walk", "binary"),
        label=Bilingual(en="Ties to clusters", zh="与群体的关联"),
        doc=Bilingual(
            en="How a donor is tied to a cluster that he is not in: walk, by the chance to get there over shared "
            "members; binary, wholly as soon as he shares a cluster with one of its members.",
            zh="捐赠者与其所属以外群体的关联：walk 按经共同成员到达该群体的概率，"
            "binary 只要与其成员同属某一群体即视为完全关联。",
        ),
        reference="walk: public calculator, default; binary with harsh=false: Miller, Weyl and Erichsen 2022",
    )
    cap_yuan: float | None = _cap()
    unsaturated: str = _unsaturated()


class QuadraticRule(Rule, ABC):
    """What the three kinds of quadratic funding share: subsidies within the pot, the cap and the ask.

    Subsidies s_j beyond the pot B shrink in proportion. A cap or ask that then binds is fixed, and the rest of the pot
    is divided again among the others in proportion to s_j until no further one binds (iteration on the fixed set), so
    that caps bind and the pot is used. No project gets more than it asks for.
    """

    family = "qf"
    needs = frozenset({"pledges"})
    properties = frozenset({"anonymous", "pool_respected"})

    @abstractmethod
    def subsidies(self, view: RoundView) -> Floats:
        """Unscaled subsidies by project in fen, shape (n,)."""

    @abstractmethod
    def more_subsidy(self, view: RoundView, amount: int) -> Floats:
        """What one more donor of `amount` fen, of a cluster of their own, adds to each unscaled subsidy, shape (n,)."""

    def open_round(self, view: RoundView) -> Terms:
        """Announce the pot and the cap, and that residents are told what a gift would draw."""
        cap = None if self.params.cap_yuan is None else fen(self.params.cap_yuan)
        return Terms(quoted=True, match_cap=cap, match_pool=view.budget)

    def quote(self, view: RoundView, amount: int) -> Whole:
        """What one more gift would draw from the pot, as it stands, by project."""
        raw, more = self.subsidies(view), self.more_subsidy(view, amount)
        limits, pot, unsaturated = self._limits(view), float(view.budget), self.params.unsaturated
        before = fitted(raw, limits, pot, unsaturated)
        drawn = np.zeros(len(raw))
        for project in range(len(raw)):
            grown = raw.copy()
            grown[project] += more[project]
            drawn[project] = fitted(grown, limits, pot, unsaturated)[project] - before[project]
        return np.rint(drawn).astype(np.int64)

    def _limits(self, view: RoundView) -> Floats:
        """The most that each project can get: its ask, and the cap."""
        limits = view.proposals.ask.astype(np.float64)
        return limits if self.params.cap_yuan is None else np.minimum(limits, fen(self.params.cap_yuan))

    def settle(self, view: RoundView) -> Award:
        """Divide the pot by subsidies."""
        raw, limits = self.subsidies(view), self._limits(view)
        exact = fitted(raw, limits, float(view.budget), self.params.unsaturated)
        paid = _whole(exact, view, limits)
        donors = np.bincount(view.pledges.proposal, minlength=len(paid))
        pledged = view.pledges.totals(len(paid))
        reasons = tuple(_reason(view, raw, paid, limits, donors, pledged, at) for at in range(len(paid)))
        whole = float(raw.sum())
        return Award(paid=paid, reasons=reasons, diagnostics={"scale": float(paid.sum()) / whole if whole else 1.0})


def _whole(exact: Floats, view: RoundView, limits: Floats) -> Whole:
    """Whole fen that add up to the rounded total, by largest remainder (ties by id), none above its limit."""
    total = min(int(np.floor(exact.sum() + 0.5)), view.budget)
    down = np.floor(exact).astype(np.int64)
    spare = max(total - int(down.sum()), 0)
    rest = np.where(down + 1 <= limits, exact - down, 0.0)
    takers = np.lexsort((natural_rank(view.proposals.id), -np.round(rest, _DIGITS)))[:spare]
    added = np.zeros_like(down)
    added[takers] = rest[takers] > 0
    return np.minimum(down + added, np.floor(limits).astype(np.int64))


def _reason(view: RoundView, raw: Floats, paid: Whole, limits: Floats, donors: Whole, pledged: Whole, at: int) -> Text:
    values = {
        "paid": in_yuan(paid[at]),
        "donors": int(donors[at]),
        "pledged": in_yuan(pledged[at]),
        "raw": in_yuan(round(float(raw[at]))),
        "budget": in_yuan(view.budget),
        "limit": in_yuan(int(limits[at])),
    }
    if donors[at] == 0:
        return _("nothing: residents pledged nothing").format(**values)
    if paid[at] == 0:
        return _("nothing: {donors} residents pledged {pledged} yuan, which is too few to draw public money").format(
            **values
        )
    if paid[at] >= int(limits[at]):
        return _(
            "{paid} yuan, the most that this project can get: {donors} residents pledged {pledged} yuan, worth {raw}"
        ).format(**values)
    return _(
        "{paid} yuan: {donors} residents pledged {pledged} yuan, worth a subsidy of {raw} before it is fitted to the "
        "pot of {budget} yuan"
    ).format(**values)


def matrix_of(choices: Choices, projects: int) -> scipy.sparse.csr_array:
    """Gifts as a sparse matrix (donors, projects), in fen."""
    shape = (choices.rows, projects)
    return scipy.sparse.csr_array((choices.amount.astype(np.float64), choices.proposal, choices.start), shape=shape)


class QuadraticFunding(QuadraticRule):
    """Plain quadratic funding (capital-constrained liberal radicalism).

    Definition: s_j = (Σ_i √p_ij)² − P_j (`subtract_direct`; else the square itself), scaled to the pot where Σ s
    exceeds it. Properties: optimal only with an unlimited pot and selfish, uncoordinated donors; one donor alone draws
    nothing; splitting one gift c among k donors lifts what the project has from c to k·c (the sybil test), so donors
    must be persons. Source: Buterin, Hitzig and Weyl 2019.

    >>> from commsim.rules import evaluate
    >>> answer = evaluate("qf.clr(pool=infinite)", {"contributions": {"A": [100], "C": [10] * 10}})
    >>> {project: round(yuan, 9) for project, yuan in answer.items()}
    {'A': 0.0, 'C': 900.0}
    """

    id = "qf.clr"
    also_called = ("quadratic funding", "clr", "capital constrained liberal radicalism", "quadratic", "qf", "二次方")
    title = Bilingual(en="Quadratic funding", zh="二次方配套")
    summary = Bilingual(
        en="Public money follows how many residents give more than how much.",
        zh="公共配套更看重捐赠人数而非金额。",
    )
    source = "Buterin, Hitzig and Weyl 2019"
    Params = ClrParams

    def subsidies(self, view: RoundView) -> Floats:
        """(Σ√p)² − P."""
        return plain_subsidies(
            view.pledges.proposal, view.pledges.amount, len(view.proposals), self.params.subtract_direct
        )

    def more_subsidy(self, view: RoundView, amount: int) -> Floats:
        """2 √a Σ√p, and the gift itself unless gifts are left out."""
        direct = 0.0 if self.params.subtract_direct else float(amount)
        return 2.0 * np.sqrt(amount) * _sums(view, np.sqrt(view.pledges.amount)) + direct


class PairwiseQuadraticFunding(QuadraticRule):
    """Quadratic funding in which a pair of donors who agree on much counts less (bounded collusion).

    Definition: s_j = Σ_{i<i'} √(p_ij p_i'j) · M / (M + Σ_k √(p_ik p_i'k)), over all pairs of donors; without damping
    it is half of plain quadratic funding. Properties: bounds what one pair can draw by M; O(pairs of donors with a
    common project). Source: Buterin 2019.

    >>> from commsim.rules import evaluate
    >>> evaluate("qf.pairwise(threshold=4)", {"pool": 100, "contributions": {"A": [4, 4]}})
    {'A': 2.0}
    """

    id = "qf.pairwise"
    also_called = ("pairwise bounded", "pairwise coordination")
    title = Bilingual(en="Pairwise-bounded quadratic funding", zh="成对限制的二次方配套")
    summary = Bilingual(
        en="Quadratic funding in which donors who always give together count less.",
        zh="二次方配套，总是一起捐赠的人权重降低。",
    )
    source = "Buterin 2019, Pairwise coordination subsidies"
    Params = PairwiseParams

    def subsidies(self, view: RoundView) -> Floats:
        """Damped sums over pairs."""
        return pairwise_subsidies(matrix_of(view.pledges, len(view.proposals)), float(fen(self.params.threshold)))

    def more_subsidy(self, view: RoundView, amount: int) -> Floats:
        """Σ_i √(p_i a) · M / (M + √(p_i a)): the new donor agrees with each of the others on this project alone."""
        agreement, most = np.sqrt(view.pledges.amount * float(amount)), float(fen(self.params.threshold))
        return _sums(view, agreement * most / (most + agreement))


class ConnectionOriented(QuadraticRule):
    """Connection-oriented cluster match: agreement across clusters of residents counts, inside one it does not.

    Definition: s_j = Σ_{g≠h} √(Q_gh Q_hg). Q_gh adds up what donors i of cluster g, weighted by membership, bring to
    the agreement with h: (1 − k_ih) p_ij (`harsh`), else k_ih √p_ij + (1 − k_ih) p_ij. The tie k_ih is 1 inside h.
    Outside, `ties` = walk: the chance to end in h when i draws a cluster of his, there a member, and of that member a
    cluster; `ties` = binary: 1 if i shares a cluster with somebody in h, else 0. Two published forms: the defaults
    (walk, harsh) are those of the public calculator that paid rounds; binary with harsh=false is the paper's (its K is
    √c for the tied). Binary ties with harsh pay nothing as soon as clusters overlap; no source has them. With clusters
    that do not overlap all forms agree but for harsh. Needs clusters of donors; where the round knows of none every
    donor is a cluster of his own, and this is plain quadratic funding. Properties: support from one cluster alone
    earns nothing. Sources: Miller, Weyl and Erichsen 2022; the calculator published for Gitcoin's rounds.

    >>> from commsim.rules import evaluate
    >>> bridge = {"donations": [[4], [4], [4]], "clusters": [[1, 0], [1, 1], [0, 1]]}
    >>> evaluate("qf.cocm(harsh)", bridge), evaluate("qf.cocm(harsh=false)", bridge)
    ([6.0], [9.0])
    >>> evaluate("qf.cocm(ties=binary, harsh=false)", bridge)
    [6.0]
    """

    id = "qf.cocm"
    also_called = ("cocm", "connection oriented cluster match", "cluster match", "plural funding")
    title = Bilingual(en="Connection-oriented cluster match", zh="跨群体二次方配套")
    summary = Bilingual(
        en="Quadratic funding that counts agreement across groups of residents.",
        zh="二次方配套，看重跨群体的共同支持。",
    )
    needs = frozenset({"pledges", "clusters"})
    source = "Miller, Weyl and Erichsen 2022, Beyond collusion resistance"
    Params = CocmParams

    def subsidies(self, view: RoundView) -> Floats:
        """Sums over pairs of clusters."""
        if view.clusters.shape[1] == 0:
            return plain_subsidies(view.pledges.proposal, view.pledges.amount, len(view.proposals), True)
        return self.matched(matrix_of(view.pledges, len(view.proposals)), view.clusters)

    def matched(self, gifts: scipy.sparse.csr_array, clusters: Floats) -> Floats:
        """Sums over pairs of clusters; `gifts` (donors, projects), membership in `clusters` (donors, clusters)."""
        ties = walked_ties(clusters) if self.params.ties == "walk" else binary_ties(clusters)
        return cluster_subsidies(gifts, clusters, ties, self.params.harsh)

    def more_subsidy(self, view: RoundView, amount: int) -> Floats:
        """2 Σ_g √(Q_g a): a donor of a new cluster agrees with every cluster on all that it gives."""
        if view.clusters.shape[1] == 0:
            return 2.0 * np.sqrt(amount) * _sums(view, np.sqrt(view.pledges.amount))
        rows = view.clusters.sum(axis=1, keepdims=True)
        weight = np.divide(view.clusters, rows, out=np.zeros_like(view.clusters), where=rows > 0)
        brought = matrix_of(view.pledges, len(view.proposals)).T @ weight
        return np.asarray(2.0 * np.sqrt(brought * float(amount)).sum(axis=1))


def _sums(view: RoundView, by_gift: Floats) -> Floats:
    """Sums over gifts by project, shape (n,)."""
    sums = np.bincount(view.pledges.proposal, weights=by_gift, minlength=len(view.proposals))
    return sums.astype(np.float64)
