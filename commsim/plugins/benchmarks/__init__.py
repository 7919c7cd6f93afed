"""Benchmarks: what the money could do at best."""

from __future__ import annotations

from commsim.contracts import Registrar, Rule, hookimpl
from commsim.plugins.benchmarks.optimal import ExpectedParticipation, InfluenceSeeding, MaximumCoverage

RULES: tuple[type[Rule], ...] = (
    MaximumCoverage,
    ExpectedParticipation,
    InfluenceSeeding,
)


@hookimpl
def commsim_register_rules(register: Registrar) -> None:
    """Offer the rules of this family."""
    for rule in RULES:
        register(rule)
