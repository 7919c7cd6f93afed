"""Modifiers: what each changes, that they compose in the order written, and that money stays within the budget."""

from __future__ import annotations

import pickle
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commsim.calling.call import call_rule
from commsim.calling.time_limit import rule_seconds
from commsim.contracts import Award, Bilingual, Modifier, Rule
from commsim.errors import RuleError
from commsim.rules import evaluate
from commsim.scenario.funds import RuleSpec
from commsim.study.simulation import rule_label, rule_of_fund
from tests.plugins.rounds import CATALOGUE, a_round, opened, random_rounds

FEW = settings(max_examples=40, deadline=None)
ALL = [
    {"cap": {"share": 0.3}},
    {"floor": {"yuan": 2000}},
    {"hold_harmless": {"loss": 0.2}},
    {"round": {"unit": 100}},
    {"min_votes": {"votes": 1}},
    {"min_match": {"share": 0.01}},
    {"exclude": {"ids": ["p2"]}},
    {"exclusive": {"groups": [["p1", "p2"], ["p3", "p4"]]}},
    {"area_quota": {"share": 0.5}},
    {"tie": {"by": "cheapest"}},
    "part_fund_last",
    {"unsaturated": {"action": "scale_up"}},
    "carry_over",
    {"tranche": {"shares": [0.5, 0.3, 0.2]}},
]


def settled(rule_id: str, modifiers: list[Any], params: dict[str, Any] | None = None, **changes: Any) -> Award:
    rule = CATALOGUE.make(rule_id, params, modifiers)
    award: Award = call_rule(rule, "settle", opened(rule, changes))
    return award


@pytest.mark.parametrize("rule_id", ["match.linear", "pb.greedy_votes", "basic.needs_weighted", "seed.provision_point"])
@FEW
@given(words=random_rounds(), chosen=st.lists(st.sampled_from(ALL), max_size=5))
def test_whatever_is_laid_over_a_rule_the_award_keeps_to_its_contract(
    rule_id: str, words: dict[str, Any], chosen: list[Any]
) -> None:
    rule = CATALOGUE.make(rule_id, {}, chosen)
    terms = call_rule(rule, "open_round", a_round(rule, **words))
    award = call_rule(rule, "settle", a_round(rule, **words, terms=terms))
    assert award.paid.sum() + award.carry <= words["budget"]
    assert (award.paid <= words["proposals"]["ask"]).all()


@FEW
@given(words=random_rounds(), share=st.floats(0.05, 1.0))
def test_a_cap_binds_and_what_it_frees_is_given_out_while_anybody_has_room(words: dict[str, Any], share: float) -> None:
    plain = CATALOGUE.make("match.linear", {"rate": 5.0})
    before = call_rule(plain, "settle", opened(plain, words)).paid
    after = settled("match.linear", [{"cap": {"share": share}}], {"rate": 5.0}, **words).paid
    limit = int(np.floor(share * words["budget"]))
    assert (after <= limit).all()
    room = np.minimum(words["proposals"]["ask"], limit)[before > 0].sum()
    assert after.sum() == min(before.sum(), room)


def test_modifiers_compose_in_the_order_written() -> None:
    cap, floor = {"cap": {"yuan": 300, "respread": False}}, {"floor": {"yuan": 4000}}
    assert settled("match.linear", [cap, floor]).paid.tolist() == [400_000, 400_000, 0]
    assert settled("match.linear", [floor, cap]).paid.tolist() == [30_000, 30_000, 0]
    reason = str(settled("match.linear", [cap, floor]).reasons[1])
    assert reason.index("the cap is 300 yuan: 550 → 300") < reason.index("the floor is 4,000 yuan: 300 → 4,000")


def test_money_of_projects_kept_out_goes_to_others() -> None:
    plain = settled("pb.greedy_votes", []).paid.tolist()
    assert plain == [600_000, 0, 400_000]
    award = settled("pb.greedy_votes", [{"exclude": {"ids": ["p10"]}}])
    assert award.paid.tolist() == [0, 500_000, 400_000]
    assert str(award.reasons[0]) == "nothing: excluded by decision, not by the rule"


