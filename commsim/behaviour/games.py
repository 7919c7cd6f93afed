"""What people do in repeated rounds beside their own schedule: hope at first, private cost, punishment, reputation.

Schedules were measured in one game (Fischbacher and Gächter 2010: groups of four, return 0.4, no punishment). These
functions say what other games change; in the measured game they change nothing but the hope of the first rounds.
"""

from __future__ import annotations

import numpy as np
import scipy  # its parts load when they are used
from numpy.typing import NDArray

Share = NDArray[np.float64]

_NEARLY_NONE = np.finfo(np.float64).eps  # a public good that gives the others nothing still leaves a share a share
_EVEN_ODDS = 1.0 / 2.0


def with_optimism(
    share: Share, threshold: NDArray[np.floating], hope: NDArray[np.floating], optimists: NDArray[np.floating] | float
) -> Share:
    """Share given by people some of whom still give what they hope others will, if that is more than their schedule.

    `threshold` and `hope`: one lasting uniform each per person; who stands below `optimists`, the share of optimists
    in this round among people with the same experience, is one, so that they stop hoping one after another.
    """
    return np.where(threshold < optimists, np.maximum(share, hope), share)


def worth_hoping(return_: float, size: int, reference: float) -> float:
    """How far it is worth hoping for others' gifts, 0–1: what all gain if all give, against what giving costs each.

    (size × return − 1) ÷ (1 − return), as a part of `reference`, what it is in the measured game; beyond that it counts
    no more. Nothing where all together gain nothing by giving. Direction: at a low return small groups start lower
    than large ones (Isaac, Walker and Williams 1994, from memory, unverified).
    """
    if return_ >= 1.0:
        return 1.0
    return float(np.clip((size * return_ - 1.0) / (1.0 - return_) / reference, 0.0, 1.0))


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


def for_gains(
    share: Share, return_: float, others: int, response: tuple[float, float], reference: tuple[float, float]
) -> Share:
    """Share given where a token brings its giver and the others more or less than in the measured game.

    A token costs its giver 1 − `return_`, and each of `others` gains `return_`. The share is raised to the power
    (cost ÷ reference)^response × (gain ÷ reference)^−response, the others' gain g counting as g ÷ (1 + g), so that ever
    larger groups change ever less. Who gives nothing by schedule goes on giving nothing, until a token costs nothing,
    when all give all. `response`, `reference`: for the cost and for the gain; at the reference nothing changes.
    """
    if return_ >= 1.0:
        return np.ones_like(share)
    gain, known = return_ * others, reference[1]
    power = ((1.0 - return_) / reference[0]) ** response[0]
    power /= max(gain / (1.0 + gain) * (1.0 + known) / known, _NEARLY_NONE) ** response[1]
    return np.asarray(np.where(share > 0.0, share, 0.0) ** power)


def among_partners(share: Share, belief: NDArray[np.floating], future: float, cost: float) -> Share:
    """Share given where the others' later gifts answer one's own: who gives less than believed of others moves up.

    The part of the way is tanh(`future` ÷ `cost`), what a token given now brings back later against what it costs now;
    so nothing in the last round, and nobody gives more than is believed of the others for it.
    """
    part = np.tanh(future / cost) if cost > 0 else 1.0
    return np.asarray(share + part * np.maximum(belief - share, 0.0))


def by_promise(share: Share, threshold: NDArray[np.floating], keepers: NDArray[np.floating] | float) -> Share:
    """Share given after open talk: those of a lasting uniform `threshold` below `keepers` give all, as agreed."""
    return np.where(threshold < keepers, 1.0, share)


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


def shared_punishment(points: float, others: int, shared: float, reference: float) -> float:
    """Points per token where `others` could give them instead: fewer, by (others ÷ `reference`)^−shared."""
    return points * (reference / max(others, 1)) ** shared


def towards_provision(
    share: Share, belief: NDArray[np.floating], part: float, value: float, doubt: float, insured: float
) -> Share:
    """Share given where nothing comes about below a provision point: people move towards what reaches it.

    `part`: what each has to give if all give alike, and `value`, what each gets of the good, in endowments. Those who
    believe that the others give less than their part add as much to their own, if the good is worth that; else people
    aim at their part, and where even that is not worth it at nothing more. They move to their aim as far as they are
    willing: chance^(part ÷ value × risk). The chance that the point is reached follows from beliefs and the `doubt`
    about them (standard deviation); it is even at least where people make up for what is missing. `insured`: the part
    of the risk of giving in vain that a refund takes away (0 without one); without one those who are not willing keep
    back what they would give in vain. Nobody gives less for the point than without it, since more than reaches it
    brings its return as well. Direction: Cadsby and Maynes 1999.
    """
    affordable = min(1.0, value)
    aim = np.maximum(2.0 * part - np.asarray(belief, dtype=np.float64), 0.0)
    reached = scipy.stats.norm.cdf((belief - part) / max(doubt, _NEARLY_NONE))
    chance = np.where(aim <= affordable, np.maximum(reached, _EVEN_ODDS), reached)
    willing = chance ** (part / max(value, _NEARLY_NONE) * (1.0 - insured))
    unmoved = share if insured > 0 else share * willing
    if part > affordable:
        return np.asarray(unmoved)
    aim = np.maximum(np.where(aim <= affordable, aim, part), unmoved)
    return np.asarray(unmoved + willing * (aim - unmoved))


def under_threat(share: Share, standard: NDArray[np.floating], loss: NDArray[np.floating], cost: float) -> Share:
    """Share given by people who expect to lose `loss` tokens for each token that they stay below `standard`.

    They move up to the standard as far as the loss makes up for the private cost of a token; all the way where it is
    greater. Nobody gives less than without the threat.
    """
    part = np.clip(np.divide(loss, cost, out=np.ones_like(loss), where=cost > 0), 0.0, 1.0)
    return np.asarray(share + part * np.maximum(standard - share, 0.0))
