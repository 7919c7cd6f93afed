"""The model: a made community, the funds of a scenario, and the month that passes over them.

    model = CommunityModel(world, scenario, rules, Draws(seed=1))
    model.run().monthly["active_12m"][-1].sum()

`step()` is one month and reads as the plan does: calendar, analysis, deliberation, rounds, mobilisation, contribution,
settlement, delivery, appraisal, organisations, record. Each line is a module of `commsim.processes`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import mesa
import networkx as nx
from numpy.typing import NDArray

from commsim.calling.time_limit import rule_seconds
from commsim.community.founding import found_community
from commsim.community.given import Links
from commsim.community.ledger import Ledger
from commsim.community.measured import Look
from commsim.community.people import Residents
from commsim.community.project_book import ProjectBook
from commsim.community.projects import SkippedRound
from commsim.contracts import Rule
from commsim.datacollector import RecordCollector
from commsim.processes import MONTH, Process
from commsim.randomness import Draws
from commsim.scenario.schema import Scenario
from commsim.world.graph import community_graph
from commsim.world.records import World


class CommunityModel(mesa.Model):
    """One run: `world` and `draws` are the same for every rule of a replicate, `rules` say who governs each fund.

    Arguments: `world` from `build_world`; `scenario`; `rules`, fund id → `Rule` instance, one for each fund of the
    scenario; `draws`, the replicate's luck; `processes`, the steps of a month (leave one out to see what it does);
    `links`, what plugins add to a run (who observes rounds, who measures the network). It is complete when it is made.
    """

    def __init__(
        self,
        world: World,
        scenario: Scenario,
        rules: Mapping[str, Rule],
        draws: Draws,
        *,
        processes: Sequence[type[Process]] = MONTH,
        links: Links | None = None,
    ) -> None:
        super().__init__(rng=0)  # Mesa's own generator is never used: every draw is keyed (commsim.randomness)
        self.world = world
        self.scenario = scenario
        self.draws = draws
        self._datacollector: RecordCollector | None = None
        self.processes: tuple[Process, ...] = tuple(process() for process in processes)
        self.community = found_community(self, world, scenario, rules, draws, links or Links())
        self.running = self.month < scenario.months

    @property
    def datacollector(self) -> RecordCollector:
        """The record as Mesa's DataCollector, up to the last month that has passed; made when it is first asked for."""
        if self._datacollector is None:
            self._datacollector = RecordCollector(self)
        self._datacollector.collect(self)
        return self._datacollector

    @property
    def scenario(self) -> Scenario:
        """What the run was given."""
        return self._scenario

    @scenario.setter
    def scenario(self, scenario: Scenario) -> None:
        # Mesa 3.5 has a scenario of its own, whose setter writes the model into it; ours is frozen and shared by runs.
        self._scenario = scenario

    def step(self) -> None:
        """One month. After the last one of the scenario `running` is False, so that Mesa's `run_model` ends there."""
        community = self.community
        with community.month_open(), rule_seconds(self.scenario.rule_seconds):
            for process in self.processes:
                with community.written_by(process.name, process.writes) as residents:
                    process.step(community, residents)
        self.running = community.month < self.scenario.months

    def run(self, progress: Callable[[int, int], None] | None = None) -> CommunityModel:
        """All months of the scenario. `progress(done, total)` is called after each. Returns the model itself."""
        while self.community.month < self.scenario.months:
            self.step()
            if progress is not None:
                progress(self.community.month, self.scenario.months)
        return self

    @property
    def month(self) -> int:
        """The next month to come, 0 at the start."""
        return self.community.month

    @property
    def residents(self) -> Residents:
        """The residents as columns; `model.residents[i]` looks at one."""
        return self.community.people.residents

    @property
    def ledger(self) -> Ledger:
        """All money that moved."""
        return self.community.money.ledger

    @property
    def projects(self) -> ProjectBook:
        """All projects, whatever became of them."""
        return self.community.money.projects

    @property
    def skipped_rounds(self) -> tuple[SkippedRound, ...]:
        """Rounds that were skipped because a rule failed, in the order of the months."""
        return self.community.money.skipped

    @property
    def relationship_network(self) -> nx.Graph[str]:
        """Institutions and what ties them, as it stands now."""
        return self.community.institutions.network

    @property
    def monthly(self) -> dict[str, NDArray[Any]]:
        """The record: by measure an array of shape (months, committees)."""
        return self.community.measured.columns()

    @property
    def looks(self) -> Sequence[Look]:
        """Who took part in the twelve months up to the run's last month, a year before it, and so on; oldest first."""
        return self.community.measured.looks

    def community_graph(self, committee: int | str) -> nx.Graph[int]:
        """The residents of one committee (index or id) and their ties, as a graph."""
        return community_graph(self.world, committee)
