"""The modifiers that come with commsim, one kind a module; a scenario may write `cap` for `modifier.cap`."""

from __future__ import annotations

from commsim.contracts import Registrar, hookimpl
from commsim.plugins.modifiers.admission import Exclude, MinimumMatch, MinimumVotes, ReadinessGate
from commsim.plugins.modifiers.amounts import Cap, Floor, HoldHarmless, Round
from commsim.plugins.modifiers.leftovers import CarryOver, PartFundLast, Tranche, Unsaturated
from commsim.plugins.modifiers.outcome import AreaQuota, CategoryQuota, Exclusive, Force, Tie

BUILT_IN = (
    Cap,
    Floor,
    HoldHarmless,
    Round,
    MinimumVotes,
    MinimumMatch,
    ReadinessGate,
    Exclude,
    Force,
    Exclusive,
    CategoryQuota,
    AreaQuota,
    Tie,
    PartFundLast,
    Unsaturated,
    CarryOver,
    Tranche,
)


@hookimpl
def commsim_register_rules(register: Registrar) -> None:
    """Offer the built-in modifiers."""
    for modifier in BUILT_IN:
        register(modifier)