def test_of_incompatible_winners_the_one_with_most_votes_stays_and_the_money_is_used() -> None:
    award = settled("pb.greedy_votes", [{"exclusive": {"groups": [["p10", "p3"]]}}])
    assert award.paid.tolist() == [0, 500_000, 400_000]
    assert "p3" in str(award.reasons[0])


def test_a_forced_winner_is_paid_first_and_promises_must_fit() -> None:
    assert settled("pb.greedy_votes", [{"force": {"ids": "p2"}}]).paid.tolist() == [0, 500_000, 400_000]
    with pytest.raises(RuleError, match="modifiers promise 11,000 yuan"):
        settled("pb.greedy_votes", [{"force": {"ids": "p2 p10"}}])


APPROVALS = [["a", "b"]] * 3 + [["c"]] * 2 + [["d"]]
ELECTION = {"budget": 110, "projects": {"a": 60, "b": 40, "c": 40, "d": 30}, "approvals": APPROVALS}
"""a and b have three votes each, c two, d one."""


def won(rule: str, **changes: Any) -> list[str]:
    return [one for one, paid in evaluate(rule, {**ELECTION, **changes}).items() if paid]


def test_a_forced_winner_stays_beside_what_cannot_go_together_with_it() -> None:
    assert won("pb.greedy_votes+exclusive:groups=a b+force:ids=b") == ["b", "c", "d"]
    assert won("pb.greedy_votes+force:ids=b+exclusive:groups=a b") == ["b", "c", "d"]
    with pytest.raises(RuleError, match="b cannot go together with a, and both are to win by decision"):
        won("pb.greedy_votes+exclusive:groups=a b+force:ids=a b")


def test_a_forced_winner_needs_no_votes_and_its_reason_says_that_it_was_forced() -> None:
    rule = "pb.greedy_votes+min_votes:votes=2+force:ids=d"
    assert won(rule) == ["a", "d"]
    award = settled("pb.greedy_votes", [{"min_votes": {"votes": 9}}, {"force": {"ids": "p2"}}])
    assert "chosen by decision" in str(award.reasons[1])


def test_nobody_can_be_forced_and_excluded() -> None:
    with pytest.raises(RuleError, match="force 'd' and exclude it"):
        won("pb.greedy_votes+force:ids=d+exclude:ids=d")


@pytest.mark.parametrize("rule", ["exclusive:groups=a b+part_fund_last", "part_fund_last+exclusive:groups=a b"])
def test_what_is_left_does_not_part_fund_what_cannot_go_together_with_a_winner(rule: str) -> None:
    # c is next in line behind a and gets its 40; of the 10 that are left nothing goes to b.
    assert won(f"pb.greedy_no_skip+{rule}") == ["a", "c", "d"]


def test_what_is_left_part_funds_who_comes_next_by_the_rules_own_list() -> None:
    projects, approvals = {"low": 80, "top": 60, "mid": 50}, [["top", "mid"]] * 2 + [["top"], ["low"]]
    assert won("pb.greedy_votes+part_fund_last", projects=projects, approvals=approvals, budget=100) == ["top", "mid"]
    with_threshold = "pb.greedy_threshold:threshold=2+part_fund_last"
    small = {"low": 10, "top": 60, "mid": 50}
    assert won(with_threshold, projects=small, approvals=approvals, budget=100) == ["top", "mid"]
    assert won(with_threshold, projects={"low": 10, "top": 60}, approvals=[["top"]] * 2 + [["low"]], budget=100) == [
        "top"
    ]


def test_a_minimum_of_votes_counts_points_where_ballots_give_points() -> None:
    points = [{"a": 3, "b": 1}, {"a": 2, "c": 4}]
    election = {"budget": 100, "projects": {"a": 10, "b": 10, "c": 10}, "points": points}
    paid = evaluate("pb.greedy_votes+min_votes:votes=4", election)
    assert paid == {"a": 10.0, "b": 0.0, "c": 10.0}


