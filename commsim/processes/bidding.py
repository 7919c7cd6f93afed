"""Writing proposals and service plans: what kind of project, where, how good, how much is asked.

Part of deliberation (step 3). A proposal is keyed by its origin (fund, applicant, need, year), so that its cost and its
writer's luck are the same under every rule. Whether residents or staff write better bids is not built in: staff write
from surveys and with skill, residents from their own needs and with voice (plan P-11; Fu 2021; Ye and Xi 2016). Asks
pile up at the cap (path.md 1.7). The rest: assumptions (registry, `bidding`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from commsim.agents.hours import MINUTES_PER_HOUR
from commsim.behaviour.acts import Act, Channel
from commsim.behaviour.choice import chance
from commsim.community.community import Community
from commsim.community.funds import Fund
from commsim.community.month import Acts
from commsim.community.people import LONG_AGO, Columns
from commsim.community.projects import OF_RESIDENTS, Initiator, Project
from commsim.community.rounds import Area
from commsim.community.story import StoryKey
from commsim.contracts import Calls, Domain
from commsim.money import FEN_PER_YUAN, largest_remainder
from commsim.processes.initiators import NOBODY, Initiators, Start

if TYPE_CHECKING:
    from commsim.scenario.project_kinds import ProjectKindSpec

Luck = tuple[int | str, ...]


def write_proposals(community: Community, residents: Columns, fund: Fund) -> None:
    """Enter this year's proposals of all areas that the fund covers, or the staff's service plans."""
    if fund.rule.calls is Calls.SERVICES:
        written = [
            project
            for area in fund.areas
            if fund.covered[area.index]
            for project in _service_plan(community, residents, fund, area)
        ]
    elif fund.rule.calls is Calls.PROPOSALS:
        starts = Initiators(community, residents, fund).starts()
        written = [project for start in starts for project in _written(community, residents, fund, start)]
    else:
        return
    written = _in_address_order(written)
    for project in written:
        community.money.projects.add(project)
        _begin_story(community, project)
    community.now.proposed = (*community.now.proposed, *written)
    _record_writers(community, residents, written)


def _in_address_order(written: Sequence[Project]) -> list[Project]:
    return sorted(written, key=lambda project: (project.area_index, project.id))


def _begin_story(community: Community, project: Project) -> None:
    """From the first complaint to the ask."""
    committee = community.places.committees[project.committee]
    month = community.month
    project.tell(month, StoryKey.COMPLAINTS, float(committee.raised[project.domain]))
    if committee.public_issues[project.domain]:
        project.tell(month, StoryKey.PUBLIC_ISSUE)
    project.tell(month, StoryKey.INITIATOR, project.ask_fen / FEN_PER_YUAN)


def _written(community: Community, residents: Columns, fund: Fund, start: Start) -> list[Project]:
    """The proposal of a start; none where it takes staff's hours that are not there."""
    p = community.given.parameters
    committee = community.places.committees[start.area.committee]
    own = start.initiator in OF_RESIDENTS
    wanted = p["bidding.staff_hours_to_receive" if own else "bidding.staff_hours_per_bid"]
    granted = committee.hours.spend(wanted, fund=fund.id)
    if granted < wanted and start.initiator is Initiator.STAFF:
        return []
    origin = (fund.id, start.applicant, start.domain.name.lower(), community.year)
    kind = _kind_for(community, start, origin)
    first, last = _place_of(community, fund, start, kind)
    luck = community.given.draws.normals("bid", 2, month=community.month, item=origin)
    quality = float(chance(_craft(community, residents, start) + p["bidding.craft_sd"] * luck[1:2])[0])
    ask = _ask_fen(community, fund, float(luck[0]))
    return [
        Project(
            id=f"{fund.id}-{start.area.id}-{start.domain.name.lower()}-{start.applicant}-{community.year}",
            fund=fund.id,
            committee=start.area.committee,
            area=start.area.id,
            area_index=start.area.index,
            first=first,
            last=last,
            period=community.year,
            domain=start.domain,
            initiator=start.initiator,
            applicant=start.applicant,
            writer_resident=start.person,
            kind=kind.id,
            proposed=community.month,
            ask_fen=ask,
            minimum_viable_fen=round(ask * kind.minimum),
            hours_needed=kind.hours_for(ask, p),
            people_needed=max(kind.people_for(ask, p), 1.0),
            goods_wanted_fen=kind.goods_fen_for(ask, p),
            months_needed=kind.months,
            fit=_fit(_aim(community, residents, start), residents, first, last, start.domain),
            quality=quality,
            readiness=_readiness(community, quality, origin),
            concerned=_concerned(community, residents, first, last, start.domain),
        )
    ]


