"""What the shipped scenarios promise, and the JSON Schema that ships beside them."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

from commsim.scenario import dump_resolved, list_scenarios, load_scenario, schema_text, shipped_folder
from commsim.scenario.loading import SCHEMA_FILE, SCHEMA_LINE
from commsim.scenario.scenario_files import scenario_files

NAMES = [listing.name for listing in list_scenarios()]


def test_the_four_scenarios_ship() -> None:
    assert {"jingan-2017", "jingan-pilot", "tutorial", "building-trial"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_scenario_loads_speaks_both_languages_and_round_trips(name: str, tmp_path: Path) -> None:
    scenario = load_scenario(name)
    assert scenario.name == name
    assert scenario.title.to("en") != scenario.title.to("zh")
    assert scenario.description is not None
    assert all(fund.source and fund.name.to("en") != fund.name.to("zh") for fund in scenario.funds)
    (tmp_path / "again.yaml").write_text(dump_resolved(scenario), encoding="utf-8")
    assert load_scenario(tmp_path / "again.yaml") == scenario
    assert pickle.loads(pickle.dumps(scenario)) == scenario


@pytest.mark.parametrize("path", scenario_files(shipped_folder()), ids=lambda path: path.name)
def test_a_shipped_file_points_editors_to_the_schema(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith(SCHEMA_LINE)


def test_the_committed_schema_is_current() -> None:
    committed = (shipped_folder() / SCHEMA_FILE).read_text(encoding="utf-8")
    assert committed == schema_text(), "run: python -m commsim.scenario"


def test_the_schema_describes_every_field_in_both_languages() -> None:
    schema = json.loads(schema_text())
    for properties in (schema["properties"], schema["$defs"]["FundSpec"]["properties"]):
        for name, field in properties.items():
            text = field.get("description", "")
            assert text.isascii() is False and any(letter.isascii() and letter.isalpha() for letter in text), name


def test_the_district_is_that_of_the_plan() -> None:
    scenario = load_scenario("jingan-2017")
    assert scenario.population.residents == 1_048_741
    assert (scenario.population.committees, scenario.population.villages, len(scenario.population.places)) == (
        276,
        1,
        14,
    )
    assert (scenario.month_date(0), scenario.month_date(scenario.months - 1)) == ("2015-01", "2018-12")
    assert scenario.election_months() == (6, 42)
    fund = scenario.fund_under_comparison
    assert (fund.id, fund.budget_per_committee_fen, fund.deciding_unit) == ("self_governance", 2_000_000, "subdistrict")
    shares = [scenario.coverage(fund, month) for month in (0, 23, 24, 35, 36, 47)]
    assert shares == [0, 0, 0.3, 0.3, 1, 1]
    assert scenario.coverage(scenario.fund("service_money"), 0) == 1
    assert scenario.fund("service_money").budget_per_committee_fen == 15_000_000


def test_each_unit_wished_first_for_what_the_round_of_2018_says() -> None:
    wishes: dict[str | None, set[str]] = {}
    for place in load_scenario("jingan-2017").population.places:
        wishes.setdefault(place.first_wish, set()).add(place.id)
    assert wishes == {
        "surroundings": {
            *("jingansi", "daninglu", "baoshanlu", "pengpuzhen", "zhijiangxilu", "nanjingxilu", "beizhan"),
        },
        "property": {"shimenerlu", "caojiadu", "linfenlu"},
        "repair": {"jiangninglu", "gonghexin"},
        "waste": {"tianmuxilu"},
        "culture_sport": {"pengpuxincun"},
    }


def test_the_pilot_is_one_committee_in_ten_and_otherwise_the_district() -> None:
    pilot, district = load_scenario("jingan-pilot"), load_scenario("jingan-2017")
    assert (pilot.population.one_in, district.population.one_in) == (10, 1)
    assert (pilot.funds, pilot.start, pilot.months) == (district.funds, district.start, district.months)


def test_the_building_trial_is_that_of_shimen_road() -> None:
    scenario = load_scenario("building-trial")
    (place,) = scenario.population.places
    assert [one.leader for one in place.committee_list] == ["established", "ordinary", "none"]
    assert [one.households for one in place.committee_list] == [81, 80, 80]
    fund = scenario.fund_under_comparison
    assert (fund.level, fund.deciding_unit, fund.rule.id) == ("building", "building", "seed.provision_point")
    assert fund.rule.params == {"threshold_yuan": 500}
