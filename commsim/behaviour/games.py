"""What people do in repeated rounds beside their own schedule: hope at first, private cost, punishment, reputation.

Schedules were measured in one game (Fischbacher and Gächter 2010: groups of four, return 0.4, no punishment). These
functions say what other games change; in the measured game they change nothing but the hope of the first rounds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Share = NDArray[np.float64]

_NEARLY_ALL = np.finfo(np.float64).tiny  # 0 to the power of 0 would make givers of free riders


def with_optimism(
    share: Share, threshold: NDArray[np.floating], hope: NDArray[np.floating], optimists: NDArray[np.floating] | float
) -> Share:
    """Share given by people some of whom still give what they hope others will, if that is more than their schedule.

    `threshold` and `hope`: one lasting uniform each per person; who stands below `optimists`, the share of optimists
    in this round among people with the same experience, is one, so that they stop hoping one after another.
    """
    return np.where(threshold < optimists, np.maximum(share, hope), share)


def optimists_left(
    at_first: float,
    fading: float,
    rounds_seen: int,
    disappointment: NDArray[np.floating],
    sensitivity: float,
) -> NDArray[np.float64]:
    """Share of people, with each person's experience, who still hope after `rounds_seen` rounds; shape (n,).

    `fading` of it is left after each round that people saw, and exp(−`sensitivity`) after each whole endowment by which
    the others' gifts fell short of what was believed (`disappointed`). Both are seen in the data of Fischbacher and
    Gächter 2010: who gave above the own schedule goes on more rarely after a disappointment, and later in the game.
    """
    return np.asarray(at_first * fading**rounds_seen * np.exp(-sensitivity * np.asarray(disappointment)))


def disappointed(before: Share, belief: NDArray[np.floating], others_gave: NDArray[np.floating]) -> Share:
    """By how much others have fallen short of beliefs so far, as a share; a good surprise makes up for a bad one."""
    return np.asarray(np.maximum(before + belief - others_gave, 0.0))


def for_private_cost(
    share: Share, return_: float, future: NDArray[np.floating] | float, response: float, reference: float
) -> Share:
    """Share given where a token costs its giver 1 − return − future instead of the `reference` cost.

    The share is raised to the power (cost ÷ reference)^response: it rises where a token costs less and falls where it
    costs more; who gives nothing by schedule goes on giving nothing, until a token costs nothing, when all give all.
    `future`: what a token given now brings back through the others' later gifts (`reciprocated`). At the reference
    cost nothing changes.
    """
    cost = 1.0 - return_ - np.asarray(future, dtype=np.float64)
    power = (np.maximum(cost, 0.0) / reference) ** response
    return np.where(1.0 - return_ <= 0.0, 1.0, np.where(share > 0.0, share, 0.0) ** np.maximum(power, _NEARLY_ALL))


def reciprocated(return_: float, others_weight: float, own_lag: float, mean_slope: float, rounds_left: float) -> float:
    """What a token given now brings back from the same partners in the rounds left, in tokens.

    A token raises what the others believe (`others_weight`), they give `mean_slope` of it, which carries on with
    own_lag + others_weight × slope from round to round; of all they give, `return_` comes back to each. Zero in the
    last round, and among strangers, where one is not met again. `rounds_left`: as many as people look ahead.
    """
    carried = own_lag + others_weight * mean_slope
    rounds = rounds_left if carried == 1.0 else (1.0 - carried**rounds_left) / (1.0 - carried)
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


def eagerness_to_punish(points_per_token: float, cost: float, effect: float, reference: float, price: float) -> float:
    """Points that a cooperator gives per token by which another gave less, where a point costs more or does less.

    A point costs `cost` tokens and takes `effect` away. `points_per_token` holds where it costs 1 and takes `reference`
    away; what is taken away in all changes with the power `price` of what a token spent takes away. Direction: the
    demand for punishment falls with its price (Carpenter 2007), and contributions rise with its effectiveness, below
    some of which it cannot stop the decay (Nikiforakis and Normann 2008).
    """
    strength = effect / max(cost, np.finfo(np.float64).eps)
    taken = points_per_token * reference * (strength / reference) ** price
    return float(taken / effect) if effect > 0 else 0.0


def towards_provision(share: Share, part: float, reached: NDArray[np.floating], refund: bool) -> Share:
    """Share given where nothing comes about below a provision point: people move to their `part` of it.

    Those below move up as far as they believe that it will be `reached` (0–1, shape (n,)), which makes giving worth
    it; a refund takes half of the risk of giving in vain. Those above move down as far, since what is given beyond the
    point brings nothing more.
    """
    up = (1.0 + reached) / 2.0 if refund else reached
    return np.asarray(share + np.where(share < part, up, reached) * (part - share))


def under_threat(share: Share, standard: NDArray[np.floating], loss: NDArray[np.floating], cost: float) -> Share:
    """Share given by people who expect to lose `loss` tokens for each token that they stay below `standard`.

    They move up to the standard as far as the loss makes up for the private cost of a token; all the way where it is
    greater. Nobody gives less than without the threat.
    """
    part = np.clip(np.divide(loss, cost, out=np.ones_like(loss), where=cost > 0), 0.0, 1.0)
    return np.asarray(share + part * np.maximum(standard - share, 0.0))
