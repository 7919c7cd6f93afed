"""docs/writing-a-rule.md does what it says: its files load, its Python runs, its commands succeed."""

from __future__ import annotations

import inspect
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import commsim
from commsim.authoring.guide_tables import table_of_needs
from commsim.contracts import BALLOT_KINDS, NEEDS, Award, Modifier, Rule, Terms
from commsim.contracts.needs import INDICATOR, TABLE
from commsim.contracts.openings import columns_of
from commsim.evaluation import plain_round
from commsim.evaluation.plain_input import WORDS
from commsim.plugin_host.loader import load_catalogue
from commsim.processes.round_view import _history

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
    shown, *others = work_through(tmp_path, python=True, commands="commsim rules")
    assert "Even parts" in shown
    assert len(others) == 3  # a rule made by `new` and checked, and the panel's rule checked


@pytest.mark.study
def test_the_runs_of_the_page_succeed(tmp_path: Path) -> None:
    # The page's own commands, over the months that one round takes and not the two years of the tutorial.
    printed = work_through(tmp_path, python=False, commands="commsim run", also="--set months=13")
    assert len(printed) == 4
    assert len([folder for folder in (tmp_path / "results").iterdir() if folder.is_dir()]) == 4


AS_A_DONORS = ("parameters.yes.public_signal=1", "parameters.lab.match_substitution=0")
"""Public money says as much as another donor's, and nobody gives less because it is added."""


def test_residents_react_to_the_terms_that_the_pages_rule_announces(tmp_path: Path) -> None:
    rule = [text for _kind, file, text in BLOCKS if file == "my_rule.py"][-1]
    pledged: dict[tuple[str, bool], int] = {}
    for name, text in (("told", rule), ("untold", rule.replace("def open_round", "def unused"))):
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
        catalogue = load_catalogue([tmp_path / f"{name}.py"], entry_points=False)
        for as_a_donors in (True, False):
            scenario = commsim.load_scenario("tutorial", ["months=13", *(AS_A_DONORS if as_a_donors else ())])
            run = commsim.simulate(scenario, rule="mine.rule", seed=2, catalogue=catalogue)
            pledged[name, as_a_donors] = int(run.monthly["pledged_fen"].sum())
    assert pledged["untold", True] == pledged["untold", False] > 0  # of nothing announced nothing is believed
    assert pledged["told", True] > pledged["untold", True]
    # A match lets people give less of their own, and public money is hardly taken for another donor's.
    assert pledged["told", False] < pledged["untold", False]


def test_the_page_is_made_of_blocks_that_are_run() -> None:
    assert {kind for kind, _file, _text in BLOCKS} == {"python", "console"}
    assert PAGE.count("```") == 2 * len(BLOCKS)


def rows_of(heading: str) -> dict[str, list[str]]:
    """The cells of the table below a heading, by what stands in backticks in the first one."""
    section = PAGE.split(f"### {heading}")[1].split("\n#")[0]
    table = [line for line in section.splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table]
    return {first.strip(" `"): others for first, *others in cells}


def test_the_page_says_of_every_need_what_it_opens() -> None:
    table = rows_of("Words of `needs`")
    said = {word: set(re.findall(r"`view\.([^`]+)`", opens)) for word, (opens, _contents) in table.items()}
    assert said.pop(f"{INDICATOR}<name>") == {'indicator("<name>")'}
    assert said == {word: set(opened) for word, opened in NEEDS.items()}


def test_the_page_gives_the_type_of_every_column() -> None:
    table = rows_of("Words of `needs`")
    types = {
        holder: {name: column.dtype for name, column in columns_of(holder).items()} for holder in ("proposals", "areas")
    }
    for word, opened in NEEDS.items():
        for holder, _dot, column in (path.partition(".") for path in opened):
            if holder in types:
                assert np.dtype(types[holder][column]).name in table[word][1], (word, column)
    for name, column in columns_of("applicants").items():
        assert f"`{name}` ({np.dtype(column.dtype).name}" in table["applicants"][1]


def test_the_pages_table_of_needs_is_what_the_contract_makes() -> None:
    section = PAGE.split("### Words of `needs`\n\n")[1].split("\n\n")[0]
    assert section + "\n" == table_of_needs(), "run python tools/guide_tables.py"


def test_the_page_describes_what_a_round_of_history_holds() -> None:
    unit: Any = SimpleNamespace(history=[(2017, ())])
    (made,) = _history(unit, 2018)
    described = PAGE.split("**A round of `history`**")[1].split("\n\n")[0]
    assert set(re.findall(r"`(\w+)`", described)) == set(made)


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("Words of `Terms`", Terms.__dataclass_fields__),
        ("Words of `Award`", Award.__dataclass_fields__),
        ("Kinds of `Ballot", BALLOT_KINDS),
        ("Attributes of a `Rule` class", Rule.__annotations__),
    ],
)
def test_the_page_explains_every_word(heading: str, words: Iterable[str]) -> None:
    assert set(rows_of(heading)) == set(words)
    assert all(cell for cells in rows_of(heading).values() for cell in cells)


def test_the_page_lists_every_method_of_a_modifier_with_its_arguments() -> None:
    methods = {
        f"{name}({', '.join([*inspect.signature(method).parameters][1:])})"
        for name, method in vars(Modifier).items()
        if inspect.isfunction(method) and not name.startswith("_")
    }
    assert set(rows_of("Methods of a `Modifier`")) == methods


def test_the_page_lists_every_word_that_evaluate_reads_for_a_rule_in_a_file() -> None:
    read = {word for word in WORDS if f'"{word}"' in inspect.getsource(plain_round)}
    read |= {word for need in TABLE.values() for word in need.plain}
    section = PAGE.split("Words of its input:")[1].split("\n\n")[0]
    read.discard("ask")  # a column of the view
    assert read and read <= set(re.findall(r"`(\w+)`", section))
