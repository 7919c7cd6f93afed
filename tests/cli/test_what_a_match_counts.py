"""What a match counts, on the command line and in a scenario: written in one word, refused with file and line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from commsim.cli import command_line

ENGLISH = {"LANGUAGE": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": "C"}
SHORT = ("--set", "months=13")


def scenario(folder: Path, fund: str, params: str) -> Path:
    """A scenario in which a linear match with these parameters hands out a fund of the tutorial."""
    path = folder / "mine.yaml"
    rule = f"    rule:\n      id: match.linear\n      params: {{{params}}}\n"
    path.write_text(f"extends: tutorial\ntitle: {{en: Mine, zh: 我}}\nfunds:\n  - id: {fund}\n{rule}", encoding="utf-8")
    return path


def test_all_that_counts_is_written_in_one_word_and_stays_in_the_rules_name(tmp_path: Path) -> None:
    written = "match.linear:counts=cash+hours+goods,rate=1+cap:share=0.5"
    out = tmp_path / "ran"
    done = CliRunner(env=ENGLISH).invoke(
        command_line, ["run", "tutorial", "--rule", written, *SHORT, "--out", str(out), "--json"]
    )
    assert done.exit_code == 0, done.output
    rule = json.loads(done.stdout)["rule"]
    assert rule["parameters"]["counts"] == "cash+hours+goods"
    assert rule["label"].startswith("match.linear:") and "counts=cash+hours+goods" in rule["label"]
    assert rule["label"].endswith("cap:share=0.5")


@pytest.mark.parametrize("params", ["counts: ''", "counts: cash+water", "counts: hours, hour_yuan: 0", "hour_yuan: -5"])
@pytest.mark.parametrize(
    ("command", "fund"),
    [
        (("run",), "self_governance"),
        (("run", "--rule", "match.linear"), "service_money"),
        (("compare", "--rule", "match.linear"), "service_money"),
    ],
)
def test_a_match_that_counts_nothing_is_refused_with_file_and_line(
    tmp_path: Path, command: tuple[str, ...], fund: str, params: str
) -> None:
    path = scenario(tmp_path, fund, params)
    done = CliRunner(env=ENGLISH).invoke(command_line, [command[0], str(path), *command[1:], *SHORT])
    assert done.exit_code == 3
    assert f"mine.yaml:5: funds.{fund}.rule: " in done.stderr
    assert "counts" in done.stderr or "'hour_yuan' has to be at least 0.0; -5.0 came" in done.stderr


def test_a_rule_that_is_replaced_is_not_looked_at(tmp_path: Path) -> None:
    path = scenario(tmp_path, "self_governance", "counts: cash+water")
    out = tmp_path / "ran"
    done = CliRunner(env=ENGLISH).invoke(
        command_line, ["run", str(path), "--rule", "basic.none", *SHORT, "--out", str(out), "--json"]
    )
    assert done.exit_code == 0, done.output
