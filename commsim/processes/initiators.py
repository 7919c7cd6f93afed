"""Who starts a project: residents, activity groups, social organisations, staff with hours to spare, or the street.

Part of deliberation (step 3). Most who start something were active before (path.md 1.12: 0.86); places differ for good
(1.6: the same wards win again), and money raises the number of initiators less than in proportion (1.6). So there are
committee-years without a proposal. Everyone's luck is keyed by who they are and the year, so that more money adds
initiators to those who would have started anyway. The scenario's policy (`initiators`) says who may: open, residents
only, a quota of the street (every committee without a proposal is asked for one), or a help desk for those who have
never done it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy  # its parts load when they are used
from numpy.typing import NDArray

from commsim.agents.committee import Committee
from commsim.agents.organisation import ActivityGroup
from commsim.community.community import Community
from commsim.community.funds import Fund
from commsim.community.given import Positions
from commsim.community.people import GIVING_OR_STARTING, Columns, acted_since
from commsim.community.procedures import Stage
from commsim.community.projects import Initiator
from commsim.community.rounds import Area
from commsim.contracts import Domain
from commsim.money import FEN_PER_YUAN
from commsim.scenario.months import MONTHS_A_YEAR
from commsim.world.records import Role, Sex, Tenure

NOBODY = -1
RESIDENTS_ONLY, QUOTA, HELP_DESK = "residents", "quota", "help_desk"
"""Policies of a scenario that change who starts (`Scenario.initiators`); "open" leaves it to whoever does."""


@dataclass(frozen=True)
class Start:
    """Somebody who starts a project: who, in which area of the fund, for which need, and around which building group.

    `applicant` is the same from year to year; `person` is the resident who leads it, −1 where none does.
    """

    initiator: Initiator
    area: Area
    domain: Domain
    applicant: str
    building: int
    person: int = NOBODY


class Initiators:
    """Those who start a project under one fund this year."""

    def __init__(self, community: Community, residents: Columns, fund: Fund) -> None:
        self.community = community
        self.residents = residents
        self.fund = fund
        self.p = community.given.parameters
        self.policy = community.given.scenario.initiators

    def starts(self) -> list[Start]:
        """Every start, residents first, one an applicant; the street comes last, as it only fills what is empty."""
        started = [*self._residents(), *self._groups()]
        if self.policy != RESIDENTS_ONLY:
            started += [*self._organisations(), *self._staff()]
        if self.policy == QUOTA:
            started += list(self._street({start.area.index for start in started}))
        return list({start.applicant: start for start in reversed(started)}.values())[::-1]

    @cached_property
    def areas(self) -> list[Area]:
        """Areas that the fund covers."""
        return [area for area in self.fund.areas if self.fund.covered[area.index]]

    @cached_property
    def committees(self) -> dict[int, list[Area]]:
        """Covered areas by committee."""
        found: dict[int, list[Area]] = {}
        for area in self.areas:
            found.setdefault(area.committee, []).append(area)
        return found

    @cached_property
    def money(self) -> NDArray[np.float64]:
        """By committee the fund's yuan a year per resident, against the reference at which the rates hold."""
        addresses = self.community.given.world.addresses
        fen = np.zeros(addresses.committees)
        for area in self.areas:
            fen[area.committee] += self.fund.budget_of_area_fen[area.index]
        people = np.maximum(np.diff(addresses.committee_start), 1)
        return fen / FEN_PER_YUAN / people / self.p["initiating.reference_yuan"]

    @cached_property
    def place(self) -> NDArray[np.float64]:
        """By committee how much readier people, groups and staff there are to start things: mean 1, and for good."""
        shape = self.p["initiating.place_shape"]
        luck = self.community.given.draws.uniforms("place organises", len(self.community.places.committees))
        return np.asarray(scipy.special.gammaincinv(shape, luck) / shape)

    def _residents(self) -> Iterator[Start]:
        """Residents who start something of their own accord, or as leaders of their building group."""
        likely = self._likely()
        luck = self.community.given.draws.uniforms(
            "starts a project", len(self.residents), month=self.community.month, item=self.fund.id
        )
        covered = np.zeros(len(self.residents), dtype=np.bool_)
        for area in self.areas:
            covered[area.first : area.last] = True
        for person in np.flatnonzero(covered & self.community.given.adults & (luck < likely)).tolist():
            area = self._area_of(person)
            yield Start(
                Initiator.RESIDENT,
                area,
                self._wish_of(person),
                f"resident-{person}",
                int(self.residents.building[person]),
                person,
            )

    def _likely(self) -> NDArray[np.float64]:
        """Each resident's chance of starting something this year."""
        p, residents = self.p, self.residents
        active = acted_since(residents, GIVING_OR_STARTING, self.community.month - MONTHS_A_YEAR)
        others = p["initiating.others"] * (p["initiating.help_desk"] if self.policy == HELP_DESK else 1.0)
        likely = np.where(active, p["initiating.active"], others) / 1000.0
        likely *= np.where(residents.tenure == Tenure.OWNED, p["initiating.owners"], 1.0)
        likely *= np.where(residents.sex == Sex.FEMALE, p["initiating.women"], 1.0)
        likely *= np.where(residents.years_here >= p["initiating.long_years"], p["initiating.long_residents"], 1.0)
        likely *= self._grown("initiating.elasticity_new")[residents.committee]
        if self.fund.spec.level == "building":
            leads = (residents.role & np.uint8(Role.BUILDING_LEADER)) > 0
            likely[leads] = np.maximum(likely[leads], p["initiating.building_leaders"])
        return likely

    def _grown(self, elasticity: str) -> NDArray[np.float64]:
        """By committee the factor that the fund's money and the place make; nothing without money."""
        grown = np.where(self.money > 0, np.maximum(self.money, 0.0) ** self.p[elasticity], 0.0)
        return np.asarray(grown * self.place)

    def _wish_of(self, person: int) -> Domain:
        """What a resident wants done: the own need that is least met, more so where it has become a public issue."""
        committee = self.community.places.committees[int(self.residents.committee[person])]
        unmet = self.residents.needs[person] * (
            1.0 - self.community.places.relief[int(self.residents.building[person])]
        )
        public = 1.0 + self.p["bidding.weight_of_issues"] * committee.public_issues
        return Domain(int(np.argmax(unmet * public)))

    def _area_of(self, person: int) -> Area:
        """The area of the fund in which a resident lives."""
        column = self.residents.building if self.fund.spec.level == "building" else self.residents.committee
        return self.fund.areas[int(column[person])]

    def _groups(self) -> Iterator[Start]:
        """Activity groups that start one, each with a readiness of its own; who was funded before does so more."""
        p, community = self.p, self.community
        shape = p["initiating.group_shape"]
        funded = self._funded_before()
        for group in community.agents(ActivityGroup).select(lambda group: group.committee in self.committees):
            own = community.given.draws.uniform("group's readiness", item=group.id)
            ready = float(scipy.special.gammaincinv(shape, own)) / shape
            rate = p["initiating.groups"] * ready * self._grown("initiating.elasticity")[group.committee]
            rate += p["initiating.funded_before"] * bool({group.id, group.applicant} & funded)
            luck = community.given.draws.uniform("group starts", month=community.month, item=(self.fund.id, group.id))
            members = self._members(group)
            if luck < rate and members.size:
                person = int(members[0])
                yield Start(
                    Initiator.GROUP,
                    self._area_of(person),
                    group.domain,
                    group.applicant or group.id,
                    int(self.residents.building[person]),
                    person,
                )

    def _members(self, group: ActivityGroup) -> Positions:
        """Members of a group who still belong to it, in address order."""
        members: Positions = group.members[self.residents.group[group.members] == group.number]
        return members

    def _funded_before(self) -> frozenset[str]:
        """Applicants whom the fund has paid for before."""
        return frozenset(
            project.applicant
            for project in self.community.money.projects.projects
            if project.fund == self.fund.id and project.award_fen and project.stage is not Stage.PROPOSED
        )

    def _organisations(self) -> Iterator[Start]:
        """Social organisations that start one in a committee where they are partners."""
        community = self.community
        partners: dict[str, list[Committee]] = {}
        for index in self.committees:
            committee = community.places.committees[index]
            for organisation in community.institutions.partners_of(committee):
                partners.setdefault(organisation.id, []).append(committee)
        grown = self._grown("initiating.elasticity")
        for organisation_id in sorted(partners):
            item = (self.fund.id, organisation_id)
            luck = community.given.draws.uniforms("organisation starts", 2, month=community.month, item=item)
            here = partners[organisation_id]
            committee = here[int(luck[1] * len(here))]
            if luck[0] < self.p["initiating.organisations"] * grown[committee.index]:
                yield self._for_committee(Initiator.ORGANISATION, committee, organisation_id)

    def _staff(self) -> Iterator[Start]:
        """Staff of committees with hours to spare start one for a need that they know."""
        community, hours = self.community, self.p["bidding.staff_hours_per_bid"]
        grown = self._grown("initiating.elasticity")
        for index in self.committees:
            committee = community.places.committees[index]
            luck = community.given.draws.uniform(
                "staff start", month=community.month, item=(self.fund.id, committee.id)
            )
            rate = self.p["initiating.staff"] * grown[index] * committee.skill / self.p["bidding.skill_reference"]
            if luck < rate and committee.hours.left >= hours:
                yield self._for_committee(Initiator.STAFF, committee, committee.id)

    def _street(self, busy: set[int]) -> Iterator[Start]:
        """The street asks every area without a proposal for one."""
        for area in self.areas:
            if area.index not in busy:
                committee = self.community.places.committees[area.committee]
                yield self._for_committee(Initiator.STREET, committee, area.id, area)

    def _for_committee(
        self, initiator: Initiator, committee: Committee, applicant: str, area: Area | None = None
    ) -> Start:
        """A start that staff know the need for: the most pressing one, around a building group that luck names."""
        chosen = area or self._one_area(committee)
        luck = self.community.given.draws.uniform(
            "where it starts", month=self.community.month, item=(self.fund.id, chosen.id, applicant)
        )
        person = chosen.first + int(luck * (chosen.last - chosen.first))
        building = int(self.residents.building[person])
        leads = self._leader_of(chosen) if self.fund.spec.level == "building" else NOBODY
        return Start(initiator, chosen, self._pressing(committee), applicant, building, leads)

    def _leader_of(self, area: Area) -> int:
        """The leader of a building group, who carries what is wanted of it; nobody where there is none."""
        leads = (self.residents.role[area.first : area.last] & np.uint8(Role.BUILDING_LEADER)) > 0
        return area.first + int(np.argmax(leads)) if leads.any() else NOBODY

    def _one_area(self, committee: Committee) -> Area:
        areas = self.committees[committee.index]
        item = (self.fund.id, committee.id)
        luck = self.community.given.draws.uniform("which area", month=self.community.month, item=item)
        return areas[int(luck * len(areas))]

    def _pressing(self, committee: Committee) -> Domain:
        """The need that staff hold for the most pressing: surveyed, not yet relieved, and raised by residents."""
        first, last = self.residents.building[[committee.first, committee.last - 1]]
        lack = 1.0 - self.community.places.relief[first : last + 1].mean(axis=0)
        share = committee.raised / max(committee.raised.sum(), 1)
        issues = 1.0 + self.p["bidding.weight_of_issues"] * share * committee.public_issues
        return Domain(int(np.argmax(committee.estimated_needs * lack * issues)))
