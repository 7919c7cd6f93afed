"""How hard an organisation asks: effort costs time and money, and the less it still needs, the less it asks.

The behaviour behind crowding-out through organisations (Andreoni and Payne 2003: a grant lowers the organisation's own
fundraising, from memory, unverified; de Wit and Bekkers 2017: subsidies to organisations crowd out more).
"""

from __future__ import annotations

import numpy as np
from scipy.stats import norm


def value_of_means(means: float | np.ndarray, need: float) -> np.ndarray:
    """What means are worth to an organisation that needs `need`: concave, of slope 1 at nothing and 0 at the need."""
    filled = np.minimum(np.asarray(means, dtype=np.float64) / need, 1.0)
    return np.asarray(need * (filled - filled**2 / 2.0))


def chosen_asks(
    need: float,
    grant: float,
    raised_per_ask: float,
    cost_per_ask: float,
    most: int,
    required: float = 0.0,
    spread_per_ask: float = 0.0,
) -> int:
    """Number of people that an organisation asks, 0 … `most`, so as to get most value from its means.

    Arguments: `need`, money it could use; `grant`, what it has been promised; `raised_per_ask`, expected own money
    from one more ask; `cost_per_ask`, what an ask costs in time and money; `required`, own money without which the
    grant is lost; `spread_per_ask`, standard deviation of what one ask raises, for the risk of missing that. Of equally
    good numbers the smallest.
    """
    asks = np.arange(most + 1)
    raised = asks * raised_per_ask
    chance = _chance_of_reaching(required, raised, spread_per_ask * np.sqrt(asks))
    worth = chance * value_of_means(raised + grant, need) + (1.0 - chance) * value_of_means(raised, need)
    return int(np.argmax(worth - asks * cost_per_ask))


def _chance_of_reaching(required: float, mean: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """Chance that a sum of that mean and spread reaches `required` (normal; certain where there is no spread)."""
    certain = np.where(mean >= required, 1.0, 0.0)
    scaled = np.divide(mean - required, spread, out=np.zeros_like(mean, dtype=np.float64), where=spread > 0)
    return np.where((spread > 0) & (required > 0), norm.cdf(scaled), certain)
