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
import numpy as np
from numpy.typing import NDArray

from commsim.agents.committee import Committee
from commsim.agents.community import Community, Month
from commsim.agents.local_unit import LocalUnit, Office
from commsim.agents.organisation import SocialOrganisation
from commsim.agents.purses import make_fund
from commsim.agents.residents import Residents
from commsim.calling.time_limit import rule_seconds
from commsim.contracts import Award, RoundView, Rule
from commsim.datacollector import RecordCollector
from commsim.ledger import AccountKind, Ledger
from commsim.processes import MONTH, Process
from commsim.projects import ProjectBook, SkippedRound
from commsim.randomness import Draws
from commsim.scenario.schema import Scenario
from commsim.world.graph import community_graph, institution_graph
from commsim.world.records import World

ADULT_AGE = 18  # statute: residents of eighteen and over vote and decide


class CommunityModel(mesa.Model):
    """One run: `world` and `draws` are the same for every rule of a replicate, `rules` say who governs each fund.

    Arguments: `world` from `build_world`; `scenario`; `rules`, fund id → `Rule` instance, one for each fund of the
    scenario; `draws`, the replicate's luck; `processes`, the steps of a month (leave one out to see what it does).
    """

    def __init__(
        self,
        world: World,
        scenario: Scenario,
        rules: Mapping[str, Rule],
        draws: Draws,
        *,
        processes: Sequence[type[Process]] = MONTH,
        observe: Callable[[RoundView, Award, str], None] | None = None,
    ) -> None:
        super().__init__(rng=0)  # Mesa's own generator is never used: every draw is keyed (commsim.randomness)
        self.world = world
        self.scenario = scenario
        self.draws = draws
        self._datacollector: RecordCollector | None = None
        self.processes: tuple[Process, ...] = tuple(process() for process in processes)
        self.community = self._found_community()
        self.community.funds = tuple(
            make_fund(self, spec, rules[spec.id], world.addresses, draws) for spec in scenario.funds
        )
        if observe is not None:
            self.community.observe = observe
        self._open_accounts()
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
        community.last, community.now = community.now, Month()
        with rule_seconds(self.scenario.rule_seconds):
            for process in self.processes:
                process.step(community, community.residents.seen_by(process.name))
        community.ledger.close_month(community.month)
        community.month += 1
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
        return self.community.residents

    @property
    def ledger(self) -> Ledger:
        """All money that moved."""
        return self.community.ledger

    @property
    def projects(self) -> ProjectBook:
        """All projects, whatever became of them."""
        return self.community.projects

    @property
    def skipped_rounds(self) -> tuple[SkippedRound, ...]:
        """Rounds that were skipped because a rule failed, in the order of the months."""
        return tuple(self.community.skipped)

    @property
    def relationship_network(self) -> nx.Graph[str]:
        """Institutions and what ties them, as it stands now."""
        return self.community.network

    @property
    def monthly(self) -> dict[str, NDArray[Any]]:
        """The record: by measure an array of shape (months, committees)."""
        return {name: np.stack(rows) for name, rows in self.community.record.items()}

    def community_graph(self, committee: int | str) -> nx.Graph[int]:
        """The residents of one committee (index or id) and their ties, as a graph."""
        return community_graph(self.world, committee)

    def _found_community(self) -> Community:
        """Institutions become agents, residents become columns."""
        start = self.world.addresses.committee_start
        prior_need = self.scenario.parameters["analysis.prior_need"]
        committees: list[Committee] = []
        organisations: list[SocialOrganisation] = []
        for record in self.world.institutions:
            if record.kind == "committee":
                index = len(committees)
                committees.append(Committee(self, record, index, int(start[index]), int(start[index + 1]), prior_need))
            elif record.kind == "social_organisation":
                organisations.append(SocialOrganisation(self, record))
            elif record.kind == "local_unit":
                LocalUnit(self, record)
            else:
                Office(self, record)
        community = Community(
            model=self,
            world=self.world,
            scenario=self.scenario,
            parameters=self.scenario.parameters,
            draws=self.draws,
            residents=Residents(self.world, self.scenario.parameters["appraisal.satisfaction_at_start"]),
            committees=tuple(committees),
            organisations=organisations,
            network=institution_graph(self.world),
        )
        community.adults = np.asarray(self.world.columns["age"] >= ADULT_AGE)
        community.residents.remember_the_year_before(
            community.adults, self.draws, self.scenario.parameters["habit.active_at_start"]
        )
        return community

    def _open_accounts(self) -> None:
        ledger = self.community.ledger
        for committee in self.community.committees:
            ledger.open(f"residents:{committee.id}", AccountKind.RESIDENTS)
            ledger.open(f"notebook:{committee.id}", AccountKind.NOTEBOOK)
        for fund in self.community.funds:
            for unit in fund.units:
                ledger.open(unit.account, AccountKind.PURSE)
