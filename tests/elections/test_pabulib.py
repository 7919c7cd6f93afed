"""Elections in `.pb` form: what is accepted, what is refused with its line, and the official winners of real ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from commsim.elections.election import winners_of
from commsim.elections.pabulib import read_pb
from commsim.elections.replay import in_currency, replay, rule_of, settle
from commsim.errors import InvalidInput
from commsim.plugin_host.loader import load_catalogue
from tests.shared_data import PROJECT, require_shared_data

OWN = PROJECT / "experiments" / "elections" / "generated_2017.pb"
TEXT = """META
key;value
budget;1 000,50
vote_type;approval
rule;greedy-threshold
min_project_score_threshold;1
PROJECTS
project_id;cost;name;selected
1;600,25;"Lamps; benches";1
 2 ;500;Garden;0
VOTES
voter_id;vote
a;1, 2
b;1
c;
"""
CATALOGUE = load_catalogue(entry_points=False)


def written(folder: Path, text: str) -> Path:
    path = folder / "made.pb"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_real_files_contain_is_accepted(tmp_path: Path) -> None:
    election = read_pb(written(tmp_path, "\ufeff" + TEXT))
    assert election.budget == 100_050
    assert election.cost.tolist() == [60_025, 50_000]
    assert election.ids == ("1", "2") and election.names[0] == "Lamps; benches"
    assert election.ballots.rows == 3 and election.ballots.totals(2).tolist() == [2, 1]
    assert replay(election, CATALOGUE).agree is True


@pytest.mark.parametrize(
    ("change", "by", "line", "words"),
    [
        (" 2 ;500", "1;500", 10, "already in line 9"),
        ("500;Garden", "-500;Garden", 10, "expected 0 or more"),
        ("500;Garden", "many;Garden", 10, "at most two decimals"),
        ("b;1", "a;1", 14, "has voted already in line 13"),
        ("a;1, 2", "a;1, 7", 13, "no project of this file"),
        ("approval", "aproval", 4, "vote_type is 'aproval'; expected one of approval, choose-1"),
        ("approval", "aproval", 4, "Did you mean 'approval'? Correct this line"),
        ("project_id;cost", "project_id;price", 8, "no column 'cost'"),
        ("budget;", "money;", 1, "no budget"),
        ("threshold;1", "threshold;abc", 6, "min_project_score_threshold is 'abc'; expected a number from 0"),
        ("rule;", "max_length;abc\nrule;", 5, "max_length is 'abc'; expected a number from 0"),
        ("1;600,25", "1;99999999999999999999", 9, "expected at most 1,000,000,000,000"),
        ("budget;1 000,50", "budget;99999999999999999999", 3, "expected at most 1,000,000,000,000"),
        ("budget;1 000,50", "budget;1e9999999", 3, "expected at most 1,000,000,000,000"),
        ("budget;1 000,50", "budget;1,000", 3, "'1,000' may mean 1000 or 1.000; write it without the ','"),
        ("budget;1 000,50", "budget;1.000", 3, "'1.000' may mean 1000 or 1.000; write it without the '.'"),
        ("project_id;cost;name", "project_id;cost;cost", 8, "the column 'cost' comes twice"),
        ("b;1", "b", 14, "1 cells for the 2 columns of the heading, so that 'vote' is missing"),
        ("vote\na;1, 2\nb;1\nc;", "age;vote\na;30;1\nb;1\nc;;", 14, "so that 'vote' is missing"),
        ("600,25", "6,000", 9, "'6,000' may mean 6000 or 6.000"),
        ("b;1", "b;1;2", 14, "3 cells for the 2 columns of the heading"),
        ("b;1", ";1", 14, "this voter has no voter_id"),
        ("a;1, 2", "a;1, 7", 13, "which is no project of this file. Correct this line"),
        ('600,25;"Lamps; benches"', '600,25;"Lamps; benches', 9, 'a quote (") opens here and is never closed'),
        ("project_id;cost", "project_id;costs", 8, "Did you mean 'costs'?"),
    ],
)
def test_what_would_change_an_outcome_is_refused_with_its_line(
    tmp_path: Path, change: str, by: str, line: int, words: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_pb(written(tmp_path, TEXT.replace(change, by, 1)))
    assert f"made.pb:{line}: " in str(caught.value) and words in str(caught.value)


POINTS = TEXT.replace("approval", "cumulative").replace(
    "voter_id;vote\na;1, 2\nb;1\nc;", "voter_id;vote;points\na;1,2;3,7\nb;1;10"
)


def test_meta_is_read_without_its_heading_and_thousands_with_marks_are_read_as_such(tmp_path: Path) -> None:
    election = read_pb(written(tmp_path, TEXT.replace("key;value\n", "").replace("1 000,50", "1.000.000")))
    assert (election.budget, election.threshold) == (100_000_000, 1)


def test_optional_cells_may_be_missing_at_the_end_of_a_row(tmp_path: Path) -> None:
    election = read_pb(written(tmp_path, TEXT.replace("500;Garden;0", "500")))
    assert (election.names, election.selected) == (("Lamps; benches", "2"), ("1", ""))


@pytest.mark.parametrize("points", ["99999999999999999999", "many", "-3", "1e400"])
def test_points_that_are_no_countable_numbers_are_refused_with_their_line(tmp_path: Path, points: str) -> None:
    with pytest.raises(InvalidInput, match=r"made.pb:14: points is .* expected a number from 0 to 1,000,000,000"):
        read_pb(written(tmp_path, POINTS.replace("b;1;10", f"b;1;{points}")))


def test_an_empty_file_and_one_in_another_encoding_are_refused_with_a_line(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"made.pb:1: section META is missing"):
        read_pb(written(tmp_path, ""))
    path = tmp_path / "made.pb"
    path.write_bytes(TEXT.replace("Garden", "Ogród").encode("iso-8859-2"))
    with pytest.raises(InvalidInput, match=r"made.pb:10: not UTF-8 \(byte 1\d\d of the file\)"):
        read_pb(path)


@pytest.mark.parametrize("strange", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"])
def test_only_line_ends_of_files_end_a_row(tmp_path: Path, strange: str) -> None:
    election = read_pb(written(tmp_path, TEXT.replace("Garden", f"Gar{strange}den")))
    assert election.names[1] == f"Gar{strange}den" and election.ballots.rows == 3


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_other_line_ends_are_read_alike(tmp_path: Path, ends: str) -> None:
    path = tmp_path / "made.pb"
    path.write_bytes(TEXT.replace("\n", ends).encode())
    assert read_pb(path).ballots.rows == 3
    path.write_bytes(TEXT.replace("b;1", "b;9").replace("\n", ends).encode())
    with pytest.raises(InvalidInput, match="made.pb:14:"):
        read_pb(path)


def test_a_name_over_two_lines_does_not_shift_line_numbers(tmp_path: Path) -> None:
    text = TEXT.replace("Lamps; benches", "Lamps;\nbenches")
    assert read_pb(written(tmp_path, text)).names[0] == "Lamps;\nbenches"
    with pytest.raises(InvalidInput, match="made.pb:15: the vote names"):
        read_pb(written(tmp_path, text.replace("b;1", "b;9")))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            TEXT.replace("rule;", "max_length;1\nrule;"),
            ["max_length is 1, and ballots that do not keep", "line 14 (2)"],
        ),
        (
            TEXT.replace("rule;", "min_length;2\nrule;"),
            ["min_length is 2, and ballots that do not keep", "line 15 (1)"],
        ),
        (POINTS.replace("rule;", "max_points;6\nrule;"), ["max_points is 6, and ballots that do not", "line 14 (7)"]),
        (POINTS.replace("rule;", "min_points;4\nrule;"), ["min_points is 4, and ballots that do not", "line 14 (3)"]),
        (
            POINTS.replace("cumulative", "scoring").replace("rule;", "default_score;1\nrule;"),
            ["default_score in line 5 is 1, and projects that a ballot does not name count as 0"],
        ),
        (TEXT.replace("approval", "choose-1"), ["max_length is 1, and ballots that do not keep", "line 13 (2)"]),
        (TEXT.replace("rule;", "num_votes;7\nnum_projects;3\nrule;"), ["num_projects is '3'", "num_votes is '7'"]),
        (
            POINTS.replace("rule;", "max_sum_points;9\nrule;"),
            ["max_sum_points is 9", "it: 2, the first in line 14 (10)"],
        ),
        (TEXT.replace("rule;", "max_length;2\nmin_length;1\nnum_votes;3\nnum_projects;2\nrule;"), []),
    ],
)
def test_what_a_file_says_and_does_not_keep_is_noted(tmp_path: Path, text: str, words: list[str]) -> None:
    notes = " ".join(map(str, read_pb(written(tmp_path, text)).notes))
    assert all(word in notes for word in words) and bool(notes) == bool(words)


@pytest.mark.parametrize("rule", [one for one in CATALOGUE if one.startswith("pb.")])
def test_a_project_that_costs_nothing_wins_where_the_rule_funds_it(tmp_path: Path, rule: str) -> None:
    election = read_pb(written(tmp_path, TEXT.replace("2 ;500;", "2 ;0;")))
    made = CATALOGUE.make(rule, {"threshold": 1} if rule == "pb.greedy_threshold" else {})
    assert "2" in winners_of(election, settle(election, made))


@pytest.mark.parametrize("modifier", ["exclude:ids=1", "force:ids=2", "part_fund_last"])
def test_a_project_that_costs_nothing_wins_under_modifiers_as_well(tmp_path: Path, modifier: str) -> None:
    election = read_pb(written(tmp_path, TEXT.replace("2 ;500;", "2 ;0;")))
    for rule in ("pb.greedy_votes", "pb.mes"):
        made = CATALOGUE.make_written(f"{rule}+{modifier}")
        assert "2" in winners_of(election, settle(election, made))


def test_why_a_rule_of_a_file_cannot_be_replayed_is_told_apart(tmp_path: Path) -> None:
    def told(by: str) -> str:
        return str(replay(read_pb(written(tmp_path, TEXT.replace("rule;greedy-threshold", by))), CATALOGUE).reason)

    assert told("rule;unknown") == "the file says that its rule is unknown"
    assert told("rule;") == "the file does not name a rule"
    assert "names the rule 'greedi', which is not known here. Did you mean 'greedy'? Known: greedy," in told(
        "rule;greedi"
    )


def test_reasons_speak_of_the_currency_of_the_file(tmp_path: Path) -> None:
    election = read_pb(written(tmp_path, TEXT.replace("rule;", "currency;EUR\nrule;")))
    reason = in_currency(settle(election, CATALOGUE.make("pb.greedy_votes")).reasons[0], election)
    assert "EUR" in reason.to("en") and "yuan" not in reason.to("en")
    assert "EUR" in reason.to("zh") and "元" not in reason.to("zh")


def test_places_of_a_ranking_become_points(tmp_path: Path) -> None:
    election = read_pb(written(tmp_path, TEXT.replace("approval", "ordinal")))
    assert election.ballots.amount.tolist() == [2, 1, 2]


def test_our_own_election_comes_out_as_it_says() -> None:
    result = replay(read_pb(OWN), CATALOGUE)
    assert result.agree is True and result.winners


@pytest.mark.data
@pytest.mark.parametrize(
    "name",
    "Poland_Swiecie_2023 Netherlands_Assen_2024 Poland_Warszawa_2020_Wawer Poland_Gdynia_2020 "
    "Poland_Czestochowa_2024_Rakow".split(),
)
def test_official_winners_of_real_elections_come_out(name: str) -> None:
    assert replay(read_pb(require_shared_data("pabulib", f"{name}.pb")), CATALOGUE).agree is True


@pytest.mark.data
@pytest.mark.study
def test_all_official_winners_come_out_but_for_one_tie() -> None:
    folder = require_shared_data("pabulib", "index.csv").parent
    rows = [replay(read_pb(path), CATALOGUE) for path in sorted(folder.glob("*.pb"))]
    assert sum(row.agree is not None for row in rows) >= 120
    assert [row.file for row in rows if row.agree is False] == ["Poland_Warszawa_2019_Okecie.pb"]


def test_points_with_decimals_meet_the_file_s_own_threshold_in_whole_points(tmp_path: Path) -> None:
    file = tmp_path / "tenths.pb"
    file.write_text(
        "META\nkey;value\nbudget;10\nvote_type;cumulative\nrule;greedy-threshold\nmin_project_score_threshold;10\n"
        "PROJECTS\nproject_id;cost\n1;5\n2;5\nVOTES\nvoter_id;vote;points\n1;1,2;0.5,1.5\n2;2;4\n",
        encoding="utf-8",
    )
    election = read_pb(file)
    assert election.unit == 10 and election.threshold == 100
    assert any("decimals" in str(one) for one in election.notes)
    rule_id, params = rule_of(election)  # type: ignore[misc]
    assert not settle(election, load_catalogue(entry_points=False).make(rule_id, params)).paid.any()