@pytest.mark.parametrize(("by", "winner"), [("cheapest", 2), ("votes", 1), ("first", 1)])
def test_ties_go_where_the_modifier_says(by: str, winner: int) -> None:
    class FirstId(Rule):
        id = "test.first_id"
        title = Bilingual(en="first id", zh="首个")

        def settle(self, view: Any) -> Award:
            from commsim.natural_order import natural_order

            paid = np.zeros(len(view.proposals), dtype=np.int64)
            paid[natural_order(view.proposals.id)[0]] = 1
            return Award(paid=paid, reasons=("all are alike, so ids decide",) * len(paid))

    from commsim.calling.modified_rule import ModifiedRule
    from commsim.contracts import Choices

    ballots = Choices(np.array([0, 1, 2]), np.array([1, 1], np.int32), np.array([1, 1]))
    words = {"id": ("a", "b", "c"), "area": [0, 0, 0], "ask": [3, 2, 1], "minimum_viable": [0, 0, 0]}
    proposals = {**words, "submitted_at": [5, 2, 3], "readiness": [0, 0, 0]}
    rule = ModifiedRule(FirstId(), [CATALOGUE.make_modifier("tie", {"by": by})])
    award = call_rule(rule, "settle", a_round(rule, proposals=proposals, ballots=ballots))
    assert np.flatnonzero(award.paid).tolist() == [winner]


def test_ties_by_lot_go_to_everybody_alike() -> None:
    from commsim.randomness import Draws

    modifier = CATALOGUE.make_modifier("tie", {"by": "lottery"})
    rule = CATALOGUE.make("pb.greedy_votes", {}, ["tie"])
    first = [int(modifier.tie_order(a_round(rule, draws=Draws(seed)))[0]) for seed in range(600)]
    share = np.bincount(first, minlength=3) / 600
    assert np.abs(share - 1 / 3).max() <= 4 * np.sqrt(2 / 9 / 600)


def test_areas_are_held_harmless() -> None:
    areas = {"id": ("a1", "a2"), "population": [4000, 2000], "need": [0.5, 0.25], "last_award": [0, 400_000]}
    award = settled("match.linear", [{"hold_harmless": {"loss": 0.25}}], areas=areas)
    assert award.paid.tolist() == [10_000, 55_000, 300_000]
    tight = settled("match.linear", [{"hold_harmless": {"loss": 0.25}}], areas=areas, budget=300_000)
    assert tight.paid.sum() == 300_000 and tight.paid[2] == 300_000


def test_rounding_keeps_the_total_to_the_unit() -> None:
    for again, whole in ((True, 900_000), (False, 800_000)):  # of 9,500 yuan, or of the 8,750 that two purses pay
        paid = settled("basic.equal_split", [{"round": {"unit": 1000}}], {"respread": again}, budget=950_000).paid
        assert (paid % 100_000 == 0).all() and paid.sum() == whole


def test_a_pot_that_is_not_used_up_grows_awards_or_is_kept() -> None:
    grown = settled("match.linear", [{"unsaturated": {"most": 3}}])
    assert grown.paid.tolist() == [30_000, 165_000, 0]
    kept = settled("match.linear", [{"unsaturated": {"action": "keep"}}])
    assert (kept.paid.tolist(), kept.carry) == ([10_000, 55_000, 0], 935_000)


def test_residents_are_told_of_modifiers_that_concern_them() -> None:
    modifiers = [{"cap": {"yuan": 700}}, {"min_match": {"share": 0.4}}, {"min_votes": {"votes": 7}}]
    rule = CATALOGUE.make("match.linear", {"cap_yuan": 900}, modifiers)
    terms = call_rule(rule, "open_round", a_round(rule))
    assert (terms.match_cap, terms.min_match, terms.min_votes) == (70_000, 0.4, 7)


def test_the_rule_under_modifiers_sees_only_what_it_needs() -> None:
    class Peeking(Rule):
        id = "test.peeking"
        title = Bilingual(en="peeks", zh="偷看")

        def settle(self, view: Any) -> Award:
            return view.ballots  # type: ignore[no-any-return]

    from commsim.calling.modified_rule import ModifiedRule

    rule = ModifiedRule(Peeking(), [CATALOGUE.make_modifier("min_votes", {"votes": 0})])
    with pytest.raises(RuleError, match="has to list 'ballots'") as caught:
        call_rule(rule, "settle", a_round(rule))
    assert str(caught.value).count("test.peeking") == 1


