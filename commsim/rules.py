"""The door to allocation rules without a model: `commsim.rules.evaluate` and the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from commsim.evaluation.evaluate import evaluate
    from commsim.plugin_host.catalogue import Catalogue, Entry
    from commsim.plugin_host.loader import load_catalogue

__all__ = ["Catalogue", "Entry", "evaluate", "load_catalogue"]

_HOMES = {
    "Catalogue": "commsim.plugin_host.catalogue",
    "Entry": "commsim.plugin_host.catalogue",
    "evaluate": "commsim.evaluation.evaluate",
    "load_catalogue": "commsim.plugin_host.loader",
}


def __getattr__(name: str) -> Any:
    # Late, so that `import commsim.rules` costs nothing until a rule is wanted.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
