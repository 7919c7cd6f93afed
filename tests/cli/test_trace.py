"""`commsim trace` from end to end: the projects of a run, one story in both languages, JSON, the page, refusals."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner, Result

import commsim
from commsim.cli import command_line
from commsim.errors import InvalidInput

IN_ENGLISH = (
    *("had raised the matter", "It was started by", "Asked for it", "The rule awarded", "its reason", "of 5 marks"),
    *("What a yuan did here", "Through whom", "mobilisation.call = 1"),
)
IN_CHINESE = ("反映此事", "发起", "为本项目动员居民", "按规则立项", "评议会评分", "一元钱在这里起了什么作用", "经由谁")


def call(*words: str) -> Result:
    return CliRunner().invoke(command_line, list(words), catch_exceptions=False, standalone_mode=False)


def told(*words: str) -> Any:
    return json.loads(call("trace", *words, "--json").stdout)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run."""
    folder = tmp_path_factory.mktemp("trace") / "run"
    call("run", "tutorial", "--rule", "match.linear", "--out", str(folder))
    return folder


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a comparison of two replicates."""
    folder = tmp_path_factory.mktemp("trace") / "compare"
    words = ("--rule", "match.linear", "--rule", "basic.equal_split", "--replicates", "2", "--workers", "1")
    call("compare", "tutorial", "--set", "months=12", *words, "--out", str(folder))
    return folder


def liveliest(folder: Path) -> dict[str, Any]:
    """The project of a run that drew most people."""
    return max(told(str(folder))["projects"], key=lambda project: project["people"])  # type: ignore[no-any-return]


def test_without_a_project_they_are_listed_newest_first_with_the_command_that_tells_one(run: Path) -> None:
    text = call("trace", str(run)).stdout
    projects = told(str(run))["projects"]
    assert all(project["short_id"] in text for project in projects)
    assert f"--project {liveliest(run)['short_id']}" in text.replace("\n", " ")
    assert [project["proposed"] for project in projects] == sorted((p["proposed"] for p in projects), reverse=True)


def test_a_story_goes_from_the_complaint_to_the_appraisal_and_says_what_a_yuan_did_through_whom(run: Path) -> None:
    chosen = liveliest(run)
    english = " ".join(call("trace", str(run), "--project", chosen["project"]).stdout.split())
    for part in (*IN_ENGLISH, chosen["project"]):
        assert part in english, part
    chinese = call("trace", str(run), "--project", chosen["project"], "--lang", "zh").stdout
    for part in IN_CHINESE:
        assert part in chinese.replace("\n           ", ""), part


def test_json_holds_lines_sums_and_channels_that_agree(run: Path) -> None:
    story = told(str(run), "--project", liveliest(run)["project"])
    assert sum(row["came"] for row in story["through"]) == story["sums"]["people"] > 0
    numbers = [line for month in story["months"] for line in month["lines"] if line["key"] == "hours"]
    assert sum(line["number"] for line in numbers) == pytest.approx(story["sums"]["hours"], abs=0.1)
    assert all(set(sentence) == {"en", "zh"} for month in story["months"] for sentence in month["sentences"])


def test_part_of_an_id_is_enough_where_it_is_the_only_one(run: Path) -> None:
    chosen = liveliest(run)
    assert told(str(run), "--project", chosen["short_id"])["project"] == chosen["project"]
    with pytest.raises(InvalidInput, match="is part of"):
        call("trace", str(run), "--project", "self_governance")
    with pytest.raises(InvalidInput, match="there is no project 'nowhere'"):
        call("trace", str(run), "--project", "nowhere")


def test_a_scenario_is_run_first_and_tells_the_same_as_its_folder(run: Path) -> None:
    at_once = told("tutorial", "--rule", "match.linear")
    assert at_once["projects"] == told(str(run))["projects"]


def test_python_tells_the_same(run: Path) -> None:
    ran = commsim.simulate("tutorial", "match.linear")
    chosen = liveliest(run)["project"]
    trace = ran.trace(chosen)
    assert trace.document["months"] == told(str(run), "--project", chosen)["months"]
    assert "The rule awarded" in repr(trace) and chosen in set(ran.trace().project)
    assert trace.through.came.sum() == trace.sums["people"] and len(trace.lines) and "<table>" in trace._repr_html_()


def test_the_page_tells_the_projects_that_drew_most(run: Path) -> None:
    page = (run / "index.html").read_text(encoding="utf-8")
    assert liveliest(run)["project"] in page and page.count('class="story"') == 3


def test_of_a_comparison_the_rule_and_the_replicate_are_chosen(compared: Path) -> None:
    first = call("trace", str(compared))
    assert "under match.linear" in first.stdout and "--rule and --replicate choose another" in first.stderr
    other = told(str(compared), "--rule", "basic.equal_split", "--replicate", "1")
    assert other["rule"]["label"] == "basic.equal_split" and other["replicate"] == 1 and other["projects"]
    assert told(str(compared), "--rule", "basic.none")["projects"] == []


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("--rule", "match.seed"), "no rule 'match.seed' was run in it"),
        (("--replicate", "7"), "a replicate of 0 to 1 was expected; 7 came"),
        (("--rule", "basic.none", "--project", "x"), "under basic.none there are no projects"),
        (("--seed", "3"), "--seed cannot change a run"),
        (("--set", "months=3"), "--set cannot change a run"),
    ],
)
def test_what_a_comparison_does_not_hold_is_told(compared: Path, words: tuple[str, ...], part: str) -> None:
    with pytest.raises(InvalidInput, match=part):
        call("trace", str(compared), *words)


def rewritten(run: Path, folder: Path, columns: str) -> Path:
    """A copy of a run whose projects have other columns."""
    shutil.copytree(run, folder)
    table = folder / "projects-000.parquet"
    duckdb.sql(f"COPY (SELECT {columns} FROM '{run / table.name}') TO '{table}' (FORMAT parquet)")
    return folder


def test_results_of_an_older_version_are_refused_with_what_to_do(run: Path, tmp_path: Path) -> None:
    old = rewritten(run, tmp_path / "old", "* EXCLUDE (story)")
    with pytest.raises(InvalidInput, match="have no stories.*Run it again: commsim run tutorial"):
        call("trace", str(old))


def test_stories_that_cannot_be_read_are_told_with_their_file(run: Path, tmp_path: Path) -> None:
    odd = rewritten(run, tmp_path / "odd", "* REPLACE ('[[1, \"sang\", 2]]' AS story)")
    with pytest.raises(InvalidInput, match=r"projects-000\.parquet: the projects in it cannot be read"):
        call("trace", str(odd))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"kind": "run"}'])
def test_a_damaged_manifest_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput, match="this is not the manifest of a run or a comparison"):
        call("trace", str(tmp_path))


def test_folders_that_hold_no_run_are_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="this is no results folder"):
        call("trace", str(tmp_path))
    with pytest.raises(InvalidInput, match="there is no such folder"):
        call("trace", str(tmp_path / "nothing"))
    (tmp_path / "manifest.json").write_text('{"kind": "lab"}', encoding="utf-8")
    with pytest.raises(InvalidInput, match="this is one of 'lab'"):
        call("trace", str(tmp_path))
