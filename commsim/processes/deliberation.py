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
from commsim.community.funds import Fund
from commsim.community.given import Positions
from commsim.community.people import Columns
from commsim.ownership import parts
from commsim.processes.bidding import write_proposals


class Deliberation:
    """Residents raise issues; hearings weigh them; what passes the gates becomes a proposal or a service plan."""

    name: ClassVar[str] = "deliberation"
    reads: ClassVar[frozenset[str]] = parts(
        given="adults draws parameters scenario world",
        people="building committee efficacy group known last_money last_organise last_time needs role sex tenure voice "
        "years_here",
        places="relief skill",
        funds="coverage",
        institutions="capacity groups",
        projects="award stage",
        month="page",
    )
    writes: ClassVar[frozenset[str]] = parts(
        places="hours estimated_needs raised public_issues",
        projects="book story",
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
        self._call_for_bids(community, residents)
        if community.calendar_month == calendar.bids:
            community.agents(Committee).do("clear_table")

    @staticmethod
    def _call_for_bids(community: Community, residents: Columns) -> None:
        """Every fund whose bids are due this month has its proposals or service plans written."""
        month = community.calendar_month
        due = community.agents(Fund).select(lambda fund: fund.spec.calendar.bids == month and not fund.is_absent)
        due.do(lambda fund: write_proposals(community, residents, fund))

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
        community.agents(Committee).do("take_up", counts)
        community.now.raised = counts.sum(axis=1)
        community.now.raisers = candidates[raising]

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

    @staticmethod
    def _announce_hearings(community: Community) -> None:
        """A committee with issues on its table holds a hearing this month if it has the hours."""
        p = community.given.parameters
        issues, hours = p["deliberation.hearing_threshold"], p["deliberation.hearing_hours"]
        holding = community.agents(Committee).select(lambda committee: committee.can_hear(issues, hours))
        holding.do(lambda committee: committee.hours.spend(hours))  # hearings are held with or without a fund
        community.now.hearings = frozenset(holding.get("index"))

    def _pass_gates(self, community: Community) -> None:
        """An issue raised by enough residents becomes public if it passes the four discussions (luck by need, year)."""
        committees = community.agents(Committee)
        committees.do(self._decide_what_is_public, community)
        community.now.public_issues = np.array([int(public.sum()) for public in committees.get("public_issues")])

    @staticmethod
    def _decide_what_is_public(committee: Committee, community: Community) -> None:
        p = community.given.parameters
        enough = committee.raised >= p["deliberation.public_threshold"]
        item = ("four discussions", committee.id, community.year)
        luck = community.given.draws.uniforms("gates", DOMAINS, month=community.month, item=item)
        passes = p["deliberation.gate_base"] + p["deliberation.gate_skill"] * committee.skill
        committee.public_issues = np.asarray(enough & (luck < passes))
