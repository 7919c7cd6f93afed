"""Plain inputs of learning rules: a made round with the rounds before it, and upper confidence bounds."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from commsim.contracts import PlainFunction, PlainInput, Rule
from commsim.contracts.plain_inputs import Plain
from commsim.evaluation.amounts import listed_numbers
from commsim.evaluation.plain_checks import Wrong
from commsim.evaluation.plain_round import OF_ANY_ROUND, in_a_round
from commsim.i18n import _
from commsim.plugins.learning.bandit import upper_bounds


def _bandit(rule: Rule, known: Plain) -> dict[str, float]:
    return in_a_round(rule, known, history=tuple(known.get("history", ())))


def _upper_bounds(known: Plain, words: Mapping[str, str]) -> list[float]:
    mean, pulls = np.asarray(known["mean"], dtype=np.float64), np.asarray(known["pulls"], dtype=np.int64)
    if mean.size != pulls.size:
        raise Wrong(_("{n} values, as many as {base}").format(n=mean.size, base="mean"), known["pulls"])
    return listed_numbers(upper_bounds(mean, pulls, float(known.get("reach", 1.0))))


PLAIN_INPUTS = (
    PlainInput("bandit.", _bandit, reads=f"{OF_ANY_ROUND} history"),
    PlainFunction("bandit.upper_bounds", _upper_bounds, reads="mean pulls reach"),
)
