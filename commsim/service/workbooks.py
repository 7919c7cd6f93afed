"""The workbook of a run or comparison by itself: the same bytes as `summary.xlsx` of its results folder."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from commsim.errors import InvalidInput
from commsim.i18n import _
from commsim.record import RunResult
from commsim.store.results import write_comparison, write_run
from commsim.store.spreadsheets import WORKBOOK
from commsim.study.comparison import Comparison
from commsim.whole_files import replace_bytes


def write_workbook_of_run(result: RunResult, path: Path) -> Path:
    """Write the workbook of a run to `path`; see `_written`."""
    return _written(path, lambda folder: write_run(result, folder))


def write_workbook_of_comparison(comparison: Comparison, path: Path) -> Path:
    """Write the workbook of a comparison to `path`; see `_written`."""
    return _written(path, lambda folder: write_comparison(comparison, folder))


def _written(path: Path, write: Callable[[Path], Path]) -> Path:
    """Have `write` fill a folder that does not stay; keep its workbook at `path`, whole, in place of what was there.

    Raises InvalidInput for another ending than .xlsx, NoSpace.
    """
    if path.suffix.lower() != ".xlsx":
        raise InvalidInput(
            _("{file}: a workbook for Excel and WPS has a name that ends in .xlsx. Give such a name").format(
                file=str(path)
            )
        )
    with tempfile.TemporaryDirectory() as folder:
        replace_bytes(path, (write(Path(folder) / "written") / WORKBOOK).read_bytes())
    return path
