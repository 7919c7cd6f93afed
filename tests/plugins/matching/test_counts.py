"""What a match counts: cash, promised hours and goods, each as told, held against exact arithmetic of fractions."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commsim.calling.call import call_rule
from commsim.contracts import COUNTED, Award, Choices, RoundView, Rule, Terms
from commsim.errors import InvalidInput, RuleError
from commsim.rules import evaluate
from commsim.scenario import load_scenario
from commsim.service.scenarios import validate_scenarios
from commsim.study.simulation import rule_label, rule_of_fund
from tests.plugins.rounds import CATALOGUE, a_round

FEW = settings(max_examples=60, deadline=None)
WAYS = ["+".join(kinds) for size in (1, 2, 3) for kinds in combinations(COUNTED, size)]
MATCHES = ["match.linear", "match.tiered", "seed.threshold_then_match"]
COUNTING = [*MATCHES, "match.required_ratio", "seed.provision_point", "seed.refund_bonus"]
QUARTERS = st.integers(0, 4_000).map(lambda quarters: quarters / 4)  # hours that floats hold exactly
MONEY = st.integers(0, 2_000_000)
PLEDGED = st.lists(st.tuples(MONEY, QUARTERS, MONEY), min_size=1, max_size=6)
"""By project: cash (fen), hours, goods (fen)."""
RATES = st.sampled_from([0.25, 0.5, 1.0, 1.5, 2.0])


def words_of(pledged: Any, budget: int = 10**9, ask: int = 10**8, **columns: Any) -> dict[str, Any]:
    """A round with one gift of cash for each project, its hours and its goods."""
    n = len(pledged)
    cash, hours, goods = (list(column) for column in zip(*pledged, strict=True))
    columns = {"ask": [ask] * n, "minimum_viable": [0] * n, "category": [0] * n, "submitted_at": range(n)} | columns
    return {
        "budget": budget,
        "proposals": {
            "id": tuple(f"p{number}" for number in range(1, n + 1)),
            "area": [0] * n,
            "pledged_hours": hours,
            "pledged_goods": goods,
            **columns,
        },
        "pledges": Choices(np.arange(n + 1), np.arange(n, dtype=np.int32), np.array(cash, dtype=np.int64)),
    }


def settled(rule: Rule, words: dict[str, Any]) -> Award:
    """What the rule awards, having announced its terms."""
    terms = call_rule(rule, "open_round", a_round(rule, **words))
    award: Award = call_rule(rule, "settle", a_round(rule, **words, terms=terms))
    return award


def contribution(pledged: tuple[int, float, int], counts: str, hour_yuan: float) -> Fraction:
    """What counts of a pledge in fen, exactly, hours to the nearest fen: the oracle."""
    cash, hours, goods = pledged
    worth = {"cash": Fraction(cash), "hours": Fraction(round(Fraction(hours) * Fraction(hour_yuan) * 100))}
    worth["goods"] = Fraction(goods)
    return sum((worth[kind] for kind in counts.split("+")), Fraction(0))


def slab_by_slab(amount: Fraction, tiers: list[tuple[int, Fraction]]) -> Fraction:
    """A tiered match the slow way; `tiers`: from which fen on, at which rate."""
    ends = [start for start, _rate in tiers[1:]] + [None]
    parts = (
        (amount if end is None else min(amount, Fraction(end))) - start
        for (start, _rate), end in zip(tiers, ends, strict=True)
    )
    return sum((rate * max(part, Fraction(0)) for part, (_start, rate) in zip(parts, tiers, strict=True)), Fraction(0))


@FEW
@given(pledged=PLEDGED, counts=st.sampled_from(WAYS), hour=st.sampled_from([0.5, 20.0, 33.0]), rate=RATES)
def test_a_linear_match_is_the_rate_times_what_counts_up_to_the_ask(
    pledged: Any, counts: str, hour: float, rate: float
) -> None:
    rule = CATALOGUE.make("match.linear", {"counts": counts, "hour_yuan": hour, "rate": rate})
    paid = settled(rule, words_of(pledged, ask=3_000_000)).paid.tolist()
    expected = [min(Fraction(rate) * contribution(each, counts, hour), Fraction(3_000_000)) for each in pledged]
    assert all(abs(came - exact) <= Fraction(1, 2) for came, exact in zip(paid, expected, strict=True))


@FEW
@given(pledged=PLEDGED, counts=st.sampled_from(WAYS), budget=st.integers(0, 4_000_000))
def test_a_pool_that_does_not_suffice_is_divided_by_what_counts(pledged: Any, counts: str, budget: int) -> None:
    rule = CATALOGUE.make("match.linear", {"counts": counts})
    paid = settled(rule, words_of(pledged, budget)).paid.tolist()
    counted = [contribution(each, counts, 20.0) for each in pledged]
    whole = sum(counted, Fraction(0))
    expected = counted if whole <= budget else [budget * amount / whole for amount in counted]
    assert sum(paid) == min(whole, budget)
    assert all(abs(came - exact) < 1 for came, exact in zip(paid, expected, strict=True))


@FEW
@given(pledged=PLEDGED, counts=st.sampled_from(WAYS))
def test_a_tiered_match_goes_by_the_slabs_of_what_counts(pledged: Any, counts: str) -> None:
    rule = CATALOGUE.make("match.tiered", {"counts": counts})
    paid = settled(rule, words_of(pledged)).paid.tolist()
    tiers = [(0, Fraction(2)), (100_000, Fraction(1)), (500_000, Fraction(1, 2))]
    expected = [slab_by_slab(contribution(each, counts, 20.0), tiers) for each in pledged]
    assert all(abs(came - exact) <= Fraction(1, 2) for came, exact in zip(paid, expected, strict=True))


@FEW
@given(pledged=PLEDGED, counts=st.sampled_from(WAYS))
def test_whatever_counts_reaches_the_threshold_and_is_then_matched(pledged: Any, counts: str) -> None:
    rule = CATALOGUE.make("seed.threshold_then_match", {"counts": counts, "threshold_yuan": 5000})
    award = settled(rule, words_of(pledged))
    counted = [contribution(each, counts, 20.0) for each in pledged]
    assert award.paid.tolist() == [int(amount) if amount >= 500_000 else 0 for amount in counted]
    cash = [each[0] for each in pledged]
    back = [0 if amount >= 500_000 else gift for amount, gift in zip(counted, cash, strict=True)]
    assert award.refunds is not None and award.refunds.tolist() == back  # no hour and no chair goes back as money


@FEW
@given(pledged=PLEDGED, counts=st.sampled_from(WAYS))
def test_hours_and_goods_reach_a_provision_point_and_pay_no_bill(pledged: Any, counts: str) -> None:
    rule = CATALOGUE.make("seed.provision_point", {"counts": counts, "threshold_yuan": 5000, "seed_share": 0.0})
    award = settled(rule, words_of(pledged, ask=3_000_000))
    for position, each in enumerate(pledged):
        met = contribution(each, counts, 20.0) >= 500_000
        assert award.paid[position] == (max(3_000_000 - each[0], 0) if met else 0)
        assert award.refunds is not None and award.refunds[position] == (0 if met else each[0])


@FEW
@given(pledged=PLEDGED, counts=st.sampled_from(WAYS))
def test_whatever_counts_reaches_the_required_own_part(pledged: Any, counts: str) -> None:
    rule = CATALOGUE.make("match.required_ratio", {"counts": counts, "other": 0.5})
    award = settled(rule, words_of(pledged, ask=1_000_000))
    enough = [contribution(each, counts, 25.0) >= 500_000 for each in pledged]
    assert award.paid.tolist() == [1_000_000 if brings else 0 for brings in enough]
    low = CATALOGUE.make("basic.fcfs", {}, [("min_match", {"share": 0.5, "counts": counts, "hour_yuan": 25})])
    kept = call_rule(low, "settle", a_round(low, **words_of(pledged, ask=1_000_000))).paid > 0
    assert kept.tolist() == enough


@pytest.mark.parametrize("rule_id", COUNTING)
@FEW
@given(pledged=PLEDGED, budget=st.integers(0, 9_000_000))
def test_a_rule_that_counts_cash_pays_as_if_nobody_had_promised_anything_else(
    rule_id: str, pledged: Any, budget: int
) -> None:
    rule = CATALOGUE.make(rule_id, {"counts": "cash"})
    cash_alone = [(cash, 0.0, 0) for cash, _hours, _goods in pledged]
    one, other = settled(rule, words_of(pledged, budget)), settled(rule, words_of(cash_alone, budget))
    assert one.paid.tolist() == other.paid.tolist()
    assert list(map(str, one.reasons)) == list(map(str, other.reasons))


@pytest.mark.parametrize("rule_id", COUNTING)
@FEW
@given(pledged=PLEDGED, counts=st.sampled_from(WAYS), kind=st.sampled_from(COUNTED), data=st.data())
def test_more_of_anything_never_takes_from_a_project_where_the_money_suffices(
    rule_id: str, pledged: Any, counts: str, kind: str, data: st.DataObject
) -> None:
    position = data.draw(st.integers(0, len(pledged) - 1))
    more = [list(each) for each in pledged]
    more[position][COUNTED.index(kind)] += data.draw(st.integers(1, 500_000))
    rule = CATALOGUE.make(rule_id, {"counts": counts})

    def had(pledges: Any) -> np.ndarray:
        """Public money and the project's own cash: a provision point pays less where residents pay more."""
        award = settled(rule, words_of(pledges))
        gifts = np.array([cash for cash, _hours, _goods in pledges])
        return award.paid + gifts * (award.paid > 0)

    before, after = had(pledged), had(more)
    assert after[position] >= before[position]
    others = np.arange(len(pledged)) != position
    assert after[others].tolist() == before[others].tolist()


