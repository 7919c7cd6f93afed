"""A rule that ends the program, fails or never ends is told plainly, whichever command runs it."""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
from pathlib import Path

import duckdb
import pytest

from commsim import __version__
from commsim.calling.call import call_rule
from commsim.contracts import RoundView, Rule
from commsim.errors import RuleError
from commsim.i18n import Bilingual
from commsim.plugin_host.loader import load_catalogue
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
ELECTION = Path(__file__).parents[2] / "experiments" / "elections" / "generated_2017.pb"
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


CTRL_C = "signal.raise_signal(signal.SIGINT)"
CAUGHT = f"try: {CTRL_C}\n        except KeyboardInterrupt"
INTERRUPTS = {
    "at once": CTRL_C,
    "passed on": f"{CAUGHT}: raise",
    "made anew": f"{CAUGHT}: raise KeyboardInterrupt('x')",
    "in a function that it calls": f"sorted([2, 1], key=lambda _one: {CTRL_C})",
    "raised by a library": "exec(compile('raise KeyboardInterrupt', 'library.py', 'exec'))",
}


@pytest.mark.parametrize("statement", INTERRUPTS.values(), ids=INTERRUPTS)
def test_an_interrupt_by_the_user_goes_through_a_rule(tmp_path: Path, statement: str) -> None:
    path = plugin(tmp_path, top="import signal", settle=statement)
    rule = load_catalogue([path], entry_points=False).make("mine.fails")
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            call_rule(rule, "settle", a_round(rule))
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("place", ["top", "init", "settle", "hook", "observe"])
@pytest.mark.parametrize("statement", ["raise KeyboardInterrupt", "raise KeyboardInterrupt('stop') from None"])
def test_an_interrupt_that_a_plugin_raises_itself_is_an_error_like_any_other(
    tmp_path: Path, place: str, statement: str
) -> None:
    path = plugin(tmp_path, **{place: statement})
    done = commsim(tmp_path, "run", *SHORT, *WITH)
    assert done.returncode == 3, done.stderr
    assert line_in(path, statement) in done.stderr and "KeyboardInterrupt" in done.stderr


@pytest.mark.study
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


@pytest.mark.parametrize("rule", ["own.py", "mine.own"])
def test_the_check_for_authors_takes_parameters_as_the_other_commands_do(tmp_path: Path, rule: str) -> None:
    assert commsim(tmp_path, "rules", "new", "own").returncode == 0
    text = (tmp_path / "own.py").read_text(encoding="utf-8")
    (tmp_path / "own.py").write_text(text.replace("ask, limit)", "ask * 9, limit)"), encoding="utf-8")
    plugin = () if rule == "own.py" else ("--plugin", "own.py")
    for written, code, told in (
        ("most_share=0", 0, ""),
        ("most_share=1", 3, "Pay at most the ask"),
        ("most_shar=1", 3, "Did you mean 'most_share'?"),
        ("most_share=2", 3, "at most 1"),
    ):
        done = commsim(tmp_path, "rules", "check", f"{rule}:{written}", *plugin)
        assert done.returncode == code and told in done.stderr, done.stderr


def test_observers_are_told_of_every_round_of_a_run(tmp_path: Path) -> None:
    plugin(tmp_path, observe='open("seen", "a").write(rule_id + " ")')
    done = commsim(tmp_path, "run", *SHORT, "--plugin", "mine.py", "--rule", "basic.equal_split", "--set", "months=24")
    assert done.returncode == 0, done.stderr
    assert "basic.equal_split" in (tmp_path / "seen").read_text(encoding="utf-8").split()


def test_a_sound_plugin_of_this_shape_runs(tmp_path: Path) -> None:
    assert "mine.fails" in load_catalogue([plugin(tmp_path)], entry_points=False)
    assert commsim(tmp_path, "run", *SHORT, *WITH).returncode == 0


STEPS = """
import numpy as np

from commsim.contracts import Award, Bilingual, Rule, hookimpl


class Mine(Rule):
    id = "mine.fails"
    title = Bilingual(en="Fails", zh="出错")

    def settle(self, view):
        n = len(view.proposals)
        return Award(paid=np.minimum(view.proposals.ask, view.budget // n), reasons=("part",) * n)

    def STEP(self, view):
        raise ZeroDivisionError("on purpose")


@hookimpl
def commsim_register_rules(register):
    register(Mine)
"""
TWO_YEARS = ("tutorial", "--set", "months=24")


