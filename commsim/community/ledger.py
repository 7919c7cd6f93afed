"""The double-entry ledger: every yuan that moves is a posting with a source, a destination, a purpose and a project.

Amounts are whole fen. Balances never go below zero, except on accounts outside the model (the treasury, households'
income, suppliers), which stand for the rest of the world. Nothing is paid that was not appropriated, because a purse
can only pay what was posted into it. For every account and month, opening + in − out = closing; `close_month` proves
it from the postings alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np

from commsim.community.purposes import Purpose
from commsim.errors import BrokenInvariant
from commsim.i18n import _
from commsim.ownership import Permit


class AccountKind(Enum):
    """What an account stands for."""

    OUTSIDE = "outside"
    """The world beyond the model: treasury, households' income, local units, suppliers. May go below zero."""
    PURSE = "purse"
    """A fund's money at the unit that decides; fiscal purses lapse at the end of the year."""
    RESIDENTS = "residents"
    """What the residents of one committee could give this year (one account a committee)."""
    NOTEBOOK = "notebook"
    """Residents' own gifts while a round is open: a building notebook or a designated fund (专项基金). Never fiscal."""
    PROJECT = "project"
    """Money in the hands of one project."""


TREASURY = "outside:treasury"
HOUSEHOLDS = "outside:households"
PARTNERS = "outside:partners"
SUPPLIERS = "outside:suppliers"


@dataclass(slots=True)
class _Account:
    kind: AccountKind
    opened: int
    balance: int = 0
    opening: int = 0
    money_in: int = 0
    money_out: int = 0


LEDGER = "money.ledger"
"""The part of the state that postings are. Several steps pay, each for what its procedures' tables allow."""


class Ledger:
    """Accounts and postings of one run. Open accounts, `post`, and `close_month` at each month's end.

    `permit`: who may write (the run's); without one, anybody may.
    """

    def __init__(self, permit: Permit | None = None) -> None:
        self._permit = permit if permit is not None else Permit()
        self._accounts: dict[str, _Account] = {}
        self._postings: dict[str, list[Any]] = {
            name: [] for name in ("month", "posting", "source", "destination", "fen", "purpose", "project", "fund")
        }
        self._months: dict[str, list[Any]] = {
            name: [] for name in ("month", "account", "kind", "opening", "money_in", "money_out", "closing")
        }
        self._closed_postings = 0
        for name in (TREASURY, HOUSEHOLDS, PARTNERS, SUPPLIERS):
            self.open(name, AccountKind.OUTSIDE)

    def open(self, account: str, kind: AccountKind, month: int = 0) -> None:
        """Open an empty account. Opening the same account of the same kind again does nothing."""
        self._permit.check(LEDGER)
        known = self._accounts.get(account)
        if known is None:
            self._accounts[account] = _Account(kind, month)
        elif known.kind is not kind:
            raise BrokenInvariant(_("account {account} is open as {kind}").format(account=account, kind=known.kind))

    def balance(self, account: str) -> int:
        """What the account holds, in fen."""
        return self._accounts[account].balance

    def post(
        self,
        month: int,
        source: str,
        destination: str,
        fen: int,
        purpose: Purpose,
        *,
        project: str = "",
        fund: str = "",
    ) -> None:
        """Move `fen` from one account to another; a posting of zero is not made.

        Raises BrokenInvariant where the amount is negative or not whole, where an account is not open, or where the
        source does not hold it: the ledger never lends.
        """
        self._permit.check(LEDGER)
        amount = int(fen)
        if amount != fen or amount < 0 or source == destination:
            raise BrokenInvariant(
                _("cannot post {fen!r} fen from {source} to {destination}").format(
                    fen=fen, source=source, destination=destination
                )
            )
        if amount == 0:
            return
        giver, taker = self._account(source), self._account(destination)
        if giver.kind is not AccountKind.OUTSIDE and giver.balance < amount:
            raise BrokenInvariant(
                _("{source} holds {held} fen and cannot pay {fen} for {purpose} {project}").format(
                    source=source, held=giver.balance, fen=amount, purpose=purpose.value, project=project
                )
            )
        giver.balance -= amount
        giver.money_out += amount
        taker.balance += amount
        taker.money_in += amount
        row = (month, len(self._postings["month"]), source, destination, amount, purpose.value, project, fund)
        for column, value in zip(self._postings.values(), row, strict=True):
            column.append(value)

    def close_month(self, month: int) -> None:
        """Write the month's opening, in, out and closing of every account that held or moved money, and prove them.

        The proof recomputes every account's movement from the month's postings and compares it with the running
        balances, so that neither can drift from the other. Raises BrokenInvariant where they differ.
        """
        self._permit.check(LEDGER)
        moved_in, moved_out = self._movements_since_close()
        for name, account in self._accounts.items():
            expected = account.opening + moved_in.get(name, 0) - moved_out.get(name, 0)
            if account.balance != expected or (account.balance < 0 and account.kind is not AccountKind.OUTSIDE):
                raise BrokenInvariant(
                    _("{account} closes month {month} with {held} fen instead of {expected}").format(
                        account=name, month=month, held=account.balance, expected=expected
                    )
                )
            if account.opening or account.money_in or account.money_out:
                row = (month, name, account.kind.value, account.opening, account.money_in, account.money_out)
                for column, value in zip(self._months.values(), (*row, account.balance), strict=True):
                    column.append(value)
            account.opening, account.money_in, account.money_out = account.balance, 0, 0
        self._closed_postings = len(self._postings["month"])

    def postings(self) -> dict[str, Any]:
        """All postings in order, as columns: month, posting, source, destination, fen, purpose, project, fund."""
        return _as_columns(self._postings, {"month": np.int32, "posting": np.int64, "fen": np.int64})

    def accounts(self) -> dict[str, Any]:
        """Every account × month that held or moved money: month, account, kind, opening, money_in, money_out, closing.

        Amounts are fen; opening + money_in − money_out = closing in each row, and closing is the next month's opening.
        """
        whole = dict.fromkeys(("opening", "money_in", "money_out", "closing"), np.int64)
        return _as_columns(self._months, {"month": np.int32, **whole})

    def _account(self, name: str) -> _Account:
        try:
            return self._accounts[name]
        except KeyError:
            raise BrokenInvariant(_("there is no account {account}").format(account=name)) from None

    def _movements_since_close(self) -> tuple[dict[str, int], dict[str, int]]:
        moved_in: dict[str, int] = {}
        moved_out: dict[str, int] = {}
        posts = self._postings
        for row in range(self._closed_postings, len(posts["month"])):
            amount = posts["fen"][row]
            moved_out[posts["source"][row]] = moved_out.get(posts["source"][row], 0) + amount
            moved_in[posts["destination"][row]] = moved_in.get(posts["destination"][row], 0) + amount
        return moved_in, moved_out


def _as_columns(rows: dict[str, list[Any]], dtypes: dict[str, Any]) -> dict[str, Any]:
    return {
        name: np.array(values, dtype=dtypes[name]) if name in dtypes else list(values) for name, values in rows.items()
    }
