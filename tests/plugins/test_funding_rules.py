"""Matching, seed, quadratic, conviction, learning and optimal rules: worked examples, properties, oracles."""

from __future__ import annotations

import itertools
import math
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from commsim.calling.call import call_rule
from commsim.contracts import Choices, Influence, Rule
from commsim.errors import InvalidInput, RuleError
from commsim.plugins.benchmarks.covering import best_cover, better_of_greedy_and_single, ratio_greedy, value_of
from commsim.plugins.benchmarks.optimal import equal_marginal
from commsim.plugins.budgeting.conviction import alpha_of, half_life_of, level, share_to_pass, threshold, time_to_pass
from commsim.plugins.learning.bandit import upper_bounds
from commsim.plugins.matching.conditional import slabs, tiers_of
from commsim.plugins.quadratic.arithmetic import (
    binary_ties,
    cluster_subsidies,
    fitted,
    pairwise_subsidies,
    plain_subsidies,
    walked_ties,
)
from commsim.rules import evaluate
from tests.plugins.rounds import CATALOGUE, a_round, opened, random_rounds

FEW = settings(max_examples=40, deadline=None)

gifts = st.lists(st.integers(1, 10_000), min_size=1, max_size=8)


@FEW
@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=8))
def test_one_donor_per_project_draws_nothing(each: list[int]) -> None:
    amounts = np.array(each)
    assert plain_subsidies(np.arange(len(each)), amounts, len(each), True).tolist() == [0.0] * len(each)
    matrix = csr_array(np.diag(amounts.astype(float)))
    assert pairwise_subsidies(matrix, 2500.0).tolist() == [0.0] * len(each)  # a trace would grow to fill the pot


@FEW
@given(st.integers(1, 10**6), st.integers(1, 40))
def test_splitting_a_gift_among_k_donors_lifts_the_total_from_c_to_k_c(gift: int, donors: int) -> None:
    split = np.full(donors, gift / donors)
    subsidy = plain_subsidies(np.zeros(donors, np.int64), split, 1, True)[0]
    assert gift + subsidy == pytest.approx(donors * gift)


@FEW
@given(st.lists(gifts, min_size=1, max_size=4), st.floats(1.0, 1000.0))
def test_pairwise_sums_agree_with_the_definition(columns: list[list[int]], bound: float) -> None:
    donors = max(map(len, columns))
    dense = np.zeros((donors, len(columns)))
    for column, each in enumerate(columns):
        dense[: len(each), column] = each
    expected = np.zeros(len(columns))
    for a, b in itertools.combinations(range(donors), 2):
        common = np.sqrt(dense[a] * dense[b])
        expected += common * bound / (bound + common.sum())
    assert pairwise_subsidies(csr_array(dense), bound) == pytest.approx(expected)


def test_without_damping_pairwise_is_half_of_plain_funding() -> None:
    dense = np.array([[4.0, 9.0], [1.0, 16.0], [25.0, 0.0]])
    project, gift = np.tile([0, 1], 3), dense.ravel()
    plain = plain_subsidies(project, gift, 2, True)
    assert pairwise_subsidies(csr_array(dense), 1e15) == pytest.approx(plain / 2)


def test_donors_of_clusters_of_their_own_draw_what_plain_funding_gives() -> None:
    dense = np.array([[4.0, 9.0], [1.0, 16.0], [25.0, 0.0]])
    plain = plain_subsidies(np.tile([0, 1], 3), dense.ravel(), 2, True)
    apart = np.eye(3)
    for ties, harsh in itertools.product((walked_ties(apart), binary_ties(apart)), (True, False)):
        assert cluster_subsidies(csr_array(dense), apart, ties, harsh) == pytest.approx(plain)


