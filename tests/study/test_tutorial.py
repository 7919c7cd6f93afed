"""The real model, small: studies of the shipped tutorial scenario."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import numpy as np
import pytest

from commsim.record import standard_indicators
from commsim.store.results import write_comparison
from commsim.store.tables import table_digest
from commsim.study import Comparison, compare, simulate

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tutorial() -> Comparison:
    return compare("tutorial", ["basic.same_money_services", "match.linear:rate=2"], 2, workers=1)


def test_every_indicator_finds_its_columns_in_the_real_record(tutorial: Comparison) -> None:
    assert not tutorial.failures, tutorial.failed_text()
    for run in tutorial.results:
        assert set(run.values) == {one.id for one in standard_indicators() if not one.paired}
        assert run.values["active_share"] is not None and 0 < run.values["active_share"] < 1
    trajectories = tutorial.trajectories()
    assert set(trajectories["indicator"]) == {one.id for one in standard_indicators() if one.monthly}


def test_who_is_drawn_in_resident_by_resident_is_what_the_monthly_counts_say(tutorial: Comparison) -> None:
    known = standard_indicators()
    for rule in ("basic.same_money_services", "match.linear:rate=2.0"):
        for run, baseline in tutorial.pairs(rule):
            assert run.people is not None and baseline.people is not None
            assert run.people.gave_in(-1).sum() == run.at_end("gave_12m")
            assert run.people.light_in(-1).sum() == run.at_end("light_12m")
            assert not (run.people.gave_in(-1) & ~run.people.is_adult).any()
            drawn, gone, net = (
                known[name].against(run, baseline)  # type: ignore[misc]
                for name in ("drawn_in", "displaced", "net_drawn_in")
            )
            assert drawn is not None and gone is not None and net == drawn - gone


def test_no_fund_pays_nothing_and_has_no_leverage(tutorial: Comparison) -> None:
    for run in tutorial.runs("basic.none"):
        assert run.indicator("public_money") == 0 and run.indicator("cash_leverage") is None
        assert run.fund_months.start > 0 or run.fund_months == slice(0, run.months)


def test_before_the_fund_begins_all_arms_are_the_same(tutorial: Comparison) -> None:
    for run, baseline in tutorial.pairs("match.linear:rate=2.0"):
        before = slice(0, run.fund_months.start)
        for name in ("active_12m", "volunteer_minutes", "residents"):
            assert np.array_equal(run.columns[name][before], baseline.columns[name][before])
        assert not np.array_equal(run.columns["asked"], baseline.columns["asked"])


def test_one_arm_alone_is_the_same_run_as_in_the_comparison(tutorial: Comparison) -> None:
    alone = simulate("tutorial", "match.linear:rate=2", replicate=1)
    among = tutorial.runs("match.linear:rate=2.0")[1]
    for name in ("monthly", "projects", "ledger", "accounts"):
        assert table_digest(getattr(alone, name)) == table_digest(getattr(among, name))


def test_public_money_of_the_record_is_what_the_ledger_paid(tutorial: Comparison) -> None:
    for run in tutorial.results:
        posts = run.ledger[(run.ledger["purpose"] == "award") & (run.ledger["fund"] == run.fund)]
        assert posts["fen"].sum() == run.total("public_fen")


def test_the_ledger_summed_from_the_files_balances(tutorial: Comparison, tmp_path: Path) -> None:
    folder = write_comparison(tutorial, tmp_path / "out")
    text = (ROOT / "results" / "README.md").read_text(encoding="utf-8")
    query = re.findall(r"```sql\n(.*?)```", text, flags=re.DOTALL)[0].rstrip().rstrip(";")
    for table in ("ledger", "accounts"):
        query = query.replace(f"'{table}-*", f"'{folder}/{table}-*")
    assert duckdb.sql(query).fetchall() == []
    assert duckdb.sql(f"SELECT count(*) > 100 FROM '{folder}/accounts-*.parquet'").fetchall() == [(True,)]
