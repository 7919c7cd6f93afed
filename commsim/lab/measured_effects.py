"""The parameters that laboratory residents decide with: the registry's, with effects as they were measured.

The district multiplies effects taken from letters and laboratories by κ; in the laboratory itself κ is 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from commsim.errors import InvalidInput
from commsim.i18n import _
from commsim.lab.field_kinds import brief
from commsim.scenario.registry import Parameters, load_registry

NATIVE = {"yes.transfer": 1.0}
_NEWTON_STEPS = 50
_CLOSE = 1e-12


def kernel_parameters(overrides: Mapping[str, float] | None = None) -> Parameters:
    """The registry with κ = 1 and the `overrides` given ("subject.name" → number).

    Raises InvalidInput for what is not such a mapping, a name that the registry does not have or a value outside its
    range.
    """
    given = {} if overrides is None else overrides
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        text = _("parameters must be names with numbers, such as {{'yes.seen': 0.5}}; {came} came")
        raise InvalidInput(text.format(came=brief(given)))
    return Parameters(load_registry(), {**NATIVE, **{name: _plain(value) for name, value in given.items()}})


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def intercept_for(base_rate: float, lasting: NDArray[np.floating]) -> float:
    """The act's own intercept: log-odds at which the share `base_rate` of all says yes where nothing is offered.

    `lasting`: what lasts of each person (disposition, habit, reluctance) in log-odds, shape (n,). `base_rate` must lie
    between 0 and 1, neither included.
    """
    return _solved(base_rate, lasting)


def _solved(share: float, shifts: NDArray[np.floating]) -> float:
    # Newton on the log-odds of the mean converges in a few steps, because the mean is close to a logistic itself.
    level = float(logit(share)) - float(shifts.mean())
    for _step in range(_NEWTON_STEPS):
        chances = expit(level + shifts)
        mean = float(chances.mean())
        slope = float((chances * (1.0 - chances)).mean()) / (mean * (1.0 - mean))
        change = (float(logit(share)) - float(logit(mean))) / slope
        level += change
        if abs(change) < _CLOSE:
            break
    return level
