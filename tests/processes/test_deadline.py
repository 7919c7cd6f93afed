"""After the deadline of a rule's terms nothing more is taken; without one, all until the round is settled."""

from __future__ import annotations

from commsim.contracts import Ballot, RoundView, Terms
from commsim.model import CommunityModel
from commsim.plugins.matching.linear import LinearMatch
from commsim.processes import MONTH, Contribution
from tests.processes.runs import run

TAKEN: list[tuple[int, int, int]] = []


class Watched(Contribution):
    """Notes in which month after the opening gifts and votes were taken, and how many."""

    def step(self, community, residents):  # type: ignore[no-untyped-def]
        open_rounds = [unit.round for fund in community.money.funds for unit in fund.units if unit.round is not None]
        before = [(len(one.pledges), len(one.votes)) for one in open_rounds]
        super().step(community, residents)
        for one, (gifts, votes) in zip(open_rounds, before, strict=True):
            TAKEN.append((community.month - one.opened, len(one.pledges) - gifts, len(one.votes) - votes))


class Closing(LinearMatch):
    needs = LinearMatch.needs | {"ballots"}
    deadline: int | None = None

    def open_round(self, view: RoundView) -> Terms:
        return Terms(match_rate=1.0, match_pool=view.budget, ballot=Ballot(), deadline=self.deadline)


def taken(deadline: int | None) -> tuple[CommunityModel, list[tuple[int, int, int]]]:
    TAKEN.clear()
    rule = Closing()
    rule.deadline = deadline
    processes = [Watched if one is Contribution else one for one in MONTH]
    return run(rule, overrides=["months=12", "initiators=quota"], processes=processes), list(TAKEN)


def test_gifts_and_votes_stop_at_the_deadline_that_the_terms_tell() -> None:
    model, open_all = taken(None)
    later = [one for one in open_all if one[0] > 0]
    assert sum(one[1] for one in later) > 0 and sum(one[2] for one in later) > 0
    early, closed = taken(1)
    assert sum(one[1] for one in closed) > 0 and not any(one[1] or one[2] for one in closed if one[0] > 0)
    pledged = [sum(one.pledged_fen for one in each.projects.projects) for each in (early, model)]
    assert 0 < pledged[0] < pledged[1]


def test_a_deadline_beyond_the_settlement_changes_nothing() -> None:
    assert taken(99)[1] == taken(None)[1]
