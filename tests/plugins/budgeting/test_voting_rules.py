"""Voting rules: worked examples of the literature, promises that need no numbers, agreement with other programs."""

from __future__ import annotations

from fractions import Fraction
from itertools import chain, combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commsim.contracts import Choices
from commsim.plugin_host.loader import load_catalogue
from commsim.plugins.equal_shares.purchases import EqualShares
from commsim.plugins.equal_shares.raised import raised_shares
from commsim.plugins.equal_shares.rule import utilities
from commsim.plugins.shared.maximin import least_largest_load
from commsim.plugins.shared.phragmen import Phragmen
from commsim.plugins.shared.profile import Election, Profile
from commsim.plugins.shared.voting_input import election_of
from commsim.rules import evaluate

ELECTIONS = st.builds(
    lambda costs, ballots, budget: {
        "budget": budget,
        "projects": {"abcdefgh"[i]: cost for i, cost in enumerate(costs)},
        "approvals": [["abcdefgh"[i] for i in sorted(row) if i < len(costs)] for row in ballots],
    },
    st.lists(st.integers(1, 12), min_size=1, max_size=7),
    st.lists(st.sets(st.integers(0, 6), max_size=4), min_size=1, max_size=10),
    st.integers(1, 40),
)
VOTING = [one for one in load_catalogue(entry_points=False) if one.startswith(("pb.", "committee."))]


@settings(max_examples=25, deadline=None)
@given(election=ELECTIONS, rule=st.sampled_from(VOTING))
def test_no_rule_spends_more_than_the_budget(election: dict[str, Any], rule: str) -> None:
    won = evaluate(rule, election)
    assert sum(election["projects"][one] for one in won) <= election["budget"]


@settings(max_examples=25, deadline=None)
@given(election=ELECTIONS, rule=st.sampled_from(VOTING), luck=st.randoms(use_true_random=False))
def test_the_order_of_projects_and_voters_does_not_matter(election: dict[str, Any], rule: str, luck: Any) -> None:
    projects, voters = list(election["projects"].items()), [list(row) for row in election["approvals"]]
    luck.shuffle(projects)
    luck.shuffle(voters)
    assert evaluate(rule, {**election, "projects": dict(projects), "approvals": voters}) == evaluate(rule, election)


@settings(max_examples=50, deadline=None)
@given(election=ELECTIONS, utility=st.sampled_from(("cost", "cardinality", "effort")))
def test_equal_shares_payments_stay_within_shares_and_sum_to_costs(election: dict[str, Any], utility: str) -> None:
    _ids, made = election_of(election)
    share = Fraction(made.budget, made.profile.voters)
    outcome = EqualShares(made, utilities(made, utility)).run(share)
    paid = np.zeros(made.profile.voters)
    for purchase in outcome.purchases:
        assert purchase.payments.sum() == pytest.approx(made.cost[purchase.project])
        assert set(purchase.payers) <= set(made.profile.supporters[purchase.project])
        paid[purchase.payers] += purchase.payments
    assert paid.max(initial=0) <= float(share) * (1 + 1e-9)
    everyone = np.arange(made.profile.voters)
    # The exact sum of money left is the budget less the costs, to the last fraction.
    assert outcome.exact.of(everyone) == made.budget - made.spent(outcome.chosen)


def exact_equal_shares(made: Election, utility: list[Fraction]) -> list[int]:
    """Equal shares with fractions throughout, by sorting supporters: slow, and written another way."""
    money = [Fraction(made.budget, made.profile.voters)] * made.profile.voters
    chosen: list[int] = []
    while True:
        offers = []
        for one, cost in enumerate(made.cost):
            supporters = sorted(made.profile.supporters[one].tolist(), key=lambda voter: money[voter])
            held = sum((money[voter] for voter in supporters), Fraction(0))
            if one in chosen or not supporters or held < cost or cost > made.budget:
                continue
            missing = Fraction(cost)
            for place, voter in enumerate(supporters):
                price = missing / (len(supporters) - place)
                if price <= money[voter]:
                    offers.append((price / utility[one], made.rank[one], one, price))
                    break
                missing -= money[voter]
        if not offers:
            return chosen
        _rho, _rank, one, price = min(offers)
        for voter in made.profile.supporters[one]:
            money[voter] -= min(price, money[voter])
        chosen.append(one)


