"""Step 6, contribution: who says yes, to what, and how much; pledges and ballots are taken.

Reads: who was asked, terms, needs, beliefs, trust, exposure. Writes: columns `last_act`, `previous_act`, `last_domain`,
`capacity_used`, `rung`; pledges (residents' money into the notebook, never into a fiscal purse), ballots, event `acts`.
Sources: `commsim.behaviour`, whose coefficients stand in the registry. Plan: P-20 (residents as actors), P-40.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from commsim.behaviour.acts import ASKED_ACTS, NO_DOMAIN, NO_PROJECT, RUNG_OF_ACT, Act, Channel, Rung
from commsim.behaviour.amounts import gift_fen, minutes_given, share_given
from commsim.behaviour.choice import chance, decide
from commsim.behaviour.social_influence import being_seen, exposure_shift
from commsim.community.community import Community
from commsim.community.given import Positions
from commsim.community.month import Acts, Asked
from commsim.community.people import LONG_AGO, Columns
from commsim.community.procedures import ProjectEvent
from commsim.community.purposes import Purpose
from commsim.community.rounds import OpenRound, Pledge
from commsim.money import FEN_PER_YUAN
from commsim.ownership import parts
from commsim.processes.calendar import JANUARY
from commsim.processes.menu import Menu, menu_of_month
from commsim.processes.voting import cast_votes

ESTABLISHED_LEADER = 2


@dataclass(frozen=True)
class Yeses:
    """Those who say yes, in address order: who, through which channel asked, to which kind of act and menu option."""

    residents: Positions
    channel: NDArray[np.intp]
    kind: NDArray[np.intp]
    option: NDArray[np.int64]


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
        people="last_act previous_act last_domain capacity_used rung acted_last_month",
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
            self._act(community, residents, menu, self._decide(community, residents, asked, menu))
        self._remember(community, residents)

    @staticmethod
    def _forget_movers(community: Community, residents: Columns) -> None:
        movers = community.now.movers
        residents.last_act[movers] = LONG_AGO
        residents.previous_act[movers] = LONG_AGO
        residents.last_domain[movers] = NO_DOMAIN
        residents.rung[movers] = Rung.INACTIVE

    def _decide(self, community: Community, residents: Columns, asked: Asked, menu: Menu) -> Yeses:
        """The nested choice of everyone asked.

        Most say no whatever is open to them; only those whose luck could make it a yes are looked at in full.
        """
        who = asked.residents
        whether = community.given.draws.uniforms_of("say yes", who, month=community.month)
        by_person = self._by_person(community, residents, asked)
        at_most = by_person + self._at_most(community, residents, menu, who)
        may = np.flatnonzero(whether < chance(at_most))
        some = who[may]
        slots = menu.of_building[:, residents.building[some]].T  # option by option in memory
        draws, month = community.given.draws, community.month
        choice = decide(
            self._log_odds(community, residents, some, menu, slots, by_person[may]),
            menu.act[slots],
            menu.weight[slots],
            len(ASKED_ACTS),
            community.given.parameters["yes.nest"],
            whether=whether[may],
            which_kind=lambda them: draws.uniforms_of("which act", some[them], month=month),
            which_option=lambda them: draws.uniforms_of("which project", some[them], month=month),
        )
        yes = np.flatnonzero(choice.acts)
        return Yeses(some[yes], asked.channel[may[yes]], choice.kind[yes], slots[yes, choice.option[yes]])

    @staticmethod
    def _by_person(community: Community, residents: Columns, asked: Asked) -> NDArray[np.float64]:
        """Log-odds that hang on the person and the ask alone, shape (asked,)."""
        p, who = community.given.parameters, asked.residents
        return np.asarray(
            _by_channel(p)[asked.channel]
            + exposure_shift(asked.exposure, p["yes.exposure"])
            + p["yes.habit"] * residents.habit[who]
            + p["yes.free_time"] * (residents.free_hours[who] / p["yes.free_hours_reference"] - 1.0)
        )

    @staticmethod
    def _at_most(community: Community, residents: Columns, menu: Menu, who: Positions) -> NDArray[np.float64]:
        """The most that what is open to each of `who` can add to the log-odds of acting at all, shape of `who`.

        The best option of the building group with the best prospects there, fit and being seen at their best, and every
        kind of act that is open there as good as the best one.
        """
        p = community.given.parameters
        usual = p["yes.need_reference"]
        fit = max(p["yes.fit"] * (max(1.0, usual) - usual), -p["yes.fit"] * usual)
        of_option = _by_act(p)[menu.act] + menu.log_odds - p["yes.prospects"] * p["yes.prospects_reference"]
        of_option += np.where(menu.domain == NO_DOMAIN, 0.0, fit)
        of_option += np.where(menu.act == Act.MONEY, max(p["yes.transfer"] * p["yes.seen"], 0.0), 0.0)
        kinds = _kinds_open(menu)
        best = of_option[menu.of_building].max(axis=0) + p["yes.nest"] * np.log(np.maximum(kinds, 1))
        prospects = (p["yes.prospects"] * _signal(p, menu))[menu.of_building].max(axis=0)
        # Sums in another order differ in the last digits: room for that, so that nobody is left out by rounding.
        best += np.sqrt(np.finfo(np.float32).eps)
        building = residents.building[who]
        return np.asarray(best[building] + prospects[building] * _confidence(residents, who))

    @staticmethod
    def _log_odds(
        community: Community,
        residents: Columns,
        who: Positions,
        menu: Menu,
        slots: NDArray[np.int64],
        by_person: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Log-odds of saying yes, by person and option of the person's own menu; shape of `slots`."""
        p = community.given.parameters
        prospects = _confidence(residents, who)[:, None] * _signal(p, menu)[slots]
        domain = menu.domain[slots]
        need = np.where(domain == NO_DOMAIN, p["yes.need_reference"], residents.needs[who[:, None], domain])
        seen = residents_seen(community, residents, who)
        money = menu.act[slots] == Act.MONEY
        return np.asarray(
            _by_act(p)[menu.act][slots]
            + by_person[:, None]
            + menu.log_odds[slots]
            + p["yes.prospects"] * (prospects - p["yes.prospects_reference"])
            + p["yes.fit"] * (need - p["yes.need_reference"])
            + np.where(money, being_seen(seen, p["yes.transfer"] * p["yes.seen"])[:, None], 0.0)
        )

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
            acts = Acts(kind, who[real], project, minutes[real], fen[real], share[picked], yeses.channel[picked])
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
            open_round.take_pledge(Pledge(project, who, fen, acts.share[mine]))
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
            residents.rung[acts.residents] = np.maximum(residents.rung[acts.residents], RUNG_OF_ACT[acts.kind])
            touched = domains[acts.project]
            residents.last_domain[acts.residents[touched != NO_DOMAIN]] = touched[touched != NO_DOMAIN]
        community.people.acted_last_month = actors


