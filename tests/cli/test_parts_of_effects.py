"""Call, money and mechanism through the command line: terminal, JSON, page and files say the same."""

from __future__ import annotations

import html
import json
import re
from contextvars import copy_context
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pytest
from click.testing import CliRunner

from commsim.cli import command_line
from commsim.cli.comparison_table import SHOWN
from commsim.cli.parts_table import split_notes, split_table
from commsim.record.people_record import KINDS
from commsim.report.page import comparison_page
from commsim.service.comparing import as_compared
from commsim.study.split import PARTS
from tests.report.fake import fake_comparison
from tests.study.test_split import DIVISIONS, asked

RULES = ("basic.equal_split", "pb.greedy_votes")
ARGUMENTS = ["compare", "tutorial", "--set", "months=14", "--replicates", "2", "--workers", "1"]
ARMS = ["basic.none", "basic.same_money_services", "basic.call_only:ballot=none", "basic.call_only", *RULES]


class Compared(NamedTuple):
    """The same small comparison as a terminal and a program get it, and its folder."""

    told: str
    document: dict[str, Any]
    folder: Path


def call(*words: str) -> Any:
    runner = CliRunner(env={"LANGUAGE": "en", "NO_COLOR": "1"})
    return copy_context().run(runner.invoke, command_line, list(words))


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Compared:
    folder = tmp_path_factory.mktemp("parts")
    rules = [word for rule in RULES for word in ("--rule", rule)]
    told = call(*ARGUMENTS, *rules, "--who-gains", "need_fifth", "--who-gains", "sex", "--out", str(folder / "a"))
    document = call(*ARGUMENTS, *rules, "--json", "--out", str(folder / "b"))
    assert told.exit_code == document.exit_code == 0, told.output + document.output
    return Compared(told.stdout, json.loads(document.stdout), folder / "b")


def rows_of(document: dict[str, Any], indicator: str) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["rule"], row["part"]): row for row in document["split"] if row["indicator"] == indicator}


def test_the_counterfactuals_are_run_beside_the_rules_that_are_named(compared: Compared) -> None:
    assert [rule["label"] for rule in compared.document["rules"]] == ARMS


def test_the_parts_add_up_to_the_difference_from_no_fund(compared: Compared) -> None:
    differences = {(row["rule"], row["indicator"]): row["difference"] for row in compared.document["table"]}
    for indicator in ("giving_or_starting_share", "net_drawn_in", "light_share", "volunteer_hours"):
        rows = rows_of(compared.document, indicator)
        assert {rule for rule, _part in rows} == set(RULES)
        for rule in RULES:
            whole = sum(rows[rule, part]["difference"] for part in PARTS)
            assert whole == pytest.approx(differences[rule, indicator], abs=1e-9)


def test_net_drawn_in_is_the_share_of_givers_counted_in_people(compared: Compared) -> None:
    rows = {(row["rule"], row["indicator"]): row for row in compared.document["table"]}
    for rule in ARMS[1:]:
        drawn, gone, net = (rows[rule, name]["difference"] for name in ("drawn_in", "displaced", "net_drawn_in"))
        assert net == pytest.approx(drawn - gone) and drawn >= 0 and gone >= 0
        share = rows[rule, "giving_or_starting_share"]["difference"]
        assert np.sign(net) == np.sign(share)


def test_the_terminal_has_the_parts_of_the_headline_in_100_columns(compared: Compared) -> None:
    rows = rows_of(compared.document, "giving_or_starting_share")
    for rule in RULES:
        lines = re.findall(rf"^ {re.escape(rule)} .*$", compared.told, re.MULTILINE)
        shown = [f"{100 * rows[rule, part]['difference']:+.1f}".replace("+0.0", "0.0") for part in PARTS]
        assert any(shown == line.split()[2:5] for line in lines), (lines, shown)
    assert all(len(line) <= 100 for line in compared.told.splitlines())
    assert "mobilisation.call" in compared.told


def test_who_gains_is_printed_by_what_is_asked_for_and_stands_whole_in_the_document(compared: Compared) -> None:
    assert "Need, in fifths" in compared.told and "women" in compared.told and "tenants" not in compared.told
    rows = compared.document["who_gains"]
    assert {row["by"] for row in rows} == set(KINDS)
    net = {row["rule"]: row["difference"] for row in compared.document["table"] if row["indicator"] == "net_drawn_in"}
    for by in KINDS:
        for rule in ARMS[1:]:
            groups = [row["net_drawn_in"] for row in rows if row["by"] == by and row["rule"] == rule]
            assert sum(value for value in groups if value is not None) == pytest.approx(net[rule])


def test_the_files_hold_what_the_document_says(compared: Compared) -> None:
    for name in ("split", "call-shares", "who-gains"):
        frame = duckdb.sql(f"SELECT * FROM '{compared.folder / f'summary-{name}.parquet'}'").df()
        rows = compared.document[name.replace("-", "_")]
        assert len(frame) == len(rows)
        for column in frame.select_dtypes("number").columns:
            wanted = [np.nan if row[column] is None else row[column] for row in rows]
            assert frame[column].tolist() == pytest.approx(wanted, nan_ok=True)


def test_the_page_says_what_an_act_is_and_what_the_call_rests_on(compared: Compared) -> None:
    page = html.unescape(re.sub(r"<[^>]+>", "", (compared.folder / "index.html").read_text(encoding="utf-8")))
    assert "An act, on this page, is an act of giving or starting" in page and "本页所说的参与行为" in page
    assert "mobilisation.call" in page and "Share of the net drawn in that is the call" in page
    assert "Need, in fifths of the residents" in page


def test_the_old_measure_leaves_every_headline(compared: Compared) -> None:
    assert compared.document["headline"][0] == SHOWN[0] == "giving_or_starting_share"
    assert "active" not in compared.told.lower()
    known = {row["indicator"] for row in compared.document["table"]}
    assert "active_share" in known and "active_residents" not in known


def test_without_counterfactuals_only_the_rules_run_and_the_reason_is_told(tmp_path: Path) -> None:
    out = ("--out", str(tmp_path / "new"))
    done = call(*ARGUMENTS, "--set", "months=13", "--rule", RULES[0], "--no-counterfactuals", *out)
    assert done.exit_code == 0, done.output
    told = " ".join(done.stdout.split())
    assert "basic.same_money_services was not run, so the effect cannot be split" in told
    assert "basic.call_only" not in done.stdout


def test_an_unknown_dimension_is_refused_before_anything_runs(tmp_path: Path) -> None:
    done = call(*ARGUMENTS, "--who-gains", "heigth", "--out", str(tmp_path / "new"))
    assert done.exit_code == 3 and done.stdout == "" and not (tmp_path / "new").exists()
    assert "need_fifth" in done.stderr and "'heigth' came" in done.stderr


def test_where_nothing_can_be_split_there_is_no_table_but_a_reason() -> None:
    comparison = as_compared(fake_comparison(2, ("match.linear",), committees=2, months=26, counterfactuals=False))
    assert split_table(comparison) is None
    assert any("was not run" in note.to("en") for note in split_notes(comparison))


def test_rules_that_are_not_ranked_are_told_in_document_and_page() -> None:
    plenty = asked(fake_comparison(4, DIVISIONS, committees=4, months=30), 98)
    told = as_compared(plenty)
    assert told.document["not_ranked"] == ["basic.equal_split", "basic.per_capita"]
    assert told.scarcity is not None and "不排名次" in told.scarcity["zh"]
    page = comparison_page(plenty)
    assert "Money was not scarce here" in page and "这里资金并不紧缺" in page