@settings(max_examples=50, deadline=None)
@given(election=ELECTIONS, utility=st.sampled_from(("cost", "cardinality", "effort")))
def test_equal_shares_agrees_with_fractions_throughout(election: dict[str, Any], utility: str) -> None:
    _ids, made = election_of(election)
    worth = utilities(made, utility)
    outcome = EqualShares(made, worth).run(Fraction(made.budget, made.profile.voters))
    assert outcome.chosen == exact_equal_shares(made, worth)


def pabutools_of(election: dict[str, Any]) -> tuple[Any, Any]:
    module = pytest.importorskip("pabutools.election", reason="pabutools is not installed")
    projects = {name: module.Project(name, cost) for name, cost in election["projects"].items()}
    instance = module.Instance(projects.values(), budget_limit=election["budget"])
    rows = [module.ApprovalBallot(projects[one] for one in row) for row in election["approvals"]]
    return instance, module.ApprovalProfile(rows)


@settings(max_examples=40, deadline=None)
@given(
    election=ELECTIONS,
    completion=st.sampled_from(("none", "add1")),
    utility=st.sampled_from(("cost", "cardinality")),
)
def test_equal_shares_agrees_with_pabutools(election: dict[str, Any], completion: str, utility: str) -> None:
    # pabutools lets a project that is dearer than the budget be bought as shares are raised; here it does not stand.
    projects = {one: cost for one, cost in election["projects"].items() if cost <= election["budget"]}
    standing = [[one for one in row if one in projects] for row in election["approvals"]]
    election = {**election, "projects": projects, "approvals": [row for row in standing if row] or [[]]}
    instance, profile = pabutools_of(election)
    from pabutools.election import Cardinality_Sat, Cost_Sat
    from pabutools.rules import method_of_equal_shares

    increment = {"voter_budget_increment": 1} if completion == "add1" else {}
    theirs = method_of_equal_shares(
        instance, profile, sat_class=Cost_Sat if utility == "cost" else Cardinality_Sat, **increment
    )
    ours = evaluate(f"pb.mes(utility={utility}, completion={completion}, stop=exhaustive)", election)
    assert ours == sorted(project.name for project in theirs)


def test_an_outcome_is_exhaustive_though_a_project_without_votes_would_still_fit() -> None:
    election = {
        "budget": 20,
        "projects": {"a": 1, "b": 1, "c": 9, "d": 1, "e": 9, "f": 1},
        "approvals": [["a", "b", "c", "d"], ["a", "e"]],
    }
    assert evaluate("pb.mes(completion=add1, stop=exhaustive)", election) == ["a", "b", "d", "e"]


@settings(max_examples=40, deadline=None)
@given(election=ELECTIONS)
def test_phragmen_agrees_with_pabutools(election: dict[str, Any]) -> None:
    instance, profile = pabutools_of(election)
    from pabutools.rules import sequential_phragmen

    voted = set(chain.from_iterable(election["approvals"]))
    theirs = [project.name for project in sequential_phragmen(instance, profile) if project.name in voted]
    assert evaluate("pb.seq_phragmen", election) == sorted(theirs)


@settings(max_examples=25, deadline=None)
@given(election=ELECTIONS)
def test_the_largest_load_is_that_of_the_densest_set(election: dict[str, Any]) -> None:
    _ids, made = election_of(election)
    able = [one for one in range(len(made.cost)) if made.profile.count[one]][:5]
    if able:
        subsets = chain.from_iterable(combinations(able, size) for size in range(1, len(able) + 1))
        densest = max(
            Fraction(made.spent(list(one)), len(set().union(*(made.profile.supporters[two].tolist() for two in one))))
            for one in subsets
        )
        assert least_largest_load(made, able) == densest


