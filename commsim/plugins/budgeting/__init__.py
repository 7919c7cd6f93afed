"""Participatory budgeting: residents' votes choose among projects with costs."""

from __future__ import annotations

from commsim.contracts import PlainInputRegistrar, Registrar, Rule, hookimpl
from commsim.plugins.budgeting.conviction import Conviction
from commsim.plugins.budgeting.cumulative import CumulativeTransfer
from commsim.plugins.budgeting.greedy import GreedyNoSkip, GreedyThreshold, GreedyVotesPerCost
from commsim.plugins.budgeting.greedy_votes import GreedyVotes
from commsim.plugins.budgeting.optimal import Knapsack, MaxMin
from commsim.plugins.budgeting.phragmen import MaximinSupport, SequentialPhragmen

RULES: tuple[type[Rule], ...] = (
    GreedyVotes,
    GreedyNoSkip,
    GreedyThreshold,
    GreedyVotesPerCost,
    SequentialPhragmen,
    MaximinSupport,
    CumulativeTransfer,
    Knapsack,
    MaxMin,
    Conviction,
)


@hookimpl
def commsim_register_rules(register: Registrar) -> None:
    """Offer the rules of this family."""
    for rule in RULES:
        register(rule)


@hookimpl
def commsim_plain_inputs(register: PlainInputRegistrar) -> None:
    """Offer the words in which these rules are tried without a model."""
    from commsim.plugins.budgeting.plain_input import PLAIN_INPUTS

    for plain_input in PLAIN_INPUTS:
        register(plain_input)
