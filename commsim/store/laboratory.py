"""Results folders of the laboratory: its facts, the path's facts, and experiments from a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commsim.about import __version__
from commsim.store import manifest
from commsim.store.spreadsheets import Warn, warn_in_python
from commsim.store.writing import AddFiles, Contents, write_folder
from commsim.validation.laboratory import LabResult, as_document

if TYPE_CHECKING:
    import pandas

    from commsim.lab.files import ExperimentFile
    from commsim.validation.path_table import PathTable


def write_lab(
    result: LabResult, out: Path | str | None = None, add: AddFiles | None = None, warn: Warn = warn_in_python
) -> Path:
    """Write facts.parquet and values.parquet, their CSV and workbook, and facts.json; return the folder.

    Arguments and errors as for `commsim.store.results.write_run`; the default folder is `results/lab-001`. Facts that
    could not be played are in facts.json, with their tracebacks in `log.jsonl`.
    """
    tables = {"facts.parquet": result.table(), "values.parquet": result.values()}
    titles = {"name": {shown.fact.name: shown.fact.title for shown in result.results}}
    return write_folder(_contents("lab", result, tables, titles, as_document(result)), out, add, warn)


def write_path(
    table: PathTable, out: Path | str | None = None, add: AddFiles | None = None, warn: Warn = warn_in_python
) -> Path:
    """Write facts.parquet, values.parquet and draws.parquet, their CSV and workbook, and facts.json; return the folder.

    Arguments and errors as for `commsim.store.results.write_run`; the default folder is `results/path-001`. Facts that
    could not be played are in facts.json, with their tracebacks in `log.jsonl`.
    """
    from commsim.validation.path_table import as_document as path_document  # brings the model, slow to import

    tables = {"facts.parquet": table.table(), "values.parquet": table.values(), "draws.parquet": table.drawn()}
    titles = {"fact": {result.fact.id: result.fact.title for result in table.results}}
    return write_folder(_contents("path", table, tables, titles, path_document(table)), out, add, warn)


def _contents(
    kind: str,
    shown: LabResult | PathTable,
    tables: dict[str, pandas.DataFrame],
    titles: Mapping[str, Mapping[str, Any]],
    document: Mapping[str, Any],
) -> Contents:
    """What a folder of facts holds, whichever table they are of; `titles`, by column, of what has a name."""
    about = {
        "kind": kind,
        "seed": shown.seed,
        "seeds": shown.seeds,
        "parameter_draws": shown.draws,
        "facts": [result.fact.id for result in shown.results],
        "failed_facts": [failure.fact.id for failure in shown.failures],
        "surroundings": manifest.surroundings(),
    }
    log = [{"event": "failed", "fact": failure.fact.id, "traceback": failure.traceback} for failure in shown.failures]
    documents = {"facts.json": {**document, "version": __version__}}
    return Contents(kind, about, tables, titles, log, documents)


def write_experiment(
    loaded: ExperimentFile,
    summary: pandas.DataFrame,
    out: Path | str | None,
    stem: str,
    add: AddFiles | None = None,
    warn: Warn = warn_in_python,
) -> Path:
    """Write the summary of an experiment from a file and what its protocols declare; return the folder.

    Arguments and errors as for `commsim.store.results.write_run`; the default folder is `results/<stem>-lab-001`.
    """
    told: dict[str, Any] = {"title": loaded.title, "seed": loaded.seed, "replicates": loaded.replicates}
    about = {"kind": "experiment", **told, "surroundings": manifest.surroundings()}
    document = {**told, "version": __version__, "declared": loaded.experiment.declared()}
    contents = Contents(f"{stem}-lab", about, {"summary.parquet": summary}, documents={"experiment.json": document})
    return write_folder(contents, out, add, warn)
