"""Draws of the parameters that the path's facts hang on: over the whole of their ranges in the registry, of which those
points are kept that the two cheapest rows marked 'fit' allow.

Most of these ranges are wide, and together they lead from nobody to half of all adults who give. As the laboratory
draws what data identify from its calibration's posterior, the path keeps a point if, without a fund, the level (P0) and
the leak of a year (P15) come out in their ranges: rejection sampling of the posterior that these two rows leave. The
intercept of giving hours (`yes.base_time`) is set last, so that the point comes to a level drawn uniformly over P0's
range (`commsim.validation.path_level`). No row marked 'test' is looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from commsim.randomness import Draws
from commsim.scenario.registry import load_registry
from commsim.validation.path_level import Fitted, fitted_point, target_of
from commsim.validation.path_runs import WITHOUT_A_FUND, Stage
from commsim.validation.uncertainty import prior_values

PATH_GROUPS = ("initiating", "projects", "visibility", "groups", "partners")
"""Groups of the registry of which every parameter is drawn."""
PATH_DRAWN = (
    "bidding.wish_of_cap",
    "bidding.grant_log_sd",
    "mobilisation.call",
    "mobilisation.leader_hours",
    "mobilisation.share_asked",
    "mobilisation.neighbour_hours",
    "mobilisation.team_hours",
    "mobilisation.team_reach",
    "mobilisation.yes_expected",
    "mobilisation.ask_half_life",
    "mobilisation.own_initiative",
    "mobilisation.household_ballot",
    "mobilisation.household_hours",
    "habit.speed_vote",
    "habit.speed_meeting",
    "habit.speed_time",
    "habit.speed_money",
    "appraisal.after_offer",
    "appraisal.speed_trust_fund",
    "appraisal.speed_efficacy",
    "yes.transfer",
    "yes.exposure",
    "yes.public_signal",
    "delivery.yes_of_working_owners_committee",
    "delivery.enough_hours",
    "delivery.grace_months",
)
"""Parameters of the path's links in other groups.

Not drawn: definitions; what the world is made of (population, ties, institutions), since that is who the residents are,
not what money does to them; the log-odds of saying yes by kind of act and channel (`yes.base_*`, `yes.channel_*`,
`yes.habit`, `yes.team_member`), whose ranges are the limits of what can be meant: but for `yes.base_time`, they stand
where the rows marked 'fit' put them.
"""
MOST_TRIED = 60
"""Points that are tried for one draw; after so many the nearest to the two rows is taken, and the rows show it."""
WORLD_SEED = 1


@dataclass(frozen=True)
class PathDraw:
    """One draw: the values of its parameters, how many points were tried for it, and whether one was kept."""

    values: Mapping[str, float]
    tried: int
    kept: bool


def names_drawn() -> tuple[str, ...]:
    """Every parameter of the path that is drawn over its range, in a fixed order."""
    known = load_registry()
    of_groups = (name for name in known if name.split(".")[0] in PATH_GROUPS)
    return tuple(name for name in (*of_groups, *PATH_DRAWN) if known[name].distribution != "fixed")


def point(number: int, tried: int, seed: int) -> tuple[dict[str, float], float]:
    """A point of the prior, name → value, and the level that it is brought to; the same for the same numbers."""
    names, known = names_drawn(), load_registry()
    luck = Draws(seed, number).uniforms("point of the path's parameters", len(names) + 1, item=tried)
    values = {
        name: float(prior_values(known[name], np.array([at]))[0]) for name, at in zip(names, luck[:-1], strict=True)
    }
    return values, target_of(float(luck[-1]))


def path_draw(number: int, seed: int, stage: Stage | None = None) -> PathDraw:
    """Draw `number` of `seed`: the first of its points that the level and the leak without a fund allow."""
    on = stage or Stage(WITHOUT_A_FUND, WORLD_SEED)
    nearest: Fitted | None = None
    for tried in range(1, MOST_TRIED + 1):
        found = fitted_point(*point(number, tried, seed), on)
        if found.miss == 0.0:
            return PathDraw(found.values, tried, True)
        if nearest is None or found.miss < nearest.miss:
            nearest = found
    assert nearest is not None  # at least one point was tried
    return PathDraw(nearest.values, MOST_TRIED, False)
