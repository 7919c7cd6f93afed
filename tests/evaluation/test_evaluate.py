"""The door to rules without a model: every worked example of the evidence, real elections, input that is refused."""

from __future__ import annotations

import json
import math
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commsim.contracts import Award, RoundView, Rule
from commsim.elections.pabulib import read_pb
from commsim.elections.replay import rule_of
from commsim.errors import InvalidInput, RuleError
from commsim.i18n import Bilingual
from commsim.rules import evaluate
from tests.plugins.rounds import CATALOGUE
from tests.shared_data import PROJECT, SHARED_DATA, require_shared_data

EXAMPLES = SHARED_DATA.parent / "evidence" / "rule-worked-examples.json"


def examples() -> list[Any]:
    if not EXAMPLES.exists():
        return [
            pytest.param(None, marks=pytest.mark.skip(reason="needs the shared worked examples beside the project"))
        ]
    return [pytest.param(one, id=one["id"]) for one in json.loads(EXAMPLES.read_text(encoding="utf-8"))]


@pytest.mark.data
@pytest.mark.parametrize("example", examples())
def test_every_worked_example_of_the_evidence_comes_out(example: dict[str, Any]) -> None:
    given, expected = example["input"], example["expected"]
    if isinstance(given, str):
        path = require_shared_data("pabulib", Path(given).name)
        election = read_pb(path)
        given, stated = path, re.search(r"\((\d+) projects", expected)
        expected = [one for one, mark in zip(election.ids, election.selected, strict=True) if mark == "1"]
        assert stated is not None and len(expected) == int(stated[1])
        assert set(evaluate(example["rule"], path)) == set(expected)
        return
    assert same(evaluate(example["rule"], given), expected, example["tolerance"])


def test_an_equal_split_capped_by_the_ask_is_water_filling_and_by_anything_else_is_refused() -> None:
    asks = {"budget": 100, "asks": [10, 30, 40, 60]}
    assert evaluate("basic.equal_split", asks) == [10, 25, 25, 25]
    assert evaluate("basic.equal_split(cap=ask)", asks) == evaluate("claims.cea", asks) == [10, 30, 30, 30]
    with pytest.raises(InvalidInput, match="cap.*5.*the word ask"):
        evaluate("basic.equal_split(cap=5)", asks)


def same(came: Any, expected: Any, tolerance: float) -> bool:
    if isinstance(expected, dict):
        return set(came) == set(expected) and all(same(came[key], expected[key], tolerance) for key in expected)
    if isinstance(expected, list):
        return len(came) == len(expected) and all(same(a, b, tolerance) for a, b in zip(came, expected, strict=True))
    if isinstance(expected, (int, float)) and not isinstance(expected, bool):
        return math.isclose(came, expected, abs_tol=tolerance)
    return bool(came == expected)


def test_a_path_gives_the_winners_of_the_election_in_the_file() -> None:
    own = PROJECT / "experiments" / "elections" / "generated_2017.pb"
    election = read_pb(own)
    official = {one for one, mark in zip(election.ids, election.selected, strict=True) if mark == "1"}
    named = rule_of(election)
    assert named is not None
    assert set(evaluate(named[0], own, named[1])) == set(evaluate(named[0], str(own), named[1])) == official
    assert evaluate(CATALOGUE.make("pb.seq_phragmen"), own)
    with pytest.raises(InvalidInput, match="nowhere.pb: cannot be read"):
        evaluate("pb.mes", "nowhere.pb")


REFUND = {"threshold": 100, "pledges": [60, 90]}