@settings(max_examples=25, deadline=None)
@given(election=ELECTIONS)
def test_the_knapsack_finds_the_most_votes_that_fit(election: dict[str, Any]) -> None:
    votes = {one: sum(one in row for row in election["approvals"]) for one in election["projects"]}
    names = list(votes)
    subsets = chain.from_iterable(combinations(names, size) for size in range(len(names) + 1))
    best = max(
        sum(votes[one] for one in subset)
        for subset in subsets
        if sum(election["projects"][one] for one in subset) <= election["budget"]
    )
    assert sum(votes[one] for one in evaluate("pb.knapsack", election)) == best


def test_the_knapsack_is_exact_where_votes_times_cost_are_beyond_the_solvers_numbers() -> None:
    made = {"budget": 10**12, "projects": {"a": 10**12, "b": 5 * 10**11 + 1, "c": 5 * 10**11 - 1}}
    rule, with_a, with_b = "pb.knapsack(utility=cost)", [["a"]], [["b", "c"]]
    assert evaluate(rule, {**made, "approvals": with_a * 30 + with_b * 20}) == ["a"]
    assert evaluate(rule, {**made, "approvals": with_a * 20 + with_b * 30}) == ["b", "c"]


@settings(max_examples=25, deadline=None)
@given(election=ELECTIONS)
def test_maxmin_finds_the_best_least(election: dict[str, Any]) -> None:
    cost, budget = election["projects"], election["budget"]
    rows = [set(row) & {one for one in cost if cost[one] <= budget} for row in election["approvals"]]
    rows = [row for row in rows if row]
    if rows:
        subsets = chain.from_iterable(combinations(cost, size) for size in range(len(cost) + 1))
        fitting = (set(one) for one in subsets if sum(cost[two] for two in one) <= budget)
        best = max(min(len(row & one) for row in rows) for one in fitting)
        assert min(len(row & set(evaluate("pb.maxmin", election))) for row in rows) == best


def test_two_thousand_winners_need_no_recursion_and_come_out() -> None:
    n = 2_000
    row = np.arange(n, dtype=np.int64)
    profile = Profile(n, n, row, row, np.ones(n, dtype=np.int64))
    cost = tuple(range(1, n + 1))
    made = Election(profile, cost, sum(cost), tuple(range(n)))
    assert len(EqualShares(made, utilities(made, "cardinality")).run(Fraction(n)).chosen) == n
    assert len(Phragmen(made).run()) == n


