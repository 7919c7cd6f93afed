"""What each kind of asker does in a month: finite hours, minutes for a contact, and whom they turn to.

Part of mobilisation (step 5). Every contact costs minutes of somebody named: a building leader, a neighbour who takes
part, a group, staff, the team of a project. What is asked more for one thing is asked less for another, since all that
is open to a resident comes up at one contact. Staff's ordinary contacts are the cases and meetings on record (Xinmin
2016-12-24: 301 first-contact cases and 16 meetings a committee-year; district-2.md A7). Source of the rest: Brady,
Schlozman and Verba 1999 for whom they turn to; hours and minutes are assumptions (registry, `mobilisation`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commsim.agents.committee import Committee
from commsim.agents.hours import MINUTES_PER_HOUR, NO_FUND
from commsim.behaviour.asking import Reach, reach_by_hours
from commsim.community.community import Community
from commsim.community.given import Positions
from commsim.community.people import LONG_AGO, NO_GROUP, Columns
from commsim.community.procedures import Stage
from commsim.community.projects import Project
from commsim.community.rounds import OpenRound
from commsim.money import FEN_PER_YUAN
from commsim.scenario.months import MONTHS_A_YEAR
from commsim.world.records import runs


def leaders(community: Community, residents: Columns, call: NDArray[np.float64]) -> Reach:
    """Building leaders (楼组长) have hours for so many contacts, and begin with those whom the committee knows."""
    p = community.given.parameters
    kind = community.given.world.addresses.building_leader
    hours = np.array([0.0, p["mobilisation.leader_hours"], p["mobilisation.established_leader_hours"]])[kind]
    fatigue = community.places.leader_fatigue
    contacts = hours * (1.0 - fatigue) * call * MINUTES_PER_HOUR / p["mobilisation.leader_minutes"]
    # Only hours beyond the ordinary tire: an ordinary month is what a leader has settled into.
    tired = p["mobilisation.burnout"] * (call - 1.0) * (1.0 - fatigue)
    community.places.leader_fatigue = np.clip(fatigue + tired - p["mobilisation.recovery"] * fatigue, 0.0, 1.0)
    weight = community.given.adults * residents.reach * (1.0 + p["mobilisation.weight_of_known"] * residents.known)
    return reach_by_hours(contacts, weight, community.given.world.addresses.building_start)


def neighbours(community: Community, residents: Columns, acting: Positions) -> Reach:
    """Those who gave hours or money last month, and the committee's brokers, pass the ask on to some of their ties.

    Each has time for so many contacts; with more ties each tie hears less. Who meets neighbours weekly hears more, and
    so does who has seen a visible work of late: such works bring people together (Branas et al. 2018).
    """
    p = community.given.parameters
    askers = np.union1d(acting, np.flatnonzero(residents.broker))
    reach: Reach = np.zeros(len(residents))
    if not askers.size:
        return reach
    contacts = p["mobilisation.neighbour_hours"] * MINUTES_PER_HOUR / p["mobilisation.neighbour_minutes"]
    known = community.given.tie_counts[askers] + residents.household_size[askers] - 1
    each = np.minimum(contacts / np.maximum(known, 1), 1.0)
    unasked = np.log1p(-np.minimum(each, 1.0 - np.finfo(np.float64).eps))
    tie, chance_left = _ties_of(community, residents, askers, unasked)
    left = np.bincount(tie, weights=chance_left, minlength=len(residents))
    left[askers] -= unasked  # nobody asks oneself
    near = np.flatnonzero(left < 0)
    meeting = np.where(community.given.meets_neighbours[near], 1.0, p["mobilisation.ask_without_contact"])
    seen = residents.saw[near] > community.month - MONTHS_A_YEAR
    # Who meets nobody is met more often after seeing a work; no neighbour has more time for it than before.
    meeting = np.minimum(meeting * np.where(seen, p["visibility.contact"], 1.0), 1.0)
    reach[near] = -np.expm1(left[near]) * meeting
    return reach


def _ties_of(
    community: Community, residents: Columns, askers: Positions, value: NDArray[np.float64]
) -> tuple[NDArray[np.integer], NDArray[np.float64]]:
    """Ties of `askers` in all layers and their households, one after the other, and for each its asker's `value`."""
    ties: list[NDArray[np.integer]] = []
    values = []
    for layer in community.given.world.ties.values():
        first, last = layer.start[askers], layer.start[askers + 1]
        ties.append(layer.neighbour[runs(first, last)])
        values.append(np.repeat(value, last - first))
    start, home = community.given.world.addresses.household_start, residents.household[askers]
    ties.append(runs(start[home], start[home + 1]))
    values.append(np.repeat(value, start[home + 1] - start[home]))
    return np.concatenate(ties), np.concatenate(values)


