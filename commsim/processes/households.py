"""Who goes along with somebody of the household: one who was asked takes the other along, or not.

Part of contribution (step 6). Source for ballots: 60% of the effect of a face-to-face ask passes to the other person in
the household (Nickerson 2008); for hours an assumption whose range contains nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commsim.behaviour.acts import FACE_TO_FACE, Act, Channel
from commsim.community.community import Community
from commsim.community.people import LAST_OF_KIND, LONG_AGO, Columns
from commsim.processes.answers import Yeses
from commsim.world.records import runs

CHANCE_OF = {Act.VOTE: "mobilisation.household_ballot", Act.TIME: "mobilisation.household_hours"}
"""Parameter with which another adult of the household follows in a kind of act."""


def with_households(community: Community, residents: Columns, yeses: Yeses) -> Yeses:
    """`yeses` and the other adults of their households who go along, in address order.

    Only who was asked face to face takes others along, and for hours only at a first act: later ones are one's own.
    """
    found = [yeses]
    for kind, name in CHANCE_OF.items():
        leads = np.flatnonzero((yeses.kind == int(kind)) & np.isin(yeses.channel, FACE_TO_FACE))
        if kind is Act.TIME:
            leads = leads[getattr(residents, LAST_OF_KIND[kind])[yeses.residents[leads]] == LONG_AGO]
        found.append(_followers(community, residents, yeses, leads, kind, community.given.parameters[name]))
    return _together(found)


def _followers(
    community: Community, residents: Columns, yeses: Yeses, leads: NDArray[np.intp], kind: Act, chance: float
) -> Yeses:
    """Adults of the households of those at `leads` who follow them, each the first of the household who leads."""
    start = community.given.world.addresses.household_start
    home = residents.household[yeses.residents[leads]]
    home, first = np.unique(home, return_index=True)
    others = runs(start[home], start[home + 1])
    lead = np.repeat(leads[first], start[home + 1] - start[home])
    free = community.given.adults[others] & ~np.isin(others, yeses.residents)
    others, lead = others[free], lead[free]
    luck = community.given.draws.uniforms_of(f"goes along: {kind.name}", others, month=community.month)
    goes = luck < chance
    others, lead = others[goes], lead[goes]
    channel = np.full(len(others), int(Channel.HOUSEHOLD), dtype=np.intp)
    return Yeses(others, channel, yeses.kind[lead], yeses.option[lead])


def _together(found: list[Yeses]) -> Yeses:
    who = np.concatenate([some.residents for some in found])
    order = np.argsort(who, kind="stable")
    return Yeses(
        who[order],
        np.concatenate([some.channel for some in found])[order],
        np.concatenate([some.kind for some in found])[order],
        np.concatenate([some.option for some in found])[order],
    )
