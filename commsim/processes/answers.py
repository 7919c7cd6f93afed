"""Who says yes, and to what: the nested choices of everyone who was asked this month.

Part of contribution (step 6). At one contact all that is open comes up: a meeting, a ballot, and hours or gifts. The
three are decided apart, so that a ballot takes nobody away from a meeting or from giving hours (assumption: a ballot
costs minutes). Log-odds are a sum of what hangs on the person, on the option and on both; coefficients and their
sources stand in the registry (`yes`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commsim.behaviour.acts import ASKED_ACTS, FACE_TO_FACE, NO_DOMAIN, NO_PROJECT, Act, Channel
from commsim.behaviour.choice import NOT_OPEN, chance, decide
from commsim.behaviour.social_influence import being_seen, exposure_shift
from commsim.community.community import Community
from commsim.community.given import Positions
from commsim.community.month import Asked
from commsim.community.people import HABITS, Columns
from commsim.processes.menu import Menu

ESTABLISHED_LEADER = 2
CERTAIN = float(-np.log(np.finfo(np.float64).eps))
"""Log-odds of what is not decided anew: its chance is 1 as far as a float goes."""
NO_LIGHT_ACT = (Channel.PROJECT, Channel.RECALLED, Channel.OWN)
"""A project's team asks for hands alone; a memory and one's own initiative lead to hours."""
TELLS_OF_PROJECTS = (Channel.NEIGHBOUR, Channel.OWN)
"""Besides its team, how people come to hear that a project lacks hands."""
TELLS_OF_GIFTS = (Channel.LEADER, Channel.NEIGHBOUR, Channel.GROUP, Channel.MEDIA)
"""Besides its team, how people are asked to give to a project of their own building group."""
IN_PERSON = (*FACE_TO_FACE, Channel.GROUP)


@dataclass(frozen=True)
class Yeses:
    """Those who say yes, in address order: who, through which channel asked, to which kind of act and menu option."""

    residents: Positions
    channel: NDArray[np.intp]
    kind: NDArray[np.intp]
    option: NDArray[np.int64]


@dataclass(frozen=True)
class Question:
    """What those asked decide at once: `name` of its luck, the people, how each was asked, and how many ties act."""

    name: str
    who: Positions
    channel: NDArray[np.intp]
    exposure: NDArray[np.int64]


def light_answers(community: Community, residents: Columns, asked: Asked, menu: Menu) -> Yeses:
    """Who does the light act of a menu: who votes, or who comes to a meeting. The luck of each is its own."""
    heard = ~np.isin(asked.channel, NO_LIGHT_ACT)
    kind = menu.kinds[0]
    acting = asked.voters if kind is Act.VOTE else asked.attenders
    question = Question(kind.name.lower(), asked.residents[heard], asked.channel[heard], acting[heard])
    return _answers(community, residents, question, menu)


def giving_answers(community: Community, residents: Columns, asked: Asked, menu: Menu) -> Yeses:
    """Who gives hours or money."""
    question = Question("giving", asked.residents, asked.channel, asked.exposure)
    return _answers(community, residents, question, menu)


def promises(community: Community, residents: Columns, asked: Asked, menu: Menu) -> Yeses:
    """Who promises hours to a proposal; a promise takes nobody away from what they give this month."""
    heard = asked.channel == Channel.PROJECT
    question = Question("promise", asked.residents[heard], asked.channel[heard], asked.exposure[heard])
    return _answers(community, residents, question, menu)


def _answers(community: Community, residents: Columns, question: Question, menu: Menu) -> Yeses:
    """The nested choice of everyone asked.

    Most say no whatever is open to them; only those whose luck could make it a yes are looked at in full.
    """
    who, name = question.who, question.name
    draws, month = community.given.draws, community.month
    whether = draws.uniforms_of(f"say yes: {name}", who, month=month)
    by_person = _by_person(community, residents, question)
    at_most = by_person + _at_most(community, residents, menu, question)
    may = np.flatnonzero(whether < chance(at_most))
    some = Question(name, who[may], question.channel[may], question.exposure[may])
    slots = menu.of_building[:, residents.building[some.who]].T  # option by option in memory
    choice = decide(
        _log_odds(community, residents, some, menu, slots, by_person[may]),
        menu.act[slots],
        menu.weight[slots],
        len(ASKED_ACTS),
        community.given.parameters["yes.nest"],
        whether=whether[may],
        which_kind=lambda them: draws.uniforms_of(f"which act: {name}", some.who[them], month=month),
        which_option=lambda them: draws.uniforms_of(f"which project: {name}", some.who[them], month=month),
    )
    yes = np.flatnonzero(choice.acts)
    return Yeses(some.who[yes], some.channel[yes], choice.kind[yes], slots[yes, choice.option[yes]])


def _by_person(community: Community, residents: Columns, question: Question) -> NDArray[np.float64]:
    """Log-odds that hang on the person and the ask alone, shape (asked,)."""
    p, who = community.given.parameters, question.who
    return np.asarray(
        _by_channel(p)[question.channel]
        + exposure_shift(question.exposure, p["yes.exposure"])
        + p["yes.free_time"] * (residents.free_hours[who] / p["yes.free_hours_reference"] - 1.0)
    )


def _at_most(community: Community, residents: Columns, menu: Menu, question: Question) -> NDArray[np.float64]:
    """The most that what is open to each can add to the log-odds of acting at all, shape of `question.who`.

    The best option of the building group with the best prospects there, fit, habit, team and being seen at their best,
    and every kind of act that is open there as good as the best one.
    """
    p, who = community.given.parameters, question.who
    usual = p["yes.need_reference"]
    fit = max(p["yes.fit"] * (max(1.0, usual) - usual), -p["yes.fit"] * usual)
    of_option = _by_act(p)[menu.act] + menu.log_odds - p["yes.prospects"] * p["yes.prospects_reference"]
    of_option += np.where(menu.domain == NO_DOMAIN, 0.0, fit)
    of_option += np.where(menu.project == NO_PROJECT, 0.0, max(p["yes.team_member"], 0.0))
    most_of_money = max(p["yes.posted_list"] + p["yes.transfer"] * p["yes.seen"], 0.0) + max(p["yes.in_person"], 0.0)
    of_option += np.where(menu.act == Act.MONEY, most_of_money, 0.0)
    kinds = _kinds_open(menu)
    best = of_option[menu.of_building].max(axis=0) + p["yes.nest"] * np.log(np.maximum(kinds, 1))
    prospects = (p["yes.prospects"] * _signal(p, menu))[menu.of_building].max(axis=0)
    # Sums in another order differ in the last digits: room for that, so that nobody is left out by rounding.
    best += np.sqrt(np.finfo(np.float32).eps)
    building = residents.building[who]
    habit = p["yes.habit"] * np.max([getattr(residents, HABITS[kind])[who] for kind in menu.kinds], axis=0)
    return np.asarray(best[building] + prospects[building] * _confidence(residents, who) + habit)


def _log_odds(
    community: Community,
    residents: Columns,
    question: Question,
    menu: Menu,
    slots: NDArray[np.int64],
    by_person: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Log-odds of saying yes, by person and option of the person's own menu; shape of `slots`."""
    p, who = community.given.parameters, question.who
    act, project = menu.act[slots], menu.project[slots]
    prospects = _confidence(residents, who)[:, None] * _signal(p, menu)[slots]
    domain = menu.domain[slots]
    need = np.where(domain == NO_DOMAIN, p["yes.need_reference"], residents.needs[who[:, None], domain])
    member = (project != NO_PROJECT) & (project == residents.team[who][:, None])
    log_odds = (
        _by_act(p)[act]
        + by_person[:, None]
        + menu.log_odds[slots]
        + p["yes.prospects"] * (prospects - p["yes.prospects_reference"])
        + p["yes.fit"] * (need - p["yes.need_reference"])
        + p["yes.team_member"] * member
        + _of_habit(residents, who, act, menu, p["yes.habit"])
        + np.where(act == Act.MONEY, _of_asking_for_money(community, residents, question)[:, None], 0.0)
    )
    return np.where(_heard(question, act, project, member, menu.at_home[slots]), log_odds, NOT_OPEN)