def groups(community: Community, residents: Columns) -> Reach:
    """A group's leader asks its members, as many as there are hours for."""
    p = community.given.parameters
    most = p["mobilisation.group_hours"] * MINUTES_PER_HOUR / p["mobilisation.group_minutes"]
    members = np.bincount(residents.group[residents.group != NO_GROUP], minlength=len(community.institutions.groups))
    share = np.minimum(most / np.maximum(members, 1), 1.0)
    member = np.flatnonzero(residents.group != NO_GROUP)
    reach: Reach = np.zeros(len(residents))
    reach[member] = share[residents.group[member]]
    return reach


def staff(community: Community, residents: Columns, call: NDArray[np.float64]) -> Reach:
    """Residents who come to the committee with a matter or to a meeting are asked, if staff have the minutes for it."""
    p = community.given.parameters
    addresses = community.given.world.addresses
    most = np.ones(addresses.committees)
    np.maximum.at(most, addresses.committee_of_estate[addresses.estate_of_building], call)
    ordinary = p["mobilisation.cases_a_year"] + p["mobilisation.meetings_a_year"] * p["mobilisation.people_a_meeting"]
    asked = ordinary / MONTHS_A_YEAR * p["mobilisation.share_asked"]
    contacts = community.agents(Committee).map(
        lambda committee: _staff_contacts(committee, community, asked, float(most[committee.index]))
    )
    weight = community.given.adults * residents.reach * (1.0 + p["mobilisation.weight_of_known"] * residents.known)
    return reach_by_hours(np.array(contacts, dtype=np.float64), weight, addresses.committee_start)


def _staff_contacts(committee: Committee, community: Community, asked: float, call: float) -> float:
    """Contacts for which a committee's staff have hours; beyond the ordinary ones a fund's call caused them."""
    minutes = community.given.parameters["mobilisation.staff_minutes"]
    ordinary = committee.hours.spend(asked * minutes / MINUTES_PER_HOUR)
    extra = 0.0
    if call > 1.0:
        caused = community.money.comparison_fund.id if community.money.reaches(committee.index) else NO_FUND
        extra = committee.hours.spend(asked * (call - 1.0) * minutes / MINUTES_PER_HOUR, fund=caused)
    return (ordinary + extra) * MINUTES_PER_HOUR / minutes


def notices(community: Community, residents: Columns, call: NDArray[np.float64]) -> Reach:
    """Notices in online groups and on the board are read by a share, the young more than the old."""
    sizes = np.diff(community.given.world.addresses.building_start)
    return np.minimum(community.given.media_reach * residents.reach * np.repeat(call, sizes), 1.0)


def project_teams(community: Community, residents: Columns) -> Reach:
    """The team of a project asks its own members each month, and others in its place for what the project lacks.

    Before the award that is money and promises of hours, then hands, until it has them.
    """
    p = community.given.parameters
    not_asked = np.ones(len(residents))
    for project in wanting_hands(community):
        team = community.people.team_of(project)
        lacking = max(project.people_needed * project.scope - team.size, 0.0)
        # Whoever carries the project is among those who ask, so that a team of nobody still has somebody to begin.
        asking = max(team.size, 1)
        reach = _reach_of_team(community, residents, project, asking, lacking)
        not_asked[project.first : project.last] *= 1.0 - reach
        not_asked[team] *= 1.0 - p["mobilisation.team_reach"]
    for open_round, project in wanting_money(community):
        gift = p["amount.suggested_gift_yuan"] * p["amount.usual_share"] * FEN_PER_YUAN
        lacking = money_lacking(open_round, project, p["mobilisation.weight_of_need"]) / gift
        # Before the award only who starts it asks: a team comes with the work.
        not_asked[project.first : project.last] *= 1.0 - _reach_of_team(community, residents, project, 1, lacking)
    return np.asarray(1.0 - not_asked)


