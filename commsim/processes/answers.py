"""Who says yes, and to what: the nested choice of everyone who was asked this month.

Part of contribution (step 6). Log-odds are a sum of what hangs on the person, on the option and on both; coefficients
and their sources stand in the registry (`yes`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commsim.behaviour.acts import ASKED_ACTS, NO_DOMAIN, Act, Channel
from commsim.behaviour.choice import chance, decide
from commsim.behaviour.social_influence import being_seen, exposure_shift
from commsim.community.community import Community
from commsim.community.given import Positions
from commsim.community.month import Asked
from commsim.community.people import Columns
from commsim.processes.menu import Menu

ESTABLISHED_LEADER = 2


@dataclass(frozen=True)
class Yeses:
    """Those who say yes, in address order: who, through which channel asked, to which kind of act and menu option."""

    residents: Positions
    channel: NDArray[np.intp]
    kind: NDArray[np.intp]
    option: NDArray[np.int64]


def answers_of_month(community: Community, residents: Columns, asked: Asked, menu: Menu) -> Yeses:
    """The nested choice of everyone asked.

    Most say no whatever is open to them; only those whose luck could make it a yes are looked at in full.
    """
    who = asked.residents
    whether = community.given.draws.uniforms_of("say yes", who, month=community.month)
    by_person = _by_person(community, residents, asked)
    at_most = by_person + _at_most(community, residents, menu, who)
    may = np.flatnonzero(whether < chance(at_most))
    some = who[may]
    slots = menu.of_building[:, residents.building[some]].T  # option by option in memory
    draws, month = community.given.draws, community.month
    choice = decide(
        _log_odds(community, residents, some, menu, slots, by_person[may]),
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


def _by_person(community: Community, residents: Columns, asked: Asked) -> NDArray[np.float64]:
    """Log-odds that hang on the person and the ask alone, shape (asked,)."""
    p, who = community.given.parameters, asked.residents
    return np.asarray(
        _by_channel(p)[asked.channel]
        + exposure_shift(asked.exposure, p["yes.exposure"])
        + p["yes.habit"] * residents.habit[who]
        + p["yes.free_time"] * (residents.free_hours[who] / p["yes.free_hours_reference"] - 1.0)
    )


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
    return np.array([p[f"yes.channel_{channel.name.lower()}"] for channel in Channel])


def _by_act(p: Mapping[str, float]) -> NDArray[np.float64]:
    return np.array([p[f"yes.base_{act.name.lower()}"] for act in ASKED_ACTS])
