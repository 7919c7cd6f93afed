"""Draws of the parameters that the path's facts hang on: each over the whole of its range in the registry."""

from __future__ import annotations

import numpy as np
from scipy.stats import qmc

from commsim.scenario.registry import load_registry
from commsim.validation.uncertainty import prior_values

PATH_GROUPS = ("initiating", "projects", "visibility", "groups")
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
    "partners.chance",
    "partners.share_of_ask",
)
"""Parameters of the path's links in other groups."""


def names_drawn() -> tuple[str, ...]:
    """Every parameter of the path that is drawn, in a fixed order."""
    known = load_registry()
    of_groups = (name for name in known if name.split(".")[0] in PATH_GROUPS)
    return tuple(name for name in (*of_groups, *PATH_DRAWN) if known[name].distribution != "fixed")


def path_draws(count: int, seed: int) -> list[dict[str, float]]:
    """`count` draws, name → value, by Latin hypercube over the registry's ranges and distributions.

    The same seed gives the same draws.
    """
    names, known = names_drawn(), load_registry()
    cube = qmc.LatinHypercube(d=len(names), rng=np.random.default_rng(np.random.Philox(seed))).random(count)
    columns = [prior_values(known[name], cube[:, index]) for index, name in enumerate(names)]
    return [dict(zip(names, map(float, row), strict=True)) for row in np.stack(columns, axis=1)]
