"""The command line writes whatever stands behind its streams: any code page, nothing at all, or no space."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMSIM = f"{sys.executable} -m commsim"
ENCODINGS = ("cp1252", "cp437", "gbk", "shift_jis", "ascii")
FOREIGN = """META
key;value
description;Żółć 居民 ₿
country;Polska
unit;Łódź
instance;2026
num_projects;1
num_votes;1
budget;100
vote_type;approval
rule;greedy
PROJECTS
project_id;cost;votes;name;selected
ź1;50;1;Place zabaw 儿童乐园 😀;1
VOTES
voter_id;vote
1;ź1
"""
JSON_COMMANDS = (
    "scenarios list --json",
    "params money --json",
    "rules list --json",
    "scenarios schema",
    "run tutorial --set months=2 --json",
    "pb foreign.pb --rule pb.greedy_votes --json",
)
TEXT_COMMANDS = (
    "scenarios list",
    "scenarios show tutorial",
    "rules list",
    "params money",
    "--help",
    "pb foreign.pb --rule pb.greedy_votes",
    "run nowhere",
)


def shell(line: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[bytes]:
    """What a line does in a shell whose working folder is `folder`; `commsim` in it is this project's."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", **settings}
    script = f'commsim() {{ {COMMSIM} "$@"; }}\n{line}'
    return subprocess.run(["bash", "-c", script], cwd=folder, env=environment, capture_output=True, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "foreign.pb").write_text(FOREIGN, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_json_is_utf_8_whatever_the_code_page_of_the_pipe(encoding: str, folder: Path) -> None:
    for line in JSON_COMMANDS if encoding == "gbk" else JSON_COMMANDS[:3]:
        done = shell(f"commsim {line}", folder, PYTHONIOENCODING=encoding)
        assert done.returncode == 0, (line, done.stderr.decode())
        json.loads(done.stdout.decode("utf-8"))
    assert "静安" in shell("commsim scenarios list --json", folder, PYTHONIOENCODING=encoding).stdout.decode("utf-8")


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_tables_help_and_messages_can_be_written_whatever_the_code_page(
    encoding: str, language: str, folder: Path
) -> None:
    for line in TEXT_COMMANDS if encoding == "cp1252" else TEXT_COMMANDS[::3]:
        done = shell(f"commsim --lang {language} {line}", folder, PYTHONIOENCODING=encoding)
        assert done.returncode == (3 if line == "run nowhere" else 0), (line, done.stderr.decode())
        (done.stderr if line == "run nowhere" else done.stdout).decode("utf-8")


@pytest.mark.parametrize("closed", ["2>&-", ">&-", "<&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_where_streams_are_closed_the_work_is_done_all_the_same(closed: str, tmp_path: Path) -> None:
    done = shell(f"commsim run tutorial --set months=2 --out mine {closed}", tmp_path)
    assert done.returncode == 0
    assert (tmp_path / "mine" / "manifest.json").is_file() and (tmp_path / "mine" / "index.html").is_file()
    assert shell(f"commsim rules list {closed}", tmp_path).returncode == 0


def test_workers_do_their_work_where_streams_are_closed(tmp_path: Path) -> None:
    line = "commsim compare tutorial --no-counterfactuals --replicates 2 --workers 2 --set months=2"
    line += " --rule match.linear --out mine"
    assert shell(f"{line} <&- >&- 2>&-", tmp_path).returncode == 0
    assert (tmp_path / "mine" / "manifest.json").is_file()


@pytest.mark.parametrize("line", ["scenarios list", "run tutorial --set months=2", "run tutorial --out mine"])
def test_a_working_folder_that_was_removed_is_told_as_that(line: str, tmp_path: Path) -> None:
    done = shell(f"mkdir gone && cd gone && rmdir ../gone && commsim {line}", tmp_path)
    assert done.returncode == 3 and b"the working folder is not there any more" in done.stderr
    assert b"bug" not in done.stderr


def test_a_device_without_space_is_told_as_that(tmp_path: Path) -> None:
    for line in ("rules list", "rules list --json", "params --json"):
        done = shell(f"commsim {line} > /dev/full", tmp_path)
        assert done.returncode == 5 and b"no space left on" in done.stderr and b"bug" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_messages_that_find_no_space_do_not_lose_the_work_that_they_tell_of(tmp_path: Path) -> None:
    for line, code in (("scenarios show tutorial", 0), ("scenarios validate tutorial", 0), ("nothing_like_it", 2)):
        done = shell(f"commsim {line} 2> /dev/full", tmp_path)
        assert done.returncode == code and bool(done.stdout) is (code == 0)


@pytest.mark.parametrize("blocks", [1, 8, 16])
def test_a_limit_on_the_size_of_files_leaves_nothing_half_written(blocks: int, tmp_path: Path) -> None:
    done = shell(f"ulimit -f {blocks}; commsim run tutorial --set months=2 --out mine/deep", tmp_path)
    assert done.returncode == 5, done.stderr.decode()
    assert f"no space left on {tmp_path / 'mine'}" in done.stderr.decode() and b"bug" not in done.stderr
    assert not list((tmp_path / "mine").iterdir())


def test_a_pipe_that_nobody_reads_any_more_ends_quietly(tmp_path: Path) -> None:
    for line in ("rules list", "params", "params --json", "rules list --json"):
        done = shell(f"commsim {line} | head -c 10", tmp_path)
        assert done.stderr == b"" and len(done.stdout) == 10
