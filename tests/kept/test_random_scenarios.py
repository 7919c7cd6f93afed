"""Money is conserved to the fen in random scenarios under every rule of the library; the short form is in
`tests/processes/test_money_in_the_model.py`."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from commsim.plugin_host.loader import load_catalogue
from tests.processes.runs import run

SCENARIOS_OF_A_RULE = 3


def _drawn(number: int) -> list[str]:
    """What random scenario `number` changes."""
    luck = np.random.Generator(np.random.PCG64(number))
    fund = "funds.self_governance"
    return [
        f"months={luck.integers(7, 25)}",
        f"{fund}.budget_per_committee_yuan={luck.integers(1, 400_000)}",
        f"{fund}.pool={luck.choice(['committee', 'subdistrict', 'district'])}",
        f"{fund}.fiscal={str(bool(luck.integers(2))).lower()}",
        f"initiators={luck.choice(['open', 'residents', 'quota', 'help_desk'])}",
        f"parameters.amount.suggested_gift_yuan={luck.uniform(10, 1000):.2f}",
        f"parameters.delivery.misuse_a_month={luck.uniform(0, 0.1):.4f}",
        f"parameters.money.hour_rate_yuan={luck.uniform(15, 40):.2f}",
    ]


@pytest.mark.study
@pytest.mark.parametrize("rule", [entry.rule.id for entry in load_catalogue(entry_points=False).list()])
def test_money_is_conserved_to_the_fen_in_random_scenarios(rule: str) -> None:
    for number in range(SCENARIOS_OF_A_RULE):
        model = run(rule, overrides=_drawn(sum(map(ord, rule)) * SCENARIOS_OF_A_RULE + number))
        accounts = pd.DataFrame(model.ledger.accounts())
        assert (accounts.opening + accounts.money_in - accounts.money_out == accounts.closing).all()
        assert (accounts[accounts.kind != "outside"].closing >= 0).all()
        assert accounts.groupby("month").closing.sum().eq(0).all()
