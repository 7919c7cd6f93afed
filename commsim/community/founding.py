"""How a community is founded: institutions become agents, residents become columns, accounts are opened.

It is complete when it is made; from then on only steps write, each what it declares.
"""

from __future__ import annotations

from collections.abc import Mapping

import mesa

from commsim.agents.committee import Committee
from commsim.agents.local_unit import LocalUnit, Office
from commsim.agents.organisation import SocialOrganisation
from commsim.community.community import Community
from commsim.community.founding_funds import make_fund
from commsim.community.given import Given, Links
from commsim.community.institutions import Institutions
from commsim.community.measured import Measured
from commsim.community.money import Money
from commsim.community.people import People, Residents
from commsim.community.places import Places
from commsim.contracts import Rule
from commsim.ownership import Permit
from commsim.randomness import Draws
from commsim.scenario.schema import Scenario
from commsim.world.graph import institution_graph
from commsim.world.records import InstitutionRecord, World


def found_community(
    model: mesa.Model, world: World, scenario: Scenario, rules: Mapping[str, Rule], draws: Draws, links: Links
) -> Community:
    """The community at the start of a run. `rules`: fund id → who governs it; `links`: what plugins add."""
    permit = Permit()
    given = Given(world, scenario, draws, links)
    committees, organisations, local_units = _institutions(model, world, scenario)
    funds = tuple(make_fund(model, spec, rules[spec.id], world.addresses, draws) for spec in scenario.funds)
    given.permit = permit
    community = Community(
        permit,
        given,
        People(permit, _residents(given)),
        Places(permit, world, committees),
        Institutions(permit, model, organisations, local_units, institution_graph(world), links),
        Money(permit, funds, [committee.id for committee in committees]),
        Measured(permit),
    )
    permit.close()
    return community


def _residents(given: Given) -> Residents:
    residents = Residents(given.world, given.parameters["appraisal.satisfaction_at_start"])
    residents.remember_before(given.adults, given.draws, given.parameters)
    return residents


def _institutions(
    model: mesa.Model, world: World, scenario: Scenario
) -> tuple[tuple[Committee, ...], tuple[SocialOrganisation, ...], tuple[LocalUnit, ...]]:
    """Those that act in a run; offices become agents too, as nodes of the network."""
    committees: list[Committee] = []
    organisations: list[SocialOrganisation] = []
    local_units: list[LocalUnit] = []
    for record in world.institutions:
        if record.kind == "committee":
            committees.append(_committee(model, world, scenario, record, len(committees)))
        elif record.kind == "social_organisation":
            organisations.append(SocialOrganisation(model, record))
        elif record.kind == "local_unit":
            local_units.append(LocalUnit(model, record))
        else:
            Office(model, record)
    return tuple(committees), tuple(organisations), tuple(local_units)


def _committee(model: mesa.Model, world: World, scenario: Scenario, record: InstitutionRecord, index: int) -> Committee:
    first, last = (int(position) for position in world.addresses.committee_start[index : index + 2])
    return Committee(model, record, index, first, last, scenario.parameters["analysis.prior_need"])
