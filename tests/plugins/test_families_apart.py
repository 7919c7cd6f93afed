"""Claims about families of rules: each can be left out, and everything else runs or says in words what is missing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

from commsim.rules import load_catalogue
from commsim.scenario import load_scenario
from commsim.study.counterfactuals import CALL_ONLY
from commsim.study.design import DEFAULT_RULES, make_design

PROJECT = Path(__file__).resolve().parents[2]
ELECTION = PROJECT / "experiments" / "elections" / "generated_2017.pb"
FAMILIES = sorted({point.name for point in entry_points(group="commsim") if point.value.startswith("commsim.plugins.")})
BASELINE = "counterfactuals"
"""What every comparison needs: it holds rules against having no fund."""
SHORT = ("--set", "months=2")

EVALUATED = {
    "basic.equal_split": ("divisions", {"budget": 10, "asks": [4, 4]}),
    "match.linear": ("matching", {"pledges": [3, 4]}),
    "pb.greedy_votes": ("budgeting", {"budget": 1, "projects": {"a": 1}, "approvals": [["a"]]}),
    "pb.mes": ("equal_shares", {"budget": 1, "projects": {"a": 1}, "approvals": [["a"]]}),
    "committee.pav": ("committees", {"budget": 1, "projects": {"a": 1}, "approvals": [["a"]]}),
    "qf.clr": ("quadratic", {"contributions": {"a": [1, 4]}}),
    "panel.mean": ("panels", {"scores": {"a": [1, 2]}}),
    "bandit.upper_bounds": ("learning", {"mean": [0.5], "pulls": [1]}),
    "optimal.max_coverage": ("benchmarks", {"budget": 1, "sets": {"a": ["x"]}, "costs": {"a": 1}}),
    "basic.none+cap:share=0.5": ("modifiers", {"budget": 10, "asks": [4, 4]}),
}
"""A rule or formula of each family, with an input: who is left out is missing, and nobody else."""
SCRIPT = """
import contextlib, io, json, sys
from commsim.cli import command_line
from commsim.errors import CommsimError
from commsim.rules import evaluate


def done(*words):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            command_line(list(words))
        except SystemExit as ended:
            code = ended.code or 0
    return {"code": code, "out": out.getvalue(), "err": err.getvalue()}


evaluated, commands = json.loads(sys.argv[1])
missing = {}
for written, (family, given) in evaluated.items():
    try:
        evaluate(written, given)
    except CommsimError as error:
        missing[family] = str(error)
print(json.dumps([missing, {name: done(*words) for name, words in commands.items()}]))
"""
"""All in one process: what cannot be evaluated, and what each command printed."""


def _without(family: str, folder: Path, **commands: Sequence[str]) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
    """What is missing, and what commands came to, in a process without a family."""
    told = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps([EVALUATED, commands])],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(PROJECT), "COMMSIM_BLOCK_PLUGINS": family},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert told.returncode == 0, told.stderr
    missing, came = json.loads(told.stdout)
    return missing, came


def test_there_is_a_family_for_every_rule_tried_here() -> None:
    assert {family for family, _given in EVALUATED.values()} == set(FAMILIES) - {BASELINE}


@pytest.mark.study
@pytest.mark.parametrize("family", [family for family in FAMILIES if family != BASELINE])
def test_without_a_family_all_else_runs_and_what_is_missing_is_named(family: str, tmp_path: Path) -> None:
    rule = "basic.fcfs" if family != "panels" else "pb.greedy_votes"
    missing, came = _without(
        family,
        tmp_path,
        list=("rules", "list", "--json"),
        run=("run", "tutorial", "--rule", rule, *SHORT),
        compare=("compare", "tutorial", "--rule", rule, *SHORT, "--replicates", "1", "--workers", "1"),
        replay=("rules", "replay", str(ELECTION)),
    )
    left_out = f"COMMSIM_BLOCK_PLUGINS names them: {family}"
    assert set(missing) == {family} and left_out in missing[family]
    assert len(json.loads(came["list"]["out"])) >= 60
    for name in ("list", "run", "compare"):
        assert came[name]["code"] == 0, came[name]["err"]
    assert came["replay"]["code"] == 0 or left_out in came["replay"]["err"]


def test_a_scenario_that_asks_for_a_rule_of_the_family_is_told_which_is_left_out(tmp_path: Path) -> None:
    _missing, came = _without("divisions", tmp_path, run=("run", "tutorial", *SHORT))  # its fund divides by need
    assert came["run"]["code"] == 3
    assert "there is no rule 'basic.needs_weighted'" in came["run"]["err"]
    assert "COMMSIM_BLOCK_PLUGINS names them: divisions" in came["run"]["err"]


def test_the_usual_comparison_is_made_of_the_rules_that_are_there() -> None:
    catalogue = load_catalogue(entry_points=False)
    entries = {rule_id: entry for rule_id, entry in catalogue.entries.items() if rule_id != "match.linear"}
    design = make_design(load_scenario("tutorial"), None, 1, "basic.none", 1, replace(catalogue, entries=entries))
    rules = [arm.rule_id for arm in design.arms if arm.rule_id != CALL_ONLY]
    assert rules == [rule for rule in DEFAULT_RULES if rule != "match.linear"]
    # Beside them stand the calls without money, one for each form of ballot that a rule which is there announces.
    calls = [dict(arm.parameters)["ballot"] for arm in design.arms if arm.rule_id == CALL_ONLY]
    assert calls == ["none", "approval"]
