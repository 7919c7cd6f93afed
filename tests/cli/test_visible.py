"""No text of somebody else's steers the terminal: it is shown with its escapes, in tables, messages and JSON alike."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsim.cli.output import plain_table, print_table
from commsim.cli.visible import visible, visible_json
from commsim.cli.visible_console import visible_console

STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
HOSTILE = "a\x1b]0;owned\x07b\x9b2J\u202ec\u2066d"
ROOT = Path(__file__).parents[2]


@given(st.text(st.characters(exclude_categories=())))
def test_nothing_that_steers_stays_and_nothing_else_changes(text: str) -> None:
    assert not STEERING.search(visible(text))
    if not STEERING.search(text):
        assert visible(text) == text


@given(st.text(st.characters(exclude_categories=())))
def test_json_means_the_same_and_holds_nothing_that_steers(text: str) -> None:
    written = visible_json(json.dumps({text: [text]}, ensure_ascii=False))
    assert not STEERING.search(written) and json.loads(written) == {text: [text]}


@pytest.mark.parametrize("text", [HOSTILE, "\x1b[2J", "\u202eevil", "x\rOK"])
def test_a_table_shows_what_would_have_steered_the_terminal(text: str) -> None:
    file = io.StringIO()
    console = visible_console(file, 100)
    print_table(console, plain_table([text], [[text]], ids=(0,)))
    assert file.getvalue().count(visible(text)) == 2  # heading and cell
    console.print(text)  # rich drops some of them before they are made visible
    assert not STEERING.search(file.getvalue())


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "commsim", *arguments]
    return subprocess.run(
        command, cwd=folder, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )


def test_names_ids_and_currency_of_an_election_do_not_reach_the_terminal_raw(tmp_path: Path) -> None:
    head = f"META\nkey;value\nnum_projects;1\nnum_votes;1\nbudget;10\nvote_type;approval\ncurrency;{HOSTILE}\n"
    body = f"PROJECTS\nproject_id;cost;votes;name\np{HOSTILE};5;1;{HOSTILE}\nVOTES\nvoter_id;vote\n1;p{HOSTILE}\n"
    (tmp_path / "hostile.pb").write_text(head + body, encoding="utf-8")
    for more in ((), ("--json",)):
        done = run("pb", "hostile.pb", "--rule", "pb.greedy_votes", *more, folder=tmp_path)
        assert not STEERING.search(done.stdout + done.stderr), (done.stdout, done.stderr)


def test_keys_titles_arms_and_file_names_do_not_reach_the_terminal_raw(tmp_path: Path) -> None:
    escaped = json.dumps(HOSTILE)[1:-1]
    name = f"n{HOSTILE.replace('/', '')}.yaml"
    (tmp_path / name).write_text(f'"{escaped}": 1\nextends: tutorial\ntitle: {{en: "{escaped}", zh: x}}\n', "utf-8")
    for line in (("scenarios", "validate", name), ("run", name), ("run", HOSTILE), ("rules", "show", HOSTILE)):
        done = run(*line, folder=tmp_path)
        assert done.returncode in (2, 3) and not STEERING.search(done.stdout + done.stderr), (line, done.stderr)


def test_what_a_usage_error_repeats_is_shown_with_its_escapes(tmp_path: Path) -> None:
    for line in ((f"--{HOSTILE}",), (HOSTILE,), ("run", "tutorial", "--replicate", HOSTILE)):
        done = run(*line, folder=tmp_path)
        assert done.returncode == 2 and not STEERING.search(done.stderr)
