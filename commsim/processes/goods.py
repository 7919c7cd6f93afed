"""Goods and rooms that local units (驻区单位) lend or give to proposals of the committees to which they are tied.

Part of contribution (step 6). In-kind giving is no money: it never passes the ledger, and is counted at its worth.
Plan: P-03, P-13. A unit's own luck decides whether it gives; chance and share are assumptions (registry, `partners`).
"""

from __future__ import annotations

from commsim.agents.local_unit import LocalUnit
from commsim.community.community import Community
from commsim.community.projects import Project
from commsim.community.rounds import OpenRound
from commsim.community.story import StoryKey
from commsim.money import FEN_PER_YUAN


def pledge_goods(community: Community) -> None:
    """In the month in which a round opens, units tied to a committee promise goods and rooms to its proposals."""
    for fund in community.money.funds:
        for unit in community.money.round_units(fund):
            if unit.round is not None and unit.round.opened == community.month:
                for project in unit.round.projects:
                    _to_project(community, unit.round, project)


def _to_project(community: Community, open_round: OpenRound, project: Project) -> None:
    if project.is_service or not project.goods_wanted_fen:
        return
    committee = community.places.committees[project.committee]
    units = community.institutions.units_of(committee)
    fen = min(sum(_given_by(unit, community, project) for unit in units), project.goods_wanted_fen)
    if fen:
        project.goods_fen = fen
        project.tell(community.month, StoryKey.GOODS_PLEDGED, fen / FEN_PER_YUAN)


def _given_by(unit: LocalUnit, community: Community, project: Project) -> int:
    """Worth of what a unit gives or lends to a project, in fen."""
    p = community.given.parameters
    luck = community.given.draws.uniform("local unit gives goods", month=community.month, item=(unit.id, project.id))
    if luck >= p["partners.chance"]:
        return 0
    room = round(p["partners.room_yuan"] * FEN_PER_YUAN) if unit.space else 0
    return room + unit.give_goods(round(project.ask_fen * p["partners.share_of_ask"]))
