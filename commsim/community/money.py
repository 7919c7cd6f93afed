"""The book of money and projects: the ledger, the funds with their rounds, and every project.

Money moves by the ledger alone, and money of a project only for what the table of projects lets it move for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from commsim.community.funds import Fund
from commsim.community.ledger import AccountKind, Ledger
from commsim.community.procedures import PROJECT, ProjectEvent
from commsim.community.project_book import ProjectBook
from commsim.community.projects import Project, SkippedRound
from commsim.community.purposes import Purpose
from commsim.community.rounds import Unit
from commsim.ownership import Owned, Permit

SKIPPED = "rounds.skipped"


class Money(Owned):
    """`skipped`: what rules failed to decide, where their fund goes on without them."""

    PARTS: ClassVar[Mapping[str, str]] = {"skipped": SKIPPED}

    def __init__(self, permit: Permit, funds: tuple[Fund, ...], places: Sequence[str]) -> None:
        self.funds = funds
        self.ledger = Ledger(permit)
        self.projects = ProjectBook(permit)
        self.skipped: tuple[SkippedRound, ...] = ()
        self._open_accounts(places)
        for fund in funds:
            for unit in fund.units:
                unit.permit = permit
            fund.permit = permit
        self.permit = permit

    def _open_accounts(self, places: Sequence[str]) -> None:
        """`places`: ids of committees, whose residents give."""
        for place in places:
            self.ledger.open(f"residents:{place}", AccountKind.RESIDENTS)
            self.ledger.open(f"notebook:{place}", AccountKind.NOTEBOOK)
        for fund in self.funds:
            for unit in fund.units:
                self.ledger.open(unit.account, AccountKind.PURSE)

    @property
    def comparison_fund(self) -> Fund:
        """The fund whose rule is being compared."""
        return next(fund for fund in self.funds if fund.under_comparison)

    def reaches(self, committee: int) -> bool:
        """Whether the fund under comparison calls the residents of this committee by now."""
        return self.comparison_fund.calls_residents and committee in self.comparison_fund.covered_committees

    @staticmethod
    def round_units(fund: Fund) -> list[Unit]:
        """Units of a fund with a round open."""
        return [unit for unit in fund.units if unit.round is not None]

    def skip(self, skipped: SkippedRound) -> None:
        """Enter what a rule failed to decide."""
        self.skipped = (*self.skipped, skipped)

    def post(
        self, month: int, project: Project, event: ProjectEvent, purpose: Purpose, *, fen: int, source: str, to: str
    ) -> None:
        """Move `fen` of a project from account `source` to account `to`, because `event` happens to it.

        Raises BrokenInvariant where the table of projects does not allow it, or the ledger refuses it.
        """
        PROJECT.row_that_posts(project.stage, event, self.permit.holder, project.id, purpose)
        project.move(event, month)
        self.ledger.post(month, source, to, fen, purpose, project=project.id, fund=project.fund)
