"""Going down a list of projects: stopping at the first that does not fit, a threshold, votes for each yuan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from commsim.contracts import Ballot, RoundView, Terms, parameter
from commsim.i18n import Bilingual, Text, _
from commsim.money import in_yuan
from commsim.plugins.shared.profile import Election
from commsim.plugins.shared.voting import Decision, VotingRule, approvals_parameter, ranked_reason, votes_figure


def by_votes(election: Election) -> list[int]:
    """All positions, most votes (points count) first, ties by id in natural order."""
    total = election.profile.total.tolist()
    return sorted(range(len(total)), key=lambda project: (-total[project], election.rank[project]))


def fill(election: Election, order: Iterable[int], *, skip: bool = True) -> list[int]:
    """Go down `order` and take what fits; stop at the first that does not unless `skip`."""
    left, chosen = election.budget, []
    for project in order:
        if election.cost[project] <= left:
            chosen.append(project)
            left -= election.cost[project]
        elif not skip:
            break
    return chosen


class GreedyNoSkip(VotingRule):
    """Most votes first, each paid in full, until the first that does not fit; nothing after it is funded.

    Definition: proposals by falling votes, ties by id in natural order; the list ends at the first whose cost exceeds
    what is left. Properties: not exhaustive, not proportional; simple, and no cheap project overtakes a popular one.
    Source: practice of Gdynia and other Polish cities (Pabulib rule "greedy-no-skip").

    >>> from commsim.rules import evaluate
    >>> evaluate("pb.greedy_no_skip", {"budget": 10, "projects": {"a": 6, "b": 6, "c": 4}, "approvals":
    ...          [["a", "b"], ["a", "b"], ["a", "c"]]})
    ['a']
    """

    id = "pb.greedy_no_skip"
    title = Bilingual(
        en="Participatory budget by votes, stop at the first that does not fit", zh="参与式预算（按票数，遇不足即止）"
    )
    summary = Bilingual(
        en="Residents mark proposals; the most voted are paid in full until one does not fit.",
        zh="居民投票，得票多的项目先得全额资助，遇到第一个资金不足的项目即停止。",
    )
    properties = frozenset({"anonymous", "within_budget"})
    source = "practice of Gdynia and other Polish cities; Pabulib"

    def decide(self, election: Election) -> Decision:
        """Go down the list and stop."""
        chosen = fill(election, by_votes(election), skip=False)
        return Decision(chosen, ranked_reason(election, chosen, votes_figure(election)), waiting=by_votes(election))


@dataclass(frozen=True)
class ThresholdParams:
    """Parameters of the choice by votes with a threshold."""

    approvals: int = approvals_parameter()
    threshold: int = parameter(
        50,
        label=Bilingual(en="Votes needed", zh="入围票数"),
        doc=Bilingual(en="Votes that a proposal needs to be considered.", zh="项目入围所需的最低票数。"),
        unit="votes",
        ge=0,
        sweep=(0, 200),
        reference="Gdynia: 50 in its districts (min_project_score_threshold)",
    )
    skip: bool = parameter(
        True,
        label=Bilingual(en="Skip what does not fit", zh="跳过资金不足者"),
        doc=Bilingual(en="Pass over what does not fit; otherwise stop there.", zh="跳过资金不足的项目；否则就此停止。"),
        reference="Pabulib rules greedy-threshold (skip) and greedy-no-skip",
    )


class GreedyThreshold(VotingRule):
    """Most votes first among proposals with enough votes, passing over what does not fit.

    Definition: proposals with v_j ≥ τ by falling votes, ties by id in natural order; each is funded if its cost is at
    most what is left. Properties: exhaustive above the threshold, not proportional. Source: practice of Łódź, Warsaw
    and Częstochowa (Pabulib rule "greedy-threshold").

    >>> from commsim.rules import evaluate
    >>> evaluate("pb.greedy_threshold(threshold=2)", {"budget": 10, "projects": {"a": 6, "b": 6, "c": 4}, "approvals":
    ...          [["a", "b"], ["a", "b"], ["a", "c"]]})
    ['a']
    """

    id = "pb.greedy_threshold"
    title = Bilingual(en="Participatory budget by votes with a threshold", zh="参与式预算（按票数，设最低票数）")
    summary = Bilingual(
        en="Of the proposals with enough votes the most voted are paid in full until the money ends.",
        zh="达到最低票数的项目按票数依次全额资助，直至资金用完。",
    )
    properties = frozenset({"anonymous", "within_budget"})
    source = Bilingual(
        en="practice of Łódź, Warsaw and Częstochowa; Pabulib", zh="罗兹、华沙和琴斯托霍瓦的做法；Pabulib"
    )
    Params = ThresholdParams

    def open_round(self, view: RoundView) -> Terms:
        """Announce the ballot and the threshold."""
        return Terms(ballot=Ballot("approval", most=self.params.approvals), min_votes=self.params.threshold)

    def decide(self, election: Election) -> Decision:
        """Go down the list of those that reached the threshold."""
        total, threshold = election.profile.total, self.params.threshold
        considered = [project for project in by_votes(election) if total[project] >= threshold]
        chosen = fill(election, considered, skip=self.params.skip)
        listed = ranked_reason(election, chosen, votes_figure(election))

        def reason(position: int) -> Text:
            if total[position] >= threshold:
                return listed(position)
            return _("nothing: votes: {votes}, fewer than the {min_votes} that are needed").format(
                votes=int(total[position]), min_votes=threshold
            )

        return Decision(chosen, reason, waiting=considered)


class GreedyVotesPerCost(VotingRule):
    """Most votes for each yuan first, passing over what does not fit.

    Definition: proposals by falling v_j / c_j (compared exactly; a free proposal comes first), ties by id in natural
    order; each is funded if its cost is at most what is left. Properties: exhaustive; favours cheap projects; not
    proportional. Source: Talmon and Faliszewski 2019 (greedy rule for cardinality utility).

    >>> from commsim.rules import evaluate
    >>> evaluate("pb.greedy_votes_per_cost", {"budget": 10, "projects": {"a": 9, "b": 2, "c": 4}, "approvals":
    ...          [["a", "b"], ["a", "c"], ["a"]]})
    ['b', 'c']
    """

    id = "pb.greedy_votes_per_cost"
    also_called = ("greedy cardinality sat", "votes per cost", "value for money")
    title = Bilingual(en="Participatory budget by votes for each yuan", zh="参与式预算（按单位资金票数）")
    summary = Bilingual(
        en="The proposals with most votes for each yuan they cost are paid in full until the money ends.",
        zh="按每元成本所得票数从高到低全额资助，直至资金用完。",
    )
    properties = frozenset({"anonymous", "within_budget", "exhaustive"})
    source = "Talmon and Faliszewski 2019"

    def decide(self, election: Election) -> Decision:
        """Go down the list by votes for each fen."""
        total, cost = election.profile.total.tolist(), election.cost
        price = [
            Fraction(-votes, cost[project]) if cost[project] else Fraction(0) for project, votes in enumerate(total)
        ]
        order = sorted(
            range(len(cost)), key=lambda project: (cost[project] > 0, price[project], election.rank[project])
        )
        chosen = fill(election, order)

        def figure(position: int) -> Text:
            return _("votes: {votes} for {ask} yuan").format(votes=total[position], ask=in_yuan(cost[position]))

        return Decision(chosen, ranked_reason(election, chosen, figure), waiting=order)
