"""Turnout in residents' committee elections by age and Party membership (Shanghai city survey; district.md A4)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from commsim.behaviour.choice import chance


def turnout(age: NDArray[np.integer], party: NDArray[np.bool_], parameters: Mapping[str, float]) -> NDArray[np.float64]:
    """Chance of voting, shape (n,): log-odds interpolated between the surveyed age bands, shifted by membership.

    The survey gives 18–29, 50–59 and 70–79; their middles carry the line, which is flat beyond the ends.
    """
    ages = [parameters[f"elections.age_{band}"] for band in ("young", "middle", "old")]
    known = logit([parameters[f"elections.turnout_{band}"] for band in ("young", "middle", "old")])
    by_age = np.interp(np.arange(np.iinfo(np.uint8).max + 1), ages, known)
    return chance(by_age[age] + np.where(party, parameters["elections.party_log_odds"], 0.0))