def _kind_for(community: Community, start: Start, origin: Luck) -> ProjectKindSpec:
    """Which kind of project a need leads to: by the weights of the scenario's kinds for its item."""
    kinds = community.given.scenario.project_kinds
    weights = np.array([kind.weight(start.domain) for kind in kinds])
    luck = community.given.draws.uniform("kind of project", month=community.month, item=origin)
    return kinds[int(np.searchsorted(np.cumsum(weights) / weights.sum(), luck))]


def _place_of(community: Community, fund: Fund, start: Start, kind: ProjectKindSpec) -> tuple[int, int]:
    """Whom a project serves, as positions of residents: a building group, an estate, or the whole committee."""
    addresses = community.given.world.addresses
    if fund.spec.level == "building" or kind.place == "committee":
        return start.area.first, start.area.last
    if kind.place == "building":
        begin, unit = addresses.building_start, start.building
    else:
        begin, unit = addresses.estate_start, int(addresses.estate_of_building[start.building])
    return int(begin[unit]), int(begin[unit + 1])


def _craft(community: Community, residents: Columns, start: Start) -> float:
    """Log-odds of a bid's quality: residents write with voice, staff and organisations with skill."""
    p = community.given.parameters
    if start.initiator in OF_RESIDENTS:
        return p["bidding.resident_craft"] + p["bidding.craft_of_voice"] * float(residents.voice[start.person])
    skill = community.places.committees[start.area.committee].skill
    organisation = community.institutions.organisation(start.applicant)
    if organisation is not None:
        skill = organisation.skill
    return p["bidding.staff_craft"] + p["bidding.craft_of_skill"] * (skill - p["bidding.skill_reference"])


def _aim(community: Community, residents: Columns, start: Start) -> float:
    """The need that a writer believes in: of the own building group, or what surveys and hearings told the staff."""
    if start.initiator in OF_RESIDENTS:
        begin = community.given.world.addresses.building_start
        here = slice(int(begin[start.building]), int(begin[start.building + 1]))
        return float(residents.needs[here, int(start.domain)].mean(dtype=np.float64))
    return float(community.places.committees[start.area.committee].estimated_needs[start.domain])


