"""A rule that came with an installed package: found, listed with its version, used in worker processes, left out.

What pip leaves behind is a folder on the path with the module and its `.dist-info`; that is written here by hand.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from commsim.cli import command_line
from tests.shared_data import PROJECT

PACKAGE = '''
import numpy as np
from commsim.contracts import Award, Bilingual, Rule, hookimpl


class First(Rule):
    """The first proposal by id gets what it asks for."""

    id = "neighbours.first"
    title = Bilingual(en="The first by id", zh="按编号首位")
    summary = Bilingual(en="The first proposal by id is paid.", zh="资助编号首位的项目。")
    source = "test"

    def settle(self, view):
        paid = np.zeros(len(view.proposals), np.int64)
        for one in sorted(range(len(paid)), key=view.proposals.id.__getitem__)[:1]:
            paid[one] = min(view.proposals.ask[one], view.budget)
        return Award(paid=paid, reasons=("by id",) * len(paid))


@hookimpl
def commsim_register_rules(register):
    register(First)
'''
BY_SET = "[list(view.proposals.id).index(one) for one in list(set(map(str, view.proposals.id)))[:1]]"
WORKER = """
import os

from commsim.plugin_host.loader import load_specification
from commsim.rules import evaluate


def settle(specification):
    catalogue = load_specification(specification)
    came = evaluate(catalogue.make("neighbours.first"), {"budget": 10, "projects": {"b": 4, "a": 3}})
    return {"came": came, "origin": catalogue.entry("neighbours.first").origin.record(), "process": os.getpid()}
"""
START = """
import json
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import worker
from commsim.plugin_host.loader import load_catalogue

if __name__ == "__main__":
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        said = pool.submit(worker.settle, load_catalogue().specification()).result()
    print(json.dumps({**said, "parent": os.getpid()}))
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the path as `pip install commsim-neighbours` leaves it."""
    info = tmp_path / "commsim_neighbours-0.3.1.dist-info"
    info.mkdir()
    (tmp_path / "commsim_neighbours.py").write_text(PACKAGE, encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: commsim-neighbours\nVersion: 0.3.1\n")
    (info / "entry_points.txt").write_text("[commsim]\nneighbours = commsim_neighbours\n")
    (info / "RECORD").write_text("commsim_neighbours.py,,\ncommsim_neighbours-0.3.1.dist-info/METADATA,,\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def origin_listed(*options: str) -> object:
    """What `commsim rules list --json` says of where the package's rule is from; None where it is not listed."""
    result = CliRunner().invoke(command_line, ["rules", "list", "--json", *options])
    assert result.exit_code == 0, result.output
    return {row["id"]: row["origin"] for row in json.loads(result.stdout)}.get("neighbours.first")


ORIGIN = {"kind": "distribution", "name": "commsim-neighbours", "version": "0.3.1"}


def test_it_is_listed_with_distribution_and_version(site: Path) -> None:
    assert origin_listed() == ORIGIN


def test_the_check_asks_it_again_in_other_processes(site: Path) -> None:
    (site / "commsim_neighbours.py").write_text(
        PACKAGE.replace("sorted(range(len(paid)), key=view.proposals.id.__getitem__)[:1]", BY_SET), encoding="utf-8"
    )
    code = "from commsim.cli import command_line; command_line()"
    done = subprocess.run(
        [sys.executable, "-c", code, "rules", "check", "neighbours.first", "--lang", "en"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(site), str(PROJECT)))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3 and "1 of" in done.stderr, done.stdout
    assert "yuan in one process" in done.stderr and "do not rely on the order of a set" in done.stderr


def test_it_is_left_out_when_asked(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert origin_listed("--no-plugins") is None
    monkeypatch.setenv("COMMSIM_BLOCK_PLUGINS", "neighbours")
    assert origin_listed() is None
    monkeypatch.delenv("COMMSIM_BLOCK_PLUGINS")
    monkeypatch.setenv("COMMSIM_LOAD_PLUGINS", "")
    assert origin_listed() is None
    monkeypatch.setenv("COMMSIM_LOAD_PLUGINS", "neighbours")
    assert origin_listed() == ORIGIN


def missed(*words: str) -> str:
    """What `commsim` says on stderr where a rule or modifier is not there."""
    result = CliRunner().invoke(command_line, list(words))
    assert result.exit_code == 3
    return result.stderr


@pytest.mark.parametrize(
    ("variable", "value", "options", "told"),
    [
        ("COMMSIM_BLOCK_PLUGINS", "commsim-neighbours", (), "as COMMSIM_BLOCK_PLUGINS names them"),
        ("COMMSIM_LOAD_PLUGINS", "", (), "as COMMSIM_LOAD_PLUGINS lacks them"),
        ("UNRELATED", "", ("--no-plugins",), "because of --no-plugins"),
    ],
)
def test_who_misses_a_rule_is_told_which_plugins_are_left_out_and_by_what(
    site: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, options: tuple[str, ...], told: str
) -> None:
    monkeypatch.setenv(variable, value)
    (site / "commsim_neighbours.py").write_text("raise SystemExit('imported')", encoding="utf-8")
    for asked in (("show", "neighbours.first"), ("check", "basic.none+cp")):
        text = missed("rules", *asked, *options)
        assert "there is no " in text and f"plugins are not loaded, {told}: neighbours. " in text, text
    assert "Did you mean 'basic.none'? The rules of these plugins" in missed("rules", "show", "basic.non", *options)


def test_who_misses_a_rule_is_told_of_no_plugin_that_is_loaded(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "not loaded" not in missed("rules", "show", "neighbours.second")
    monkeypatch.setenv("COMMSIM_LOAD_PLUGINS", "neighbours")
    assert "not loaded" not in missed("rules", "show", "neighbours.second")


def test_a_worker_process_settles_with_it(site: Path) -> None:
    (site / "worker.py").write_text(WORKER, encoding="utf-8")
    (site / "start.py").write_text(START, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(site), str(PROJECT)]), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "start.py"], env=environment, cwd=site, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["came"], said["origin"]) == ({"a": 3.0, "b": 0.0}, ORIGIN)
    assert said["process"] != said["parent"]