# Donor 0 is in cluster 0 only, but donor 1 ties clusters 0 and 1; donor 2 is in cluster 1 only.
BRIDGED = np.array([[1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])


def test_by_the_paper_a_donor_tied_to_a_cluster_counts_there_by_the_root_of_his_gift() -> None:
    matrix = csr_array(np.array([[16.0], [0.0], [9.0]]))
    # √p of each: 4 and 3, so twice √(4 · 3).
    assert cluster_subsidies(matrix, BRIDGED, binary_ties(BRIDGED), False) == pytest.approx([2 * math.sqrt(12)])


@pytest.mark.parametrize(
    ("written", "paid"),
    [
        ("qf.cocm", 6),  # a quarter of a walk from donor 0 ends in cluster 1: (1 − 1/4) · 4 = 3 each way
        ("qf.cocm(harsh)", 6),
        ("qf.cocm(harsh=false)", 9),  # 1/4 · 2 + 3/4 · 4 = 3.5, and half of the bridge's root: 1
        ("qf.cocm(ties=binary, harsh=false)", 6),  # the paper: 2 and half of 2 each way
    ],
)
def test_a_bridge_between_clusters_draws_what_the_published_forms_pay(written: str, paid: float) -> None:
    assert evaluate(written, {"donations": [[4], [4], [4]], "clusters": BRIDGED.tolist()}) == pytest.approx([paid])


amounts = st.lists(st.floats(0.0, 1e6), min_size=1, max_size=8)


@pytest.mark.parametrize("how", ["scale_log", "scale_up"])
def test_a_subsidy_next_to_nothing_does_not_overflow(how: str) -> None:
    paid = fitted(np.array([0.0, 2.3e-311]), np.array([0.0, 5.0]), 10.0, how)
    assert paid[0] == 0 and 0 <= paid[1] <= 5


def test_a_subsidy_next_to_nothing_is_cut_to_its_limit_beside_one_of_nothing() -> None:
    paid = fitted(np.array([0.0, 1.0, 5e-324]), np.array([0.0, 0.0, 1.0]), 2.0, "scale_up")
    assert paid.tolist() == [0.0, 0.0, 1.0]


@FEW
@given(data=st.data(), how=st.sampled_from(["keep", "scale_log", "scale_up"]))
def test_caps_bind_and_the_pot_is_used_where_it_can_be(data: st.DataObject, how: str) -> None:
    raw = np.array(data.draw(amounts))
    limits = np.array([data.draw(st.floats(0.0, 1e6)) for _one in raw])
    pot = data.draw(st.floats(1.0, 3e6))
    paid = fitted(raw, limits, pot, how)
    assert (paid <= limits * (1 + 1e-9)).all()
    assert paid.sum() <= pot * (1 + 1e-9)
    wanted = np.minimum(raw, limits) if how != "scale_up" else np.where(raw > 0, limits, 0.0)
    if how != "scale_log":
        assert paid.sum() == pytest.approx(min(pot, wanted.sum()), rel=1e-6, abs=1e-6)
    # Those below their limit share in proportion: iteration on the fixed set.
    free = (paid < limits * (1 - 1e-9)) & (raw > 1e-3)
    if free.sum() > 1:
        assert np.ptp(paid[free] / raw[free]) <= 1e-6 * (paid[free] / raw[free]).max()


@FEW
@given(st.floats(0.0, 1e6), st.floats(0.1, 0.95), st.floats(0.0, 1e6))
def test_conviction_tends_to_stake_over_one_minus_alpha(start: float, alpha: float, stake: float) -> None:
    assert level(start, stake, alpha, 2000) == pytest.approx(stake / (1 - alpha))
    stepped = start
    for _month in range(5):
        stepped = alpha * stepped + stake
    assert level(start, stake, alpha, 5) == pytest.approx(stepped)


def test_asking_for_the_spending_limit_can_never_pass() -> None:
    assert threshold(200, 1000, 50, 0.5, 0.2, 0.002) == math.inf
    assert share_to_pass(200, 1000, 0.2, 0.05) == math.inf
    # Published code compares with κ = 0.05 instead of β = 0.2 and would refuse this one.
    assert share_to_pass(100, 1000, 0.2, 0.05) == pytest.approx(0.05 * 0.04 / 0.01)


def ballots_for(position: int, voters: int) -> Choices:
    return Choices(np.arange(voters + 1), np.full(voters, position, np.int32), np.ones(voters, np.int64))


def test_lasting_support_passes_what_one_month_of_it_does_not() -> None:
    params = {"spending_limit": 0.9, "minimum_conviction": 0.2, "half_life": 3.0, "least_active": 1}
    words = {"budget": 1_000_000, "ballots": ballots_for(2, 20)}
    sudden, lasting = CATALOGUE.make("conviction.voting", params), CATALOGUE.make("conviction.voting", params)
    for month in range(20, 30):
        lasting.after_pledges(a_round(lasting, month=month, **words))
        lasting.after_pledges(a_round(lasting, month=month, **words))  # noting a month twice changes nothing
    before = sudden.settle(a_round(sudden, month=30, **words))
    after = lasting.settle(a_round(lasting, month=30, **words))
    assert before.paid.tolist() == [0, 0, 0]
    assert after.paid.tolist() == [0, 0, 400_000]
    assert lasting.settle(a_round(lasting, month=30, **words)).paid.tolist() == after.paid.tolist()


@FEW
@given(words=random_rounds())
def test_refund_bonuses_are_paid_within_the_budget_and_to_failing_projects_only(words: dict[str, Any]) -> None:
    rule = CATALOGUE.make("seed.refund_bonus", {"bonus": 0.2, "seed_share": 0.2})
    view = opened(rule, words)
    award = call_rule(rule, "settle", view)
    assert award.bonuses is not None and award.refunds is not None
    assert award.paid.sum() + award.bonuses.sum() <= view.budget
    backed = award.refunds == view.pledges.amount
    assert (award.bonuses[~backed] == 0).all()
    wished = np.floor(0.2 * view.pledges.amount[backed]).astype(int)
    if 2 * wished.sum() <= view.budget and award.paid.sum() == 0:
        assert (award.bonuses[award.bonuses > 0] == np.floor(0.2 * view.pledges.amount)[award.bonuses > 0]).all()


def test_a_failed_project_costs_the_fund_the_bonus_and_no_more() -> None:
    rule = CATALOGUE.make("seed.refund_bonus", {"bonus": 0.1, "threshold_share": 0.5})
    award = call_rule(rule, "settle", opened(rule, {}))
    assert award.paid.tolist() == [0, 0, 0]
    assert award.refunds.tolist() == [10_000, 5_000, 50_000]
    assert award.bonuses.tolist() == [1_000, 500, 5_000]


def test_bonuses_beyond_the_budget_are_refused() -> None:
    class Generous(type(CATALOGUE.make("seed.refund_bonus"))):  # type: ignore[misc]
        def settle(self, view: Any) -> Any:
            award = super().settle(view)
            object.__setattr__(award, "bonuses", np.full(len(view.pledges.amount), view.budget, dtype=np.int64))
            return award

    rule = Generous()
    with pytest.raises(RuleError, match="more than the budget"):
        call_rule(rule, "settle", opened(rule, {}))


def test_a_lead_gift_is_announced_and_then_paid_as_announced() -> None:
    rule = CATALOGUE.make("seed.lead", {"share": 0.5})
    view = opened(rule, {})
    award = call_rule(rule, "settle", view)
    assert view.terms is not None and view.terms.seed_announced.tolist() == [300_000, 250_000, 200_000]
    assert award.paid.tolist() == [300_000, 250_000 + 0 if 250_000 + 55_000 >= 300_000 else 0, 0]
    assert award.refunds.tolist() == [0, 0, 0]


def test_hours_count_towards_the_required_ratio() -> None:
    with_hours = CATALOGUE.make("match.required_ratio", {"other": 0.01, "physical": 3.0, "hour_yuan": 60})
    without = CATALOGUE.make("match.required_ratio", {"other": 0.017, "physical": 3.0, "hour_yuan": 0})
    assert call_rule(with_hours, "settle", opened(with_hours, {})).paid.tolist() == [500_000, 500_000, 0]
    assert call_rule(without, "settle", opened(without, {})).paid.tolist() == [0, 500_000, 0]


def test_tiers_are_piecewise_linear_and_have_to_ascend() -> None:
    starts, rates = tiers_of("0:2 1000:1 5000:0.5")
    assert slabs(np.array([0, 1000, 2000, 6000]), starts, rates).tolist() == [0, 2000, 3000, 6500]
    for wrong in ("", "1000:1", "0:1 0:2", "0:-1", "0;1", "0:1:2"):
        with pytest.raises(RuleError, match="tiers"):
            tiers_of(wrong)


def random_cover(generator: np.random.Generator, sets: int, elements: int) -> tuple[csr_array, Any, Any]:
    reach = csr_array((generator.random((sets, elements)) < 0.25).astype(float))
    return reach, generator.integers(1, 20, elements).astype(float), generator.integers(1, 10, sets)


@pytest.mark.parametrize("seed", range(12))
def test_covers_agree_with_trying_every_choice_and_greedy_keeps_its_bound(seed: int) -> None:
    reach, weight, cost = random_cover(np.random.default_rng(seed), 9, 14)
    budget = 12
    every = (c for size in range(10) for c in itertools.combinations(range(9), size))
    best = max(value_of(reach, weight, c) for c in every if sum(cost[list(c)]) <= budget)
    exact = best_cover(reach, weight, cost, budget, 10.0)
    assert exact is not None and exact.value == pytest.approx(best)
    assert sum(cost[list(exact.chosen)]) <= budget
    greedy = better_of_greedy_and_single(reach, weight, cost, np.arange(9), budget)
    assert greedy.value >= 0.5 * (1 - 1 / math.e) * best
    assert greedy.value == pytest.approx(value_of(reach, weight, greedy.chosen))


@pytest.mark.parametrize("seed", range(8))
def test_lazy_greedy_chooses_what_plain_greedy_chooses(seed: int) -> None:
    reach, weight, cost = random_cover(np.random.default_rng(100 + seed), 15, 30)
    left, covered, chosen = 30, np.zeros(30, bool), []
    dense = reach.toarray() > 0
    while True:
        rates = [
            -1.0 if one in chosen or cost[one] > left else weight[dense[one] & ~covered].sum() / cost[one]
            for one in range(15)
        ]
        if max(rates) <= 0:
            break
        chosen.append(int(np.argmax(rates)))
        left -= cost[chosen[-1]]
        covered |= dense[chosen[-1]]
    assert list(ratio_greedy(reach, weight, cost, np.arange(15), 30).chosen) == chosen


@FEW
@given(data=st.data())
def test_expected_participation_is_at_least_that_of_any_other_division(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 5))
    most = np.array([data.draw(st.floats(0.5, 50.0)) for _one in range(n)])
    half = np.array([data.draw(st.floats(10.0, 1000.0)) for _one in range(n)])
    limits = np.array([data.draw(st.floats(1.0, 2000.0)) for _one in range(n)])
    budget = data.draw(st.floats(1.0, 4000.0))
    best = equal_marginal(most, half, limits, budget)
    assert best.sum() == pytest.approx(min(budget, limits.sum()), rel=1e-9)
    assert (best <= limits + 1e-9).all()

    def drawn_in(x: Any) -> float:
        return float((most * x / (half + x)).sum())

    other = np.minimum(limits, np.array([data.draw(st.floats(0.0, 1.0)) for _one in range(n)]) * budget / n)
    assert drawn_in(best) >= drawn_in(other) - 1e-9


