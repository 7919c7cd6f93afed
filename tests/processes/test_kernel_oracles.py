"""What the kernel counts in whole columns, counted again one by one."""

import numpy as np
import pytest

from commsim.community.community import Community
from commsim.processes.menu import NOTHING_OPEN, menu_of_month
from commsim.processes.mobilisation import Mobilisation
from tests.processes.runs import run


@pytest.fixture(scope="module")
def community() -> Community:
    """A community in the months in which its projects are open to gifts."""
    return run("match.linear", overrides=["months=28"]).community


def test_ties_in_a_group_are_those_whose_other_end_is_in_it(community: Community) -> None:
    residents = community.people.residents.seen_by("reader")
    active = np.flatnonzero(np.arange(len(residents)) % 7 == 0)
    inside = set(active.tolist())
    expected = []
    for one in range(len(residents)):
        ends = [
            int(end)
            for layer in community.given.world.ties.values()
            for end in layer.neighbour[slice(*layer.start[one : one + 2])]
        ]
        ends += [
            int(other) for other in np.flatnonzero(residents.household == residents.household[one]) if other != one
        ]
        expected.append(sum(end in inside for end in ends))
    assert Mobilisation._ties_in(community, residents, active).tolist() == expected


def test_the_menu_of_a_building_group_is_every_option_that_its_people_are_among(community: Community) -> None:
    menu = menu_of_month(community)
    start = community.given.world.addresses.building_start
    assert len(menu.options) > len(community.places.committees)
    for building in range(community.given.world.addresses.buildings):
        mine = [index for index, one in enumerate(menu.options) if one.first <= start[building] < one.last]
        column = menu.of_building[:, building].tolist()
        assert column == mine + [NOTHING_OPEN] * (len(column) - len(mine))


def test_askers_give_a_building_group_the_most_that_anything_open_there_asks_for(community: Community) -> None:
    effort, start = Mobilisation._effort(community), community.given.world.addresses.building_start
    p = community.given.parameters
    for building in range(community.given.world.addresses.buildings):
        here = [one for one in community.money.projects.projects if one.first <= start[building] < one.last]
        delivered = any(one.stage.value == "running" and not one.is_service for one in here)
        in_round = any(
            one in unit.round.projects
            for fund in community.money.funds
            for unit in fund.units
            if unit.round
            for one in here
        )
        assert (effort[building] > p["mobilisation.ordinary_effort"]) == (delivered or in_round)
        assert not delivered or effort[building] >= p["mobilisation.delivery_effort"]
    assert len(set(effort.tolist())) > 1
