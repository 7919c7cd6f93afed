"""Step 6, contribution: who says yes, to what, and how much; pledges and ballots are taken.

Reads: who was asked, terms, needs, beliefs, trust, exposure. Writes: columns `last_act`, `previous_act`, `last_domain`,
`capacity_used`, `rung`; pledges (residents' money into the notebook, never into a fiscal purse), ballots, event `acts`.
Sources: `commsim.behaviour`, whose coefficients stand in the registry. Plan: P-20 (residents as actors), P-40.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from commsim.agents.community import Acts, Asked, Community, Positions
from commsim.agents.fund import Pledge
from commsim.agents.residents import LONG_AGO, Columns
from commsim.behaviour.acts import ASKED_ACTS, NO_DOMAIN, NO_PROJECT, RUNG_OF_ACT, Act, Channel, Rung
from commsim.behaviour.amounts import gift_fen, minutes_given, share_given
from commsim.behaviour.choice import NOT_OPEN, Choice, chance, decide
from commsim.behaviour.social import being_seen, exposure_shift
from commsim.ledger import Purpose
from commsim.money import FEN_PER_YUAN
from commsim.processes.calendar import JANUARY
from commsim.processes.menu import NOTHING_OPEN, Menu, menu_of_month
from commsim.processes.voting import cast_votes

ESTABLISHED_LEADER = 2


class Contribution:
    """Takes every ask to its answer."""

    name: ClassVar[str] = "contribution"

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
            slots = np.ascontiguousarray(menu.of_building[:, residents.building[asked.residents]].T)
            choice, options = self._decide(community, residents, asked, menu, slots)
            self._act(community, residents, asked, menu, choice, options)
        self._remember(community, residents)

    @staticmethod
    def _forget_movers(community: Community, residents: Columns) -> None:
        movers = community.now.movers
        residents.last_act[movers] = LONG_AGO
        residents.previous_act[movers] = LONG_AGO
        residents.last_domain[movers] = NO_DOMAIN
        residents.rung[movers] = Rung.INACTIVE

    def _decide(
        self, community: Community, residents: Columns, asked: Asked, menu: Menu, slots: NDArray[np.int64]
    ) -> tuple[Choice, NDArray[np.int64]]:
        """The nested choice of everyone asked. Returns it with the option chosen, as index into the menu (−1 none).

        Most say no whatever is open to them; only those whose luck could make it a yes are looked at in full.
        """
        who = asked.residents
        whether = community.draws.uniforms_of("say yes", who, month=community.month)
        by_person = self._by_person(community, residents, asked)
        may = np.flatnonzero(
            whether < chance(by_person + self._at_most(community, residents, menu)[residents.building[who]])
        )
        some = Asked(who[may], asked.channel[may], asked.exposure[may])
        found = decide(
            self._log_odds(community, residents, some, menu, slots[may], by_person[may]),
            np.where(slots[may] == NOTHING_OPEN, -1, menu.act[slots[may]]),
            menu.weight[slots[may]],
            len(ASKED_ACTS),
            community.parameters["yes.nest"],
            whether=whether[may],
            which_kind=community.draws.uniforms_of("which act", some.residents, month=community.month),
            which_option=community.draws.uniforms_of("which project", some.residents, month=community.month),
        )
        choice = Choice(np.zeros(len(who), dtype=np.bool_), np.full(len(who), -1), np.full(len(who), -1))
        choice.acts[may], choice.kind[may], choice.option[may] = found.acts, found.kind, found.option
        chosen = np.where(choice.acts, slots[np.arange(len(who)), choice.option], NOTHING_OPEN)
        return choice, chosen

    @staticmethod
    def _by_person(community: Community, residents: Columns, asked: Asked) -> NDArray[np.float64]:
        """Log-odds that hang on the person and the ask alone, shape (asked,)."""
        p, who = community.parameters, asked.residents
        return np.asarray(
            _by_channel(p)[asked.channel]
            + exposure_shift(asked.exposure, p["yes.exposure"])
            + p["yes.habit"] * residents.habit[who]
            + p["yes.free_time"] * (residents.free_hours[who] / p["yes.free_hours_reference"] - 1.0)
        )

    @staticmethod
    def _at_most(community: Community, residents: Columns, menu: Menu) -> NDArray[np.float64]:
        """By building group, the most that what is open there can add to anybody's log-odds of acting at all.

        The best option, prospects, fit and being seen at their best, and every kind of act as good as the best one.
        """
        p = community.parameters
        of_option = np.append(_by_act(p)[menu.act] + menu.log_odds, NOT_OPEN)  # the last one stands for nothing open
        best = of_option[menu.of_building].max(axis=0)
        best_quality = max(1.0, p["yes.quality_reference"], float(np.nanmax(menu.quality, initial=0.0)))

        def best_of(weight: float, most: float, reference: float) -> float:
            return max(weight * (most - reference), -weight * reference)

        adds = best_of(p["yes.prospects"], best_quality, p["yes.prospects_reference"])
        adds += best_of(p["yes.fit"], max(1.0, p["yes.need_reference"]), p["yes.need_reference"])
        adds += max(p["yes.transfer"] * p["yes.seen"], 0.0)
        # Sums in another order differ in the last digits: room for that, so that nobody is left out by rounding.
        return best + adds + p["yes.nest"] * np.log(len(ASKED_ACTS)) + np.finfo(np.float32).eps

    @staticmethod
    def _log_odds(
        community: Community,
        residents: Columns,
        asked: Asked,
        menu: Menu,
        slots: NDArray[np.int64],
        by_person: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Log-odds of saying yes, by person and option of the person's own menu; shape of `slots`."""
        p = community.parameters
        who = asked.residents
        quality = menu.quality[slots]
        unknown = np.isnan(quality)
        signal = np.where(unknown, p["yes.quality_reference"], quality)
        trust = (residents.trust_committee[who] + residents.trust_fund[who]) / 2.0
        prospects = (residents.efficacy[who] * trust)[:, None] * signal
        domain = menu.domain[slots]
        need = np.where(
            domain == NO_DOMAIN,
            p["yes.need_reference"],
            np.take_along_axis(residents.needs[who], np.maximum(domain, 0), axis=1),
        )
        seen = residents_seen(community, residents, who)
        money = menu.act[slots] == Act.MONEY
        log_odds = (
            _by_act(p)[menu.act[slots]]
            + by_person[:, None]
            + menu.log_odds[slots]
            + p["yes.prospects"] * (prospects - p["yes.prospects_reference"])
            + p["yes.fit"] * (need - p["yes.need_reference"])
            + np.where(money, being_seen(seen, p["yes.transfer"] * p["yes.seen"])[:, None], 0.0)
        )
        return np.where(slots == NOTHING_OPEN, NOT_OPEN, log_odds)

    def _act(
        self,
        community: Community,
        residents: Columns,
        asked: Asked,
        menu: Menu,
        choice: Choice,
        chosen: NDArray[np.int64],
    ) -> None:
        """Turn yeses into amounts. A schedule that gives nothing at the resident's belief is a refusal after all."""
        who = asked.residents
        share = share_given(
            residents.belief[who],
            residents.schedule_base[who],
            residents.schedule_slope[who],
            residents.schedule_peak[who],
        )
        for kind in ASKED_ACTS:
            picked = np.flatnonzero(choice.acts & (choice.kind == int(kind)))
            minutes, fen = self._amounts(community, residents, kind, who[picked], share[picked], menu, chosen[picked])
            real = (minutes > 0) | (fen > 0)
            picked, minutes, fen = picked[real], minutes[real], fen[real]
            option = chosen[picked]
            if kind is Act.VOTE:
                fresh = self._not_voted_yet(menu, option, who[picked])
                picked, minutes, fen, option = picked[fresh], minutes[fresh], fen[fresh], option[fresh]
            if not picked.size:
                continue
            acts = Acts(kind, who[picked], menu.project[option], minutes, fen, share[picked], asked.channel[picked])
            community.now.acts.append(acts)
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
        p = community.parameters
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
        for index in _distinct(option):
            mine = option == index
            project = community.projects.projects[int(menu.project[index])]
            open_round = menu.options[int(index)].round
            assert open_round is not None  # an option to give money is always part of a round
            total = int(acts.fen[mine].sum())
            place = community.committees[project.committee].id
            community.ledger.post(
                community.month,
                f"residents:{place}",
                f"notebook:{place}",
                total,
                Purpose.PLEDGE,
                project=project.id,
                fund=project.fund,
            )
            project.pledged_fen += total
            open_round.pledges.append(Pledge(project, acts.residents[mine], acts.fen[mine], acts.share[mine]))
            community.took_part(project, acts.residents[mine])

    @staticmethod
    def _not_voted_yet(menu: Menu, option: NDArray[np.int64], voters: Positions) -> NDArray[np.bool_]:
        """Nobody votes twice in a round."""
        fresh = np.ones(len(voters), dtype=np.bool_)
        for one in _distinct(option):
            open_round = menu.options[int(one)].round
            earlier = [votes.residents for votes in open_round.votes] if open_round is not None else []
            if earlier:
                mine = option == one
                fresh[mine] = ~np.isin(voters[mine], np.concatenate(earlier))
        return fresh

    def _vote(
        self, community: Community, residents: Columns, menu: Menu, option: NDArray[np.int64], voters: Positions
    ) -> None:
        rounds = {id(menu.options[int(one)].round): menu.options[int(one)].round for one in _distinct(option)}
        of_option = np.array([id(menu.options[int(one)].round) for one in option])
        for key, open_round in rounds.items():
            assert open_round is not None  # a ballot is always part of a round
            cast_votes(community, residents, open_round, voters[of_option == key])

    @staticmethod
    def _work(community: Community, acts: Acts) -> None:
        """Hours count for the project they were given to; everyday service has none."""
        for number in _distinct(acts.project[acts.project != NO_PROJECT]):
            mine = acts.project == number
            project = community.projects.projects[int(number)]
            project.hours_given += float(acts.minutes[mine].sum()) / 60.0
            community.took_part(project, acts.residents[mine])

    @staticmethod
    def _remember(community: Community, residents: Columns) -> None:
        """What the month's acts leave behind in the columns."""
        asked = community.now.asked
        if asked is not None:
            residents.rung[asked.residents] = np.maximum(residents.rung[asked.residents], Rung.AWARE)
        if not community.now.acts:
            community.acted_last_month = np.zeros(0, dtype=np.intp)
            return
        actors = _distinct(np.concatenate([one.residents for one in community.now.acts]))
        residents.previous_act[actors] = residents.last_act[actors]
        residents.last_act[actors] = community.month
        domains = np.array([int(one.domain) for one in community.projects.projects] + [NO_DOMAIN])
        for acts in community.now.acts:
            residents.rung[acts.residents] = np.maximum(residents.rung[acts.residents], RUNG_OF_ACT[acts.kind])
            touched = domains[acts.project]
            residents.last_domain[acts.residents[touched != NO_DOMAIN]] = touched[touched != NO_DOMAIN]
        community.acted_last_month = actors


def residents_seen(community: Community, residents: Columns, who: Positions) -> NDArray[np.float64]:
    """1 where giving is seen by people one knows: a building with an established leader and a public notebook (A6)."""
    kind = community.world.addresses.building_leader[residents.building[who]]
    return np.where(kind == ESTABLISHED_LEADER, 1.0, 0.0)


def _distinct(numbers: NDArray[np.integer]) -> NDArray[np.intp]:
    """Distinct whole numbers of 0 or more, ascending; faster than sorting where they are positions."""
    return np.flatnonzero(np.bincount(numbers))


def _by_channel(p: Mapping[str, float]) -> NDArray[np.float64]:
    return np.array([p[f"yes.channel_{one.name.lower()}"] for one in Channel])


def _by_act(p: Mapping[str, float]) -> NDArray[np.float64]:
    return np.array([p[f"yes.base_{one.name.lower()}"] for one in ASKED_ACTS])
