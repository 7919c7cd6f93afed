"""Elections in `.pb` form: what is accepted, what is refused with its line, and the official winners of real ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from commsim.errors import InvalidInput
from commsim.plugins.loader import load_catalogue
from commsim.plugins.pabulib import read_pb
from commsim.plugins.replay import replay
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
        ("approval", "shouting", 1, "vote_type"),
        ("project_id;cost", "project_id;price", 8, "no column 'cost'"),
        ("budget;", "money;", 1, "no budget"),
    ],
)
def test_what_would_change_an_outcome_is_refused_with_its_line(
    tmp_path: Path, change: str, by: str, line: int, words: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_pb(written(tmp_path, TEXT.replace(change, by, 1)))
    assert f"made.pb:{line}: " in str(caught.value) and words in str(caught.value)


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
