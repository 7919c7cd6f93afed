"""Matching and seed money: public money follows or leads what residents bring."""

from __future__ import annotations

from commsim.contracts import Registrar, Rule, hookimpl
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
