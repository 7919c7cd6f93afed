"""When what is to be written does not fit: told as that, with the place, and never as a fault of commsim."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from commsim.errors import NoSpace
from commsim.i18n import _

_CODES = frozenset(code for name in ("ENOSPC", "EFBIG", "EDQUOT") if (code := getattr(errno, name, None)) is not None)


def is_no_space(error: OSError) -> bool:
    """Whether the system says that a disk is full, a quota is used up, or a file has reached the largest size."""
    return error.errno in _CODES


def no_space(error: OSError, folder: Path | None = None) -> NoSpace:
    """The error for the user. `folder`: where results were to go; None where it is a file or stream by itself."""
    place = folder or error.filename or _("the file or device that the output goes to")
    return NoSpace(
        _(
            "no space left on {place}: {reason}. Nothing half-written stays. Make room there, or write somewhere else "
            "(--out for results)"
        ).format(place=place, reason=error.strerror or str(error))
    )


def from_words(text: str, path: Path) -> OSError | None:
    """The error that the system gave, where a library tells it in words only; None where these say something else."""
    for code in _CODES:
        if os.strerror(code) in text:
            return OSError(code, os.strerror(code), str(path))
    return None
