"""What a plugin prints does not get among a command's data, however it prints and in whichever process."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.test_rules_that_fail import ELECTION, WITH, plugin
from tests.cli.test_run_and_compare import SHORT, started

LOUD = {
    "top": "import os, sys; print('loud', 'top'); os.write(1, b'loud bytes\\n')",
    "settle": "print('loud settle'); sys.__stdout__.write('loud stdout'); os.write(1, b'{'); os.system('echo child')",
}
COMPARED = ("--rule", "basic.equal_split", "--replicates", "2", "--out", "out")
COMMANDS = {
    "run": ("run", *SHORT, *WITH, "--out", "out"),
    "compare": ("compare", *SHORT, *WITH, *COMPARED, "--workers", "1"),
    "compare in two processes": ("compare", *SHORT, *WITH, *COMPARED, "--workers", "2"),
    "rules check": ("rules", "check", "mine.py"),
    "rules list": ("rules", "list", "--plugin", "mine.py"),
    "rules show": ("rules", "show", "mine.fails", "--plugin", "mine.py"),
    "pb": ("pb", "x.pb", *WITH),
    "scenarios validate": ("scenarios", "validate", "tutorial", "--plugin", "mine.py"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_stdout_holds_one_json_document_and_stderr_what_plugins_print(tmp_path: Path, command: str) -> None:
    plugin(tmp_path, **LOUD)
    shutil.copy(ELECTION, tmp_path / "x.pb")
    out, said = started(tmp_path, *COMMANDS[command], "--json").communicate()
    json.loads(out)
    assert "loud top\n" in said and "loud bytes\n" in said, said


def test_tables_are_kept_clean_too(tmp_path: Path) -> None:
    plugin(tmp_path, **LOUD)
    process = started(tmp_path, "run", *SHORT, *WITH, "--out", "out")
    out, said = process.communicate()
    assert process.returncode == 0 and "Indicator" in out, said
    assert not any(word in out for word in ("loud", "child", "{"))
    assert all(word in said for word in ("loud settle", "loud stdout", "child"))


def test_who_stops_reading_breaks_nothing(tmp_path: Path) -> None:
    process = started(tmp_path, "scenarios", "show", "tutorial")
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert "Traceback" not in process.stderr.read()
    process.wait()
