"""Hidden folders that get their final name when they are whole: results are complete or not there.

Everything is written into a hidden folder beside the final name, flushed to disk and renamed; a folder that exists is
therefore whole.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from commsim.errors import InvalidInput
from commsim.i18n import _
from commsim.no_space import is_no_space, no_space
from commsim.store.abandoned import being_written, sweep

RESULTS = Path("results")


class FolderName:
    """The final name of a folder; a numbered one may still move on when another process takes its number."""

    def __init__(self, out: Path | str | None, stem: str) -> None:
        self.numbered = out is None
        self.stem = stem
        self.parent = RESULTS if out is None else Path(out).parent
        self.final = self._next_free() if out is None else Path(out)
        self.hidden = self.parent / f".{self.final.name}.tmp-{secrets.token_hex(8)}"
        self.before_it_appears: Callable[[Path], None] = lambda _final: None
        """Told the final name just before the folder gets it, and once more where the folder has to move on."""

    def _next_free(self) -> Path:
        matches = (re.fullmatch(self._pattern(), name) for name in _names_in(self.parent))
        taken = [int(match[1]) for match in matches if match]
        return self.parent / f"{self.stem}-{max(taken, default=0) + 1:03}"

    def _pattern(self) -> str:
        return re.escape(self.stem) + r"-(\d{3,})"

    def take(self) -> None:
        """Give the hidden folder its final name. Raises InvalidInput where a chosen one was taken meanwhile."""
        while True:
            try:
                if self.final.exists():
                    raise FileExistsError(self.final)
                self.before_it_appears(self.final)
                flush(self.hidden)
                os.replace(self.hidden, self.final)
                return
            except OSError:
                if not self.final.exists():
                    raise
                if not self.numbered:
                    raise already_there(self.final) from None
                self.final = self._next_free()


def already_there(folder: Path) -> InvalidInput:
    """The error for an output folder that exists."""
    return InvalidInput(
        _(
            "{folder}: the output folder exists already, and results are never overwritten. Give another name with "
            "--out, leave --out away for a numbered folder, or remove the old one first"
        ).format(folder=folder)
    )


def check_output(out: Path | str | None, stem: str) -> None:
    """Make sure, before minutes of simulation, that a folder for the results can be made; nothing of the try stays.

    Arguments: `out` and `stem` as for `new_folder`. Raises InvalidInput where `out` exists or cannot be made.
    """
    name = FolderName(out, stem)
    absent = [folder for folder in (name.parent, *name.parent.parents) if not os.path.exists(folder)]
    try:
        _make_hidden(name)
        name.hidden.rmdir()
    finally:
        for folder in absent:
            with suppress(OSError):  # another process may have begun to use it
                folder.rmdir()


@contextmanager
def new_folder(out: Path | str | None, stem: str) -> Iterator[tuple[Path, FolderName]]:
    """A hidden folder to write into, which gets its final name when the block ends well and vanishes otherwise.

    Its name is drawn at random, so that neither a process of the same number nor another thread can be in the way.
    Hidden folders that killed processes left are swept. Raises NoSpace where what is written does not fit.
    """
    name = FolderName(out, stem)
    _make_hidden(name)
    sweep(name.parent)
    try:
        with being_written(name.hidden):
            yield name.hidden, name
            name.take()
        _flush_one(name.parent)
    except BaseException as error:
        shutil.rmtree(name.hidden, ignore_errors=True)
        if isinstance(error, OSError) and is_no_space(error):
            raise no_space(error, name.parent.absolute()) from error
        raise


def _make_hidden(name: FolderName) -> None:
    """Make the hidden folder beside the final name, and the folders above it. Raises InvalidInput, NoSpace."""
    try:
        if not name.numbered and (name.final.exists() or name.final.is_symlink()):
            raise already_there(name.final)
        name.parent.mkdir(parents=True, exist_ok=True)
        name.hidden.mkdir()
    except OSError as error:
        if is_no_space(error):
            raise no_space(error, name.parent) from error
        raise InvalidInput(
            _("{folder}: the output folder cannot be made: {error}. Give another place with --out").format(
                folder=name.final, error=error.strerror
            )
        ) from error


def flush(folder: Path) -> None:
    """Have the system put every file below `folder`, and the folders themselves, on the disk."""
    for path in sorted(folder.rglob("*")):
        _flush_one(path)
    _flush_one(folder)


def _flush_one(path: Path) -> None:
    if path.is_dir() and os.name == "nt":
        return  # Windows cannot open folders for flushing
    descriptor = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _names_in(folder: Path) -> list[str]:
    return os.listdir(folder) if folder.is_dir() else []
