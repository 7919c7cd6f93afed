"""What is open to whom this month: light acts (meetings, ballots), and hours and gifts, for projects and every day.

Part of contribution (step 6). An option is open to a contiguous run of building groups; the menus are padded to one
matrix, so that everyone who was asked is decided for at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from commsim.behaviour.acts import GIVING_ACTS, NO_DOMAIN, NO_PROJECT, Act
from commsim.behaviour.choice import NOT_OPEN
from commsim.behaviour.terms_heard import TermsEffects, see_terms
from commsim.community.community import Community
from commsim.community.funds import Fund
from commsim.community.procedures import Stage
from commsim.community.projects import Project
from commsim.community.rounds import OpenRound, Unit
from commsim.world.records import runs

NOTHING_OPEN = -1


class Option(NamedTuple):
    """One thing that residents first … last − 1 can do."""

    act: Act
    first: int
    last: int
    project: int = NO_PROJECT
    domain: int = NO_DOMAIN
    log_odds: float = 0.0
    size_factor: float = 1.0
    weight: float = 1.0
    quality: float = float("nan")
    round: OpenRound | None = None


_NO_ACT = -1
_NOT_OPEN = Option(Act.TIME, 0, 0, log_odds=NOT_OPEN)  # as an act of its own kind, `_NO_ACT`


@dataclass(frozen=True)
class Menu:
    """All options of the month, as columns, and by building group which of them are open (−1 pads).

    `of_building` has shape (longest menu, buildings) and holds indices into the option columns. Each column has one
    entry more than there are options: the last, which −1 reads, is an option that is not open to anybody.
    """

    options: list[Option]
    act: NDArray[np.int64]
    project: NDArray[np.int64]
    domain: NDArray[np.int64]
    log_odds: NDArray[np.float64]
    size_factor: NDArray[np.float64]
    weight: NDArray[np.float64]
    quality: NDArray[np.float64]
    at_home: NDArray[np.bool_]
    """Whether it is for one building group alone."""
    of_building: NDArray[np.int64]
    kinds: tuple[Act, ...]
    """Kinds of act that can be on it."""


def meeting_menu(community: Community) -> Menu:
    """Meetings that are open this month."""
    return _menu(community, _meetings(community), (Act.MEETING,))


def ballot_menu(community: Community) -> Menu:
    """Ballots that are open this month."""
    return _menu(community, _ballots(community), (Act.VOTE,))


def giving_menu(community: Community) -> Menu:
    """What hours and gifts can be given to this month: everyday service, gifts to proposals, running projects."""
    return _menu(community, [*_everyday(community), *_proposals(community), *_running(community)], GIVING_ACTS)


def promise_menu(community: Community) -> Menu:
    """Proposals of open rounds to which hours can be promised, as their terms or rule count hours."""
    return _menu(community, _promises(community), (Act.TIME,))


def _menu(community: Community, options: list[Option], kinds: tuple[Act, ...]) -> Menu:
    columns = [*options, _NOT_OPEN]
    return Menu(
        kinds=kinds,
        options=options,
        act=np.array([int(option.act) for option in options] + [_NO_ACT], dtype=np.int64),
        project=np.array([option.project for option in columns], dtype=np.int64),
        domain=np.array([option.domain for option in columns], dtype=np.int64),
        log_odds=np.array([option.log_odds for option in columns]),
        size_factor=np.array([option.size_factor for option in columns]),
        weight=np.array([option.weight for option in columns]),
        quality=np.array([option.quality for option in columns]),
        at_home=np.array([at_home(community, option) for option in options] + [False], dtype=np.bool_),
        of_building=_padded(community, options),
    )


def at_home(community: Community, option: Option | Project) -> bool:
    """Whether it is for one building group alone."""
    building = community.given.world.columns["building"]
    return bool(building[option.first] == building[option.last - 1])


def _padded(community: Community, options: list[Option]) -> NDArray[np.int64]:
    """Options by building group, in their order, padded with −1 to the longest menu; shape (longest, buildings)."""
    building, option = community.given.buildings_in(options)
    by_building = np.argsort(building, kind="stable")
    length = np.bincount(building, minlength=community.given.world.addresses.buildings)
    slot = runs(np.zeros_like(length), length)
    padded = np.full((max(int(length.max(initial=0)), 1), len(length)), NOTHING_OPEN, dtype=np.int64)
    padded[slot, building[by_building]] = option[by_building]
    return padded


def _meetings(community: Community) -> list[Option]:
    """Every committee meets with residents every month, with or without a fund (16 a year; district-2.md A7)."""
    return [
        Option(Act.MEETING, committee.first, committee.last, quality=committee.skill)
        for committee in community.places.committees
    ]


def _everyday(community: Community) -> list[Option]:
    """Volunteer service and group activities go on in every committee, fund or no fund."""
    hours = community.given.parameters["yes.everyday_hours"]
    return [
        Option(Act.TIME, committee.first, committee.last, quality=committee.skill, weight=hours)
        for committee in community.places.committees
    ]


def _open_rounds(community: Community) -> Iterator[tuple[Fund, Unit, OpenRound]]:
    """Rounds in which residents can still give, promise and vote."""
    for fund in community.money.funds:
        if fund.calls_residents:
            for unit in community.money.round_units(fund):
                if unit.round is not None and unit.round.takes(community.month):
                    yield fund, unit, unit.round


def _ballots(community: Community) -> list[Option]:
    return [
        option for fund, unit, open_round in _open_rounds(community) for option in _ballot(fund, unit.areas, open_round)
    ]


def _proposals(community: Community) -> list[Option]:
    return [
        option
        for _fund, _unit, open_round in _open_rounds(community)
        if open_round.projects
        for option in _gifts(community, open_round)
    ]


def _promises(community: Community) -> list[Option]:
    """Proposals that want more hours than were promised to them."""
    return [
        option
        for fund, _unit, open_round in _open_rounds(community)
        if counts_hours(fund, open_round)
        for option in _time_for(
            [project for project in open_round.projects if project.pledged_hours < project.hours_needed], open_round
        )
    ]


def counts_hours(fund: Fund, open_round: OpenRound) -> bool:
    """Whether hours that residents promise to a proposal count for something in a round."""
    return "hours" in open_round.terms.counts or "hours" in fund.rule.needs


def _gifts(community: Community, open_round: OpenRound) -> list[Option]:
    asks = np.array([project.ask_fen for project in open_round.projects], dtype=np.int64)
    pledged = np.array([project.pledged_fen for project in open_round.projects], dtype=np.int64)
    seen = see_terms(
        open_round.terms, asks, TermsEffects.of(community.given.parameters), pledged, open_round.quoted_rates
    )
    return [
        Option(
            Act.MONEY,
            project.first,
            project.last,
            project=project.number,
            domain=int(project.domain),
            log_odds=float(log_odds),
            size_factor=float(factor),
            weight=float(project.ask_fen),
            quality=project.quality,
            round=open_round,
        )
        for project, log_odds, factor in zip(open_round.projects, seen.log_odds, seen.size_factor, strict=True)
    ]


def _ballot(fund: Fund, areas: tuple[int, ...], open_round: OpenRound) -> list[Option]:
    """One ballot a round, open in every area that the fund covers, also where no project of one's own is on it."""
    if open_round.terms.ballot is None and not fund.asks_for_votes:
        return []
    return [
        Option(Act.VOTE, fund.areas[index].first, fund.areas[index].last, round=open_round)
        for index in areas
        if fund.covered[index]
    ]


def _running(community: Community) -> list[Option]:
    """Projects under way that still want volunteers."""
    running = community.money.projects.in_stage(Stage.RUNNING)
    return _time_for([project for project in running if not project.is_service and project.lacks_hands])


def _time_for(projects: Sequence[Project], open_round: OpenRound | None = None) -> list[Option]:
    """Giving hours to projects, or promising them to proposals of a round."""
    return [
        Option(
            Act.TIME,
            project.first,
            project.last,
            project=project.number,
            domain=int(project.domain),
            weight=max(project.hours_wanted - project.hours_given, 1.0),
            quality=project.quality,
            round=open_round,
        )
        for project in projects
    ]