def test_scenarios_write_modifiers_in_short_and_labels_write_them_back() -> None:
    spec = RuleSpec.model_validate(
        {"id": "match.linear", "params": {"rate": 2}, "modifiers": [{"cap": {"share": 0.1}}, "carry_over"]}
    )
    assert [one.id for one in spec.modifiers] == ["modifier.cap", "modifier.carry_over"]
    rule = rule_of_fund(type("Fund", (), {"rule": spec, "id": "f"}), CATALOGUE)
    label = rule_label(rule)
    assert label == "match.linear:rate=2.0+modifier.cap:share=0.1+modifier.carry_over"
    again = CATALOGUE.make_written(label)
    assert rule_label(again) == label
    # 100,000 is the cap; the 10,000 above it go to the other one.
    assert pickle.loads(pickle.dumps(rule)).settle(opened(rule, {})).paid.tolist() == [30_000, 100_000, 0]


def test_a_modifier_of_ones_own_is_registered_like_a_rule(tmp_path: Any) -> None:
    from commsim.plugin_host.loader import load_catalogue

    text = """
from dataclasses import replace
from commsim.contracts import Bilingual, Modifier, hookimpl

class Halve(Modifier):
    id = "mine.halve"
    title = Bilingual(en="Half", zh="减半")
    def adjust(self, view, award, eligible):
        return replace(award, paid=award.paid // 2)

@hookimpl
def commsim_register_rules(register):
    register(Halve)
"""
    (tmp_path / "halve.py").write_text(text, encoding="utf-8")
    known = load_catalogue([tmp_path / "halve.py"], entry_points=False)
    rule = known.make("match.linear", {}, ["mine.halve"])
    assert call_rule(rule, "settle", opened(rule, {})).paid.tolist() == [5_000, 27_500, 0]


@pytest.mark.parametrize(
    ("modifiers", "message"),
    [
        (["capp"], "no modifier 'capp'. Did you mean 'modifier.cap'"),
        ([{"cap": {"shares": 1}}], "no parameter 'shares'"),
        ([{"cap": {"share": 2}}], "at most 1"),
        ([{"tie": {"by": "strength"}}], "one of lottery"),
        ([{"tranche": {"shares": "0.5 0.6"}}], "sum to 1"),
    ],
)
def test_wrong_modifiers_are_told(modifiers: list[Any], message: str) -> None:
    with pytest.raises(RuleError, match=message):
        settled("match.linear", modifiers)


class Endless(Rule):
    id = "test.endless"
    title = Bilingual(en="never ends", zh="不会结束")

    def settle(self, view: Any) -> Award:
        while True:
            try:
                time.sleep(0.001)
            except Exception:
                pass


def test_a_rule_that_never_ends_is_stopped_and_named() -> None:
    with rule_seconds(0.2), pytest.raises(RuleError, match=r"test\.endless.*had not ended after 0\.2 seconds"):
        call_rule(Endless(), "settle", a_round(Endless))


def test_a_rule_that_never_ends_is_stopped_in_another_thread_and_under_modifiers() -> None:
    import threading

    from commsim.calling.modified_rule import ModifiedRule

    told: list[str] = []

    def call() -> None:
        with rule_seconds(0.2):
            try:
                call_rule(ModifiedRule(Endless(), []), "settle", a_round(Endless))
            except RuleError as error:
                told.append(str(error))

    thread = threading.Thread(target=call)
    thread.start()
    thread.join(10)
    assert not thread.is_alive() and "had not ended after 0.2 seconds" in told[0]


def test_every_modifier_has_words_in_both_languages_and_a_source() -> None:
    for entry in CATALOGUE.modifiers.values():
        modifier: type[Modifier] = entry.modifier
        assert modifier.title.to("zh") != modifier.title.to("en") and modifier.summary.to("zh") and modifier.source
        for _name, _default, facts in modifier.parameters():
            assert facts["doc"].to("zh") and facts["doc"].to("en")
