"""Step 3, deliberation: from a resident's complaint to a public issue to a written proposal.

Reads: unmet needs, efficacy, voice, who is known; last month's hearing. Writes: issues and public issues by domain,
committees' estimated needs, hearings announced, proposals. Plan: P-10 (hearing), P-11 (issue → proposal, with a loss at
each stage, and who wrote it), P-12 (four discussions as a gate). Procedures: district.md A7; rates are assumptions.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from commsim.agents.committee import Committee
from commsim.behaviour.acts import DOMAINS, Act
from commsim.behaviour.choice import chance
from commsim.community.community import Community
from commsim.community.given import Positions
from commsim.community.people import Columns
from commsim.ownership import parts
from commsim.processes.bidding import write_proposals


class Deliberation:
    """Residents raise issues; hearings weigh them; what passes the gates becomes a proposal or a service plan."""

    name: ClassVar[str] = "deliberation"
    reads: ClassVar[frozenset[str]] = parts(
        given="adults draws parameters scenario",
        people="building committee efficacy known needs voice",
        places="relief skill",
        funds="coverage",
        month="page",
    )
    writes: ClassVar[frozenset[str]] = parts(
        places="hours estimated_needs raised public_issues",
        projects="book",
        month="raised public_issues hearings proposed acts",
    )
    plan: ClassVar[tuple[str, ...]] = ("P-10", "P-11", "P-12")
    source: ClassVar[str] = "procedures: district.md A7; rates: assumptions (registry)"

    def step(self, community: Community, residents: Columns) -> None:
        """Count issues, learn from last month's hearing, announce this month's, write proposals when bids are due."""
        self._learn_from_hearing(community, residents)
        self._raise_issues(community, residents)
        calendar = community.money.comparison_fund.spec.calendar
        if calendar.wishes < community.calendar_month < calendar.bids:
            self._announce_hearings(community)
        if community.calendar_month == calendar.bids:
            self._pass_gates(community)
        for fund in community.money.funds:
            if community.calendar_month == fund.spec.calendar.bids and not fund.is_absent:
                write_proposals(community, residents, fund)
        if community.calendar_month == calendar.bids:
            for committee in community.places.committees:
                committee.raised = np.zeros(DOMAINS, dtype=np.int64)

    def _learn_from_hearing(self, community: Community, residents: Columns) -> None:
        """Those who came told the committee what they need; they are not a sample, and count as they came."""
        weight = community.given.parameters["deliberation.hearing_weight"]
        for acts in community.last.acts_of(Act.MEETING):
            needs = residents.needs[acts.residents]
            place = residents.committee[acts.residents]
            for index in np.unique(place):
                heard = needs[place == index]
                community.places.committees[index].hear(heard.mean(axis=0, dtype=np.float64), weight * len(heard))

    def _raise_issues(self, community: Community, residents: Columns) -> None:
        """Each adult may raise one issue a month; the need that is least met decides which."""
        p = community.given.parameters
        ceiling = p["deliberation.raise_ceiling"]
        luck = community.given.draws.uniforms("raise issue", len(residents), month=community.month)
        # Nobody raises an issue with a chance above the ceiling, so only those below it have to be looked at closely.
        candidates = np.flatnonzero(community.given.adults & (luck < ceiling))
        unmet = residents.needs[candidates] * (1.0 - community.places.relief[residents.building[candidates]])
        likely = np.minimum(chance(self._log_odds(community, residents, candidates, unmet)), ceiling)
        raising = luck[candidates] < likely
        counts = np.zeros((len(community.places.committees), DOMAINS), dtype=np.int64)
        np.add.at(counts, (residents.committee[candidates[raising]], unmet[raising].argmax(axis=1)), 1)
        for committee, raised in zip(community.places.committees, counts, strict=True):
            committee.raised = committee.raised + raised
        community.now.raised = counts.sum(axis=1)

    @staticmethod
    def _log_odds(
        community: Community, residents: Columns, who: Positions, unmet: NDArray[np.floating]
    ) -> NDArray[np.float64]:
        p = community.given.parameters
        return np.asarray(
            p["deliberation.raise_base"]
            + p["deliberation.raise_need"] * (unmet.max(axis=1) - p["deliberation.need_reference"])
            + p["deliberation.raise_efficacy"] * (residents.efficacy[who] - p["deliberation.efficacy_reference"])
            + p["deliberation.raise_known"] * residents.known[who]
            + p["deliberation.raise_voice"] * residents.voice[who],
            dtype=np.float64,
        )

    def _announce_hearings(self, community: Community) -> None:
        """A committee with issues on its table holds a hearing this month if it has the hours."""
        p = community.given.parameters
        holding = set()
        for committee in community.places.committees:
            if committee.raised.sum() < p["deliberation.hearing_threshold"]:
                continue
            wanted = p["deliberation.hearing_hours"]
            if committee.hours.left >= wanted:
                committee.hours.spend(wanted)  # hearings are held with or without a fund
                holding.add(committee.index)
        community.now.hearings = frozenset(holding)

    def _pass_gates(self, community: Community) -> None:
        """An issue raised by enough residents becomes public if it passes the four discussions (luck by need, year)."""
        for committee in community.places.committees:
            committee.public_issues = self._passed(community, committee)
        community.now.public_issues = np.array(
            [int(committee.public_issues.sum()) for committee in community.places.committees]
        )

    @staticmethod
    def _passed(community: Community, committee: Committee) -> NDArray[np.bool_]:
        p = community.given.parameters
        enough = committee.raised >= p["deliberation.public_threshold"]
        item = ("four discussions", committee.id, community.year)
        luck = community.given.draws.uniforms("gates", DOMAINS, month=community.month, item=item)
        passes = p["deliberation.gate_base"] + p["deliberation.gate_skill"] * committee.skill
        return np.asarray(enough & (luck < passes))
