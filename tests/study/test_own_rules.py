"""Rules of the user's own, from Python: however they are given, they run or are refused in words."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

from commsim.errors import InvalidInput, RuleError, RunsFailed
from commsim.study.comparison import compare
from commsim.study.simulation import simulate
from tests.study import fake
from tests.study.fake import CATALOGUE, ENGINE, FakeScenario

CELL = """
import commsim
from commsim.contracts import Award, Bilingual, Rule
class Even(Rule):
    id = "mine.even"
    title = Bilingual(en="Even", zh="均等")
    def settle(self, view):
        return Award(paid=view.proposals.ask * 0, reasons=("x",) * len(view.proposals))
scenario = commsim.load_scenario("tutorial", ["months=2"])
found = commsim.compare(scenario, rules=[Even, "basic.equal_split"], replicates=2, workers=WORKERS)
print(len(found.results), len(found.failures))
"""


def run_cell(workers: str) -> subprocess.CompletedProcess[str]:
    code = CELL.replace("WORKERS", workers)
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", timeout=240, env=environment
    )


def compared(rules: Any) -> Any:
    return compare(FakeScenario(), rules, 2, baseline="fake.nothing", workers=1, catalogue=CATALOGUE, engine=ENGINE)  # type: ignore[arg-type]


def test_a_rule_is_taken_as_id_object_or_class_also_mixed() -> None:
    one, other, third = (
        simulate(FakeScenario(), rule, catalogue=CATALOGUE, engine=ENGINE)  # type: ignore[arg-type]
        for rule in ("fake.little", fake.Little(), fake.Little)
    )
    assert one.rule == other.rule == third.rule and one.values == other.values == third.values
    mixed = compared(["fake.little", fake.Much, fake.Nothing()])
    assert [arm.label for arm in mixed.arms] == ["fake.nothing", "fake.little", "fake.much"]
    assert compared(fake.Much).arms[1].label == "fake.much"


@pytest.mark.parametrize("wrong", [5, 2.5, object, [3], {"id": "fake.little"}])
def test_what_is_no_rule_is_told_in_words(wrong: Any) -> None:
    with pytest.raises(InvalidInput, match="a rule was expected.* of type .* came"):
        simulate(FakeScenario(), wrong, catalogue=CATALOGUE, engine=ENGINE)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput):
        compared([wrong])


def test_a_class_that_is_no_complete_rule_says_what_it_lacks() -> None:
    class Mine(fake.Rule):
        id = "mine.rule"

    for rule in (Mine, Mine()):
        with pytest.raises(RuleError, match=r"test_own_rules\.py:\d+: rule 'mine.rule' needs a `title`"):
            compared([rule])


def test_where_every_run_fails_the_first_failure_is_raised_with_all_of_them() -> None:
    with pytest.raises(RunsFailed, match="4 of 4 runs failed; the first: .*always fails") as raised:
        compare(  # type: ignore[arg-type]
            FakeScenario(),  # type: ignore[arg-type]
            ["fake.little"],
            2,
            baseline="fake.nothing",
            workers=1,
            catalogue=CATALOGUE,  # type: ignore[arg-type]
            engine=fake.Engine(fake.fake_world, AlwaysFails),
        )
    assert len(raised.value.comparison.failures) == 4  # type: ignore[attr-defined]


class AlwaysFails(fake.FakeModel):
    def run(self, progress: Any = None) -> None:
        raise InvalidInput(fake._("this model always fails"))


@pytest.mark.skipif(len(getattr(os, "sched_getaffinity", lambda _: range(os.cpu_count() or 1))(0)) < 2, reason="1 core")
def test_a_rule_of_a_cell_runs_here_with_a_notice() -> None:
    done = run_cell("None")
    assert done.stdout.split() == ["10", "0"], done.stderr
    assert "in this process" in done.stderr


def test_a_rule_of_a_cell_is_refused_beforehand_where_workers_are_asked_for() -> None:
    done = run_cell("2")
    assert done.returncode == 1 and "cannot be sent to worker processes" in done.stderr
