"""What the world claims of residents' needs: the ten items of the questionnaires, by circumstance, estate and place."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from commsim.randomness import Draws
from commsim.scenario.loading import load_scenario
from commsim.world.attributes import add_attributes
from commsim.world.population import make_population
from commsim.world.records import Addresses, Column, Domain, EstateType, Tenure
from tests.world.made_town import MadeScenario, made_town

Town = tuple[dict[str, Column], Addresses, Mapping[str, Column]]


@pytest.fixture(scope="module")
def town() -> Town:
    columns, addresses = made_town(committees=12, estates=4, buildings=10, households=35)
    return columns, addresses, add_attributes(columns, addresses, MadeScenario(), Draws(1))


def test_needs_follow_age_household_and_home(town: Town) -> None:
    columns, addresses, made = town
    needs, age = made["needs"], columns["age"]
    kind = addresses.estate_type[columns["estate"]]
    child = np.isin(columns["household"], columns["household"][age < 15])
    assert needs[age >= 60, Domain.ELDERS].mean() > needs[age < 60, Domain.ELDERS].mean() + 0.15
    assert needs[child, Domain.CHILDREN].mean() > needs[~child, Domain.CHILDREN].mean() + 0.3
    assert (
        needs[kind == EstateType.LANES, Domain.SURROUNDINGS].mean()
        > needs[kind == EstateType.COMMERCIAL, Domain.SURROUNDINGS].mean()
    )
    owner = columns["tenure"] == Tenure.OWNED
    assert needs[owner, Domain.PROPERTY].mean() > needs[~owner, Domain.PROPERTY].mean()


def test_needs_stand_where_the_round_of_2020_found_them() -> None:
    """Above 60%: property, facilities, repair, surroundings; above 50%: information, culture, waste, health."""
    own = ["parameters.attributes.need_estate_spread=0", "parameters.attributes.need_spread=0.18"]
    scenario = load_scenario("jingan-pilot", ["population.one_in=8", *own])  # without the luck of estates
    census, addresses, _margins = make_population(scenario, Draws(1))
    needs = add_attributes(census, addresses, scenario, Draws(1))["needs"][census["age"] >= 18]
    concerned = (needs > scenario.parameters["bidding.need_that_concerns"]).mean(axis=0)
    first = [Domain.PROPERTY, Domain.FACILITIES, Domain.REPAIR, Domain.SURROUNDINGS]
    then = [Domain.INFORMATION, Domain.CULTURE_SPORT, Domain.WASTE, Domain.HEALTH]
    assert (concerned[first] > 0.6).all()
    assert ((concerned[then] > 0.5) & (concerned[then] < 0.6)).all()
    assert concerned[[Domain.ELDERS, Domain.CHILDREN]].max() < 0.35


def test_the_first_wish_of_a_subdistrict_raises_that_need_there_and_no_other(town: Town) -> None:
    columns, addresses, _ = town

    def needs(shift: float) -> Column:
        scenario = MadeScenario({"attributes.need_first_wish": shift, "attributes.need_surroundings": 0.3})
        return add_attributes(columns, addresses, scenario, Draws(1))["needs"].astype(float)

    gained = needs(0.1) - needs(0.0)
    wishing = addresses.subdistrict_of_committee[columns["committee"]] == 0
    assert gained[wishing, Domain.SURROUNDINGS].mean() == pytest.approx(0.1, abs=0.02)
    gained[wishing, Domain.SURROUNDINGS] = 0.0
    assert not gained.any()


def test_neighbours_of_an_estate_share_needs_only_as_far_as_the_registry_lets_them(town: Town) -> None:
    columns, addresses, _ = town

    def spread_between_estates(overrides: dict[str, float]) -> float:
        made = add_attributes(columns, addresses, MadeScenario(overrides), Draws(1))
        culture = made["needs"][:, Domain.CULTURE_SPORT].astype(float)
        return float(np.std(np.bincount(columns["estate"], culture) / np.bincount(columns["estate"])))

    assert spread_between_estates({}) > 5 * spread_between_estates({"attributes.need_estate_spread": 0.0})
