"""Claims about the one engine: in order, equal for any number of workers, and never ended by one failure."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commsim.errors import Cancelled, InvalidInput, RunsFailed
from commsim.i18n import _
from commsim.study.executors import SerialExecutor, executor_of
from commsim.study.process_pool import PoolExecutor
from commsim.study.tasks import Done, Executor, Failed, Task, values_of

EXECUTORS: list[Executor] = [SerialExecutor(), PoolExecutor(2)]
either = pytest.mark.parametrize("executor", EXECUTORS, ids=["serial", "pool"])


def squared(number: int, tell: Callable[[int], None]) -> int:
    if number == 3:
        raise InvalidInput(_("{name}: rejected").format(name="three"))
    tell(1)
    return number * number


def ending_its_process(number: Any, tell: Callable[[int], None]) -> int:
    """Of the numbers given, 5 ends the process that meets it."""
    numbers = number if isinstance(number, tuple) else (number,)
    if 5 in numbers:
        os._exit(7)
    return sum(numbers)


def ending_it_once(mark: str, tell: Callable[[int], None]) -> str:
    if mark and not Path(mark).exists():
        Path(mark).touch()
        os._exit(7)
    return "done"


def with_what_cannot_travel(number: int, tell: Callable[[int], None]) -> Any:
    return threading.Lock() if number == 1 else number


def told_again_from_zero(steps: int, tell: Callable[[int], None]) -> None:
    for done in (*range(steps), 0, steps):
        tell(done)


def tasks(*given: Any, steps: int = 1) -> list[Task[Any]]:
    return [Task(number, steps) for number in given]


@either
def test_outcomes_come_in_the_order_of_their_tasks_and_a_failure_is_a_value_among_them(executor: Executor) -> None:
    outcomes = list(executor.outcomes(squared, tasks(*range(6))))
    assert [outcome.task.given for outcome in outcomes] == list(range(6))
    assert [outcome.value for outcome in outcomes if isinstance(outcome, Done)] == [0, 1, 4, 16, 25]
    (failed,) = [outcome for outcome in outcomes if isinstance(outcome, Failed)]
    assert (failed.task.given, failed.kind, str(failed.told)) == (3, "InvalidInput", "three: rejected")
    assert "in squared" in failed.traceback and not failed.lost


@either
def test_progress_rises_to_the_number_of_steps_even_where_a_task_tells_less_than_before(executor: Executor) -> None:
    told: list[tuple[int, int]] = []
    given = [Task(steps, steps) for steps in (3, 0, 5)]
    list(executor.outcomes(told_again_from_zero, given, progress=lambda done, total: told.append((done, total))))
    numbers = [done for done, _total in told]
    assert numbers == sorted(set(numbers)) and numbers[-1] == 8 and {total for _done, total in told} == {8}


@either
def test_what_the_caller_stops_ends_at_once(executor: Executor) -> None:
    cancel = threading.Event()
    outcomes = executor.outcomes(squared, tasks(*range(1000)), cancel=cancel)
    assert next(outcomes).task.given == 0
    cancel.set()
    with pytest.raises(Cancelled):
        list(outcomes)


@either
def test_no_tasks_have_no_outcomes(executor: Executor) -> None:
    assert list(executor.outcomes(squared, [])) == []


def test_only_the_part_that_ends_its_worker_is_lost_and_stands_in_the_place_of_its_task() -> None:
    given = [Task((1, 2)), Task((4, 5, 6), 3, (Task(4), Task(5), Task(6))), Task((7,))]
    told: list[int] = []
    outcomes = list(
        PoolExecutor(2).outcomes(ending_its_process, given, progress=lambda done, _total: told.append(done))
    )
    assert [getattr(outcome, "value", None) for outcome in outcomes] == [3, 4, None, 6, 7]
    lost = outcomes[2]
    assert isinstance(lost, Failed) and lost.lost and lost.task.given == 5 and "memory" in str(lost.told)
    assert told[-1] == 5


def test_a_task_whose_worker_was_lost_is_sent_again(tmp_path: Path) -> None:
    outcomes = list(PoolExecutor(2).outcomes(ending_it_once, tasks(str(tmp_path / "mark"), "")))
    assert [isinstance(outcome, Done) for outcome in outcomes] == [True, True]


def test_what_cannot_travel_is_a_failure_of_its_task_alone() -> None:
    outcomes = list(PoolExecutor(2).outcomes(with_what_cannot_travel, tasks(0, 1, 2)))
    assert [isinstance(outcome, Done) for outcome in outcomes] == [True, False, True]
    local = PoolExecutor(2).outcomes(lambda number, tell: number, tasks(0))
    assert isinstance(next(local), Failed)


def test_a_failure_is_raised_again_as_itself_here_and_in_words_from_elsewhere() -> None:
    with pytest.raises(InvalidInput, match="three"):
        list(values_of(SerialExecutor().outcomes(squared, tasks(3))))
    with pytest.raises(RunsFailed, match="three") as raised:
        list(values_of(PoolExecutor(2).outcomes(squared, tasks(3))))
    assert "in squared" in raised.value.__notes__[0]


@settings(max_examples=3, deadline=None)
@given(st.lists(st.integers(0, 9), max_size=12), st.integers(2, 3))
def test_any_number_of_workers_gives_what_this_process_gives(numbers: list[int], workers: int) -> None:
    def seen(executor: Executor) -> list[Any]:
        return [
            (outcome.task.given, getattr(outcome, "value", None))
            for outcome in executor.outcomes(squared, tasks(*numbers))
        ]

    assert seen(executor_of(workers)) == seen(executor_of(1))
