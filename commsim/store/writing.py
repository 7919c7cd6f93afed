"""The one writer of results folders: tables, their CSV and workbook, documents, a log, the manifest, and what is added.

The same contents give the same bytes; times, hosts and paths stand in `log.jsonl` alone. `results/README.md` says how
to read the files.
"""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from commsim.store import manifest
from commsim.store.folders import new_folder
from commsim.store.plain import plain
from commsim.store.spreadsheets import Warn, Words, warn_in_python, write_spreadsheets
from commsim.store.tables import describe, write_table

AddFiles = Callable[[Path], None]
"""Writes more files into a folder before it gets its final name: the pages and figures of those above."""
Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Contents:
    """What goes into a results folder: the `stem` of its numbered name, what its manifest says beside the tables
    (`about`), the `tables` by the name of their Parquet file, `words` for the ids in them, lines of the `log`, and
    further `documents` by the name of their JSON file."""

    stem: str
    about: Mapping[str, Any]
    tables: Tables
    words: Words = field(default_factory=dict)
    log: Sequence[Mapping[str, Any]] = ()
    documents: Mapping[str, Any] = field(default_factory=dict)


def write_folder(
    contents: Contents, out: Path | str | None = None, add: AddFiles | None = None, warn: Warn = warn_in_python
) -> Path:
    """Write a results folder and return it.

    Arguments: `out`, a folder that must not exist yet (None: the next free `results/<stem>-001`); `add` may write more
    files into it before it gets its final name; `warn`, told of tables that Excel cannot open whole. Raises
    InvalidInput where `out` exists or cannot be made, NoSpace where what is written does not fit.
    """

    def write_log(final: Path) -> None:
        text = "".join(strict_json(line) + "\n" for line in (_log_start(final), *contents.log))
        _write_text(name.hidden / "log.jsonl", text)

    described = {file: describe(frame) for file, frame in sorted(contents.tables.items())}
    document = {"format": manifest.FORMAT, **contents.about, "tables": described}
    with new_folder(out, contents.stem) as (folder, name):
        name.before_it_appears = write_log
        for file, frame in contents.tables.items():
            write_table(frame, folder / file)
        document["spreadsheets"] = write_spreadsheets(contents.tables, folder, contents.words, warn)
        for file, further in contents.documents.items():
            _write_text(folder / file, strict_json(plain(further), indent=2) + "\n")
        if add is not None:
            add(folder)
        _write_text(folder / "manifest.json", strict_json(document, indent=2) + "\n")
    return name.final


def strict_json(value: Any, indent: int | None = None) -> str:
    """JSON that every reader takes: no NaN, no infinity."""
    return json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _log_start(final: Path) -> dict[str, Any]:
    return {
        "event": "written",
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "host": platform.node(),
        "python": sys.version,
        "folder": str(final.absolute()),
        "arguments": sys.argv,
    }
