"""Facts that need the district itself: leverage under a required match, in the tutorial's four committees."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

SCENARIO = "tutorial"
RULE = "match.linear:rate=1"
_RUNS = 2
"""Runs of the district that stand for all seeds and draws: its own parameters are the registry's."""


def leverage(seed: int, parameters: Mapping[str, float]) -> dict[str, float]:
    """Row 11: residents' money and hours per public yuan under a 1:1 match; the drawn `parameters` do not enter."""
    return dict(_leverage(seed % _RUNS))


@lru_cache(maxsize=_RUNS)
def _leverage(seed: int) -> dict[str, float]:
    from commsim.study import simulate

    values = simulate(SCENARIO, RULE, seed).values
    cash, everything = (values[name] or 0.0 for name in ("cash_leverage", "all_in_leverage"))
    return {"cash": cash, "all_in": everything, "time": (everything - cash) / everything if everything else 0.0}
