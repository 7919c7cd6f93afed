"""Committees: a set of equal members is chosen from approvals."""

from __future__ import annotations

from commsim.contracts import PlainInputRegistrar, Registrar, Rule, hookimpl
from commsim.plugins.committees.approval import LeximaxPhragmen, ProportionalApproval
from commsim.plugins.committees.coverage import ChamberlinCourant, Monroe, SatisfactionApproval
from commsim.plugins.committees.greedy_monroe import GreedyMonroe

RULES: tuple[type[Rule], ...] = (
    ProportionalApproval,
    LeximaxPhragmen,
    ChamberlinCourant,
    Monroe,
    SatisfactionApproval,
    GreedyMonroe,
)


@hookimpl
def commsim_register_rules(register: Registrar) -> None:
    """Offer the rules of this family."""
    for rule in RULES:
        register(rule)


@hookimpl
def commsim_plain_inputs(register: PlainInputRegistrar) -> None:
    """Offer the words in which these rules are tried without a model."""
    from commsim.plugins.committees.plain_input import PLAIN_INPUTS

    for plain_input in PLAIN_INPUTS:
        register(plain_input)
