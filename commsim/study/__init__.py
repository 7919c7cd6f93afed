"""Studies: one run, a paired comparison of rules, and what they found.

Names are fetched when they are first used: a worker process needs to simulate, not to do statistics or write files.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from commsim.old_addresses import old_names

if TYPE_CHECKING:
    from commsim.study.arms import Arm
    from commsim.study.chunks import FailedRun
    from commsim.study.comparison import Comparison, compare
    from commsim.study.design import Design
    from commsim.study.simulation import simulate

_old_name = old_names(__name__)
_HOMES = {
    "Arm": "arms",
    "Comparison": "comparison",
    "Design": "design",
    "FailedRun": "chunks",
    "compare": "comparison",
    "simulate": "simulation",
}

__all__ = [
    "Arm",
    "Comparison",
    "Design",
    "FailedRun",
    "compare",
    "simulate",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        return _old_name(name)
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
