"""The tables of a results folder open in Excel, R and pandas with the values that the Parquet holds."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commsim.i18n import Bilingual, Text, use_language
from commsim.store import spreadsheets
from commsim.store.spreadsheet_words import COLUMNS_SHEET, CONTENTS_SHEET
from commsim.store.spreadsheets import WORKBOOK, csv_names, workbook_bytes, write_spreadsheets
from commsim.store.tables import write_csv, write_table

TRAPS = ["1E5", "007", "=1+1", "+1", "-1", "@SUM(A1)", "http://a.cn", "true", "1/2", "张三", 'say "no", or\nnot']
RAW = "ledger-000.parquet"


def traps() -> pd.DataFrame:
    values = [0.1, np.nan, *range(2, len(TRAPS))]
    return pd.DataFrame({"rule": TRAPS, "n": np.arange(len(TRAPS), dtype=np.int32), "value": values})


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def sheet_of(data: bytes) -> Any:
    return opened(data).worksheets[1]


def test_ids_stay_texts_and_numbers_numbers_and_what_is_undefined_is_empty() -> None:
    rows = list(sheet_of(workbook_bytes({"summary.parquet": traps()}, {})).iter_rows(min_row=2))
    assert [row[0].value for row in rows] == TRAPS
    assert {row[0].data_type for row in rows} == {"s"} and {row[0].number_format for row in rows} == {"@"}
    assert [row[1].value for row in rows] == list(range(len(TRAPS)))
    assert rows[0][2].value == 0.1 and rows[1][2].value is None


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20), min_size=1, max_size=6),
    st.floats(allow_nan=True, allow_infinity=True, width=32),
)
def test_any_text_and_any_number_come_back_from_the_workbook(texts: list[str], number: float) -> None:
    frame = pd.DataFrame({"rule": texts, "value": np.full(len(texts), number, np.float32)})
    sheet = sheet_of(workbook_bytes({"summary.parquet": frame}, {}))
    rows = list(sheet.iter_rows(min_row=2, max_row=len(texts) + 1))
    assert [row[0].value or "" for row in rows] == texts
    assert {row[1].value for row in rows} == {float(str(np.float32(number))) if np.isfinite(number) else None}


def test_the_workbook_has_the_same_bytes_each_time_and_in_each_language() -> None:
    first = workbook_bytes({"summary.parquet": traps()}, {})
    use_language("zh")
    try:
        second = workbook_bytes({"summary.parquet": traps()}, {})
    finally:
        use_language("en")
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2000-01-01" in parts.read("docProps/core.xml")


def test_ids_stand_beside_their_words_in_both_languages() -> None:
    frame = pd.DataFrame({"indicator": ["active", "other"], "value": [1.0, 2.0]})
    words = {"indicator": {"active": Bilingual(en="Active residents", zh="参与居民")}}
    sheet = sheet_of(workbook_bytes({"summary.parquet": frame}, words))
    assert [cell.value for cell in sheet[1]] == [
        "Indicator (id)\n指标（代码）",
        "Indicator",
        "指标",
        "Value\n数值",
    ]
    assert [cell.value for cell in sheet[2]] == ["active", "Active residents", "参与居民", 1]
    assert [cell.value for cell in sheet[3]] == ["other", "other", "other", 2]


def test_sheets_are_named_in_both_languages_listed_first_and_explained_last() -> None:
    tables = {"summary.parquet": traps(), "summary-pairwise.parquet": traps(), "failures-000.parquet": traps()}
    book = opened(workbook_bytes(tables, {}, [("ledger-000.csv", 7)]))
    assert book.sheetnames[0] == CONTENTS_SHEET and book.sheetnames[-1] == COLUMNS_SHEET
    assert book.sheetnames[1:-1] == ["Pairs of rules 规则两两相比", "Summary 汇总", "Failed runs 失败的运行"]
    assert all(len(name) <= 31 for name in book.sheetnames)
    listed = [cell.value for cell in book[CONTENTS_SHEET]["B"]]
    assert listed[5:] == ["summary-pairwise.csv", "summary.csv", "failures-000.csv", "ledger-000.csv"]
    for sheet in book.worksheets[1:-1]:
        assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref == f"A1:C{len(TRAPS) + 1}"


def test_the_csv_says_what_the_parquet_says(tmp_path: Path) -> None:
    write_table(traps(), tmp_path / "one.parquet")
    for name in ("one.csv", "one.csv.gz"):
        write_csv(traps(), tmp_path / name)
        read = pd.read_csv(tmp_path / name, dtype={"rule": str}, keep_default_na=False, na_values={"value": [""]})
        pd.testing.assert_frame_equal(read, duckdb.read_parquet(str(tmp_path / "one.parquet")).df(), check_dtype=False)
    assert (tmp_path / "one.csv").read_bytes().startswith(b"\xef\xbb\xbfrule,n,value\n1E5,0,0.1\n007,1,\n")


def test_more_rows_than_excel_opens_are_warned_of_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 4)
    short = traps().iloc[:3]
    told: list[str] = []

    def warn(text: Text) -> None:
        assert not list(tmp_path.iterdir())
        told.append(text.to("en"))

    tables = {"summary.parquet": traps(), "facts.parquet": short, RAW: traps()}
    written = write_spreadsheets(tables, tmp_path, None, warn)
    assert len(told) == 1 and "summary (11), ledger-000 (11)" in told[0]
    assert written[WORKBOOK] == {"Facts 已发表的事实": "facts.parquet"}
    assert len((tmp_path / "summary.csv").read_text(encoding="utf-8-sig").splitlines()) == len(TRAPS) + 2
    with pytest.warns(UserWarning, match="rows of a table at most"):
        write_spreadsheets({"summary.parquet": traps()}, tmp_path)


def test_only_tables_of_postings_and_the_like_are_gzipped_and_only_where_they_are_large(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tables = {"summary.parquet": traps(), RAW: traps()}
    assert csv_names(tables) == {"summary.parquet": "summary.csv", RAW: "ledger-000.csv"}
    monkeypatch.setattr(spreadsheets, "MOST_PLAIN_CELLS", 32)
    assert csv_names(tables) == {"summary.parquet": "summary.csv", RAW: "ledger-000.csv.gz"}
