"""The Method of Equal Shares and its kin: every voter has the same money."""

from __future__ import annotations

from commsim.contracts import PlainInputRegistrar, Registrar, Rule, hookimpl
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


@hookimpl
def commsim_plain_inputs(register: PlainInputRegistrar) -> None:
    """Offer the words in which these rules are tried without a model."""
    from commsim.plugins.equal_shares.plain_input import PLAIN_INPUTS

    for plain_input in PLAIN_INPUTS:
        register(plain_input)
