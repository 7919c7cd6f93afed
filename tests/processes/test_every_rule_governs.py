"""Every rule of the library can govern the fund of a scenario: it settles, money balances, reasons are given."""

import pandas as pd
import pytest

from commsim.contracts import Calls
from commsim.plugin_host.loader import load_catalogue
from tests.processes.runs import run

CATALOGUE = load_catalogue()
RULES = [entry.id for entry in CATALOGUE.list()]


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_governs_the_fund_of_a_scenario(rule: str) -> None:
    model = run(rule, overrides=["months=24"])
    accounts = pd.DataFrame(model.ledger.accounts())
    assert (accounts.opening + accounts.money_in - accounts.money_out == accounts.closing).all()
    projects = pd.DataFrame(model.projects.rows(model.world.addresses.committee_ids))
    own = projects[projects.fund == "self_governance"]
    if CATALOGUE[rule].calls in (Calls.NOTHING, Calls.CALL):
        assert own.empty
        return
    settled = own[own.settled >= 0]
    assert len(settled)
    assert settled.reason.str.len().gt(0).all()
