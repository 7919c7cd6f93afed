"""Runs for the tests of the model: one small world, made once, and a short way to run rules on it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from commsim.community.community import Community
from commsim.community.given import Links
from commsim.community.people import Columns
from commsim.contracts import Rule
from commsim.model import CommunityModel
from commsim.plugin_host.loader import load_catalogue
from commsim.processes import MONTH, Process
from commsim.randomness import Draws
from commsim.scenario import load_scenario
from commsim.scenario.schema import Scenario
from commsim.world.build import build_world
from commsim.world.records import World


@lru_cache(maxsize=4)
def small_world(seed: int = 1, name: str = "tutorial") -> World:
    """The world of a small scenario; its columns are read-only, so that tests can share it."""
    return build_world(load_scenario(name), Draws(seed))


def scenario_of(name: str = "tutorial", **changes: Any) -> Scenario:
    """A shipped scenario with some fields changed."""
    return load_scenario(name, [f"{path}={value}" for path, value in changes.items()])


def run(
    rule: str | Rule = "basic.needs_weighted",
    *,
    name: str = "tutorial",
    overrides: Sequence[str] = (),
    params: Mapping[str, Any] | None = None,
    seed: int = 1,
    processes: Sequence[type[Process]] = MONTH,
    links: Links | None = None,
) -> CommunityModel:
    """A whole run of a small scenario under one rule."""
    scenario = load_scenario(name, overrides)
    catalogue = load_catalogue()
    rules = {fund.id: catalogue.make(fund.rule.id, fund.rule.params) for fund in scenario.funds}
    compared = scenario.fund_under_comparison.id
    if isinstance(rule, str):
        rule = catalogue.make(rule, params) if params else catalogue.make_written(rule)
    rules[compared] = rule
    world = small_world(seed, name)
    return CommunityModel(world, scenario, rules, Draws(seed), processes=processes, links=links).run()


@lru_cache(maxsize=8)
def shared_run(rule: str, *overrides: str) -> CommunityModel:
    """The same as `run`, made once for all tests that only look at it."""
    return run(rule, overrides=overrides)


def watching(step: type[Process], after: Callable[[Community], None]) -> list[type[Process]]:
    """The steps of a month, where `after` looks at the community whenever `step` has done its work."""

    class Watched(step):  # type: ignore[valid-type, misc]
        def step(self, community: Community, residents: Columns) -> None:
            super().step(community, residents)
            after(community)

    return [Watched if process is step else process for process in MONTH]


def run_with_second_fund(rule: str, second: str) -> CommunityModel:
    """A run of the tutorial with one fund more, written as YAML."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "two.yaml"
        path.write_text(f"title: {{en: Two, zh: 两项}}\nextends: tutorial\nfunds:\n  - {second}\n", encoding="utf-8")
        scenario = load_scenario(path)
    catalogue = load_catalogue()
    rules = {fund.id: catalogue.make(fund.rule.id, fund.rule.params) for fund in scenario.funds}
    rules[scenario.fund_under_comparison.id] = catalogue.make(rule, {})
    return CommunityModel(small_world(), scenario, rules, Draws(1)).run()