@pytest.mark.parametrize("step", ["settle", "open_round", "after_pledges", "review"])
def test_a_skipped_round_is_told_on_stderr_in_the_page_and_in_the_records(tmp_path: Path, step: str) -> None:
    (tmp_path / "mine.py").write_text(STEPS.replace("STEP", step), encoding="utf-8")
    assert commsim(tmp_path, "run", *TWO_YEARS, *WITH).returncode == 3
    done = commsim(tmp_path, "run", *TWO_YEARS, *WITH, *SKIP, "--out", "out", "--json")
    assert done.returncode == 0, done.stderr
    told = (
        "reviews were left out because the rule" if step == "review" else "rounds were skipped because the rule failed"
    )
    assert told in done.stderr and "ZeroDivisionError" in done.stderr
    rows = json.loads(done.stdout)["skipped_rounds"]
    assert rows and {row["step"] for row in rows} == {step} and {row["fund"] for row in rows} == {"self_governance"}
    assert all("on purpose" in row["error"] and row["unit"] and row["period"] for row in rows)
    folder = tmp_path / "out"
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["skipped_rounds"] == {
        "mine.fails": len(rows)
    }
    log = [json.loads(line) for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [one["unit"] for one in log if one["event"] == "skipped"] == [row["unit"] for row in rows]
    assert told in (folder / "index.html").read_text(encoding="utf-8")
    assert duckdb.sql(f"SELECT count(*) FROM '{folder}/skipped-000.parquet'").fetchall() == [(len(rows),)]


def test_where_the_review_alone_fails_nobody_says_that_nothing_was_awarded(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(STEPS.replace("STEP", "review"), encoding="utf-8")
    done = commsim(tmp_path, "run", *TWO_YEARS, *WITH, *SKIP, "--out", "out")
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    stands = "What these rounds had awarded stands, and nothing of it was reclaimed"
    assert stands in done.stderr and stands in page and "the review; awards stand" in page
    for text in (done.stderr, page):
        assert "Nothing was awarded" not in text and "rounds were skipped" not in text
    awarded = f"SELECT sum(award_fen) FROM '{tmp_path}/out/projects-000.parquet' WHERE fund = 'self_governance'"
    assert duckdb.sql(awarded).fetchall()[0][0] > 0


def test_where_rounds_and_reviews_fail_each_is_told(tmp_path: Path) -> None:
    both = STEPS.replace("STEP", "review").replace("n = len", "assert view.round.period == 2017\n        n = len")
    (tmp_path / "mine.py").write_text(both, encoding="utf-8")
    done = commsim(tmp_path, "run", *TWO_YEARS, *WITH, *SKIP, "--out", "out")
    assert done.returncode == 0, done.stderr
    assert done.stderr.index("rounds were skipped") < done.stderr.index("reviews were left out")


def test_a_round_is_skipped_also_where_the_error_cannot_say_what_is_wrong(tmp_path: Path) -> None:
    silent = "class Silent(Exception):\n    def __str__(self):\n        raise OSError\n"
    plugin(tmp_path, top=silent, settle="raise Silent")
    done = commsim(tmp_path, "run", *SHORT, *WITH, *SKIP, "--out", "out")
    assert done.returncode == 0 and "Silent: it cannot say what is wrong" in done.stderr, done.stderr


@pytest.mark.parametrize(
    "settle",
    [
        "return Award(np.zeros(len(view.proposals), np.int64), ('\\ud800',) * len(view.proposals))",
        "class E(Exception): __str__ = 1\n        raise E",
    ],
)
def test_a_fault_of_a_rule_is_never_called_a_bug_of_commsim(tmp_path: Path, settle: str) -> None:
    plugin(tmp_path, settle=settle)
    done = commsim(tmp_path, "run", *SHORT, *WITH)
    assert done.returncode == 3 and "bug of commsim" not in done.stderr and "mine.py:" in done.stderr, done.stderr


@pytest.mark.study
def test_a_comparison_marks_the_rule_whose_rounds_were_skipped(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(STEPS.replace("STEP", "open_round"), encoding="utf-8")
    rules = (*WITH, "--rule", "basic.equal_split", *SKIP, "--replicates", "2", "--workers", "2")
    done = commsim(tmp_path, "compare", *SHORT, *rules, "--out", "out")
    assert done.returncode == 0, done.stderr
    assert "Warning" in done.stderr and "mine.fails" in done.stderr and "ZeroDivisionError" in done.stderr
    assert "Fails †" in done.stdout and "† Rounds were skipped" in done.stdout and "Equal split †" not in done.stdout
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "Fails †" in page and "ZeroDivisionError" in page
    counts = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["skipped_rounds"]
    assert list(counts) == ["mine.fails"] and counts["mine.fails"] > 0


@pytest.mark.study
def test_the_page_explains_the_parameters_of_a_rule_in_a_file(tmp_path: Path) -> None:
    assert commsim(tmp_path, "rules", "new", "own").returncode == 0
    several = ("--plugin", "own.py", "--rule", "mine.own", "--no-plugins", "--replicates", "1", "--workers", "1")
    assert commsim(tmp_path, "compare", *SHORT, *several, "--out", "out").returncode == 0
    assert "Most of the budget that one proposal can get." in (tmp_path / "out/index.html").read_text(encoding="utf-8")


def test_a_run_without_failures_says_nothing_of_skipped_rounds(tmp_path: Path) -> None:
    done = commsim(tmp_path, "run", *SHORT, "--rule", "basic.equal_split", *SKIP, "--out", "out")
    assert "skipped" not in done.stderr and not (tmp_path / "out" / "skipped-000.parquet").exists()
    assert json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["skipped_rounds"] == {}
    assert "skipped" not in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["run", "compare"])
def test_the_manifest_says_where_every_rule_and_modifier_came_from(tmp_path: Path, command: str) -> None:
    path = plugin(tmp_path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    several = ("--replicates", "1", "--workers", "1") if command == "compare" else ()
    with_cap = ("--plugin", "mine.py", "--rule", "mine.fails+cap:share=0.5")
    assert commsim(tmp_path, command, *SHORT, *with_cap, *several, "--out", "out").returncode == 0
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    rule = manifest["rules"][-1]
    assert rule["rule"] == "mine.fails"
    assert rule["origin"] == {"kind": "file", "name": "mine.py", "version": f"sha256:{digest}"}
    (cap,) = rule["modifiers"]
    assert cap["id"] == "modifier.cap" and cap["params"]["share"] == 0.5
    assert cap["origin"] == {"kind": "built-in", "name": "commsim", "version": __version__}
    others = manifest["other_rules"]
    assert others and all(one["origin"]["kind"] == "built-in" and "parameters" in one for one in others.values())


@pytest.mark.parametrize("how", ["option", "environment", "scenario"])
def test_an_endless_rule_is_stopped_at_the_limit_that_was_set(
    tmp_path: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = plugin(tmp_path, settle="while True: pass")
    more: tuple[str, ...] = ()
    if how == "environment":
        monkeypatch.setenv("COMMSIM_RULE_SECONDS", "1")
    else:
        more = ("--rule-seconds", "1") if how == "option" else ("--set", "rule_seconds=1")
    done = commsim(tmp_path, "run", *SHORT, *WITH, *more)
    assert done.returncode == 3 and "had not ended after 1 seconds" in done.stderr, done.stderr
    assert line_in(path, "while True") in done.stderr and "--rule-seconds" in done.stderr


def test_the_check_for_authors_keeps_to_the_limit_too(tmp_path: Path) -> None:
    plugin(tmp_path, settle="while True: pass")
    done = commsim(tmp_path, "rules", "check", "mine.py", "--rule-seconds", "0.5")
    assert done.returncode == 3 and "had not ended after 0.5 seconds" in done.stderr


def test_a_limit_of_no_time_is_wrong_usage(tmp_path: Path) -> None:
    assert commsim(tmp_path, "run", *SHORT, "--rule-seconds", "0").returncode == 2


@pytest.mark.parametrize(
    "command", [("pb", "x.pb"), ("rules", "replay", "x.pb"), ("rules", "check", "basic.none"), ("rules", "list")]
)
def test_every_command_with_rules_can_leave_installed_plugins_out(
    tmp_path: Path, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    whole = load_catalogue(entry_points=False)

    def loading(files: object, *, entry_points: bool) -> object:
        asked.append(entry_points)
        return whole

    monkeypatch.setattr("commsim.plugin_host.loader.load_catalogue", loading)
    shutil.copy(ELECTION, tmp_path / "x.pb")
    assert commsim(tmp_path, *command, "--no-plugins").returncode == 0
    assert commsim(tmp_path, *command).returncode == 0
    assert asked == [False, True]
