"""`commsim rules replay` and `commsim pb`: rules and ties that are given, summaries, notes, truth values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from commsim.cli import command_line
from commsim.cli.formatting import display_width
from commsim.errors import InvalidInput

TIED = """META
key;value
budget;100
vote_type;approval
rule;greedy
{meta}PROJECTS
project_id;cost;selected
1;100;0
2;100;1
VOTES
voter_id;vote
a;1,2
"""


def call(*words: str) -> Result:
    return CliRunner().invoke(command_line, list(words), catch_exceptions=False, standalone_mode=False)


def told(*words: str) -> Any:
    return json.loads(call(*words, "--json").stdout)


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / ("a-very-long-name-of-an-election-" * 5 + ".pb")
    path.write_text(TIED.format(meta=""), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_replay_is_a_summary_of_100_columns_and_lists_disagreements_on_request(file: str, language: str) -> None:
    short = call("rules", "replay", file, "--lang", language).stdout
    long = call("rules", "replay", file, "--lang", language, "--disagreements").stdout
    rules = ("--rule", "pb.mes:completion=utilitarian+min_votes:votes=1+exclude:ids=1", "--rule", "pb.greedy_votes")
    given = call("rules", "replay", file, "--lang", language, "--disagreements", *rules).stdout
    assert max(display_width(line) for text in (short, long, given) for line in text.splitlines()) <= 100
    assert "a-very-long-name" not in short and "a-very-long-name" in long


def test_a_replay_says_where_a_tie_decided(file: str) -> None:
    document = told("rules", "replay", file)
    assert document["tie_decided"] == 1 and document["summary"][0]["tie_decided"] == 1
    assert document["rows"][0]["tie_decided"] is True and document["rows"][0]["tied"] == ["1", "2"]
    assert "a tie decided here: 1, 2" in call("rules", "replay", file, "--disagreements").stdout


@pytest.mark.parametrize(("tie", "agree"), [("id", 0), ("official", 1), ("file", 0)])
def test_a_replay_breaks_ties_as_asked(file: str, tie: str, agree: int) -> None:
    assert told("rules", "replay", file, "--tie", tie)["agree"] == agree


def test_a_replay_applies_each_rule_that_is_given(file: str) -> None:
    document = told("rules", "replay", file, "--rule", "pb.greedy_votes+exclude:ids=1", "--rule", "pb.mes")
    assert [(kind["rule"], kind["agree"]) for kind in document["summary"]] == [
        ("pb.greedy_votes+exclude:ids=1", 1),
        ("pb.mes", 0),
    ]
    assert len(document["rows"]) == 2 and document["compared"] == 2


def test_a_replay_refuses_a_rule_that_decides_by_what_no_file_holds(file: str) -> None:
    with pytest.raises(InvalidInput, match=r"decides by pledged_goods, pledged_hours, pledges, which they do not hold"):
        call("rules", "replay", file, "--rule", "match.linear")


def test_an_election_says_where_a_tie_decided_and_tells_official_winners_as_truth_values(file: str) -> None:
    document = told("pb", file)
    assert document["tie_decided"] is True and document["tied"] == ["1", "2"]
    assert [row["official"] for row in document["projects"]] == [False, True]
    assert [row["selected"] for row in document["projects"]] == ["0", "1"]
    assert "a tie decided: broken another way, these come out otherwise" in call("pb", file).stdout


def test_official_is_null_where_a_file_does_not_say(tmp_path: Path) -> None:
    path = tmp_path / "x.pb"
    path.write_text(TIED.format(meta="").replace(";selected", "").replace("100;0", "100").replace("100;1", "100"))
    assert [row["official"] for row in told("pb", str(path))["projects"]] == [None, None]


def test_a_threshold_that_a_rule_given_by_hand_does_not_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.pb"
    path.write_text(TIED.format(meta="min_project_score_threshold;2\n"))
    words = "add +min_votes:votes=2 to it"
    assert words in call("pb", str(path), "--rule", "pb.mes").stderr
    assert words not in call("pb", str(path), "--rule", "pb.mes+min_votes:votes=2").stderr
    assert any(words in note["en"] for note in told("pb", str(path), "--rule", "pb.mes")["notes"])
    assert told("pb", str(path))["winners"] == []
