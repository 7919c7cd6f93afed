"""The frames of a comparison against the runs they are made of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from commsim.errors import InvalidInput
from commsim.i18n import current_language, use_language
from commsim.record import RunResult, standard_indicators
from commsim.study.comparison import Comparison, compare
from tests.study.fake import ADULTS, CATALOGUE, ENGINE, FakeScenario


def compared(*rules: str, replicates: int = 4) -> Comparison:
    return compare(
        FakeScenario(),  # type: ignore[arg-type]
        rules,
        replicates,
        baseline="fake.nothing",
        workers=1,
        catalogue=CATALOGUE,  # type: ignore[arg-type]
        engine=ENGINE,
    )


def test_every_rule_but_the_baseline_has_a_row_for_every_indicator() -> None:
    table = compared("fake.little", "fake.much").table()
    assert list(table["rule"].unique()) == ["fake.little", "fake.much"]
    assert list(table["indicator"][: len(standard_indicators())]) == [one.id for one in standard_indicators()]
    assert len(table) == 2 * len(standard_indicators())


def test_the_table_says_what_the_runs_say() -> None:
    comparison = compared("fake.much")
    row = comparison.table().set_index("indicator").loc["gini_participation"]
    ours = [run.indicator("gini_participation") for run in comparison.runs("fake.much")]
    theirs = [run.indicator("gini_participation") for run in comparison.runs("fake.nothing")]
    expected = stats.ttest_rel(ours, theirs).confidence_interval(0.95)
    assert row["mean"] == pytest.approx(np.mean(ours)) and row["baseline_mean"] == pytest.approx(np.mean(theirs))
    assert row["difference"] == pytest.approx(row["mean"] - row["baseline_mean"])
    assert (row["low"], row["high"]) == (pytest.approx(expected.low), pytest.approx(expected.high))
    assert row["n"] == 4 and row["unit"] == "gini" and row["defined_reason"] == ""


def test_net_figures_are_ratios_of_sums_over_replicates() -> None:
    comparison = compared("fake.much")
    parts = comparison.differences().query("indicator == 'cost_per_added_participant'")
    row = comparison.table().set_index("indicator").loc["cost_per_added_participant"]
    assert row["difference"] == pytest.approx(parts["numerator"].sum() / parts["denominator"].sum())
    assert np.isnan(row["mean"]) and np.isnan(row["baseline_mean"])
    assert parts["denominator"].tolist() == [4 * 20] * 4 and parts["value"].isna().all()


def test_what_is_undefined_says_why_and_nothing_is_infinite() -> None:
    table = compared("fake.little").table().set_index("indicator")
    assert not np.isinf(table.select_dtypes("number")).any().any()
    assert "baseline has no such figure: no public money" in table.loc["cash_leverage", "defined_reason"]
    assert np.isnan(table.loc["cash_leverage", "difference"]) and table.loc["cash_leverage", "mean"] > 0
    assert table.loc[table["difference"].isna(), "defined_reason"].ne("").all()
    assert table.loc[table["low"].notna(), "defined_reason"].eq("").all()


def test_a_rule_like_the_baseline_has_no_net_figures() -> None:
    comparison = compare(
        FakeScenario(),  # type: ignore[arg-type]
        ["fake.nothing", "fake.little"],
        2,
        baseline="fake.little",
        workers=1,
        catalogue=CATALOGUE,  # type: ignore[arg-type]
        engine=ENGINE,
    )
    table = comparison.table().query("rule == 'fake.nothing'").set_index("indicator")
    assert np.isnan(table.loc["net_leverage", "difference"])
    assert "as much public money" in table.loc["net_leverage", "defined_reason"]
    assert "nobody was drawn in on balance" in table.loc["cost_per_added_participant", "defined_reason"]


def test_one_replicate_gives_differences_without_intervals() -> None:
    table = compared("fake.little", replicates=1).table().set_index("indicator")
    row = table.loc["net_drawn_in"]
    assert row["difference"] == 20 and np.isnan(row["low"]) and np.isnan(row["high"]) and row["n"] == 1
    assert "run more replicates" in row["defined_reason"]


def test_a_ratio_without_bounds_is_a_dash_with_its_reason() -> None:
    comparison = compared("fake.much")
    added = iter([90, -80, 5, 10])

    def changed(run: RunResult) -> RunResult:
        gave = np.zeros_like(run.columns["gave_12m"])
        gave[-1, 0] = 200 + (next(added) if run.rule == "fake.much" else 0)
        return replace(run, columns={**run.columns, "gave_12m": gave})

    unsure = replace(comparison, results=tuple(map(changed, comparison.results)))
    row = unsure.table().set_index("indicator").loc["cost_per_added_participant"]
    parts = unsure.differences().query("indicator == 'cost_per_added_participant'")
    assert parts["denominator"].tolist() == [90, -80, 5, 10]
    assert np.isnan(row[["difference", "low", "high", "same_sign"]].astype(float)).all() and row["n"] == 4
    assert "cannot be told from zero" in row["defined_reason"]


def test_reasons_are_in_the_current_language() -> None:
    comparison, before = compared("fake.little", replicates=1), current_language()
    try:
        use_language("zh")
        assert len(comparison.table()) == len(standard_indicators())
    finally:
        use_language(before)


def test_a_rule_that_always_fails_has_rows_without_figures() -> None:
    table = compared("fake.failing").table()
    assert table["difference"].isna().all() and table["n"].eq(0).all()
    assert table["defined_reason"].str.contains("no replicate").all()


def test_differences_have_a_row_for_every_pair() -> None:
    frame = compared("fake.little", "fake.much").differences()
    assert len(frame) == 2 * 4 * len(standard_indicators())
    levels = frame[frame["value"].notna() & frame["baseline_value"].notna()]
    assert np.allclose(levels["value"] - levels["baseline_value"], levels["difference"])


def test_trajectories_hold_the_baseline_and_its_band() -> None:
    comparison = compared("fake.little")
    frame = comparison.trajectories("giving_or_starting_share")
    assert set(frame["rule"]) == {"fake.nothing", "fake.little"} and len(frame) == 2 * 6
    last = frame.query("rule == 'fake.little' and month == 5").iloc[0]
    ends = np.array([run.columns["gave_12m"][-1].sum() / ADULTS.sum() for run in comparison.runs("fake.little")])
    assert last["mean"] == pytest.approx(ends.mean()) and last["date"] == "2017-06"
    expected = stats.t.interval(0.95, 3, ends.mean(), stats.sem(ends))
    assert (last["low"], last["high"]) == (pytest.approx(expected[0]), pytest.approx(expected[1]))


def test_all_trajectories_come_without_a_name_and_an_unknown_name_is_refused() -> None:
    comparison = compared("fake.little")
    names = set(comparison.trajectories()["indicator"])
    assert {"giving_or_starting_share", "public_money", "resident_cash", "volunteer_hours", "trust_committee"} <= names
    with pytest.raises(InvalidInput, match="did you mean"):
        comparison.trajectories("giving_or_starting_shar")


def test_who_gains_by_committee_adds_up_to_what_the_fund_paid() -> None:
    comparison = compared("fake.much")
    committees = comparison.by_committee()
    assert len(committees) == 4 and committees["subdistrict"].tolist() == ["street-0"] * 2 + ["street-1"] * 2
    paid = (committees["money_per_resident"] * committees["population"]).sum()
    assert paid == pytest.approx(comparison.runs("fake.much")[0].indicator("public_money"))
    assert committees["participation_difference"].tolist() == pytest.approx((20 / ADULTS * 100).tolist())


def test_subdistricts_weigh_their_committees_by_people() -> None:
    comparison = compared("fake.much")
    committees, streets = comparison.by_committee(), comparison.by_committee("subdistrict").set_index("subdistrict")
    first = committees[committees["subdistrict"] == "street-0"]
    weighted = np.average(first["participation_difference"], weights=first["adults"])
    assert streets.loc["street-0", "participation_difference"] == pytest.approx(weighted)
    assert "committee" not in streets.columns


def test_the_report_finds_what_it_reads() -> None:
    comparison = compared("fake.little")
    assert [(label, rule) for label, rule, _title in comparison.rules] == [
        ("fake.nothing", "fake.nothing"),
        ("fake.little", "fake.little"),
    ]
    assert comparison.baseline == "fake.nothing" and comparison.replicates == 4 and comparison.seed == 7
