"""The Method of Equal Shares and its kin: every voter has the same money."""

from __future__ import annotations

from commsim.contracts import Registrar, Rule, hookimpl
from commsim.plugins.equal_shares.bounded import BoundedOverspending
from commsim.plugins.equal_shares.rule import MethodOfEqualShares

RULES: tuple[type[Rule], ...] = (
    MethodOfEqualShares,
    BoundedOverspending,
)


@hookimpl
def commsim_register_rules(register: Registrar) -> None:
    """Offer the rules of this family."""
    for rule in RULES:
        register(rule)
