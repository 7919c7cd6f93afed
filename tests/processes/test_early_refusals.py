"""Whoever is left out before the whole choice is worked out would have said no: leaving nobody out changes nothing."""

import numpy as np
import pandas as pd
import pytest

from commsim.processes import answers
from tests.processes.runs import run


@pytest.mark.parametrize("rule", ["match.linear", "pb.greedy_votes", "seed.provision_point"])
def test_a_bound_leaves_out_only_those_who_say_no(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = run(rule, overrides=["months=24", "initiators=quota"])
    monkeypatch.setattr(answers, "_at_most", lambda _c, _r, _m, question: np.full(len(question.who), 1e3))
    slow = run(rule, overrides=["months=24", "initiators=quota"])
    columns = [model.residents.seen_by("reader") for model in (quick, slow)]
    for name in quick.residents.columns:
        assert np.array_equal(*(getattr(one, name) for one in columns)), name
    assert pd.DataFrame(quick.ledger.accounts()).equals(pd.DataFrame(slow.ledger.accounts()))
