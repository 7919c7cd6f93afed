"""Step 5, mobilisation: who is asked this month, by whom, through which channel.

Reads: roles, ties, who acted last month, groups, staff hours, what open rounds still need. Writes: event `asked`, the
fatigue of building leaders. Plan: P-28 (mobilisation through
old and new media), P-21 (contact with residents). Source: Brady, Schlozman and Verba 1999 (asking decides; askers
choose the likely); hours per contact and reach of each channel are assumptions (registry).
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from commsim.agents.committee import Committee
from commsim.agents.hours import NO_FUND
from commsim.behaviour.asking import Reach, asked_at_all, first_channel, reach_by_hours, reach_by_ties
from commsim.community.community import Community
from commsim.community.given import Place, Positions
from commsim.community.month import Asked
from commsim.community.people import NO_GROUP, Columns
from commsim.community.procedures import Stage
from commsim.community.rounds import OpenRound
from commsim.ownership import parts
from commsim.world.records import runs


class Mobilisation:
    """Leaders, neighbours, groups, staff and media each ask within their own reach."""

    name: ClassVar[str] = "mobilisation"
    reads: ClassVar[frozenset[str]] = parts(
        given="adults draws media_reach meets_neighbours parameters world",
        people="acted_last_month broker building group household known",
        funds="coverage",
        projects="book pledged stage",
        rounds="stage terms",
        month="hearings movers page",
    )
    writes: ClassVar[frozenset[str]] = parts(places="hours leader_fatigue", month="asked")
    plan: ClassVar[tuple[str, ...]] = ("P-21", "P-28")
    source: ClassVar[str] = "Brady, Schlozman and Verba 1999; hours and reach of channels: assumptions (registry)"

    def step(self, community: Community, residents: Columns) -> None:
        """Ask. Where something is open the askers give it their full effort, elsewhere an ordinary month's."""
        effort = self._effort(community)
        exposure = self._ties_in(community, residents, self._acted_and_stayed(community))
        reaches = [
            self._leaders(community, residents, effort),
            self._neighbours(community, residents, exposure, effort),
            self._groups(community, residents),
            self._staff(community, residents, effort),
            self._media(community, effort),
        ]
        draws, month = community.given.draws, community.month
        who = asked_at_all(reaches, draws.uniforms("asked", len(residents), month=month), community.given.adults)
        channel = first_channel(reaches, who, draws.uniforms_of("channel", who, month=month))
        community.now.asked = Asked(residents=who, channel=channel, exposure=exposure[who])

    @staticmethod
    def _effort(community: Community) -> NDArray[np.float64]:
        """By building group: 1 where something is open to it this month, the registry's ordinary effort elsewhere."""
        p = community.given.parameters
        ordinary = p["mobilisation.ordinary_effort"]
        places: list[Place] = [community.places.committees[index] for index in community.now.hearings]
        efforts = [1.0] * len(places)
        for fund in community.money.funds:
            for unit in community.money.round_units(fund):
                if fund.calls_residents and unit.round is not None:
                    wanted = effort_for_round(unit.round, p["mobilisation.weight_of_need"])
                    places += unit.round.projects
                    efforts += [ordinary + (1.0 - ordinary) * wanted] * len(unit.round.projects)
        running = [project for project in community.money.projects.in_stage(Stage.RUNNING) if not project.is_service]
        places += running
        efforts += [p["mobilisation.delivery_effort"]] * len(running)
        effort = np.full(community.given.world.addresses.buildings, ordinary)
        building, place = community.given.buildings_in(places)
        np.maximum.at(effort, building, np.array(efforts)[place])
        return effort

    @staticmethod
    def _acted_and_stayed(community: Community) -> Positions:
        """Who acted last month and has not moved away since."""
        moved = np.zeros(len(community.people.residents), dtype=np.bool_)
        moved[community.now.movers] = True
        return community.people.acted_last_month[~moved[community.people.acted_last_month]]

    @staticmethod
    def _ties_in(community: Community, residents: Columns, active: Positions) -> NDArray[np.int64]:
        """How many of each resident's ties (all layers and the household) are in `active`, shape (residents,)."""
        reached: list[NDArray[np.integer]] = [
            layer.neighbour[runs(layer.start[active], layer.start[active + 1])]
            for layer in community.given.world.ties.values()
        ]
        home, start = residents.household[active], community.given.world.addresses.household_start
        reached.append(runs(start[home], start[home + 1]))
        count = np.bincount(np.concatenate(reached), minlength=len(residents))
        count[active] -= 1  # oneself is not one's own tie
        return count

    @staticmethod
    def _leaders(community: Community, residents: Columns, effort: NDArray[np.float64]) -> Reach:
        """Building leaders (楼组长) have hours for so many contacts, and begin with those they know."""
        p = community.given.parameters
        kind = community.given.world.addresses.building_leader
        hours = np.array([0.0, p["mobilisation.leader_hours"], p["mobilisation.established_leader_hours"]])
        start = community.given.world.addresses.building_start
        fatigue = community.places.leader_fatigue
        contacts = hours[kind] * (1.0 - fatigue) * effort / p["mobilisation.hours_per_contact"]
        tired = p["mobilisation.burnout"] * effort * (1.0 - fatigue)
        community.places.leader_fatigue = fatigue + (tired - p["mobilisation.recovery"] * fatigue)
        weight = community.given.adults * (1.0 + p["mobilisation.weight_of_known"] * residents.known)
        return reach_by_hours(contacts, weight, start)

    def _neighbours(
        self, community: Community, residents: Columns, exposure: NDArray[np.int64], effort: NDArray[np.float64]
    ) -> Reach:
        """Those who took part last month pass the ask on; so do brokers where something is open."""
        p = community.given.parameters
        brokers = np.flatnonzero(residents.broker)
        brokers = brokers[effort[residents.building[brokers]] >= 1.0]
        ties = exposure + self._ties_in(community, residents, brokers)
        near = np.flatnonzero(ties > 0)  # most have none
        meeting = np.where(community.given.meets_neighbours[near], 1.0, p["mobilisation.ask_without_contact"])
        reach: Reach = np.zeros(len(residents))
        reach[near] = reach_by_ties(ties[near], p["mobilisation.ask_per_tie"]) * meeting
        return reach

    @staticmethod
    def _groups(community: Community, residents: Columns) -> Reach:
        """Groups ask their members every month."""
        return np.asarray((residents.group != NO_GROUP) * community.given.parameters["mobilisation.group_reach"])

    @staticmethod
    def _staff(community: Community, residents: Columns, effort: NDArray[np.float64]) -> Reach:
        """Staff ask people they know, as far as their hours go."""
        start = community.given.world.addresses.committee_start
        most = np.maximum.reduceat(effort, residents.building[start[:-1]])
        hours = community.agents(Committee).map(_hours_for_asking, community, most)
        contacts = np.array(hours) / community.given.parameters["mobilisation.hours_per_contact"]
        return reach_by_hours(contacts, (community.given.adults & residents.known).astype(np.float64), start)

    @staticmethod
    def _media(community: Community, effort: NDArray[np.float64]) -> Reach:
        """Notices in the neighbourhood's online groups and on the board reach a share, the young more than the old."""
        return community.given.media_reach * np.repeat(effort, np.diff(community.given.world.addresses.building_start))


