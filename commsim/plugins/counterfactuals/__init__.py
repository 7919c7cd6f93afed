"""Counterfactuals: what every rule is held against. Without them no comparison says what a fund does."""

from __future__ import annotations

from commsim.contracts import Registrar, Rule, hookimpl
from commsim.plugins.counterfactuals.no_fund import NoFund
from commsim.plugins.counterfactuals.same_money import SameMoneyServices

RULES: tuple[type[Rule], ...] = (
    NoFund,
    SameMoneyServices,
)


@hookimpl
def commsim_register_rules(register: Registrar) -> None:
    """Offer the rules of this family."""
    for rule in RULES:
        register(rule)
