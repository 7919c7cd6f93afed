"""Comparisons: the same for any number of workers, and never ended by one failure."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from commsim.errors import InvalidInput, RunsFailed, UsageError
from commsim.i18n import Text
from commsim.record import RunResult
from commsim.store.tables import table_digest
from commsim.study.chunks import FailedRun
from commsim.study.comparison import Comparison, compare
from commsim.study.design import Design, make_design, must_travel
from commsim.study.process_pool import spawning
from commsim.study.runner import run_design, worker_count
from commsim.study.simulation import simulate
from tests.study import fake
from tests.study.fake import CATALOGUE, ENGINE, FAILING_WORLD, FakeScenario

ROOT = Path(__file__).parents[2]


def compared(*rules: str, replicates: int = 3, workers: int = 1, **more: Any) -> Comparison:
    settings: dict[str, Any] = {"baseline": "fake.nothing", "catalogue": CATALOGUE, "engine": ENGINE, **more}
    return compare(FakeScenario(), rules, replicates, workers=workers, **settings)  # type: ignore[arg-type]


def digests(results: tuple[RunResult, ...]) -> list[tuple[str, int, tuple[str, ...]]]:
    frames = ("monthly", "projects", "ledger", "accounts")
    return [(one.rule, one.replicate, tuple(table_digest(getattr(one, name)) for name in frames)) for one in results]


Study = tuple[Comparison, list[tuple[int, int]]]


def study_with(workers: int) -> Study:
    told: list[tuple[int, int]] = []
    rules = ("fake.failing", "fake.little", "fake.much")
    return compared(*rules, workers=workers, progress=lambda done, total, text: told.append((done, total))), told


@pytest.fixture(scope="module")
def here() -> Study:
    """A comparison in this process, and what it told of its progress."""
    return study_with(workers=1)


@pytest.fixture(scope="module")
def pooled() -> Study:
    """The same in two worker processes."""
    return study_with(workers=2)


def test_results_are_the_same_bytes_in_this_process_and_in_two(here: Study, pooled: Study) -> None:
    assert digests(here[0].results) == digests(pooled[0].results)
    pd.testing.assert_frame_equal(here[0].table(), pooled[0].table(), check_exact=True)
    assert [one.replicate for one in pooled[0].runs("fake.much")] == [0, 1, 2]


def test_more_replicates_leave_those_already_there_as_they_were() -> None:
    few, many = compared("fake.little", replicates=2), compared("fake.little", replicates=4)
    kept = [one for one in digests(many.results) if one[1] < 2]
    assert kept == digests(few.results)


def test_arms_of_a_replicate_share_their_world_and_luck() -> None:
    comparison = compared("fake.much")
    for run, baseline in comparison.pairs("fake.much"):
        assert np.array_equal(run.columns["asked"], baseline.columns["asked"])
        assert not np.array_equal(run.columns["gave_12m"], baseline.columns["gave_12m"])


@pytest.mark.parametrize("study", ["here", "pooled"])
def test_a_failing_rule_becomes_a_value_and_the_others_go_on(study: str, request: pytest.FixtureRequest) -> None:
    comparison: Comparison = request.getfixturevalue(study)[0]
    assert [(one.rule, one.replicate, one.kind) for one in comparison.failures] == [
        ("fake.failing", replicate, "InvalidInput") for replicate in range(3)
    ]
    assert "always fails" in str(comparison.failures[0].error) and isinstance(comparison.failures[0].error, Text)
    assert "in run" in comparison.failures[0].traceback
    assert len(comparison.runs("fake.much")) == 3
    assert comparison.exit_code == RunsFailed.exit_code == 4
    assert "3 of 12 runs failed" in str(comparison.failed_text())
    assert compared("fake.little").exit_code == 0 and compared("fake.little").failed_text() is None


def test_a_world_that_cannot_be_built_fails_the_arms_of_its_replicate_only() -> None:
    comparison = compared("fake.little", engine=FAILING_WORLD)
    assert {(one.rule, one.replicate) for one in comparison.failures} == {("fake.nothing", 1), ("fake.little", 1)}
    table = comparison.table().set_index("indicator")
    assert table.loc["net_drawn_in", "n"] == 2


def test_a_run_that_kills_its_worker_is_the_only_one_lost() -> None:
    comparison = compared("fake.killing", replicates=2, workers=2)
    assert [(one.rule, one.replicate, one.kind) for one in comparison.failures] == [
        ("fake.killing", 1, "BrokenProcessPool")
    ]
    assert "memory" in str(comparison.failures[0].error)
    assert [(one.rule, one.replicate) for one in comparison.results] == [
        ("fake.nothing", 0),
        ("fake.nothing", 1),
        ("fake.killing", 0),
    ]


@pytest.mark.parametrize("study", ["here", "pooled"])
def test_progress_never_falls_and_ends_with_every_month(study: str, request: pytest.FixtureRequest) -> None:
    told = request.getfixturevalue(study)[1]
    done = [one for one, _total in told]
    assert done == sorted(set(done)) and {total for _one, total in told} == {4 * 3 * 6}
    assert done[0] == 0 or study == "pooled"
    assert done[-1] == 4 * 3 * 6


def test_an_interrupt_ends_the_workers_and_leaves_nothing_behind(tmp_path: Path) -> None:
    script = tmp_path / "study.py"
    script.write_text(
        textwrap.dedent("""
            print("started", flush=True)
            from tests.study import fake
            from commsim.study import compare
            from commsim.store.results import write_comparison
            found = compare(fake.FakeScenario(), ["fake.slow"], 2, baseline="fake.nothing", workers=2,
                            catalogue=fake.CATALOGUE, engine=fake.ENGINE,
                            progress=lambda done, total, text: print(done, flush=True))
            write_comparison(found)
        """)
    )
    process = subprocess.Popen(
        [sys.executable, str(script)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    lines: list[str] = []
    while "12" not in lines:  # both baselines are done, both slow rules are under way
        assert process.poll() is None
        lines.append(process.stdout.readline().strip())
    # The script has no main guard, and still does not start over in its workers.
    assert lines.count("started") == 1
    os.killpg(process.pid, signal.SIGINT)
    _out, error = process.communicate(timeout=20)
    assert process.returncode != 0 and "KeyboardInterrupt" in error
    assert error.count("Traceback") == 1, "workers must not print tracebacks of their own"
    deadline = time.monotonic() + 5
    while _group_lives(process.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _group_lives(process.pid), "workers outlived their parent"
    assert [path.name for path in tmp_path.iterdir()] == ["study.py"]


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_workers_start_with_one_thread_each_and_the_parent_keeps_its_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    file = sys.modules["__main__"].__dict__.get("__file__")
    with spawning(hide_main=True):
        assert os.environ["OMP_NUM_THREADS"] == os.environ["OPENBLAS_NUM_THREADS"] == "1"
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    assert os.environ["OMP_NUM_THREADS"] == "3" and "OPENBLAS_NUM_THREADS" not in os.environ
    assert sys.modules["__main__"].__dict__.get("__file__") == file
    assert signal.getsignal(signal.SIGINT) is not signal.SIG_IGN


def design_of(rules: Any = ("fake.little",), replicates: int | None = 2) -> Design:
    scenario: Any = FakeScenario()
    catalogue: Any = CATALOGUE
    return make_design(scenario, rules, replicates, "fake.nothing", None, catalogue, ENGINE)


def test_the_baseline_comes_first_and_only_once() -> None:
    design = design_of(("fake.little", "fake.nothing", "fake.much"))
    assert [arm.label for arm in design.arms] == ["fake.nothing", "fake.little", "fake.much"]
    assert design.baseline.rule_id == "fake.nothing" and design.seed == FakeScenario().seed
    assert [chunk.replicate for chunk in design.chunks] == [0, 1]


def test_wrong_designs_are_refused_before_anything_runs() -> None:
    with pytest.raises(InvalidInput, match="given twice: fake.little"):
        design_of(("fake.little", "fake.little"))
    with pytest.raises(InvalidInput, match="at least 1 replicate"):
        design_of(replicates=0)
    with pytest.raises(UsageError, match="only the baseline, fake.nothing"):
        design_of(("fake.nothing",))
    with pytest.raises(InvalidInput, match="no rule fake.unknown"):
        design_of(("fake.unknown",))
    with pytest.raises(InvalidInput, match="at least 1 worker"):
        run_design(design_of(), CATALOGUE, workers=0)  # type: ignore[arg-type]


def test_there_are_never_more_workers_than_replicates() -> None:
    assert worker_count(design_of(replicates=2), 16) == 2
    assert worker_count(design_of(replicates=1), None) == 1


def test_a_rule_object_that_no_catalogue_knows_can_be_compared_but_must_pickle_to_travel() -> None:
    class Local(fake.Little):
        id = "fake.local"

    class Travelling(fake.Little):
        id = "fake.travelling"

        def __reduce__(self) -> Any:
            return (fake.Little, ())

    comparison = compared(Local(), workers=1)  # type: ignore[arg-type]
    assert len(comparison.runs("fake.local")) == 3
    with pytest.raises(InvalidInput, match="workers=1"):
        must_travel(design_of((Local(),)))
    must_travel(design_of((Travelling(),)))


def test_a_rule_that_remembers_does_not_remember_another_run() -> None:
    class Counting(fake.Little):
        id = "fake.counting"
        settled = 0

    rule = Counting()
    seen: list[int] = []

    class Model(fake.FakeModel):
        def run(self, progress: Any = None) -> None:
            self.rule.settled += 1
            seen.append(self.rule.settled)
            super().run(progress)

    engine = fake.Engine(fake.fake_world, Model)
    for replicate in range(2):
        simulate(FakeScenario(), rule, replicate=replicate, catalogue=CATALOGUE, engine=engine)  # type: ignore[arg-type]
    assert seen == [1, 1] and rule.settled == 0


def test_a_failure_is_plain_data_that_travels() -> None:
    failure = FailedRun("a", 1, "ValueError", "no such place", "trace")
    assert pickle.loads(pickle.dumps(failure)) == failure
