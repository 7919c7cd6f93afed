"""Cumulative support transfer voting: points are money, and what a project does not need goes to others."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from commsim.contracts import Ballot, RoundView, Terms, parameter
from commsim.i18n import Bilingual, Text, _
from commsim.money import in_yuan
from commsim.plugins.equal_shares.purchases import price_per_unit
from commsim.plugins.shared.profile import Election
from commsim.plugins.shared.voting import Decision, VotingRule, approvals_parameter

_FRESH = 50  # moves after which sums are made anew, so that what floats lose does not add up
_NEAR = 1e-9  # relative to the budget; support nearer to a cost than this meets it


@dataclass(frozen=True)
class CumulativeParams:
    """Parameters of cumulative support transfer voting."""

    approvals: int = approvals_parameter()
    variant: str = parameter(
        "ewt",
        label=Bilingual(en="Variant", zh="变体"),
        doc=Bilingual(
            en="ewt: the least supported project is eliminated and its support moves on; mt: the best project is "
            "helped with as little transfer as it needs. With c the order is by support for cost, else by excess.",
            zh="ewt 淘汰支持最不足的项目并转移其支持；mt 以最少转移补足最佳项目；"
            "带 c 者按支持与造价之比排序，否则按盈余。",
        ),
        choices=("ewt", "ewtc", "mt", "mtc"),
        reference="Skowron, Slinko, Szufa and Talmon 2020",
    )


class CumulativeTransfer(VotingRule):
    """Each voter's part of the budget is spread by points; projects are funded from it, and excess moves on.

    Definition: voter i gives B/n, split over projects by points. A project is eligible if its support reaches its
    cost; the one with the greatest excess (variants with c: support for cost) is funded, and the excess goes back to
    its supporters' other projects in proportion to what these have from them. With none eligible, EwT eliminates the
    project with the least excess (with c: the least support for cost) and moves all its support on; MT picks the
    project that its supporters could still pay for and raises their support of it in proportion. At the end EwT takes
    eliminated projects back, last first, MT the best supported first, where they fit. A project dearer than the budget
    is never funded, and points for it move on. Ties: by id in natural order. Approvals count as equal points.

    EwTC eliminates by the measure that it funds by, support for cost. Where that is from: of the paper (arXiv
    2009.02690, and the journal version of 2025) the abstract and the introduction were read, which do not say by what
    EwTC eliminates; the section that defines it was not at hand, so no sentence of it is claimed here. Followed is
    pabutools, which implements that paper's sections 4 and 5: in its repository at commit 25c39c0,
    `elimination_with_transfers` asks the procedure that selects what is funded for its least project, for EwTC
    `select_project_gsc`, the least support over cost (its docstring still says "least excess support"). At commit
    fc0d600 and in release 1.2.3 it takes the least excess under every variant. The two differ in the second example
    below, where least excess funds a.

    Properties: exhaustive, proportional (strong or weak, by variant). Source: Skowron, Slinko, Szufa and Talmon 2020.

    >>> from commsim.rules import evaluate
    >>> evaluate("pb.cstv", {"budget": 10, "projects": {"a": 5, "b": 5, "c": 5}, "points":
    ...          [{"a": 6, "b": 4}, {"a": 6, "b": 4}, {"a": 10}, {"c": 10}]})
    ['a', 'c']
    >>> evaluate("pb.cstv(variant=ewtc)", {"budget": 10, "projects": {"a": 4, "b": 9}, "points": [{"a": 3, "b": 7}]})
    ['b']
    """

    id = "pb.cstv"
    also_called = ("cumulative support transfer voting", "ewt", "minimal transfers", "cumulative voting", "累积投票")
    title = Bilingual(en="Participatory budget by points with transfer", zh="参与式预算（累积投票转移法）")
    summary = Bilingual(
        en="Voters spread points; support that a project does not need moves on to the voter's other projects.",
        zh="投票者分配点数，项目用不到的支持转给该投票者支持的其他项目。",
    )
    properties = frozenset({"anonymous", "within_budget", "exhaustive"})
    source = "Skowron, Slinko, Szufa and Talmon 2020"
    Params = CumulativeParams

    def open_round(self, view: RoundView) -> Terms:
        """Announce a ballot of points."""
        return Terms(ballot=Ballot("cumulative", most=self.params.approvals))

    def decide(self, election: Election) -> Decision:
        """Fund, transfer, eliminate."""
        transfer = Transfer(election, self.params.variant)
        transfer.run()
        chosen = transfer.chosen

        def reason(position: int) -> Text:
            values = {
                "ask": in_yuan(election.cost[position]),
                "first": in_yuan(round(float(transfer.first[position]))),
                "last": in_yuan(round(float(transfer.at_end[position]))),
            }
            if position in chosen and position not in transfer.returned:
                return _("paid in full: {ask} yuan; support of {first} yuan at first and {last} with transfers").format(
                    **values
                )
            if position in chosen:
                return _("paid in full: {ask} yuan fitted into what was left; support of {first} yuan at first").format(
                    **values
                )
            return _("nothing: {ask} yuan; support of {first} yuan at first and {last} with transfers").format(**values)

        return Decision(chosen, reason)


@dataclass
class Transfer:
    """Voters' money on projects while it moves: `given` by mark of the profile."""

    election: Election
    variant: str
    chosen: list[int] = field(default_factory=list)
    eliminated: list[int] = field(default_factory=list)
    returned: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        profile = self.election.profile
        points = np.bincount(profile.row, weights=profile.weight, minlength=profile.voters)
        part = self.election.budget / max(int(np.count_nonzero(points)), 1)
        self.given = part * profile.weight / points[profile.row]
        self.cost = np.array(self.election.cost, dtype=np.float64)
        # Also what is dearer than the budget: it is never funded, and what was given to it moves on.
        self.open = np.ones(len(self.cost), dtype=bool)
        self.rank = np.array(self.election.rank, dtype=np.int64)
        self.marked = np.bincount(profile.row, minlength=profile.voters)
        self.moves = 0
        self.sums = self._summed()
        self.first = self.support()
        self.at_end = self.first.copy()
        self.slack = _NEAR * max(self.election.budget, 1)

    def support(self) -> NDArray[np.float64]:
        """Money on each project."""
        return self.sums.copy()

    def _summed(self) -> NDArray[np.float64]:
        profile = self.election.profile
        return np.bincount(profile.column, weights=self.given, minlength=profile.proposals).astype(np.float64)

    def run(self) -> None:
        """Until no project is open; then take in what fits."""
        while self.open.any():
            support = self.support()
            self.at_end[self.open] = support[self.open]
            eligible = self.open & (support >= self.cost - self.slack)
            if eligible.any():
                self._fund(self._best(eligible, support), support)
            elif self.variant in ("ewt", "ewtc"):
                self._eliminate(support)
            elif not self._help(support):
                break
        self._take_back()

    def _merit(self, support: NDArray[np.float64]) -> NDArray[np.float64]:
        if self.variant.endswith("c"):
            return support / np.maximum(self.cost, np.finfo(float).tiny)
        return support - self.cost

    @property
    def _near(self) -> float:
        """Merits that differ by no more are tied."""
        return _NEAR if self.variant.endswith("c") else self.slack

    def _best(self, among: NDArray[np.bool_], support: NDArray[np.float64]) -> int:
        merit = np.where(among, self._merit(support), -np.inf)
        tied = np.flatnonzero(merit >= merit.max() - self._near)
        return int(tied[np.argmin(self.rank[tied])])

    def _fund(self, project: int, support: NDArray[np.float64]) -> None:
        self.chosen.append(project)
        excess = max(float(support[project] - self.cost[project]), 0.0)
        self._move(project, excess / float(support[project]) if support[project] else 0.0)

    def _eliminate(self, support: NDArray[np.float64]) -> None:
        merit = np.where(self.open, self._merit(support), np.inf)
        tied = np.flatnonzero(merit <= merit.min() + self._near)
        project = int(tied[np.argmax(self.rank[tied])])
        self.eliminated.append(project)
        self._move(project, 1.0)

    def _move(self, project: int, share: float) -> None:
        """Close a project; `share` of what it had goes to its supporters' other open projects in proportion."""
        profile = self.election.profile
        self.open[project] = False
        backers = profile.supporters[project]
        marks = profile.marks_of(backers)  # nobody else's money moves
        of = np.repeat(np.arange(backers.size), self.marked[backers])
        column, given = profile.column[marks], self.given[marks]
        mine, others = column == project, np.where(self.open[column], given, 0.0)
        moving = share * np.bincount(of[mine], weights=given[mine], minlength=backers.size)
        held = np.bincount(of, weights=others, minlength=backers.size)
        factor = np.divide(moving, held, out=np.zeros_like(moving), where=held > 0)
        self._set(marks, np.where(mine, 0.0, given + others * factor[of]))

    def _set(self, marks: NDArray[np.int64], given: NDArray[np.float64]) -> None:
        """Change what is given by some marks, and the sums by project with it."""
        column = self.election.profile.column[marks]
        change = np.bincount(column, weights=given - self.given[marks], minlength=self.sums.size)
        self.given[marks] = given
        self.sums += change
        self.moves += 1
        if self.moves % _FRESH == 0:
            self.sums = self._summed()

    def _help(self, support: NDArray[np.float64]) -> bool:
        """Raise the support of the best project that its supporters could pay for; False where there is none."""
        profile = self.election.profile
        open_money = self.given * self.open[profile.column]
        held = np.bincount(profile.row, weights=open_money, minlength=profile.voters).astype(np.float64)
        positive = self.given > 0
        reach = np.bincount(profile.column, weights=held[profile.row] * positive, minlength=profile.proposals)
        able = self.open & (reach >= self.cost - self.slack)
        if not able.any():
            return False
        project = self._best(able, support)
        mine = np.flatnonzero((profile.column == project) & positive)
        row, given = profile.row[mine], self.given[mine]
        factor = price_per_unit(min(float(self.cost[project]), float(held[row].sum())), held[row], given, 1.0)
        raised = np.minimum(held[row], factor * given)
        kept = np.ones(profile.voters)
        kept[row] = np.divide(held[row] - raised, held[row] - given, out=np.zeros(row.size), where=held[row] > given)
        marks = profile.marks_of(row)
        shrunk = np.where(self.open[profile.column[marks]], np.clip(kept, 0.0, 1.0)[profile.row[marks]], 1.0)
        changed = self.given[marks] * shrunk
        changed[profile.column[marks] == project] = raised
        self._set(marks, changed)
        return True

    def _take_back(self) -> None:
        left = self.election.budget - self.election.spent(self.chosen)
        if self.variant in ("ewt", "ewtc"):
            order = self.eliminated[::-1]
        else:
            merit = self._merit(self.support())
            order = sorted(
                np.flatnonzero(self.open).tolist(), key=lambda project: (-merit[project], self.rank[project])
            )
        for project in order:
            if self.election.cost[project] <= left:
                self.chosen.append(project)
                self.returned.add(project)
                left -= self.election.cost[project]
