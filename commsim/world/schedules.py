"""Behavioural types and how much of what they could give residents give, given what they believe of others.

Fischbacher and Gächter (2010) asked 140 people for a whole schedule of gifts; shares of types, slopes and their spread
inside a type are computed from their data (evidence C4). A schedule in columns: share given = base + slope × belief up
to the peak, mirrored beyond it, all as shares of what one could give.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from commsim.randomness import Draws, Uniforms, pick
from commsim.world.records import BehaviouralType, Column
from commsim.world.scores import shares01


def schedule_columns(residents: int, parameters: Mapping[str, float], draws: Draws) -> dict[str, Column]:
    """Type, schedule and first belief of every resident, independent of who they are (no study ties them to age here).

    Returns the columns `type` (uint8), `schedule_slope`, `schedule_base`, `schedule_peak` (float32, tokens given and
    believed as shares of the endowment), shape (residents,). Source: Fischbacher and Gächter 2010, raw data.
    """
    kind = behavioural_types(residents, parameters, draws)
    level = draws.normals("attributes.schedule_base", residents)
    steepness = draws.uniforms("attributes.schedule_slope", residents)
    slope, base, peak = np.zeros(residents), np.zeros(residents), np.ones(residents)
    cooperator = kind == BehaviouralType.CONDITIONAL_COOPERATOR
    slope[cooperator] = _cooperator_slopes(residents, steepness, parameters, draws)[cooperator]
    base[cooperator] = (parameters["attributes.cc_base"] + parameters["attributes.cc_base_spread"] * level)[cooperator]
    hump = kind == BehaviouralType.HUMP_SHAPED
    slope[hump] = 2.0 * parameters["attributes.hump_slope"] * steepness[hump]
    base[hump] = parameters["attributes.hump_base"]
    peak[hump] = _hump_peaks(residents, parameters, draws)[hump]
    other = kind == BehaviouralType.OTHER
    tilt = draws.normals("attributes.other_slope", residents)
    slope[other] = (parameters["attributes.other_slope"] + parameters["attributes.other_slope_spread"] * tilt)[other]
    base[other] = _other_bases(draws.uniforms("attributes.other_base", residents), parameters["attributes.other_base"])[
        other
    ]
    return {
        "type": kind,
        "schedule_slope": slope.astype(np.float32),
        "schedule_base": base.astype(np.float32),
        "schedule_peak": peak.astype(np.float32),
    }


def behavioural_types(residents: int, parameters: Mapping[str, float], draws: Draws) -> NDArray[np.uint8]:
    """A `BehaviouralType` for each resident, by the registry's four shares divided by their sum, shape (residents,).

    They are divided by their sum so that a scenario or a sensitivity analysis may move one share alone.
    """
    names = ("cc", "free_rider", "hump", "other")
    shares = np.array([parameters[f"attributes.share_{name}"] for name in names])
    if shares.sum() <= 0:
        shares = np.ones(len(names))
    table = np.broadcast_to(shares / shares.sum(), (residents, len(names)))
    return pick(table, draws.uniforms("attributes.type", residents)).astype(np.uint8)


def first_beliefs(
    residents: int, established_leader: NDArray[np.bool_], parameters: Mapping[str, float], draws: Draws
) -> NDArray[np.float32]:
    """What residents believe at first that those who take part with them give, as a share (float32, 0–1).

    Arguments: `established_leader`, whether an established leader with a public notebook looks after one's building
    group: there people have seen others give (district.md A6). Shape (residents,).
    """
    noise = draws.normals("attributes.belief", residents)
    belief = parameters["attributes.belief"] + parameters["attributes.belief_spread"] * noise
    return shares01(belief + parameters["attributes.belief_established_leader"] * established_leader)


def _cooperator_slopes(
    residents: int, steepness: Uniforms, parameters: Mapping[str, float], draws: Draws
) -> NDArray[np.float64]:
    """Slopes of conditional cooperators: many match fully, the others follow weakly (uniform); the mean is kept."""
    share = parameters["attributes.cc_full_share"]
    weakest_of_full = parameters["attributes.cc_weak_slope"]
    around_one = 1.0 + parameters["attributes.cc_full_spread"] * draws.normals("attributes.cc_full", residents)
    full = draws.uniforms("attributes.cc_is_full", residents) < share
    slopes = np.where(full, around_one, weakest_of_full * steepness)
    expected = share + (1.0 - share) * weakest_of_full / 2.0
    return slopes * (parameters["attributes.cc_slope"] / expected) if expected > 0 else slopes


def _hump_peaks(residents: int, parameters: Mapping[str, float], draws: Draws) -> NDArray[np.float64]:
    spread = parameters["attributes.hump_peak_spread"] * draws.normals("attributes.hump_peak", residents)
    return np.clip(parameters["attributes.hump_peak"] + spread, 0.0, 1.0)


def _other_bases(uniforms: Uniforms, mean: float) -> NDArray[np.float64]:
    """Bases of the fourth type: a power of a uniform, which has the mean wanted and the long upper tail of the data."""
    return uniforms ** (1.0 / mean - 1.0) if mean > 0 else np.zeros_like(uniforms)