def _hours_for_asking(committee: Committee, community: Community, effort: NDArray[np.float64]) -> float:
    """Hours that a committee's staff spend on asking; `effort` by committee. Beyond the ordinary a fund caused them."""
    p = community.given.parameters
    hard = float(effort[committee.index])
    beyond = hard > p["mobilisation.ordinary_effort"] and community.money.reaches(committee.index)
    caused = community.money.comparison_fund.id if beyond else NO_FUND
    return committee.hours.spend(p["mobilisation.staff_hours"] * hard, fund=caused)


def effort_for_round(open_round: OpenRound, weight_of_need: float) -> float:
    """Share of their full effort that askers give to a round (0–1): the less it still needs, the less they ask.

    What is still needed is the sum asked for less what is pledged and what public money the terms let expect: the
    announced award, the announced seed, the match on what is pledged, or an even chance at the purse where the terms
    say nothing. `weight_of_need` 0: they ask as hard whatever it needs. Source: organisations that are granted money
    ask less (de Wit and Bekkers 2017, direction); its strength is an assumption.
    """
    asks = np.array([project.ask_fen for project in open_round.projects], dtype=np.float64)
    pledged = float(sum(project.pledged_fen for project in open_round.projects))
    terms = open_round.terms
    if terms.expected_award is not None:
        public = float(np.broadcast_to(terms.expected_award, asks.shape).sum())
    elif terms.match_rate > 0:
        public = terms.match_rate * pledged
    elif terms.threshold is not None:
        public = float(np.broadcast_to(terms.seed_announced, asks.shape).sum())
    else:
        public = float(open_round.budget_fen)
    needed = float(np.clip(1.0 - (pledged + public) / asks.sum(), 0.0, 1.0))
    return 1.0 - weight_of_need * (1.0 - needed)
