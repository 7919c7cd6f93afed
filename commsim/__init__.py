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
from commsim.about import __version__ as __version__

if TYPE_CHECKING:
    from commsim.contracts import Rule as Rule
    from commsim.contracts import hookimpl as hookimpl
    from commsim.model import CommunityModel as CommunityModel
    from commsim.scenario import load_scenario as load_scenario
    from commsim.service.face import compare as compare
    from commsim.service.face import simulate as simulate
    from commsim.world.build import build_world as build_world

_CONTENTS = {
    "Try rules": {
        "load_scenario": ("commsim.scenario", "a scenario, by name or from a file"),
        "simulate": ("commsim.service.face", "one run of it under one rule"),
        "compare": ("commsim.service.face", "several rules on the same residents with the same luck"),
    },
    "Write a rule (commsim.rules has the rest)": {
        "Rule": ("commsim.contracts", "what every rule derives from"),
        "hookimpl": ("commsim.contracts", "marks the function by which a file registers its rules"),
    },
    "Look inside": {
        "build_world": ("commsim.world.build", "the residents, their ties and institutions"),
        "CommunityModel": ("commsim.model", "the model, as Mesa has it"),
    },
}
"""What the package offers, by subject: name, where it is at home, and what it is."""

_HOMES = {name: home for subject in _CONTENTS.values() for name, (home, _what) in subject.items()}

__all__ = ["__version__", *_HOMES]

__doc__ = (__doc__ or "") + "".join(
    f"\n{subject}:\n" + "".join(f"    {name:15} {what}\n" for name, (_home, what) in names.items())
    for subject, names in _CONTENTS.items()
)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


old_addresses.install()
