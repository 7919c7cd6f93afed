"""The answer says what the intervals say, and no more."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from itertools import combinations

import pandas as pd
import pytest

from commsim.i18n import Bilingual, Text
from commsim.report.answer import COST, PARTICIPANTS, SAME_MONEY, SPENT, answer
from commsim.report.number_words import Joined, unit_of
from commsim.report.pairwise import Pairs
from commsim.report.reading import Difference, Indicator, RuleName
from commsim.study.paired import says_little

NONE = Bilingual(en="No fund", zh="不设自治金（对照）")
Apart = Collection[tuple[str, str]]
Given = dict[str, tuple[float | None, float | None, float | None]]


def indicator(name: str, given: Given, reason: str = "") -> Indicator:
    differences = tuple(
        replace(
            Difference(RuleName(rule, rule, Bilingual(en=rule.upper(), zh=rule), place + 1), None, *numbers, 5, reason),
            apart=None not in numbers and not numbers[1] <= 0 <= numbers[2],  # type: ignore[operator]
            little=says_little(*numbers, 5, ratio=name == COST),
        )
        for place, (rule, numbers) in enumerate(given.items())
    )
    unit = unit_of("residents")
    return Indicator(name, Bilingual(en=name, zh=name), "", unit, name == COST, 0.0, differences)


def pairs(people: Given, apart: Apart = (), n: int = 5) -> Pairs:
    """Pairs as a study would find them: told apart where the intervals say so already, and those of `apart`."""
    known: Given = {"none": (0.0, 0.0, 0.0)} | people
    rows = []
    for (rule, ours), (other, theirs) in combinations(known.items(), 2):
        gap = (ours[0] or 0.0) - (theirs[0] or 0.0)
        bounded = None not in (*ours, *theirs)
        clear = bounded and (ours[1] > theirs[2] or theirs[1] > ours[2])  # type: ignore[operator]
        told = clear or (rule, other) in apart or (other, rule) in apart
        rows.append((rule, other, gap, gap - 5, gap + 5, n, told, not told and n < 5))
    columns = "rule other difference low high n distinguishable too_few".split()
    return Pairs(pd.DataFrame(rows, columns=columns), "none")


def said(people: Given, cost: Given | None = None, reason: str = "", apart: Apart = (), n: int = 5) -> list[str]:
    found = [indicator(PARTICIPANTS, people)] + ([indicator(COST, cost, reason)] if cost else [])
    return [statement.to("en") for statement in answer(found, NONE, pairs(people, apart, n))]


def test_a_rule_adds_only_where_its_whole_interval_is_above_zero() -> None:
    who, stands = said({"a": (50.0, 10.0, 90.0), "b": (40.0, -5.0, 85.0), "c": (-9.0, -12.0, -6.0)})
    assert "1 of 3 rules draw people in: " in who and "(95% intervals in brackets): A +50.0 [10.0, 90.0]." in who
    assert "Not distinguishable from “No fund”: B." in who
    assert "Fewer than under “No fund” give or start something with: C −9.0 [−12.0, −6.0]." in who
    assert "A has the highest estimate, but cannot be told apart from B." in stands


@pytest.mark.parametrize("low", [-0.1, 0.0])
def test_an_interval_that_holds_zero_is_not_distinguishable(low: float) -> None:
    who, *_rest = said({"a": (50.0, low, 100.0)})
    assert "none of the 1 rules is seen to draw people in" in who
    assert "Not distinguishable from “No fund”: A." in who


OVERLAPPING: Given = {"a": (2_000.0, 1_600.0, 2_400.0), "b": (2_361.0, 1_950.0, 2_770.0), "c": (5.0, 1.0, 9.0)}


def test_no_winner_is_named_where_the_paired_difference_does_not_tell_it_apart() -> None:
    *_rest, stands = said(OVERLAPPING)
    assert stands.startswith(
        "No single rule stands out: B has the highest estimate, but cannot be told apart from A. "
        "It does add more than these, by: +2,356 [2,351, 2,361] over C."
    )


def test_intervals_that_overlap_do_not_hide_a_paired_difference_that_is_clear() -> None:
    *_rest, stands = said(OVERLAPPING, apart=[("a", "b")])
    assert stands.startswith("B adds more than every other rule, by: +361 [356, 366] over A; ")
    assert "Of 6 pairs of rules, the baseline included, 6 are told apart" in stands and "Holm" in stands


def test_a_rule_whose_interval_clears_zero_but_not_holms_correction_is_not_said_to_add() -> None:
    given: Given = {"a": (50.0, 10.0, 90.0)}
    found = pairs(given | {"a": (50.0, -1.0, 90.0)})
    who = answer([indicator(PARTICIPANTS, given)], NONE, found)[0].to("en")
    assert "none of the 1 rules" in who and "Not distinguishable from “No fund”: A." in who


def test_few_replicates_are_told_in_words() -> None:
    *_rest, stands = said({"a": (50.0, -40.0, 160.0)}, n=3)
    assert "With only 3 replicates" in stands and stands.endswith("too few replicates to tell, run more.")
    assert "too few" not in said({"a": (50.0, -40.0, 160.0)})[-1]


def test_a_cost_that_may_be_anything_is_not_a_finding() -> None:
    _who, costs, _stands = said({"a": (50.0, 40.0, 60.0)}, {"a": (893.0, -389.0, 18_399.0)})
    assert costs.endswith("A: too few replicates to tell, run more (893 [−389, 18,399]).")


def test_rules_are_set_against_the_same_money_spent_by_staff() -> None:
    given: Given = {SAME_MONEY: (10.0, 5.0, 15.0), "a": (12.0, 6.0, 18.0), "b": (40.0, 30.0, 50.0)}
    *_rest, stands = said(given)
    assert f"(“{SAME_MONEY.upper()}”) is added by: B." in stands
    *_rest, stands = said(given | {"b": (13.0, 8.0, 15.0)})
    assert "No rule is seen to add more than the same money" in stands


def test_costs_are_stated_only_for_rules_that_add() -> None:
    people: Given = {"a": (50.0, 40.0, 60.0), "b": (1.0, -5.0, 7.0), "c": (30.0, 20.0, 40.0)}
    cost: Given = {"a": (800.0, 700.0, 950.0), "b": (5e6, None, None), "c": (1200.0, None, None)}
    _who, costs, _stands = said(people, cost)
    assert costs == (
        "One added participant costs the public, administration included, in yuan: "
        "A 800 [700, 950]; C 1,200, without an interval."
    )


def test_an_undefined_cost_gives_its_reason() -> None:
    _who, costs, _stands = said({"a": (5.0, 4.0, 6.0)}, {"a": (None, None, None)}, "nobody was added")
    assert "A: not defined (nobody was added)" in costs


def test_without_added_participants_there_is_no_cost() -> None:
    _who, costs, stands = said({"a": (5.0, -4.0, 14.0)}, {"a": (900.0, None, None)})
    assert costs == "As no rule is seen to add participants, no cost per added participant is stated."
    assert stands.startswith("No rule stands out.")


def test_it_is_told_that_rules_do_not_spend_alike() -> None:
    people, cost = indicator(PARTICIPANTS, {"a": (5.0, 4.0, 6.0)}), indicator(COST, {"a": (9.0, 8.0, 10.0)})
    found = pairs({"a": (5.0, 4.0, 6.0)})
    spent = indicator(SPENT, {"a": (1.0, 1.0, 1.0), "b": (1.0, 1.0, 1.0)})
    paid = [replace(one, mean=mean) for one, mean in zip(spent.differences, (12_035.0, 80_000.0), strict=True)]
    costs = answer([people, cost, replace(spent, differences=tuple(paid))], NONE, found)[1].to("en")
    assert costs.endswith("The rules do not spend alike: the fund pays from 12,035 yuan (A) to 80,000 yuan (B).")
    same = [replace(one, mean=5.0) for one in paid]
    assert "alike" not in answer([people, cost, replace(spent, differences=tuple(same))], NONE, found)[1].to("en")


def test_one_replicate_concludes_nothing() -> None:
    assert said({"a": (50.0, None, None)}) == [
        "There is no interval for any rule, because there are too few replicates: nothing is concluded."
    ]


def test_lists_take_each_languages_semicolon() -> None:
    parts = [Bilingual(en="a", zh="甲"), Bilingual(en="b", zh="乙"), Text("c")]
    assert Joined(parts).to("en") == "a; b; c"
    assert Joined(parts).to("zh") == "甲；乙；c"
    assert Joined(parts, between=" ").to("zh") == "甲乙c"
