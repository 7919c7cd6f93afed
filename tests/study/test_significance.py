"""p values and Holm's correction against independent oracles, and how often equal rules are marked."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from commsim.study.paired import ratio_of_sums
from commsim.study.pairwise import levels_pairwise
from commsim.study.significance import LEVEL, holm, mean_p, two_sided_p
from tests.report.fake import fake_comparison
from tests.study.test_comparison import compared

p_values = st.lists(st.sampled_from([0.0, 0.001, 0.004, 0.01, 0.02, 0.03, 0.04, 0.2, 1.0]), min_size=1, max_size=9)


def rejected_step_by_step(p: list[float], level: float) -> set[int]:
    """Holm's procedure as the paper tells it: the smallest p against level / m, the next against level / (m − 1), …"""
    rejected: set[int] = set()
    for place in sorted(range(len(p)), key=lambda place: p[place]):
        if not p[place] < level / (len(p) - len(rejected)):
            break
        rejected.add(place)
    return rejected


@given(p_values, st.sampled_from([0.0199, 0.0501, 0.1003]))
def test_holms_adjusted_values_reject_what_his_procedure_rejects(p: list[float], level: float) -> None:
    assert set(np.flatnonzero(holm(p) < level)) == rejected_step_by_step(p, level)


@given(st.lists(st.integers(-9, 9), min_size=2, max_size=9).filter(lambda values: len(set(values)) > 1))
def test_where_replicates_spread_p_is_scipys_t_test(values: list[int]) -> None:
    assert mean_p(values) == pytest.approx(stats.ttest_1samp(values, 0).pvalue)


@pytest.mark.parametrize("n", range(2, 9))
def test_where_nothing_spreads_p_is_the_sign_flip_tests(n: int) -> None:
    flipped = [abs(np.mean(np.multiply(signs, 7.0))) for signs in product((-1, 1), repeat=n)]
    by_hand = np.mean(np.array(flipped) >= 7.0)
    by_scipy = stats.permutation_test((np.full(n, 7.0),), np.mean, permutation_type="samples", n_resamples=np.inf)
    assert mean_p(np.full(n, 7.0)) == by_hand == pytest.approx(by_scipy.pvalue) == 2.0 ** (1 - n)


@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_identical_differences_of_up_to_five_replicates_tell_nothing_apart(n: int) -> None:
    found = levels_pairwise([np.arange(n) * 10.0, np.arange(n) * 10.0 + 893])
    assert found.p.tolist() == [2.0 ** (1 - n)] and not found.distinguishable.any()
    assert found.too_few.tolist() == [n < 5]


@pytest.mark.parametrize("n", [2, 3, 4, 5])
@pytest.mark.parametrize("luck", [0.5, 1, 2, 5, 30])
def test_of_equal_rules_counted_in_whole_residents_one_in_twenty_at_most_is_marked(n: int, luck: float) -> None:
    studies = 40_000
    gaps = np.round(np.random.default_rng(n).normal(0, luck, (studies, n)))
    p = two_sided_p(gaps.mean(axis=1), gaps.std(axis=1, ddof=1) / np.sqrt(n), np.full(studies, n))
    assert np.mean(p < LEVEL) <= 0.05 + 4 * np.sqrt(0.05 * 0.95 / studies)


def test_too_little_to_test_has_no_p() -> None:
    assert np.isnan(mean_p([])) and np.isnan(mean_p([3.0])) and mean_p([0.0, 0.0]) == 1.0


@given(st.integers(0, 10_000))
def test_a_ratio_is_told_from_zero_where_fiellers_interval_leaves_zero_out(seed: int) -> None:
    rng = np.random.default_rng(seed)
    tops, bottoms = rng.normal(2, 2, 5), rng.normal(9, 1, 5)
    ratio = ratio_of_sums(tops, bottoms)
    assert ratio.bounded and (ratio.low > 0 or ratio.high < 0) == (mean_p(tops) < LEVEL)


def test_both_tables_have_the_same_p_for_a_rule_against_the_baseline() -> None:
    comparison = compared("fake.little", "fake.much")
    table = comparison.table().set_index(["indicator", "rule"])
    pairs = comparison.pairwise().query("rule == 'fake.nothing'").set_index(["indicator", "other"])
    columns = ["p", "p_holm", "distinguishable"]
    shared = pairs.index.intersection(table.index)
    assert len(shared) == len(pairs)
    assert table.loc[shared, columns].equals(pairs.loc[shared, columns].astype(table[columns].dtypes))


def test_figures_against_the_baseline_alone_are_corrected_over_the_rules() -> None:
    comparison = fake_comparison(replicates=5, committees=6, months=30)
    rows = comparison.table().query("indicator == 'net_leverage'")
    parts = comparison.differences().query("indicator == 'net_leverage'").groupby("rule", sort=False)["numerator"]
    raw = [stats.ttest_1samp(parts.get_group(rule), 0).pvalue for rule in rows["rule"]]
    known = rows["difference"].notna().to_numpy()
    assert known.sum() > 2
    assert rows["p"].to_numpy()[known] == pytest.approx(np.array(raw)[known])
    assert rows["p_holm"].to_numpy() == pytest.approx(holm(rows["p"]), nan_ok=True)
