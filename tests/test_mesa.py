"""Claims about the model as a Mesa model: who its agents are, how they act, what its collector tells, when it ends."""

from __future__ import annotations

import re
from pathlib import Path

import mesa
import numpy as np
import pytest

from commsim.agents.committee import Committee
from commsim.agents.local_unit import LocalUnit
from commsim.agents.organisation import CAPACITY, GROUPS, ActivityGroup, SocialOrganisation
from commsim.community.funds import Fund
from commsim.model import CommunityModel
from commsim.plugin_host.loader import load_catalogue
from commsim.processes.monthly_columns import MEANS, MONTHLY_COLUMNS
from commsim.randomness import Draws
from tests.processes.runs import run, scenario_of, small_world

PROJECT = Path(__file__).resolve().parents[1]
MONTHS = 30


def _new(months: int = MONTHS, rule: str = "basic.needs_weighted") -> CommunityModel:
    scenario = scenario_of(months=months)
    catalogue = load_catalogue()
    rules = {fund.id: catalogue.make(fund.rule.id, fund.rule.params) for fund in scenario.funds}
    rules[scenario.fund_under_comparison.id] = catalogue.make(rule, {})
    return CommunityModel(small_world(), scenario, rules, Draws(1))


@pytest.fixture(scope="module")
def model() -> CommunityModel:
    return run("pb.greedy_votes", overrides=[f"months={MONTHS}"])


# --- agents ---------------------------------------------------------------------------------------------------------


def test_institutions_are_the_agents_of_the_model_in_the_order_of_the_world() -> None:
    new = _new()
    committees = new.agents_by_type[Committee]
    assert committees.get("id") == list(new.world.addresses.committee_ids)
    assert committees.get("index") == list(range(len(committees)))
    assert new.agents.select(lambda agent: agent.kind != "fund").get("id") == [
        record.id for record in new.world.institutions
    ]
    assert new.agents_by_type[Fund].get("id") == [fund.id for fund in new.scenario.funds]


@pytest.mark.parametrize("kind", [Committee, Fund, LocalUnit, SocialOrganisation, ActivityGroup])
def test_a_process_reaches_each_kind_as_an_agent_set_also_where_there_are_none(kind: type) -> None:
    new = _new()
    found = new.community.agents(kind)
    assert set(found) == set(new.agents.select(agent_type=kind))
    assert found.do(lambda agent: None) is found
    assert found.map(lambda agent: type(agent)) == [kind] * len(found)


def test_groups_end_in_their_time_and_are_no_longer_agents() -> None:
    new = _new(months=26)
    while new.month < 6:
        new.step()
    groups = set(new.agents_by_type[ActivityGroup])
    with new.community.permit.held_by("organisations", {GROUPS}):
        next(iter(groups)).end()
    new.run()
    ended = {group for group in new.community.institutions.groups if not group.alive}
    assert groups & ended
    assert set(new.community.agents(ActivityGroup)) == set(new.community.institutions.groups) - ended


def test_an_organisation_that_closes_leaves_the_agents_and_keeps_its_past() -> None:
    new = _new()
    organisation = next(iter(new.agents_by_type[SocialOrganisation]))
    with new.community.permit.held_by("organisations", {CAPACITY}):
        organisation.close()
    assert organisation not in new.agents and not organisation.has_room
    assert new.community.institutions.organisation(organisation.id) is organisation


def test_the_institutions_tied_to_a_committee_come_by_id() -> None:
    community = _new().community
    network = community.institutions.network
    for committee in community.places.committees:
        for tied in (community.institutions.units_of(committee), community.institutions.partners_of(committee)):
            ids = [institution.id for institution in tied]
            assert ids == sorted(ids) and set(ids) <= set(network.neighbors(committee.id))


def test_an_organisation_that_closed_is_no_partner_any_more() -> None:
    new = _new()
    community = new.community
    committee, partner = next(
        (committee, partner)
        for committee in community.places.committees
        for partner in community.institutions.partners_of(committee)
    )
    with community.permit.held_by("organisations", {CAPACITY}):
        partner.close()
    assert partner not in community.institutions.partners_of(committee)


# --- luck -----------------------------------------------------------------------------------------------------------


