"""Indicators of runs and pairs against sums done by hand."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from commsim.errors import InvalidInput
from commsim.i18n import Bilingual, _
from commsim.record import Indicator, IndicatorRegistry, RunResult, standard_indicators
from commsim.record.indicators import UNITS
from commsim.study.simulation import simulate
from tests.study.fake import ADULTS, CATALOGUE, ENGINE, FakeScenario


def run_of(rule: str, **columns: Any) -> RunResult:
    run = simulate(FakeScenario(), rule, catalogue=CATALOGUE, engine=ENGINE)  # type: ignore[arg-type]
    return replace(run, columns={**run.columns, **columns})


def filled(value: float) -> np.ndarray:
    return np.full((6, 4), value, dtype=np.int64)


def test_every_indicator_is_complete_in_both_languages() -> None:
    for one in standard_indicators():
        for text in (one.label, one.doc, one.unit_label):
            assert text.to("en") and text.to("zh") and text.to("en") != text.to("zh")
        assert one.clause.startswith("P-") and one.better in ("higher", "lower", "neither")
        assert one.unit in UNITS and one.undefined.to("en")


def test_totals_count_from_the_funds_first_month_to_the_end() -> None:
    run = run_of("fake.little", gifts_fen=filled(100), volunteer_minutes=filled(30))
    assert run.fund_months == slice(2, 6)
    assert run.indicator("resident_cash") == 4 * 4 * 1
    assert run.indicator("volunteer_hours") == 4 * 4 * 0.5
    assert run.indicator("public_money") == 3 * 5 * 4_000


def test_each_kind_of_act_has_its_share_of_adults_in_the_last_month() -> None:
    gave = filled(0)
    gave[-1] = [10, 20, 30, 0]
    run = run_of("fake.little", gave_12m=gave, active_12m=2 * gave, light_12m=3 * gave)
    assert run.indicator("giving_or_starting_share") == 60 / ADULTS.sum()
    assert run.indicator("giving_or_starting_share_mean") == pytest.approx(60 / ADULTS.sum() / 4)
    assert run.indicator("active_share") == 120 / ADULTS.sum()
    assert run.indicator("light_share") == 180 / ADULTS.sum()


def test_cash_leverage_leaves_hours_out_and_all_in_counts_them() -> None:
    run = run_of(
        "fake.little",
        gifts_fen=filled(5_000),
        partner_fen=filled(1_000),
        volunteer_minutes=filled(60),
        public_fen=filled(12_000),
    )
    assert run.indicator("cash_leverage") == pytest.approx(0.5)
    assert run.indicator("all_in_leverage") == pytest.approx((60 + 20) / 120)


def test_leverage_without_public_money_is_undefined_and_says_why() -> None:
    run = run_of("fake.nothing")
    for name in ("cash_leverage", "all_in_leverage"):
        assert run.indicator(name) is None
        row = run.summary.set_index("indicator").loc[name]
        assert np.isnan(row["value"]) and "no public money" in row["note"]
    assert np.isfinite(run.summary["value"].dropna()).all()


def test_net_figures_exist_only_for_pairs() -> None:
    run = run_of("fake.much")
    pairs_only = {one.id for one in standard_indicators() if one.paired}
    quotients = {"net_leverage", "net_cash_leverage", "cost_per_added_participant", "retention_12m"}
    assert pairs_only == quotients | {"net_drawn_in", "drawn_in", "displaced"}
    assert all(run.indicator(name) is None for name in pairs_only)
    assert pairs_only.isdisjoint(run.summary["indicator"])


def test_net_leverage_takes_off_what_the_baseline_has() -> None:
    run = run_of("fake.much", gifts_fen=filled(300), partner_fen=filled(0), public_fen=filled(500))
    base = run_of("fake.nothing", gifts_fen=filled(100), partner_fen=filled(0), public_fen=filled(100))
    parts = standard_indicators()["net_leverage"].parts
    assert parts is not None
    added_hours = 4 * 4 * 20
    assert parts(run, base) == (pytest.approx(16 * 2 + added_hours * 20), 16 * 4)
    cash = standard_indicators()["net_cash_leverage"].parts
    assert cash is not None and cash(run, base) == (pytest.approx(32), 64)


def test_cost_per_added_participant_counts_administration() -> None:
    run = run_of("fake.much", administration_fen=filled(700), public_fen=filled(300), gave_12m=filled(9))
    base = run_of("fake.nothing", administration_fen=filled(200), public_fen=filled(0), gave_12m=filled(4))
    parts = standard_indicators()["cost_per_added_participant"].parts
    assert parts is not None and parts(run, base) == (pytest.approx(16 * 8), 20)


def test_projects_are_counted_by_stage_for_the_fund_under_comparison_only() -> None:
    run = run_of("fake.little")  # p0 completed and p1 rejected in the fund; p2 failed in another
    wanted = {"projects_written": 2, "projects_awarded": 1, "projects_completed": 1, "projects_failed": 0}
    assert {name: run.indicator(name) for name in wanted} == wanted
    assert run.indicator("proposals_by_residents_share") == 0.5


def test_a_project_is_awarded_where_money_was_granted_whatever_became_of_it() -> None:
    run = run_of("fake.little")
    columns = {**run.project_columns, "award_fen": np.array([0, 7, 7])}
    assert replace(run, project_columns=columns).indicator("projects_awarded") == 1
    columns["award_fen"] = np.array([0, 0, 7])  # only the other fund's
    assert replace(run, project_columns=columns).indicator("projects_awarded") == 0


def test_people_per_project_are_those_who_worked_on_completed_projects_of_the_fund() -> None:
    run = run_of("fake.little")  # p0 completed and p1 rejected in the fund; p2 failed in another
    assert (
        replace(run, project_columns={**run.project_columns, "workers": np.array([12, 5, 7])}).indicator(
            "people_per_project"
        )
        == 12
    )
    assert run.indicator("people_per_project") == run.total("acts_time")  # records that do not say who worked
    assert run_of("fake.nothing").indicator("people_per_project") is None


def test_asks_met_is_awarded_of_asked_in_rounds_that_were_settled() -> None:
    run = run_of("fake.little")
    columns = {**run.project_columns, "ask_fen": np.array([200, 200, 1]), "settled": np.array([3, 4, 5])}
    assert replace(run, project_columns=columns).indicator("asks_met") == 100 / 400
    columns["settled"] = np.array([3, -1, 5])  # not settled yet
    assert replace(run, project_columns=columns).indicator("asks_met") == 100 / 200
    assert run_of("fake.nothing").indicator("asks_met") is None


def test_new_faces_are_a_share_of_those_who_gave_in_the_funds_months() -> None:
    gave, new = filled(10), filled(4)
    gave[:2], new[:2] = 1000, 1000  # before the fund
    assert run_of("fake.little", gave_month=gave, gave_new_faces=new).indicator("new_face_share") == 0.4
    nobody = run_of("fake.little", gave_month=filled(0), gave_new_faces=filled(0))
    assert nobody.indicator("new_face_share") is None


def test_hours_per_yuan_are_gross_hours_of_public_cash() -> None:
    run = run_of("fake.little", volunteer_minutes=filled(30), public_fen=filled(500))
    assert run.indicator("hours_per_yuan") == pytest.approx(0.1)
    assert run_of("fake.nothing").indicator("hours_per_yuan") is None


def test_use_of_the_fund_is_what_was_paid_of_what_was_appropriated_in_its_months() -> None:
    given = filled(0)
    given[0] = 1_000_000  # before the fund's first month
    given[2] = 3_000
    run = run_of("fake.little", public_fen=filled(150), appropriated_fen=given)
    assert run.indicator("fund_used") == pytest.approx(4 * 4 * 150 / (4 * 3_000))
    assert run_of("fake.little", appropriated_fen=filled(0)).indicator("fund_used") is None
    older = replace(run, columns={name: run.columns[name] for name in run.columns if name != "appropriated_fen"})
    assert older.indicator("fund_used") is None


def test_trust_is_averaged_over_adults_not_over_committees() -> None:
    trust = np.tile(np.array([0.1, 0.2, 0.3, 0.9], np.float32), (6, 1))
    run = run_of("fake.little", trust_committee=trust)
    assert run.indicator("trust_committee") == pytest.approx(float((ADULTS * trust[0]).sum() / ADULTS.sum()))


def test_money_per_resident_is_what_its_gini_is_taken_of() -> None:
    people = run_of("fake.little").columns["residents"]
    run = run_of("fake.little", public_fen=people.astype(np.int64) * 100)
    assert run.indicator("gini_public_money") == pytest.approx(0, abs=1e-12)


def test_turnout_is_undefined_without_an_election_and_a_share_with_one() -> None:
    assert run_of("fake.little").indicator("election_turnout") is None
    voters, entitled = filled(0), filled(0)
    voters[0], entitled[0] = 99, 100  # before the fund
    voters[4], entitled[4] = 40, 100
    assert (
        run_of("fake.little", election_voters=voters, election_eligible=entitled).indicator("election_turnout") == 0.4
    )


def test_an_unknown_indicator_names_the_nearest_and_a_second_one_of_a_name_is_refused() -> None:
    with pytest.raises(InvalidInput, match="did you mean 'net_leverage'"):
        run_of("fake.little").indicator("net_leverag")
    with pytest.raises(InvalidInput, match="two indicators called 'x'"):
        IndicatorRegistry((an_indicator("x"), an_indicator("x")))


def test_an_infinite_indicator_is_an_error_not_a_result() -> None:
    with pytest.raises(ValueError, match="infinite"):
        an_indicator("x", lambda run: float("inf")).value(run_of("fake.little"))


def test_an_indicator_gives_one_figure_of_a_run_or_of_a_pair() -> None:
    with pytest.raises(InvalidInput, match="must give one of"):
        an_indicator("x", None)
    with pytest.raises(InvalidInput, match="unit"):
        replace(an_indicator("x"), unit="furlongs")


def an_indicator(name: str, compute: Any = lambda run: 1.0) -> Indicator:
    words = Bilingual(en="a", zh="甲")
    return Indicator(name, words, "share", words, "neither", "P-40", _("never"), compute)


def test_frames_carry_their_keys_first_and_compact_types() -> None:
    run = run_of("fake.little")
    assert list(run.monthly.columns[:6]) == ["rule", "replicate", "month", "date", "committee", "subdistrict"]
    assert len(run.monthly) == 6 * 4
    row = run.monthly.iloc[4 * 3 + 2]
    assert (row["month"], row["date"], row["committee"], row["subdistrict"]) == (
        3,
        "2017-04",
        "street-1-committee-2",
        "street-1",
    )
    assert row["public_fen"] == run.columns["public_fen"][3, 2]
    types = run.monthly.dtypes.astype(str)
    assert types["gifts_fen"] == "int64" and types["asked"] == "int32" and types["trust_fund"] == "float32"
    for frame in (run.projects, run.ledger, run.accounts):
        assert list(frame.columns[:2]) == ["rule", "replicate"]
    assert (run.accounts.opening + run.accounts.money_in - run.accounts.money_out == run.accounts.closing).all()


def test_a_run_without_projects_has_the_same_types_as_one_with() -> None:
    with_some, without = run_of("fake.little"), run_of("fake.nothing")
    assert len(without.projects) == 0 and len(with_some.projects) == 3
    for name in ("projects", "ledger", "accounts"):
        kinds = [
            {
                column: isinstance(kind, pd.CategoricalDtype) or kind
                for column, kind in getattr(run, name).dtypes.items()
            }
            for run in (with_some, without)
        ]
        assert kinds[0] == kinds[1]
