"""Tables that open without commsim: a CSV beside each Parquet file, and one workbook, `summary.xlsx`.

The workbook holds the tables that say something of runs and rules; those of months, projects and postings have a CSV
only, gzipped (`.csv.gz`) where together they would be hundreds of megabytes. It is in both languages at once, whatever
the command speaks, so that the same seed gives the same bytes and a file can be passed on: each heading is one cell
with the English and the Chinese name (one row of headings is what filters and pivot tables of Excel and WPS take),
ids keep their own column and stand beside their English and Chinese words. The first sheet lists the sheets, the last
says what each column means. Texts are stored as texts (an id such as `1E5`, `007` or `=1+1` is neither changed nor
computed), numbers as numbers, undefined as an empty cell; the creation date is fixed.
"""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from commsim.i18n import Bilingual, Text, _, cut
from commsim.store.spreadsheet_words import (
    COLUMNS_SHEET,
    CONTENTS_SHEET,
    Column,
    TableWords,
    column_words,
    table_words,
)
from commsim.store.tables import is_text, write_csv

if TYPE_CHECKING:
    from xlsxwriter.workbook import Format, Workbook, Worksheet

WORKBOOK = "summary.xlsx"
MOST_ROWS = 1_048_576
"""Rows of a sheet in Excel and WPS, the row of headings included."""
MOST_PLAIN_CELLS = 10_000_000
"""Cells of the tables of months, projects and postings together, up to which their CSV is plain: about 100 MB."""
_MOST_CHARACTERS = 32_767  # of a cell in Excel
_CREATED = datetime(2000, 1, 1)  # the workbook would otherwise hold the time at which it was written
_WIDEST, _NARROWEST, _ROWS_MEASURED = 44, 9, 200

Warn = Callable[[Text], None]
Words = Mapping[str, Mapping[str, Text]]
"""What ids mean: by the column that holds them, each id with its words."""


def warn_in_python(text: Text) -> None:
    """Tell a warning to those who call from Python."""
    warnings.warn(str(text), stacklevel=2)


def write_spreadsheets(
    tables: Mapping[str, pd.DataFrame], folder: Path, words: Words | None = None, warn: Warn = warn_in_python
) -> dict[str, Any]:
    """Write a CSV for each table and the workbook for those that tell of runs and rules, into `folder`.

    Arguments: `tables`, by the name of their Parquet file; `words`, what ids in their columns mean; `warn`, told before
    anything is written which tables have more rows than Excel opens (they are not in the workbook).
    Returns what a manifest says of the files: of each CSV its table, of the workbook its sheets and their tables.
    Raises OSError where the disk is full.
    """
    _warn_of_rows(tables, warn)
    names = csv_names(tables)
    for table, name in names.items():
        write_csv(tables[table], folder / name)
    chosen = {name: frame for name, frame in tables.items() if table_words(name) is not None and _fits(frame)}
    (folder / WORKBOOK).write_bytes(workbook_bytes(chosen, words or {}, _left_out(tables, chosen, names)))
    sheets = {_sheet_name(name): name for name in _in_order(chosen)}
    return {**{name: table for table, name in sorted(names.items())}, WORKBOOK: sheets}


