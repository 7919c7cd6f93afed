"""The Method of Equal Shares as a rule, with its completions."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from commsim.contracts import Ballot, RoundView, Terms, parameter
from commsim.i18n import Bilingual, Text, _
from commsim.money import FEN_PER_YUAN, in_yuan
from commsim.plugins.equal_shares.purchases import EqualShares, Purchase, Shares
from commsim.plugins.equal_shares.raised import raised_shares
from commsim.plugins.shared.phragmen import Phragmen
from commsim.plugins.shared.profile import Election
from commsim.plugins.shared.voting import Decision, VotingRule, approvals_parameter

UTILITIES = ("cost", "cardinality", "effort")
COMPLETIONS = ("none", "add1", "utilitarian", "phragmen", "add1u", "carry")


@dataclass(frozen=True)
class EqualSharesParams:
    """Parameters of the Method of Equal Shares."""

    approvals: int = approvals_parameter()
    ballot: str = parameter(
        "approval",
        label=Bilingual(en="Ballot", zh="投票方式"),
        doc=Bilingual(
            en="How residents vote: approval, cumulative (points) or ranking.",
            zh="投票方式：approval 赞成票，cumulative 分配点数，ranking 排序。",
        ),
        choices=("approval", "cumulative", "ranking"),
        reference="Pabulib's kinds of ballot",
    )
    utility: str = parameter(
        "cost",
        label=Bilingual(en="Worth of a project", zh="项目效用"),
        doc=Bilingual(
            en="What a supported project is worth to a voter, times the points given: its cost, 1 (cardinality), or "
            "its cost divided by its votes (effort).",
            zh="获支持项目对投票者的效用（乘以点数）：cost 造价，cardinality 为 1，effort 造价除以票数。",
        ),
        choices=UTILITIES,
        reference="Peters, Pierczyński and Skowron 2021; Świecie, Wieliczka and Assen use cost",
    )
    completion: str = parameter(
        "utilitarian",
        label=Bilingual(en="Completion", zh="余款处理"),
        doc=Bilingual(
            en="What happens to money that is left: none (unspent), add1 (everybody's share is raised), utilitarian "
            "(most votes first), phragmen (voters go on earning), add1u (add1, then utilitarian), carry (kept for "
            "the next round).",
            zh="余款的处理：none 不用，add1 逐步提高每人份额，utilitarian 按票数，phragmen 继续积累，"
            "add1u 先 add1 再按票数，carry 结转下期。",
        ),
        choices=COMPLETIONS,
        reference="equalshares.net, Completion methods",
    )
    stop: str = parameter(
        "overspend",
        label=Bilingual(en="Where add1 stops", zh="add1停止条件"),
        doc=Bilingual(
            en="Where add1 stops: before the next raise would overspend, or already once the outcome is exhaustive.",
            zh="add1 的停止条件：overspend 再提高即超支，exhaustive 已无可负担的项目。",
        ),
        choices=("overspend", "exhaustive"),
        reference="equalshares.net; the elections of Świecie 2023 and Assen 2024 come out with overspend",
    )
    step_yuan: float = parameter(
        1.0,
        label=Bilingual(en="Step of add1", zh="add1步长"),
        doc=Bilingual(en="By how much add1 raises everybody's share each time.", zh="add1 每次提高的每人份额。"),
        unit="yuan",
        ge=0.01,
        sweep=(0.1, 10.0),
        reference="equalshares.net: one unit of the currency",
    )
    whole_start: bool = parameter(
        False,
        label=Bilingual(en="Whole steps of add1", zh="add1从整步起"),
        doc=Bilingual(
            en="Raise from the share rounded down to whole steps, not from the exact share.",
            zh="从向下取整到整步的份额开始提高，而非从精确份额开始。",
        ),
        reference="equalshares.net: its program offers both; off: budget ÷ voters as Pabutools has it",
    )
    comparison: bool = parameter(
        False,
        label=Bilingual(en="Compare with votes", zh="与按票数比较"),
        doc=Bilingual(
            en="Keep the outcome by votes if more voters prefer it.", zh="若更多投票者偏好按票数的结果，则采用该结果。"
        ),
        reference="equalshares.net; used in Wieliczka 2023",
    )


def properties_of(params: EqualSharesParams) -> frozenset[str]:
    """What the method promises under `params`.

    Fairness to groups survives every completion (winners are only added, or everybody's share only grows) but not the
    comparison with the outcome by votes. For utility = cost groups are served up to any one project, not exactly: with
    budget 10 and one voter who wants a (6), b (5) and c (5) the method buys a, though b and c are worth more.
    """
    promised = {"anonymous", "within_budget"}
    if params.comparison:
        return frozenset(promised)
    approvals = {"cardinality": "ejr", "cost": "ejr_up_to_any"}
    promised.add(approvals.get(params.utility, "ejr_up_to_one") if params.ballot == "approval" else "ejr_up_to_one")
    if params.completion in ("none", "carry", "add1"):
        promised.add("priceable")
    return frozenset(promised)


@dataclass(frozen=True)
class _Found:
    """An outcome: winners in order, the purchases among them, the share of money of each voter (fen)."""

    chosen: list[int]
    shares: Shares
    later: dict[int, Text]


class MethodOfEqualShares(VotingRule):
    """Every voter holds the same part of the budget; projects are bought with their supporters' money.

    Definition: each of n voters has B/n. Project j is ρ-affordable if Σ_i min(b_i, ρ u_ij) = c_j over its supporters;
    the one with the least ρ is bought, each supporter i pays min(b_i, ρ u_ij); repeat until none is affordable. u_ij is
    the ballot's weight (1 for an approval) times `utility`. Projects dearer than the budget do not stand. Ties and
    just-affordable projects are decided with exact fractions, then by id in natural order. Then `completion`.

    Completion phragmen is the exhaustive one: voters keep the money that the method left them and go on earning at
    equal speed; a supported project is bought when its supporters hold its cost, what no longer fits into the money
    left drops out, and the others go on until none is left. (Sequential Phragmén as a rule of its own, pb.seq_phragmen,
    ends at the first that does not fit.) In the second example p3 could be paid for first, but does not fit.

    Properties depend on parameters (`properties_of`). Without `comparison`: extended justified representation for
    approvals and utility = cardinality, up to any one project for approvals and utility = cost, up to one project
    otherwise. Priceable (payments are at most the share of each voter and sum to the cost) where no completion, or
    add1, decides. Not exhaustive without completion, not budget-monotone, not strategy-proof.
    Source: Peters, Pierczyński and Skowron 2021; completions: equalshares.net.

    >>> from commsim.rules import evaluate
    >>> evaluate("pb.mes(completion=none)", {"budget": 12, "projects": {"park": 9, "road": 6, "shed": 3}, "approvals":
    ...          [["park", "road"], ["park", "road"], ["park"], ["shed"]]})
    ['park', 'shed']
    >>> evaluate("pb.mes(completion=phragmen)", {"budget": 4, "projects": {"p1": 2, "p2": 2, "p3": 3}, "approvals":
    ...          [["p1"]] * 5 + [["p2"]] + [["p3"]] * 2})
    ['p1', 'p2']
    """

    id = "pb.mes"
    also_called = ("method of equal shares", "equal shares", "rule x", "mes", "等额份额法")
    title = Bilingual(en="Participatory budget, Method of Equal Shares", zh="参与式预算（等额份额法）")
    summary = Bilingual(
        en="Each voter holds an equal part of the budget; supporters together buy their projects, the cheapest to each "
        "of them first.",
        zh="每位投票者持有同等份额的预算，支持者共同出资购买项目，人均负担最低者先入选。",
    )
    properties = properties_of(EqualSharesParams())
    source = "Peters, Pierczyński and Skowron 2021; equalshares.net"
    Params = EqualSharesParams

    def __init__(self, params: EqualSharesParams | None = None) -> None:
        super().__init__(params)
        self.properties = properties_of(self.params)  # type: ignore[misc]  # the class's are those of the defaults

    def open_round(self, view: RoundView) -> Terms:
        """Announce the ballot."""
        return Terms(ballot=Ballot(self.params.ballot, most=self.params.approvals))

    def decide(self, election: Election) -> Decision:
        """Buy, complete, and compare with the outcome by votes where that is asked for."""
        if not election.profile.voters:
            return Decision([], lambda position: _("nothing: nobody voted"), carry=self._carry(election, []))
        utility = utilities(election, self.params.utility)
        found = self._completed(election, EqualShares(election, utility))
        reason = _Reasons(election, found)
        if self.params.comparison:
            by_votes = greedy_rest(election, [])
            more = prefer(election, utility, by_votes, found.chosen)
            if more > 0:
                return Decision(by_votes, reason.by_majority(by_votes, more), diagnostics={"majority_outcome": 1.0})
        diagnostics = {
            "share_yuan": float(found.shares.exact.share) / FEN_PER_YUAN,
            "bought": float(len(found.shares.purchases)),
            "completed": float(len(found.later)),
        }
        return Decision(found.chosen, reason, self._carry(election, found.chosen), diagnostics)

    def _carry(self, election: Election, chosen: list[int]) -> int:
        return election.budget - election.spent(chosen) if self.params.completion == "carry" else 0

    def _completed(self, election: Election, method: EqualShares) -> _Found:
        share = Fraction(election.budget, election.profile.voters)
        completion = self.params.completion
        if completion in ("add1", "add1u"):
            step = max(round(self.params.step_yuan * FEN_PER_YUAN), 1)
            shares = raised_shares(method, share, step, self.params.stop, whole=self.params.whole_start)
        else:
            shares = method.run(share)
        chosen = list(shares.chosen)
        later: dict[int, Text] = {}
        if completion in ("utilitarian", "add1u"):
            later = {
                project: _("bought with what was left, by votes ({votes})").format(
                    votes=int(election.profile.total[project])
                )
                for project in greedy_rest(election, chosen)
            }
        elif completion == "phragmen":
            steps = Phragmen(election, shares.money, shares.exact.of, chosen, exhaustive=True).run()
            later = {purchase.project: _("bought with what was left, as voters went on earning") for purchase in steps}
        return _Found([*chosen, *later], shares, later)


def utilities(election: Election, utility: str) -> list[Fraction]:
    """A voter's utility of each project per unit of the ballot's weight."""
    cost = [Fraction(price) for price in election.cost]
    if utility == "cost":
        return cost
    if utility == "cardinality":
        return [Fraction(1)] * len(cost)
    return [price / max(int(votes), 1) for price, votes in zip(cost, election.profile.total, strict=True)]


def greedy_rest(election: Election, chosen: list[int]) -> list[int]:
    """Projects that fit into what `chosen` leaves, most votes first (points count), ties by id."""
    left, taken, found = election.budget - election.spent(chosen), set(chosen), []
    for project in sorted(
        range(len(election.cost)), key=lambda project: (-int(election.profile.total[project]), election.rank[project])
    ):
        if project not in taken and election.cost[project] <= left:
            found.append(project)
            left -= election.cost[project]
    return found


def prefer(election: Election, utility: list[Fraction], first: list[int], second: list[int]) -> int:
    """How many more voters have more utility from `first` than from `second` (negative: fewer)."""
    return int(np.sign(_satisfaction(election, utility, first, second)).sum())


def _satisfaction(
    election: Election, utility: list[Fraction], first: list[int], second: list[int]
) -> NDArray[np.float64]:
    worth = np.zeros(len(utility))
    for project in set(first) ^ set(second):
        worth[project] = float(utility[project]) * (1 if project in set(first) else -1)
    profile = election.profile
    weights = profile.weight * worth[profile.column]
    total = np.bincount(profile.row, weights=weights, minlength=profile.voters).astype(np.float64)
    total[np.abs(total) < 1e-9 * max(np.abs(worth).max(initial=0.0), 1.0)] = 0.0
    return total


class _Reasons:
    """Sentences of an outcome of equal shares."""

    def __init__(self, election: Election, found: _Found) -> None:
        self.election, self.found = election, found
        self.purchase = {purchase.project: purchase for purchase in found.shares.purchases}

    def __call__(self, position: int) -> Text:
        if position in self.purchase:
            return self._bought(self.purchase[position])
        if position in self.found.later:
            return self.found.later[position]
        supporters = self.election.profile.supporters[position]
        held = round(float(self.found.shares.money[supporters].sum()))
        return _("nothing: its supporters ({votes}) have {held} yuan left for its cost of {ask} yuan").format(
            votes=len(supporters), held=in_yuan(held), ask=in_yuan(self.election.cost[position])
        )

    def _bought(self, purchase: Purchase) -> Text:
        most = float(purchase.payments.max(initial=0.0)) / FEN_PER_YUAN
        return _(
            "paid in full: {ask} yuan, carried by {payers} of its {votes} supporters, at most {most:.2f} yuan each"
        ).format(
            ask=in_yuan(self.election.cost[purchase.project]),
            payers=len(purchase.payers),
            votes=int(self.election.profile.count[purchase.project]),
            most=most,
        )

    def by_majority(self, chosen: list[int], more: int) -> _Majority:
        """The sentences where the outcome by votes is kept."""
        return _Majority(self.election, set(chosen), more)


@dataclass(frozen=True)
class _Majority:
    election: Election
    chosen: set[int]
    more: int

    def __call__(self, position: int) -> Text:
        votes = int(self.election.profile.total[position])
        values = {"more": self.more, "votes": votes, "ask": in_yuan(self.election.cost[position])}
        if position in self.chosen:
            return _("paid in full: {ask} yuan by votes ({votes}); {more} more voters prefer this outcome").format(
                **values
            )
        return _("nothing: {ask} yuan did not fit by votes ({votes}); {more} more voters prefer this outcome").format(
            **values
        )
