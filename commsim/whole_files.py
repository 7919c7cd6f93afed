"""Files that are replaced as a whole or not at all: a kill or a full disk never loses what was there."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from commsim.no_space import is_no_space, no_space


def replace_text(path: Path, text: str) -> None:
    """`replace_bytes` for a text (UTF-8, line feeds)."""
    replace_bytes(path, text.encode("utf-8"))


def replace_bytes(path: Path, data: bytes) -> None:
    """Write `data` beside `path` and give it that name once all of it is on the disk.

    A link is followed and stays one. Raises NoSpace where it does not fit, OSError where it cannot be written.
    """
    target = path.resolve()
    beside = target.with_name(f".{target.name}.tmp-{secrets.token_hex(8)}")
    try:
        _write_through(beside, data)
        if target.exists():
            beside.chmod(target.stat().st_mode)
        os.replace(beside, target)
    except BaseException as error:
        beside.unlink(missing_ok=True)
        if isinstance(error, OSError) and is_no_space(error):
            raise no_space(error, target.parent) from error
        raise


def _write_through(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
