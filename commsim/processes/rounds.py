"""Step 4, rounds: a fund whose calendar says so opens a round, and its rule announces the terms.

Reads: proposals that wait, purses. Writes: open rounds. Plan: P-16 (projects are applied for, reviewed, run), P-19
(use standards as terms). Residents react to the terms, not to the rule's name.
"""

from __future__ import annotations

from typing import ClassVar

from commsim.calling.call import call_rule
from commsim.calling.checks import check_terms
from commsim.community.community import Community
from commsim.community.funds import Fund
from commsim.community.people import Columns
from commsim.community.procedures import ProjectEvent, RoundEvent
from commsim.community.projects import Project
from commsim.community.rounds import Unit
from commsim.contracts import Calls, RoundKey
from commsim.errors import RuleError
from commsim.i18n import _
from commsim.ownership import parts
from commsim.processes.match_quotes import quoted_rates
from commsim.processes.round_view import view_of_new_round
from commsim.processes.rule_failures import skip_or_raise


class Rounds:
    """Opens rounds: shows the rule its view and keeps the terms that it announces."""

    name: ClassVar[str] = "rounds"
    reads: ClassVar[frozenset[str]] = parts(
        given="adults draws parameters scenario world",
        people="acted_last_month estate household_size income needs",
        places="estimated_needs skill",
        institutions="groups network",
        funds="coverage",
        money="ledger",
        projects="award book paid pledged",
        rounds="carried history pledges votes",
        month="page",
    )
    writes: ClassVar[frozenset[str]] = parts(projects="stage story", rounds="stage terms quotes skipped")
    plan: ClassVar[tuple[str, ...]] = ("P-16", "P-19")
    source: ClassVar[str] = "the scenario's calendar; quotes of gifts: Buterin, Hitzig and Weyl 2019"

    def step(self, community: Community, residents: Columns) -> None:
        """Open every round that is due this month."""
        for fund in community.money.funds:
            if fund.is_absent or community.calendar_month != fund.spec.calendar.opens:
                continue
            waiting = community.money.projects.waiting(fund.id, community.year)
            for unit in fund.units:
                projects = [project for index in unit.areas for project in waiting.get(index, [])]
                for project in projects:
                    if not fund.covered[project.area_index]:
                        self._turn_away(community, project)
                projects = [project for project in projects if project.is_open]
                # The call alone asks for a ballot on the year's wishes, with no proposal and no yuan.
                opens = bool(projects) or (fund.rule.calls is Calls.CALL and bool(fund.covered_areas(unit)))
                if unit.round is None and opens:
                    self._open(community, fund, unit, projects)

    @staticmethod
    def _turn_away(community: Community, project: Project) -> None:
        """A proposal of a place that the fund has left since the bid was written."""
        project.reason = _("the fund no longer covers this place")
        project.move(ProjectEvent.TURN_AWAY, community.month)

    @staticmethod
    def _open(community: Community, fund: Fund, unit: Unit, projects: list[Project]) -> None:
        key = RoundKey(fund.id, unit.id, community.year)
        view = view_of_new_round(community, fund, unit, key, projects)
        months = community.month, community.month + fund.spec.calendar.settles - fund.spec.calendar.opens
        due = unit.due(key, projects, months, view.budget, fund.covered_areas(unit))
        try:
            terms = call_rule(fund.rule, "open_round", view)
            check_terms(fund.rule, terms, view)
            due.terms = terms
            due.quoted_rates = quoted_rates(community, fund, unit, due)
        except RuleError as error:
            due.move(RoundEvent.SKIP)
            skip_or_raise(community, fund, key, projects, "open_round", error)
            return
        unit.open(due)
