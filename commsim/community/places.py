"""The book of places: residents' committees and building groups, and what is true of each of them now.

Staff hours are spent by every step whose work takes staff, and what a committee knows of needs comes from surveys
(analysis) and hearings (deliberation); every other part has one step that writes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from commsim.agents.committee import Committee
from commsim.ownership import Owned, Permit
from commsim.world.records import World


class Places(Owned):
    """Committees, by index, and columns by building group.

    `leader_fatigue` (buildings,): share of the leader's hours that is lost to weariness (0–1). `relief` (buildings,
    domains): share of each need that past projects and services still relieve, by domain (0–1).
    """

    PARTS: ClassVar[Mapping[str, str]] = {"leader_fatigue": "places.leader_fatigue", "relief": "places.relief"}

    def __init__(self, permit: Permit, world: World, committees: tuple[Committee, ...]) -> None:
        self.committees = committees
        self.leader_fatigue: NDArray[np.float64] = np.zeros(world.addresses.buildings)
        self.relief: NDArray[np.float64] = np.zeros((world.addresses.buildings, world.columns["needs"].shape[1]))
        for committee in committees:
            committee.hours.permit = permit
            committee.permit = permit
        self.permit = permit