def _of_habit(
    residents: Columns, who: Positions, act: NDArray[np.int64], menu: Menu, weight: float
) -> NDArray[np.float64]:
    """What the habit of each kind of act adds to options of that kind."""
    added = np.zeros(act.shape)
    for kind in menu.kinds:
        added += np.where(act == kind, getattr(residents, HABITS[kind])[who][:, None], 0.0)
    return weight * added


def _of_asking_for_money(community: Community, residents: Columns, question: Question) -> NDArray[np.float64]:
    """What it adds for gifts to be asked in person, and to have the own gift stand on a list that neighbours read.

    A letter to a stranger, at which the base rate holds, is neither.
    """
    p = community.given.parameters
    seen = residents_seen(community, residents, question.who)
    in_person = np.isin(question.channel, IN_PERSON)
    return np.asarray(
        p["yes.in_person"] * in_person + being_seen(seen, p["yes.posted_list"] + p["yes.transfer"] * p["yes.seen"])
    )


def _heard(
    question: Question,
    act: NDArray[np.int64],
    project: NDArray[np.int64],
    member: NDArray[np.bool_],
    at_home: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Which options each hears of through the channel by which they were asked.

    A team asks for its project and nothing else: money and promises before the award, then hands. Hands are also found
    among neighbours of those who take part and by those who look for something to do; its own people come back to a
    project however they are asked. Gifts for a building group's own project are asked for by its leader and neighbours
    too. All others ask for the committee's everyday service.
    """
    by_team = (question.channel == Channel.PROJECT)[:, None]
    hands = (project != NO_PROJECT) & (act == Act.TIME)
    money = act == Act.MONEY
    hears_of_hands = np.isin(question.channel, TELLS_OF_PROJECTS)[:, None] | member
    hears_of_money = np.isin(question.channel, TELLS_OF_GIFTS)[:, None] & at_home
    others = (~hands | hears_of_hands) & (~money | hears_of_money)
    return np.asarray(np.where(by_team, hands | money, others))


def residents_seen(community: Community, residents: Columns, who: Positions) -> NDArray[np.float64]:
    """1 where giving is seen by people one knows: a building with an established leader and a public notebook (A6)."""
    kind = community.given.world.addresses.building_leader[residents.building[who]]
    return np.where(kind == ESTABLISHED_LEADER, 1.0, 0.0)


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
    """By channel the shift in log-odds; who was won by an ask comes again without deciding anew."""
    shifts = np.full(len(Channel), CERTAIN)
    for channel in _DECIDED:
        shifts[channel] = p[f"yes.channel_{channel.name.lower()}"]
    return shifts


def _by_act(p: Mapping[str, float]) -> NDArray[np.float64]:
    return np.array([p[f"yes.base_{act.name.lower()}"] for act in ASKED_ACTS])


_DECIDED = tuple(channel for channel in Channel if channel not in (Channel.HOUSEHOLD, Channel.RECALLED))
"""Channels with a coefficient of their own; who follows another of the household decides by a chance of its own."""