def residents_seen(community: Community, residents: Columns, who: Positions) -> NDArray[np.float64]:
    """1 where giving is seen by people one knows: a building with an established leader and a public notebook (A6)."""
    kind = community.given.world.addresses.building_leader[residents.building[who]]
    return np.where(kind == ESTABLISHED_LEADER, 1.0, 0.0)


def _each(numbers: NDArray[np.integer]) -> Iterator[tuple[int, Positions]]:
    """Each distinct number, ascending, with the positions where it stands, ascending: one sort for all of them."""
    order = np.argsort(numbers, kind="stable")
    distinct, first = np.unique(numbers[order], return_index=True)
    for number, (start, stop) in zip(distinct.tolist(), pairwise([*first.tolist(), len(order)]), strict=True):
        yield number, order[start:stop]


def _kinds_open(menu: Menu) -> NDArray[np.int64]:
    """How many kinds of act are open in each building group, shape (buildings,)."""
    act = menu.act[menu.of_building]
    return np.sum([(act == int(kind)).any(axis=0) for kind in ASKED_ACTS], axis=0)


def _signal(p: Mapping[str, float], menu: Menu) -> NDArray[np.float64]:
    """What residents see of the quality of each option."""
    return np.where(np.isnan(menu.quality), p["yes.quality_reference"], menu.quality)


def _confidence(residents: Columns, who: Positions) -> NDArray[np.float32]:
    """Efficacy times trust: what each makes of a prospect, 0–1."""
    trust = (residents.trust_committee[who] + residents.trust_fund[who]) / 2.0
    return np.asarray(residents.efficacy[who] * trust)


def _by_channel(p: Mapping[str, float]) -> NDArray[np.float64]:
    return np.array([p[f"yes.channel_{channel.name.lower()}"] for channel in Channel])


def _by_act(p: Mapping[str, float]) -> NDArray[np.float64]:
    return np.array([p[f"yes.base_{act.name.lower()}"] for act in ASKED_ACTS])
