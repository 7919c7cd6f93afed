"""What the free coefficients are fitted to: the rows that may be used, their published figures, and their experiments.

Rows 3, 7, 8, 9 and 13 are never used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from commsim.validation.experiments_of_facts import decay, election, match_offers, messages, seed_money
from commsim.validation.facts import Statistics

NEVER_FITTED = (3, 7, 8, 9, 13)
SEEDS_OF_SMALL_CELLS = 8
"""Seeds of row 6's small cells that are played for each seed of row 4's large ones."""


@dataclass(frozen=True)
class Target:
    """A published figure to agree with: statistic, value and standard error, both in logs where `log`."""

    statistic: str
    value: float
    error: float
    source: str
    log: bool = False


@dataclass(frozen=True)
class Block:
    """Rows, the parameters that they may identify, their published figures, and the experiments to play."""

    rows: tuple[int, ...]
    parameters: tuple[str, ...]
    targets: tuple[Target, ...]
    play: Callable[[int, Mapping[str, float]], Statistics]
    points: int
    seeds: int
    ranges: tuple[tuple[int, str], ...] = ()
    """Test ranges (row, statistic) outside which a point is implausible and dropped."""


def _offers(seed: int, parameters: Mapping[str, float]) -> Statistics:
    return {**match_offers(seed, parameters), **{f"seed_{k}": v for k, v in _seeds(seed, parameters).items()}}


def _seeds(seed: int, parameters: Mapping[str, float]) -> Statistics:
    """Row 6 at its published cells of 500, where ratios of small numbers are larger on average than those of large."""
    first = 1 + SEEDS_OF_SMALL_CELLS * (seed - 1)
    played = [seed_money(cell_seed, parameters) for cell_seed in range(first, first + SEEDS_OF_SMALL_CELLS)]
    return {name: float(np.nanmean([row[name] for row in played])) for name in played[0]}


def _game(seed: int, parameters: Mapping[str, float]) -> Statistics:
    """Row 2, and the pooled regression of beliefs on their lag and on what the others gave."""
    lag, others = parameters["belief.own_lag"], parameters["belief.others"]
    return {**decay(seed, parameters), "own_lag": lag, "others": others, "carried": lag + others}


_KL = "Karlan and List 2007, Table 2A"
_LLR = "List and Lucking-Reiley 2002"
_GGL = "Gerber, Green and Larimer 2008, Table 2"
_FG = "Fischbacher and Gächter 2010, raw data"
_A4 = "Shanghai city survey (district.md A4); error of a band of 1,000 assumed"

BLOCKS: tuple[Block, ...] = (
    Block(
        (2,),
        (
            "lab.optimism",
            "lab.optimism_fading",
            "lab.belief_noise",
            "belief.constant",
            "belief.own_lag",
            "belief.others",
        ),
        (
            Target("first", 7.89, 0.55, _FG),
            Target("last", 2.24, 0.37, _FG),
            Target("zeros_first", 0.236, 0.036, _FG),
            Target("zeros_last", 0.557, 0.042, _FG),
            Target("middle", 4.80, 0.45, _FG),
            Target("belief_middle", 6.71, 0.30, _FG),
            Target("belief_last", 3.32, 0.25, _FG),
            # Pooled least squares, subjects bootstrapped (1,000 times); the sum is better known than its parts.
            Target("own_lag", 0.565, 0.034, _FG),
            Target("others", 0.418, 0.020, _FG),
            Target("carried", 0.983, 0.031, _FG),
        ),
        _game,
        points=250,
        seeds=10,
        ranges=((2, "ratio"), (2, "zeros")),
    ),
    Block(
        (4, 6),
        (
            "yes.donor_signal",
            "yes.match_as_share",
            "yes.match_half",
            "yes.price",
            "lab.signal_size",
            "lab.match_substitution",
            "amount.refund",
            # How people differ: these rows say little of it, but what an offer does hangs on it, so it is drawn along.
            "lab.disposition_spread",
            "lab.refusal",
            "lab.gift_spread",
            "yes.habit",
        ),
        (
            Target("response", 0.201, 0.069, _KL, log=True),
            Target("size", 0.095, 0.094, _KL),
            Target("gift_any", -0.037, 0.063, _KL),
            Target("gift_3_to_1", -0.086, 0.080, _KL),
            Target("seed_number", 0.796, 0.198, _LLR, log=True),
            Target("seed_total", 1.775, 0.25, _LLR, log=True),
            Target("seed_refund", 0.20, 0.08, _LLR),
        ),
        _offers,
        points=900,
        seeds=4,
        ranges=((4, "response"), (4, "size"), (4, "own"), (6, "seed_number"), (6, "seed_total"), (6, "seed_refund")),
    ),
    Block(
        (5,),
        ("lab.duty", "lab.audience_researcher", "lab.audience_household", "yes.seen"),
        (
            Target("duty", 1.8, 0.26, _GGL),
            Target("watched", 0.7, 0.34, _GGL),
            Target("own_record", 2.3, 0.34, _GGL),
            Target("top", 8.1, 0.27, _GGL),
        ),
        messages,
        points=120,
        seeds=3,
        ranges=((5, "top"), (5, "steps")),
    ),
    Block(
        (10,),
        (
            "elections.turnout_young",
            "elections.turnout_middle",
            "elections.turnout_old",
            "elections.party_log_odds",
        ),
        (
            Target("young", 13.77, 1.1, _A4),
            Target("middle", 55.68, 1.6, _A4),
            Target("old", 77.74, 1.3, _A4),
            Target("party", 16.73, 2.0, _A4),
        ),
        election,
        points=120,
        seeds=3,
        ranges=((10, "young"), (10, "middle"), (10, "old"), (10, "party")),
    ),
)
