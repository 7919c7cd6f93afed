"""Tasks, what becomes of them, and what every executor of them promises.

An `Executor` takes work (a function of a task and of whom to tell its progress) and tasks, and gives an outcome for
each, in the order of the tasks and the same for any number of workers: a task may depend on what it is given alone. A
task that fails, or whose worker is lost, is a value (`Failed`) and the others go on. Those that are there stand in
`executors.py`; one on other machines needs no more than the methods of `Executor`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, NoReturn, Protocol, TypeVar

from commsim.calling.plugin_texts import trace_of, words_of
from commsim.errors import Cancelled, RunsFailed
from commsim.i18n import Text, _

Given = TypeVar("Given")
Value = TypeVar("Value")

Tell = Callable[[int], None]
"""Told by work how many steps of its task are done."""
StepsDone = Callable[[int, int], None]
"""Told the caller: (steps done, steps of all tasks), never the same number twice and never a smaller one."""


class Cancel(Protocol):
    """What a caller sets to stop the work, such as a `threading.Event`."""

    def is_set(self) -> bool:
        """Whether the work should stop."""


@dataclass(frozen=True)
class Task(Generic[Given]):
    """What is handed out as one: what work is `given`, and how many `steps` of progress it makes.

    `parts` are the smaller tasks that it consists of; where workers are lost over the whole again and again they run
    one by one, so that only the guilty one is lost, and their outcomes stand in its place.
    """

    given: Given
    steps: int = 1
    parts: tuple[Task[Given], ...] = ()


@dataclass(frozen=True)
class Done(Generic[Given, Value]):
    """A task and what work made of it."""

    task: Task[Given]
    value: Value


@dataclass(frozen=True)
class Failed(Generic[Given]):
    """A task that failed: what kind of error, its text, the traceback for those who look for it.

    `lost`: the process in which it ran came to its end. `cause`: the error itself, where it was met in this process.
    """

    task: Task[Given]
    kind: str
    error: Text | str
    traceback: str = ""
    lost: bool = False
    cause: BaseException | None = field(default=None, compare=False, repr=False)

    @property
    def told(self) -> Text | str:
        """The error as people read it."""
        return told_error(self.kind, self.error)

    def raise_again(self) -> NoReturn:
        """Raise the error itself where it is there, else RunsFailed with its text and, as a note, its traceback."""
        if self.cause is not None:
            raise self.cause
        error = RunsFailed(self.told if isinstance(self.told, Text) else Text("{error}", {"error": self.told}))
        error.add_note(self.traceback)
        raise error


Work = Callable[[Given, Tell], Value]
TaskOutcome = Done[Given, Value] | Failed[Given]

LOST = "BrokenProcessPool"
"""Kind of error of a task whose worker process was lost."""
LOST_WORKER = _(
    "the worker process was lost: something ended it (a crash in compiled code, a signal), or there was too little "
    "memory. Try fewer workers"
)


class Executor(Protocol):
    """Where tasks run. `elsewhere`: whether in other processes, to which work and tasks have to travel (pickle)."""

    @property
    def workers(self) -> int:
        """How many tasks are under way at a time."""

    @property
    def elsewhere(self) -> bool:
        """Whether tasks run in other processes than this one."""

    def outcomes(
        self,
        work: Work[Given, Value],
        tasks: Sequence[Task[Given]],
        *,
        progress: StepsDone | None = None,
        cancel: Cancel | None = None,
    ) -> Iterator[TaskOutcome[Given, Value]]:
        """The outcome of every task in the order of `tasks`, as they come.

        Raises Cancelled soon after `cancel` is set, KeyboardInterrupt when interrupted; both end what is under way.
        """


class Steps:
    """Tells the caller how many steps of all tasks are done; a task that runs again does not make the number fall."""

    def __init__(self, tasks: Sequence[Task[Any]], progress: StepsDone | None) -> None:
        self.total = sum(task.steps for task in tasks)
        self._progress = progress
        self._told = -1

    def tell(self, done: int) -> None:
        """Tell `done` where it is more than was told."""
        if self._progress is not None and done > self._told:
            self._told = done
            self._progress(done, self.total)


def attempt(work: Work[Given, Value], task: Task[Given], tell: Tell) -> TaskOutcome[Given, Value]:
    """Do one task here. What it raises, the wish to end the process included, becomes a value."""
    try:
        return Done(task, work(task.given, tell))
    except (Exception, SystemExit) as error:
        return failed_task(task, error)


def failed_task(task: Task[Given], error: BaseException) -> Failed[Given]:
    """The value that a failed task becomes."""
    return Failed(task, type(error).__name__, words_of(error), trace_of(error), cause=error)


def told_error(kind: str, error: Text | str) -> Text | str:
    """An error as people read it: our own sentences as they are, any other after the kind of error it is."""
    if isinstance(error, Text):
        return error
    return f"{kind}: {error}" if error else kind


def stop_if(cancel: Cancel | None) -> None:
    """Raise Cancelled where the caller has set `cancel`."""
    if cancel is not None and cancel.is_set():
        raise Cancelled


def values_of(outcomes: Iterator[TaskOutcome[Given, Value]]) -> Iterator[Value]:
    """What work made of each task, for callers to whom one failure is the end: it is raised again."""
    for outcome in outcomes:
        if isinstance(outcome, Failed):
            outcome.raise_again()
        yield outcome.value
