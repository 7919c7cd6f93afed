"""The laboratory's page stands alone, speaks both languages behind the same switch, and draws every test."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

import commsim.i18n
from commsim.i18n import use_language
from commsim.report import write_lab_report
from commsim.report.fact_charts import draw_range
from commsim.report.laboratory import lab_page, repeat_command
from commsim.store.laboratory import write_lab
from commsim.validation.catalogue_of_facts import FACTS
from commsim.validation.facts import Fact, FactResult, FailedFact
from commsim.validation.facts import TestResult as ResultOfTest
from commsim.validation.laboratory import LabResult
from tests.report.pseudo import marking
from tests.report.test_page import CHINESE, LATIN_WORD, body, in_one_language, tree


def invented(fact: Fact) -> FactResult:
    """A fact whose draws lie in and around the range of each test."""
    luck = np.random.default_rng(fact.id)
    return FactResult(
        fact, tuple(ResultOfTest(test, (test.published or 0.0) + luck.normal(0, 1, (4, 10))) for test in fact.tests)
    )


@pytest.fixture(scope="module")
def result() -> LabResult:
    """All facts with invented statistics, but for the last, which could not be played."""
    failed = FailedFact(FACTS[-1], "ValueError: no callers", "Traceback of callers")
    return LabResult(tuple(invented(fact) for fact in FACTS[:-1]), 10, 4, 1, (failed,))


def test_every_visible_text_is_there_in_both_languages(result: LabResult, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commsim.i18n, "translations", marking)
    texts = list(in_one_language(body(lab_page(result)), ""))
    assert {language for _tag, language, _text in texts} >= {"en", "zh"}
    for _tag, language, text in texts:
        if language == "zh":
            assert CHINESE.search(text) or not LATIN_WORD.search(text), text


def test_the_page_has_the_switch_of_every_page_and_opens_in_the_current_language(result: LabResult) -> None:
    use_language("zh")
    try:
        root = tree(lab_page(result))
    finally:
        use_language("en")
    assert [one.get("checked") for one in root.findall("body/input[@type='radio']")] == [None, "checked"]
    assert root.get("lang") == "zh-Hans"


def test_the_page_asks_no_network_and_links_only_the_tables_beside_it(result: LabResult) -> None:
    page = lab_page(result, ["summary.xlsx", "facts.csv"])
    assert re.findall(r'\bhref="([^"]*)"', page) == ["summary.xlsx", "facts.csv"]
    assert not re.search(r"https?:|\bsrc=|url\(|<link", page)


def test_every_test_is_drawn_and_no_text_of_a_chart_runs_into_another(result: LabResult) -> None:
    tests = [test for shown in result.results for test in shown.tests]
    pictures = [svg for svg in tree(lab_page(result)).iter("svg") if svg.get("role") == "img"]
    assert len(pictures) == len(tests)
    assert not [clash for test in tests for clash in draw_range(test).collisions()]


def test_what_could_not_be_played_is_told_on_the_page(result: LabResult) -> None:
    assert "1 of 13 facts could not be played; the first: 13 anchors: ValueError: no callers" in lab_page(result)


def test_the_command_plays_the_same_again(result: LabResult) -> None:
    assert repeat_command(result) == "commsim lab --quick --seed 1"
    alone = LabResult(result.results[3:4], 30, 20, 7)
    assert repeat_command(alone) == "commsim lab 4 --seed 7"


def test_the_folder_has_a_manifest_and_the_same_bytes_twice_but_for_the_log(result: LabResult, tmp_path: Path) -> None:
    few = LabResult(result.results[:2], result.seeds, result.draws, result.seed, result.failures)
    folders = [write_lab(few, tmp_path / name, add=lambda folder: write_lab_report(few, folder)) for name in "ab"]
    ours, theirs = (
        {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()} for folder in folders
    )
    assert ours.pop("log.jsonl") != theirs.pop("log.jsonl")
    assert ours == theirs
    assert {"index.html", "facts.parquet", "values.csv", "summary.xlsx", "facts.json", "fact-01-types.png"} <= set(ours)
    manifest = json.loads((folders[0] / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["kind"] == "lab" and manifest["facts"] == [1, 2] and manifest["failed_facts"] == [13]
    assert set(manifest["tables"]) == {"facts.parquet", "values.parquet"}
    assert "Traceback of callers" in (folders[0] / "log.jsonl").read_text(encoding="utf-8")


def test_each_page_is_well_formed(result: LabResult) -> None:
    assert isinstance(tree(lab_page(result)), ElementTree.Element)