def test_seeding_follows_the_ties_in_their_direction() -> None:
    def chosen(arcs: list[list[float]]) -> list[int]:
        rule = CATALOGUE.make("optimal.influence_seeding")
        source, target, chance = np.array(arcs).T
        ties = Influence(
            source.astype(np.int32),
            target.astype(np.int32),
            chance,
            np.array([1.0, 5.0, 9.0]),
            np.arange(3, dtype=np.int32),
        )
        award = call_rule(rule, "settle", a_round(rule, budget=600_000, influence=ties))
        return np.flatnonzero(award.paid).tolist()

    assert chosen([[0, 1, 1.0], [1, 2, 1.0]]) == [0]
    assert chosen([[1, 0, 1.0], [2, 1, 1.0]]) == [2]


def test_spread_over_chance_ties_agrees_with_the_exact_expectation() -> None:
    rule = CATALOGUE.make("optimal.influence_seeding", {"samples": 1000})
    ties = Influence(
        np.array([0], np.int32),
        np.array([1], np.int32),
        np.array([0.3]),
        np.array([1.0, 10.0, 2.0]),
        np.arange(3, dtype=np.int32),
    )
    award = call_rule(rule, "settle", a_round(rule, budget=600_000, influence=ties))
    # From circle 0: 1 + 0.3 · 10 = 4, with a standard error of 10 · √(0.21 / 1000).
    told = float(str(award.reasons[0]).split("(")[1].split()[0])
    assert abs(told - 4.0) <= 4 * 10 * math.sqrt(0.21 / 1000) + 0.05


