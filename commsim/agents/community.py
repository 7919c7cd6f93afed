"""The community: everything that exists in a run at this moment, and what happened in the month so far.

Processes get the community and their own view of the residents. They do not call each other: one leaves events, a
later one reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from commsim.agents.committee import Committee
from commsim.agents.fund import Fund, OpenRound, Unit
from commsim.agents.institution import Institution, agents_of_kind
from commsim.agents.organisation import ActivityGroup, SocialOrganisation
from commsim.agents.residents import Residents
from commsim.behaviour.acts import Act, Channel
from commsim.contracts import Award, RoundView
from commsim.ledger import Ledger
from commsim.projects import Project, ProjectBook, SkippedRound
from commsim.randomness import Draws
from commsim.world.records import World, runs

if TYPE_CHECKING:
    import mesa

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


@dataclass
class Asked:
    """Residents who were asked this month, through which channel, and how many of their ties acted last month."""

    residents: Positions
    channel: NDArray[np.intp]
    exposure: NDArray[np.int64]


@dataclass
class Acts:
    """Acts of one kind this month: who, for which project (index in the book, −1 for none), minutes, fen, share given.

    Through which channel each was asked is kept, so that a later look can say what asking brought.
    """

    kind: Act
    residents: Positions
    project: NDArray[np.int64]
    minutes: NDArray[np.int64]
    fen: NDArray[np.int64]
    share: NDArray[np.float64]
    channel: NDArray[np.intp]


@dataclass
class Settled:
    """A round that was settled this month, and the projects that were in it."""

    fund: Fund
    round: OpenRound


@dataclass
class Election:
    """A residents' committee election: who voted (mask over residents) and who could."""

    voted: NDArray[np.bool_]
    eligible: NDArray[np.bool_]


@dataclass
class Month:
    """What happened this month so far; empty at its start. One process fills each list, later ones read it."""

    movers: Positions = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    election: Election | None = None
    raised: NDArray[np.int64] | None = None
    public_issues: NDArray[np.int64] | None = None
    hearings: frozenset[int] = frozenset()
    proposed: list[Project] = field(default_factory=list)
    asked: Asked | None = None
    acts: list[Acts] = field(default_factory=list)
    returned: list[tuple[Positions, NDArray[np.int64]]] = field(default_factory=list)
    settled: list[Settled] = field(default_factory=list)
    ended: list[Project] = field(default_factory=list)
    money: dict[tuple[str, str, int], int] = field(default_factory=dict)
    """Fen by what it was ("gifts", "refunded", "partner", "public", "appropriated"), fund and committee."""

    def add(self, what: str, project: Project, fen: int) -> None:
        """Count fen of a project."""
        self.add_at(what, project.fund, project.committee, fen)

    def add_at(self, what: str, fund: str, committee: int, fen: int) -> None:
        """Count fen of a fund in a committee."""
        key = (what, fund, committee)
        self.money[key] = self.money.get(key, 0) + fen

    def acts_of(self, kind: Act) -> list[Acts]:
        """This month's acts of one kind."""
        return [one for one in self.acts if one.kind is kind]


