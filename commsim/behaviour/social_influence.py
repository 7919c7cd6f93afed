"""What other people do to an answer: ties who act, being seen, what is told of others, the example of a gift.

Every effect is multiplied by the salience of the channel that carries it: a letter (1), a list by the door, a banner.
Without other people none of it is there: no ties, nobody who sees, nobody to follow.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commsim.behaviour.choice import LogOdds

Share = NDArray[np.float64]


def exposure_shift(
    acting: NDArray[np.floating] | NDArray[np.integer], exposure: float, salience: float = 1.0
) -> LogOdds:
    """Shift in log-odds from `acting` ties seen to act: exposure × log(1 + acting) × salience; the shape of `acting`.

    The same line as in the district (`yes.exposure`). Direction: Bond et al. 2012.
    """
    return np.asarray(salience * exposure * np.log1p(acting), dtype=np.float64)


def cost_left(
    cost: NDArray[np.floating] | float, acting: NDArray[np.floating] | NDArray[np.integer], reinforcement: float
) -> LogOdds:
    """Log-odds that an act still costs where several ties have gone first: each beyond the first takes a part away.

    A costless act spreads through single contacts; a costly one needs reinforcement from several, and so spreads
    where one's ties know each other. Direction: Centola 2010. `reinforcement`: share of the remaining cost (0–1).
    """
    further = np.maximum(np.asarray(acting, dtype=np.float64) - 1.0, 0.0)
    return np.asarray(cost * (1.0 - reinforcement) ** further)


def being_seen(audience: NDArray[np.floating] | float, seen: float, salience: float = 1.0) -> LogOdds:
    """Shift in log-odds from one's own act being seen; `audience` 0 nobody, 1 people one lives among.

    Steps of Gerber, Green and Larimer 2008: researchers, one's household, the neighbours.
    """
    return np.asarray(salience * seen * np.asarray(audience, dtype=np.float64))


def share_when_seen(share: Share, others: NDArray[np.floating], audience: float) -> Share:
    """Share given when people see it: the log-odds of each token rise by `audience`, the log-odds of `being_seen`.

    Before that those who give less than they believe of others move part of the way up, tanh(audience / 2) of it, the
    change in chance that these log-odds make at even odds; so that also those who would give nothing give something.
    """
    raised = share + np.tanh(audience / 2.0) * np.maximum(others - share, 0.0)
    odds = np.exp(audience) * raised
    return np.asarray(odds / (1.0 - raised + odds))


def told_belief(belief: NDArray[np.floating], told: NDArray[np.floating] | float, weight: float) -> Share:
    """Belief about others after being told: belief + weight × (told − belief); 0–1, the shape of `belief`."""
    return np.clip(belief + weight * (told - np.asarray(belief, dtype=np.float64)), 0.0, 1.0)


def anchor_factor(
    ratio: NDArray[np.floating] | float,
    experienced: NDArray[np.bool_],
    weight: float,
    weight_of_experienced: float,
    believable: float,
) -> NDArray[np.float64]:
    """Factor on a gift from the example of another's, `ratio` times the usual gift; shape of `experienced`.

    The pull is weight × z × (1 − z / believable) in logs, z = log ratio: it grows, fades and turns into discouragement
    beyond the believable range; far beyond it nobody takes it for an example any more. One below the usual pulls down,
    by no more than the believable range. People with a habit of giving know what to give and hardly move. Shang and
    Croson 2009 (direction).
    """
    z = np.log(np.asarray(ratio, dtype=np.float64))
    beyond = np.maximum(z / believable - 1.0, 0.0)
    up = z * (1.0 - z / believable) * np.exp(-beyond)
    pull = np.where(z > 0, up, believable * np.tanh(z / believable))
    own = weight * np.where(experienced, weight_of_experienced, 1.0)
    return np.asarray(np.exp(own * pull))
