"""What the kernel counts in whole columns, counted again one by one."""

from collections.abc import Callable

import numpy as np
import pytest

from commsim.behaviour.acts import NO_PROJECT, Act
from commsim.community.community import Community
from commsim.community.procedures import Stage
from commsim.contracts import Ballot, RoundView, Terms
from commsim.plugins.matching.linear import LinearMatch
from commsim.processes.menu import NOTHING_OPEN, Menu, ballot_menu, giving_menu, meeting_menu, promise_menu
from commsim.processes.mobilisation import Mobilisation
from tests.processes.runs import run

IN_APRIL = ["initiators=quota", "start=2017-01", "months=4"]
"""Rounds are open from April to June."""


class MatchWithBallot(LinearMatch):
    """Asks for gifts, for promised hours and for a ballot."""

    needs = frozenset({"pledges", "ballots", "pledged_hours"})

    def open_round(self, view: RoundView) -> Terms:
        pool = view.budget
        return Terms(match_rate=1.0, match_pool=pool, ballot=Ballot(), counts=("cash", "hours"), hour_value=2000)


@pytest.fixture(scope="module")
def community() -> Community:
    """A community in the months in which its projects are open to gifts."""
    return run(MatchWithBallot(), overrides=IN_APRIL).community


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


@pytest.mark.parametrize(
    "menu_of", [meeting_menu, ballot_menu, giving_menu, promise_menu], ids=lambda menu: menu.__name__
)
def test_the_menu_of_a_building_group_is_every_option_that_its_people_are_among(
    menu_of: Callable[[Community], Menu], community: Community
) -> None:
    menu = menu_of(community)
    start = community.given.world.addresses.building_start
    assert menu.options and {option.act for option in menu.options} <= set(menu.kinds)
    for building in range(community.given.world.addresses.buildings):
        mine = [index for index, option in enumerate(menu.options) if option.first <= start[building] < option.last]
        column = menu.of_building[:, building].tolist()
        assert column == mine + [NOTHING_OPEN] * (len(column) - len(mine))


def test_everyday_service_is_open_to_all_and_money_to_those_whom_a_proposal_serves(community: Community) -> None:
    options = giving_menu(community).options
    everyday = [option for option in options if option.act is Act.TIME and option.project == NO_PROJECT]
    committees = community.places.committees
    assert [(option.first, option.last) for option in everyday] == [(place.first, place.last) for place in committees]
    proposals = {project.number: project for project in community.money.projects.projects if not project.is_service}
    gifts = [option for option in options if option.act is Act.MONEY]
    assert gifts
    for option in gifts:
        project = proposals[option.project]
        assert project.stage is Stage.PROPOSED and (option.first, option.last) == (project.first, project.last)


def test_hours_are_promised_to_proposals_alone_that_lack_them_and_only_where_they_count(community: Community) -> None:
    for option in promise_menu(community).options:
        project = community.money.projects.projects[option.project]
        assert option.act is Act.TIME and project.stage is Stage.PROPOSED
        assert project.pledged_hours < project.hours_needed
    cash_only = run("match.linear", overrides=IN_APRIL).community
    assert not promise_menu(cash_only).options


@pytest.mark.parametrize("call", [1.0, 2.0])
def test_a_round_brings_the_call_to_the_building_groups_of_its_areas_while_it_takes_and_to_no_others(
    call: float,
) -> None:
    half = "funds.self_governance.coverage=[{from: 2017-01, share: 0.5}]"
    community = run("match.linear", overrides=[*IN_APRIL, half, f"parameters.mobilisation.call={call}"]).community
    start = community.given.world.addresses.building_start
    areas = [
        area
        for fund in community.money.funds
        if fund.calls_residents
        for unit in fund.units
        if unit.round is not None
        for area in unit.round.areas
    ]
    expected = [
        call if any(area.first <= first < area.last for area in areas) else 1.0 for first in start[:-1].tolist()
    ]
    assert Mobilisation._call(community).tolist() == expected
    assert (len(set(expected)) > 1) == (call > 1)