def test_nothing_in_a_run_draws_from_the_generators_of_mesa() -> None:
    new = _new(months=14)
    before = new.random.getstate(), new.rng.bit_generator.state
    new.run()
    assert (new.random.getstate(), new.rng.bit_generator.state) == before


def test_no_process_shuffles_agents() -> None:
    for path in [*(PROJECT / "commsim" / "processes").rglob("*.py"), *(PROJECT / "commsim" / "agents").rglob("*.py")]:
        code = re.sub(r'"""(?s:.*?)"""', "", path.read_text(encoding="utf-8"))
        assert not re.search(r"\.shuffle|\.random\b|\.rng\b", code), path


# --- the collector --------------------------------------------------------------------------------------------------


def test_the_recording_step_writes_exactly_the_columns_that_are_declared(model: CommunityModel) -> None:
    assert tuple(model.monthly) == MONTHLY_COLUMNS


def test_the_collector_tells_every_monthly_column_of_the_whole_place(model: CommunityModel) -> None:
    frame = model.datacollector.get_model_vars_dataframe()
    assert list(frame.columns) == ["date", *MONTHLY_COLUMNS] and len(frame) == MONTHS
    assert frame["date"].tolist() == [model.scenario.month_date(month) for month in range(MONTHS)]
    adults = model.monthly["adults"]
    for name, values in model.monthly.items():
        expected = (values * adults).sum(axis=1) / adults.sum(axis=1) if name in MEANS else values.sum(axis=1)
        np.testing.assert_allclose(frame[name], expected, rtol=1e-6)


def test_the_collector_tells_every_monthly_column_of_every_committee(model: CommunityModel) -> None:
    frame = model.datacollector.get_agenttype_vars_dataframe(Committee)
    committees = model.agents_by_type[Committee]
    assert frame.index.names == ["Step", "AgentID"]
    assert frame["committee"].tolist() == committees.get("id") * MONTHS
    assert frame.index.get_level_values("AgentID").tolist() == committees.get("unique_id") * MONTHS
    assert frame.index.get_level_values("Step").unique().tolist() == list(range(1, MONTHS + 1))
    for name, values in model.monthly.items():
        assert frame[name].tolist() == values.reshape(-1).tolist()
    assert model.datacollector.get_agent_vars_dataframe().equals(frame)


def test_a_collector_that_is_held_keeps_up_with_the_model_and_begins_empty() -> None:
    new = _new(months=3)
    held = new.datacollector
    assert held.get_model_vars_dataframe().empty
    for month in range(3):
        new.step()
        assert len(held.get_model_vars_dataframe()) == month + 1
    assert held is new.datacollector
    held.collect(new)
    assert len(held.get_model_vars_dataframe()) == 3


def test_nothing_is_collected_that_nobody_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def collect(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(mesa.DataCollector, "__init__", collect)
    monkeypatch.setattr(mesa.DataCollector, "collect", collect)
    assert _new(months=2).run().month == 2


# --- running --------------------------------------------------------------------------------------------------------


def test_mesa_s_run_model_ends_with_the_scenario() -> None:
    new = _new(months=5)
    new.run_model()
    assert (new.month, new.steps, new.running) == (5, 5, False)
    assert new.datacollector.get_model_vars_dataframe().equals(
        _new(months=5).run().datacollector.get_model_vars_dataframe()
    )


class Town(CommunityModel):
    """The tutorial's town as Mesa's batch runner wants it: a model made from plain arguments."""

    def __init__(self, rate: float, rng: object = None) -> None:
        made = _new(months=4, rule="match.linear")
        fund = made.scenario.fund_under_comparison.id
        rules = {each.id: each.rule for each in made.community.money.funds}
        rules[fund] = load_catalogue().make("match.linear", {"rate": rate})
        super().__init__(made.world, made.scenario, rules, Draws(1))


def test_mesa_s_batch_run_gives_a_row_a_committee() -> None:
    rows = mesa.batch_run(Town, {"rate": [0.5, 2.0]}, number_processes=1, display_progress=False)
    committees = list(small_world().addresses.committee_ids)
    assert [(row["rate"], row["committee"]) for row in rows] == [
        (rate, one) for rate in (0.5, 2.0) for one in committees
    ]
    assert all(set(row) >= {"date", *MONTHLY_COLUMNS} for row in rows)
