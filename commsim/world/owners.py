"""Who manages an estate: its owners' committee, where it may have one, and its property company.

Old lanes and collective blocks have no owners' committee (nor has public rental, of which the model has no estates).
Of the others most have one, and not every one works (district-2.md A8, G1). How good a property company is nobody
counted: an assumption.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from commsim.randomness import Draws
from commsim.world.records import EstateType, OwnersCommittee

ELIGIBLE = (EstateType.FORMER_PUBLIC, EstateType.COMMERCIAL)
"""Estates whose owners may elect a committee."""


def owners_committees(
    kinds: Sequence[EstateType], committee_id: str, parameters: Mapping[str, float], draws: Draws
) -> list[OwnersCommittee]:
    """State of the owners' committee of each of a residents' committee's estates, drawn by its id and place in it.

    Shares of the eligible: `population.owners_committee_none_share`, `population.owners_committee_deadlocked_share`;
    the rest work.
    """
    none = parameters["population.owners_committee_none_share"]
    stuck = none + parameters["population.owners_committee_deadlocked_share"]
    luck = draws.uniforms("population.owners_committee", len(kinds), item=committee_id)
    return [_state(kind, float(drawn), none, stuck) for kind, drawn in zip(kinds, luck, strict=True)]


def _state(kind: EstateType, drawn: float, none: float, stuck: float) -> OwnersCommittee:
    if kind not in ELIGIBLE:
        return OwnersCommittee.NOT_ELIGIBLE
    if drawn < none:
        return OwnersCommittee.NONE
    return OwnersCommittee.DEADLOCKED if drawn < stuck else OwnersCommittee.WORKING


def property_qualities(
    estates: int, committee_id: str, parameters: Mapping[str, float], draws: Draws
) -> NDArray[np.float64]:
    """How good the property company of each of a committee's estates is, level 0–1, normal around the registry's mean.

    The mean is `population.property_quality`, the standard deviation `population.property_quality_spread`.
    """
    luck = draws.normals("population.property_quality", estates, item=committee_id)
    level = parameters["population.property_quality"] + parameters["population.property_quality_spread"] * luck
    return np.clip(level, 0.0, 1.0)
