"""Step 7, settlement: the rule says who gets what; the core checks it and posts it; refunds go back.

Reads: pledges and ballots of rounds that are due. Writes: awards, gifts, refunds and partners' money in the ledger,
column `given_fen` (gifts of an address that reached projects; the ledger and it agree to the fen), events `settled`,
`gifts_fen`, `partner_fen`. Plan: P-16, P-19, P-20. Residents' money never passes through a fiscal purse; local units
add theirs to awarded projects (P-03).
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from commsim.agents.community import Community, Settled
from commsim.agents.fund import Fund, OpenRound, Unit
from commsim.agents.residents import Columns
from commsim.contracts import Award, Choices
from commsim.errors import RuleError
from commsim.i18n import _
from commsim.ledger import PARTNERS, AccountKind, Purpose
from commsim.money import largest_remainder
from commsim.plugins.checks import call_rule, check_award
from commsim.processes.failing import skip_or_raise
from commsim.processes.round_view import pledges_as_choices, view_of_open_round
from commsim.projects import Project, Stage


class Settlement:
    """Settles rounds, gives back what belongs back, and opens an account for every project that starts."""

    name: ClassVar[str] = "settlement"

    def step(self, community: Community, residents: Columns) -> None:
        """Give back what projects that ended still hold, then settle what is due."""
        community.now.refunded_fen = np.zeros(len(community.committees), dtype=np.int64)
        for project in community.last.ended:
            if community.ledger.balance(project.account):
                self._give_back(community, residents, project)
        for fund in community.funds:
            for unit in fund.units:
                if unit.round is None:
                    continue
                if unit.round.settles <= community.month:
                    self._settle(community, residents, fund, unit, unit.round)
                elif fund.calls_residents:
                    self._let_observe(community, fund, unit, unit.round)

    @staticmethod
    def _let_observe(community: Community, fund: Fund, unit: Unit, open_round: OpenRound) -> None:
        """Pledges are in for this month; the rule may look at them (`after_pledges`)."""
        call_rule(fund.rule, "after_pledges", view_of_open_round(community, fund, unit, open_round))

    def _settle(self, community: Community, residents: Columns, fund: Fund, unit: Unit, open_round: OpenRound) -> None:
        view = view_of_open_round(community, fund, unit, open_round)
        try:
            award: Award = call_rule(fund.rule, "settle", view)
            check_award(fund.rule, award, view)
        except RuleError as error:
            skip_or_raise(fund, open_round.projects, community.month, error)
            for project in open_round.projects:
                self._settle_pledges(community, residents, open_round, project, 0)
            unit.round = None
            return
        refunds = by_project(award.refunds, open_round)
        for index, project in enumerate(open_round.projects):
            project.reason = award.reasons[index]
            project.settled = community.month
            back = refunds.get(project.number, 0)
            self._start_or_reject(community, residents, unit, project, int(award.paid[index]), back, award.tranches)
            self._settle_pledges(community, residents, open_round, project, back)
        self._pay_bonuses(community, unit, open_round, award)
        unit.carried_fen = award.carry
        for project in open_round.projects:
            project.people = len(community.participants_of(project))
        unit.history.append((open_round.key.period, tuple(open_round.projects)))
        unit.last_projects = tuple(open_round.projects)
        unit.last_award = _paid_by_area(fund, unit, open_round)
        unit.round = None
        community.now.settled.append(Settled(fund, open_round))
        community.observe(view, award, fund.rule.id)

    @staticmethod
    def _start_or_reject(
        community: Community,
        residents: Columns,
        unit: Unit,
        project: Project,
        awarded: int,
        back: int,
        tranches: tuple[float, ...],
    ) -> None:
        """A project starts if public money and gifts together make it viable; else the award stays in the purse."""
        cash = awarded + project.pledged_fen - back
        if cash == 0 or cash < project.minimum_viable_fen or (awarded == 0 and cash < project.ask_fen):
            if awarded:
                project.reason = _(
                    "awarded {fen} fen, but with gifts it has {cash} of the {least} fen without which it cannot start"
                ).format(fen=awarded, cash=cash, least=project.minimum_viable_fen)
            project.stage = Stage.REJECTED
            return
        project.stage = Stage.RUNNING
        unit.started.append(project)
        project.started = community.month
        project.award_fen = awarded
        project.tranches = tranches
        community.ledger.open(project.account, AccountKind.PROJECT, community.month)
        _ask_partners(community, project)

    def _settle_pledges(
        self, community: Community, residents: Columns, open_round: OpenRound, project: Project, back: int
    ) -> None:
        """Pledges become gifts where the project starts; what the rule gives back, or all else, goes home."""
        pledges = [one for one in open_round.pledges if one.project is project]
        if not pledges:
            return
        who = np.concatenate([one.residents for one in pledges])
        fen = np.concatenate([one.fen for one in pledges])
        home = fen.copy() if project.stage is Stage.REJECTED else largest_remainder(back, fen)
        kept = fen - home
        place = community.committees[project.committee].id
        gift, refund = int(kept.sum()), int(home.sum())
        purpose = Purpose.REFUND if project.stage is Stage.REJECTED else Purpose.REBATE
        origin = {"project": project.id, "fund": project.fund}
        community.ledger.post(community.month, f"notebook:{place}", f"residents:{place}", refund, purpose, **origin)
        if gift:
            community.ledger.post(community.month, f"notebook:{place}", project.account, gift, Purpose.GIFT, **origin)
        np.add.at(residents.given_fen, who, kept)
        project.refunded_fen += refund
        project.gifts_fen += gift
        self._count(community, project, gift, refund)
        if gift:
            community.kept_gifts.setdefault(project.id, []).append((who, kept))

    @staticmethod
    def _pay_bonuses(community: Community, unit: Unit, open_round: OpenRound, award: Award) -> None:
        """What the rule pays donors on top of a refund: public money, from the purse to residents' own account."""
        for number, fen in by_project(award.bonuses, open_round).items():
            project = community.projects.projects[number]
            place = community.committees[project.committee].id
            origin = {"project": project.id, "fund": project.fund}
            community.ledger.post(community.month, unit.account, f"residents:{place}", fen, Purpose.BONUS, **origin)
            key = (project.fund, project.committee)
            community.now.public_fen[key] = community.now.public_fen.get(key, 0) + fen

    @staticmethod
    def _count(community: Community, project: Project, gift: int, refund: int) -> None:
        assert community.now.refunded_fen is not None
        community.now.refunded_fen[project.committee] += refund
        community.now.gifts_fen[project.committee] = community.now.gifts_fen.get(project.committee, 0) + gift

    def _give_back(self, community: Community, residents: Columns, project: Project) -> None:
        """What a project has not spent goes back to where it came from, in proportion."""
        left = community.ledger.balance(project.account)
        sources = np.array([project.paid_fen, project.gifts_fen, project.partner_fen])
        public, gifts, partners = (int(one) for one in largest_remainder(left, sources))
        fund = next(one for one in community.funds if one.id == project.fund)
        unit = fund.unit_of(project)
        place = community.committees[project.committee].id
        for account, fen in ((unit.account, public), (f"residents:{place}", gifts), (PARTNERS, partners)):
            community.ledger.post(
                community.month, project.account, account, fen, Purpose.RETURN, project=project.id, fund=project.fund
            )
        project.returned_fen += left
        if gifts:
            self._return_gifts(community, residents, project, gifts)

    def _return_gifts(self, community: Community, residents: Columns, project: Project, fen: int) -> None:
        kept = community.kept_gifts.pop(project.id, [])
        who = np.concatenate([one[0] for one in kept])
        gave = np.concatenate([one[1] for one in kept])
        np.subtract.at(residents.given_fen, who, largest_remainder(fen, gave))
        project.refunded_fen += fen
        project.gifts_fen -= fen
        self._count(community, project, -fen, fen)


