"""Counterfactuals: what every rule is held against. Without them no comparison says what a fund does."""

from __future__ import annotations

from commsim.contracts import PlainInputRegistrar, Registrar, Rule, hookimpl
from commsim.plugins.counterfactuals.call_only import CallOnly
from commsim.plugins.counterfactuals.no_fund import NoFund
from commsim.plugins.counterfactuals.same_money import SameMoneyServices

RULES: tuple[type[Rule], ...] = (
    NoFund,
    SameMoneyServices,
    CallOnly,
)


@hookimpl
def commsim_register_rules(register: Registrar) -> None:
    """Offer the rules of this family."""
    for rule in RULES:
        register(rule)


@hookimpl
def commsim_plain_inputs(register: PlainInputRegistrar) -> None:
    """Offer the words in which these rules are tried without a model."""
    from commsim.plugins.counterfactuals.plain_input import PLAIN_INPUTS

    for plain_input in PLAIN_INPUTS:
        register(plain_input)