def csv_names(tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """The CSV file of each table."""
    cells = sum(frame.size for name, frame in tables.items() if table_words(name) is None)
    ending = ".csv" if cells <= MOST_PLAIN_CELLS else ".csv.gz"
    return {name: _stem(name) + (ending if table_words(name) is None else ".csv") for name in tables}


def _stem(table: str) -> str:
    return table.removesuffix(".parquet")


def _fits(frame: pd.DataFrame) -> bool:
    return len(frame) < MOST_ROWS


def _warn_of_rows(tables: Mapping[str, pd.DataFrame], warn: Warn) -> None:
    long = [f"{_stem(name)} ({len(frame):,})" for name, frame in tables.items() if not _fits(frame)]
    if long:
        warn(
            _(
                "Excel and WPS open {limit} rows of a table at most, and cut off the rest of a CSV; these tables have "
                "more and are not in {workbook}: {tables}. Read their CSV or Parquet with R, Python or DuckDB"
            ).format(limit=f"{MOST_ROWS:,}", workbook=WORKBOOK, tables=", ".join(long))
        )


def _left_out(
    tables: Mapping[str, pd.DataFrame], chosen: Mapping[str, pd.DataFrame], names: Mapping[str, str]
) -> list[tuple[str, int]]:
    return [(names[name], len(frame)) for name, frame in sorted(tables.items()) if name not in chosen]


def _in_order(tables: Iterable[str]) -> list[str]:
    return sorted(tables, key=lambda name: (_words_of(name).place, name))


def _words_of(table: str) -> TableWords:
    found = table_words(table)
    assert found is not None, table
    return found


def _sheet_name(table: str) -> str:
    return _in_both(_words_of(table).title, " ")


def _in_both(text: Text, between: str) -> str:
    words = text.to("en"), text.to("zh")
    return words[0] if words[0] == words[1] else between.join(words)


@dataclass(frozen=True)
class _Formats:
    """How cells look. Texts have the format of texts, so that an id stays one when a planner edits its cell."""

    heading: Format
    text: Format
    wrapped: Format
    big: Format


def workbook_bytes(tables: Mapping[str, pd.DataFrame], words: Words, left_out: Sequence[tuple[str, int]] = ()) -> bytes:
    """The workbook as bytes, the same for the same tables; `left_out`: (file, rows) of tables that are not in it."""
    from xlsxwriter import Workbook  # only where one is written, for the sake of commands that write none

    target = io.BytesIO()
    with Workbook(target, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": _CREATED, "title": "commsim"})
        formats = _formats(workbook)
        ordered = _in_order(tables)
        _write_contents(workbook.add_worksheet(CONTENTS_SHEET), tables, ordered, left_out, formats)
        for name in ordered:
            columns = _with_words(name, tables[name], words)
            _write_sheet(workbook.add_worksheet(_sheet_name(name)), columns, formats)
        _write_columns(workbook.add_worksheet(COLUMNS_SHEET), tables, ordered, formats)
    return target.getvalue()


def _formats(workbook: Workbook) -> _Formats:
    heading = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "num_format": "@"}
    return _Formats(
        workbook.add_format(heading),
        workbook.add_format({"num_format": "@"}),
        workbook.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
        workbook.add_format({"bold": True, "font_size": 14}),
    )


def _with_words(table: str, frame: pd.DataFrame, words: Words) -> list[tuple[str, pd.Series[Any]]]:
    """The columns with their headings; after a column of ids, what they mean in English and in Chinese."""
    columns: list[tuple[str, pd.Series[Any]]] = []
    for name in frame.columns:
        title = column_words(table, str(name)).title
        known = words.get(str(name), {}) if is_text(frame[name]) else {}
        if not known:
            columns.append((_in_both(title, "\n"), frame[name]))
            continue
        columns.append((f"{title.to('en')} (id)\n{title.to('zh')}（代码）", frame[name]))
        texts = [str(value) for value in frame[name]]
        shown = [known.get(text, Text(text)) for text in texts]
        columns.append((title.to("en"), pd.Series([text.to("en") for text in shown], dtype=object)))
        columns.append((title.to("zh"), pd.Series([text.to("zh") for text in shown], dtype=object)))
    return columns


def _write_sheet(sheet: Worksheet, columns: Sequence[tuple[str, pd.Series[Any]]], formats: _Formats) -> None:
    for place, (heading, column) in enumerate(columns):
        sheet.write_string(0, place, heading, formats.heading)
        _write_column(sheet, place, column, formats)
        sheet.set_column(place, place, _width(heading, column))
    rows, last = len(columns[0][1]) if columns else 0, max(len(columns) - 1, 0)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, rows, last)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{rows + 1}"})


