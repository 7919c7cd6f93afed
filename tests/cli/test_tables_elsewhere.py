"""Through the command line: what a results folder holds opens in other programs, as results/README.md says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "results" / "README.md").read_text(encoding="utf-8")


def commsim(*words: str, language: str = "en") -> None:
    subprocess.run([sys.executable, "-m", "commsim", "--lang", language, *words], check=True, capture_output=True)


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compared") / "results" / "jingan-pilot-compare-001"
    words = "compare tutorial --replicates 2 --workers 1 --set months=6 --rule match.linear --out".split()
    commsim(*words, str(folder))
    return folder


def sheets(folder: Path) -> dict[str, pd.DataFrame]:
    return pd.read_excel(folder / "summary.xlsx", sheet_name=None)


def check_folder(folder: Path) -> None:
    """Each Parquet has its CSV, the page links all of them, and nothing else."""
    tables = {path.stem for path in folder.glob("*.parquet")}
    assert tables and tables == {path.stem for path in folder.glob("*.csv")}
    page = (folder / "index.html").read_text(encoding="utf-8")
    linked = re.findall(r'href="([^"]*)"', page)
    assert linked[0] == "summary.xlsx" and all((folder / name).is_file() for name in linked)
    assert set(linked) >= {f"{table}.csv" for table in tables}


def test_a_comparison_opens_in_excel_with_the_numbers_of_its_parquet(compared: Path) -> None:
    check_folder(compared)
    sheet = sheets(compared)["Differences 与对照相比"]
    table = pd.read_csv(compared / "summary-table.csv")
    assert list(sheet["Rule (id)\n规则（代码）"]) == list(table["rule"])
    assert list(sheet["Difference\n差值"].dropna()) == pytest.approx(list(table["difference"].dropna()))
    assert all(re.search("[一-龥]", title) for title in sheet["规则"])
    manifest = json.loads((compared / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["spreadsheets"]["summary.xlsx"]["Differences 与对照相比"] == "summary-table.parquet"


@pytest.mark.study
def test_a_run_gives_the_same_workbook_in_each_language(tmp_path: Path) -> None:
    for language in ("en", "zh"):
        commsim("run", "tutorial", "--set", "months=2", "--out", str(tmp_path / language), language=language)
        check_folder(tmp_path / language)
    english, chinese = (tmp_path / language / "summary.xlsx" for language in ("en", "zh"))
    assert english.read_bytes() == chinese.read_bytes()


@pytest.mark.study
def test_the_laboratory_and_its_experiments_leave_tables_for_excel_too(tmp_path: Path) -> None:
    commsim("lab", "4", "--quick", "--out", str(tmp_path / "lab"))
    check_folder(tmp_path / "lab")
    assert [sheet.title for sheet in openpyxl.load_workbook(tmp_path / "lab" / "summary.xlsx").worksheets[1:-1]] == [
        "Facts 已发表的事实",
        "Simulated values 模拟值",
    ]
    page = (tmp_path / "lab" / "index.html").read_text(encoding="utf-8")
    numbers = re.findall(r'<td class="n">([^<]*)</td>', page)
    assert numbers and all(float(number) is not None for number in numbers if number)
    commsim("lab", "run", str(ROOT / "experiments" / "match-offer.yaml"), "--out", str(tmp_path / "mine"))
    assert {"summary.csv", "summary.parquet", "summary.xlsx"} <= {path.name for path in (tmp_path / "mine").iterdir()}


def test_what_the_readme_of_results_promises_of_python_works(compared: Path) -> None:
    code = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len(code) == 1
    done = subprocess.run(
        [sys.executable, "-c", code[0]], cwd=compared.parents[1], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 and "giving_or_starting_share" in done.stdout, done.stderr


def test_pandas_reads_parquet_with_the_extra_that_the_readme_names(compared: Path) -> None:
    assert "pip install -e '.[interop]'" in README
    if find_spec("pyarrow") is None:
        with pytest.raises(ImportError, match="pyarrow"):
            pd.read_parquet(compared / "summary-table.parquet")
        return
    read = pd.read_parquet(compared / "summary-table.parquet")
    pd.testing.assert_frame_equal(read, pd.read_csv(compared / "summary-table.csv"), check_dtype=False)


def test_the_readme_of_results_names_every_file_of_a_comparison(compared: Path) -> None:
    for path in compared.iterdir():
        name = "….csv" if path.suffix == ".csv" else path.name
        assert f"`{name}" in README, name