class Community:
    """State of a run. Owned by the model; processes read it and write only what is theirs."""

    def __init__(
        self,
        *,
        model: mesa.Model,
        world: World,
        scenario: Scenario,
        parameters: Parameters,
        draws: Draws,
        residents: Residents,
        committees: tuple[Committee, ...],
        organisations: list[SocialOrganisation],
        network: nx.Graph[str],
    ) -> None:
        self.model = model
        self.world = world
        self.scenario = scenario
        self.parameters = parameters
        self.draws = draws
        self.residents = residents
        self.committees = committees
        self.organisations = organisations
        self._organisation_of_id = {one.id: one for one in organisations}
        self.network = network
        self.funds: tuple[Fund, ...] = ()
        self.groups: list[ActivityGroup] = []
        self.ledger = Ledger()
        self.projects = ProjectBook()
        self.skipped: list[SkippedRound] = []
        """What rules failed to decide, where their fund goes on without them."""
        self.leader_fatigue: NDArray[np.float64] = np.zeros(world.addresses.buildings)
        """By building group: share of the leader's hours that is lost to weariness (0–1). Written by mobilisation."""
        self.participants: dict[str, list[tuple[int, Positions]]] = {}
        """By project: in which month who gave, voted for it or worked on it."""
        self.relief: NDArray[np.float64] = np.zeros((world.addresses.buildings, world.columns["needs"].shape[1]))
        """Share of each need that past projects and services still relieve, by building group and domain (0–1)."""
        self.adults: NDArray[np.bool_] = np.zeros(len(residents), dtype=np.bool_)
        self.acted_last_month: Positions = np.zeros(0, dtype=np.intp)
        self.observe: Callable[[RoundView, Award, str], None] = _nobody
        """Told of every settled round (`commsim_allocation_made`)."""
        self.measure: Callable[[str, nx.Graph[str]], Mapping[str, float]] = _no_indicators
        """Computes a network indicator that a plugin offers (`commsim_indicators`), by its name."""
        self._measured: dict[tuple[str, int], Mapping[str, float]] = {}
        self.month = 0
        self.now = Month()
        self.last = Month()
        """What happened last month."""
        self.record: dict[str, list[NDArray[np.generic]]] = {}
        """By measure: one array (committees,) a month, in order. Written by the recording process alone."""
        self.meets_neighbours = _meets_neighbours(world, parameters, draws)
        """Who meets at least one neighbour weekly: each tie in the building group and the estate has its chance."""
        self.media_reach = _media_reach(world, parameters)
        """How likely notices with full effort reach each resident, the young more than the old, shape (residents,)."""
        self.kept_gifts: dict[str, tuple[Positions, NDArray[np.int64]]] = {}
        """By running project: whose gifts it holds, in case it fails."""
        self.needs_in_all: NDArray[np.float32] = np.maximum(
            world.columns["needs"].sum(axis=1), np.finfo(np.float32).eps
        )
        """Sum of each resident's needs over domains, shape (residents,)."""
        self.tie_counts: NDArray[np.int64] = np.zeros(len(residents), dtype=np.int64)
        for layer in world.ties.values():
            self.tie_counts += np.diff(layer.start)

    @property
    def calendar_month(self) -> int:
        """Month of the year, 1–12."""
        return self.scenario.calendar_month(self.month)

    @property
    def year(self) -> int:
        """The calendar year."""
        return self.scenario.year(self.month)

    @property
    def comparison_fund(self) -> Fund:
        """The fund whose rule is being compared."""
        return next(fund for fund in self.funds if fund.under_comparison)

    def participants_of(self, project: Project) -> Positions:
        """Residents who took part in a project and still live there, each once, in address order."""
        arrived = self.residents.seen_by("reader").arrived
        parts = [who[arrived[who] <= month] for month, who in self.participants.get(project.id, [])]
        return np.unique(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.intp)

    def took_part(self, project: Project, who: Positions) -> None:
        """Remember who takes part in a project this month."""
        self.participants.setdefault(project.id, []).append((self.month, who))

    def agents(self, kind: type[Institution]) -> Any:
        """The institutions of a kind that act now, as Mesa's AgentSet: `community.agents(Fund).do(…)`."""
        return agents_of_kind(self.model, kind)

    def tied_to(self, committee: Committee, kind: type[Institution]) -> Any:
        """Institutions of a kind tied to a committee in the relationship network, as Mesa's AgentSet, by id."""
        tied = set(self.network.neighbors(committee.id))
        return self.agents(kind).select(lambda one: one.id in tied).sort("id", ascending=True)

    def organisation(self, organisation_id: str) -> SocialOrganisation | None:
        """The social organisation of that id; None where it is none of them."""
        return self._organisation_of_id.get(organisation_id)

    def indicator(self, name: str) -> Mapping[str, float]:
        """A network indicator by institution id, as the network stands this month; computed once a month at most."""
        key = (name, self.month)
        if key not in self._measured:
            self._measured = {one: values for one, values in self._measured.items() if one[1] == self.month}
            self._measured[key] = self.measure(name, self.network.copy())
        return self._measured[key]

    def buildings_in(self, places: Sequence[Place]) -> tuple[Positions, Positions]:
        """The building groups of `places`, one place after the other, and for each of them the index of its place."""
        building = self.residents.seen_by("reader").building
        first = building[np.array([one.first for one in places], dtype=np.intp)]
        last = building[np.array([one.last - 1 for one in places], dtype=np.intp)] + 1
        return runs(first, last), np.repeat(np.arange(len(places)), last - first)

    def fund_reaches(self, committee: int) -> bool:
        """Whether the fund under comparison calls the residents of this committee by now."""
        return self.comparison_fund.calls_residents and committee in self.comparison_fund.covered_committees

    def round_units(self, fund: Fund) -> list[Unit]:
        """Units of a fund with a round open."""
        return [unit for unit in fund.units if unit.round is not None]

    def sums_by_committee(self, values: NDArray[np.generic]) -> NDArray[np.generic]:
        """Sum of a column over each committee, shape (committees,): one segmented sum over address order."""
        whole = np.float64 if np.issubdtype(values.dtype, np.floating) else np.int64
        return np.asarray(np.add.reduceat(values, self.world.addresses.committee_start[:-1], dtype=whole))


def _no_indicators(name: str, network: nx.Graph[str]) -> Mapping[str, float]:
    """Without plugins there are no indicators, and no rule that needs one."""
    return {}


def _nobody(view: RoundView, award: Award, rule_id: str) -> None:
    """Without plugins that observe, nobody is told."""


__all__ = ["Acts", "Act", "Asked", "Channel", "Community", "Election", "Month", "Positions", "Settled"]


def _meets_neighbours(world: World, parameters: Parameters, draws: Draws) -> NDArray[np.bool_]:
    near = np.diff(world.ties["building"].start) + np.diff(world.ties["estate"].start)
    weekly = 1.0 - (1.0 - parameters["mobilisation.weekly_contact"]) ** near
    return np.asarray(draws.uniforms("meets neighbours", len(near)) < weekly)


def _media_reach(world: World, parameters: Parameters) -> NDArray[np.float64]:
    young = world.columns["age"] < parameters["mobilisation.media_age"]
    reach = parameters["mobilisation.media_reach_young"], parameters["mobilisation.media_reach_old"]
    return np.where(young, *reach)
