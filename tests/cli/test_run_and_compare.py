"""`commsim run` and `commsim compare` from the command to the folder that they leave."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import duckdb
import numpy as np
import pytest
from click.testing import CliRunner

from commsim.cli import command_line
from commsim.cli.compare import DEFAULT_BASELINE
from commsim.cli.comparison_table import comparison_table
from commsim.cli.output import data_console, print_table
from commsim.service.comparing import as_compared
from commsim.study import design
from tests.report.fake import fake_comparison

ENGLISH = {"LANGUAGE": "en", "NO_COLOR": "1"}
SHORT = ("tutorial", "--set", "months=14")
FAILING_RULE = """
from commsim.contracts import Award, Bilingual, Rule, hookimpl


class Breaks(Rule):
    id = "mine.breaks"
    title = Bilingual(en="Breaks", zh="出错")

    def settle(self, view):
        raise ZeroDivisionError("on purpose")


@hookimpl
def commsim_register_rules(register):
    register(Breaks)
"""


class Done(NamedTuple):
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


def commsim(folder: Path, *arguments: str) -> Done:
    """Call the command in this process, in `folder`."""
    with contextlib.chdir(folder):
        result = CliRunner(env=ENGLISH).invoke(command_line, list(arguments))
    return Done(result.exit_code, result.stdout, result.stderr)


def started(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start the command as a process of its own, in `folder`."""
    return subprocess.Popen(
        [sys.executable, "-m", "commsim", *arguments],
        cwd=folder,
        env={**os.environ, **ENGLISH, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """A comparison of one rule that works and one that fails, two replicates."""
    folder = tmp_path_factory.mktemp("compared")
    (folder / "breaks.py").write_text(FAILING_RULE, encoding="utf-8")
    rules = ("--rule", "match.linear:rate=2", "--rule", "mine.breaks", "--plugin", "breaks.py")
    return folder, commsim(folder, "compare", *SHORT, *rules, "--replicates", "2", "--workers", "1", "--out", "found")


def test_a_run_leaves_a_numbered_folder_and_one_document_on_stdout(tmp_path: Path) -> None:
    done = commsim(tmp_path, "run", *SHORT, "--rule", "match.linear:rate=2", "--seed", "5", "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["folder"] == str(Path("results") / "tutorial-run-001")
    assert document["seed"] == 5 and document["months"] == 14
    assert document["rule"]["id"] == "match.linear" and document["rule"]["parameters"]["rate"] == 2
    values = {one["indicator"]: one["value"] for one in document["summary"]}
    assert 0 < values["giving_or_starting_share"] < 1
    assert {"manifest.json", "index.html", "summary.parquet"} <= set(os.listdir(tmp_path / document["folder"]))
    again = commsim(tmp_path, "run", *SHORT, "--rule", "match.linear:rate=2", "--seed", "5")
    assert "tutorial-run-002" in again.stderr and "tutorial-run-002" not in again.stdout
    assert f"{100 * values['giving_or_starting_share']:.1f}" in again.stdout


def test_a_run_as_a_process_of_its_own_ends_without_words_of_the_libraries_that_it_uses(tmp_path: Path) -> None:
    told, said = started(tmp_path, "run", *SHORT, "--json").communicate(timeout=120)
    assert json.loads(told)["months"] == 14
    assert said.splitlines()[-1].startswith("100%")  # some say that they leaked when memory is not tidied up


def test_where_some_runs_fail_the_others_are_written_and_the_exit_code_is_4(
    compared: tuple[Path, Done],
) -> None:
    folder, done = compared
    assert done.returncode == 4, done.stderr
    assert "on purpose" in done.stderr and "Traceback" not in done.stderr
    assert "mine.breaks, replicate 0: rule 'mine.breaks'" in done.stderr and "RuleError" not in done.stderr
    written = os.listdir(folder / "found")
    assert "failures-000.parquet" in written and "summary-table.parquet" in written
    assert sorted({*os.listdir(folder)} - {"__pycache__"}) == ["breaks.py", "found"]


def test_the_table_shows_the_difference_with_its_interval_in_100_columns(
    compared: tuple[Path, Done],
) -> None:
    folder, done = compared
    table = duckdb.sql(f"SELECT * FROM '{folder / 'found' / 'summary-table.parquet'}'").df()
    row = table[(table["rule"] == "match.linear:rate=2.0") & (table["indicator"] == "giving_or_starting_share")].iloc[0]
    assert f"{100 * row['difference']:+.1f}" in done.stdout
    assert f"{100 * row['low']:.1f}…{100 * row['high']:.1f}" in done.stdout
    last = table[(table["rule"] == "match.linear:rate=2.0") & (table["indicator"] == "cost_per_added_participant")]
    cost = last.iloc[0]["difference"]
    shown = "the denominator cannot be told from zero" if np.isnan(cost) else f"{cost:,.0f}"
    assert shown in " ".join(done.stdout.split())
    assert all(len(line) <= 100 for line in done.stdout.splitlines())
    assert "basic.none" in done.stdout and "—" in done.stdout


def test_a_long_label_stands_whole_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    label = "match.linear:rate=2.0,cap_yuan=5000.0"
    comparison = fake_comparison(rules=("claims.adjusted_proportional", label), replicates=2)
    print_table(data_console(), comparison_table(as_compared(comparison), 100, whole_labels=True))
    first = {line.split()[0] for line in capsys.readouterr().out.splitlines() if line.strip()}
    assert {"claims.adjusted_proportional", label} <= first


def test_a_folder_that_exists_is_refused_before_anything_runs(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    for command in ("run", "compare"):
        done = commsim(tmp_path, command, *SHORT, "--out", "taken")
        assert done.returncode == 3 and done.stdout == ""
        assert "taken" in done.stderr and "%" not in done.stderr
    assert os.listdir(tmp_path / "taken") == []


def test_a_folder_that_cannot_be_made_is_refused_before_anything_runs(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for command in ("run", "compare"):
        done = commsim(tmp_path, command, *SHORT, "--out", "file/below")
        assert done.returncode == 3 and done.stdout == ""
        assert "cannot be made" in done.stderr and "%" not in done.stderr
    assert os.listdir(tmp_path) == ["file"]


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no signals to a single process")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_ends_with_130_and_leaves_nothing(tmp_path: Path, sent: signal.Signals) -> None:
    process = started(tmp_path, "compare", "tutorial", "--replicates", "50", "--workers", "1")
    assert process.stderr is not None
    assert any("%" in line for line in process.stderr)  # after notes on the scenario: it is running now
    process.send_signal(sent)
    out, error = process.communicate(timeout=60)
    assert process.returncode == 130, error
    assert out == "" and "Interrupted" in error and "Traceback" not in error
    assert not (tmp_path / "results").exists() or os.listdir(tmp_path / "results") == []


@pytest.mark.study
def test_the_main_job_compares_eight_rules_and_the_calls_without_money_on_the_pilot(tmp_path: Path) -> None:
    process = started(tmp_path, "compare", "--replicates", "2", "--json")
    out, error = process.communicate()
    assert process.returncode == 0, error
    document = json.loads(out)
    assert document["scenario"] == "jingan-pilot" and document["failures"] == []
    assert len(document["rules"]) == 10 and document["baseline"] == "basic.none"
    active = {row["rule"]: row for row in document["table"] if row["indicator"] == "net_drawn_in"}
    assert len(active) == 9 and all(row["low"] <= row["difference"] <= row["high"] for row in active.values())


def test_the_command_line_and_python_compare_with_the_same_baseline() -> None:
    assert DEFAULT_BASELINE == design.DEFAULT_BASELINE