def by_project(of_pledge: NDArray[np.int64] | None, open_round: OpenRound) -> dict[int, int]:
    """Fen that a rule names by pledge (refunds, bonuses), added up by project number; None is nothing."""
    if of_pledge is None:
        return {}
    choices = pledges_as_choices(open_round)
    totals = Choices(choices.start, choices.proposal, of_pledge).totals(len(open_round.projects))
    return {project.number: int(fen) for project, fen in zip(open_round.projects, totals, strict=True)}


def _ask_partners(community: Community, project: Project) -> None:
    """Local units tied to the committee may add money of their own to an awarded project (P-03, P-13)."""
    p = community.parameters
    committee = community.committees[project.committee]
    if project.is_service:
        return
    for unit in community.local_units_of(committee):
        luck = community.draws.uniform("local unit gives", month=community.month, item=(unit.id, project.id))
        if luck < p["partners.chance"]:
            fen = min(unit.left_fen, round(project.ask_fen * p["partners.share_of_ask"]))
            unit.left_fen -= fen
            project.partner_fen += fen
            place = project.committee
            community.now.partner_fen[place] = community.now.partner_fen.get(place, 0) + fen
            community.ledger.post(
                community.month,
                PARTNERS,
                project.account,
                fen,
                Purpose.PARTNER_GIFT,
                project=project.id,
                fund=project.fund,
            )


def _paid_by_area(fund: Fund, unit: Unit, open_round: OpenRound) -> dict[int, int]:
    place = {(fund.areas[index].first, fund.areas[index].last): index for index in unit.areas}
    paid: dict[int, int] = {}
    for project in open_round.projects:
        area = place[project.first, project.last]
        paid[area] = paid.get(area, 0) + project.award_fen
    return paid
