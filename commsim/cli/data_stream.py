"""While a command works, stdout takes its data alone; whatever else is written there, as by plugins, goes to stderr.

A program that reads `--json` gets one document, also where a rule prints, in this process or in those it starts.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TextIO

_STDOUT, _STDERR = 1, 2
_data: ContextVar[TextIO | None] = ContextVar("commsim_data_stream", default=None)


def data_stream() -> TextIO:
    """Where data goes: what was stdout when the command began."""
    return _data.get() or sys.stdout


@contextmanager
def data_alone_on_stdout() -> Iterator[None]:
    """Inside, `sys.stdout` and file descriptor 1 are stderr, and only `data_stream()` leads to stdout."""
    stdout = sys.stdout
    if stdout is None:  # it was closed, and descriptor 1 may be another file by now
        yield
        return
    _flush(stdout, sys.__stdout__)
    kept = _descriptor_apart()
    stream = stdout
    if kept is not None and _descriptor(stdout) == _STDOUT:  # else it is no way to the descriptor, as in a test
        stream = open(
            kept, "w", encoding=stdout.encoding, errors=stdout.errors, buffering=1 if stdout.isatty() else -1,
            closefd=False,
        )  # fmt: skip
    token = _data.set(stream)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield
    finally:
        _data.reset(token)
        _flush(stream, sys.__stdout__)
        if stream is not stdout:
            # What nobody reads is dropped here; left in the stream, it would be tried again when that goes.
            with contextlib.suppress(OSError, ValueError):
                stream.close()
        if kept is not None:
            os.dup2(kept, _STDOUT)
            os.close(kept)


def _descriptor_apart() -> int | None:
    """A duplicate of descriptor 1, which from now on is stderr; None where one of the two is closed."""
    try:
        kept = os.dup(_STDOUT)
    except OSError:
        return None
    try:
        os.dup2(_STDERR, _STDOUT)
    except OSError:
        os.close(kept)
        return None
    return kept


def _descriptor(stream: Any) -> int | None:
    try:
        number: int = stream.fileno()
    except (AttributeError, OSError, ValueError):
        return None
    return number


def _flush(*streams: Any) -> None:
    for stream in streams:
        with contextlib.suppress(AttributeError, BrokenPipeError, ValueError):  # none, nobody reads it, or closed
            stream.flush()
