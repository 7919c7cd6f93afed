"""Step 8, delivery: projects are carried, supervised and paid in tranches; their benefit reaches those in need.

Reads: running projects, volunteers' hours, carriers' room and skill. Writes: payments and spending in the ledger, the
relief of needs by building group, event `ended`. Plan: P-06, P-09 (carriers and linkage), P-16 (run, supervised), P-19
(supervision), P-37 (what is owed is paid, and the rest lapses, by 31 December). Benefit is min(cash, hours) against
what the project needs × fit × quality, shared by those concerned, and decays without upkeep; its scale is an assumption
(registry).
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from commsim.agents.organisation import SocialOrganisation
from commsim.calling.call import call_rule
from commsim.community.community import Community
from commsim.community.funds import Fund
from commsim.community.ledger import SUPPLIERS, TREASURY
from commsim.community.people import Columns
from commsim.community.procedures import ProjectEvent, Stage
from commsim.community.projects import Project
from commsim.community.purposes import Purpose
from commsim.community.story import StoryKey
from commsim.contracts import Review
from commsim.errors import RuleError
from commsim.i18n import _
from commsim.money import FEN_PER_YUAN
from commsim.ownership import parts
from commsim.processes.calendar import DECEMBER
from commsim.processes.permissions import who_refuses
from commsim.processes.round_view import view_of_review
from commsim.processes.rule_failures import note_or_raise
from commsim.scenario.months import kept_a_month, monthly_chance


class Delivery:
    """Carries every running project one month further."""

    name: ClassVar[str] = "delivery"
    reads: ClassVar[frozenset[str]] = parts(
        given="adults draws parameters scenario world",
        people="acted_last_month building estate household_size income needs",
        places="estimated_needs skill",
        institutions="capacity groups network",
        projects="award book gifts participation pledged",
        rounds="history stage",
        month="page",
    )
    writes: ClassVar[frozenset[str]] = parts(
        places="hours relief",
        institutions="carrying",
        money="ledger",
        projects="stage paid delivery story",
        rounds="carried skipped",
        month="ended money",
    )
    plan: ClassVar[tuple[str, ...]] = ("P-06", "P-09", "P-16", "P-19", "P-37")
    source: ClassVar[str] = "pace, misuse, supervision and the scale of benefit: assumptions (registry)"

    def step(self, community: Community, residents: Columns) -> None:
        """Let old benefits fade, then pay, carry, supervise and close."""
        relief = community.places.relief * kept_a_month(community.given.parameters["delivery.benefit_decay_year"])
        funds = {fund.id: fund for fund in community.money.funds}
        for fund in community.money.funds:
            if community.calendar_month == fund.spec.calendar.review and fund.calls_residents:
                self._review(community, fund)
        for project in community.money.projects.in_stage(Stage.RUNNING):
            if not self._may_go_on(community, project):
                self._end(community, project, ProjectEvent.FORBID)
                continue
            progress = self._carry(community, project)
            # What falls due with this month's work is paid before the work is closed, so that no tranche is lost.
            self._pay_tranches(community, funds[project.fund], project)
            self._spend(community, project, progress)
            if self._misused(community, project):
                project.reason = _("misuse of its money was found")
                self._end(community, project, ProjectEvent.MISUSE)
            elif self._is_over(community, project):
                self._close(community, residents, project, relief)
        community.places.relief = relief
        if community.calendar_month == DECEMBER:
            for fund in community.money.funds:
                self._lapse(community, fund)

    def _review(self, community: Community, fund: Fund) -> None:
        """At the year's review the rule may reclaim what running projects of its last round have not spent."""
        for unit in fund.units:
            running = {project.id: project for project in unit.running()}
            if not unit.history or not running:
                continue
            view = view_of_review(community, fund, unit)
            try:
                review: Review = call_rule(fund.rule, "review", view)
            except RuleError as error:
                note_or_raise(community, fund, view.round, len(view.proposals), "review", error)
                continue
            told = dict(zip(review.reclaim, review.reasons, strict=False))
            for project_id in review.reclaim:
                if project_id in running:
                    running[project_id].reason = told.get(project_id) or _("the rule reclaimed what was not spent")
                    self._end(community, running[project_id], ProjectEvent.RECLAIM)

    @staticmethod
    def _lapse(community: Community, fund: Fund) -> None:
        """Fiscal money that was not paid out goes back on 31 December; nothing is owed by then (plan P-37)."""
        for unit in fund.units if fund.spec.fiscal else ():
            if unit.round is None:
                left = community.money.ledger.balance(unit.account)
                community.money.ledger.post(community.month, unit.account, TREASURY, left, Purpose.LAPSE, fund=fund.id)
                unit.carried_fen = 0

    @staticmethod
    def _pay_tranches(community: Community, fund: Fund, project: Project) -> None:
        """Tranches fall due in equal steps of delivery; whatever is still owed in December is paid then."""
        done = project.carried_months / project.months_needed
        due_count = 1 + int(done * len(project.tranches))
        last_call = community.calendar_month == DECEMBER and fund.spec.fiscal
        share = 1.0 if last_call else min(1.0, sum(project.tranches[:due_count]))
        fen = round(project.award_fen * share) - project.paid_fen
        if fen <= 0:
            return
        account = fund.unit_of(project).account
        community.money.post(
            community.month, project, ProjectEvent.PAY, Purpose.AWARD, fen=fen, source=account, to=project.account
        )
        project.paid_fen += fen
        project.tell(community.month, StoryKey.PAID, fen / FEN_PER_YUAN)
        community.now.add("public", project, fen)

    def _carry(self, community: Community, project: Project) -> float:
        """Months of work done this month (0–1), by a social organisation where one has room, else by staff's hours."""
        p = community.given.parameters
        carrier = self._carrier(community, project)
        if carrier is not None:
            done = p["delivery.organisation_pace"] + (1.0 - p["delivery.organisation_pace"]) * carrier.skill
        else:
            wanted = p["delivery.staff_hours_a_month"]
            committee = community.places.committees[project.committee]
            granted = committee.hours.spend(wanted, fund=project.fund)
            project.staff_hours += granted
            done = granted / wanted
        if _goes_wrong(community, project):
            project.move(ProjectEvent.STALL, community.month)
            done = 0.0
        done = min(done, project.months_needed - project.carried_months)
        project.carried_months += done
        return done

    @staticmethod
    def _carrier(community: Community, project: Project) -> SocialOrganisation | None:
        """The partner that carries the project: found once, the most skilled with room (ties by id)."""
        if not project.carrier:
            committee = community.places.committees[project.committee]
            partners = [partner for partner in community.institutions.partners_of(committee) if partner.has_room]
            best = min(partners, key=lambda partner: (-partner.skill, partner.id), default=None)
            project.carrier = best.id if best is not None else committee.id
            if best is not None:
                best.carrying += 1
        return community.institutions.organisation(project.carrier)

    @staticmethod
    def _spend(community: Community, project: Project, progress: float) -> None:
        """Money is spent as the work goes on, from what the project holds."""
        finished = project.carried_months >= project.months_needed
        held = community.money.ledger.balance(project.account)
        fen = held if finished else min(held, round(project.cash_fen * progress / project.months_needed))
        community.money.post(
            community.month,
            project,
            ProjectEvent.SPEND,
            Purpose.SPENDING,
            fen=fen,
            source=project.account,
            to=SUPPLIERS,
        )
        project.spent_fen += fen

    @staticmethod
    def _misused(community: Community, project: Project) -> bool:
        """Misuse happens now and then, more in badly planned projects; supervision finds a share of it (P-19)."""
        p = community.given.parameters
        if project.is_service:
            return False
        luck = community.given.draws.uniforms("misuse", 2, month=community.month, item=project.id)
        happens = luck[0] < p["delivery.misuse_a_month"] * (1.0 - project.quality)
        return bool(happens and luck[1] < p["delivery.supervision"])

    @staticmethod
    def _is_over(community: Community, project: Project) -> bool:
        """Done, with the hands that it wanted; or out of time: what drags on is closed with what it has."""
        p = community.given.parameters
        months, longest = community.month - project.started, p["delivery.longest_ratio"] * project.months_needed
        late_from = min(project.months_needed + round(p["delivery.grace_months"]), longest)
        if months >= late_from and not project.late and not project.is_service:
            project.late = True
            project.move(ProjectEvent.RUN_LATE, community.month)
        enough = project.hours_given >= p["delivery.enough_hours"] * project.hours_wanted
        return (project.carried_months >= project.months_needed and enough) or months >= longest

    def _close(self, community: Community, residents: Columns, project: Project, relief: NDArray[np.float64]) -> None:
        """Bring the benefit of the work to those concerned: `relief` (buildings, domains) grows where they live."""
        p = community.given.parameters
        hours = min(1.0, project.hours_given / project.hours_wanted) if project.hours_wanted else 1.0
        if hours < p["delivery.least_scale"]:
            project.reason = _("it found too few hands: {given} of {wanted} hours").format(
                given=round(project.hours_given), wanted=round(project.hours_wanted)
            )
            self._end(community, project, ProjectEvent.FALL_SHORT)
            return
        scale = min(project.scope, hours)
        project.benefit = scale * project.fit * project.quality
        first = int(residents.building[project.first])
        last = int(residents.building[project.last - 1]) + 1
        yuan_each = project.ask_fen / FEN_PER_YUAN / max(project.concerned, 1)
        effect = yuan_each * project.benefit / p["delivery.yuan_per_need"]
        here = relief[first:last, int(project.domain)]
        here += (1.0 - here) * -np.expm1(-effect)
        project.tell(community.month, StoryKey.BENEFIT, project.benefit)
        self._end(community, project, ProjectEvent.COMPLETE)

    @staticmethod
    def _may_go_on(community: Community, project: Project) -> bool:
        """Whether those whose yes a project needs give it; they are asked once, before any money is paid."""
        if project.is_service or project.permitted:
            return True
        asked = community.given.scenario.project_kind(project.kind).permission
        refusing = None if asked == "none" else who_refuses(community, project, asked)
        if refusing is not None:
            project.reason = refusing
            return False
        project.permitted = True
        if asked != "none":
            project.move(ProjectEvent.PERMIT, community.month)
        return True

    @staticmethod
    def _end(community: Community, project: Project, event: ProjectEvent) -> None:
        project.move(event, community.month)
        carrier = community.institutions.organisation(project.carrier)
        if carrier is not None:
            carrier.carrying -= 1
        community.now.ended = (*community.now.ended, project)


def _goes_wrong(community: Community, project: Project) -> bool:
    """Whether this month is lost to something beyond misuse: rain, a neighbour's protest, a supplier who fails."""
    if project.is_service:
        return False
    kind = community.given.scenario.project_kind(project.kind)
    luck = community.given.draws.uniform("goes wrong", month=community.month, item=project.id)
    return luck < monthly_chance(kind.yearly_risk(community.given.parameters))
