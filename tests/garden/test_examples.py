"""Claims about `examples/`: every script and notebook runs as it stands, is short, and brings no outputs along.

A script that takes minutes offers `--quick`, by which it is tried here.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import commsim
from commsim.store.results import write_run

PROJECT = Path(__file__).resolve().parents[2]
EXAMPLES = PROJECT / "examples"
SCRIPTS = sorted(EXAMPLES.glob("*.py"))
NOTEBOOKS = sorted(EXAMPLES.glob("*.ipynb"))


def names(paths: list[Path]) -> list[str]:
    """How test cases are called."""
    return [path.stem for path in paths]


def run_elsewhere(folder: Path, *arguments: str | Path) -> str:
    """Run Python in `folder`, which is not the project's; what it printed."""
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(PROJECT), "MPLBACKEND": "Agg", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def is_a_study(script: Path) -> bool:
    """Whether a script is a study of its own, which takes minutes and offers a quick look at how it works."""
    return "--quick" in script.read_text(encoding="utf-8")


def test_there_are_scripts_and_notebooks() -> None:
    assert len(SCRIPTS) >= 5
    assert len(NOTEBOOKS) >= 2


@pytest.mark.study
@pytest.mark.parametrize("script", SCRIPTS, ids=names(SCRIPTS))
def test_a_script_runs_and_prints(script: Path, tmp_path: Path) -> None:
    assert run_elsewhere(tmp_path, script, *(["--quick"] if is_a_study(script) else [])).strip()


@pytest.mark.parametrize("script", SCRIPTS, ids=names(SCRIPTS))
def test_a_script_is_short_and_says_how_it_is_run(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= (90 if is_a_study(script) else 40)
    assert f"python examples/{script.name}" in text


def test_a_results_folder_of_ones_own_is_read(tmp_path: Path) -> None:
    write_run(commsim.simulate(commsim.load_scenario("tutorial", ["months=3"]), seed=1), tmp_path / "mine")
    assert run_elsewhere(tmp_path, EXAMPLES / "read_results.py", "mine").startswith("mine · run · seed 1")


@pytest.mark.study
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=names(NOTEBOOKS))
def test_a_notebook_runs_from_its_first_cell_to_its_last_without_jupyter(notebook: Path, tmp_path: Path) -> None:
    assert run_elsewhere(tmp_path, PROJECT / "tools" / "run_notebook.py", notebook).strip()


def test_a_cell_that_fails_is_named_by_its_number_and_line(tmp_path: Path) -> None:
    cells = [{"cell_type": "code", "source": ["x = 1"]}, {"cell_type": "code", "source": ["x\n", "y"]}]
    (tmp_path / "broken.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    told = subprocess.run(
        [sys.executable, PROJECT / "tools" / "run_notebook.py", "broken.ipynb"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert told.returncode != 0
    assert '"<cell 2 of broken.ipynb>", line 2' in told.stderr


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=names(NOTEBOOKS))
def test_a_notebook_is_valid_and_stands_in_the_repository_without_outputs(notebook: Path) -> None:
    document = json.loads(notebook.read_text(encoding="utf-8"))
    assert (document["nbformat"], document["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in document["cells"]}) == len(document["cells"])
    for cell in document["cells"]:
        assert cell["cell_type"] == "markdown" or (cell["outputs"], cell["execution_count"]) == ([], None)