def _write_column(sheet: Worksheet, place: int, column: pd.Series[Any], formats: _Formats) -> None:
    if is_text(column):
        for row, value in enumerate(column, 1):
            if not pd.isna(value):
                sheet.write_string(row, place, _cell_text(str(value)), formats.text)
    elif column.dtype.kind == "b":
        for row, value in enumerate(column.tolist(), 1):
            sheet.write_boolean(row, place, value)
    else:
        for row, value in enumerate(_shortest(column), 1):
            if math.isfinite(value):
                sheet.write_number(row, place, value)


def _shortest(column: pd.Series[Any]) -> list[Any]:
    """The numbers; those of single precision with the digits that they have, 0.1 and not 0.10000000149."""
    if column.dtype == np.float32:
        return [float(str(value)) for value in column.to_numpy()]
    return column.tolist()


def _cell_text(text: str) -> str:
    return cut(text.encode("utf-8", "replace").decode("utf-8"), _MOST_CHARACTERS)


def _width(heading: str, column: pd.Series[Any]) -> float:
    texts = [line for line in heading.split("\n")]
    if is_text(column):
        texts += [str(value) for value in column.iloc[:_ROWS_MEASURED]]
    return min(_WIDEST, max(_NARROWEST, *(_breadth(text) for text in texts)) + 3)


def _breadth(text: str) -> int:
    return sum(2 if ord(character) > 0x2E80 else 1 for character in text)


def _write_contents(
    sheet: Worksheet,
    tables: Mapping[str, pd.DataFrame],
    ordered: Sequence[str],
    left_out: Sequence[tuple[str, int]],
    formats: _Formats,
) -> None:
    """The first sheet: what the workbook is, its sheets, and the tables that are in files of their own."""
    sheet.write_string(0, 0, "commsim", formats.big)
    for row, text in enumerate((_ABOUT.to("en"), _ABOUT.to("zh")), 1):
        sheet.write_string(row, 0, text)
    headings = ("Sheet\n工作表", "File\n文件", "Rows\n行数", "One row is", "每行为")
    rows: list[tuple[str | int, ...]] = [
        (
            _sheet_name(name),
            f"{_stem(name)}.csv",
            len(tables[name]),
            _words_of(name).row.to("en"),
            _words_of(name).row.to("zh"),
        )
        for name in ordered
    ]
    rows += [("–", file, number, _ELSEWHERE.to("en"), _ELSEWHERE.to("zh")) for file, number in left_out]
    _write_rows(sheet, 4, headings, rows, (34, 28, 10, 60, 60), formats)


_ABOUT = Bilingual(
    en="Tables of one results folder. Each sheet is also a CSV and a Parquet file there. Empty: undefined.",
    zh="一个结果文件夹中的各张表。每张工作表另有同名的 CSV 和 Parquet 文件。空格表示无定义。",
)
_ELSEWHERE = Bilingual(en="not in this workbook: open the file", zh="不在本工作簿内，请打开该文件")


def _write_columns(
    sheet: Worksheet, tables: Mapping[str, pd.DataFrame], ordered: Sequence[str], formats: _Formats
) -> None:
    """The last sheet: every column with its name in the files and what it means."""
    described: list[tuple[str, str, Column]] = [
        (_sheet_name(table), str(name), column_words(table, str(name)))
        for table in ordered
        for name in tables[table].columns
    ]
    rows = [
        (sheet_name, name, column.title.to("en"), column.title.to("zh"), column.doc.to("en"), column.doc.to("zh"))
        for sheet_name, name, column in described
    ]
    headings = ("Sheet\n工作表", "Column in the files\n文件中的列名", "Column", "列", "Meaning", "含义")
    _write_rows(sheet, 0, headings, rows, (34, 22, 28, 24, 70, 60), formats)
    sheet.freeze_panes(1, 0)


def _write_rows(
    sheet: Worksheet,
    top: int,
    headings: Sequence[str],
    rows: Sequence[Sequence[str | int]],
    widths: Sequence[int],
    formats: _Formats,
) -> None:
    for place, (heading, width) in enumerate(zip(headings, widths, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(top, place, heading, formats.heading)
    for number, row in enumerate(rows, top + 1):
        for place, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(number, place, value)
            else:
                sheet.write_string(number, place, value, formats.wrapped)
