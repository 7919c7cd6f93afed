"""Which members can be in a best committee under harmonic weights: bounds that leave most members out.

The score of a committee, as a function of fractional membership, is concave when harmonic numbers are joined by lines.
Tangents from above give a linear programme with one variable a member; what its reduced costs put below a committee
that is known cannot be best. Source: reduced-cost fixing and Kelley's cutting planes (Kelley 1960).
"""

from __future__ import annotations

import numpy as np
import scipy  # its parts load when they are used
from numpy.typing import NDArray

from commsim.plugins.rules.profile import Election, Profile

ROUNDS = 80  # numerical: tangents added at most; more only narrow the choice further
SLACK = 1e-6  # relative; what a bound may err by
ENOUGH = 1e-4  # relative; bound and best known this near narrow the choice no further


def contenders(election: Election, seats: int) -> list[int]:
    """Positions of all members that some best committee of `seats` members can have; never leaves one out."""
    profile = election.profile
    centre = _one_by_one(profile, seats)
    known = reached = _tangent(profile, centre)[0]
    able, at = np.ones(profile.proposals, dtype=bool), centre
    slopes: list[NDArray[np.float64]] = []
    heights: list[float] = []
    for _round in range(ROUNDS):
        score, slope = _tangent(profile, at)
        slopes.append(np.append(-slope, 1.0))
        heights.append(score - float(slope @ at))
        best = scipy.optimize.linprog(
            np.append(np.zeros(profile.proposals), -1.0),
            A_ub=np.array(slopes),
            b_ub=heights,
            A_eq=np.append(np.ones(profile.proposals), 0.0)[None, :],
            b_eq=[seats],
            bounds=[(0.0, 1.0)] * profile.proposals + [(None, None)],
        )
        if best.x is None:  # the solver gave up: nobody is left out
            return list(range(profile.proposals))
        bound = -best.fun - best.lower.marginals[:-1]
        able = bound >= known * (1 - SLACK)
        point = np.clip(best.x[:-1], 0.0, 1.0)
        better = _tangent(profile, point)[0]
        if better > reached:
            centre, reached = point, better
        if -best.fun - reached <= ENOUGH * known:
            break
        at = (point + centre) / 2  # tangents near the best so far cut more than at the corners
    return np.flatnonzero(able).tolist()


def _one_by_one(profile: Profile, seats: int) -> NDArray[np.float64]:
    """A good committee: each time the member that adds most."""
    members = np.zeros(profile.proposals)
    for _seat in range(seats):
        gain = np.where(members > 0, -np.inf, _tangent(profile, members)[1])
        members[int(gain.argmax())] = 1.0
    return members


def _tangent(profile: Profile, members: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
    """The score of fractional members, and a slope by member such that the score is nowhere above the tangent."""
    held = np.bincount(profile.row, weights=members[profile.column], minlength=profile.voters)
    whole = np.floor(held)
    slope = 1.0 / (whole + 1.0)
    harmonic = np.concatenate(([0.0], np.cumsum(1.0 / np.arange(1, profile.proposals + 2))))
    score = float((harmonic[whole.astype(np.int64)] + (held - whole) * slope).sum())
    gain = np.bincount(profile.column, weights=slope[profile.row], minlength=profile.proposals)
    return score, gain.astype(np.float64)
