"""Divisions: a sum is shared out by heads, need, claims, formulas, residents' splits or vouchers."""

from __future__ import annotations

from commsim.contracts import PlainInputRegistrar, Registrar, Rule, hookimpl
from commsim.plugins.divisions.basic import EqualSplit, NeedsWeighted, PerCapita
from commsim.plugins.divisions.claims import (
    AdjustedProportional,
    ConstrainedEqualAwards,
    ConstrainedEqualLosses,
    MinimalOverlap,
    Piniles,
    Proportional,
    RandomArrival,
    ReverseTalmud,
    Talmud,
)
from commsim.plugins.divisions.formula import DualFormula, LinearFormula
from commsim.plugins.divisions.residents_splits import IndependentMarkets, MeanSplit, MedianSplit, NashSplit
from commsim.plugins.divisions.voucher import DemocracyVouchers

RULES: tuple[type[Rule], ...] = (
    EqualSplit,
    PerCapita,
    NeedsWeighted,
    Proportional,
    ConstrainedEqualAwards,
    ConstrainedEqualLosses,
    Talmud,
    RandomArrival,
    MinimalOverlap,
    AdjustedProportional,
    Piniles,
    ReverseTalmud,
    LinearFormula,
    DualFormula,
    MeanSplit,
    MedianSplit,
    IndependentMarkets,
    NashSplit,
    DemocracyVouchers,
)


@hookimpl
def commsim_register_rules(register: Registrar) -> None:
    """Offer the rules of this family."""
    for rule in RULES:
        register(rule)


@hookimpl
def commsim_plain_inputs(register: PlainInputRegistrar) -> None:
    """Offer the words in which these rules are tried without a model."""
    from commsim.plugins.divisions.plain_input import PLAIN_INPUTS

    for plain_input in PLAIN_INPUTS:
        register(plain_input)