@pytest.mark.parametrize("rule_id", ["bandit.eps", "bandit.ucb1", "bandit.thompson", "bandit.sequential_halving"])
def test_bandits_try_every_area_and_then_prefer_the_better_one(rule_id: str) -> None:
    rule = CATALOGUE.make(rule_id, {"epsilon": 0.0} if rule_id == "bandit.eps" else {})
    words: dict[str, Any] = {
        "budget": 100_000,
        "proposals": {"id": ("x", "y"), "area": [0, 1], "ask": [100_000] * 2, "minimum_viable": [0, 0]},
    }
    half_known = [{"areas": ("a1",), "paid": (100_000,), "participants": (90,)}]
    assert rule.settle(a_round(rule, **words, history=half_known)).paid.tolist() == [0, 100_000]
    both = [
        {"areas": ("a1", "a2"), "paid": (100_000, 100_000), "participants": (9 + noise, 90 + noise)}
        for noise in range(9)
    ]
    assert rule.settle(a_round(rule, **words, history=both)).paid.tolist() == [0, 100_000]


def test_ucb_adds_what_is_published() -> None:
    assert upper_bounds(np.array([0.5, 0.25]), np.array([2, 6]), 1.0).tolist() == pytest.approx(
        [0.5 + math.sqrt(2 * math.log(8) / 2), 0.25 + math.sqrt(2 * math.log(8) / 6)]
    )


