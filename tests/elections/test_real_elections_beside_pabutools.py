"""Small real elections, decided here and by pabutools: an independent program, the same winners.

Ties are stated: both go by id, here in natural order, so pabutools is given names whose plain order is that order. What
the programs mean differently is taken out of the elections first: projects dearer than the budget (pabutools lets
equal shares buy them as shares are raised) and projects without a vote (only the greedy rule funds them).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from commsim.elections.election import PbElection
from commsim.elections.pabulib import read_pb
from commsim.elections.replay import settle
from commsim.natural_order import natural_rank
from commsim.plugin_host.loader import load_catalogue
from commsim.plugins.equal_shares.purchases import EqualShares
from commsim.plugins.equal_shares.raised import raised_shares
from commsim.plugins.equal_shares.rule import utilities
from commsim.plugins.shared.profile import Election
from tests.shared_data import require_shared_data

CATALOGUE = load_catalogue(entry_points=False)
ELECTIONS = """
Netherlands_Assen_2024 Poland_Warszawa_2017_Sadul Poland_Warszawa_2019_Miedzeszyn Poland_Gdynia_2023_Karwiny__small
Poland_Gdynia_2024_Babie_Doly__large Poland_Lodz_2022_Nowosolna Poland_Lodz_2025_Mileszki Poland_Lodz_2020_Nad_Nerem
Poland_Warszawa_2017_Miedzeszyn Poland_Gdynia_2020_Leszczynki__small Poland_Gdynia_2021_Redlowo__small
Poland_Warszawa_2017_CentrumWola_GrzybowskaGroszowka Poland_Warszawa_2018_rejon_7 Poland_Lodz_2024_Mileszki
France_Toulouse_2022_1_-_Capitole_Arnaud_Bernard_Carmes Worldwide_Mechanical_Turk_k_approval_3
""".split()
RAISED = set(ELECTIONS[:3]) | {"Poland_Gdynia_2023_Karwiny__small", "Poland_Gdynia_2021_Redlowo__small"}
"""Where pabutools raises shares step by step in seconds."""


def beside(election: PbElection) -> tuple[Any, Any, dict[str, str]]:
    """pabutools' instance and profile, and its names of projects that stand as our ids."""
    module = pytest.importorskip("pabutools.election", reason="pabutools is not installed")
    votes = election.ballots.totals(len(election.ids))
    standing = [one for one in range(len(election.ids)) if votes[one] and election.cost[one] <= election.budget]
    rank = natural_rank(election.ids)
    made = {one: module.Project(f"{int(rank[one]):06d}", int(election.cost[one]) // 100) for one in standing}
    instance = module.Instance(made.values(), budget_limit=election.budget // 100)
    ballots, start = election.ballots, election.ballots.start
    profile = module.ApprovalProfile(
        module.ApprovalBallot(made[int(one)] for one in ballots.proposal[start[row] : start[row + 1]] if one in made)
        for row in range(ballots.rows)
    )
    return instance, profile, {project.name: election.ids[one] for one, project in made.items()}


def ours(election: PbElection, rule: str, standing: set[str]) -> set[str]:
    paid = settle(election, CATALOGUE.make_written(rule)).paid
    return {one for one, amount in zip(election.ids, paid, strict=True) if amount > 0} & standing


@pytest.mark.data
@pytest.mark.study
@pytest.mark.parametrize("name", ELECTIONS)
def test_rules_agree_with_pabutools_on_a_real_election(name: str) -> None:
    election = read_pb(require_shared_data("pabulib", f"{name}.pb"))
    assert election.vote_type in ("approval", "choose-1") and not (election.cost % 100).any()
    instance, profile, named = beside(election)
    from pabutools.election import Cardinality_Sat, Cost_Sat
    from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares, sequential_phragmen

    def theirs(winners: Any) -> set[str]:
        return {named[project.name] for project in winners}

    came = {
        "pb.mes:completion=none": method_of_equal_shares(instance, profile, sat_class=Cost_Sat),
        "pb.mes:completion=none,utility=cardinality": method_of_equal_shares(
            instance, profile, sat_class=Cardinality_Sat
        ),
        "pb.seq_phragmen": sequential_phragmen(instance, profile),
        # Projects by votes for their whole cost: pabutools' greedy goes by satisfaction per cost, which is the votes.
        "pb.greedy_votes": greedy_utilitarian_welfare(instance, profile, sat_class=Cost_Sat),
    }
    if name in RAISED:
        came["pb.mes:completion=add1,stop=exhaustive"] = method_of_equal_shares(
            instance, profile, sat_class=Cost_Sat, voter_budget_increment=1
        )
    for rule, winners in came.items():
        assert ours(election, rule, set(named.values())) == theirs(winners), rule


@pytest.mark.data
@pytest.mark.study
@pytest.mark.parametrize("stop", ["overspend", "exhaustive"])
@pytest.mark.parametrize("utility", ["cost", "cardinality", "effort"])
@pytest.mark.parametrize("name", ELECTIONS)
def test_shares_raised_ahead_end_where_shares_raised_step_by_step_end(name: str, utility: str, stop: str) -> None:
    rule = CATALOGUE.make("pb.mes", {"utility": utility})
    pb = read_pb(require_shared_data("pabulib", f"{name}.pb"))
    election = Election.of(pb.view(rule, rule.open_round(pb.view(rule))))
    method = EqualShares(election, utilities(election, utility))
    at = share = Fraction(election.budget, election.profile.voters)
    step = max(int(share / 100), 1)
    found = method.run(at)
    while not (stop == "exhaustive" and election.exhausted_by(found.chosen)) and len(found.chosen) < len(
        method.candidates
    ):
        following = method.run(at + step)
        if election.spent(following.chosen) > election.budget:
            break
        found, at = following, at + step
    raised = raised_shares(method, share, step, stop)
    assert (raised.chosen, raised.exact.share) == (found.chosen, at)
