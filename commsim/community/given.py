"""The book of what is given: scenario, world, numbers and luck, and what follows from them alone. Nobody writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

import networkx as nx
import numpy as np
import scipy  # its parts load when they are used
from numpy.typing import NDArray

from commsim.contracts import Award, RoundView
from commsim.ownership import Owned
from commsim.randomness import Draws
from commsim.world.ages import ADULT_AGE
from commsim.world.records import World, runs

if TYPE_CHECKING:
    from commsim.scenario.registry import Parameters
    from commsim.scenario.schema import Scenario

Positions = NDArray[np.intp]


class Place(Protocol):
    """Residents first … last − 1 of whole building groups: a committee, or where a project or an option is open."""

    @property
    def first(self) -> int:
        """Position of its first resident."""

    @property
    def last(self) -> int:
        """Position after its last resident."""


def _nobody(view: RoundView, award: Award, rule_id: str) -> None:
    """Without plugins that observe, nobody is told."""


def _no_indicators(name: str, network: nx.Graph[str]) -> Mapping[str, float]:
    """Without plugins there are no indicators, and no rule that needs one."""
    return {}


@dataclass(frozen=True)
class Links:
    """What plugins add to a run.

    `observe(view, award, rule id)` is told of every settled round (`commsim_allocation_made`); `measure(name, network)`
    computes a network indicator that a plugin offers (`commsim_indicators`).
    """

    observe: Callable[[RoundView, Award, str], None] = _nobody
    measure: Callable[[str, nx.Graph[str]], Mapping[str, float]] = _no_indicators


class Given(Owned):
    """What a run was given; shared by the arms of a comparison as far as it is the world's.

    `adults`: mask of residents of eighteen and over. `meets_neighbours`: who meets at least one neighbour weekly, where
    each tie in the building group and the estate has its chance. `media_reach`: how likely notices with full effort
    reach each resident, the young more than the old. `attention`: how much more or less than usual each notices of what
    goes on around, for good, mean 1. `needs_in_all`: sum of each resident's needs over domains.
    `tie_counts`: each resident's ties in all layers. All of shape (residents,).
    """

    PARTS: ClassVar[Mapping[str, str]] = {
        name: f"given.{name}"
        for name in "world scenario parameters draws links adults meets_neighbours media_reach attention "
        "needs_in_all tie_counts".split()
    }

    def __init__(self, world: World, scenario: Scenario, draws: Draws, links: Links) -> None:
        self.world = world
        self.scenario = scenario
        self.parameters = scenario.parameters
        self.draws = draws
        self.links = links
        self.adults: NDArray[np.bool_] = np.asarray(world.columns["age"] >= ADULT_AGE)
        self.meets_neighbours = _meets_neighbours(world, self.parameters, draws)
        self.media_reach = _media_reach(world, self.parameters)
        self.attention = _attention(world, self.parameters, draws)
        self.needs_in_all: NDArray[np.float32] = np.maximum(
            world.columns["needs"].sum(axis=1), np.finfo(np.float32).eps
        )
        ties = np.zeros(world.residents, dtype=np.int64)
        for layer in world.ties.values():
            ties += np.diff(layer.start)
        self.tie_counts = ties

    def buildings_in(self, places: Sequence[Place]) -> tuple[Positions, Positions]:
        """The building groups of `places`, one place after the other, and for each of them the index of its place."""
        building = self.world.columns["building"]
        first = building[np.array([place.first for place in places], dtype=np.intp)]
        last = building[np.array([place.last - 1 for place in places], dtype=np.intp)] + 1
        return runs(first, last), np.repeat(np.arange(len(places)), last - first)

    def sums_by_committee(self, values: NDArray[np.generic]) -> NDArray[np.generic]:
        """Sum of a column over each committee, shape (committees,): one segmented sum over address order."""
        whole = np.float64 if np.issubdtype(values.dtype, np.floating) else np.int64
        return np.asarray(np.add.reduceat(values, self.world.addresses.committee_start[:-1], dtype=whole))


def _meets_neighbours(world: World, parameters: Parameters, draws: Draws) -> NDArray[np.bool_]:
    near = np.diff(world.ties["building"].start) + np.diff(world.ties["estate"].start)
    weekly = 1.0 - (1.0 - parameters["mobilisation.weekly_contact"]) ** near
    return np.asarray(draws.uniforms("meets neighbours", len(near)) < weekly)


def _media_reach(world: World, parameters: Parameters) -> NDArray[np.float64]:
    young = world.columns["age"] < parameters["mobilisation.media_age"]
    reach = parameters["mobilisation.media_reach_young"], parameters["mobilisation.media_reach_old"]
    return np.where(young, *reach)


def _attention(world: World, parameters: Parameters, draws: Draws) -> NDArray[np.float64]:
    """Gamma of mean 1: the smaller its shape, the more people differ."""
    shape = parameters["visibility.attention_shape"]
    luck = draws.uniforms("notices what goes on", world.residents)
    return np.asarray(scipy.special.gammaincinv(shape, luck) / shape)
