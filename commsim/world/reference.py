"""The population as counted, seen through one whose levers were moved: what published shares are shares of.

Three in ten adults know their committee's director in a district with the census's migrants. Twice the migrants do not
make the committee know more of them: shares that were published hold for the counted make-up, and what each resident's
own traits add stays. So shares are fitted to the residents weighted back to the census.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from commsim.scenario.levers import levered, moved, shares_at
from commsim.world.margins import age_band
from commsim.world.records import Column

if TYPE_CHECKING:
    from commsim.scenario.population import PopulationSpec
    from commsim.scenario.schema import Scenario

Weights = NDArray[np.float64]


def reference_weights(columns: Mapping[str, Column], scenario: Scenario) -> Weights | None:
    """Weights of residents that take them back to the counted make-up; None where no lever was moved.

    Arguments: the census `columns`; the `scenario`, for its levers. Returns shape (residents,): counted share ÷ moved
    share of each one's age and sex, registration and (of family households) tenure.
    """
    population = scenario.population
    if not moved(population):
        return None
    year = int(scenario.start.split("-")[0])
    family = ~columns["collective"]
    tenure = _ratios("tenure", population, year)[columns["tenure"]]
    ages = _ratios("age_sex", population, year)[2 * age_band(columns["age"]) + columns["sex"]]
    origins = _ratios("registration", population, year)[columns["registration"]]
    return np.asarray(ages * origins * np.where(family, tenure, 1.0))


def _ratios(question: str, population: PopulationSpec, year: int) -> Weights:
    """Counted share ÷ moved share by category; 1 where nobody is left to be weighted."""
    margin = next(margin for margin in population.margins if margin.id == question)
    counted = shares_at(margin, year)
    now = levered(question, counted, population)
    return np.divide(counted, now, out=np.ones(len(counted)), where=now > 0)
