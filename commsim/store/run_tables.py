"""The tables of runs as they are written: what each left behind, their indicators, and those that failed."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from commsim.i18n import Text
from commsim.record import RunResult, standard_indicators
from commsim.record.frames import stack
from commsim.store.writing import Tables
from commsim.study.chunks import FailedRun
from commsim.study.skipped import skipped_table

RUNS_PER_FILE = 20
_FOLDER_OF_A_PATH = re.compile(r"(?<![\w.])(?:[A-Za-z]:)?(?:[\\/][^\\/\s:'\"]+)*[\\/](?=[^\\/\s:'\"]+)")


def summary_table(results: Sequence[RunResult]) -> pd.DataFrame:
    """One row per run and indicator: rule, replicate, indicator, value (NaN where undefined), unit (a key)."""
    shown = [indicator for indicator in standard_indicators() if not indicator.paired]
    rows = [
        (run.rule, run.replicate, indicator.id, _or_nan(run.values[indicator.id]), indicator.unit)
        for run in results
        for indicator in shown
    ]
    frame = pd.DataFrame(rows, columns=["rule", "replicate", "indicator", "value", "unit"])
    return frame.astype({"replicate": np.int32, "value": np.float64})


def _or_nan(value: float | None) -> float:
    return np.nan if value is None else value


def failures_table(failures: Sequence[FailedRun]) -> pd.DataFrame:
    """One row per run that failed: rule, replicate, kind, error (English, without folders)."""
    rows = [(run.rule, run.replicate, run.kind, without_folders(in_english(run.error))) for run in failures]
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


def run_tables(results: Sequence[RunResult]) -> Tables:
    """What runs leave behind, by the name of its file, so many runs to a file; rounds that were skipped, if any."""
    tables: Tables = {}
    for file, first in enumerate(range(0, len(results), RUNS_PER_FILE)):
        some = results[first : first + RUNS_PER_FILE]
        for name in ("monthly", "projects", "ledger", "accounts"):
            tables[f"{name}-{file:03}.parquet"] = stack(getattr(run, name) for run in some)
    if any(run.skipped for run in results):
        skipped = skipped_table(results)
        tables["skipped-000.parquet"] = skipped.assign(error=skipped["error"].map(without_folders))
    return tables
