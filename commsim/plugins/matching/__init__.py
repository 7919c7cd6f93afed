"""Matching and seed money: public money follows or leads what residents bring."""

from __future__ import annotations

from commsim.contracts import PlainInputRegistrar, Registrar, Rule, hookimpl
from commsim.plugins.matching.conditional import RequiredRatio, TieredMatch
from commsim.plugins.matching.linear import LinearMatch
from commsim.plugins.matching.seed import ProvisionPoint
from commsim.plugins.matching.seed_kinds import LeadGift, RefundBonus, ThresholdThenMatch

RULES: tuple[type[Rule], ...] = (
    LinearMatch,
    RequiredRatio,
    TieredMatch,
    ProvisionPoint,
    LeadGift,
    RefundBonus,
    ThresholdThenMatch,
)


@hookimpl
def commsim_register_rules(register: Registrar) -> None:
    """Offer the rules of this family."""
    for rule in RULES:
        register(rule)


@hookimpl
def commsim_plain_inputs(register: PlainInputRegistrar) -> None:
    """Offer the words in which these rules are tried without a model."""
    from commsim.plugins.matching.plain_input import PLAIN_INPUTS

    for plain_input in PLAIN_INPUTS:
        register(plain_input)
