"""How hard an organisation asks: effort costs time and money, and the less it still needs, the less it asks.

The behaviour behind crowding-out through organisations (Andreoni and Payne 2003: a grant lowers the organisation's own
fundraising, from memory, unverified; de Wit and Bekkers 2017: subsidies to organisations crowd out more).
"""

from __future__ import annotations

import numpy as np
import scipy  # its parts load when they are used
from numpy.typing import NDArray

Asks = NDArray[np.integer]


def value_of_means(means: float | NDArray[np.floating], need: float) -> NDArray[np.float64]:
    """What means are worth to an organisation that needs `need`: of slope 1 at nothing, ½ at the need, falling on.

    Money beyond the need is not worthless: it is kept for later.
    """
    return np.asarray(need * np.log1p(np.asarray(means, dtype=np.float64) / need))


def cost_of_asking(asks: Asks, cost_per_ask: float, usual: int, growth: float) -> NDArray[np.float64]:
    """Cost of so many asks, of which the one at the `usual` number costs `cost_per_ask`: Σ cost × (k ÷ usual)^growth.

    The nearest are asked first, so that each further ask costs more, by the power `growth` (0: all cost the same).
    """
    asks = np.asarray(asks, dtype=np.float64)
    return np.asarray(cost_per_ask * asks / (1.0 + growth) * (asks / max(usual, 1)) ** growth)


def usual_asks(need: float, raised_per_ask: float, cost_per_ask: float, most: int) -> int:
    """Asks, 0 … `most`, of an organisation without a grant: until one more is worth no more than it costs."""
    if raised_per_ask <= cost_per_ask:
        return 0
    best = need * (raised_per_ask / cost_per_ask - 1.0) / raised_per_ask if cost_per_ask > 0 else np.inf
    return int(min(best, most))


def chosen_asks(
    need: float,
    grant: float,
    raised_per_ask: float,
    cost_per_ask: float,
    most: int,
    required: float = 0.0,
    spread_per_ask: float = 0.0,
    usual: int | None = None,
    growth: float = 0.0,
) -> int:
    """Number of people that an organisation asks, 0 … `most`, so as to get most value from its means.

    Arguments: `need`, money it could use; `grant`, what it has been promised; `raised_per_ask`, expected own money
    from one more ask; `cost_per_ask`, what an ask costs in time and money at the `usual` number of asks (default: the
    best without a grant), growing with the power `growth`; `required`, own money without which the grant is lost;
    `spread_per_ask`, standard deviation of what one ask raises, for the risk of missing that. Of equally good numbers
    the smallest.
    """
    asks = np.arange(most + 1)
    known = usual_asks(need, raised_per_ask, cost_per_ask, most) if usual is None else usual
    raised = asks * raised_per_ask
    growth = growth if known else 0.0  # who would not ask at all without a grant has no effort to measure from
    chance = _chance_of_reaching(required, raised, spread_per_ask * np.sqrt(asks))
    worth = chance * value_of_means(raised + grant, need) + (1.0 - chance) * value_of_means(raised, need)
    return int(np.argmax(worth - cost_of_asking(asks, cost_per_ask, known, growth)))


def _chance_of_reaching(required: float, mean: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """Chance that a sum of that mean and spread reaches `required` (normal; certain where there is no spread)."""
    certain = np.where(mean >= required, 1.0, 0.0)
    scaled = np.divide(mean - required, spread, out=np.zeros_like(mean, dtype=np.float64), where=spread > 0)
    return np.where((spread > 0) & (required > 0), scipy.stats.norm.cdf(scaled), certain)
