"""Panels, lots and stages: somebody or something chooses among whole proposals."""

from __future__ import annotations

from commsim.contracts import PlainInputRegistrar, Registrar, Rule, hookimpl
from commsim.plugins.panels.authority import (
    FirstCome,
    PanelBayes,
    PanelMean,
    PanelMedian,
    PanelRankSum,
    PanelTrimmed,
    RoundRobin,
)
from commsim.plugins.panels.lottery import FullLottery, PartialLottery, WeightedLottery
from commsim.plugins.panels.performance import Renewal
from commsim.plugins.panels.staged import MatureOneBuildOne, Tranche

RULES: tuple[type[Rule], ...] = (
    FirstCome,
    PanelMean,
    PanelMedian,
    PanelTrimmed,
    PanelRankSum,
    PanelBayes,
    RoundRobin,
    FullLottery,
    WeightedLottery,
    PartialLottery,
    MatureOneBuildOne,
    Tranche,
    Renewal,
)


@hookimpl
def commsim_register_rules(register: Registrar) -> None:
    """Offer the rules of this family."""
    for rule in RULES:
        register(rule)


@hookimpl
def commsim_plain_inputs(register: PlainInputRegistrar) -> None:
    """Offer the words in which these rules are tried without a model."""
    from commsim.plugins.panels.plain_input import PLAIN_INPUTS

    for plain_input in PLAIN_INPUTS:
        register(plain_input)
