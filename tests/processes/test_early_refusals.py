"""Whoever is left out before the whole choice is worked out would have said no: leaving nobody out changes nothing."""

import numpy as np
import pytest

from commsim.processes.contribution import Contribution
from tests.processes.runs import run


@pytest.mark.parametrize("rule", ["match.linear", "pb.greedy_votes", "seed.provision_point"])
def test_a_bound_leaves_out_only_those_who_say_no(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = run(rule, overrides=["months=24"])
    monkeypatch.setattr(
        Contribution,
        "_at_most",
        staticmethod(lambda community, _r, _m: np.full(community.world.addresses.buildings, 1e3)),
    )
    slow = run(rule, overrides=["months=24"])
    for name in ("last_act", "rung", "capacity_used", "habit", "belief"):
        assert np.array_equal(getattr(quick.residents, name), getattr(slow.residents, name)), name
    assert quick.ledger.accounts() == slow.ledger.accounts()
