"""The answer says what the intervals say, and no more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commsim.i18n import Bilingual, Text
from commsim.report.answer import COST, PARTICIPANTS, SAME_MONEY, SPENT, answer
from commsim.report.reading import Difference, Indicator, RuleName
from commsim.report.words import Joined, unit_of

NONE = Bilingual(en="No fund", zh="不设自治金（对照）")
Given = dict[str, tuple[float | None, float | None, float | None]]


def indicator(name: str, given: Given, reason: str = "") -> Indicator:
    differences = tuple(
        Difference(RuleName(rule, rule, Bilingual(en=rule.upper(), zh=rule), place + 1), None, *numbers, 5, reason)
        for place, (rule, numbers) in enumerate(given.items())
    )
    unit = unit_of("residents")
    return Indicator(name, Bilingual(en=name, zh=name), "", unit, name == COST, 0.0, differences)


def said(people: Given, cost: Given | None = None, reason: str = "") -> list[str]:
    found = [indicator(PARTICIPANTS, people)] + ([indicator(COST, cost, reason)] if cost else [])
    return [statement.to("en") for statement in answer(found, NONE)]


def test_a_rule_adds_only_where_its_whole_interval_is_above_zero() -> None:
    who, stands = said({"a": (50.0, 10.0, 90.0), "b": (40.0, -5.0, 85.0), "c": (-9.0, -12.0, -6.0)})
    assert "1 of 3 rules add active residents (95% intervals in brackets): A +50.0 [10.0, 90.0]." in who
    assert "Not distinguishable from “No fund”: B." in who
    assert "Fewer than under “No fund” take part with: C −9.0 [−12.0, −6.0]." in who
    assert "A, which has the highest estimate, overlaps with B." in stands


@pytest.mark.parametrize("low", [-0.1, 0.0])
def test_an_interval_that_holds_zero_is_not_distinguishable(low: float) -> None:
    who, *_rest = said({"a": (50.0, low, 100.0)})
    assert "none of the 1 rules is seen to add" in who
    assert "Not distinguishable from “No fund”: A." in who


def test_no_winner_is_named_while_intervals_overlap() -> None:
    *_rest, stands = said({"a": (50.0, 40.0, 60.0), "b": (60.0, 55.0, 65.0), "c": (5.0, 1.0, 9.0)})
    assert stands == "No single rule stands out: the interval of B, which has the highest estimate, overlaps with A."


def test_a_rule_stands_out_only_where_its_interval_clears_every_other() -> None:
    *_rest, stands = said({"a": (50.0, 40.0, 60.0), "b": (80.0, 61.0, 99.0)})
    assert stands == "The interval of B lies wholly above that of every other rule."


def test_rules_are_set_against_the_same_money_spent_by_staff() -> None:
    given: Given = {SAME_MONEY: (10.0, 5.0, 15.0), "a": (12.0, 6.0, 18.0), "b": (40.0, 30.0, 50.0)}
    *_rest, stands = said(given)
    assert stands.endswith(f"(“{SAME_MONEY.upper()}”) lie: B.")
    *_rest, stands = said(given | {"b": (13.0, 8.0, 20.0)})
    assert "No rule's interval lies wholly above that of the same money" in stands


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
    assert stands == "No rule stands out."


def test_it_is_told_that_rules_do_not_spend_alike() -> None:
    people, cost = indicator(PARTICIPANTS, {"a": (5.0, 4.0, 6.0)}), indicator(COST, {"a": (9.0, 8.0, 10.0)})
    spent = indicator(SPENT, {"a": (1.0, 1.0, 1.0), "b": (1.0, 1.0, 1.0)})
    paid = [replace(one, mean=mean) for one, mean in zip(spent.differences, (12_035.0, 80_000.0), strict=True)]
    costs = answer([people, cost, replace(spent, differences=tuple(paid))], NONE)[1].to("en")
    assert costs.endswith("The rules do not spend alike: the fund pays from 12,035 yuan (A) to 80,000 yuan (B).")
    same = [replace(one, mean=5.0) for one in paid]
    assert "alike" not in answer([people, cost, replace(spent, differences=tuple(same))], NONE)[1].to("en")


def test_one_replicate_concludes_nothing() -> None:
    assert said({"a": (50.0, None, None)}) == [
        "There is no interval for any rule, because there are too few replicates: nothing is concluded."
    ]


def test_lists_take_each_languages_semicolon() -> None:
    parts = [Bilingual(en="a", zh="甲"), Bilingual(en="b", zh="乙"), Text("c")]
    assert Joined(parts).to("en") == "a; b; c"
    assert Joined(parts).to("zh") == "甲；乙；c"
    assert Joined(parts, between=" ").to("zh") == "甲乙c"
