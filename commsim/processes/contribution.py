"""Step 6, contribution: who says yes, to what, and how much; pledges and ballots are taken.

Reads: who was asked, terms, needs, beliefs, trust, exposure. Writes: columns `last_act`, `previous_act`, `last_domain`,
`capacity_used`, `rung`; pledges (residents' money into the notebook, never into a fiscal purse), ballots, event `acts`.
Sources: `commsim.behaviour`, whose coefficients stand in the registry. Plan: P-20 (residents as actors), P-40.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from commsim.behaviour.acts import ASKED_ACTS, NO_DOMAIN, NO_PROJECT, RUNG_OF_ACT, Act, Rung
from commsim.behaviour.amounts import gift_fen, minutes_given, share_given
from commsim.community.community import Community
from commsim.community.given import Positions
from commsim.community.month import Acts
from commsim.community.people import LAST_OF_KIND, LONG_AGO, Columns
from commsim.community.procedures import ProjectEvent
from commsim.community.purposes import Purpose
from commsim.community.rounds import OpenRound, Pledge
from commsim.money import FEN_PER_YUAN
from commsim.ownership import parts
from commsim.processes.answers import Yeses, answers_of_month
from commsim.processes.calendar import JANUARY
from commsim.processes.menu import Menu, menu_of_month
from commsim.processes.voting import cast_votes

REMEMBERED = (Act.VOTE, Act.MEETING, Act.TIME, Act.ORGANISE)
"""Kinds of act that are remembered when they are done; of money only what stays, when a round settles."""


class Contribution:
    """Takes every ask to its answer."""

    name: ClassVar[str] = "contribution"
    reads: ClassVar[frozenset[str]] = parts(
        given="draws parameters scenario world",
        people="belief building efficacy free_hours giving_capacity habit needs schedule_base schedule_peak "
        "schedule_slope trust_committee trust_fund",
        places="skill",
        funds="coverage",
        projects="book stage",
        rounds="quotes stage terms",
        month="asked hearings movers page returned",
    )
    writes: ClassVar[frozenset[str]] = parts(
        people="last_act previous_act last_vote last_meeting last_time last_organise last_domain capacity_used rung "
        "acted_last_month",
        money="ledger",
        projects="pledged participation",
        rounds="pledges votes",
        month="acts",
    )
    plan: ClassVar[tuple[str, ...]] = ("P-20", "P-40")
    source: ClassVar[str] = "commsim.behaviour, whose coefficients stand in the registry"

    def step(self, community: Community, residents: Columns) -> None:
        """Decide for all who were asked, then keep what the month's acts leave in the columns."""
        self._forget_movers(community, residents)
        for who, fen in community.last.returned:
            residents.capacity_used[who] -= fen  # what came back can be given again
        if community.calendar_month == JANUARY:
            residents.capacity_used[:] = 0
        asked = community.now.asked
        if asked is not None and asked.residents.size:
            menu = menu_of_month(community)
            self._act(community, residents, menu, answers_of_month(community, residents, asked, menu))
        self._remember(community, residents)

    @staticmethod
    def _forget_movers(community: Community, residents: Columns) -> None:
        movers = community.now.movers
        for name in ("last_act", "previous_act", *(LAST_OF_KIND[kind] for kind in REMEMBERED)):
            getattr(residents, name)[movers] = LONG_AGO
        residents.last_domain[movers] = NO_DOMAIN
        residents.rung[movers] = Rung.INACTIVE

    def _act(self, community: Community, residents: Columns, menu: Menu, yeses: Yeses) -> None:
        """Turn yeses into amounts. A schedule that gives nothing at the resident's belief is a refusal after all."""
        share = share_given(
            residents.belief[yeses.residents],
            residents.schedule_base[yeses.residents],
            residents.schedule_slope[yeses.residents],
            residents.schedule_peak[yeses.residents],
        )
        for kind in ASKED_ACTS:
            picked = np.flatnonzero(yeses.kind == int(kind))
            who, option = yeses.residents[picked], yeses.option[picked]
            minutes, fen = self._amounts(community, residents, kind, who, share[picked], menu, option)
            real = (minutes > 0) | (fen > 0)
            if kind is Act.VOTE:
                real &= self._not_voted_yet(menu, option, who)
            if not real.any():
                continue
            picked, option = picked[real], option[real]
            project = menu.project[option]
            first = getattr(residents, LAST_OF_KIND[kind])[who[real]] == LONG_AGO
            acts = Acts(kind, who[real], project, minutes[real], fen[real], share[picked], yeses.channel[picked], first)
            community.now.add_acts(acts)
            if kind is Act.MONEY:
                self._pledge(community, residents, menu, option, acts)
            elif kind is Act.VOTE:
                self._vote(community, residents, menu, option, acts.residents)
            elif kind is Act.TIME:
                self._work(community, acts)

    @staticmethod
    def _amounts(
        community: Community,
        residents: Columns,
        kind: Act,
        who: Positions,
        share: NDArray[np.float64],
        menu: Menu,
        option: NDArray[np.int64],
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Minutes and fen of those who chose `kind`."""
        p = community.given.parameters
        none = np.zeros(len(who), dtype=np.int64)
        if kind is Act.MONEY:
            left = residents.giving_capacity[who] - residents.capacity_used[who]
            suggested = p["amount.suggested_gift_yuan"] * FEN_PER_YUAN
            return none, gift_fen(share, suggested, left, menu.size_factor[option], FEN_PER_YUAN)
        if kind is Act.TIME:
            return minutes_given(share, p["amount.suggested_hours"], residents.free_hours[who]), none
        hours = p["amount.meeting_hours"] if kind is Act.MEETING else p["amount.ballot_hours"]
        return np.full(len(who), round(hours * 60), dtype=np.int64), none

    @staticmethod
    def _pledge(community: Community, residents: Columns, menu: Menu, option: NDArray[np.int64], acts: Acts) -> None:
        """Residents' money goes into the place's notebook: one posting per committee, project and month."""
        residents.capacity_used[acts.residents] += acts.fen
        for index, mine in _each(option):
            project = community.money.projects.projects[menu.options[index].project]
            open_round = menu.options[index].round
            assert open_round is not None  # an option to give money is always part of a round
            who, fen = acts.residents[mine], acts.fen[mine]
            total = int(fen.sum())
            place = community.places.committees[project.committee].id
            community.money.post(
                community.month,
                project,
                ProjectEvent.PLEDGE,
                Purpose.PLEDGE,
                fen=total,
                source=f"residents:{place}",
                to=f"notebook:{place}",
            )
            project.pledged_fen += total
            open_round.take_pledge(Pledge(project, who, fen, acts.share[mine], acts.channel[mine]))
            project.took_part(community.month, who)

    @staticmethod
    def _not_voted_yet(menu: Menu, option: NDArray[np.int64], voters: Positions) -> NDArray[np.bool_]:
        """Nobody votes twice in a round."""
        fresh = np.ones(len(voters), dtype=np.bool_)
        for index, mine in _each(option):
            open_round = menu.options[index].round
            earlier = [votes.residents for votes in open_round.votes] if open_round is not None else []
            if earlier:
                fresh[mine] = ~np.isin(voters[mine], np.concatenate(earlier))
        return fresh

    def _vote(
        self, community: Community, residents: Columns, menu: Menu, option: NDArray[np.int64], voters: Positions
    ) -> None:
        """A ballot is open in several areas; each round counts its own once a month."""
        by_round: dict[int, tuple[OpenRound, list[Positions]]] = {}
        for index, mine in _each(option):
            open_round = menu.options[index].round
            assert open_round is not None  # a ballot is always part of a round
            by_round.setdefault(id(open_round), (open_round, []))[1].append(voters[mine])
        for open_round, at_options in by_round.values():
            cast_votes(community, residents, open_round, np.concatenate(at_options))

    @staticmethod
    def _work(community: Community, acts: Acts) -> None:
        """Hours count for the project they were given to; everyday service has none."""
        for number, mine in _each(acts.project):
            if number == NO_PROJECT:
                continue
            project = community.money.projects.projects[number]
            project.hours_given += float(acts.minutes[mine].sum()) / 60.0
            project.took_part(community.month, acts.residents[mine])

    @staticmethod
    def _remember(community: Community, residents: Columns) -> None:
        """What the month's acts leave behind in the columns."""
        asked = community.now.asked
        if asked is not None:
            residents.rung[asked.residents] = np.maximum(residents.rung[asked.residents], Rung.AWARE)
        if not community.now.acts:
            community.people.acted_last_month = np.zeros(0, dtype=np.intp)
            return
        acted = np.zeros(len(residents), dtype=np.bool_)
        for acts in community.now.acts:
            acted[acts.residents] = True
        actors = np.flatnonzero(acted)
        residents.previous_act[actors] = residents.last_act[actors]
        residents.last_act[actors] = community.month
        domains = np.array([int(project.domain) for project in community.money.projects.projects] + [NO_DOMAIN])
        for acts in community.now.acts:
            if acts.kind in REMEMBERED:
                getattr(residents, LAST_OF_KIND[acts.kind])[acts.residents] = community.month
            residents.rung[acts.residents] = np.maximum(residents.rung[acts.residents], RUNG_OF_ACT[acts.kind])
            touched = domains[acts.project]
            residents.last_domain[acts.residents[touched != NO_DOMAIN]] = touched[touched != NO_DOMAIN]
        community.people.acted_last_month = actors


def _each(numbers: NDArray[np.integer]) -> Iterator[tuple[int, Positions]]:
    """Each distinct number, ascending, with the positions where it stands, ascending: one sort for all of them."""
    order = np.argsort(numbers, kind="stable")
    distinct, first = np.unique(numbers[order], return_index=True)
    for number, (start, stop) in zip(distinct.tolist(), pairwise([*first.tolist(), len(order)]), strict=True):
        yield number, order[start:stop]
