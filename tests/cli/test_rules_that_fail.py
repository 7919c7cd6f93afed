"""A rule that ends the program, fails or never ends is told plainly, whichever command runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commsim.contracts import RoundView, Rule
from commsim.errors import RuleError
from commsim.i18n import Bilingual
from commsim.plugins import call_rule, load_catalogue
from tests.cli.test_run_and_compare import SHORT, commsim
from tests.plugins.rounds import a_round

PLUGIN = """
import numpy as np

from commsim.contracts import Award, Bilingual, Rule, hookimpl
{top}

class Mine(Rule):
    id = "mine.fails"
    title = Bilingual(en="Fails", zh="出错")

    def __init__(self, params=None):
        super().__init__(params)
        {init}

    def settle(self, view):
        {settle}
        n = len(view.proposals)
        return Award(paid=np.zeros(n, np.int64), reasons=("nothing",) * n)


@hookimpl
def commsim_register_rules(register):
    {hook}
    register(Mine)


@hookimpl
def commsim_allocation_made(rule_id):
    {observe}
"""
PLACES = ("top", "init", "settle", "hook", "observe")
SKIP = ("--set", "funds.self_governance.on_rule_failure=skip_round")
WITH = ("--plugin", "mine.py", "--rule", "mine.fails")


def plugin(folder: Path, **statements: str) -> Path:
    """A plugin with a statement in one of its places."""
    path = folder / "mine.py"
    path.write_text(PLUGIN.format(**{place: statements.get(place, "pass") for place in PLACES}), encoding="utf-8")
    return path


def line_in(path: Path, statement: str) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    return f"mine.py:{next(number for number, line in enumerate(lines, start=1) if statement in line)}"


@pytest.mark.parametrize("place", PLACES)
def test_a_plugin_that_ends_the_program_is_an_error_that_names_its_line(tmp_path: Path, place: str) -> None:
    path = plugin(tmp_path, **{place: "raise SystemExit(0)"})
    done = commsim(tmp_path, "run", *SHORT, *WITH)
    assert done.returncode == 3, done.stdout
    assert line_in(path, "raise SystemExit") in done.stderr and "SystemExit: 0" in done.stderr
    assert "Correct" in done.stderr or "return, or raise an error" in done.stderr
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize("error", ["SystemExit", "GeneratorExit", "BaseException"])
def test_whatever_a_rule_raises_names_rule_round_and_what_to_do(error: str) -> None:
    class Ends(Rule):
        id = "test.ends"
        title = Bilingual(en="Ends", zh="退出")

        def settle(self, view: RoundView) -> None:  # type: ignore[override]
            raise {"SystemExit": SystemExit, "GeneratorExit": GeneratorExit, "BaseException": BaseException}[error](1)

    with pytest.raises(RuleError, match=rf"'test.ends'.*round self_governance.*{error}: 1. A rule does not end"):
        call_rule(Ends(), "settle", a_round(Ends))


def test_a_keyboard_interrupt_is_the_users_and_goes_through() -> None:
    class Interrupted(Rule):
        id = "test.interrupted"
        title = Bilingual(en="Interrupted", zh="中断")

        def settle(self, view: RoundView) -> None:  # type: ignore[override]
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        call_rule(Interrupted(), "settle", a_round(Interrupted))


def test_in_worker_processes_it_fails_its_own_runs_only(tmp_path: Path) -> None:
    plugin(tmp_path, settle="raise SystemExit(0)")
    done = commsim(
        tmp_path, "compare", *SHORT, *WITH, "--rule", "basic.equal_split", "--replicates", "2", "--workers", "2",
        "--out", "out", "--json",
    )  # fmt: skip
    assert done.returncode == 4, done.stderr
    document = json.loads(done.stdout)
    assert [one["rule"] for one in document["failures"]] == ["mine.fails"] * 2
    assert {one["kind"] for one in document["failures"]} == {"RuleError"}
    assert any(row["rule"] == "basic.equal_split" for row in document["table"])


@pytest.mark.parametrize("place", ["top", "init", "settle"])
def test_the_check_for_authors_finds_it(tmp_path: Path, place: str) -> None:
    path = plugin(tmp_path, **{place: "raise SystemExit(0)"})
    done = commsim(tmp_path, "rules", "check", "mine.py")
    assert done.returncode == 3 and line_in(path, "raise SystemExit") in done.stderr, done.stderr


def test_observers_are_told_of_every_round_of_a_run(tmp_path: Path) -> None:
    plugin(tmp_path, observe='open("seen", "a").write(rule_id + " ")')
    done = commsim(tmp_path, "run", *SHORT, "--plugin", "mine.py", "--rule", "basic.equal_split", "--set", "months=24")
    assert done.returncode == 0, done.stderr
    assert "basic.equal_split" in (tmp_path / "seen").read_text(encoding="utf-8").split()


def test_a_sound_plugin_of_this_shape_runs(tmp_path: Path) -> None:
    assert "mine.fails" in load_catalogue([plugin(tmp_path)], entry_points=False)
    assert commsim(tmp_path, "run", *SHORT, *WITH).returncode == 0
