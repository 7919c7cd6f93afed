"""Claims about `commsim pb` and `rules replay` as they are typed: what a file holds, overrides, what is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from commsim.cli import command_line
from commsim.errors import InvalidInput
from tests.shared_data import PROJECT


@pytest.mark.parametrize(
    ("rule", "needs"), [("qf.clr", "pledges"), ("panel.mean", "scores"), ("divisible.mean", "splits")]
)
def test_an_election_is_not_settled_by_what_its_file_does_not_hold(rule: str, needs: str) -> None:
    with pytest.raises(InvalidInput, match=f"decides by .*{needs}"):
        CliRunner().invoke(
            command_line,
            ["pb", str(PROJECT / "experiments" / "elections" / "generated_2017.pb"), "--rule", rule],
            catch_exceptions=False,
            standalone_mode=False,
        )


GENERATED = str(PROJECT / "experiments" / "elections" / "generated_2017.pb")


def winners_under(rule: str) -> set[str]:
    came = CliRunner().invoke(command_line, ["pb", GENERATED, "--rule", rule, "--json"], catch_exceptions=False)
    return set(json.loads(came.stdout)["winners"])


def test_a_committee_of_a_given_size_is_chosen_from_a_real_election_and_its_default_is_told_in_words() -> None:
    assert winners_under("committee.greedy_monroe:size=1") == {"p6"}  # most votes
    assert winners_under("committee.greedy_monroe:size=2") == winners_under("committee.greedy_monroe")
    for language, words in (("en", "as many as the budget pays for"), ("zh", "预算够付几名就选几名")):
        shown = CliRunner().invoke(command_line, ["--lang", language, "rules", "show", "committee.monroe"]).stdout
        (size,) = [line.split() for line in shown.splitlines() if line.split()[:1] == ["size"]]
        assert size[1] == "none"
        assert words in shown.replace("\n", "").replace(" ", "") or words in " ".join(shown.split())
    listed = json.loads(CliRunner().invoke(command_line, ["rules", "list", "--json"]).stdout)
    committees = [rule for rule in listed if rule["id"].startswith("committee.")]
    assert len(committees) == 6
    for rule in committees:
        assert {"size": None}.items() <= {
            parameter["name"]: parameter["default"] for parameter in rule["parameters"]
        }.items()


def test_planners_overrides_go_over_a_real_election() -> None:
    plain = winners_under("pb.greedy_votes")
    assert "p6" in plain and "p11" not in plain and {"p6", "p1"} <= plain
    assert "p11" in winners_under("pb.greedy_votes+force:ids=p11")
    assert "p6" not in winners_under("pb.greedy_votes+exclude:ids=p6")
    assert winners_under("pb.greedy_votes+min_votes:votes=80") == {"p1", "p6", "p7"}
    assert "p1" not in winners_under("pb.greedy_votes+exclusive:groups=p1 p6")
    came = CliRunner().invoke(command_line, ["pb", GENERATED, "--rule", "pb.greedy_votes+exclude:ids=p6"])
    assert "exclude (ids=p6)" in came.stdout


@pytest.mark.parametrize("override", ["force:ids=p99", "exclusive:groups=p1 p2;p3 p99"])
def test_an_override_of_a_project_that_is_not_there_is_refused_before_settling(override: str) -> None:
    with pytest.raises(InvalidInput, match="names the project 'p99', which is not on the ballot"):
        CliRunner().invoke(
            command_line,
            ["pb", GENERATED, "--rule", f"pb.greedy_votes+{override}"],
            catch_exceptions=False,
            standalone_mode=False,
        )


def test_what_is_kept_for_the_next_round_is_told() -> None:
    for rule in ("pb.mes:completion=carry", "pb.greedy_no_skip+unsaturated:action=keep"):
        came = CliRunner().invoke(command_line, ["pb", GENERATED, "--rule", rule, "--json"], catch_exceptions=False)
        told = json.loads(came.stdout)
        assert told["carried"] == told["budget"] - told["spent"] > 0
        shown = CliRunner().invoke(command_line, ["pb", GENERATED, "--rule", rule], catch_exceptions=False)
        assert f"{told['carried']:,} CNY are kept for the next round" in shown.stdout


def test_a_file_that_cannot_be_read_does_not_keep_others_from_being_replayed(tmp_path: Path) -> None:
    (tmp_path / "a.pb").write_text("META\nkey;value\n", encoding="utf-8")
    (tmp_path / "b.pb").write_text(Path(GENERATED).read_text(encoding="utf-8"), encoding="utf-8")
    came = CliRunner().invoke(command_line, ["rules", "replay", str(tmp_path), "--json"])
    assert isinstance(came.exception, SystemExit) and came.exit_code == 3
    told = json.loads(came.stdout)
    assert (told["agree"], told["compared"], len(told["rows"])) == (1, 1, 2)
    assert "a.pb:2: section PROJECTS is missing" in told["rows"][0]["reason"]["en"]


def test_a_division_shows_what_each_project_is_paid_and_a_choice_does_not() -> None:
    divided = CliRunner().invoke(command_line, ["pb", GENERATED, "--rule", "claims.proportional"]).stdout
    assert "Paid" in divided.splitlines()[3] and "13,661.54   wins" in divided
    assert "Paid" not in CliRunner().invoke(command_line, ["pb", GENERATED, "--rule", "pb.greedy_votes"]).stdout