@pytest.mark.parametrize(
    ("rule", "given", "expected"),
    [
        ("seed.refund_bonus(bonus=0.2, rebate=proportional)", REFUND, {"refunds": [20, 30], "bonuses": [0, 0]}),
        ("seed.refund_bonus(bonus=0.2)", {"threshold": 200, "pledges": [60, 90]}, {"bonuses": [12, 18]}),
        ("seed.refund_bonus(threshold_yuan=200)", {"pledges": [60, 90]}, {"funded": False, "refunds": [60, 90]}),
        ("seed.refund_bonus(threshold_share=0.5)", {"ask": 301, "pledges": [60, 90]}, {"funded": False}),
        ("seed.refund_bonus(threshold_share=0.5)", {"ask": 300, "pledges": [60, 90]}, {"funded": True}),
        ("seed.provision_point(threshold_share=0.5)", {"ask": 301, "pledges": [60, 90]}, {"funded": False}),
        ("seed.provision_point(threshold_yuan=150)", {"ask": 301, "pledges": [60, 90]}, {"funded": True}),
        ("seed.provision_point(threshold_yuan=150)", {"pledges": [60, 89]}, {"refunds": [60, 89]}),
        (
            "seed.provision_point(rebate=proportional)",
            {"threshold": 100, "pledges": [100, 50, 50]},
            {"refunds": [50, 25, 25]},
        ),
        # The seed of half the ask counts: residents raise the other 50 of the 150.
        (
            "seed.provision_point(seed_counts=true)",
            {"threshold": 150, "ask": 200, "pledges": [30, 20]},
            {"funded": True},
        ),
        (
            "seed.provision_point(seed_counts=true)",
            {"threshold": 150, "ask": 200, "pledges": [30, 19]},
            {"funded": False, "refunds": [30, 19]},
        ),
        ("seed.provision_point(rebate=extra)", {"threshold": 100, "pledges": [60, 90]}, {"refunds": [0, 0]}),
        # The public has nothing to complete the project with, so it fails although the threshold is met.
        ("seed.provision_point", {"threshold": 100, "ask": 200, "pledges": [120], "budget": 0}, {"funded": False}),
    ],
)
def test_thresholds_come_out_as_the_rule_settles_them(
    rule: str, given: dict[str, Any], expected: dict[str, Any]
) -> None:
    came = evaluate(rule, given)
    assert {name: came[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("rule", "given", "expected"),
    [
        ("match.linear", {"pledges": [1, 1, 1], "pool": 1}, [1 / 3] * 3),
        ("match.linear(rate=0.1)", {"pledges": [0.05, 1e6]}, [0.005, 1e5]),
        ("match.linear(pool=false)", {"pledges": [50, 60, 70], "budget": 100}, [50, 50, 0]),
        ("match.tiered(cap=900)", {"pledges": [500, 3000], "tiers": "0:1 1000:0.5", "asks": [400, 5000]}, [400, 900]),
        ("match.required_ratio", {"asks": [1000, 1000], "pledges": [1000, 999], "category": [2, 2]}, None),
        ("match.required_ratio", {"asks": [100, 100], "pledges": [50, 50], "budget": 150}, [100, 50]),
        ("seed.lead(share=0.5)", {"asks": [100, 60], "budget": 40}, [25, 15]),
        ("seed.lead(share=0.5)", {"asks": [100, 60], "budget": 100, "minimum_viable": [60, 30]}, [0, 30]),
        ("seed.threshold_then_match(threshold=50)", {"pledges": [49, 50, 90], "pool": 70}, [0, 25, 45]),
        ("seed.threshold_then_match", {"pledges": [49, 50], "threshold": 50}, [0, 50]),
    ],
)
def test_matches_come_out_as_the_rule_settles_them_without_its_rounding(
    rule: str, given: dict[str, Any], expected: list[float] | None
) -> None:
    came = evaluate(rule, given)
    assert came == pytest.approx(expected, abs=1e-6) if expected is not None else len(came) == 2


@settings(max_examples=60, deadline=None)
@given(
    gifts=st.lists(st.floats(0, 1e6), min_size=1, max_size=6),
    rate=st.floats(0, 10),
    cap=st.floats(1, 1e6),
    pool=st.floats(0, 1e6),
)
def test_a_linear_match_agrees_with_its_formula_to_a_millionth(
    gifts: list[float], rate: float, cap: float, pool: float
) -> None:
    cap = round(cap, 2)
    wished = np.minimum(rate * np.array(gifts), cap)
    expected = wished * min(1.0, pool / wished.sum() if wished.sum() else 1.0)
    came = evaluate("match.linear", {"pledges": gifts, "pool": pool}, {"rate": rate, "cap_yuan": cap})
    assert came == pytest.approx(expected.tolist(), abs=1e-6, rel=1e-6)


def test_modifiers_are_written_as_on_the_command_line_and_amounts_of_areas_are_in_yuan() -> None:
    election = {"budget": 10, "projects": {"a": 10, "b": 10}, "approvals": [["a"], ["a"], ["b"]]}
    assert evaluate("pb.greedy_votes+force:ids=b", election) == {"a": 0.0, "b": 10.0}
    assert evaluate("match.linear:rate=2", {"pledges": [5]}) == evaluate("match.linear(rate=2)", {"pledges": [5]})
    shares = {"budget": 100, "projects": {"a": 100, "b": 100}, "areas": ["x", "y"], "population": [90, 10]}
    guaranteed = {**shares, "need": [0.5, 0.5], "last_award": [50, 50]}
    assert evaluate("basic.needs_weighted+hold_harmless", guaranteed) == {"a": 55.0, "b": 45.0}


def test_conviction_that_is_kept_in_full_adds_up() -> None:
    assert evaluate("conviction.level", {"y0": 5, "stake": 50, "alpha": 1, "t": 3}) == 155


class Shown(Rule):
    """Pays nothing and remembers what it was shown."""

    id = "test.shown"
    title = Bilingual(en="Shown", zh="所见")
    seen: RoundView

    def settle(self, view: RoundView) -> Award:
        type(self).seen = view
        return Award(paid=np.zeros(len(view.proposals), np.int64), reasons=("nothing",) * len(view.proposals))


def needing(*needs: str) -> type[Shown]:
    return type("Needing", (Shown,), {"needs": frozenset(needs)})


TWO = {"budget": 10, "projects": {"a": 5, "b": 8}}


@pytest.mark.parametrize(
    ("needs", "given", "words"),
    [
        ("scores", {}, "needs 'scores' in its input; it holds budget, projects"),
        ("ballots", {}, "needs 'approvals' / 'points' in its input"),
        ("population", {}, "needs 'population' in its input"),
        ("performance", {}, "decides by performance, which a plain input does not hold"),
        ("indicator.degree", {}, r"decides by indicator\.degree, which a plain input does not hold"),
        ("scores", {"scores": [1]}, r"scores holds \[1.0\]; expected 2 values, as many as projects"),
        ("scores", {"scores": [[1, 2, 3]]}, "expected 2 values, as many as projects"),
        ("scores", {"scores": {"a": 1}}, r"needs scores\['b'\] in its input"),
        ("scores", {"scores": {"a": 1, "c": 1}}, "scores names 'c', which is no project of the input"),
        ("population", {"population": [1]}, "expected 2 values, as many as projects"),
        ("population", {"population": [1, 2], "areas": ["x", "x"]}, "expected 1 values, as many as areas"),
        ("last_award", {"last_award": [1]}, "expected 2 values, as many as projects"),
    ],
)
def test_a_rule_of_ones_own_is_not_settled_without_what_it_needs(needs: str, given: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as caught:
        evaluate(needing(needs), {**TWO, **given})
    assert "rule 'test.shown'" in str(caught.value)


@pytest.mark.parametrize(
    ("scores", "marks", "means"),
    [
        ([1, 3], [[1, 3]], [1, 3]),
        ([[1, 3], [2, None]], [[1, 3], [2, math.nan]], [1.5, 3]),
        ({"b": 3, "a": 1}, [[1, 3]], [1, 3]),
        ({"b": [3, 5], "a": [1, 1]}, [[1, 3], [1, 5]], [1, 4]),
    ],
)
def test_marks_come_by_project_or_by_judge(scores: Any, marks: list[list[float]], means: list[float]) -> None:
    rule = needing("scores")
    evaluate(rule, {**TWO, "scores": scores})
    np.testing.assert_array_equal(rule.seen.marks, marks)
    np.testing.assert_array_equal(rule.seen.proposals.scores, means)


def test_values_by_area_without_areas_are_of_one_area_a_project() -> None:
    rule = needing("population")
    evaluate(rule, {**TWO, "population": [30, 40]})
    assert rule.seen.proposals.area.tolist() == [0, 1]
    assert rule.seen.areas.population.tolist() == [30, 40]


def test_an_input_that_is_neither_words_nor_a_file_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"an input is a mapping by word.*; \[1\] came"):
        evaluate(needing(), [1])  # type: ignore[arg-type]


def test_modifiers_after_brackets_are_answered_with_the_form_that_takes_them() -> None:
    with pytest.raises(RuleError, match=r"match\.linear:rate=1,cap_yuan=5000\+cap:share=0\.1"):
        evaluate("match.linear(rate=1, cap=5000)+cap:share=0.1", {"pledges": [1]})
    form = {"budget": 10, "projects": {"a": 10, "b": 10}, "pledges": {"a": [5]}}
    assert evaluate("match.linear:rate=1,cap_yuan=5000+cap:share=0.1", form) == {"a": 1.0, "b": 0.0}


VOTING = sorted(one for one in CATALOGUE if "ballots" in CATALOGUE[one].needs)
MARKS = st.lists(st.sets(st.sampled_from("abcd"), min_size=1).map(sorted), min_size=1, max_size=5)


@pytest.mark.parametrize("rule", VOTING)
@settings(max_examples=25, deadline=None)
@given(ballots=MARKS, data=st.data(), budget=st.integers(1, 12))
def test_a_ballot_of_weight_w_counts_as_w_ballots(
    rule: str, ballots: list[list[str]], data: st.DataObject, budget: int
) -> None:
    weights = data.draw(st.lists(st.integers(0, 3), min_size=len(ballots), max_size=len(ballots)))
    election = {"budget": budget, "projects": {"a": 1, "b": 2, "c": 3, "d": 4}}
    copies = [ballot for ballot, weight in zip(ballots, weights, strict=True) for _copy in range(weight)]
    expected = evaluate(rule, {**election, "approvals": copies})
    assert evaluate(rule, {**election, "approvals": ballots, "weights": weights}) == expected
    assert evaluate(rule, {**election, "approvals": ballots, "multiplicities": weights}) == expected


CORRECTED: list[tuple[str, dict[str, Any], Any]] = [
    (
        "pb.greedy_votes",
        {"budget": 1, "projects": {"a": 1, "b": 1}, "approvals": [["a"], ["a"], ["b"]], "weights": [1, 1, 5]},
        ["b"],
    ),
    (  # the exhaustive definition, of two that are published; the other ends at ["p1"]
        "pb.mes(completion=phragmen)",
        {
            "budget": 4,
            "projects": {"p1": 2, "p2": 2, "p3": 3},
            "approvals": [["p1"]] * 5 + [["p2"]] + [["p3"]] * 2,
        },
        ["p1", "p2"],
    ),
    ("qf.cocm(harsh)", {"donations": [[4], [4], [4]], "clusters": [[1, 0], [1, 1], [0, 1]]}, [6.0]),
    (
        "pb.cstv(variant=ewtc)",
        {"budget": 10, "projects": {"a": 4, "b": 9}, "points": [{"a": 3, "b": 7}]},
        ["b"],
    ),
]


@pytest.mark.parametrize(("rule", "given", "expected"), CORRECTED)
def test_calls_that_once_came_out_wrong_come_out_right(rule: str, given: dict[str, Any], expected: Any) -> None:
    assert evaluate(rule, given) == expected


def test_weights_of_voters_decide() -> None:
    election = {"budget": 1, "projects": {"a": 1, "b": 1}, "approvals": [["a"], ["a"], ["b"]]}
    assert evaluate("pb.greedy_votes", election) == ["a"]
    assert evaluate("pb.greedy_votes", {**election, "weights": [1, 1, 5]}) == ["b"]
    assert evaluate("divisible.mean", {"votes": [[1, 0], [0, 1]], "weights": [1, 3]}) == [0.25, 0.75]


@pytest.mark.parametrize("rule", [one for one in VOTING if one.startswith(("pb.", "committee."))])
@settings(max_examples=15, deadline=None)
@given(ballots=MARKS, budget=st.integers(1, 12))
def test_costs_in_thirds_decide_as_the_same_costs_in_whole_yuan(
    rule: str, ballots: list[list[str]], budget: int
) -> None:
    whole = {"a": 1, "b": 2, "c": 3, "d": 4}
    thirds = {one: f"{cost}/3" for one, cost in whole.items()}
    election = {"approvals": ballots, "budget": budget, "projects": whole}
    params = {"step_yuan": 3.0} if rule == "pb.mes" else {}
    expected = evaluate(rule, election, params)
    in_thirds = {"approvals": ballots, "budget": Fraction(budget, 3), "projects": thirds}
    assert evaluate(rule, in_thirds, {"step_yuan": 1.0} if params else {}) == expected


def test_a_third_three_times_is_within_one() -> None:
    election = {"budget": 1, "projects": dict.fromkeys("abc", Fraction(1, 3)), "approvals": [["a", "b", "c"]]}
    assert evaluate("pb.greedy_votes", election) == evaluate("pb.mes", election) == ["a", "b", "c"]


CAPPED = """META
key;value
budget;300
vote_type;approval
rule;greedy
min_project_score_threshold;2
categories;Green,Youth
budget_per_category;100,200
PROJECTS
project_id;cost;category
1;100;Green
2;100;Green
3;200;Youth
VOTES
voter_id;vote
a;1,2,3
b;1,2
c;1,3
"""


@pytest.mark.filterwarnings("error")
def test_a_file_is_evaluated_with_its_caps_and_what_is_not_followed_is_warned_of(tmp_path: Path) -> None:
    path = tmp_path / "capped.pb"
    path.write_text(CAPPED, encoding="utf-8")
    assert evaluate("pb.greedy_votes:min_votes=2", path) == ["1", "3"]
    with pytest.warns(UserWarning, match="capped.pb: min_project_score_threshold is 2, which 'pb.greedy_votes'"):
        assert evaluate("pb.greedy_votes", path) == ["1", "3"]
    with pytest.warns(UserWarning, match="budget_per_category is not applied"):
        evaluate("pb.mes+min_votes:votes=2", path)


@pytest.mark.parametrize("rule", ["match.linear", "panel.mean"])
def test_a_rule_that_decides_by_what_no_file_holds_is_not_tried_on_one(rule: str, tmp_path: Path) -> None:
    path = tmp_path / "capped.pb"
    path.write_text(CAPPED, encoding="utf-8")
    with pytest.raises(InvalidInput, match="a .pb file holds costs and votes; .* which it does not hold"):
        evaluate(rule, path)
    with pytest.raises(InvalidInput, match="cannot be read: embedded null byte"):
        evaluate("pb.mes", "a\0b")
