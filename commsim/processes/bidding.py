"""Writing proposals and service plans: which needs, who writes, how good, how much is asked.

Part of deliberation (step 3). A proposal is keyed by its origin (fund, area, need, year), so that its cost and its
writer's luck are the same under every rule. Whether residents or staff write better bids is not built in: staff write
from surveys and with skill, residents from their own needs and with voice (plan P-11; Fu 2021; Ye and Xi 2016).
Typical size of a project: district.md A5. The rest: assumptions (registry).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commsim.behaviour.acts import Act, Channel
from commsim.behaviour.choice import chance
from commsim.community.community import Community
from commsim.community.funds import Fund
from commsim.community.month import Acts
from commsim.community.people import LONG_AGO, Columns
from commsim.community.projects import Project, Writer
from commsim.community.rounds import Area
from commsim.contracts import Calls, Domain
from commsim.money import FEN_PER_YUAN, largest_remainder

NOBODY = -1


def write_proposals(community: Community, residents: Columns, fund: Fund) -> None:
    """Enter this year's proposals of all areas that the fund covers, or the staff's service plans."""
    written: list[Project] = []
    for area in fund.areas:
        if not fund.covered[area.index]:
            continue
        if fund.rule.calls is Calls.SERVICES:
            written += _service_plan(community, residents, fund, area)
        else:
            written += _proposals_of_area(community, residents, fund, area)
    for project in written:
        community.money.projects.add(project)
    community.now.proposed = (*community.now.proposed, *written)
    _record_writers(community, residents, written)


def _proposals_of_area(community: Community, residents: Columns, fund: Fund, area: Area) -> list[Project]:
    p = community.given.parameters
    committee = community.places.committees[area.committee]
    wanted = round(p["bidding.proposals_per_area"])
    priority = committee.estimated_needs * _lack(community, residents, area)
    issue_share = committee.raised / max(committee.raised.sum(), 1)
    priority = priority * (1.0 + p["bidding.weight_of_issues"] * issue_share * committee.public_issues)
    # Only what became a public issue is proposed; where nothing did, staff still bring the most pressing need.
    on_table = np.where(committee.public_issues, priority, 0.0)
    if not on_table.any():
        on_table[int(np.argmax(priority))] = priority.max()
    order = np.argsort(-on_table, kind="stable")
    domains = [Domain(int(domain)) for domain in order[:wanted] if on_table[domain] > 0]
    proposals = []
    for domain in domains:
        hours = committee.hours.spend(p["bidding.staff_hours_per_bid"], fund=fund.id)
        if hours < p["bidding.staff_hours_per_bid"]:
            break
        proposals.append(_proposal(community, residents, fund, area, domain))
    return proposals


def _proposal(community: Community, residents: Columns, fund: Fund, area: Area, domain: Domain) -> Project:
    p = community.given.parameters
    origin = (fund.id, area.id, domain.name.lower(), community.year)
    luck = community.given.draws.normals("bid", 3, month=community.month, item=origin)
    writer, person = _writer(community, residents, area, domain, origin)
    skill = community.places.committees[area.committee].skill
    if writer is Writer.RESIDENTS:
        craft = p["bidding.resident_craft"] + p["bidding.craft_of_voice"] * float(residents.voice[person])
        # A resident knows the needs of the own building group, staff know what surveys and hearings told them.
        neighbours = residents.building[area.first : area.last] == residents.building[person]
        aim = residents.needs[area.first : area.last][neighbours].mean(axis=0, dtype=np.float64)
    else:
        craft = p["bidding.staff_craft"] + p["bidding.craft_of_skill"] * (skill - p["bidding.skill_reference"])
        aim = community.places.committees[area.committee].estimated_needs
    yuan = fund.spec.grant_typical_yuan or p["bidding.typical_grant_yuan"]
    size = float(np.exp(p["bidding.grant_log_sd"] * luck[0]))
    size = min(max(size, p["bidding.smallest_grant_ratio"]), p["bidding.largest_grant_ratio"])
    ask = round(float(yuan) * size / p["bidding.rounding_yuan"]) * round(p["bidding.rounding_yuan"]) * FEN_PER_YUAN
    quality = float(chance(craft + p["bidding.craft_sd"] * luck[1:2])[0])
    return _project(community, residents, fund, area, domain, ask, quality, aim, writer=writer, person=person)


def _service_plan(community: Community, residents: Columns, fund: Fund, area: Area) -> list[Project]:
    """Staff divide the whole budget among the needs they know, in proportion; residents are not called."""
    p = community.given.parameters
    committee = community.places.committees[area.committee]
    weights = committee.estimated_needs ** p["bidding.service_focus"]
    budget = int(fund.budget_of_area_fen[area.index])
    plan = []
    for domain, fen in zip(Domain, largest_remainder(budget, weights), strict=True):
        if fen > 0:
            craft = p["bidding.staff_craft"] + p["bidding.craft_of_skill"] * (
                committee.skill - p["bidding.skill_reference"]
            )
            quality = float(chance(np.array([craft]))[0])
            plan.append(
                _project(
                    community,
                    residents,
                    fund,
                    area,
                    domain,
                    int(fen),
                    quality,
                    committee.estimated_needs,
                    is_service=True,
                )
            )
    return plan


def _project(
    community: Community,
    residents: Columns,
    fund: Fund,
    area: Area,
    domain: Domain,
    ask: int,
    quality: float,
    aim: NDArray[np.float64],
    *,
    writer: Writer = Writer.STAFF,
    person: int = NOBODY,
    is_service: bool = False,
) -> Project:
    p = community.given.parameters
    needs = residents.needs[area.first : area.last, domain]
    hours = 0.0 if is_service else ask / FEN_PER_YUAN / p["bidding.yuan_per_volunteer_hour"]
    readiness_craft = community.given.draws.uniform(
        "readiness", month=community.month, item=(fund.id, area.id, domain.name.lower(), community.year)
    )
    return Project(
        id=f"{fund.id}-{area.id}-{domain.name.lower()}-{community.year}",
        fund=fund.id,
        committee=area.committee,
        area=area.id,
        first=area.first,
        last=area.last,
        period=community.year,
        domain=domain,
        writer=writer,
        writer_resident=person,
        proposed=community.month,
        ask_fen=ask,
        minimum_viable_fen=0 if is_service else round(ask * p["bidding.minimum_viable_share"]),
        hours_needed=hours,
        months_needed=round(p["bidding.months_of_service" if is_service else "bidding.months_of_project"]),
        fit=_fit(aim, residents, area, domain),
        quality=quality,
        readiness=(quality + readiness_craft) / 2.0,
        concerned=int(np.count_nonzero(needs > p["bidding.need_that_concerns"])),
        is_service=is_service,
    )


def _fit(aim: NDArray[np.float64], residents: Columns, area: Area, domain: Domain) -> float:
    """How close the need that the writer believed in is to the mean need of the residents concerned (0–1)."""
    actual = residents.needs[area.first : area.last, domain].mean(dtype=np.float64)
    return float(np.clip(1.0 - abs(aim[domain] - actual) / max(actual, np.finfo(float).eps), 0.0, 1.0))


def _lack(community: Community, residents: Columns, area: Area) -> NDArray[np.float64]:
    """Share of each need that nothing relieves yet in the area, mean over its building groups, shape (6,)."""
    buildings = np.unique(residents.building[[area.first, area.last - 1]])
    return np.asarray(1.0 - community.places.relief[buildings[0] : buildings[-1] + 1].mean(axis=0))


def _writer(
    community: Community, residents: Columns, area: Area, domain: Domain, origin: tuple[str | int, ...]
) -> tuple[Writer, int]:
    """Residents or staff, as the scenario's lever says; of the residents, the one with most voice, will and need."""
    lever = community.given.scenario.bid_writer
    luck = community.given.draws.uniform("who writes", month=community.month, item=origin)
    if lever == "staff" or (
        lever == "mixed" and luck >= community.given.parameters["bidding.share_written_by_residents"]
    ):
        return Writer.STAFF, NOBODY
    adults = area.first + np.flatnonzero(community.given.adults[area.first : area.last])
    if adults.size == 0:
        return Writer.STAFF, NOBODY
    noise = community.given.draws.uniforms_of("writer", adults, month=community.month, item=origin)
    will = residents.voice[adults] + residents.efficacy[adults] + residents.needs[adults, domain] + noise
    return Writer.RESIDENTS, int(adults[np.argmax(will)])


def _record_writers(community: Community, residents: Columns, written: list[Project]) -> None:
    """Residents who wrote a bid did the deepest of acts."""
    own = [project for project in written if project.writer is Writer.RESIDENTS]
    if not own:
        return
    minutes = round(community.given.parameters["bidding.resident_hours_per_bid"] * 60)
    community.now.add_acts(
        Acts(
            kind=Act.ORGANISE,
            residents=np.array([project.writer_resident for project in own], dtype=np.intp),
            project=np.array([project.number for project in own], dtype=np.int64),
            minutes=np.full(len(own), minutes, dtype=np.int64),
            fen=np.zeros(len(own), dtype=np.int64),
            share=np.ones(len(own)),
            channel=np.full(len(own), int(Channel.STAFF), dtype=np.intp),
            first=residents.last_organise[[project.writer_resident for project in own]] == LONG_AGO,
        )
    )
