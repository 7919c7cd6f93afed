"""Call, money and mechanism: held against plain sums, and what is said where an effect cannot be split."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from commsim.plugin_host.loader import load_catalogue
from commsim.record import RunResult
from commsim.scenario import load_scenario
from commsim.study.comparison import Comparison, comparison_of
from commsim.study.counterfactuals import COUNTERFACTUALS
from commsim.study.design import Design, make_design
from commsim.study.split import PARTS
from tests.report.fake import fake_comparison

RULES = ("basic.equal_split", "pb.greedy_votes", "voucher.democracy", "match.linear")
CALL_OF = {
    "basic.equal_split": "basic.call_only:ballot=none",
    "pb.greedy_votes": "basic.call_only",
    "voucher.democracy": "basic.call_only:ballot=vouchers",
    "match.linear": "basic.call_only:ballot=none",
}


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return fake_comparison(3, RULES, committees=4, months=30)


def designed(*rules: str, **settings: Any) -> Design:
    return make_design(load_scenario("tutorial"), list(rules), 2, "basic.none", 1, load_catalogue(), **settings)


def labels(design: Design) -> list[str]:
    return [arm.label for arm in design.arms]


def test_a_call_without_money_is_played_once_for_each_form_of_ballot_that_the_rules_announce() -> None:
    wanted = ["basic.none", "basic.same_money_services", *dict.fromkeys(CALL_OF.values())]
    assert labels(designed(*RULES)) == [*wanted, *RULES]


def test_counterfactuals_that_are_named_are_played_once() -> None:
    named = ["basic.same_money_services", "basic.call_only:ballot=none", "basic.equal_split", "basic.none"]
    assert sorted(labels(designed(*named))) == sorted(named)


def test_counterfactuals_can_be_left_out() -> None:
    assert labels(designed("match.linear", counterfactuals=False)) == ["basic.none", "match.linear"]


def test_no_fund_is_played_where_another_rule_is_the_baseline() -> None:
    design = make_design(load_scenario("tutorial"), ["match.linear"], 2, "basic.equal_split", 1, load_catalogue())
    assert labels(design)[:2] == ["basic.equal_split", "basic.none"]


def test_each_call_is_called_after_its_ballot_in_both_languages() -> None:
    titles = {arm.label: arm.title for arm in designed(*RULES).arms}
    calls = [titles[label] for label in dict.fromkeys(CALL_OF.values())]
    assert len({title.to("en") for title in calls}) == len({title.to("zh") for title in calls}) == len(calls)


def by_hand(comparison: Comparison, rule: str, value: Callable[[RunResult], float]) -> list[tuple[float, float, float]]:
    """Call, money and mechanism of each replicate from plain numbers of the four runs."""
    found = []
    for replicate, run in enumerate(comparison.runs(rule)):
        none, services, call = (
            comparison.runs(label)[replicate] for label in ("basic.none", "basic.same_money_services", CALL_OF[rule])
        )
        scale = float(run.columns["public_fen"].sum()) / float(services.columns["public_fen"].sum())
        of_call, of_money = value(call) - value(none), (value(services) - value(none)) * scale
        found.append((of_call, of_money, value(run) - value(none) - of_call - of_money))
    return found


VALUES: dict[str, Callable[[RunResult], float]] = {
    "net_drawn_in": lambda run: float(run.columns["gave_12m"][-1].sum()),
    "giving_or_starting_share": lambda run: run.columns["gave_12m"][-1].sum() / run.columns["adults"][-1].sum(),
    "trust_fund": lambda run: run.values["trust_fund"] or 0.0,
}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("indicator", VALUES)
def test_the_parts_are_those_that_one_counts_by_hand(comparison: Comparison, rule: str, indicator: str) -> None:
    rows = comparison.split(indicator).query("rule == @rule").set_index("part")
    wanted = np.array(by_hand(comparison, rule, VALUES[indicator]))
    assert list(rows.index) == list(PARTS) and (rows["n"] == 3).all()
    assert rows["difference"].tolist() == pytest.approx(wanted.mean(axis=0).tolist())
    half = 4.302652729911275 * wanted.std(axis=0, ddof=1) / np.sqrt(3)  # Student's t, 2 degrees of freedom
    assert (rows["high"] - rows["low"]).tolist() == pytest.approx((2 * half).tolist())


def test_the_parts_of_every_indicator_add_up_to_the_effect_against_no_fund(comparison: Comparison) -> None:
    effects = comparison.table().set_index(["rule", "indicator"])["difference"]
    sums = comparison.split().groupby(["rule", "indicator"])["difference"].sum(min_count=3).dropna()
    assert {rule for rule, _indicator in sums.index} == set(RULES)
    for key, whole in sums.items():
        assert whole == pytest.approx(effects[key])


def test_counterfactuals_themselves_have_no_parts(comparison: Comparison) -> None:
    assert not set(comparison.split()["rule"]) & {
        arm.label for arm in comparison.arms if arm.rule_id in COUNTERFACTUALS
    }


def changed(comparison: Comparison, rule: str, **columns: int) -> Comparison:
    """The comparison with some columns of a rule's runs set to one number."""

    def change(run: RunResult) -> RunResult:
        new = {name: np.full_like(run.columns[name], number) for name, number in columns.items()}
        return replace(run, columns={**run.columns, **new}) if run.rule == rule else run

    return replace(comparison, results=tuple(map(change, comparison.results)))


