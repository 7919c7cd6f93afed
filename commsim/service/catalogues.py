"""The rules that a use case works with, and how long one call of a rule may take in it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commsim.plugin_host.catalogue import Catalogue


def catalogue_of(plugin_files: Sequence[str | Path] = (), installed_plugins: bool = True) -> Catalogue:
    """The rules that are built in, installed as plugins (where `installed_plugins`), or in the given files.

    Raises RuleError for a file that cannot be loaded or breaks the contract.
    """
    from commsim.plugin_host.loader import load_catalogue

    return load_catalogue([Path(file) for file in plugin_files], entry_points=installed_plugins)


def limited(seconds: float | None) -> AbstractContextManager[None]:
    """A block in which a call of a rule may take that long; None leaves the limit as it is."""
    from commsim.calling.time_limit import rule_seconds

    return nullcontext() if seconds is None else rule_seconds(seconds)


def with_seconds(overrides: Sequence[str], seconds: float | None) -> tuple[str, ...]:
    """A scenario's overrides with the limit for calls of rules among them, so that the manifest records it."""
    return (*overrides,) if seconds is None else (*overrides, f"rule_seconds={seconds:g}")
