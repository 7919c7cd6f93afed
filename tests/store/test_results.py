"""Result folders: whole or not there, the same bytes twice, and books that balance when summed from the files."""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from commsim.community.project_book import ProjectBook
from commsim.errors import InvalidInput
from commsim.store import manifest, writing
from commsim.store.folders import check_output
from commsim.store.results import write_comparison, write_run
from commsim.store.run_tables import without_folders
from commsim.store.tables import table_digest, write_table
from commsim.study.comparison import Comparison, compare
from commsim.study.simulation import simulate
from tests.study.fake import CATALOGUE, ENGINE, FakeScenario

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _work_in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(manifest, "resolved_text", lambda scenario: f"name: {scenario.name}\n")


def compared(*rules: str, replicates: int = 2) -> Comparison:
    settings: dict[str, Any] = {"baseline": "fake.nothing", "catalogue": CATALOGUE, "engine": ENGINE, "workers": 1}
    scenario: Any = FakeScenario()
    return compare(scenario, rules or ("fake.little",), replicates, **settings)


def files_of(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_the_same_comparison_twice_gives_the_same_bytes_but_for_the_log() -> None:
    first, second = (write_comparison(compared("fake.little", "fake.failing")) for _time in range(2))
    assert (first.name, second.name) == ("fake-compare-001", "fake-compare-002")
    ours, theirs = files_of(first), files_of(second)
    assert ours.pop("log.jsonl") != theirs.pop("log.jsonl")
    assert ours == theirs
    assert set(ours) == {
        "manifest.json",
        "summary.parquet",
        "summary-differences.parquet",
        "summary-table.parquet",
        "summary-pairwise.parquet",
        "summary-split.parquet",
        "summary-call-shares.parquet",
        "summary-who-gains.parquet",
        "monthly-000.parquet",
        "projects-000.parquet",
        "ledger-000.parquet",
        "accounts-000.parquet",
        "failures-000.parquet",
    } | {
        "summary.csv",
        "summary-differences.csv",
        "summary-table.csv",
        "summary-pairwise.csv",
        "summary-split.csv",
        "summary-call-shares.csv",
        "summary-who-gains.csv",
        "monthly-000.csv",
        "projects-000.csv",
        "ledger-000.csv",
        "accounts-000.csv",
        "failures-000.csv",
        "summary.xlsx",
    }
    said = json.loads((first / "manifest.json").read_text())["spreadsheets"]
    assert set(said) == {name for name in ours if name.endswith((".csv", ".xlsx"))}
    assert said["summary.xlsx"]["Summary 汇总"] == "summary.parquet"


def test_digests_of_the_manifest_hold_for_the_files_read_back() -> None:
    folder = write_comparison(compared())
    tables = json.loads((folder / "manifest.json").read_text())["tables"]
    assert set(tables) == {path.name for path in folder.glob("*.parquet")}
    for name, table in tables.items():
        frame = duckdb.sql(f"SELECT * FROM '{folder / name}'").df()
        assert len(frame) == table["rows"] and list(frame.columns) == list(table["columns"])
        assert table_digest(frame) == table["sha256"], name


def test_types_in_the_files_are_those_that_are_promised() -> None:
    folder = write_comparison(compared())
    types = dict(
        duckdb.sql(f"SELECT column_name, column_type FROM (DESCRIBE '{folder}/monthly-000.parquet')").fetchall()
    )
    assert types["gifts_fen"] == "BIGINT" and types["asked"] == "INTEGER" and types["trust_fund"] == "FLOAT"
    assert types["rule"] == types["committee"] == "VARCHAR"


def test_undefined_is_null_in_the_files() -> None:
    folder = write_comparison(compared())
    query = (
        f"SELECT count(*) FROM '{folder}/summary.parquet' WHERE indicator = 'cash_leverage' AND rule = 'fake.nothing'"
    )
    assert duckdb.sql(f"{query} AND value IS NULL").fetchall() == duckdb.sql(query).fetchall() == [(2,)]
    assert duckdb.sql(f"SELECT count(*) FROM '{folder}/summary.parquet' WHERE isnan(value)").fetchall() == [(0,)]


def test_runs_are_split_over_files_of_twenty() -> None:
    folder = write_comparison(compared("fake.little", replicates=11))
    assert len(list(folder.glob("monthly-*.parquet"))) == 2
    found = duckdb.sql(
        f"SELECT count(DISTINCT (rule, replicate)), count(*) FROM '{folder}/monthly-*.parquet'"
    ).fetchall()
    assert found == [(22, 22 * 6 * 4)]
    names = duckdb.sql(f"SELECT DISTINCT rule FROM '{folder}/monthly-001.parquet'").fetchall()
    assert names == [("fake.little",)]


def test_nothing_of_the_machine_stands_outside_the_log() -> None:
    folder = write_comparison(compared("fake.failing"))
    error = duckdb.sql(f"SELECT error FROM '{folder}/failures-000.parquet'").fetchall()
    assert error == [("mine.py:3: this rule always fails",)] * 2
    for path in folder.iterdir():
        if path.name != "log.jsonl":
            data = path.read_bytes()
            assert str(Path.cwd()).encode() not in data and os.uname().nodename.encode() not in data
    events = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    assert events[0]["folder"] == str(folder.absolute()) and "Traceback" in events[-1]["traceback"]


def test_an_interrupted_write_leaves_nothing_half(monkeypatch: pytest.MonkeyPatch) -> None:
    comparison, written = compared(), []

    def interrupt(frame: pd.DataFrame, path: Path) -> None:
        if len(written) == 2:
            raise KeyboardInterrupt
        write_table(frame, path)
        written.append(path)

    monkeypatch.setattr(writing, "write_table", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_comparison(comparison)
    assert len(written) == 2 and list(Path("results").iterdir()) == []


def test_a_report_that_fails_leaves_nothing_half_and_one_that_works_is_inside_when_the_folder_appears() -> None:
    def failing(folder: Path) -> None:
        (folder / "index.html").write_text("half")
        raise RuntimeError("no font")

    with pytest.raises(RuntimeError):
        write_comparison(compared(), "mine", add=failing)
    assert not list(Path.cwd().iterdir())
    seen: list[str] = []

    def report(folder: Path) -> None:
        seen.append(folder.name)
        (folder / "figures").mkdir()
        (folder / "figures" / "one.png").write_bytes(b"x")

    folder = write_comparison(compared(), "mine", add=report)
    assert (folder / "figures" / "one.png").is_file() and seen[0].startswith(".mine.tmp-")
    assert [path.name for path in Path.cwd().iterdir()] == ["mine"]


def test_an_existing_folder_is_refused_and_left_as_it_is() -> None:
    Path("mine").mkdir()
    Path("mine/kept.txt").write_text("mine")
    with pytest.raises(InvalidInput, match="mine: the output folder exists already.*--out"):
        write_comparison(compared(), "mine")
    assert files_of(Path("mine")).keys() == {"kept.txt"}
    assert [path.name for path in Path.cwd().iterdir()] == ["mine"]


def test_a_folder_that_appears_meanwhile_is_not_overwritten() -> None:
    def someone_else(folder: Path) -> None:
        Path("mine").mkdir()
        Path("mine/theirs.txt").write_text("theirs")

    with pytest.raises(InvalidInput, match="exists already"):
        write_comparison(compared(), "mine", add=someone_else)
    assert [path.name for path in Path("mine").iterdir()] == ["theirs.txt"]


def test_a_numbered_folder_moves_on_when_its_number_is_taken_meanwhile() -> None:
    folder = write_comparison(compared(), add=lambda folder: Path("results/fake-compare-001").mkdir())
    assert folder == Path("results/fake-compare-002")


def test_a_place_that_cannot_be_made_is_said_so() -> None:
    Path("file").write_text("")
    with pytest.raises(InvalidInput, match="cannot be made"):
        write_comparison(compared(), "file/below")


def test_a_place_is_tried_before_a_run_and_nothing_of_the_try_stays() -> None:
    before = sorted(Path().rglob("*"))
    for place in (None, "found", "new/folders/found"):
        check_output(place, "fake-run")
    assert sorted(Path().rglob("*")) == before
    Path("file").write_text("")
    for wrong, words in (("file/below", "cannot be made"), ("file", "exists already")):
        with pytest.raises(InvalidInput, match=words):
            check_output(wrong, "fake-run")


def test_a_single_run_is_written_with_its_manifest() -> None:
    scenario: Any = FakeScenario()
    catalogue: Any = CATALOGUE
    run = simulate(scenario, "fake.much", replicate=2, catalogue=catalogue, engine=ENGINE)
    folder = write_run(run)
    assert folder == Path("results/fake-run-001")
    document = json.loads((folder / "manifest.json").read_text())
    assert (document["kind"], document["seed"], document["replicate"]) == ("run", 7, 2)
    assert document["rules"][0]["rule"] == "fake.much" and document["scenario"]["name"] == "fake"
    assert document["surroundings"]["libraries"]["numpy"] == np.__version__
    assert set(document["surroundings"]) >= {"commsim", "python", "lock", "cpu_features"}


def test_the_query_that_the_readme_gives_for_summing_the_ledger_finds_balanced_books_and_planted_errors() -> None:
    text = (ROOT / "results" / "README.md").read_text(encoding="utf-8")
    query = re.findall(r"```sql\n(.*?)```", text, flags=re.DOTALL)[0].rstrip().rstrip(";")
    folder = write_comparison(compared("fake.much"))
    # The fake ledger keeps no row for its purse; the query is asked about the accounts that it keeps.
    here = query.replace("'ledger-*", f"'{folder}/ledger-*").replace("'accounts-*", f"'{folder}/accounts-*")
    missing = duckdb.sql(f"SELECT DISTINCT account FROM ({here})").fetchall()
    assert missing == [("purse",)]
    planted = duckdb.sql(f"SELECT * FROM '{folder}/ledger-000.parquet'").df()
    planted.loc[0, "fen"] += 1
    write_table(planted, Path("ledger-planted.parquet"))
    there = query.replace("'ledger-*", "'ledger-planted*").replace("'accounts-*", f"'{folder}/accounts-*")
    assert duckdb.sql(f"SELECT count(*) FROM ({there}) WHERE account <> 'purse'").fetchall() == [(1,)]


def test_the_readme_explains_every_column_of_the_projects_table() -> None:
    text = (ROOT / "results" / "README.md").read_text(encoding="utf-8")
    section = text.split("## Columns of the projects")[1].split("\n## ")[0]
    explained = set(re.findall(r"`(\w+)`", section))
    assert sorted(set(ProjectBook().rows(())) - explained) == []


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("/home/ann/my/mine.py:12: no", "mine.py:12: no"),
        ("C:\\Users\\ann\\mine.py: no", "mine.py: no"),
        ("yes/no and 1/2 stay", "yes/no and 1/2 stay"),
    ],
)
def test_paths_are_cut_to_their_last_part(text: str, left: str) -> None:
    assert without_folders(text) == left


def test_digests_see_values_types_and_names_but_not_how_texts_are_coded() -> None:
    frame = pd.DataFrame({"a": np.array([1, 2], np.int32), "t": ["x", "y"]})
    same = frame.assign(t=pd.Categorical(["x", "y"], categories=["z", "y", "x"]))[["t", "a"]]
    assert table_digest(frame) == table_digest(same)
    others = [
        frame.assign(a=np.array([1, 3], np.int32)),
        frame.astype({"a": np.int64}),
        frame.rename(columns={"a": "b"}),
        frame.assign(t=["y", "x"]),
        frame.iloc[::-1],
    ]
    assert len({table_digest(one) for one in (frame, *others)}) == 6
