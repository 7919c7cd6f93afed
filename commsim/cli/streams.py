"""Standard streams that can be written to whatever stands behind them: a pipe of any code page, a closed one, none.

Where no terminal stands behind a stream, it is UTF-8: JSON has to be, and a table in a file is read by programs that
expect it. A terminal keeps its own encoding, and what that cannot write is replaced. A stream that is closed or absent
(`2>&-`, a service, pythonw) is treated as one that nobody reads.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import Any, Literal, TextIO

from commsim.service.space import is_no_space

_NAMES = ("stdin", "stdout", "stderr")


def prepare_streams() -> None:
    """Make `sys.stdin`, `sys.stdout` and `sys.stderr` usable. To be called once, before anything is written."""
    for descriptor in range(len(_NAMES)):
        _occupy(descriptor)
    for name in _NAMES:
        stream = getattr(sys, name)
        if stream is None or getattr(stream, "closed", False):
            setattr(sys, name, _nowhere("r" if name == "stdin" else "w"))
        elif name != "stdin":
            _make_writable(stream)
    if isinstance(sys.stderr, io.TextIOWrapper) and sys.stderr is sys.__stderr__:
        sys.stderr = _lossy(sys.stderr)


def _occupy(descriptor: int) -> None:
    """Let a closed descriptor lead nowhere: a results file would otherwise get its number, and be written into."""
    try:
        os.fstat(descriptor)
    except OSError:
        opened = os.open(os.devnull, os.O_RDWR)  # the lowest number that is free
        if opened == descriptor:
            os.set_inheritable(opened, True)  # for worker processes
        else:
            os.close(opened)


def discard_output() -> None:
    """Let what is still to be written to a pipe that nobody reads lead nowhere, so that the end is quiet."""
    for name, descriptor in (("stdout", 1), ("stderr", 2)):
        stream = getattr(sys, name)
        try:
            stream.flush()
        except (OSError, ValueError):
            with contextlib.suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)


def _nowhere(mode: Literal["r", "w"]) -> TextIO:
    """A stream that lasts as long as the process: nothing comes from it, nothing that goes there arrives."""
    stream: TextIO = open(os.devnull, mode, encoding="utf-8", errors="replace")
    return stream


class _Lossy(io.FileIO):
    """A file on which what finds no space is lost."""

    def write(self, data: Any, /) -> int:
        """Write what fits, and say that all was written. Raises OSError for whatever else goes wrong."""
        try:
            return super().write(data) or 0
        except OSError as error:
            if is_no_space(error):
                return memoryview(data).nbytes
            raise


def _lossy(stream: io.TextIOWrapper) -> TextIO:
    """`stream` for messages: a full disk behind it loses them, and must not lose the work that they tell of."""
    file = io.BufferedWriter(_Lossy(stream.fileno(), "w", closefd=False))
    return io.TextIOWrapper(file, encoding=stream.encoding, errors=stream.errors, line_buffering=True)


def _make_writable(stream: TextIO) -> None:
    if not isinstance(stream, io.TextIOWrapper):
        return  # a notebook's or a test's own stream takes any text
    with contextlib.suppress(OSError, ValueError):
        if stream.isatty():
            stream.reconfigure(errors="replace")
        else:
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
