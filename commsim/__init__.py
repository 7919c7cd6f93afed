"""commsim rehearses a community fund: who takes part, and what moves, under different ways of handing it out.

    scenario = commsim.load_scenario("jingan-pilot")
    result = commsim.simulate(scenario, rule="match.linear:rate=1", seed=1)
    comparison = commsim.compare(scenario, rules=["basic.equal_split", "match.linear"], replicates=10)

Names are fetched when they are first used, so that `import commsim` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from commsim import old_addresses
from commsim.about import __version__

if TYPE_CHECKING:
    from commsim.contracts import Rule, hookimpl
    from commsim.model import CommunityModel
    from commsim.scenario import load_scenario
    from commsim.study import compare, simulate
    from commsim.world.build import build_world

_HOMES = {
    "CommunityModel": "commsim.model",
    "Rule": "commsim.contracts",
    "build_world": "commsim.world.build",
    "compare": "commsim.study",
    "hookimpl": "commsim.contracts",
    "load_scenario": "commsim.scenario",
    "simulate": "commsim.study",
}

__all__ = [
    "CommunityModel",
    "Rule",
    "__version__",
    "build_world",
    "compare",
    "hookimpl",
    "load_scenario",
    "simulate",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


old_addresses.install()
