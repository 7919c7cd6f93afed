"""Rules against each other: SciPy's paired t-test, Holm's procedure by hand, what cancels, and false claims counted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from commsim.errors import InvalidInput
from commsim.study.paired import ratio_of_sums, says_little
from commsim.study.pairwise import levels_pairwise, ratios_pairwise
from commsim.study.significance import holm
from tests.study.test_comparison import compared

levels = arrays(np.float64, st.tuples(st.integers(2, 5), st.integers(2, 7)), elements=st.integers(-999, 999).map(float))
p_values = st.lists(st.floats(0, 1), min_size=1, max_size=30)


def test_every_pair_has_scipys_paired_t_test() -> None:
    values = np.random.default_rng(3).normal(100, 9, (4, 6))
    found = levels_pairwise(values)
    assert list(zip(found.first, found.second, strict=True)) == [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
    for place, (first, second) in enumerate(zip(found.first, found.second, strict=True)):
        test = stats.ttest_rel(values[first], values[second])
        interval = test.confidence_interval(0.95)
        assert found.p[place] == pytest.approx(test.pvalue)
        assert (found.low[place], found.high[place]) == (pytest.approx(interval.low), pytest.approx(interval.high))


@pytest.mark.parametrize(
    ("raw", "adjusted"),
    [
        ([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02]),  # 4 × 0.005, 3 × 0.01, 2 × 0.03, not below it
        ([0.01, 0.02, 0.03], [0.03, 0.04, 0.04]),
        ([0.6, 0.7], [1.0, 1.0]),
        ([0.02], [0.02]),
        ([0.02, np.nan, 0.5], [0.04, np.nan, 0.5]),
        ([], []),
    ],
)
def test_holms_procedure_gives_what_it_gives_by_hand(raw: list[float], adjusted: list[float]) -> None:
    assert holm(raw) == pytest.approx(adjusted, nan_ok=True)


@given(p_values)
def test_holm_keeps_the_order_and_never_makes_a_claim_stronger(raw: list[float]) -> None:
    adjusted = holm(raw)
    assert np.all(adjusted >= raw) and np.all(adjusted <= 1)
    assert np.all(adjusted <= np.minimum(np.array(raw) * len(raw), 1))  # never weaker than Bonferroni
    assert np.all(np.diff(adjusted[np.argsort(raw, kind="stable")]) >= 0)


@given(levels)
def test_turning_a_pair_round_turns_the_sign_alone(values: np.ndarray) -> None:
    there, back = levels_pairwise(values[:2]), levels_pairwise(values[1::-1])
    assert there.difference[0] == -back.difference[0]
    assert (there.low[0], there.high[0]) == (pytest.approx(-back.high[0]), pytest.approx(-back.low[0]))
    assert there.p[0] == pytest.approx(back.p[0])


@given(levels, st.data())
def test_a_shock_that_a_replicate_gives_to_every_rule_changes_nothing(values: np.ndarray, data: st.DataObject) -> None:
    shock = data.draw(arrays(np.float64, values.shape[1], elements=st.integers(-9999, 9999).map(float)))
    before, after = levels_pairwise(values), levels_pairwise(values + shock)
    assert after.difference == pytest.approx(before.difference)
    assert after.p_holm == pytest.approx(before.p_holm)


def test_rules_whose_intervals_overlap_are_told_apart_by_their_paired_difference() -> None:
    luck = np.array([-400.0, -150, 0, 180, 370])
    values = np.stack([np.zeros(5), 2_000 + luck, 2_361 + luck + [9, -14, 3, 11, -9]])
    found = levels_pairwise(values)
    assert abs(found.low[0]) > abs(found.high[1])  # against the first rule the two intervals overlap
    assert found.distinguishable[2] and found.high[2] < 0


def test_missing_replicates_are_left_out_pair_by_pair() -> None:
    values = np.array([[1.0, 2, 4, 9], [0, np.nan, 1, 3], [5, 5, np.nan, np.nan]])
    found = levels_pairwise(values)
    assert found.n.tolist() == [3, 2, 1]
    assert found.p[0] == pytest.approx(stats.ttest_rel(values[0, [0, 2, 3]], values[1, [0, 2, 3]]).pvalue)
    assert found.difference[2] == -5 and np.isnan([found.low[2], found.p[2], found.p_holm[2]]).all()
    assert not found.distinguishable[2] and found.too_few[2]


def test_one_replicate_tells_nothing_apart() -> None:
    found = levels_pairwise([[1.0], [900.0]])
    assert np.isnan(found.p).all() and not found.distinguishable.any() and found.too_few.all()


def test_equal_rules_are_not_told_apart_however_exactly_they_agree() -> None:
    found = levels_pairwise([[0.1, 0.7, 0.3]] * 2)
    assert found.p.tolist() == [1.0] and found.low.tolist() == [0.0] and not found.distinguishable.any()


def test_ratios_over_a_denominator_that_never_varies_have_the_paired_t_interval() -> None:
    tops = np.random.default_rng(5).normal(50, 9, (3, 6))
    bottoms = np.full((3, 6), 4.0)
    found, plain = ratios_pairwise(tops, bottoms), levels_pairwise(tops / 4)
    for name in ("difference", "low", "high", "p", "p_holm"):
        assert getattr(found, name) == pytest.approx(getattr(plain, name))


def test_a_difference_of_ratios_is_that_of_the_ratios_in_the_table() -> None:
    rng = np.random.default_rng(6)
    tops, bottoms = rng.normal(50, 9, (2, 5)), rng.normal(20, 1, (2, 5))
    found = ratios_pairwise(tops, bottoms)
    expected = ratio_of_sums(tops[0], bottoms[0]).value - ratio_of_sums(tops[1], bottoms[1]).value
    assert found.difference[0] == pytest.approx(expected)


def test_a_ratio_whose_denominator_may_be_zero_is_compared_with_nothing() -> None:
    found = ratios_pairwise([[5.0, 6, 7], [5, 6, 7]], [[1.0, -0.5, 0.6], [2, 2, 2]])
    assert found.unbounded.all() and np.isnan(found.difference).all() and not found.distinguishable.any()
    nothing = ratios_pairwise([[5.0, 6, 7], [5, 6, 7]], [[0.0, 0, 0], [2, 2, 2]])
    assert np.isnan(nothing.difference).all() and not nothing.unbounded.any()


@pytest.mark.parametrize("replicates", [3, 5, 12])
def test_of_rules_that_do_not_differ_one_study_in_twenty_at_most_tells_any_two_apart(replicates: int) -> None:
    rng = np.random.default_rng(11)
    studies = 1_000
    luck = rng.normal(0, 50, (studies, 1, replicates))
    values = luck + rng.normal(0, 5, (studies, 6, replicates))
    false = np.mean([levels_pairwise(study).distinguishable.any() for study in values])
    assert false <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / studies)


@pytest.mark.parametrize("replicates", [3, 5, 12])
def test_of_ratios_that_do_not_differ_one_study_in_twenty_at_most_tells_any_two_apart(replicates: int) -> None:
    rng = np.random.default_rng(12)
    studies = 1_000
    bottoms = rng.normal(100, 15, (studies, 5, replicates))
    tops = 0.3 * bottoms + rng.normal(0, 5, (studies, 5, replicates))
    pairs = zip(tops, bottoms, strict=True)
    false = np.mean([ratios_pairwise(top, bottom).distinguishable.any() for top, bottom in pairs])
    assert false <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / studies)


def test_an_interval_that_says_little_is_known_as_such() -> None:
    assert says_little(893, -389, 18_399, 5, ratio=True)
    assert says_little(10, -5, 25, 3) and not says_little(10, -5, 25, 5)
    assert not says_little(361, 289, 433, 3)
    assert not says_little(900, 700, 1_100, 5, ratio=True)
    assert not says_little(5, None, None, 1) and not says_little(0, 0, 0, 3)


def test_each_pair_of_arms_stands_once_and_says_what_the_table_says() -> None:
    comparison = compared("fake.little", "fake.much")
    found = comparison.pairwise("net_drawn_in").set_index(["rule", "other"])
    arms = ["fake.nothing", "fake.little", "fake.much"]
    assert list(found.index) == [(arms[0], arms[1]), (arms[0], arms[2]), (arms[1], arms[2])]
    table = comparison.table().query("indicator == 'net_drawn_in'").set_index("rule")
    for rule in arms[1:]:
        pair = found.loc[(arms[0], rule)]
        row = table.loc[rule]
        assert pair["difference"] == pytest.approx(-row["difference"])
        assert (pair["low"], pair["high"]) == (pytest.approx(-row["high"]), pytest.approx(-row["low"]))


def test_figures_that_exist_only_against_the_baseline_are_compared_between_the_others() -> None:
    comparison = compared("fake.little", "fake.much")
    found = comparison.pairwise("cost_per_added_participant")
    assert found[["rule", "other"]].to_numpy().tolist() == [["fake.little", "fake.much"]]


def test_a_missing_figure_says_why() -> None:
    found = compared("fake.little", replicates=1).pairwise("net_drawn_in")
    assert found["defined_reason"].tolist() == ["one pair of runs gives no interval; run more replicates"]
    failed = compared("fake.failing").pairwise("net_drawn_in")
    assert failed["defined_reason"].tolist() == ["no replicate has this figure under both rules"]
    with pytest.raises(InvalidInput, match="no indicator"):
        compared("fake.little").pairwise("nonsense")
