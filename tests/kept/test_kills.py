"""A kill at any moment leaves a whole result or none, and nothing that hinders the next run."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from commsim.store.tables import table_digest

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "commsim", "compare", "tutorial", "--replicates", "2", "--set", "months=6"]
COMMAND += ["--rule", "match.linear", "--workers", "2"]
pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="kills are aimed through /proc")
MOMENTS = 24
MOMENTS_OF_WORKERS = 7


def _start(folder: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        COMMAND,
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _children(process: int) -> list[int]:
    """Ids of the processes whose parent is `process`."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it ended meanwhile
            if int(stat.read_text().rpartition(")")[2].split()[1]) == process:
                found.append(int(stat.parent.name))
    return found


def _assert_whole(results: Path) -> None:
    """Every folder that can be seen holds what its manifest says."""
    for folder in results.glob("[!.]*"):
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        for name, table in manifest["tables"].items():
            frame = duckdb.sql(f"SELECT * FROM '{folder / name}'").df()
            assert len(frame) == table["rows"], name
            if name == "monthly-000.parquet":
                assert table_digest(frame) == table["sha256"]
        assert (folder / "log.jsonl").stat().st_size > 0 and (folder / "index.html").stat().st_size > 0


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.fixture(scope="module")
def seconds(tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long a whole comparison takes here and now."""
    folder = tmp_path_factory.mktemp("whole")
    began = time.monotonic()
    assert _start(folder).wait() == 0
    _assert_whole(folder / "results")
    return time.monotonic() - began


@pytest.mark.study
def test_a_kill_at_any_moment_leaves_a_whole_result_or_none_and_the_next_run_works(
    seconds: float, tmp_path: Path
) -> None:
    for moment in range(MOMENTS):
        process = _start(tmp_path)
        # Half of the moments lie in the last fifth, where the results are written.
        share = moment / 15 if moment < MOMENTS // 2 else 0.8 + (moment - MOMENTS // 2) / 50
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds * share)
        _end(process)
        _assert_whole(tmp_path / "results")
    before = len(list((tmp_path / "results").glob("[!.]*")))
    assert _start(tmp_path).wait() == 0
    _assert_whole(tmp_path / "results")
    assert len(list((tmp_path / "results").glob("[!.]*"))) == before + 1


@pytest.mark.study
def test_a_worker_that_is_killed_costs_its_runs_and_nothing_else(seconds: float, tmp_path: Path) -> None:
    codes = set()
    for moment in range(MOMENTS_OF_WORKERS):
        process = _start(tmp_path)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds * (0.3 + moment / 15))
        for child in _children(process.pid)[-1:]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        codes.add(process.wait())
        _assert_whole(tmp_path / "results")
    assert codes <= {0, 1, 3, 4}, codes
