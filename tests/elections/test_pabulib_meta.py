"""What META and `selected` of a `.pb` file decide: applied, or told and not compared; points in parts; ties."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsim.elections.election import PbElection, winners_of
from commsim.elections.pabulib import read_pb
from commsim.elections.replay import Replay, replay, settle, tied, with_caps
from commsim.elections.ties import TIES, ids_for
from commsim.errors import InvalidInput
from commsim.plugin_host.loader import load_catalogue

CATALOGUE = load_catalogue(entry_points=False)


def election(
    folder: Path,
    meta: str = "",
    projects: str = "project_id;cost;selected\n1;60;1\n2;50;0",
    votes: str = "voter_id;vote\na;1,2\nb;1",
    vote_type: str = "approval",
    rule: str = "greedy",
    budget: str = "100",
) -> PbElection:
    path = folder / "made.pb"
    head = f"META\nkey;value\nbudget;{budget}\nvote_type;{vote_type}\nrule;{rule}\n{meta}"
    path.write_text(f"{head}PROJECTS\n{projects}\nVOTES\n{votes}\n", encoding="utf-8")
    return read_pb(path)


def notes_of(made: PbElection) -> str:
    return " ".join(map(str, made.notes))


def replayed(made: PbElection, written: str | None = None, tie: str = "id") -> Replay:
    return replay(made, CATALOGUE, written, tie)


CATEGORIES = "project_id;cost;category;selected\n1;100;Green;1\n2;100;Green;0\n3;200;Youth;1"
VOTES = "voter_id;vote\na;1,2\nb;1,2\nc;1,3"
CAPS = "categories;Green,Youth\nbudget_per_category;100,200\n"


def test_winners_of_a_category_cost_no_more_than_its_budget(tmp_path: Path) -> None:
    made = election(tmp_path, CAPS, CATEGORIES, VOTES, budget="300")
    result = replayed(made)
    assert result.agree is True and result.winners == ("1", "3")
    reason = settle(made, with_caps(made, CATALOGUE.make("pb.greedy_votes"))).reasons[1]
    assert "winners of Green may cost 100 yuan together (budget_per_category)" in str(reason)


def test_neighbourhoods_are_capped_alike_however_they_are_spelt(tmp_path: Path) -> None:
    meta = CAPS.replace("categories", "neighbourhoods").replace("category", "neighbourhood")
    made = election(tmp_path, meta, CATEGORIES.replace("category", "neighbourhood"), VOTES, budget="300")
    assert replayed(made).winners == ("1", "3")


def test_a_cap_also_holds_for_a_rule_by_votes_that_is_given(tmp_path: Path) -> None:
    made = election(tmp_path, CAPS, CATEGORIES, VOTES, budget="300")
    assert replayed(made, "pb.greedy_votes").winners == ("1", "3")
    assert "budget_per_category is not applied" in str(replayed(made, "pb.mes").reason)


@given(
    cost=st.lists(st.integers(1, 9), min_size=2, max_size=7),
    data=st.data(),
    caps=st.tuples(st.integers(0, 20), st.integers(0, 20)),
    budget=st.integers(0, 40),
)
def test_caps_are_one_walk_down_the_list_that_passes_over_what_does_not_fit(
    tmp_path_factory: pytest.TempPathFactory, cost: list[int], data: st.DataObject, caps: tuple[int, int], budget: int
) -> None:
    group = data.draw(st.lists(st.integers(0, 1), min_size=len(cost), max_size=len(cost)))
    votes = data.draw(st.lists(st.integers(1, 3), min_size=len(cost), max_size=len(cost)))
    ballots = [f"v{at}x{time};{at}" for at, times in enumerate(votes) for time in range(times)]
    rows = [f"{at};{cost[at]};{'AB'[group[at]]};1" for at in range(len(cost))]
    made = election(
        tmp_path_factory.mktemp("caps"),
        f'categories;A,B\nbudget_per_category;"{caps[0]},{caps[1]}"\n',
        "\n".join(["project_id;cost;category;selected", *rows]),
        "\n".join(["voter_id;vote", *ballots]),
        budget=str(budget),
    )
    left, in_group, expected = budget, list(caps), set()
    for at in sorted(range(len(cost)), key=lambda at: (-votes[at], at)):
        if cost[at] <= min(left, in_group[group[at]]):
            expected.add(str(at))
            left -= cost[at]
            in_group[group[at]] -= cost[at]
    assert set(replayed(made).winners) == expected


PLURAL = "voter_id;vote\nv0;1\nv1;1\nv2;2\nv3;2,1\nv4;2,1"
THREE = "project_id;cost;selected\n1;100;0\n2;100;1\n3;100;0"


@pytest.mark.parametrize(("fn", "votes"), [("plurality", [2, 3, 0]), ("Borda", [10, 9, 0]), ("", [10, 9, 0])])
def test_places_count_as_the_file_says(tmp_path: Path, fn: str, votes: list[int]) -> None:
    made = election(tmp_path, f"scoring_fn;{fn}\nmax_length;3\n", THREE, PLURAL, "ordinal")
    assert made.ballots.totals(3).tolist() == votes
    assert replayed(made).agree is (fn == "plurality")


WEIGHED = "voter_id;vote;weight\na;1,2;3\nb;1;1"
POINTS = "voter_id;vote;points\na;1,2;3,7\nb;1;10"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"meta": "scoring_fn;veto\n", "vote_type": "ordinal"}, "scoring_fn in line 6 is 'veto', which is not applied"),
        ({"meta": "scoring_fn;borda\n"}, "scoring_fn in line 6 is 'borda', which is not applied"),
        ({"meta": "leftover_budget;by score\n"}, "leftover_budget in line 6 is 'by score', which is not applied"),
        ({"meta": "max_project_cost;55\n"}, "max_project_cost is 55, and projects that do not keep to it stand on"),
        ({"meta": "min_project_cost;55\n"}, "the ballot all the same: 1, the first in line 10"),
        ({"meta": "budget_per_category;40,60\n"}, "budget_per_category in line 6 is not applied: it takes one amount"),
        ({"meta": CAPS}, "each of categories, and each project in one of them"),
        ({"meta": "default_score;1\n"}, "default_score in line 6 is 1"),
        ({"votes": WEIGHED.replace("weight", "voter_weight")}, "VOTES has a column 'voter_weight' (line 11)"),
        ({"votes": POINTS}, "VOTES has points (first in line 12: '3,7'), which approval ballots are counted without"),
        ({"votes": POINTS, "vote_type": "ordinal"}, "'3,7'), which ordinal ballots are counted without"),
        ({"votes": WEIGHED}, "VOTES has a column 'weight' (line 11), which is not read"),
        (
            {"meta": "default_score;1\n", "vote_type": "scoring", "votes": POINTS},
            "default_score in line 6 is 1, and projects that a ballot does not name count as 0",
        ),
    ],
)
def test_what_decides_and_is_not_applied_is_told_and_not_compared(
    tmp_path: Path, given: dict[str, str], words: str
) -> None:
    made = election(tmp_path, **given)
    result = replayed(made)
    assert words in notes_of(made)
    assert result.agree is None and result.reason in made.notes


def test_a_threshold_holds_for_rules_without_one_of_their_own(tmp_path: Path) -> None:
    votes = "voter_id;vote\na;1\nb;1\nc;2"
    made = election(tmp_path, "min_project_score_threshold;2\n", votes=votes, rule="equalshares", budget="1000")
    result = replayed(made)
    assert result.winners == ("1",) and result.applied.endswith("+min_votes:votes=2")
    result = replayed(made, "pb.greedy_votes")
    assert result.winners == ("1",) and result.applied == "pb.greedy_votes+min_votes:votes=2"
    assert replayed(made, "pb.greedy_votes:min_votes=2").applied == "pb.greedy_votes:min_votes=2"


@pytest.mark.parametrize(
    ("meta", "words"),
    [
        (
            "max_sum_cost;100\n",
            "max_sum_cost is 100, and ballots that do not keep to it: 1, the first in line 13 (110)",
        ),
        ("min_sum_cost;61\n", "min_sum_cost is 61, and ballots that do not keep to it: 1, the first in line 14 (60)"),
        ("max_length_per_category;1\n", "max_length_per_category is 1, which cannot be checked"),
        ("max_lenght;2\n", "'max_lenght' of META in line 6 is not known and not read; the nearest that is known is"),
        ("nothing_like_it;2\n", "'nothing_like_it' of META in line 6 is not known and not read"),
        ("max_sum_cost;110\nmin_sum_cost;60\nmax_project_cost;60\nmin_project_cost;50\n", ""),
    ],
)
def test_limits_that_ballots_do_not_keep_and_keys_that_are_not_known_are_noted(
    tmp_path: Path, meta: str, words: str
) -> None:
    made = election(tmp_path, meta)
    assert words in notes_of(made) and bool(made.notes) == bool(words) and replayed(made).agree is True


def test_limits_for_each_category_are_checked_for_each(tmp_path: Path) -> None:
    meta = "categories;Green,Youth\nmax_length_per_category;1\nmax_sum_cost_per_category;200,100\n"
    notes = notes_of(election(tmp_path, meta, CATEGORIES, VOTES, budget="300"))
    assert "max_length_per_category (Green) is 1, and ballots that do not keep to it: 2, the first in line 16" in notes
    assert (
        "max_sum_cost_per_category (Youth) is 100, and ballots that do not keep to it: 1, the first in line 18" in notes
    )
    assert "(Youth) is 1," not in notes and "max_sum_cost_per_category (Green)" not in notes


@pytest.mark.parametrize(
    "meta",
    [
        "max_sum_cost;lots\n",
        "min_project_cost;-5\n",
        "max_length_per_category;one\n",
        "neighborhoods;A\nneighbourhoods;A\n",
    ],
)
def test_a_limit_that_is_no_number_is_refused_with_its_line(tmp_path: Path, meta: str) -> None:
    with pytest.raises(InvalidInput, match=r"made\.pb:[67]: "):
        election(tmp_path, meta)


@pytest.mark.parametrize(
    ("first", "second"), [("True", "False"), ("TRUE", "false"), ("yes", "no"), ("1.0", "0.0"), ("1", "2"), ("1", "")]
)
def test_winners_are_told_in_the_words_that_files_have(tmp_path: Path, first: str, second: str) -> None:
    made = election(tmp_path, projects=f"project_id;cost;selected\n1;60;{first}\n2;50;{second}")
    assert made.official(0) is True and made.official(1) is (None if not second else False)
    assert replayed(made).agree is True


@pytest.mark.parametrize("word", ["maybe", "4", "1.5", "-1", "nan", "x" * 5000])
def test_another_word_for_a_winner_is_refused_with_its_line(tmp_path: Path, word: str) -> None:
    with pytest.raises(InvalidInput, match=r"made\.pb:8: selected is '.*'; expected 1 or True") as caught:
        election(tmp_path, projects=f"project_id;cost;selected\n1;60;{word}\n2;50;0")
    assert len(str(caught.value)) < 500


def test_where_nobody_is_selected_there_are_no_official_winners(tmp_path: Path) -> None:
    made = election(tmp_path, projects="project_id;cost;selected\n1;60;False\n2;50;no")
    assert not made.has_official and str(replayed(made).reason) == "no official winners"


@pytest.mark.parametrize("vote_type", ["cumulative", "scoring"])
def test_points_that_a_ballot_gives_in_parts_add_up_and_that_is_noted(tmp_path: Path, vote_type: str) -> None:
    votes = "voter_id;vote;points\n1;1,2,1,1,1;1,3,1,0.5,2"
    made = election(tmp_path, votes=votes, vote_type=vote_type)
    assert (made.ballots.totals(2) / made.unit).tolist() == [4.5, 3]
    assert "several times: 1, the first in line 12 ('1'); the points that one ballot gives" in notes_of(made)


def test_a_place_given_twice_is_refused_and_an_approval_given_twice_is_one(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"made\.pb:12: the vote names '1' twice"):
        election(tmp_path, votes="voter_id;vote\na;1,2,1", vote_type="ordinal")
    assert election(tmp_path, votes="voter_id;vote\na;1,2,1").ballots.totals(2).tolist() == [1, 1]


EQUAL = "project_id;cost;selected\n10;60;0\n9;50;1\n2;70;0"


@pytest.mark.parametrize(
    ("tie", "winner"), [("id", "2"), ("file", "10"), ("cheapest", "9"), ("dearest", "2"), ("official", "9")]
)
def test_ties_go_as_asked_and_are_told(tmp_path: Path, tie: str, winner: str) -> None:
    made = election(tmp_path, projects=EQUAL, votes="voter_id;vote\na;2,9,10")
    result = replayed(made, tie=tie)
    assert result.winners == (winner,) and winner in result.tied
    assert result.document()["tie_decided"] is True


def test_equal_votes_that_decide_nothing_are_no_tie(tmp_path: Path) -> None:
    assert replayed(election(tmp_path, votes="voter_id;vote\na;1,2", budget="1000")).tied == ()


@given(data=st.data())
def test_a_tie_that_decides_a_list_is_always_found(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    n = data.draw(st.integers(2, 5))
    cost = data.draw(st.lists(st.integers(1, 5), min_size=n, max_size=n))
    votes = data.draw(st.lists(st.integers(1, 2), min_size=n, max_size=n))
    ballots = [f"v{at}x{time};{at}" for at, times in enumerate(votes) for time in range(times)]
    projects = "\n".join(["project_id;cost", *(f"{at};{cost[at]}" for at in range(n))])
    made = election(tmp_path_factory.mktemp("ties"), "", projects, "\n".join(["voter_id;vote", *ballots]), budget="7")
    rule = CATALOGUE.make(data.draw(st.sampled_from(["pb.greedy_votes", "pb.greedy_no_skip"])))
    outcomes = {
        tuple(winners_of(made, settle(made, rule, ids), ids))
        for order in data.draw(st.lists(st.permutations(range(n)), min_size=3, max_size=10))
        for ids in [tuple(f"{order[at]:02}" for at in range(n))]
    }
    winners = winners_of(made, settle(made, rule))
    assert bool(tied(made, rule, winners)) or outcomes <= {tuple(winners)}


def test_every_way_to_break_ties_keeps_the_ids(tmp_path: Path) -> None:
    made = election(tmp_path)
    assert all(ids_for(made, tie) == made.ids for tie in TIES)


@pytest.mark.parametrize(
    ("mark", "words"), [("\t", "by a tab"), ("；", "by a full-width semicolon"), (",", "by a comma")]
)
def test_cells_that_something_else_separates_are_named(tmp_path: Path, mark: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=rf"made\.pb:8: cells stand apart .*{words} here"):
        election(tmp_path, "x;1\n", projects=f"project_id{mark}cost\n1{mark}60")


def test_names_of_any_script_and_line_ends_of_any_kind_are_read(tmp_path: Path) -> None:
    made = election(
        tmp_path,
        projects='project_id;cost;name;selected\nλ-1;60;"路灯; 长椅 🌳";1\n2;50;Ogród;0',
        votes="voter_id;vote\na;λ-1",
    )
    made.path.write_bytes(("\ufeff" + made.path.read_text(encoding="utf-8")).replace("\n", "\r\n").encode())
    read = read_pb(made.path)
    assert read.names == ("路灯; 长椅 🌳", "Ogród") and replayed(read).agree is True


def test_an_election_without_a_ballot_has_no_voters_and_funds_by_cost_alone(tmp_path: Path) -> None:
    made = election(tmp_path, votes="voter_id;vote")
    assert made.ballots.rows == 0 and replayed(made).tied == ("1", "2")


@pytest.mark.parametrize(
    ("meta", "columns", "words"),
    [
        ("fully_funded;1\n", "", "fully_funded is '1', and all projects together cost 110.0 of a budget of 100.0"),
        ("fully_funded;maybe\n", "", "fully_funded is 'maybe'"),
        ("fully_funded;0\n", "", ""),
        ("", "votes", "votes of projects differ from the ballots of the file, which alone count here: 1, the first in"),
        ("", "score", "score of projects differ from the ballots"),
    ],
)
def test_what_a_file_says_of_its_counts_is_held_against_its_ballots(
    tmp_path: Path, meta: str, columns: str, words: str
) -> None:
    projects = f"project_id;cost;{columns}\n1;60;2\n2;50;7" if columns else "project_id;cost\n1;60\n2;50"
    made = election(tmp_path, meta, projects)
    assert words in notes_of(made) and bool(made.notes) is bool(words)


def test_a_type_of_vote_that_is_guessed_and_a_number_with_an_underscore_are_told(tmp_path: Path) -> None:
    assert "META has no vote_type; by its columns the file is read as approval" in notes_of(
        election(tmp_path, vote_type="")
    )
    with pytest.raises(InvalidInput, match="budget is '1_000'"):
        election(tmp_path, budget="1_000")
