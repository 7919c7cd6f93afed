"""Step 4, rounds: a fund whose calendar says so opens a round, and its rule announces the terms.

Reads: proposals that wait, purses. Writes: open rounds. Plan: P-16 (projects are applied for, reviewed, run), P-19
(use standards as terms). Residents react to the terms, not to the rule's name.
"""

from __future__ import annotations

from typing import ClassVar

from commsim.agents.community import Community
from commsim.agents.fund import Fund, OpenRound, Unit
from commsim.agents.residents import Columns
from commsim.calling.call import call_rule
from commsim.calling.checks import check_terms
from commsim.contracts import RoundKey
from commsim.errors import RuleError
from commsim.i18n import _
from commsim.processes.match_quotes import quoted_rates
from commsim.processes.round_view import view_of_new_round
from commsim.processes.rule_failures import skip_or_raise
from commsim.projects import Project, Stage


class Rounds:
    """Opens rounds: shows the rule its view and keeps the terms that it announces."""

    name: ClassVar[str] = "rounds"

    def step(self, community: Community, residents: Columns) -> None:
        """Open every round that is due this month."""
        for fund in community.funds:
            if fund.is_absent or community.calendar_month != fund.spec.calendar.opens:
                continue
            waiting = community.projects.waiting(fund.id, community.year)
            for unit in fund.units:
                places = [(fund.areas[index].first, fund.areas[index].last) for index in unit.areas]
                projects = [one for place in places for one in waiting.get(place, [])]
                covered = {(area.first, area.last) for area in fund.covered_areas(unit)}
                for project in projects:
                    if (project.first, project.last) not in covered:
                        self._turn_away(community, project)
                projects = [one for one in projects if one.is_open]
                if unit.round is None and projects:
                    self._open(community, fund, unit, projects)

    @staticmethod
    def _turn_away(community: Community, project: Project) -> None:
        """A proposal of a place that the fund has left since the bid was written."""
        project.stage = Stage.REJECTED
        project.settled = community.month
        project.reason = _("the fund no longer covers this place")

    @staticmethod
    def _open(community: Community, fund: Fund, unit: Unit, projects: list[Project]) -> None:
        key = RoundKey(fund.id, unit.id, community.year)
        view = view_of_new_round(community, fund, unit, key, projects)
        try:
            terms = call_rule(fund.rule, "open_round", view)
            check_terms(fund.rule, terms, view)
        except RuleError as error:
            skip_or_raise(community, fund, key, projects, "open_round", error)
            return
        calendar = fund.spec.calendar
        settles = community.month + calendar.settles - calendar.opens
        opened = OpenRound(key, terms, projects, community.month, settles, view.budget, fund.covered_areas(unit))
        try:
            opened.quoted_rates = quoted_rates(community, fund, unit, opened)
        except RuleError as error:
            skip_or_raise(community, fund, key, projects, "open_round", error)
            return
        unit.round = opened
