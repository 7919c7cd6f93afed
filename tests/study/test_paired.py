"""Intervals against SciPy's paired t-test, and Fieller's against the test that defines it and by simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import brentq

from commsim.study.paired import mean_interval, paired_difference, ratio_of_sums

numbers = st.floats(-1e4, 1e4, allow_nan=False).map(lambda x: round(x, 3))


@given(st.lists(st.tuples(numbers, numbers), min_size=2, max_size=20))
def test_the_interval_is_that_of_the_paired_t_test(pairs: list[tuple[float, float]]) -> None:
    values, baseline = map(np.array, zip(*pairs, strict=True))
    found = paired_difference(values, baseline)
    assert found.value == pytest.approx(float(np.mean(values - baseline)), abs=1e-9)
    if np.ptp(values - baseline) > 1e-6:
        expected = stats.ttest_rel(values, baseline).confidence_interval(0.95)
        assert found.low == pytest.approx(expected.low, rel=1e-9, abs=1e-7)
        assert found.high == pytest.approx(expected.high, rel=1e-9, abs=1e-7)


def test_one_pair_gives_a_difference_without_an_interval_and_none_gives_nothing() -> None:
    one = paired_difference([3.0], [1.0])
    assert one.value == 2 and one.n == 1 and math.isnan(one.low) and math.isnan(one.high) and not one.bounded
    none = paired_difference([], [])
    assert math.isnan(none.value) and none.n == 0


def test_same_sign_is_the_share_of_replicates_that_agree_with_the_mean() -> None:
    assert mean_interval([1, 2, -1, 4]).same_sign == 0.75
    assert mean_interval([-3, -2, 1]).same_sign == pytest.approx(2 / 3)


def test_undefined_values_are_not_averaged_silently() -> None:
    with pytest.raises(ValueError, match="undefined"):
        mean_interval([1.0, float("nan")])


@pytest.mark.parametrize("seed", range(8))
def test_fiellers_interval_ends_where_the_defining_t_test_begins_to_reject(seed: int) -> None:
    rng = np.random.default_rng(seed)
    bottom = rng.normal(50, 8, 6)
    top = 0.4 * bottom + rng.normal(0, 5, 6)
    found = ratio_of_sums(top, bottom)

    def rejects(theta: float) -> float:
        return float(stats.ttest_1samp(top - theta * bottom, 0).pvalue) - 0.05

    assert found.value == pytest.approx(top.sum() / bottom.sum())
    assert found.low == pytest.approx(brentq(rejects, found.value - 20, found.value), rel=1e-6)
    assert found.high == pytest.approx(brentq(rejects, found.value, found.value + 20), rel=1e-6)


def test_fiellers_interval_holds_the_true_ratio_in_95_of_100_studies() -> None:
    rng = np.random.default_rng(1)
    studies, n, true = 2_000, 5, 0.3
    bottom = rng.normal(100, 15, (studies, n))
    top = true * bottom + rng.normal(0, 10, (studies, n))
    found = [ratio_of_sums(*study) for study in zip(top, bottom, strict=True)]
    held = np.mean([one.low <= true <= one.high for one in found])
    assert abs(held - 0.95) < 0.015  # three standard errors of a share over 2,000 studies


def test_a_denominator_that_never_varies_gives_the_t_interval_divided_by_it() -> None:
    top = np.array([10.0, 12, 15, 9])
    found, plain = ratio_of_sums(top, [4.0] * 4), mean_interval(top)
    assert (found.low, found.high) == (pytest.approx(plain.low / 4), pytest.approx(plain.high / 4))


def test_a_denominator_that_could_be_zero_gives_a_ratio_without_bounds() -> None:
    found = ratio_of_sums([5.0, 6, 7], [1.0, -0.5, 0.6])
    assert found.value == pytest.approx(18 / 1.1) and not found.bounded


@pytest.mark.parametrize("bottom", [[0.0, 0.0], [1.0, -1.0], [-2.0, 1.0], []])
def test_a_ratio_over_nothing_is_undefined_never_infinite(bottom: list[float]) -> None:
    found = ratio_of_sums([1.0] * len(bottom), bottom)
    assert math.isnan(found.value) and math.isnan(found.low) and math.isnan(found.high)


@given(st.lists(st.tuples(numbers, st.floats(0.01, 100)), min_size=1, max_size=12))
def test_nothing_is_ever_infinite_and_the_ratio_lies_in_its_interval(pairs: list[tuple[float, float]]) -> None:
    found = ratio_of_sums(*zip(*pairs, strict=True))
    assert not any(math.isinf(x) for x in (found.value, found.low, found.high))
    if found.bounded:
        slack = 1e-6 * (1 + abs(found.value))
        assert found.low - slack <= found.value <= found.high + slack