@pytest.mark.parametrize("rule_id", MATCHES)
@FEW
@given(pledged=PLEDGED, counts=st.sampled_from(WAYS), budget=st.integers(0, 9_000_000), times=st.integers(2, 9))
def test_the_size_of_the_unit_of_money_changes_nothing(
    rule_id: str, pledged: Any, counts: str, budget: int, times: int
) -> None:
    params: dict[str, Any] = {"counts": counts, "hour_yuan": 20.0}
    dearer = {"hour_yuan": 20.0 * times}
    if rule_id == "match.tiered":
        params["tiers"], dearer["tiers"] = "0:2 1000:1", f"0:2 {1000 * times}:1"
    if rule_id == "seed.threshold_then_match":
        params["threshold_yuan"], dearer["threshold_yuan"] = 500, 500 * times
    scaled = [(cash * times, hours, goods * times) for cash, hours, goods in pledged]
    plain = settled(CATALOGUE.make(rule_id, params), words_of(pledged, budget))
    came = settled(CATALOGUE.make(rule_id, {**params, **dearer}), words_of(scaled, budget * times, ask=10**8 * times))
    assert np.abs(came.paid - times * plain.paid).max() <= times


@pytest.mark.parametrize("rule_id", COUNTING)
@pytest.mark.parametrize("counts", WAYS)
def test_residents_are_told_what_counts_and_what_an_hour_is_worth(rule_id: str, counts: str) -> None:
    rule = CATALOGUE.make(rule_id, {"counts": counts, "hour_yuan": 12.5})
    terms = call_rule(rule, "open_round", a_round(rule))
    assert terms.counts == tuple(counts.split("+"))
    assert terms.hour_value == (1_250 if "hours" in counts else None)


