"""A limit on the time that one call of a rule may take, so that a rule that never ends does not hold up a study.

In the main thread of a process on Unix an interval timer interrupts the call, wherever it is in Python code; a single
call into compiled code is interrupted when it returns. Elsewhere (Windows, other threads, or where another timer is
running already) no call can be interrupted safely from outside: there a watching thread raises the error in the
calling thread at its next Python instruction. Worker processes run rules in their main thread.
"""

from __future__ import annotations

import ctypes
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import FrameType

SECONDS = 600.0
"""Limit outside a model (elections, checks); in a run the scenario's `rule_seconds` holds. Numerical safety, not
behaviour: the slowest rule promised for the largest round stays far below."""

_limit: ContextVar[float] = ContextVar("commsim_rule_seconds", default=SECONDS)
_running: ContextVar[bool] = ContextVar("commsim_rule_running", default=False)


class OutOfTime(BaseException):
    """Raised in a rule whose time is up; not an Exception, so that a rule's own `except Exception` lets it through."""


def limit() -> float:
    """Seconds that a call of a rule may take in this context."""
    return _limit.get()


def is_timed() -> bool:
    """Whether a call is being timed in this context."""
    return _running.get()


@contextmanager
def rule_seconds(seconds: float) -> Iterator[None]:
    """Set the limit for calls of rules inside the `with` block."""
    token = _limit.set(seconds)
    try:
        yield
    finally:
        _limit.reset(token)


@contextmanager
def within_limit() -> Iterator[None]:
    """Raise OutOfTime in the block when the limit is reached. Nested blocks share the time of the outermost one."""
    if _running.get():
        yield
        return
    token = _running.set(True)
    try:
        with _timer(limit()) if _can_interrupt() else _watcher(limit()):
            yield
    finally:
        _running.reset(token)


def _can_interrupt() -> bool:
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        return False
    return signal.getitimer(signal.ITIMER_REAL)[0] == 0 and signal.getsignal(signal.SIGALRM) in (
        signal.SIG_DFL,
        signal.SIG_IGN,
        None,
    )


@contextmanager
def _timer(seconds: float) -> Iterator[None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGALRM, stop)
    # It rings again, so that a rule cannot survive by swallowing it once.
    signal.setitimer(signal.ITIMER_REAL, seconds, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _watcher(seconds: float) -> Iterator[None]:
    caller, lock, over = threading.get_ident(), threading.Lock(), False

    def stop() -> None:
        with lock:
            if not over:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(caller), ctypes.py_object(OutOfTime))

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        with lock:
            over = True
        timer.cancel()
