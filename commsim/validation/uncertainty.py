"""Draws of the parameters that the laboratory's facts hang on: from the calibration's posterior, else from the prior.

The prior is the registry's range and distribution. The posterior (`posterior.yaml`, written by `commsim lab
calibrate`) holds mean, standard deviation and joint points of the parameters that data identify. The schedules' own
numbers (`attributes.*`) are the published sample's and are not drawn: their range in the registry is about carrying
them over to Shanghai.
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
from commsim.scenario.registry import Parameter, load_registry

POSTERIOR = Path(__file__).with_name("posterior.yaml")
DRAWN = (
    "yes.donor_signal",
    "yes.match_as_share",
    "yes.match_half",
    "yes.match_most",
    "yes.seed_most",
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
def posterior() -> dict[str, tuple[float, ...]]:
    """Points of the joint posterior by parameter, as the last calibration wrote them; empty where none did.

    Point k of all parameters that the same rows identify belongs together.
    """
    if not POSTERIOR.exists():
        return {}
    entries: Any = read_yaml(POSTERIOR).root.plain()
    return {name: tuple(map(float, one["draws"])) for name, one in entries["parameters"].items()}


def names_drawn() -> tuple[str, ...]:
    """Every parameter that is drawn, in a fixed order."""
    return (*DRAWN, *(name for name in load_registry() if name.startswith("lab.")))


def parameter_draws(
    count: int, seed: int, known: Mapping[str, Sequence[float]] | None = None
) -> list[dict[str, float]]:
    """`count` draws of all parameters, name → value: joint points of the posterior, for the rest the prior.

    The prior is drawn by Latin hypercube (McKay, Beckman and Conover 1979). `known`: posterior to use (default: the
    file's). The same seed gives the same draws.
    """
    found = posterior() if known is None else known
    names = names_drawn()
    rng = np.random.default_rng(np.random.Philox(seed))
    cube = qmc.LatinHypercube(d=len(names), rng=rng).random(count)
    order = rng.permutation(max(map(len, found.values()), default=0))
    columns = [
        np.asarray(found[name])[order[np.arange(count) % len(order)]]
        if name in found
        else prior_values(load_registry()[name], cube[:, i])
        for i, name in enumerate(names)
    ]
    return [dict(zip(names, map(float, row), strict=True)) for row in np.stack(columns, axis=1)]


def prior_values(parameter: Parameter, at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values of the prior at these probabilities.

    A normal prior has its centre in the middle of its range: the value of a fitted parameter is the last calibration's
    mean, on which the next calibration must not lean.
    """
    if parameter.low == parameter.high or parameter.distribution == "fixed":
        return np.full(len(at), parameter.value)
    width = parameter.high - parameter.low
    if parameter.distribution == "normal":
        return _normal(parameter.low + width / 2.0, width / _STANDARD_DEVIATIONS, parameter.low, parameter.high, at)
    if parameter.distribution == "triangular":
        return np.asarray(triang.ppf(at, (parameter.value - parameter.low) / width, loc=parameter.low, scale=width))
    if parameter.distribution == "lognormal":
        spread = np.log(parameter.high / parameter.low) / _STANDARD_DEVIATIONS
        return np.clip(lognorm.ppf(at, spread, scale=parameter.value), parameter.low, parameter.high)
    return np.asarray(parameter.low + width * at)


def _normal(mean: float, sd: float, low: float, high: float, at: NDArray[np.float64]) -> NDArray[np.float64]:
    if sd == 0:
        return np.full(len(at), mean)
    return np.asarray(truncnorm.ppf(at, (low - mean) / sd, (high - mean) / sd, loc=mean, scale=sd))


def identified(names: Sequence[str]) -> list[str]:
    """Those of `names` that the last calibration identified."""
    return [name for name in names if name in posterior()]