def test_the_index_of_an_arm_that_was_never_pulled_is_infinite_and_of_the_only_pull_its_mean() -> None:
    assert upper_bounds(np.array([0.0, 0.4]), np.array([0, 1]), 1.0).tolist() == [math.inf, 0.4]  # ln 1 = 0
    assert upper_bounds(np.array([0.3, 0.4]), np.array([0, 0]), 1.0).tolist() == [math.inf, math.inf]
    assert upper_bounds(np.array([3.0]), np.array([5]), 0.0).tolist() == [3.0]  # no doubt, the mean alone


def test_small_functions_are_called_by_name_like_rules() -> None:
    index = evaluate("bandit.upper_bounds", {"mean": [0.5, 0.9], "pulls": [4, 0]})
    assert index == [pytest.approx(0.5 + math.sqrt(2 * math.log(4) / 4)), math.inf]
    wide = evaluate("bandit.upper_bounds", {"mean": [10, 4], "pulls": [2, 2], "reach": 10})
    assert wide == pytest.approx([10 + 10 * math.sqrt(math.log(4)), 4 + 10 * math.sqrt(math.log(4))])
    assert evaluate("conviction.half_life", {"alpha": 0.5}) == pytest.approx(1)
    assert evaluate("conviction.half_life", {"alpha": 0.25}) == pytest.approx(0.5)
    # 10 in the first period, 10 + 0.5 · 10 after the second; what tends to 20 never comes to 20.
    assert evaluate("conviction.time_to_pass", {"stake": 10, "alpha": 0.5, "needed": 15}) == pytest.approx(2)
    assert evaluate("conviction.time_to_pass", {"stake": 10, "alpha": 0.5, "needed": 20}) == math.inf
    assert evaluate("conviction.time_to_pass", {"y0": 15, "stake": 10, "alpha": 0.5, "needed": 17.5}) == pytest.approx(
        1
    )
    assert evaluate("conviction.time_to_pass", {"y0": 1, "stake": 2, "alpha": 1, "needed": 7}) == 3
    with pytest.raises(InvalidInput, match="2 values, as many as mean"):
        evaluate("bandit.upper_bounds", {"mean": [0.5, 0.9], "pulls": [4]})


