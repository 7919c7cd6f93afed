"""Benchmarks of the best possible against trying every choice, other divisions and exact expectations."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from commsim.calling.call import call_rule
from commsim.contracts import Influence
from commsim.plugins.benchmarks.covering import best_cover, better_of_greedy_and_single, ratio_greedy, value_of
from commsim.plugins.benchmarks.optimal import equal_marginal
from tests.plugins.rounds import CATALOGUE, a_round

FEW = settings(max_examples=40, deadline=None)


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
