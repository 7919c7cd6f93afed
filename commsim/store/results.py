"""Result folders: complete or not there, and the same bytes for the same run.

Everything is written into a hidden folder beside the final name, flushed to disk and renamed; a folder that exists is
therefore whole. Times, hosts and paths stand in `log.jsonl` alone. `results/README.md` says how to read the files.
"""

from __future__ import annotations

import json
import os
import platform
import re
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from commsim.errors import InvalidInput
from commsim.i18n import Text, _
from commsim.no_space import is_no_space, no_space
from commsim.record import RunResult, standard_indicators
from commsim.record.frames import stack
from commsim.record.indicators import UNITS
from commsim.store import manifest
from commsim.store.abandoned import being_written, sweep
from commsim.store.spreadsheets import Warn, Words, warn_in_python, write_spreadsheets
from commsim.store.tables import describe, write_table
from commsim.study.chunks import FailedRun
from commsim.study.comparison import Comparison
from commsim.study.skipped import skipped_table

RUNS_PER_FILE = 20
RESULTS = Path("results")
_FOLDER_OF_A_PATH = re.compile(r"(?<![\w.])(?:[A-Za-z]:)?(?:[\\/][^\\/\s:'\"]+)*[\\/](?=[^\\/\s:'\"]+)")

AddFiles = Callable[[Path], None]
Tables = dict[str, pd.DataFrame]


def write_run(
    result: RunResult, out: Path | str | None = None, add: AddFiles | None = None, warn: Warn = warn_in_python
) -> Path:
    """Write the record of one run and return its folder.

    Arguments: `out`, a folder that must not exist yet (None: the next free `results/<scenario>-run-001`); `add` may
    write more files into the folder before it gets its final name; `warn`, told of tables that Excel cannot open whole.
    Raises InvalidInput where `out` exists or cannot be made.
    """
    written = {
        "kind": "run",
        "seed": result.seed,
        "replicate": result.replicate,
        "rules": [_rule_record(result)],
        "other_rules": manifest.other_rules(result.scenario, [result]),
        "skipped_rounds": manifest.skipped_counts([result]),
    }
    tables = _run_tables([result]) | {"summary.parquet": summary_table([result])}
    log = [*_log_of_runs([result]), *_log_of_skipped([result])]
    titles = {result.rule: result.title}
    return _write(result.scenario, "run", written, tables, log, out, add, _spelled(titles), warn)


def write_comparison(
    comparison: Comparison, out: Path | str | None = None, add: AddFiles | None = None, warn: Warn = warn_in_python
) -> Path:
    """Write every run of a comparison and its paired differences, and return the folder.

    Arguments and errors as for `write_run`; the default folder is `results/<scenario>-compare-001`. Runs that failed
    are in `failures-000.parquet`, with their tracebacks in `log.jsonl`.
    """
    written = {
        "kind": "compare",
        "seed": comparison.seed,
        "replicates": comparison.replicates,
        "baseline": comparison.baseline,
        "rules": manifest.rules_record(comparison.arms),
        "other_rules": manifest.other_rules(comparison.scenario, comparison.results),
        "skipped_rounds": manifest.skipped_counts(comparison.results),
        "failed_runs": len(comparison.failures),
    }
    tables = _run_tables(comparison.results) | {
        "summary.parquet": summary_table(comparison.results),
        "summary-differences.parquet": comparison.differences(),
        "summary-table.parquet": comparison.table().drop(columns="defined_reason").astype({"n": np.int32}),
        "summary-pairwise.parquet": comparison.pairwise().drop(columns="defined_reason"),
    }
    if comparison.failures:
        tables["failures-000.parquet"] = failures_table(comparison.failures)
    runs = [*_log_of_runs(comparison.results), *_log_of_skipped(comparison.results)]
    failed = [
        {"event": "failed", "rule": one.rule, "replicate": one.replicate, "traceback": one.traceback}
        for one in comparison.failures
    ]
    log = [{"event": "workers", "workers": comparison.workers}, *runs, *failed]
    titles = {arm.label: arm.title for arm in comparison.arms}
    return _write(comparison.scenario, "compare", written, tables, log, out, add, _spelled(titles), warn)


def _spelled(titles: Mapping[str, Text]) -> Words:
    """What the ids in the columns of the summary tables mean."""
    labels = {one.id: one.label for one in standard_indicators()}
    return {"rule": titles, "other": titles, "indicator": labels, "unit": UNITS}


def _log_of_runs(results: Sequence[RunResult]) -> Iterator[dict[str, Any]]:
    for one in results:
        yield {"event": "run", "rule": one.rule, "replicate": one.replicate, "seconds": one.seconds}


