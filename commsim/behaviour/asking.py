"""Who is asked, and by whom: each channel reaches as many as its hours allow, and its own kind of person.

Unprompted acts are rare; most begin with an ask (Brady, Schlozman and Verba 1999). Leaders and staff ask those they
know, so that asking by itself rounds up the usual people.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commsim.randomness import Uniforms, pick

Reach = NDArray[np.float64]
"""Chance of being asked through a channel, one row a resident."""


def reach_by_hours(
    contacts: NDArray[np.floating], weight: NDArray[np.floating], unit_start: NDArray[np.integer]
) -> Reach:
    """Chance that somebody with so many `contacts` to make reaches each of the people they may choose among.

    `contacts`: the number of people that each unit's asker has hours for, shape (units,); `weight`: how likely each
    person is to be chosen, shape (n,); unit u holds people `unit_start[u]` … `unit_start[u + 1] - 1`. Those likely to
    be chosen are reached first, and nobody with a chance above 1.
    """
    total = np.add.reduceat(weight, unit_start[:-1], dtype=np.float64)
    each = np.divide(contacts, total, out=np.zeros(len(total)), where=total > 0)
    reach: Reach = np.repeat(each, np.diff(unit_start))
    reach *= weight
    return np.minimum(reach, 1.0, out=reach)


def weariness(asks_before: int, effect: float) -> float:
    """Shift in log-odds where people have been asked for the same `asks_before` times: effect × log(1 + asks)."""
    return effect * float(np.log1p(asks_before))


def asked_at_all(reaches: list[Reach], whether: Uniforms, who: NDArray[np.bool_] | bool = True) -> NDArray[np.intp]:
    """Positions of those whom at least one channel asks, ascending; channels ask independently of each other.

    `reaches`: one chance per channel and resident, each shape (n,); `whether`: uniforms, shape (n,); `who` can be asked
    at all, shape (n,).
    """
    not_asked = 1.0 - reaches[0]
    for reach in reaches[1:]:
        not_asked *= 1.0 - reach
    return np.flatnonzero((whether > not_asked) & who)


def first_channel(reaches: list[Reach], asked: NDArray[np.intp], which: Uniforms) -> NDArray[np.intp]:
    """Through which of the channels each of those `asked` was asked first, as its index, shape (asked,).

    `reaches`: one chance per channel and resident, each shape (n,); `asked`: positions of some of these residents;
    `which`: their uniforms, shape (asked,). A channel is the first with a chance in proportion to its reach.
    """
    shares = np.empty((len(reaches), len(asked)))
    for share, reach in zip(shares, reaches, strict=True):
        np.take(reach, asked, out=share, mode="clip")  # no position is clipped, and none is copied to be checked
    shares /= np.maximum(shares.sum(axis=0), np.finfo(float).tiny)
    return pick(shares.T, which)
