"""What people do in repeated rounds beside their own schedule: hope at first, private cost, punishment, reputation.

Schedules were measured in one game (Fischbacher and Gächter 2010: groups of four, return 0.4, no punishment). These
functions say what other games change; in the measured game they change nothing but the hope of the first rounds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Share = NDArray[np.float64]


def with_optimism(share: Share, threshold: NDArray[np.floating], hope: NDArray[np.floating], optimists: float) -> Share:
    """Share given by people some of whom still give what they hope others will, if that is more than their schedule.

    `threshold` and `hope`: one lasting uniform each per person; who stands below `optimists`, the share of optimists
    in this round, is one, so that people stop hoping one after another and do not begin again.
    """
    return np.where(threshold < optimists, np.maximum(share, hope), share)


def private_cost_factor(
    return_: float, future: NDArray[np.floating] | float, response: float, reference: float
) -> NDArray[np.float64]:
    """Factor on a share given where a token costs its giver 1 − return − future instead of the `reference` cost.

    `future`: what a token given now brings back through the others' later gifts (see `reciprocated`). Infinite where
    a token costs nothing: then even the selfish give all.
    """
    cost = np.maximum(1.0 - return_ - np.asarray(future, dtype=np.float64), 0.0)
    with np.errstate(divide="ignore"):
        return np.asarray((cost / reference) ** -response)


def reciprocated(return_: float, others_weight: float, own_lag: float, mean_slope: float, rounds_left: int) -> float:
    """What a token given now brings back from the same partners in the rounds left, in tokens.

    A token raises what the others believe (`others_weight`), they give `mean_slope` of it, which carries on with
    own_lag + others_weight × slope from round to round; of all they give, `return_` comes back to each. Zero in the
    last round, and among strangers, where one is not met again. No coefficient of its own.
    """
    carried = own_lag + others_weight * mean_slope
    rounds = float(rounds_left) if carried == 1.0 else (1.0 - carried**rounds_left) / (1.0 - carried)
    return return_ * others_weight * mean_slope * rounds


def points_assigned(
    given: Share, cooperator: NDArray[np.bool_], eagerness: float, tokens: float, most: float
) -> NDArray[np.float64]:
    """Punishment points from each member (axis −2) to each other (axis −1) of their group, shape (groups, size, size).

    A conditional cooperator spends `eagerness` points per token by which another gave less than they did themselves,
    at most `most`. Fehr and Gächter 2000: those below are punished, the more the further. `given`: (groups, size).
    """
    short = np.maximum(given[..., :, None] - given[..., None, :], 0.0) * tokens
    return np.asarray(np.minimum(eagerness * short * cooperator[..., :, None], most))


def under_threat(share: Share, standard: NDArray[np.floating], loss: NDArray[np.floating], cost: float) -> Share:
    """Share given by people who expect to lose `loss` tokens for each token that they stay below `standard`.

    They move up to the standard as far as the loss makes up for the private cost of a token; all the way where it is
    greater. Nobody gives less than without the threat.
    """
    part = np.clip(np.divide(loss, cost, out=np.ones_like(loss), where=cost > 0), 0.0, 1.0)
    return np.asarray(share + part * np.maximum(standard - share, 0.0))