def _log_of_skipped(results: Sequence[RunResult]) -> Iterator[dict[str, Any]]:
    for row in skipped_table(results).to_dict(orient="records"):
        yield {"event": "skipped", **{str(key): value for key, value in row.items()}}


def summary_table(results: Sequence[RunResult]) -> pd.DataFrame:
    """One row per run and indicator: rule, replicate, indicator, value (NaN where undefined), unit (a key)."""
    rows = [
        (run.rule, run.replicate, one.id, np.nan if run.values[one.id] is None else run.values[one.id], one.unit)
        for run in results
        for one in standard_indicators()
        if not one.paired
    ]
    frame = pd.DataFrame(rows, columns=["rule", "replicate", "indicator", "value", "unit"])
    return frame.astype({"replicate": np.int32, "value": np.float64})


def failures_table(failures: Sequence[FailedRun]) -> pd.DataFrame:
    """One row per run that failed: rule, replicate, kind, error (English, without folders)."""
    rows = [(one.rule, one.replicate, one.kind, without_folders(in_english(one.error))) for one in failures]
    return pd.DataFrame(rows, columns=["rule", "replicate", "kind", "error"]).astype({"replicate": np.int32})


def in_english(text: Text | str) -> str:
    """A text in the language of the records."""
    return text.to("en") if isinstance(text, Text) else text


def without_folders(text: str) -> str:
    """`text` with each path cut down to its last part, since nothing of the machine goes into a table.

    >>> without_folders("/home/ann/rules/mine.py:12: settle failed")
    'mine.py:12: settle failed'
    """
    return _FOLDER_OF_A_PATH.sub("", text)


def _rule_record(result: RunResult) -> dict[str, Any]:
    return {"label": result.rule, "title": manifest.words(result.title), **result.rules.get(result.fund, {})}


def _run_tables(results: Sequence[RunResult]) -> Tables:
    tables: Tables = {}
    for file, first in enumerate(range(0, len(results), RUNS_PER_FILE)):
        some = results[first : first + RUNS_PER_FILE]
        for name in ("monthly", "projects", "ledger", "accounts"):
            tables[f"{name}-{file:03}.parquet"] = stack(getattr(one, name) for one in some)
    if any(one.skipped for one in results):
        skipped = skipped_table(results)
        tables["skipped-000.parquet"] = skipped.assign(error=skipped["error"].map(without_folders))
    return tables


def _write(
    scenario: Any,
    kind: str,
    written: dict[str, Any],
    tables: Tables,
    log: list[dict[str, Any]],
    out: Path | str | None,
    add: AddFiles | None,
    words: Words,
    warn: Warn,
) -> Path:
    document = {
        "format": manifest.FORMAT,
        **written,
        "scenario": manifest.scenario_record(scenario),
        "surroundings": manifest.surroundings(),
        "indicators": manifest.indicators_record(),
        "tables": {name: describe(frame) for name, frame in sorted(tables.items())},
    }

    def write_log(final: Path) -> None:
        lines = [_log_start(final), *log]
        text = "".join(_json(line) + "\n" for line in lines)
        (name.hidden / "log.jsonl").write_text(text, encoding="utf-8", newline="\n")

    with new_folder(out, f"{scenario.name}-{kind}") as (folder, name):
        name.before_it_appears = write_log
        for file, frame in tables.items():
            write_table(frame, folder / file)
        document["spreadsheets"] = write_spreadsheets(tables, folder, words, warn)
        if add is not None:
            add(folder)
        (folder / "manifest.json").write_text(_json(document, indent=2) + "\n", encoding="utf-8", newline="\n")
    return name.final


class _Name:
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
        taken = [int(found[1]) for one in _names_in(self.parent) if (found := re.fullmatch(self._pattern(), one))]
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
    name = _Name(out, stem)
    absent = [one for one in (name.parent, *name.parent.parents) if not os.path.exists(one)]
    try:
        _make_hidden(name)
        name.hidden.rmdir()
    finally:
        for one in absent:
            with suppress(OSError):  # another process may have begun to use it
                one.rmdir()


@contextmanager
def new_folder(out: Path | str | None, stem: str) -> Iterator[tuple[Path, _Name]]:
    """A hidden folder to write into, which gets its final name when the block ends well and vanishes otherwise.

    Its name is drawn at random, so that neither a process of the same number nor another thread can be in the way.
    Hidden folders that killed processes left are swept. Raises NoSpace where what is written does not fit.
    """
    name = _Name(out, stem)
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


def _make_hidden(name: _Name) -> None:
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


def _log_start(final: Path) -> dict[str, Any]:
    return {
        "event": "written",
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "host": platform.node(),
        "python": sys.version,
        "folder": str(final.absolute()),
        "arguments": sys.argv,
    }


def _json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)
