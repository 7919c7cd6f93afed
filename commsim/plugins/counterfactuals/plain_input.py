"""Plain inputs of the counterfactuals: asks and a budget, as those of the divisions that are held against them."""

from __future__ import annotations

import numpy as np

from commsim.contracts import PlainInput, Rule
from commsim.contracts.plain_inputs import Plain
from commsim.evaluation.amounts import budget_of, listed_numbers


def _nothing(rule: Rule, known: Plain) -> list[float]:
    return [0.0] * len(known["asks"])


def _in_order(rule: Rule, known: Plain) -> list[float]:
    """Money by line of the service plan, in order; the line at which it runs out in part, where it can start."""
    asks = np.asarray(known["asks"], dtype=np.float64)
    minimum = np.asarray(known.get("minimum_viable", np.zeros(asks.size)), dtype=np.float64)
    left, paid = budget_of(known), []
    for ask, least in zip(asks, minimum, strict=True):
        paid.append(min(ask, left) if left >= min(ask, least) else 0.0)
        left -= paid[-1]
    return listed_numbers(paid)


PLAIN_INPUTS = (
    PlainInput("basic.none", _nothing, reads="budget|pool asks"),
    PlainInput("basic.call_only", _nothing, reads="budget|pool asks"),
    PlainInput("basic.same_money_services", _in_order, reads="budget|pool asks minimum_viable"),
)
