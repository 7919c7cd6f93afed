"""Draws of the parameters that the path's facts hang on: points of the prior which the rows marked 'fit' allow.

Most ranges of the registry are wide, and together they lead from nobody to half of all adults who give. As the
laboratory draws what data identify from its calibration's posterior, the path draws from the points of the prior at
which every row marked 'fit' comes out in its range (`commsim.validation.path_calibration`); `commsim lab calibrate
--path --write` found them and wrote `path_posterior.yaml`. No row marked 'test' was looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from commsim.errors import InvalidInput
from commsim.i18n import _
from commsim.randomness import Draws
from commsim.scenario.marked_yaml import read_yaml
from commsim.scenario.registry import load_registry
from commsim.validation.path_level import target_of
from commsim.validation.uncertainty import prior_values

PATH_POSTERIOR = Path(__file__).with_name("path_posterior.yaml")
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
    "mobilisation.own_of_habit",
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


@dataclass(frozen=True)
class PathDraw:
    """One draw: the values of its parameters, and which of the points that the calibration tried it is."""

    values: Mapping[str, float]
    point: int


@dataclass(frozen=True)
class PathPosterior:
    """Points that the rows marked 'fit' allow, in the order in which they were tried with `seed`, of `tried` in all."""

    draws: tuple[PathDraw, ...]
    tried: int
    seed: int


def names_drawn() -> tuple[str, ...]:
    """Every parameter of the path that is drawn over its range, in a fixed order."""
    known = load_registry()
    of_groups = (name for name in known if name.split(".")[0] in PATH_GROUPS)
    return tuple(name for name in (*of_groups, *PATH_DRAWN) if known[name].distribution != "fixed")


def prior_point(number: int, seed: int) -> tuple[dict[str, float], float]:
    """Point `number` of the prior, name → value, and the level that it is brought to; the same for the same numbers."""
    names, known = names_drawn(), load_registry()
    luck = Draws(seed, number).uniforms("point of the path's parameters", len(names) + 1)
    values = {
        name: float(prior_values(known[name], np.array([at]))[0]) for name, at in zip(names, luck[:-1], strict=True)
    }
    return values, target_of(float(luck[-1]))


@cache
def path_posterior(path: Path = PATH_POSTERIOR) -> PathPosterior:
    """The points that the last calibration wrote."""
    entries: Any = read_yaml(path).root.plain()
    of_name = {name: tuple(map(float, values)) for name, values in entries["parameters"].items()}
    draws = tuple(
        PathDraw({name: values[index] for name, values in of_name.items()}, int(point))
        for index, point in enumerate(entries["points"])
    )
    return PathPosterior(draws, int(entries["tried"]), int(entries["seed"]))


def path_draws(count: int, seed: int) -> tuple[PathDraw, ...]:
    """`count` different points of the posterior, in an order that `seed` sets. Raises InvalidInput for too many."""
    found = path_posterior().draws
    if count > len(found):
        raise InvalidInput(
            _(
                "{count} draws of the path's parameters were asked for, and the calibration kept {kept}; take fewer, "
                "or let `commsim lab calibrate --path --points {count} --write` find more."
            ).format(count=count, kept=len(found))
        )
    luck = Draws(seed, 0).uniforms("which points of the posterior", len(found))
    return tuple(found[index] for index in np.argsort(luck, kind="stable")[:count])
