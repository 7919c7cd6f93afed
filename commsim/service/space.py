"""For faces that write themselves, to a stream or a download: whether what went wrong is that there is no space."""

from __future__ import annotations

from commsim.no_space import is_no_space, no_space

__all__ = ["is_no_space", "no_space"]
