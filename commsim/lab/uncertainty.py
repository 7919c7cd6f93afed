"""Draws of the parameters that the laboratory's facts hang on: from the calibration's posterior, else from the prior.

The prior is the registry's range and distribution. The posterior (`posterior.yaml`, written by `commsim lab
calibrate`) holds mean and standard deviation of the parameters that data identify. The schedules' own numbers
(`attributes.*`) are the published sample's and are not drawn: their range in the registry is about carrying them over
to Shanghai.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import lognorm, qmc, triang, truncnorm

from commsim.scenario.marked_yaml import read_yaml
from commsim.scenario.parameters import Parameter, load_registry

POSTERIOR = Path(__file__).with_name("posterior.yaml")
DRAWN = (
    "yes.donor_signal",
    "yes.match_as_share",
    "yes.price",
    "yes.exposure",
    "yes.habit",
    "yes.seen",
    "yes.channel_leader",
    "amount.refund",
    "amount.crowding_out",
    "belief.constant",
    "belief.own_lag",
    "belief.others",
    "elections.turnout_young",
    "elections.turnout_middle",
    "elections.turnout_old",
    "elections.party_log_odds",
    "mobilisation.weight_of_known",
    "yes.base_vote",
    "yes.channel_media",
)
"""Parameters outside `lab.*` that the facts hang on; every one of `lab.*` is drawn as well."""
_STANDARD_DEVIATIONS = 4.0  # a normal or lognormal range spans four of them


@cache
def posterior() -> dict[str, tuple[float, float]]:
    """Mean and standard deviation by parameter, as the last calibration wrote them; empty where none did."""
    if not POSTERIOR.exists():
        return {}
    entries: Any = read_yaml(POSTERIOR).root.plain()
    return {name: (float(one["mean"]), float(one["sd"])) for name, one in entries["parameters"].items()}


def names_drawn() -> tuple[str, ...]:
    """Every parameter that is drawn, in a fixed order."""
    return (*DRAWN, *(name for name in load_registry() if name.startswith("lab.")))


def parameter_draws(
    count: int, seed: int, known: Mapping[str, tuple[float, float]] | None = None
) -> list[dict[str, float]]:
    """`count` draws of all parameters by Latin hypercube (McKay, Beckman and Conover 1979), name → value.

    `known`: posterior to use (default: the file's). The same seed gives the same draws.
    """
    found = posterior() if known is None else known
    names = names_drawn()
    cube = qmc.LatinHypercube(d=len(names), rng=np.random.default_rng(np.random.Philox(seed))).random(count)
    columns = [_quantiles(load_registry()[name], found.get(name), cube[:, i]) for i, name in enumerate(names)]
    return [dict(zip(names, map(float, row), strict=True)) for row in np.stack(columns, axis=1)]


def _quantiles(one: Parameter, known: tuple[float, float] | None, at: NDArray[np.float64]) -> NDArray[np.float64]:
    if one.low == one.high or (known is None and one.distribution == "fixed"):
        return np.full(len(at), one.value)
    if known is not None:
        return _normal(known[0], known[1], one.low, one.high, at)
    width = one.high - one.low
    if one.distribution == "normal":
        return _normal(one.value, width / _STANDARD_DEVIATIONS, one.low, one.high, at)
    if one.distribution == "triangular":
        return np.asarray(triang.ppf(at, (one.value - one.low) / width, loc=one.low, scale=width))
    if one.distribution == "lognormal":
        spread = np.log(one.high / one.low) / _STANDARD_DEVIATIONS
        return np.clip(lognorm.ppf(at, spread, scale=one.value), one.low, one.high)
    return np.asarray(one.low + width * at)


def _normal(mean: float, sd: float, low: float, high: float, at: NDArray[np.float64]) -> NDArray[np.float64]:
    if sd == 0:
        return np.full(len(at), mean)
    return np.asarray(truncnorm.ppf(at, (low - mean) / sd, (high - mean) / sd, loc=mean, scale=sd))


def identified(names: Sequence[str]) -> list[str]:
    """Those of `names` that the last calibration identified."""
    return [name for name in names if name in posterior()]
