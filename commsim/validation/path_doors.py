"""Experiments at the door, in the district's own month: residents drawn by lot are asked in person, by notice, or not.

The three arms are the same model with the same luck; only who is asked in one month differs, and everything after the
ask (who says yes, who goes along, who comes back) is the model's. In that month nobody else asks those drawn, in any
arm, so that the arm without an ask shows what they do of themselves.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from commsim.behaviour.acts import Channel
from commsim.behaviour.asking import Reach
from commsim.community.community import Community
from commsim.community.given import Positions
from commsim.community.people import Columns
from commsim.processes import MONTH, Process
from commsim.processes.mobilisation import Mobilisation
from commsim.randomness import Draws
from commsim.world.ages import ADULT_AGE
from commsim.world.records import World

ASK_MONTH = 3
"""The fourth month of the year: the call's ballot is open (calendar of the scenario)."""
FOLLOWED = 3
"""Months after the ask that are followed."""
SHARE_DRAWN = 0.5


def drawn_by_lot(world: World, draws: Draws) -> Positions:
    """Half of the adults who live in a household, at most one of each: who is visited, or would be."""
    adult = np.flatnonzero((world.columns["age"] >= ADULT_AGE) & ~world.columns["collective"])
    luck = draws.uniforms_of("drawn for a visit", adult, month=0)
    order = adult[np.argsort(luck, kind="stable")]
    _home, first = np.unique(world.columns["household"][order], return_index=True)
    one_each = order[np.sort(first)]
    return np.sort(one_each[: round(SHARE_DRAWN * len(one_each))])


def partners_of(world: World, drawn: Positions) -> NDArray[np.intp]:
    """For each of `drawn` the one other adult of a household of two adults, −1 where there are more or none."""
    household, adult = world.columns["household"], np.flatnonzero(world.columns["age"] >= ADULT_AGE)
    adults = np.bincount(household[adult], minlength=int(household.max()) + 1)
    sum_of_positions = np.zeros(len(adults), dtype=np.intp)
    np.add.at(sum_of_positions, household[adult], adult)
    home = household[drawn]
    return np.where(adults[home] == 2, sum_of_positions[home] - drawn, -1)


def month_with_visits(drawn: Positions, channel: Channel | None) -> tuple[type[Process], ...]:
    """The steps of a month in which those `drawn` are asked through `channel` alone, or not at all, in `ASK_MONTH`."""

    class Visits(Mobilisation):
        """Mobilisation as it is, but for those drawn in the month of the experiment."""

        source: ClassVar[str] = "an experiment: whom it asks is drawn by lot"

        @staticmethod
        def _reaches(
            community: Community, residents: Columns, acting: Positions, call: NDArray[np.float64]
        ) -> list[Reach]:
            reaches = Mobilisation._reaches(community, residents, acting, call)
            if community.month == ASK_MONTH:
                for index, reach in enumerate(reaches):
                    reach[drawn] = float(channel is not None and index == int(channel))
            return reaches

    return tuple(Visits if process is Mobilisation else process for process in MONTH)