def test_hours_that_are_worth_nothing_are_not_announced_as_counting() -> None:
    rule = CATALOGUE.make("match.linear", {"counts": "cash+hours", "hour_yuan": 0})
    assert call_rule(rule, "open_round", a_round(rule)).counts == ("cash",)


def test_an_own_part_is_announced_where_the_rule_counts_nothing_itself() -> None:
    over = [("min_match", {"hour_yuan": 10})]
    plain, match = CATALOGUE.make("basic.fcfs", {}, over), CATALOGUE.make("match.linear", {}, over)
    assert call_rule(plain, "open_round", a_round(plain)).counts == ("cash", "hours")
    assert call_rule(match, "open_round", a_round(match)).counts == ("cash",)


def test_reasons_say_what_was_counted() -> None:
    pledged = [(10_000, 2.5, 30_000), (0, 0.0, 0)]
    rule = CATALOGUE.make("match.linear", {"counts": "cash+hours+goods"})
    given_all, nothing = settled(rule, words_of(pledged)).reasons
    assert given_all.to("en") == (
        "450 yuan: 1 for each yuan of the 450 that residents pledged; counted: 100 yuan in cash, 2.5 hours at 20 yuan, "
        "goods and rooms worth 300 yuan"
    )
    assert "现金 100 元、工时 2.5 小时（每小时折算 20 元）、实物和场地折合 300 元" in given_all.to("zh")
    assert str(nothing).startswith("nothing: residents pledged nothing that could be matched; counted: 0 yuan in cash")
    hours = settled(CATALOGUE.make("match.required_ratio", {}), words_of(pledged, ask=10_000)).reasons[0]
    assert str(hours).endswith("at least the 50 that it takes; counted: 100 yuan in cash, 2.5 hours at 25 yuan")


