"""Hidden folders that killed processes left behind: told from those that are being written, and swept.

Who writes a folder holds a lock on it, which the system lets go when the process ends, however it ends.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_fcntl: Any = import_module("fcntl") if find_spec("fcntl") else None  # Windows has no locks on folders

_HIDDEN = re.compile(r"\..+\.tmp-([0-9a-f]{16}|\d+)")  # digits alone: of versions that named them by process
_SECONDS_TO_LOCK = 60
"""A folder younger than this may have been made a moment ago, with its lock still to come."""
_SECONDS_WITHOUT_LOCKS = 7 * 86_400


@contextmanager
def being_written(folder: Path) -> Iterator[None]:
    """Inside, no process sweeps `folder`."""
    descriptor = _locked(folder)
    try:
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


def sweep(parent: Path) -> None:
    """Remove the hidden folders in `parent` that nobody writes any more. What cannot be removed is left."""
    with suppress(OSError):
        for folder in [Path(entry) for entry in os.scandir(parent) if _HIDDEN.fullmatch(entry.name)]:
            with suppress(OSError):
                if not folder.is_symlink() and _is_stale(folder):
                    shutil.rmtree(folder, ignore_errors=True)


def _is_stale(folder: Path) -> bool:
    age = time.time() - folder.stat().st_mtime
    if _fcntl is None:
        return age > _SECONDS_WITHOUT_LOCKS
    if age < _SECONDS_TO_LOCK:
        return False
    descriptor = _locked(folder)
    if descriptor is None:
        return False
    os.close(descriptor)
    return True


def _locked(folder: Path) -> int | None:
    """A descriptor that holds the lock on `folder`; None where another process holds it or there are no locks."""
    if _fcntl is None:
        return None
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        _fcntl.flock(descriptor, _fcntl.LOCK_EX | _fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
