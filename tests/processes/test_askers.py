"""Asking takes somebody's hours: each kind of asker spends no more contacts than its budget, counted one by one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from commsim.community.community import Community
from commsim.community.people import NO_GROUP
from commsim.community.procedures import Stage
from commsim.processes import askers
from commsim.processes.mobilisation import Mobilisation
from tests.processes.runs import run

MINUTES = 60
JULY = ["initiators=quota", "start=2017-01", "months=7", "funds.self_governance.budget_per_committee_yuan=1500"]
"""Rounds have settled in June, so that projects are under way and lack hands; money is scarce, so that some are cut."""


@pytest.fixture(scope="module")
def community() -> Community:
    return run("basic.equal_split", overrides=JULY).community


@pytest.fixture
def asking(community: Community) -> Iterator[Community]:
    """The community, where the step of mobilisation is at work."""
    with community.written_by("mobilisation", Mobilisation.writes):
        yield community


def view(community: Community):  # type: ignore[no-untyped-def]
    return community.people.residents.seen_by("reader")


def by_hand(value: float, unit: str, community: Community) -> float:
    """Contacts that `value` hours are good for."""
    return value * MINUTES / community.given.parameters[f"mobilisation.{unit}_minutes"]


@pytest.mark.parametrize("call", [1.0, 2.0])
def test_a_building_leader_asks_as_many_as_there_are_hours_for(asking: Community, call: float) -> None:
    p, addresses = asking.given.parameters, asking.given.world.addresses
    fresh = 1.0 - asking.places.leader_fatigue
    reach = askers.leaders(asking, view(asking), np.full(addresses.buildings, call))
    hours = {0: 0.0, 1: p["mobilisation.leader_hours"], 2: p["mobilisation.established_leader_hours"]}
    for building in range(addresses.buildings):
        here = reach[addresses.building_start[building] : addresses.building_start[building + 1]]
        budget = by_hand(hours[int(addresses.building_leader[building])] * fresh[building] * call, "leader", asking)
        assert here.sum() <= budget + 1e-9
        assert here.max() == 1.0 or here.sum() == pytest.approx(budget)
    assert reach.sum() > 0


def test_an_ordinary_month_tires_no_leader_and_a_call_does(asking: Community) -> None:
    buildings = asking.given.world.addresses.buildings
    asking.places.leader_fatigue = np.zeros(buildings)
    askers.leaders(asking, view(asking), np.ones(buildings))
    assert not asking.places.leader_fatigue.any()
    askers.leaders(asking, view(asking), np.full(buildings, 2.0))
    assert asking.places.leader_fatigue == pytest.approx(asking.given.parameters["mobilisation.burnout"])


def test_staff_ask_at_recorded_contacts_and_every_ask_takes_minutes_of_the_committee(asking: Community) -> None:
    p, addresses = asking.given.parameters, asking.given.world.addresses
    places = asking.places.committees
    left = [committee.hours.left for committee in places]
    reach = askers.staff(asking, view(asking), np.ones(addresses.buildings))
    contacts = p["mobilisation.cases_a_year"] + p["mobilisation.meetings_a_year"] * p["mobilisation.people_a_meeting"]
    wanted = contacts / 12 * p["mobilisation.share_asked"]
    for committee, before in zip(places, left, strict=True):
        asked = reach[committee.first : committee.last].sum()
        spent = before - committee.hours.left
        assert asked <= by_hand(spent, "staff", asking) + 1e-9
        assert spent == pytest.approx(min(before, wanted * p["mobilisation.staff_minutes"] / MINUTES))


def test_staff_without_hours_ask_nobody(asking: Community) -> None:
    for committee in asking.places.committees:
        with asking.written_by("mobilisation", Mobilisation.writes):
            committee.hours.spend(committee.hours.left)
    assert not askers.staff(asking, view(asking), np.full(asking.given.world.addresses.buildings, 3.0)).any()


def test_hours_beyond_the_ordinary_that_a_call_takes_are_the_funds() -> None:
    more = ["months=4", "start=2017-01", "parameters.mobilisation.call=2"]
    plain, called = run("basic.none", overrides=more), run("basic.call_only", overrides=more)
    extra = called.monthly["staff_minutes"] - plain.monthly["staff_minutes"]
    p = called.scenario.parameters
    contacts = p["mobilisation.cases_a_year"] + p["mobilisation.meetings_a_year"] * p["mobilisation.people_a_meeting"]
    minutes = contacts / 12 * p["mobilisation.share_asked"] * p["mobilisation.staff_minutes"]
    assert not extra[:3].any() and (np.abs(extra[3] - minutes) <= 1).all()  # rounds open in April


def test_a_group_asks_its_members_as_far_as_its_leaders_hours_go(community: Community) -> None:
    residents = view(community)
    reach = askers.groups(community, residents)
    most = by_hand(community.given.parameters["mobilisation.group_hours"], "group", community)
    for group in community.institutions.groups:
        members = np.flatnonzero(residents.group == group.number)
        assert reach[members].sum() == pytest.approx(min(most, len(members)))
    assert not reach[residents.group == NO_GROUP].any() and reach.any()


def test_neighbours_pass_an_ask_on_to_their_ties_alone(community: Community) -> None:
    residents, world = view(community), community.given.world
    acting = community.people.acted_last_month
    askers_are = set(acting.tolist()) | set(np.flatnonzero(residents.broker).tolist())
    near = set()
    for asker in askers_are:
        for layer in world.ties.values():
            near |= set(layer.neighbour[slice(*layer.start[asker : asker + 2])].tolist())
        near |= set(np.flatnonzero(residents.household == residents.household[asker]).tolist())
    reached = np.flatnonzero(askers.neighbours(community, residents, acting))
    assert reached.size and set(reached.tolist()) <= near


@pytest.mark.parametrize("acting", [1, 40])
def test_neighbours_spend_no_more_contacts_than_their_hours_are_good_for(community: Community, acting: int) -> None:
    residents = view(community)
    everybody = np.flatnonzero(community.given.adults)
    some = everybody[:: max(len(everybody) // acting, 1)]
    number = len(np.union1d(some, np.flatnonzero(residents.broker)))
    hours = community.given.parameters["mobilisation.neighbour_hours"]
    assert 0 < askers.neighbours(community, residents, some).sum() <= number * by_hand(hours, "neighbour", community)


def test_a_team_asks_for_no_more_hands_than_the_project_lacks_and_than_it_has_hours_for(community: Community) -> None:
    p, residents = community.given.parameters, view(community)
    wanting = askers.wanting_hands(community)
    assert wanting and any(project.scope < 1 for project in wanting)
    for project in wanting:
        wanted = project.people_needed * project.scope
        for team in range(0, int(wanted) + 3):
            lacking, asking = max(wanted - team, 0.0), max(team, 1)
            others = askers._reach_of_team(community, residents, project, asking, lacking).sum()
            assert others * p["mobilisation.yes_expected"] <= lacking + 1e-9
            # One contact of each goes to asking one another.
            assert others + asking <= by_hand(asking * p["mobilisation.team_hours"], "team", community) + 1e-9


def test_who_is_asked_by_teams_is_what_their_projects_lack(community: Community) -> None:
    """Two projects in one place ask independently of each other: chances of not being asked multiply."""
    p, residents = community.given.parameters, view(community)
    not_asked = [1.0] * len(residents)
    for project in askers.wanting_hands(community):
        team = set(community.people.team_of(project).tolist())
        lacking = max(project.people_needed * project.scope - len(team), 0.0)
        reach = askers._reach_of_team(community, residents, project, max(len(team), 1), lacking)
        for person in range(project.first, project.last):
            not_asked[person] *= 1.0 - reach[person - project.first]
        for person in team:
            not_asked[person] *= 1.0 - p["mobilisation.team_reach"]
    assert askers.project_teams(community, residents) == pytest.approx(1.0 - np.array(not_asked))


def test_splitting_one_project_into_two_draws_nobody_in(community: Community) -> None:
    """Where hours are enough, two projects of half the size ask as many as one: what they lack together is the same."""
    residents = view(community)
    for project in askers.wanting_hands(community):
        lacking = min(project.people_needed, 1.0)
        whole = askers._reach_of_team(community, residents, project, 2, lacking).sum()
        half = askers._reach_of_team(community, residents, project, 1, lacking / 2).sum()
        assert whole == pytest.approx(2 * half) and whole > 0


def test_a_team_asks_nobody_outside_its_place_and_stops_when_it_has_its_hours(community: Community) -> None:
    residents = view(community)
    reach = askers.project_teams(community, residents)
    in_place = np.zeros(len(residents), dtype=np.bool_)
    for project in askers.wanting_hands(community):
        assert project.stage is Stage.RUNNING and project.hours_given < project.hours_wanted
        in_place[project.first : project.last] = True
        in_place[community.people.team_of(project)] = True
    assert reach[in_place].any() and not reach[~in_place].any()


def test_a_memory_of_an_ask_halves_in_its_half_life(community: Community) -> None:
    residents = view(community)
    reach, half = askers.memories(community, residents), community.given.parameters["mobilisation.ask_half_life"]
    for person in np.flatnonzero(residents.persuaded > -100)[:50].tolist():
        assert reach[person] == pytest.approx(0.5 ** ((community.month - int(residents.persuaded[person])) / half))
    assert not reach[residents.persuaded < -100].any()


def test_seeing_a_project_adds_no_initiative_unless_its_parameter_says_so(community: Community) -> None:
    p, residents = community.given.parameters, view(community)
    chance = np.minimum(
        p["mobilisation.own_initiative"]
        * (residents.habit_time.astype(np.float64) / p["mobilisation.usual_habit"]) ** p["mobilisation.own_of_habit"],
        1.0,
    )
    assert p["visibility.own_act_year"] == 0.0
    assert askers.own_initiative(community, residents) == pytest.approx(chance)