@pytest.mark.parametrize("rule_id", [*COUNTING, "basic.fcfs+min_match"])
@pytest.mark.parametrize(
    ("params", "problem"),
    [
        ("counts=", "'counts' has to be one of cash, hours, .*; '' came"),
        ("counts=none", "'counts' has to be one of cash, .*; 'none' came"),
        ("counts=cash+water", "'counts' has to be one of cash, .*; 'cash.water' came"),
        ("counts=hours+cash", "'counts' has to be one of cash, .*; 'hours.cash' came"),
        ("counts=hours,hour_yuan=0", "counts=hours counts nothing, since hour_yuan=0"),
        ("hour_yuan=-1", "'hour_yuan' has to be at least 0.0; -1.0 came"),
    ],
)
def test_a_match_that_counts_nothing_or_what_nobody_knows_is_refused(rule_id: str, params: str, problem: str) -> None:
    with pytest.raises(RuleError, match=problem):
        CATALOGUE.make_written(f"{rule_id}:{params}")


def test_a_plus_inside_a_value_parts_no_modifier_from_its_rule() -> None:
    written = "match.linear:counts=cash+hours+goods,rate=2.0+cap:share=0.1"
    rule = CATALOGUE.make_written(written)
    assert (rule.params.counts, rule.params.rate) == ("cash+hours+goods", 2.0)
    assert [type(modifier).id for modifier in rule.modifiers] == ["modifier.cap"]  # type: ignore[attr-defined]
    last = CATALOGUE.make_written("basic.fcfs+min_match:counts=cash+goods+min_votes:votes=2")
    assert [type(modifier).id for modifier in last.modifiers] == [  # type: ignore[attr-defined]
        "modifier.min_match",
        "modifier.min_votes",
    ]
    label = rule_label(rule)
    assert rule_label(CATALOGUE.make_written(label)) == label


