"""Lists in sentences and ids in their natural order, as every face needs them; costs nothing to import."""

from __future__ import annotations

from commsim.natural_order import natural_key
from commsim.suggestions import listing

__all__ = ["listing", "natural_key"]
