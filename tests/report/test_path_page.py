"""The page of the path's facts stands alone, speaks both languages, and says of every test what the seeds say."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import numpy as np
import pytest

import commsim.i18n
from commsim.report import write_path_report
from commsim.report.path_page import path_page, repeat_command
from commsim.store.laboratory import write_path
from commsim.validation.path_catalogue import PATH_FACTS
from commsim.validation.path_draws import PathDraw
from commsim.validation.path_facts import PathFact, PathResult, PathTestResult, State
from commsim.validation.path_table import FailedPathFact, PathTable, as_document
from tests.report.pseudo import marking
from tests.report.test_page import CHINESE, LATIN_WORD, body, in_one_language, tree

DRAWS, SEEDS = 4, 5


def invented(fact: PathFact) -> PathResult:
    """A fact whose draws lie around the lower bound of each test, or below the upper one."""
    luck = np.random.default_rng(int(fact.id[1:]))
    tests = []
    for test in fact.tests:
        near = test.low if np.isfinite(test.low) else test.high
        values = near + abs(near + 1.0) * luck.normal(0.1, 0.1, (DRAWS + 1, SEEDS))
        tests.append(PathTestResult(test, values[1:], at_defaults=values[0]))
    return PathResult(fact, tuple(tests))


@pytest.fixture(scope="module")
def table() -> PathTable:
    """All facts with invented values, but for the last, which could not be played."""
    failed = FailedPathFact(PATH_FACTS[-1], "ValueError: no district", "Traceback of the district")
    drawn = tuple(PathDraw({"visibility.contact": 1.1}, number + 1) for number in range(DRAWS))
    return PathTable(tuple(map(invented, PATH_FACTS[:-1])), SEEDS, DRAWS, 1, drawn, (failed,))


def test_every_visible_text_is_there_in_both_languages(table: PathTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commsim.i18n, "translations", marking)
    texts = list(in_one_language(body(path_page(table)), ""))
    assert {language for _tag, language, _text in texts} >= {"en", "zh"}
    for _tag, language, text in texts:
        if language == "zh":
            assert CHINESE.search(text) or not LATIN_WORD.search(text), text


def test_every_test_is_drawn_and_each_fact_says_how_it_is_used_and_at_what_size(table: PathTable) -> None:
    page = path_page(table)
    pictures = [svg for svg in tree(page).iter("svg") if svg.get("role") == "img"]
    assert len(pictures) == sum(len(result.tests) for result in table.results)
    for result in table.results:
        assert f'id="fact-{result.fact.id}"' in page
    assert "27,500 residents" in page and "29,400 residents" in page


def test_a_test_that_counted_nothing_has_no_picture_and_breaks_no_page(table: PathTable) -> None:
    first = table.results[0]
    empty = PathTestResult(first.tests[0].test, np.full((DRAWS, SEEDS), np.nan), at_defaults=np.full(SEEDS, np.nan))
    alone = PathTable((PathResult(first.fact, (empty,)),), SEEDS, DRAWS, 1, table.parameters)
    assert not [svg for svg in tree(path_page(alone)).iter("svg") if svg.get("role") == "img"]
    assert alone.results[0].state is State.NOT_IDENTIFIED


def test_the_page_asks_no_network_and_links_only_the_tables_beside_it(table: PathTable) -> None:
    page = path_page(table, ["summary.xlsx", "facts.csv"])
    assert re.findall(r'\bhref="([^"]*)"', page) == ["summary.xlsx", "facts.csv"]
    assert not re.search(r"https?:|\bsrc=|url\(|<link", page)


def test_what_could_not_be_played_is_told(table: PathTable) -> None:
    assert "1 of 21 facts could not be played; the first: P20" in path_page(table)
    assert [failure["fact"] for failure in as_document(table)["failures"]] == ["P20"]


def test_the_command_plays_the_same_again(table: PathTable) -> None:
    assert repeat_command(PathTable((table.results[3],), 30, 10, 7, ())) == (
        "commsim lab path P3 --seeds 30 --draws 10 --seed 7"
    )


def test_the_folder_has_a_manifest_and_the_same_bytes_twice_but_for_the_log(table: PathTable, tmp_path: Path) -> None:
    folders = [write_path(table, tmp_path / name, add=lambda folder: write_path_report(table, folder)) for name in "ab"]
    ours, theirs = (
        {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()} for folder in folders
    )
    assert ours.pop("log.jsonl") != theirs.pop("log.jsonl")
    assert ours == theirs
    manifest = json.loads((folders[0] / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["kind"] == "path" and manifest["failed_facts"] == ["P20"]
    assert "Traceback of the district" in (folders[0] / "log.jsonl").read_text(encoding="utf-8")
