"""Step 1, calendar: what begins and ends this month, whatever anyone decides.

Reads: the scenario's dates, fund specifications, residents' giving capacity. Writes: fund coverage, appropriations in
the ledger, column `arrived`, offices' hours, events `movers` and `election`. Plan: P-30 to P-32 (phases, pilots,
roll-out), P-37 (appropriations by year and purse). Source of election turnout: Shanghai city survey, district.md A4; of
the yearly move rate: assumption (registry).
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from commsim.agents.committee import Committee
from commsim.agents.local_unit import LocalUnit
from commsim.behaviour.turnout import turnout
from commsim.community.community import Community
from commsim.community.funds import Fund
from commsim.community.ledger import HOUSEHOLDS, TREASURY
from commsim.community.month import Election
from commsim.community.people import Columns
from commsim.community.purposes import Purpose
from commsim.ownership import parts
from commsim.scenario.months import monthly_chance
from commsim.world.records import runs

JANUARY, DECEMBER = 1, 12


class Calendar:
    """Turns the page: hours return, purses are filled or lapse, pilots begin, people move, committees are elected."""

    name: ClassVar[str] = "calendar"
    reads: ClassVar[frozenset[str]] = parts(
        given="adults draws parameters scenario world",
        people="age giving_capacity may_vote party",
        month="page",
    )
    writes: ClassVar[frozenset[str]] = parts(
        people="arrived",
        places="hours",
        institutions="local_money",
        funds="coverage appropriated",
        money="ledger",
        month="movers election money",
    )
    plan: ClassVar[tuple[str, ...]] = ("P-30", "P-31", "P-32", "P-37")
    source: ClassVar[str] = "turnout: Shanghai city survey (district.md A4); yearly move rate: assumption (registry)"

    def step(self, community: Community, residents: Columns) -> None:
        """Begin the month."""
        community.agents(Committee).do("begin_month")
        if community.month == 0 or community.calendar_month == JANUARY:
            self._renew_giving_capacity(community, residents)
        community.agents(Fund).do(self._cover, community).do(self._appropriate, community)
        self._move_people(community, residents)
        self._elect(community, residents)

    def _renew_giving_capacity(self, community: Community, residents: Columns) -> None:
        """Residents' accounts hold what they could give in a year; what was not given leaves the books."""
        capacity = community.given.sums_by_committee(residents.giving_capacity)
        for committee, fen in zip(community.places.committees, capacity, strict=True):
            account = f"residents:{committee.id}"
            left = community.money.ledger.balance(account)
            community.money.ledger.post(community.month, account, HOUSEHOLDS, left, Purpose.UNUSED_CAPACITY)
            community.money.ledger.post(community.month, HOUSEHOLDS, account, int(fen), Purpose.GIVING_CAPACITY)
        community.agents(LocalUnit).do("begin_year")

    @staticmethod
    def _cover(fund: Fund, community: Community) -> None:
        """Which areas the fund reaches by now: the first in a lot drawn once, so that pilots stay in the roll-out."""
        share = community.given.scenario.coverage(fund.spec, community.month)
        reached = fund.lot[: round(share * len(fund.areas))]
        fund.cover(np.sort(reached))

    @staticmethod
    def _appropriate(fund: Fund, community: Community) -> None:
        """Fill the purses once a year for each area covered (P-37)."""
        if not fund.pays or not fund.covered.any():
            return
        for unit in fund.units:
            due = [
                area for area in fund.covered_areas(unit) if fund.appropriated_year.get(area.index) != community.year
            ]
            fund.appropriate(due, community.year)
            for area in due:
                fen = int(fund.budget_of_area_fen[area.index])
                community.now.add_at("appropriated", fund.id, area.committee, fen)
            fen = sum(fund.budget_of_area_fen[area.index] for area in due)
            community.money.ledger.post(
                community.month, TREASURY, unit.account, fen, Purpose.APPROPRIATION, fund=fund.id
            )

    def _move_people(self, community: Community, residents: Columns) -> None:
        """Households move away and like households move in; every owner of a learned column resets it (registry)."""
        start = community.given.world.addresses.household_start
        rate = community.given.parameters["moves.yearly_rate"]
        luck = community.given.draws.uniforms("moves", len(start) - 1, month=community.month)
        moving = np.flatnonzero(luck < monthly_chance(rate))
        community.now.movers = runs(start[moving], start[moving + 1])
        residents.arrived[community.now.movers] = community.month

    def _elect(self, community: Community, residents: Columns) -> None:
        """A dated residents' committee election. It stands outside the rates of active residents."""
        if community.given.scenario.month_date(community.month) not in community.given.scenario.elections:
            return
        likely = turnout(residents.age, residents.party, community.given.parameters)
        luck = community.given.draws.uniforms("election", len(residents), month=community.month)
        eligible = community.given.adults & residents.may_vote  # the list follows registration and years of residence
        community.now.election = Election(voted=eligible & (luck < likely), eligible=eligible)
