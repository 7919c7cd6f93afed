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
from commsim.agents.community import Community, Election
from commsim.agents.fund import Fund
from commsim.agents.local_unit import LocalUnit
from commsim.agents.residents import Columns
from commsim.behaviour.turnout import turnout
from commsim.ledger import HOUSEHOLDS, TREASURY, Purpose
from commsim.world.records import runs

JANUARY, DECEMBER = 1, 12


class Calendar:
    """Turns the page: hours return, purses are filled or lapse, pilots begin, people move, committees are elected."""

    name: ClassVar[str] = "calendar"

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
        capacity = community.sums_by_committee(residents.giving_capacity)
        for committee, fen in zip(community.committees, capacity, strict=True):
            account = f"residents:{committee.id}"
            left = community.ledger.balance(account)
            community.ledger.post(community.month, account, HOUSEHOLDS, left, Purpose.UNUSED_CAPACITY)
            community.ledger.post(community.month, HOUSEHOLDS, account, int(fen), Purpose.GIVING_CAPACITY)
        community.agents(LocalUnit).do("begin_year")

    @staticmethod
    def _cover(fund: Fund, community: Community) -> None:
        """Which areas the fund reaches by now: the first in a lot drawn once, so that pilots stay in the roll-out."""
        share = community.scenario.coverage(fund.spec, community.month)
        reached = fund.lot[: round(share * len(fund.areas))]
        fund.cover(np.sort(reached))

    @staticmethod
    def _appropriate(fund: Fund, community: Community) -> None:
        """Fill the purses once a year for each area covered (P-37)."""
        if fund.is_absent or not fund.covered.any():
            return
        for unit in fund.units:
            due = [
                area for area in fund.covered_areas(unit) if fund.appropriated_year.get(area.index) != community.year
            ]
            for area in due:
                fund.appropriated_year[area.index] = community.year
                fen = int(fund.budget_of_area_fen[area.index])
                community.now.add_at("appropriated", fund.id, area.committee, fen)
            fen = sum(fund.budget_of_area_fen[area.index] for area in due)
            community.ledger.post(community.month, TREASURY, unit.account, fen, Purpose.APPROPRIATION, fund=fund.id)

    def _move_people(self, community: Community, residents: Columns) -> None:
        """Households move away and like households move in; every owner of a learned column resets it (registry)."""
        start = community.world.addresses.household_start
        rate = community.parameters["moves.yearly_rate"]
        monthly = 1.0 - (1.0 - rate) ** (1.0 / 12.0)
        luck = community.draws.uniforms("moves", len(start) - 1, month=community.month)
        moving = np.flatnonzero(luck < monthly)
        community.now.movers = runs(start[moving], start[moving + 1])
        residents.arrived[community.now.movers] = community.month

    def _elect(self, community: Community, residents: Columns) -> None:
        """A dated residents' committee election. It stands outside the rates of active residents."""
        if community.scenario.month_date(community.month) not in community.scenario.elections:
            return
        likely = turnout(residents.age, residents.party, community.parameters)
        luck = community.draws.uniforms("election", len(residents), month=community.month)
        # The right to vote follows residence of a year or registration in practice; all adults stand for it here.
        eligible = community.adults
        community.now.election = Election(voted=eligible & (luck < likely), eligible=eligible)
