"""Committees: a set of equal members is chosen from approvals."""

from __future__ import annotations

from commsim.contracts import Registrar, Rule, hookimpl
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