@pytest.mark.study
def test_ten_times_the_donors_take_plain_quadratic_funding_no_more_than_in_proportion() -> None:
    """How long that is: `make bench`."""
    rule = CATALOGUE.make("qf.clr")
    few, many = (settled_in(rule, donors) for donors in (10_000, 100_000))
    assert many < 30 * few  # with work for every pair of donors: a hundredfold


def settled_in(rule: Rule, donors: int, projects: int = 1_000) -> float:
    """Seconds for a round in which each donor gives to five projects; the least of three."""
    generator = np.random.default_rng(1)
    proposal = np.concatenate([np.sort(generator.choice(projects, 5, replace=False)) for _one in range(1000)])
    proposal = np.tile(proposal, donors // 1000).astype(np.int32)
    pledges = Choices(np.arange(donors + 1) * 5, proposal, generator.integers(100, 20_000, len(proposal)))
    words = {"id": [f"p{i}" for i in range(projects)], "area": [0] * projects, "ask": [10**8] * projects}
    view = a_round(rule, budget=10**9, proposals={**words, "minimum_viable": [0] * projects}, pledges=pledges)
    times = []
    for _again in range(3):
        began = time.perf_counter()
        award = call_rule(rule, "settle", view)
        times.append(time.perf_counter() - began)
        assert award.paid.sum() == 10**9
    return min(times)


@FEW
@given(half_life=st.floats(0.5, 50), stake=st.floats(1, 1e4), periods=st.floats(0.1, 20))
def test_time_to_pass_is_when_conviction_is_there_and_half_life_undoes_alpha(
    half_life: float, stake: float, periods: float
) -> None:
    alpha = alpha_of(half_life)
    assert half_life_of(alpha) == pytest.approx(half_life)
    assert level(1.0, 0.0, alpha, half_life) == pytest.approx(0.5)
    assert time_to_pass(0.0, stake, alpha, level(0.0, stake, alpha, min(periods, 5 * half_life))) == pytest.approx(
        min(periods, 5 * half_life), rel=1e-6
    )


def test_conviction_that_never_passes_takes_for_ever() -> None:
    assert time_to_pass(0.0, 10.0, 0.9, 101.0) == math.inf
    assert time_to_pass(5.0, 0.0, 0.9, 5.0) == 0.0
    assert half_life_of(1.0) == math.inf


def test_where_no_conviction_is_kept_one_period_decides() -> None:
    assert half_life_of(0.0) == 0
    assert time_to_pass(0.0, 5.0, 0.0, 5.0) == 1 and time_to_pass(4.0, 5.0, 0.0, 6.0) == math.inf
    assert level(4.0, 5.0, 0.0) == 5
