"""Step 4, rounds: a fund whose calendar says so opens a round, and its rule announces the terms.

Reads: proposals that wait, purses. Writes: open rounds. Plan: P-16 (projects are applied for, reviewed, run), P-19
(use standards as terms). Residents react to the terms, not to the rule's name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from commsim.agents.community import Community
from commsim.agents.fund import Fund, OpenRound, Unit
from commsim.agents.residents import Columns
from commsim.contracts import Choices, RoundKey, RoundView, Terms
from commsim.errors import RuleError
from commsim.plugins.checks import call_rule, check_terms
from commsim.plugins.views import make_view
from commsim.processes.failing import skip_or_raise
from commsim.projects import Project, Writer


class Rounds:
    """Opens rounds: shows the rule its view and keeps the terms that it announces."""

    name: ClassVar[str] = "rounds"

    def step(self, community: Community, residents: Columns) -> None:
        """Open every round that is due this month."""
        for fund in community.funds:
            if fund.is_absent or community.calendar_month != fund.spec.calendar.opens:
                continue
            for unit in fund.units:
                if unit.round is None:
                    self._open(community, fund, unit)

    @staticmethod
    def _open(community: Community, fund: Fund, unit: Unit) -> None:
        places = {(fund.areas[index].first, fund.areas[index].last) for index in unit.areas}
        committees = frozenset(fund.areas[index].committee for index in unit.areas)
        waiting = community.projects.of_round(fund.id, community.year, committees)
        projects = [one for one in waiting if (one.first, one.last) in places]
        if not projects:
            return
        key = RoundKey(fund.id, unit.id, community.year)
        view = view_of_round(community, fund, unit, key, projects)
        try:
            terms = call_rule(fund.rule, "open_round", view)
            check_terms(fund.rule, terms, view)
        except RuleError as error:
            skip_or_raise(fund, projects, community.month, error)
            return
        calendar = fund.spec.calendar
        settles = community.month + calendar.settles - calendar.opens
        unit.round = OpenRound(key, terms, projects, community.month, settles, view.budget)


def view_of_round(
    community: Community,
    fund: Fund,
    unit: Unit,
    key: RoundKey,
    projects: Sequence[Project],
    *,
    terms: Terms | None = None,
    pledges: Choices | None = None,
    ballots: Choices | None = None,
) -> RoundView:
    """What the fund's rule is shown of a round: the purse, the unit's covered areas, its proposals, no resident."""
    areas = fund.covered_areas(unit)
    index_of = {(area.first, area.last): position for position, area in enumerate(areas)}
    return make_view(
        fund.rule,
        round=key,
        month=community.month,
        date=community.scenario.month_date(community.month),
        budget=community.ledger.balance(unit.account) - sum(fund.owed_fen(one) for one in fund.running(unit)),
        carried=unit.carried_fen,
        proposals=_proposal_columns(projects, index_of),
        areas=_area_columns(community, unit, areas),
        terms=terms,
        pledges=pledges,
        ballots=ballots,
        history=tuple(unit.history),
        within_area=fund.spec.within_area,
        draws=community.draws,
    )


def _proposal_columns(projects: Sequence[Project], index_of: dict[tuple[int, int], int]) -> dict[str, Any]:
    return {
        "id": tuple(one.id for one in projects),
        "area": np.array([index_of[one.first, one.last] for one in projects], dtype=np.int32),
        "ask": np.array([one.ask_fen for one in projects], dtype=np.int64),
        "minimum_viable": np.array([one.minimum_viable_fen for one in projects], dtype=np.int64),
        "category": np.array([one.domain for one in projects], dtype=np.int8),
        "submitted_at": np.array([one.proposed for one in projects], dtype=np.int32),
        "readiness": np.array([one.readiness for one in projects], dtype=np.float64),
        "scores": np.array([one.quality for one in projects], dtype=np.float64),
        "beneficiaries": np.array([one.concerned for one in projects], dtype=np.int64),
        "writer": np.array([one.writer is Writer.STAFF for one in projects], dtype=np.uint8),
    }


def _area_columns(community: Community, unit: Unit, areas: Sequence[Any]) -> dict[str, Any]:
    """Needs are those that the committee surveyed, so that a rule knows no more than the committee does."""
    return {
        "id": tuple(area.id for area in areas),
        "population": np.array([area.last - area.first for area in areas], dtype=np.int64),
        "need": np.array(
            [community.committees[area.committee].estimated_needs.mean() for area in areas], dtype=np.float64
        ),
        "last_award": np.array([unit.last_award.get(area.index, 0) for area in areas], dtype=np.int64),
    }
