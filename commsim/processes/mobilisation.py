"""Step 5, mobilisation: who is asked this month, by whom, through which channel.

Reads: roles, ties, who acted last month, groups, staff hours, projects that lack hands, rounds that are open. Writes:
event `asked`, staff hours, the fatigue of building leaders. Plan: P-28 (mobilisation through old and new media), P-21
(contact with residents). Source: Brady, Schlozman and Verba 1999 (asking decides; askers choose the likely); what each
kind of asker has time for stands in `commsim.processes.askers`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from commsim.behaviour.acts import Channel
from commsim.behaviour.asking import Reach, asked_at_all, first_channel
from commsim.community.community import Community
from commsim.community.given import Place, Positions
from commsim.community.month import Asked
from commsim.community.people import Columns
from commsim.community.projects import Project
from commsim.community.story import ASKED, numbers_by_channel
from commsim.ownership import parts
from commsim.processes import askers
from commsim.processes.answers import TELLS_OF_GIFTS, TELLS_OF_PROJECTS
from commsim.processes.menu import at_home
from commsim.world.records import runs


class Mobilisation:
    """Leaders, neighbours, groups, staff, media and project teams each ask as far as their own hours go."""

    name: ClassVar[str] = "mobilisation"
    reads: ClassVar[frozenset[str]] = parts(
        given="adults draws media_reach meets_neighbours parameters tie_counts world",
        people="acted_last_month arrived broker group habit_time household household_size known "
        "met_last_month needs persuaded reach saw voted_last_month",
        institutions="groups",
        funds="coverage",
        projects="award book participation pledged stage",
        rounds="stage terms",
        month="movers page",
    )
    writes: ClassVar[frozenset[str]] = parts(places="hours leader_fatigue", projects="story", month="asked")
    plan: ClassVar[tuple[str, ...]] = ("P-21", "P-28")
    source: ClassVar[str] = "Brady, Schlozman and Verba 1999; hours and reach of channels: assumptions (registry)"

    def step(self, community: Community, residents: Columns) -> None:
        """Ask. An open round brings no more asking than `mobilisation.call` says, and by default none."""
        call = self._call(community)
        acting = self._stayed(community, community.people.acted_last_month)
        voting = self._stayed(community, community.people.voted_last_month)
        meeting = self._stayed(community, community.people.met_last_month)
        exposure = self._ties_in(community, residents, acting)
        reaches = self._reaches(community, residents, acting, call)
        draws, month = community.given.draws, community.month
        who = asked_at_all(reaches, draws.uniforms("asked", len(residents), month=month), community.given.adults)
        channel = first_channel(reaches, who, draws.uniforms_of("channel", who, month=month))
        community.now.asked = Asked(
            residents=who,
            channel=channel,
            exposure=exposure[who],
            voters=self._ties_in(community, residents, voting)[who],
            attenders=self._ties_in(community, residents, meeting)[who],
        )
        self._tell_who_was_asked(community, community.now.asked)

    @staticmethod
    def _tell_who_was_asked(community: Community, asked: Asked) -> None:
        """Each story says how many were asked for it, by those who ask for such a project (as `answers` has it)."""
        for _round, project in askers.wanting_money(community):
            besides = TELLS_OF_GIFTS if at_home(community, project) else ()
            _tell_asked(community, asked, project, (Channel.PROJECT, *besides))
        for project in askers.wanting_hands(community):
            _tell_asked(community, asked, project, (Channel.PROJECT, *TELLS_OF_PROJECTS))

    @staticmethod
    def _reaches(community: Community, residents: Columns, acting: Positions, call: NDArray[np.float64]) -> list[Reach]:
        """By channel, in the order of `Channel`, each resident's chance of being asked; a household asks its own."""
        by_channel = {
            Channel.LEADER: askers.leaders(community, residents, call),
            Channel.NEIGHBOUR: askers.neighbours(community, residents, acting),
            Channel.GROUP: askers.groups(community, residents),
            Channel.STAFF: askers.staff(community, residents, call),
            Channel.MEDIA: askers.notices(community, residents, call),
            Channel.PROJECT: askers.project_teams(community, residents),
            Channel.RECALLED: askers.memories(community, residents),
            Channel.OWN: askers.own_initiative(community, residents),
        }
        return [by_channel[channel] for channel in sorted(by_channel)]

    @staticmethod
    def _call(community: Community) -> NDArray[np.float64]:
        """By building group the factor on what leaders, staff and notices do: `mobilisation.call` where a round is
        open to it, 1 elsewhere. It is the only extra asking that a round brings."""
        factor = np.ones(community.given.world.addresses.buildings)
        places: list[Place] = [
            area
            for fund in community.money.funds
            if fund.calls_residents
            for unit in community.money.round_units(fund)
            if unit.round is not None and unit.round.takes(community.month)
            for area in unit.round.areas
        ]
        if places:
            building, _place = community.given.buildings_in(places)
            factor[building] = community.given.parameters["mobilisation.call"]
        return factor

    @staticmethod
    def _stayed(community: Community, acted: Positions) -> Positions:
        """Of those who acted last month, who has not moved away since."""
        moved = np.zeros(len(community.people.residents), dtype=np.bool_)
        moved[community.now.movers] = True
        return acted[~moved[acted]]

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


def _tell_asked(community: Community, asked: Asked, project: Project, by: Sequence[Channel]) -> None:
    """How many residents of a project's place were asked this month through each of some channels."""
    first, last = np.searchsorted(asked.residents, (project.first, project.last))
    keys = {channel: ASKED[channel] for channel in by if channel in ASKED}
    for key, number in numbers_by_channel(keys, asked.channel[first:last]):
        project.tell(community.month, key, number)
