"""What a scenario answers: months, coverage, budgets, which fund is compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsim.errors import InvalidInput
from commsim.scenario import FundSpec, Scenario, load_scenario
from commsim.scenario.months import is_month, month_number, month_text

TUTORIAL = load_scenario("tutorial")


def changed(**values: object) -> Scenario:
    raw = TUTORIAL.model_dump(by_alias=True, exclude_none=True)
    return Scenario.model_validate(raw | values)


def fund(**values: object) -> FundSpec:
    raw = {"id": "x", "name": {"en": "X", "zh": "某"}, "rule": "basic.none", "budget_per_committee_yuan": 1}
    return FundSpec.model_validate(raw | values)


@given(st.integers(1, 9999), st.integers(1, 12))
def test_months_count_and_read_back(year: int, month: int) -> None:
    text = f"{year:04d}-{month:02d}"
    assert is_month(text)
    assert month_number(text) == 12 * year + month - 1
    assert month_text(month_number(text)) == text


@pytest.mark.parametrize(
    "text", ["2017", "2017-1", "2017-00", "2017-13", "201701", "2017-01-01", " 2017-01", 201701, None]
)
def test_what_is_no_month_is_not_taken_for_one(text: object) -> None:
    assert not is_month(text)


def test_the_months_of_a_run_have_dates_and_years() -> None:
    scenario = changed(start="2016-11", months=15, elections=("2017-02", "2016-01", "2018-02"))
    assert [scenario.month_date(month) for month in (0, 2, 14)] == ["2016-11", "2017-01", "2018-01"]
    assert [scenario.calendar_month(month) for month in (0, 1, 2, 14)] == [11, 12, 1, 1]
    assert [scenario.year(month) for month in (0, 1, 2, 14)] == [2016, 2016, 2017, 2018]
    assert all(scenario.month_of(scenario.month_date(month)) == month for month in range(15))
    assert scenario.election_months() == (3,)


def test_the_start_of_a_fund_is_inclusive_and_its_end_exclusive() -> None:
    scenario = changed(start="2017-01", months=12, funds=(fund(starts="2017-03", ends="2017-06"),))
    covered = [month for month in range(12) if scenario.coverage(scenario.funds[0], month)]
    assert covered == [2, 3, 4]
    assert scenario.fund_months(scenario.funds[0]) == range(2, 5)


def test_coverage_holds_from_its_month_and_is_nothing_before_its_first_step() -> None:
    steps = [{"from": "2017-04", "share": 0.25}, {"from": "2017-07", "share": 0.5}]
    scenario = changed(start="2017-01", months=9, funds=(fund(coverage=steps),))
    shares = [scenario.coverage(scenario.funds[0], month) for month in range(9)]
    assert shares == [0, 0, 0, 0.25, 0.25, 0.25, 0.5, 0.5, 0.5]
    assert scenario.coverage(scenario.funds[0], 9) == 0


def test_a_budget_is_exact_to_the_fen() -> None:
    assert fund(budget_per_committee_yuan=50000.01).yearly_budget_fen(3) == 15_000_003
    total = fund(budget_per_committee_yuan=None, budget_total_yuan=1_000_000)
    assert [total.yearly_budget_fen(committees) for committees in (0, 1, 276)] == [0, 100_000_000, 100_000_000]


def test_one_fund_is_always_under_comparison() -> None:
    one, other, third = fund(id="self_governance"), fund(id="other"), fund(id="third", under_comparison=True)
    assert changed(funds=(other,)).fund_under_comparison.id == "other"
    assert changed(funds=(other, one)).fund_under_comparison.id == "self_governance"
    assert changed(funds=(other, one, third)).fund_under_comparison.id == "third"
    assert [one.under_comparison for one in changed(funds=(other, one)).funds] == [False, True]
    with pytest.raises(ValueError, match="under_comparison"):
        changed(funds=(other, fund(id="another")))
    with pytest.raises(ValueError, match="ids must differ"):
        changed(funds=(other, other))


def test_the_pool_is_the_level_unless_it_is_given() -> None:
    assert fund(level="building").deciding_unit == "building"
    assert fund(level="building", pool="district").deciding_unit == "district"


def test_a_rule_can_be_given_by_its_id_alone() -> None:
    short, long = fund(rule="a.b"), fund(rule={"id": "a.b", "modifiers": ["m.n", {"id": "m.o", "params": {"k": 1}}]})
    assert (short.rule.id, short.rule.params, short.rule.modifiers) == ("a.b", {}, ())
    assert [one.id for one in long.rule.modifiers] == ["m.n", "m.o"]


def test_a_scenario_is_frozen_and_its_parameters_follow_its_overrides() -> None:
    with pytest.raises(ValueError, match="frozen"):
        TUTORIAL.months = 3  # type: ignore[misc]
    again = TUTORIAL.model_copy(update={"parameter_overrides": {"money.hour_rate_yuan": 33.0}})
    assert (TUTORIAL.parameters["money.hour_rate_yuan"], again.parameters["money.hour_rate_yuan"]) == (20, 33)


def test_every_layer_of_ties_has_a_generator() -> None:
    layers = changed(networks={"layers": {"long": "mine"}}).networks.layers
    assert layers == {"building": "ring_lattice", "estate": "ring_lattice", "affinity": "ring_lattice", "long": "mine"}


def test_who_brings_proposals_is_one_of_four_policies_and_open_unless_told() -> None:
    policies = ("open", "residents", "quota", "help_desk")
    assert [load_scenario("tutorial", [f"initiators={policy}"]).initiators for policy in policies] == [*policies]
    assert TUTORIAL.initiators == "open"
    with pytest.raises(InvalidInput, match="initiators.*mixed"):
        load_scenario("tutorial", ["initiators=mixed"])


def test_a_project_is_capped_by_its_fund_or_by_the_registry_for_its_level() -> None:
    plain = "funds.0.project_cap_yuan=null"
    found = [load_scenario(name, [plain]) for name in ("tutorial", "building-trial")]
    assert [one.project_cap_fen(one.fund_under_comparison) for one in found] == [2_000_000, 500_000]
    own = load_scenario("tutorial", ["funds.self_governance.project_cap_yuan=1234.5"])
    assert own.project_cap_fen(own.fund_under_comparison) == 123_450
    registry = load_scenario("tutorial", [plain, "parameters.bidding.project_cap_yuan=30000"])
    assert registry.project_cap_fen(registry.fund_under_comparison) == 3_000_000
