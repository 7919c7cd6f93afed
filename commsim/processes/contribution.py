"""Step 6, contribution: who says yes, to what, and how much; pledges, promises and ballots are taken.

Reads: who was asked, terms, needs, beliefs, trust, exposure. Writes: columns of last acts, `team`,
`capacity_used`, `rung`; pledges of money (residents' money into the notebook, never into a fiscal purse), of hours and
of goods, ballots, event `acts`. Sources: `commsim.behaviour`, whose coefficients stand in the registry. Plan: P-03
(local units), P-20 (residents as actors), P-40.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from commsim.agents.hours import MINUTES_PER_HOUR
from commsim.behaviour.acts import GIVING_ACTS, NO_DOMAIN, NO_PROJECT, RUNG_OF_ACT, Act, Channel, Rung
from commsim.community.community import Community
from commsim.community.given import Positions
from commsim.community.month import Acts, Asked
from commsim.community.people import LAST_OF_KIND, LONG_AGO, Columns, never_gave
from commsim.community.procedures import ProjectEvent
from commsim.community.purposes import Purpose
from commsim.community.rounds import OpenRound, Pledge
from commsim.community.story import StoryKey
from commsim.money import FEN_PER_YUAN
from commsim.ownership import lock, parts
from commsim.processes.amounts_given import each, gifts, minutes_of, shares
from commsim.processes.answers import Yeses, giving_answers, light_answers, promises
from commsim.processes.calendar import JANUARY
from commsim.processes.goods import pledge_goods
from commsim.processes.households import with_households
from commsim.processes.menu import Menu, ballot_menu, giving_menu, meeting_menu, promise_menu
from commsim.processes.voting import cast_votes

REMEMBERED = (Act.VOTE, Act.MEETING, Act.TIME, Act.ORGANISE)
"""Kinds of act that are remembered when they are done; of money only what stays, when a round settles."""


class Contribution:
    """Takes every ask to its answer."""

    name: ClassVar[str] = "contribution"
    reads: ClassVar[frozenset[str]] = parts(
        given="adults draws parameters scenario world",
        people="belief building efficacy free_hours giving_capacity habit_meeting habit_money habit_time "
        "habit_vote household last_money needs schedule_base schedule_peak schedule_slope trust_committee trust_fund",
        places="skill",
        funds="coverage",
        projects="award book gifts stage",
        rounds="quotes stage terms",
        month="asked movers page returned",
    )
    writes: ClassVar[frozenset[str]] = parts(
        people="last_act previous_act last_vote last_meeting last_time last_organise last_domain persuaded team "
        "capacity_used rung acted_last_month met_last_month voted_last_month",
        institutions="local_money",
        money="ledger",
        projects="pledged participation story",
        rounds="pledges votes",
        month="acts",
    )
    plan: ClassVar[tuple[str, ...]] = ("P-03", "P-20", "P-40")
    source: ClassVar[str] = "commsim.behaviour, whose coefficients stand in the registry"

    def step(self, community: Community, residents: Columns) -> None:
        """Decide for all who were asked, then keep what the month's acts leave in the columns."""
        self._forget_movers(community, residents)
        for who, fen in community.last.returned:
            residents.capacity_used[who] -= fen  # what came back can be given again
        if community.calendar_month == JANUARY:
            residents.capacity_used[:] = 0
        pledge_goods(community)
        asked = community.now.asked
        if asked is not None and asked.residents.size:
            for light in (meeting_menu(community), ballot_menu(community)):
                if light.options:
                    answers = light_answers(community, residents, asked, light)
                    self._take_part(community, residents, light, with_households(community, residents, answers))
            giving = giving_menu(community)
            answers = giving_answers(community, residents, asked, giving)
            self._give(community, residents, giving, with_households(community, residents, answers))
            self._promise(community, residents, asked)
        self._remember(community, residents)

    @staticmethod
    def _forget_movers(community: Community, residents: Columns) -> None:
        movers = community.now.movers
        for name in ("last_act", "previous_act", "persuaded", *(LAST_OF_KIND[kind] for kind in REMEMBERED)):
            getattr(residents, name)[movers] = LONG_AGO
        residents.team[movers] = NO_PROJECT
        residents.last_domain[movers] = NO_DOMAIN
        residents.rung[movers] = Rung.INACTIVE

    def _take_part(self, community: Community, residents: Columns, menu: Menu, yeses: Yeses) -> None:
        """Ballots are cast, meetings attended."""
        p = community.given.parameters
        for kind, hours in ((Act.VOTE, p["amount.ballot_hours"]), (Act.MEETING, p["amount.meeting_hours"])):
            picked = np.flatnonzero(yeses.kind == int(kind))
            if kind is Act.VOTE:
                picked = picked[_not_voted_yet(residents, menu, yeses.option[picked], yeses.residents[picked])]
            if not picked.size:
                continue
            minutes = np.full(len(picked), round(hours * MINUTES_PER_HOUR), dtype=np.int64)
            nothing, whole = np.zeros(len(picked), dtype=np.int64), np.ones(len(picked))
            acts = _acts(residents, kind, yeses, picked, menu, minutes, nothing, whole)
            community.now.add_acts(acts)
            if kind is Act.VOTE:
                self._vote(community, residents, menu, yeses.option[picked], acts.residents)

    def _give(self, community: Community, residents: Columns, menu: Menu, yeses: Yeses) -> None:
        """Turn yeses into amounts. A schedule that gives nothing at the resident's belief is a refusal after all."""
        who = yeses.residents
        share = shares(residents, who)
        for kind in GIVING_ACTS:
            picked = np.flatnonzero(yeses.kind == int(kind))
            if kind is Act.MONEY:
                picked = picked[_first_of_household(residents, menu, yeses.option[picked], who[picked])]
                minutes = np.zeros(len(picked), dtype=np.int64)
                fen = gifts(community, residents, menu, yeses.option[picked], who[picked], share[picked])
            else:
                minutes = minutes_of(community, residents, menu, yeses.option[picked], who[picked], share[picked])
                fen = np.zeros(len(picked), dtype=np.int64)
            real = (minutes > 0) | (fen > 0)
            if not real.any():
                continue
            picked = picked[real]
            acts = _acts(residents, kind, yeses, picked, menu, minutes[real], fen[real], share[picked])
            if kind is Act.MONEY:
                community.now.add_acts(acts)
                self._pledge(community, residents, menu, yeses.option[picked], acts)
            else:
                self._give_time(community, residents, acts)

    @staticmethod
    def _pledge(community: Community, residents: Columns, menu: Menu, option: NDArray[np.int64], acts: Acts) -> None:
        """Residents' money goes into the place's notebook: one posting per committee, project and month."""
        residents.capacity_used[acts.residents] += acts.fen
        for index, mine in each(option):
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
            project.tell(community.month, StoryKey.GIFTS_PLEDGED, total / FEN_PER_YUAN)
            project.tell(community.month, StoryKey.PLEDGERS, len(who))

    def _vote(
        self, community: Community, residents: Columns, menu: Menu, option: NDArray[np.int64], voters: Positions
    ) -> None:
        """A ballot is open in several areas; each round counts its own once a month."""
        by_round: dict[int, tuple[OpenRound, list[Positions]]] = {}
        for index, mine in each(option):
            open_round = menu.options[index].round
            assert open_round is not None  # a ballot is always part of a round
            by_round.setdefault(id(open_round), (open_round, []))[1].append(voters[mine])
        for open_round, at_options in by_round.values():
            cast_votes(community, residents, open_round, np.concatenate(at_options))

    @staticmethod
    def _give_time(community: Community, residents: Columns, acts: Acts) -> None:
        """Hours count for the project they were given to; everyday service has none.

        Who was won this month, by an ask or on one's own initiative, comes again for a while.
        """
        won = acts.channel != Channel.RECALLED
        residents.persuaded[acts.residents[won]] = community.month
        community.now.add_acts(acts)
        for number, mine in each(acts.project):
            if number != NO_PROJECT:
                residents.team[acts.residents[mine]] = number
                project, who = community.money.projects.projects[number], acts.residents[mine]
                project.tell_who_joined(community.month, who, acts.channel[mine], never_gave(residents, who))
                project.worked(community.month, who, float(acts.minutes[mine].sum()) / MINUTES_PER_HOUR)

    @staticmethod
    def _promise(community: Community, residents: Columns, asked: Asked) -> None:
        """Hours that are promised to a proposal are no act until they are kept."""
        menu = promise_menu(community)
        if not menu.options:
            return
        yeses = promises(community, residents, asked, menu)
        who = yeses.residents
        minutes = minutes_of(community, residents, menu, yeses.option, who, shares(residents, who))
        for index, mine in each(yeses.option):
            real = mine[minutes[mine] > 0]
            if real.size:
                project = community.money.projects.projects[menu.options[index].project]
                promising = who[real]
                lock(promising)
                hours = float(minutes[real].sum()) / MINUTES_PER_HOUR
                project.pledged_hours += hours
                project.promised = (*project.promised, promising)
                project.took_part(community.month, promising)
                project.tell(community.month, StoryKey.HOURS_PROMISED, hours)
                project.tell(community.month, StoryKey.PROMISERS, len(promising))

    @staticmethod
    def _remember(community: Community, residents: Columns) -> None:
        """What the month's acts leave behind in the columns."""
        asked = community.now.asked
        if asked is not None:
            residents.rung[asked.residents] = np.maximum(residents.rung[asked.residents], Rung.AWARE)
        done = community.now.acts
        giving = [acts.residents for acts in done if acts.kind not in (Act.VOTE, Act.MEETING)]
        voted, met = ([acts.residents for acts in done if acts.kind is kind] for kind in (Act.VOTE, Act.MEETING))
        community.people.acted_last_month = _each_once(giving)
        community.people.voted_last_month, community.people.met_last_month = _each_once(voted), _each_once(met)
        actors = _each_once([*giving, *voted, *met])
        residents.previous_act[actors] = residents.last_act[actors]
        residents.last_act[actors] = community.month
        domains = np.array([int(project.domain) for project in community.money.projects.projects] + [NO_DOMAIN])
        for acts in done:
            if acts.kind in REMEMBERED:
                getattr(residents, LAST_OF_KIND[acts.kind])[acts.residents] = community.month
            residents.rung[acts.residents] = np.maximum(residents.rung[acts.residents], RUNG_OF_ACT[acts.kind])
            touched = domains[acts.project]
            residents.last_domain[acts.residents[touched != NO_DOMAIN]] = touched[touched != NO_DOMAIN]


