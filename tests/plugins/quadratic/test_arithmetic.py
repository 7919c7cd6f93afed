"""Quadratic funding: properties of plain, pairwise and cluster subsidies, caps and the pot, and time."""

from __future__ import annotations

import itertools
import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from commsim.calling.call import call_rule
from commsim.contracts import Choices, Rule
from commsim.plugins.quadratic.arithmetic import (
    binary_ties,
    cluster_subsidies,
    fitted,
    pairwise_subsidies,
    plain_subsidies,
    walked_ties,
)
from commsim.rules import evaluate
from tests.plugins.rounds import CATALOGUE, a_round

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
