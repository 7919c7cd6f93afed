"""The world of a replicate in one call: people, what they are, who is tied to whom, the institutions around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commsim.randomness import Draws
from commsim.world.attributes import add_attributes
from commsim.world.institutions import make_institutions
from commsim.world.population import make_population
from commsim.world.records import World
from commsim.world.ties import make_ties

if TYPE_CHECKING:
    from commsim.scenario.schema import Scenario


def build_world(scenario: Scenario, draws: Draws) -> World:
    """Everything that a run of `scenario` starts from (plan P-01), the same for every rule of a replicate.

    Arguments: `scenario`; `draws` of the replicate (seed and replicate fix every byte). Returns the `World`; its arrays
    are read-only, so that runs can share them. Raises InvalidInput where the scenario names an unknown tie generator
    or parameter.
    """
    census, addresses, margins = make_population(scenario, draws)
    columns = {**census, **add_attributes(census, addresses, scenario, draws)}
    ties = make_ties(columns, addresses, scenario, draws)
    institutions, relations = make_institutions(scenario, addresses, draws)
    arrays = [*columns.values(), *(part for layer in ties.values() for part in (layer.start, layer.neighbour))]
    for array in arrays:
        array.flags.writeable = False
    return World(columns, addresses, ties, institutions, relations, margins)
