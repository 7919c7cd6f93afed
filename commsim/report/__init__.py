"""Pages and figures that a planner can forward: one self-contained HTML file, both languages, and PNG for papers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commsim.record import RunResult
    from commsim.report.reading import ComparisonLike
    from commsim.validation.laboratory import LabResult
    from commsim.validation.path_table import PathTable

PAGE = "index.html"
FIGURES = "figures"

__all__ = ["table_files", "write_lab_report", "write_path_report", "write_report", "write_run_report"]


def write_report(comparison: ComparisonLike, folder: Path) -> None:
    """Write a comparison's page (`index.html`) and figures (`figures/*.png`) into `folder`, which is made if needed.

    The page opens in the current language and holds the other one too; the figures are in the current language.
    """
    from commsim.report.page import comparison_page
    from commsim.report.paper_figures import write_figures  # drawing and templates are slow to import and seldom needed

    _write(comparison_page(comparison, table_files(folder)), folder)
    write_figures(comparison, folder / FIGURES)


def write_run_report(result: RunResult, folder: Path) -> None:
    """Write the page of a single run (`index.html`) into `folder`, which is made if needed."""
    from commsim.report.run_page import run_page

    _write(run_page(result, table_files(folder)), folder)


def write_lab_report(result: LabResult, folder: Path) -> None:
    """Write the laboratory's page (`index.html`) and a PNG a fact into `folder`, which is made if needed."""
    from commsim.report.laboratory import lab_page, write_fact_figures

    _write(lab_page(result, table_files(folder)), folder)
    write_fact_figures(result, folder)


def write_path_report(table: PathTable, folder: Path) -> None:
    """Write the page of the path's facts (`index.html`) into `folder`, which is made if needed."""
    from commsim.report.path_page import path_page

    _write(path_page(table, table_files(folder)), folder)


def table_files(folder: Path) -> list[str]:
    """The tables in `folder` that a page links: the workbook first, then each CSV with its Parquet."""
    if not folder.is_dir():
        return []
    names = sorted(path.name for path in folder.iterdir())
    books, tables = (
        [name for name in names if name.endswith(ends)] for ends in (".xlsx", (".csv", ".csv.gz", ".parquet"))
    )
    return [*books, *tables]


def _write(page: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / PAGE).write_text(page, encoding="utf-8", newline="\n")
