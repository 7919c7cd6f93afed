"""A progress bar on stderr; without a terminal a line at each tenth of the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from commsim.cli.output import message_console, tell
from commsim.i18n import Text

Progress = Callable[[int, int, Text], None]
"""Told (done, total, what is being done)."""
_LINES_WITHOUT_TERMINAL = 10


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Inside the block: a function to be told (done, total, what is being done). The bar begins when it first is."""
    console = message_console()
    if not console.is_terminal:
        yield _lines()
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=console, transient=True)
    task = bar.add_task("", total=None)

    def told(done: int, total: int, text: Text) -> None:
        bar.start()
        bar.update(task, completed=done, total=total, description=str(text))

    try:
        yield told
    finally:
        bar.stop()


def _lines() -> Progress:
    said = -1

    def told(done: int, total: int, text: Text) -> None:
        nonlocal said
        tenth = _LINES_WITHOUT_TERMINAL * done // max(total, 1)
        if tenth > said:
            said = tenth
            tell(f"{100 * done // max(total, 1):3d}%  {text}")

    return told
