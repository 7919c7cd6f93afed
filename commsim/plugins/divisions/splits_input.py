"""Plain inputs of residents' splits and vouchers."""

from __future__ import annotations

import numpy as np

from commsim.contracts import Rule
from commsim.evaluation.forms import Plain, input_form
from commsim.plugins.divisions.residents_splits import SplitRule
from commsim.plugins.divisions.voucher import DemocracyVouchers
from commsim.plugins.shared.voting_input import copied


@input_form("divisible.", reads="votes budget weights|multiplicities")
def _divisible(rule: Rule, known: Plain) -> list[float]:
    """The division of `votes` (one list of parts a resident), in parts or, with `budget`, in money."""
    assert isinstance(rule, SplitRule)
    votes = np.asarray(copied(known["votes"], known), dtype=np.float64)
    share, count = np.unique(votes, axis=0, return_counts=True)
    return [float(one) for one in rule.division(share, count) * float(known.get("budget", 1.0))]


@input_form("voucher.democracy", reads="budget asks assigned|vouchers")
def _vouchers(rule: Rule, known: Plain) -> list[float]:
    """Money by project from what was `assigned` in all, or from `vouchers` (one list of amounts a resident)."""
    assert isinstance(rule, DemocracyVouchers)
    given = known["assigned"] if "assigned" in known or "vouchers" not in known else np.sum(known["vouchers"], axis=0)
    asks = np.asarray(known["asks"], dtype=np.float64)
    return [float(one) for one in rule.amounts(float(known["budget"]), asks, np.asarray(given, dtype=np.float64))]
