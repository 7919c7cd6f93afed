"""Money is conserved: nothing appears, nothing vanishes, nothing is lent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsim.community.ledger import TREASURY, AccountKind, Ledger
from commsim.community.purposes import Purpose
from commsim.errors import BrokenInvariant


def small_ledger() -> Ledger:
    ledger = Ledger()
    ledger.open("purse", AccountKind.PURSE)
    ledger.open("project", AccountKind.PROJECT)
    return ledger


def test_an_award_needs_an_appropriation() -> None:
    ledger = small_ledger()
    with pytest.raises(BrokenInvariant, match="holds 0 fen and cannot pay 1"):
        ledger.post(0, "purse", "project", 1, Purpose.AWARD)


@pytest.mark.parametrize("amount", [-1, 0.5])
def test_only_whole_amounts_move_forward(amount: float) -> None:
    with pytest.raises(BrokenInvariant, match="cannot post"):
        small_ledger().post(0, TREASURY, "purse", amount, Purpose.APPROPRIATION)  # type: ignore[arg-type]


def test_an_unknown_account_is_refused() -> None:
    with pytest.raises(BrokenInvariant, match="no account nowhere"):
        small_ledger().post(0, TREASURY, "nowhere", 1, Purpose.APPROPRIATION)


def test_an_account_keeps_its_kind() -> None:
    with pytest.raises(BrokenInvariant, match="purse"):
        small_ledger().open("purse", AccountKind.PROJECT)


def test_a_posting_of_nothing_is_not_made() -> None:
    ledger = small_ledger()
    ledger.post(0, TREASURY, "purse", 0, Purpose.APPROPRIATION)
    assert len(ledger.postings()["fen"]) == 0


def test_a_tampered_balance_is_found_at_the_months_end() -> None:
    ledger = small_ledger()
    ledger.post(0, TREASURY, "purse", 10, Purpose.APPROPRIATION)
    ledger._accounts["purse"].balance += 1
    with pytest.raises(BrokenInvariant, match="purse closes month 0"):
        ledger.close_month(0)


ACCOUNTS = [TREASURY, "purse", "project"]


@given(st.lists(st.tuples(st.sampled_from(ACCOUNTS), st.sampled_from(ACCOUNTS), st.integers(0, 100)), max_size=40))
def test_every_account_balances_every_month(moves: list[tuple[str, str, int]]) -> None:
    ledger = small_ledger()
    for month, (source, destination, amount) in enumerate(moves):
        if source != destination and (source == TREASURY or ledger.balance(source) >= amount):
            ledger.post(month, source, destination, amount, Purpose.AWARD)
        ledger.close_month(month)
    accounts, postings = ledger.accounts(), ledger.postings()
    closing: dict[str, int] = {}
    for row in range(len(accounts["month"])):
        name, month = accounts["account"][row], accounts["month"][row]
        moved_in = sum(
            int(fen)
            for fen, when, to in zip(postings["fen"], postings["month"], postings["destination"], strict=True)
            if when == month and to == name
        )
        moved_out = sum(
            int(fen)
            for fen, when, source in zip(postings["fen"], postings["month"], postings["source"], strict=True)
            if when == month and source == name
        )
        assert accounts["opening"][row] == closing.get(name, 0)
        assert accounts["closing"][row] == accounts["opening"][row] + moved_in - moved_out
        closing[name] = int(accounts["closing"][row])
    assert sum(ledger.balance(name) for name in ACCOUNTS) == 0