def test_where_services_paid_nothing_the_money_is_undefined_and_says_why(comparison: Comparison) -> None:
    rows = changed(comparison, "basic.same_money_services", public_fen=0).split("net_drawn_in")
    assert rows["difference"].isna().all() and rows["defined_reason"].str.contains("paid nothing").all()


def test_a_rule_that_paid_nothing_owes_nothing_to_the_money(comparison: Comparison) -> None:
    rows = changed(comparison, "match.linear", public_fen=0).split("net_drawn_in").query("rule == 'match.linear'")
    assert rows.set_index("part").loc["money", "difference"] == 0 and rows["difference"].notna().all()


def test_without_an_appropriation_every_part_is_zero_and_that_is_said(comparison: Comparison) -> None:
    none = {run.replicate: run for run in comparison.runs("basic.none")}
    nothing = {"appropriated_fen": np.zeros_like(none[0].columns["appropriated_fen"])}
    alike = [
        replace(none[run.replicate], rule=run.rule, columns={**none[run.replicate].columns, **nothing})
        for run in comparison.results
    ]
    rows = replace(comparison, results=tuple(alike)).split("giving_or_starting_share")
    assert (rows[["difference", "low", "high"]] == 0).all().all()
    assert rows["defined_reason"].str.contains("no money was appropriated").all()
    shares = replace(comparison, results=tuple(alike)).call_shares()
    assert shares["share"].isna().all() and shares["defined_reason"].str.contains("no money was appropriated").all()


@pytest.mark.parametrize("missing", ["basic.same_money_services", "basic.call_only:ballot=none"])
def test_where_a_counterfactuals_runs_failed_the_reason_is_given(comparison: Comparison, missing: str) -> None:
    left = replace(comparison, results=tuple(run for run in comparison.results if run.rule != missing))
    rows = left.split("net_drawn_in").query("rule == 'match.linear'")
    assert rows["difference"].isna().all() and (rows["n"] == 0).all()
    assert rows["defined_reason"].str.contains("no replicate has the rule's run and those of all counter").all()


def test_where_a_counterfactual_was_left_out_it_is_named() -> None:
    rows = fake_comparison(2, ("match.linear",), committees=2, months=26, counterfactuals=False).split("net_drawn_in")
    assert rows["defined_reason"].str.contains("basic.same_money_services was not run").all()


def test_the_share_of_the_call_is_undefined_where_there_is_no_effect(comparison: Comparison) -> None:
    shares = comparison.call_shares().set_index("rule")
    parts = comparison.split("net_drawn_in").set_index(["rule", "part"])["difference"]
    whole = parts["match.linear"].sum()
    assert shares.loc["match.linear", "share"] == pytest.approx(parts["match.linear", "call"] / whole)
    none = changed(comparison, "match.linear", gave_12m=0).call_shares().set_index("rule").loc["match.linear"]
    assert np.isnan(none["share"]) and "cannot be told from zero" in none["defined_reason"]


# --- scarcity -------------------------------------------------------------------------------------------------------

DIVISIONS = ("basic.per_capita", "match.linear", "basic.equal_split")


def asked(comparison: Comparison, ask_fen: int) -> Comparison:
    """The comparison, in which every proposal asked for so much and got 95 fen."""

    def change(run: RunResult) -> RunResult:
        number = len(run.project_columns["ask_fen"])
        amounts = {"ask_fen": np.full(number, ask_fen), "award_fen": np.full(number, 95)}
        return replace(run, project_columns={**run.project_columns, **amounts})

    design = Design(comparison.scenario, comparison.arms, comparison.replicates, comparison.seed)
    return comparison_of(design, [change(run) for run in comparison.results])


@pytest.fixture(scope="module")
def divided() -> Comparison:
    return fake_comparison(4, DIVISIONS, committees=4, months=30)


def test_where_nearly_every_ask_is_met_dividing_rules_stand_by_their_ids_and_are_not_told_apart(
    divided: Comparison,
) -> None:
    plenty = asked(divided, 98)
    assert plenty.alike() == ("basic.equal_split", "basic.per_capita")
    assert [arm.label for arm in plenty.arms][-3:] == ["basic.equal_split", "match.linear", "basic.per_capita"]
    pairs = plenty.pairwise().query("rule == 'basic.equal_split' and other == 'basic.per_capita'")
    assert len(pairs) and not pairs["distinguishable"].any()
    said = plenty.scarcity_text()
    assert said is not None and "basic.equal_split, basic.per_capita met more than 95%" in said.to("en")
    assert plenty.asks_met()["match.linear"] == pytest.approx(95 / 98)


def test_where_money_is_scarce_rules_keep_the_order_in_which_they_were_named(divided: Comparison) -> None:
    scarce = asked(divided, 100)  # exactly 95% is not more than 95%
    assert scarce.alike() == () and scarce.scarcity_text() is None
    assert [arm.label for arm in scarce.arms][-3:] == list(DIVISIONS)
