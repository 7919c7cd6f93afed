"""Step 7, settlement: the rule says who gets what; the core checks it and posts it; refunds go back.

Reads: pledges and ballots of rounds that are due. Writes: awards, gifts, refunds and partners' money in the ledger,
column `given_fen` (gifts of an address that reached projects; the ledger and it agree to the fen), events `settled`,
`returned`, `money`. Plan: P-16, P-19, P-20. Residents' money never passes through a fiscal purse; local units
add theirs to awarded projects (P-03).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import ClassVar

from commsim.agents.local_unit import LocalUnit
from commsim.calling.call import call_rule
from commsim.community.community import Community
from commsim.community.funds import Fund
from commsim.community.ledger import PARTNERS, AccountKind
from commsim.community.month import Settled
from commsim.community.people import LONG_AGO, Columns
from commsim.community.procedures import ProjectEvent, RoundEvent
from commsim.community.projects import Project
from commsim.community.purposes import Purpose
from commsim.community.rounds import OpenRound, Unit
from commsim.community.story import StoryKey
from commsim.contracts import Award, Calls
from commsim.errors import RuleError
from commsim.i18n import _
from commsim.money import FEN_PER_YUAN
from commsim.ownership import parts
from commsim.processes.match_quotes import quoted_rates
from commsim.processes.refunds import (
    Donors,
    by_donor,
    donors_by_project,
    give_back,
    pay_bonus,
    settle_pledges,
)
from commsim.processes.round_view import pledges_as_choices, view_of_open_round
from commsim.processes.rule_failures import skip_or_raise


class Settlement:
    """Settles rounds, gives back what belongs back, and opens an account for every project that starts."""

    name: ClassVar[str] = "settlement"
    reads: ClassVar[frozenset[str]] = parts(
        given="adults draws links parameters scenario world",
        people="acted_last_month arrived estate household_size income last_organise last_time needs",
        places="estimated_needs skill",
        institutions="groups network",
        projects="book paid participation pledged",
        rounds="pledges terms votes",
        month="ended movers page",
    )
    writes: ClassVar[frozenset[str]] = parts(
        people="given_fen last_money",
        institutions="local_money",
        money="ledger",
        projects="stage award gifts story",
        rounds="stage quotes carried history skipped",
        month="settled returned money gifts",
    )
    plan: ClassVar[tuple[str, ...]] = ("P-03", "P-13", "P-16", "P-19", "P-20")
    source: ClassVar[str] = "the rule of each fund; refunds as a round's terms and award say"

    def step(self, community: Community, residents: Columns) -> None:
        """Give back what projects that ended still hold, then settle what is due."""
        residents.last_money[community.now.movers] = LONG_AGO
        funds = {fund.id: fund for fund in community.money.funds}
        for project in community.last.ended:
            if community.money.ledger.balance(project.account):
                give_back(community, residents, funds[project.fund], project)
        for fund in community.money.funds:
            for unit in fund.units:
                if unit.round is None:
                    continue
                if unit.round.settles <= community.month and fund.rule.calls is Calls.CALL:
                    unit.end(RoundEvent.SETTLE)  # nothing was proposed, and there is nothing to give
                elif unit.round.settles <= community.month:
                    self._settle(community, residents, fund, unit, unit.round)
                elif fund.calls_residents and unit.round.projects:
                    self._let_observe(community, residents, fund, unit, unit.round)

    def _let_observe(
        self, community: Community, residents: Columns, fund: Fund, unit: Unit, open_round: OpenRound
    ) -> None:
        """Pledges are in for this month; the rule may look at them (`after_pledges`), and residents hear of them."""
        try:
            open_round.move(RoundEvent.LOOK)
            call_rule(fund.rule, "after_pledges", view_of_open_round(community, fund, unit, open_round))
            open_round.quoted_rates = quoted_rates(community, fund, unit, open_round)
        except RuleError as error:
            self._skip(community, residents, fund, unit, open_round, "after_pledges", error)

    def _settle(self, community: Community, residents: Columns, fund: Fund, unit: Unit, open_round: OpenRound) -> None:
        view = view_of_open_round(community, fund, unit, open_round)
        donors = donors_by_project(open_round)
        try:
            award: Award = call_rule(fund.rule, "settle", view)
        except RuleError as error:
            self._skip(community, residents, fund, unit, open_round, "settle", error)
            return
        self._carry_out(community, residents, unit, open_round, award, donors)
        unit.carried_fen = award.carry
        unit.history = (*unit.history, (open_round.key.period, open_round.projects))
        unit.last_award = MappingProxyType(_awarded_by_area(open_round))
        unit.end(RoundEvent.SETTLE)
        community.now.settled = (*community.now.settled, Settled(fund, open_round))
        community.given.links.observe(view, award, fund.rule.id)

    @staticmethod
    def _skip(
        community: Community,
        residents: Columns,
        fund: Fund,
        unit: Unit,
        open_round: OpenRound,
        step: str,
        error: RuleError,
    ) -> None:
        """The rule failed: end the run, or refuse every proposal and give back what was pledged."""
        skip_or_raise(community, fund, open_round.key, open_round.projects, step, error)
        donors = donors_by_project(open_round)
        for project in open_round.projects:
            settle_pledges(community, residents, project, donors.get(project.number), None)
        unit.end(RoundEvent.SKIP)

    def _carry_out(
        self,
        community: Community,
        residents: Columns,
        unit: Unit,
        open_round: OpenRound,
        award: Award,
        donors: dict[int, Donors],
    ) -> None:
        """Start or reject each project, and send every pledge and bonus where the award says."""
        choices = pledges_as_choices(open_round)
        for index, project in enumerate(open_round.projects):
            project.reason = award.reasons[index]
            project.people = len(community.people.participants_of(project))
            back = by_donor(award.refunds, choices, index)
            home = 0 if back is None else int(back.sum())
            self._start_or_reject(community, unit, project, int(award.paid[index]), home, award.tranches)
            settle_pledges(community, residents, project, donors.get(project.number), back)
            bonus = by_donor(award.bonuses, choices, index)
            if bonus is not None and project.number in donors:
                pay_bonus(community, unit.account, project, donors[project.number], bonus)

    @staticmethod
    def _start_or_reject(
        community: Community,
        unit: Unit,
        project: Project,
        awarded: int,
        back: int,
        tranches: tuple[float, ...],
    ) -> None:
        """A project starts if what is in hand makes it viable, cut to that; else the award stays in the purse."""
        cash = awarded + project.pledged_fen - back
        in_hand = cash + project.goods_fen
        if cash == 0 or in_hand < project.minimum_viable_fen or (awarded == 0 and cash < project.ask_fen):
            if awarded:
                project.reason = _(
                    "awarded {fen} fen, but with gifts it has {cash} of the {least} fen without which it cannot start"
                ).format(fen=awarded, cash=in_hand, least=project.minimum_viable_fen)
            project.move(ProjectEvent.REFUSE, community.month)
            return
        project.tell(community.month, StoryKey.AWARDED, awarded / FEN_PER_YUAN, said=project.reason)
        project.move(ProjectEvent.START, community.month)
        unit.started = (*unit.started, project)
        project.award_fen = awarded
        project.tranches = tranches
        community.money.ledger.open(project.account, AccountKind.PROJECT, community.month)
        _ask_partners(community, project)
        project.scope = _scope(community, project, cash)
        project.tell(community.month, StoryKey.SCOPE, project.scope)


def _scope(community: Community, project: Project, cash: int) -> float:
    """Share of its ask that a project can carry out: goods stand in for what need not be bought with cash."""
    if project.is_service or not project.ask_fen:
        return 1.0
    bought = community.given.scenario.project_kind(project.kind).cash
    money = (cash + project.partner_fen) / project.ask_fen
    with_goods = money + project.goods_fen / project.ask_fen
    return min(1.0, with_goods, money / bought if bought else with_goods)


def _ask_partners(community: Community, project: Project) -> None:
    """Local units tied to the committee may add money of their own to an awarded project (P-03, P-13)."""
    committee = community.places.committees[project.committee]
    if not project.is_service:
        for unit in community.institutions.units_of(committee):
            _give_now_and_then(unit, community, project)


def _give_now_and_then(unit: LocalUnit, community: Community, project: Project) -> None:
    """A local unit's own luck decides whether it gives to a project; it gives what it has left, up to a share."""
    p = community.given.parameters
    luck = community.given.draws.uniform("local unit gives", month=community.month, item=(unit.id, project.id))
    if luck >= p["partners.chance"]:
        return
    fen = unit.give(round(project.ask_fen * p["partners.share_of_ask"]))
    project.partner_fen += fen
    if fen:
        project.tell(community.month, StoryKey.PARTNER_GIFT, fen / FEN_PER_YUAN)
    community.now.add("partner", project, fen)
    community.money.post(
        community.month,
        project,
        ProjectEvent.JOIN,
        Purpose.PARTNER_GIFT,
        fen=fen,
        source=PARTNERS,
        to=project.account,
    )


def _awarded_by_area(open_round: OpenRound) -> dict[int, int]:
    paid: dict[int, int] = {}
    for project in open_round.projects:
        paid[project.area_index] = paid.get(project.area_index, 0) + project.award_fen
    return paid
