"""The rules that come with commsim, one family a module, registered through the same hook as anybody's."""

from __future__ import annotations

from commsim.contracts import Registrar, hookimpl
from commsim.plugins.modifiers import register_modifiers
from commsim.plugins.divisions import claims, residents_splits as divisible, formula, voucher
from commsim.plugins.panels import authority, lottery, performance, staged
from commsim.plugins.rules import ballot_rules, funding_rules
from commsim.plugins.divisions.basic import EqualSplit, NeedsWeighted, NoFund, PerCapita, SameMoneyServices
from commsim.plugins.matching.linear import LinearMatch
from commsim.plugins.budgeting.greedy_votes import GreedyVotes
from commsim.plugins.matching.seed import ProvisionPoint

BUILT_IN = (NoFund, SameMoneyServices, EqualSplit, PerCapita, NeedsWeighted, LinearMatch, ProvisionPoint, GreedyVotes)

FAMILIES = (
    claims,
    formula,
    divisible,
    voucher,
    authority,
    lottery,
    staged,
    performance,
    ballot_rules,
    funding_rules,
)
"""Modules that list their rules as `RULES`."""


@hookimpl
def commsim_register_rules(register: Registrar) -> None:
    """Offer the built-in rules."""
    for rule in (*BUILT_IN, *(rule for family in FAMILIES for rule in family.RULES)):
        register(rule)
    register_modifiers(register)