@settings(max_examples=40, deadline=None)
@given(
    election=ELECTIONS,
    utility=st.sampled_from(("cost", "cardinality", "effort")),
    stop=st.sampled_from(("overspend", "exhaustive")),
    whole=st.booleans(),
)
def test_several_raises_at_once_end_where_single_raises_end(
    election: dict[str, Any], utility: str, stop: str, whole: bool
) -> None:
    _ids, made = election_of(election)
    method = EqualShares(made, utilities(made, utility))
    share = Fraction(made.budget, made.profile.voters)
    single = method.run(share)
    at = Fraction(10 * (made.budget // (10 * made.profile.voters))) if whole else share
    while not (stop == "exhaustive" and made.exhausted_by(single.chosen)) and len(single.chosen) < len(
        method.candidates
    ):
        following = method.run(at + 10)
        if made.spent(following.chosen) > made.budget:
            break
        single, at = following, at + 10
    raised = raised_shares(method, share, 10, stop, whole=whole)
    assert (raised.chosen, raised.exact.share) == (single.chosen, single.exact.share)


def equal_projects(voters: int, projects: int, marked: Any, budget: int) -> Election:
    """Every project costs 100; voter v marks `marked(v)`."""
    pairs = sorted({(voter, project) for voter in range(voters) for project in marked(voter)})
    row, column = np.array(pairs, dtype=np.int64).T
    profile = Profile(voters, projects, row, column, np.ones(len(pairs), dtype=np.int64))
    return Election(profile, (100,) * projects, budget, tuple(range(projects)))


@pytest.mark.parametrize("budget", [13 * 100, 17 * 100])
def test_many_exact_ties_go_by_id_as_fractions_have_it(budget: int) -> None:
    for marked in (lambda voter: range(40), lambda voter: [(voter + 3 * k * k) % 40 for k in range(6)]):
        made = equal_projects(40, 40, marked, budget)
        worth = utilities(made, "cardinality")
        outcome = EqualShares(made, worth).run(Fraction(made.budget, made.profile.voters))
        assert outcome.chosen == exact_equal_shares(made, worth)


def test_of_a_thousand_projects_that_tie_exactly_each_is_priced_a_few_times_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    n = 1_000
    priced: list[int] = []
    exactly = EqualShares._exactly
    monkeypatch.setattr(EqualShares, "_exactly", lambda *given: priced.append(given[1].project) or exactly(*given))
    made = equal_projects(n, n, lambda voter: [(voter + k) % n for k in range(10)], 60 * n)
    chosen = EqualShares(made, utilities(made, "cardinality")).run(Fraction(60)).chosen
    assert len(chosen) == 600 and chosen[:6] == list(range(6))
    assert n <= len(priced) < 3 * n  # with every tie priced anew at every purchase: hundreds of thousands


def test_more_votes_for_a_loser_of_points_move_with_transfer() -> None:
    points = [{"a": 6, "b": 4}] * 2 + [{"b": 10}, {"c": 10}]
    election = {"budget": 12, "projects": {"a": 3, "b": 6, "c": 6}, "points": points}
    # a is funded with 0.6 of 3.6 left over, which goes to b: 2.4 + 3 + 0.6 = 6 just pays for it.
    assert evaluate("pb.cstv", election) == ["a", "b"]


def test_the_outcome_by_votes_is_kept_where_more_voters_prefer_it() -> None:
    rule = "pb.mes(completion=none, comparison={})"
    election = {"budget": 100, "projects": {"a": 100, "b": 10}, "approvals": [["a"]] * 7 + [["a", "b"]] + [["b"]] * 2}
    assert evaluate(rule.format("false"), election) == ["b"]
    assert evaluate(rule.format("true"), election) == ["a"]


def test_repeated_and_empty_marks_are_summed_and_left_out() -> None:
    ballots = Choices(np.array([0, 3, 3]), np.array([1, 1, 0], np.int32), np.array([2, 3, 0]))
    profile = Profile.of(ballots, 2)
    assert profile.voters == 2 and profile.total.tolist() == [0, 5] and profile.count.tolist() == [0, 1]


def test_the_completion_by_phragmen_passes_over_what_does_not_fit_and_goes_on() -> None:
    # After p1, voters of q hold 2, of p2 1 and of p3 1: q comes first, then p3 (5) does not fit, and p2 still does.
    election = {
        "budget": 9,
        "projects": {"p1": 4, "p2": 2, "p3": 5, "q": 3},
        "approvals": [["p1"]] * 4 + [["q"]] * 2 + [["p3"]] * 2 + [["p2"]],
    }
    assert evaluate("pb.mes(completion=none)", election) == ["p1"]
    assert evaluate("pb.mes(completion=phragmen)", election) == ["p1", "p2", "q"]


@pytest.mark.parametrize(("variant", "winner"), [("ewt", "a"), ("ewtc", "b")])
def test_transfer_over_costs_eliminates_by_support_for_cost_and_without_by_excess(variant: str, winner: str) -> None:
    # a lacks 1 of 4 (has 0.75 of its cost), b lacks 2 of 9 (has 0.78 of it).
    election = {"budget": 10, "projects": {"a": 4, "b": 9}, "points": [{"a": 3, "b": 7}]}
    assert evaluate(f"pb.cstv(variant={variant})", election) == [winner]
