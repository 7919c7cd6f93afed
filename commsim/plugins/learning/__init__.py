"""Learning: areas as arms, participation per yuan as reward."""

from __future__ import annotations

from commsim.contracts import Registrar, Rule, hookimpl
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