def _ask_fen(community: Community, fund: Fund, luck: float) -> int:
    """What is asked: what people wish for, cut at the cap of a project, so that asks pile up there.

    A fund that names no cap of its own caps projects as its money has it, since the rest of the growth of a fund goes
    into the size of its grants (path.md 1.6).
    """
    p = community.given.parameters
    cap = community.given.scenario.project_cap_fen(fund.spec) / FEN_PER_YUAN
    if fund.spec.project_cap_yuan is None:
        each = fund.budget_of_area_fen.sum() / FEN_PER_YUAN / len({area.committee for area in fund.areas})
        cap *= (each / p["bidding.cap_reference_yuan"]) ** p["bidding.cap_of_money"]
    wish = float(fund.spec.grant_typical_yuan or cap * p["bidding.wish_of_cap"])
    rounding = round(p["bidding.rounding_yuan"])
    yuan = min(cap // rounding * rounding, wish * float(np.exp(p["bidding.grant_log_sd"] * luck)))
    return max(round(yuan / rounding), 1) * rounding * FEN_PER_YUAN


def _service_plan(community: Community, residents: Columns, fund: Fund, area: Area) -> list[Project]:
    """Staff divide the whole budget among the needs they know, in proportion; residents are not called."""
    p = community.given.parameters
    committee = community.places.committees[area.committee]
    weights = committee.estimated_needs ** p["bidding.service_focus"]
    budget = int(fund.budget_of_area_fen[area.index])
    craft = p["bidding.staff_craft"] + p["bidding.craft_of_skill"] * (committee.skill - p["bidding.skill_reference"])
    quality = float(chance(np.array([craft]))[0])
    plan = zip(Domain, largest_remainder(budget, weights), strict=True)
    return [_service(community, residents, fund, area, domain, int(fen), quality) for domain, fen in plan if fen > 0]


def _service(
    community: Community, residents: Columns, fund: Fund, area: Area, domain: Domain, ask: int, quality: float
) -> Project:
    """One line of a service plan."""
    name = domain.name.lower()
    believed = float(community.places.committees[area.committee].estimated_needs[domain])
    return Project(
        id=f"{fund.id}-{area.id}-{name}-{community.year}",
        fund=fund.id,
        committee=area.committee,
        area=area.id,
        area_index=area.index,
        first=area.first,
        last=area.last,
        period=community.year,
        domain=domain,
        initiator=Initiator.STAFF,
        applicant=community.places.committees[area.committee].id,
        writer_resident=NOBODY,
        proposed=community.month,
        ask_fen=ask,
        minimum_viable_fen=0,
        hours_needed=0.0,
        months_needed=round(community.given.parameters["bidding.months_of_service"]),
        fit=_fit(believed, residents, area.first, area.last, domain),
        quality=quality,
        readiness=_readiness(community, quality, (fund.id, area.id, name, community.year)),
        concerned=_concerned(community, residents, area.first, area.last, domain),
        is_service=True,
    )


def _readiness(community: Community, quality: float, origin: Luck) -> float:
    return (quality + community.given.draws.uniform("readiness", month=community.month, item=origin)) / 2.0


def _concerned(community: Community, residents: Columns, first: int, last: int, domain: Domain) -> int:
    """Residents of a place whose need is strong enough to be concerned by a project."""
    needs = residents.needs[first:last, domain]
    return int(np.count_nonzero(needs > community.given.parameters["bidding.need_that_concerns"]))


def _fit(aim: float, residents: Columns, first: int, last: int, domain: Domain) -> float:
    """How close the need that the writer believed in is to the mean need of the residents concerned (0–1)."""
    actual = residents.needs[first:last, domain].mean(dtype=np.float64)
    return float(np.clip(1.0 - abs(aim - actual) / max(actual, np.finfo(float).eps), 0.0, 1.0))


def _record_writers(community: Community, residents: Columns, written: list[Project]) -> None:
    """Residents who started a project did the deepest of acts."""
    own = [project for project in written if project.initiator in OF_RESIDENTS]
    if not own:
        return
    who = np.array([project.writer_resident for project in own], dtype=np.intp)
    minutes = round(community.given.parameters["bidding.resident_hours_per_bid"] * MINUTES_PER_HOUR)
    channel = [Channel.GROUP if project.initiator is Initiator.GROUP else Channel.OWN for project in own]
    community.now.add_acts(
        Acts(
            kind=Act.ORGANISE,
            residents=who,
            project=np.array([project.number for project in own], dtype=np.int64),
            minutes=np.full(len(own), minutes, dtype=np.int64),
            fen=np.zeros(len(own), dtype=np.int64),
            share=np.ones(len(own)),
            channel=np.array(channel, dtype=np.intp),
            first=residents.last_organise[who] == LONG_AGO,
        )
    )
