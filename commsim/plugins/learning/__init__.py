"""Learning: areas as arms, participation per yuan as reward."""

from __future__ import annotations

from commsim.contracts import PlainInputRegistrar, Registrar, Rule, hookimpl
from commsim.plugins.learning.bandit import EpsilonGreedy, SequentialHalving, Thompson, UpperConfidence

RULES: tuple[type[Rule], ...] = (
    EpsilonGreedy,
    UpperConfidence,
    Thompson,
    SequentialHalving,
)


@hookimpl
def commsim_register_rules(register: Registrar) -> None:
    """Offer the rules of this family."""
    for rule in RULES:
        register(rule)


@hookimpl
def commsim_plain_inputs(register: PlainInputRegistrar) -> None:
    """Offer the words in which these rules are tried without a model."""
    from commsim.plugins.learning.plain_input import PLAIN_INPUTS

    for plain_input in PLAIN_INPUTS:
        register(plain_input)
