"""Studies: one run, a paired comparison of rules, and the store in which results are kept.

Names are fetched when they are first used: a worker process needs to simulate, not to do statistics or write files.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from commsim.study.comparison import Comparison, compare
    from commsim.study.design import Arm, Design
    from commsim.study.simulation import simulate
    from commsim.store.results import write_comparison, write_run
    from commsim.study.worker import FailedRun

_HOMES = {
    "Arm": "design",
    "Comparison": "comparison",
    "Design": "design",
    "FailedRun": "worker",
    "compare": "comparison",
    "simulate": "simulation",
    "write_comparison": "store",
    "write_run": "store",
}

__all__ = [
    "Arm",
    "Comparison",
    "Design",
    "FailedRun",
    "compare",
    "simulate",
    "write_comparison",
    "write_run",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