def _acts(
    residents: Columns,
    kind: Act,
    yeses: Yeses,
    picked: Positions,
    menu: Menu,
    minutes: NDArray[np.int64],
    fen: NDArray[np.int64],
    share: NDArray[np.float64],
) -> Acts:
    """The acts of those of `yeses` at `picked`."""
    who = yeses.residents[picked]
    first = getattr(residents, LAST_OF_KIND[kind])[who] == LONG_AGO
    return Acts(kind, who, menu.project[yeses.option[picked]], minutes, fen, share, yeses.channel[picked], first)


def _first_of_household(residents: Columns, menu: Menu, option: NDArray[np.int64], who: Positions) -> NDArray[np.bool_]:
    """A household gives once to a project of a round: who of `who` is the first of theirs (Shimen Road, A6)."""
    first = np.zeros(len(who), dtype=np.bool_)
    for index, mine in each(option):
        at = menu.options[index]
        homes = residents.household[who[mine]]
        pledges = at.round.pledges if at.round is not None else ()
        earlier = [pledge.residents for pledge in pledges if pledge.project.number == at.project]
        gave = residents.household[np.concatenate(earlier)] if earlier else np.zeros(0, dtype=homes.dtype)
        _home, position = np.unique(homes, return_index=True)
        fresh = np.zeros(len(mine), dtype=np.bool_)
        fresh[position] = True
        first[mine] = fresh & ~np.isin(homes, gave)
    return first


def _not_voted_yet(residents: Columns, menu: Menu, option: NDArray[np.int64], voters: Positions) -> NDArray[np.bool_]:
    """Nobody votes twice in a round."""
    fresh = np.ones(len(voters), dtype=np.bool_)
    for index, mine in each(option):
        open_round = menu.options[index].round
        if open_round is not None and open_round.voters:
            fresh[mine] = ~np.isin(voters[mine], np.concatenate(open_round.voters))
    return fresh


def _each_once(parts_of: list[Positions]) -> Positions:
    """Everybody in any of the parts, once, in address order."""
    return np.unique(np.concatenate(parts_of)) if parts_of else np.zeros(0, dtype=np.intp)
