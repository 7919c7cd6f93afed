"""Studies: one run, a paired comparison of rules, and what they found.

Names are fetched when they are first used: a worker process needs to simulate, not to do statistics or write files.
"""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from commsim.study.chunks import FailedRun
    from commsim.study.comparison import Comparison, compare
    from commsim.study.design import Arm, Design
    from commsim.study.simulation import simulate

_HOMES = {
    "Arm": "design",
    "Comparison": "comparison",
    "Design": "design",
    "FailedRun": "chunks",
    "compare": "comparison",
    "simulate": "simulation",
}

_MOVED = {"write_comparison": "commsim.store.results", "write_run": "commsim.store.results"}
"""Addresses of 0.1 that are kept for one minor version."""

__all__ = [
    "Arm",
    "Comparison",
    "Design",
    "FailedRun",
    "compare",
    "simulate",
]


def __getattr__(name: str) -> Any:
    if name in _MOVED:
        warnings.warn(f"commsim.study.{name} is now {_MOVED[name]}.{name}", DeprecationWarning, stacklevel=2)
        return getattr(import_module(_MOVED[name]), name)
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
