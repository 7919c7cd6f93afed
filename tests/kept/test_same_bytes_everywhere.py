"""The same seed gives the same tables, whatever the surroundings. `.ci/run` holds it over Python versions as well."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SURROUNDINGS = {
    "another hash seed": {"PYTHONHASHSEED": "4711"},
    "another time zone": {"TZ": "Pacific/Kiritimati"},
    "a Chinese locale": {"LANG": "zh_CN.UTF-8", "LC_ALL": "zh_CN.UTF-8", "LANGUAGE": "zh"},
    "a locale without characters": {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"},
    "many threads": {"OMP_NUM_THREADS": "4", "OPENBLAS_NUM_THREADS": "4"},
}


def _environment(**settings: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8", **settings}


def _digests_of_comparison(folder: Path, workers: int, **settings: str) -> dict[str, str]:
    """Digest of each table of a small comparison that ran as a process of its own."""
    command = [sys.executable, "-m", "commsim", "compare", "tutorial", "--replicates", "2", "--set", "months=9"]
    command += ["--rule", "match.linear", "--rule", "pb.mes", "--no-counterfactuals", "--workers", str(workers)]
    command += ["--out", str(folder)]
    done = subprocess.run(command, env=_environment(**settings), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return {name: table["sha256"] for name, table in manifest["tables"].items()}


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return _digests_of_comparison(tmp_path_factory.mktemp("one") / "out", workers=1)


@pytest.mark.study
@pytest.mark.parametrize("name", SURROUNDINGS)
def test_hash_seed_time_zone_locale_and_threads_change_no_table(
    name: str, expected: dict[str, str], tmp_path: Path
) -> None:
    assert _digests_of_comparison(tmp_path / "out", workers=1, **SURROUNDINGS[name]) == expected


@pytest.mark.study
def test_the_number_of_workers_changes_no_table(expected: dict[str, str], tmp_path: Path) -> None:
    assert _digests_of_comparison(tmp_path / "out", workers=2) == expected


@pytest.mark.study
def test_another_seed_changes_the_tables(expected: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "out"
    command = [sys.executable, "-m", "commsim", "compare", "tutorial", "--replicates", "2", "--set", "months=9"]
    command += ["--rule", "match.linear", "--rule", "pb.mes", "--no-counterfactuals", "--workers", "1"]
    command += ["--out", str(folder), "--seed", "99"]
    subprocess.run(command, env=_environment(), capture_output=True, check=True)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["tables"]["monthly-000.parquet"]["sha256"] != expected["monthly-000.parquet"]