def test_a_scenario_that_counts_nothing_is_refused_with_file_and_line(tmp_path: Path) -> None:
    def checked(params: str) -> list[dict[str, Any]]:
        path = tmp_path / "mine.yaml"
        fund = f"funds:\n  - id: self_governance\n    rule:\n      id: match.linear\n      params: {{{params}}}\n"
        path.write_text(f"extends: tutorial\ntitle: {{en: Mine, zh: 我}}\n{fund}", encoding="utf-8")
        return validate_scenarios([path])[0].problems

    for params in ("counts: ''", "counts: []", "counts: null", "counts: cash+water", "counts: hours, hour_yuan: 0"):
        (problem,) = checked(params)
        assert str(problem["file"]).endswith("mine.yaml") and problem["line"] == 5
        assert "counts" in str(problem["text"])
    assert checked("counts: cash+hours+goods, hour_yuan: 25") == []
    fund = load_scenario(tmp_path / "mine.yaml").fund_under_comparison
    assert rule_of_fund(fund, CATALOGUE).params.counts == "cash+hours+goods"


@pytest.mark.parametrize("rule_id", MATCHES)
def test_hours_and_goods_that_do_not_fit_the_projects_are_refused(rule_id: str) -> None:
    with pytest.raises(InvalidInput, match="pledged_hours with 2 values, as many as there are projects"):
        evaluate(rule_id, {"pledges": [1, 2], "pledged_hours": [1]})
    with pytest.raises(InvalidInput, match="pledged_goods holds .* expected 2 values, as many as asks"):
        evaluate(rule_id, {"asks": [5, 5], "pledges": [1, 2], "pledged_goods": [1]})
    with pytest.raises(InvalidInput, match="pledged_goods holds"):
        evaluate(rule_id, {"pledges": [1], "pledged_goods": [-1]})


class Counts(Rule):
    """A rule that announces what it is told to, and pays nothing."""

    id = "test.counts"
    title = CATALOGUE["match.linear"].title
    counts: Any = ("cash",)
    hour_value: Any = None

    def open_round(self, view: RoundView) -> Terms:
        return Terms(match_rate=1.0, counts=self.counts, hour_value=self.hour_value)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ({"counts": ()}, r"counts is \(\); expected a tuple that names some of cash, hours, goods"),
        ({"counts": "cash"}, "counts is 'cash'; expected a tuple"),
        ({"counts": ("cash", "water")}, "'water'.; expected some of cash, hours, goods, each once"),
        ({"counts": ("cash", "cash")}, "each once"),
        ({"hour_value": -1}, "hour_value is -1; expected whole fen"),
        ({"hour_value": 1.5}, "hour_value is 1.5; expected whole fen"),
        ({"counts": ("cash", "goods")}, "terms say that 'goods' count, but the rule does not see"),
        ({"counts": ("hours",)}, "List 'pledged_hours' in `needs`, or leave 'hours' out of `counts`"),
    ],
)
def test_terms_that_count_nothing_or_what_the_rule_does_not_see_are_refused(
    words: dict[str, Any], problem: str
) -> None:
    rule: Any = type("Tried", (Counts,), words)()
    with pytest.raises(RuleError, match=problem):
        call_rule(rule, "open_round", a_round(rule))


def test_a_rule_that_sees_what_was_promised_may_count_it() -> None:
    words = {"counts": COUNTED, "hour_value": 0, "needs": frozenset({"pledged_hours", "pledged_goods"})}
    rule: Any = type("Tried", (Counts,), words)()
    assert call_rule(rule, "open_round", a_round(rule)).counts == COUNTED
    view = a_round(rule)
    # The older word for promised hours serves where a caller knows no other; goods that nobody told of are none.
    assert view.proposals.pledged_hours.tolist() == [10.0, 0.0, 4.0]
    assert view.proposals.pledged_goods.tolist() == [0, 0, 0]


def test_a_rule_derived_from_a_match_of_cash_needs_to_see_no_more_than_pledges() -> None:
    derived: Any = type("Derived", (CATALOGUE["match.linear"],), {"id": "test.d", "needs": frozenset({"pledges"})})()
    assert settled(derived, words_of([(700, 3.0, 50)])).paid.tolist() == [700]
