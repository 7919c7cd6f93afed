"""The four hooks through which a plugin meets commsim. Reading them is reading the plugin interface.

A plugin is a module (of an installed distribution with an entry point in the group `commsim`, or a single file given
with `--plugin`). It writes a function with the name of a hook and marks it with `commsim.rules.hookimpl`. It may
leave out arguments that it does not use. No hook stops at the first result, and none takes wrappers: every plugin is
called, one at a time, so that an error can name the plugin that made it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from commsim.contracts import Award, PlainInputRegistrar, Registrar, RoundView, hookspec

if TYPE_CHECKING:
    import networkx

    NetworkIndicator = Callable[[networkx.Graph[Any]], Mapping[str, float]]
    IndicatorRegistrar = Callable[[str, NetworkIndicator], None]

HOOKS: dict[str, tuple[str, ...]] = {
    "commsim_register_rules": ("register",),
    "commsim_allocation_made": ("view", "award", "rule_id"),
    "commsim_indicators": ("register",),
    "commsim_plain_inputs": ("register",),
}
"""Every hook and the arguments that it is called with."""


@hookspec
def commsim_register_rules(register: Registrar) -> None:
    """Offer allocation rules: call `register(MyRule)` once for each rule class. Returns nothing.

    Called once when rules are loaded. Two rules with one id are an error, whoever brings them.
    """


@hookspec
def commsim_allocation_made(view: RoundView, award: Award, rule_id: str) -> None:
    """Observe a settled round: called after the core has checked `award` and before it posts it.

    `view` is what the rule saw, so columns that the rule does not need are hidden here too. Returns nothing and can
    change nothing; an exception ends the run with an error that names the plugin.
    """


@hookspec
def commsim_indicators(register: IndicatorRegistrar) -> None:
    """Offer network indicators that rules may ask for: call `register(name, function)` once for each.

    `function` takes the network of institutions (a networkx graph whose nodes are institution ids) and returns a
    number by institution id. A rule that lists `indicator.<name>` in its `needs` reads it as `view.indicator(name)`,
    a number by area (that of its committee), computed at most once a month.
    """


@hookspec
def commsim_plain_inputs(register: PlainInputRegistrar) -> None:
    """Let rules be tried on a plain dictionary in words of their own: call `register(PlainInput(…))` for each form.

    Called when `commsim.rules.evaluate` first wants it, so that a run does not pay for it; import what only this needs
    inside the function. A form holds for rules of the same plugin. `register` takes a `PlainFunction` too.
    """


def arguments(hook: str, given: Mapping[str, Any], wanted: tuple[str, ...]) -> list[Any]:
    """What an implementation of `hook` is called with: those of the `given` values that it asks for, in its order."""
    return [given[name] for name in wanted if name in HOOKS[hook]]
