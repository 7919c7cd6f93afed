"""Benchmarks: what the money could do at best."""

from __future__ import annotations

from commsim.contracts import PlainInputRegistrar, Registrar, Rule, hookimpl
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


@hookimpl
def commsim_plain_inputs(register: PlainInputRegistrar) -> None:
    """Offer the words in which these rules are tried without a model."""
    from commsim.plugins.benchmarks.plain_input import PLAIN_INPUTS

    for plain_input in PLAIN_INPUTS:
        register(plain_input)
