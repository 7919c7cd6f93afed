"""docs/writing-a-rule.md does what it says: its files load, its Python runs, its commands succeed."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import commsim
from commsim.contracts import NEEDS, Terms
from commsim.plugins import load_catalogue

PROJECT = Path(__file__).resolve().parents[2]
PAGE = (PROJECT / "docs" / "writing-a-rule.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)(?: file=(\S+))?\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def run_command(line: str, folder: Path) -> str:
    """Run one `$ commsim …` line of a console block in `folder`; what it printed."""
    assert line.startswith("$ commsim "), line
    done = subprocess.run(
        [sys.executable, "-m", *shlex.split(line.removeprefix("$ "))],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(PROJECT), "COMMSIM_DEBUG": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def work_through(folder: Path, *, python: bool, commands: str, also: str = "") -> list[str]:
    """Write the files in turn, run the Python and the commands that begin with `commands`; what these printed.

    `also` is typed after each command.
    """
    names: dict[str, Any] = {}
    printed: list[str] = []
    for kind, file, text in BLOCKS:
        if file:
            (folder / file).write_text(text, encoding="utf-8")
        elif kind == "python" and python:
            exec(compile(text, "<a block of the page>", "exec"), names)
        elif kind == "console":
            lines = [line for line in text.splitlines() if line.startswith(f"$ {commands}")]
            printed += [run_command(f"{line} {also}", folder) for line in lines]
    return printed


def test_the_files_load_and_the_python_is_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (shown,) = work_through(tmp_path, python=True, commands="commsim rules")
    assert "Even parts" in shown


def test_the_runs_of_the_page_succeed(tmp_path: Path) -> None:
    # The page's own commands, over the months that one round takes and not the two years of the tutorial.
    printed = work_through(tmp_path, python=False, commands="commsim run", also="--set months=13")
    assert len(printed) == 3
    assert len([folder for folder in (tmp_path / "results").iterdir() if folder.is_dir()]) == 3


def test_residents_react_to_the_terms_that_the_pages_rule_announces(tmp_path: Path) -> None:
    rule = [text for _kind, file, text in BLOCKS if file][-1]
    monthly = []
    for name, text in (("told.py", rule), ("untold.py", rule.replace("def open_round", "def unused"))):
        (tmp_path / name).write_text(text, encoding="utf-8")
        catalogue = load_catalogue([tmp_path / name], entry_points=False)
        scenario = commsim.load_scenario("tutorial", ["months=13"])
        monthly.append(commsim.simulate(scenario, rule="mine.rule", seed=1, catalogue=catalogue).monthly)
    told, untold = monthly
    assert not told.equals(untold)
    assert told["pledged_fen"].sum() > untold["pledged_fen"].sum() > 0


def test_the_page_is_made_of_blocks_that_are_run() -> None:
    assert {kind for kind, _file, _text in BLOCKS} == {"python", "console"}
    assert PAGE.count("```") == 2 * len(BLOCKS)


def test_the_page_names_every_need_and_every_word_of_the_terms() -> None:
    for word in (*NEEDS, *Terms.__dataclass_fields__):
        assert f"`{word}`" in PAGE, word
