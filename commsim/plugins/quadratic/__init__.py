"""Quadratic funding: public money follows how many give more than how much."""

from __future__ import annotations

from commsim.contracts import Registrar, Rule, hookimpl
from commsim.plugins.quadratic.funding import ConnectionOriented, PairwiseQuadraticFunding, QuadraticFunding

RULES: tuple[type[Rule], ...] = (
    QuadraticFunding,
    PairwiseQuadraticFunding,
    ConnectionOriented,
)


@hookimpl
def commsim_register_rules(register: Registrar) -> None:
    """Offer the rules of this family."""
    for rule in RULES:
        register(rule)