def wanting_money(community: Community) -> list[tuple[OpenRound, Project]]:
    """Proposals of rounds in which residents can still give."""
    return [
        (unit.round, project)
        for fund in community.money.funds
        if fund.calls_residents
        for unit in community.money.round_units(fund)
        if unit.round is not None and unit.round.takes(community.month)
        for project in unit.round.projects
    ]


def money_lacking(open_round: OpenRound, project: Project, weight_of_need: float) -> float:
    """Fen for which a proposal's team asks: its ask less what is pledged and, by `weight_of_need`, what terms promise.

    The terms promise the announced award, the announced seed, or the match on what is pledged; where they say nothing,
    nobody counts on the purse. Organisations that are granted money ask less (de Wit and Bekkers 2017, direction).
    """
    terms, place = open_round.terms, open_round.projects.index(project)
    promised = 0.0
    if terms.expected_award is not None:
        promised = float(np.broadcast_to(terms.expected_award, len(open_round.projects))[place])
    elif terms.match_rate > 0:
        promised = terms.match_rate * project.pledged_fen
    elif terms.threshold is not None:
        promised = float(np.broadcast_to(terms.seed_announced, len(open_round.projects))[place])
    return max(project.ask_fen - project.pledged_fen - weight_of_need * promised, 0.0)


def wanting_hands(community: Community) -> list[Project]:
    """Projects under way that still lack volunteers' hours."""
    running = community.money.projects.in_stage(Stage.RUNNING)
    return [project for project in running if not project.is_service and project.lacks_hands]


def _reach_of_team(community: Community, residents: Columns, project: Project, asking: int, lacking: float) -> Reach:
    """Chance of each resident of a project's place of being asked by so many of its people for what they lack."""
    p = community.given.parameters
    place = slice(project.first, project.last)
    # One contact of each goes to asking one another to come again.
    contacts = max(
        asking * p["mobilisation.team_hours"] * MINUTES_PER_HOUR / p["mobilisation.team_minutes"] - asking, 0.0
    )
    contacts = min(contacts, lacking / p["mobilisation.yes_expected"])
    known = 1.0 + p["mobilisation.weight_of_known"] * residents.known[place]
    concerned = residents.needs[place, int(project.domain)]
    weight = community.given.adults[place] * residents.reach[place] * known * concerned
    return reach_by_hours(np.array([contacts]), weight, np.array([0, project.last - project.first]))


def memories(community: Community, residents: Columns) -> Reach:
    """Who was won for giving hours comes again for a while, unasked: what one ask has set off halves in so many months
    (path.md 4.7)."""
    reach: Reach = np.zeros(len(residents))
    won = np.flatnonzero(residents.persuaded != LONG_AGO)
    months = community.month - residents.persuaded[won].astype(np.float64)
    reach[won] = 0.5 ** (months / community.given.parameters["mobilisation.ask_half_life"])
    return reach


def own_initiative(community: Community, residents: Columns) -> Reach:
    """A few look for something to do by themselves, those used to giving hours more often.

    Seeing a project here may add to them (by default it does not).
    """
    p = community.given.parameters
    used_to = residents.habit_time.astype(np.float64) / p["mobilisation.usual_habit"]
    reach = p["mobilisation.own_initiative"] * used_to ** p["mobilisation.own_of_habit"]
    seen = residents.saw > community.month - MONTHS_A_YEAR
    reach[seen] += p["visibility.own_act_year"] / MONTHS_A_YEAR
    return np.minimum(reach, 1.0)
