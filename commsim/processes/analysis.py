"""Step 2, community analysis (社区分析): committees survey needs and find out who connects people.

Reads: needs, ties, giving of hours by staff. Writes: columns `known` and `broker`, committees' estimated needs.
Plan: P-26 (sample and quality of the survey decide how well needs are known), P-27 (brokers found in the network).
Source: procedure in district.md A7; hours per interview and the rest are assumptions (registry).
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from commsim.agents.committee import Committee
from commsim.community.community import Community
from commsim.community.given import Positions
from commsim.community.people import Columns
from commsim.ownership import parts


class Analysis:
    """Once a year each committee interviews as many residents as its hours allow; the people met become known."""

    name: ClassVar[str] = "analysis"
    reads: ClassVar[frozenset[str]] = parts(
        given="adults draws parameters scenario tie_counts",
        people="needs",
        month="election movers page",
    )
    writes: ClassVar[frozenset[str]] = parts(people="known broker", places="hours estimated_needs")
    plan: ClassVar[tuple[str, ...]] = ("P-26", "P-27")
    source: ClassVar[str] = "procedure: district.md A7; hours per interview and the rest: assumptions (registry)"

    def step(self, community: Community, residents: Columns) -> None:
        """Forget movers, get to know voters, and survey where it is the season of wishes."""
        residents.known[community.now.movers] = False
        residents.broker[community.now.movers] = False
        self._meet_voters(community, residents)
        if community.calendar_month == community.money.comparison_fund.spec.calendar.wishes:
            self._survey(community, residents)

    def _meet_voters(self, community: Community, residents: Columns) -> None:
        if community.now.election is None:
            return
        voters = np.flatnonzero(community.now.election.voted)
        luck = community.given.draws.uniforms_of("known by voting", voters, month=community.month)
        residents.known[voters[luck < community.given.parameters["analysis.known_by_voting"]]] = True

    def _survey(self, community: Community, residents: Columns) -> None:
        luck = community.given.draws.uniforms("survey", len(residents), month=community.month)
        committees = community.agents(Committee)
        committees.do(self._interview, community, residents, luck)
        brokers = round(community.given.parameters["analysis.brokers_per_committee"])
        committees.do(self._find_brokers, residents, community.given.tie_counts, brokers)

    def _interview(
        self, committee: Committee, community: Community, residents: Columns, luck: NDArray[np.float64]
    ) -> None:
        """A committee's staff meet as many residents as its hours allow, and hear what they need."""
        p = community.given.parameters
        hours = committee.hours.spend(p["analysis.survey_hours"])
        met = self._sample(community, committee, luck, round(hours / p["analysis.hours_per_interview"]))
        committee.estimate_weight *= p["analysis.memory_of_survey"]
        if met.size:
            residents.known[met] = True
            committee.hear(residents.needs[met].mean(axis=0, dtype=np.float64), met.size)

    @staticmethod
    def _sample(community: Community, committee: Committee, luck: NDArray[np.float64], people: int) -> Positions:
        """`people` adults of the committee at random: those with the smallest draws."""
        adults = committee.first + np.flatnonzero(community.given.adults[committee.first : committee.last])
        order = np.argsort(luck[adults], kind="stable")
        return np.sort(adults[order[:people]])

    @staticmethod
    def _find_brokers(committee: Committee, residents: Columns, ties: NDArray[np.int64], wanted: int) -> None:
        """Among those the committee knows, the ones with most ties are its brokers (ties by address)."""
        here = slice(committee.first, committee.last)
        known = committee.first + np.flatnonzero(residents.known[here])
        best = known[np.argsort(-ties[known].astype(np.float64), kind="stable")[:wanted]]
        residents.broker[here] = False
        residents.broker[best] = True
