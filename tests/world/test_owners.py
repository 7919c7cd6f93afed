"""What the world claims of who manages an estate: owners' committees where there may be one, and property companies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsim.randomness import Draws
from commsim.scenario.loading import load_scenario
from commsim.world.owners import ELIGIBLE, owners_committees, property_qualities
from commsim.world.population import make_population
from commsim.world.records import EstateType, OwnersCommittee
from tests.world.made_town import MadeScenario

PARAMETERS = MadeScenario().parameters
KINDS = st.lists(st.sampled_from(EstateType), min_size=1, max_size=8)


@given(KINDS, st.integers(0, 2**32))
def test_an_estate_has_a_state_of_its_owners_exactly_where_it_may_have_one(kinds: list[EstateType], seed: int) -> None:
    states = owners_committees(kinds, "south-01", PARAMETERS, Draws(seed))
    eligible = [state is not OwnersCommittee.NOT_ELIGIBLE for state in states]
    assert eligible == [kind in ELIGIBLE for kind in kinds]
    assert states == owners_committees(kinds, "south-01", PARAMETERS, Draws(seed))


@given(st.integers(1, 20), st.floats(0.1, 0.9), st.floats(0, 0.4))
def test_a_property_company_has_a_level_between_0_and_1(estates: int, mean: float, spread: float) -> None:
    said = {"population.property_quality": mean, "population.property_quality_spread": spread}
    levels = property_qualities(estates, "south-01", MadeScenario(said).parameters, Draws(1))
    assert len(levels) == estates and ((levels >= 0) & (levels <= 1)).all()


def test_owners_committees_of_the_district_stand_as_the_registry_says() -> None:
    """None 10%, working 65%, deadlocked 25% of the estates that may have one; lanes and collective blocks have none."""
    _columns, addresses, _margins = make_population(
        load_scenario("jingan-2017", ["population.residents=60000"]), Draws(1)
    )
    may = np.isin(addresses.estate_type, ELIGIBLE)
    assert (addresses.owners_committee[~may] == OwnersCommittee.NOT_ELIGIBLE).all()
    shares = np.bincount(addresses.owners_committee[may], minlength=4) / may.sum()
    assert shares == pytest.approx([0, 0.1, 0.65, 0.25], abs=0.05)
    assert addresses.property_quality.mean() == pytest.approx(0.5, abs=0.03)


def test_every_estate_says_who_manages_it_and_every_subdistrict_what_it_wished_first() -> None:
    _columns, addresses, _margins = make_population(load_scenario("tutorial"), Draws(1))
    estates, subdistricts = len(addresses.estate_type), len(addresses.subdistrict_ids)
    assert len(addresses.owners_committee) == len(addresses.property_quality) == estates
    assert len(addresses.first_wish) == subdistricts
    assert addresses.owners_committee.dtype == np.uint8
