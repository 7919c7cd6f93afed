"""What is counted in the experiments at the door, for the path's facts P12 to P14."""

from __future__ import annotations

import numpy as np

from commsim.behaviour.acts import Act
from commsim.community.given import Positions
from commsim.validation.path_doors import ASK_MONTH, drawn_by_lot, partners_of
from commsim.validation.path_runs import Runs
from commsim.validation.path_statistics import Measures
from commsim.validation.path_watch import Watched

LOOKS = (
    (Act.VOTE, 0, "all"),
    (Act.TIME, 0, "all"),
    (Act.TIME, 3, "all"),
    (Act.VOTE, 0, "first"),
    (Act.VOTE, 0, "second"),
)
"""Kind of act, months after the ask, and of whom: all who were drawn, those in households of two, the other adult."""


def doors(runs: Runs) -> Measures:
    """P12, P13, P14: by arm and look how many more do it than where nobody asked them."""
    some = next(iter(runs.values())).model
    drawn = drawn_by_lot(some.world, some.draws)
    partners = partners_of(some.world, drawn)
    two = partners >= 0
    people = {"all": drawn, "first": drawn[two], "second": partners[two]}
    return {
        f"{arm}_{kind.name.lower()}_{when}_{whose}": float(
            _count(run, kind, when, people[whose]) - _count(runs["unasked"], kind, when, people[whose])
        )
        for arm, run in runs.items()
        if arm != "unasked"
        for kind, when, whose in LOOKS
    }


def _count(run: Watched, kind: Act, when: int, people: Positions) -> int:
    """How many of some people did a kind of act so many months after the ask."""
    return int(np.isin(people, run.watch.actors[kind, ASK_MONTH + when]).sum())
