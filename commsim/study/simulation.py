"""One run: a scenario, a rule for the fund under comparison, a seed; out comes its record."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commsim.contracts import Rule
from commsim.i18n import Text, _
from commsim.randomness import Draws
from commsim.record import RunResult, record_run
from commsim.study.provenance import parameters_of, provenance

if TYPE_CHECKING:
    from commsim.plugin_host.catalogue import Catalogue
    from commsim.scenario import Scenario
    from commsim.world.records import World


Progress = Callable[[int, int, Text], None]
"""What a caller may hand in to be told how far the work is: (done, total, what is being done)."""


@dataclass(frozen=True)
class Engine:
    """What turns a scenario into a run: how a world is built and how a model is made of it. Must pickle.

    `build_world(scenario, draws)` gives a world, `make_model(world, scenario, rules, draws, catalogue)` something with
    `run`; of the `catalogue` it takes the plugins that watch allocations and those that measure.
    """

    build_world: Callable[[Any, Draws], Any]
    make_model: Callable[[Any, Any, Mapping[str, Rule], Draws, Any], Any]


def _build_world(scenario: Any, draws: Draws) -> Any:
    from commsim.world.build import build_world

    return build_world(scenario, draws)


def _make_model(world: Any, scenario: Any, rules: Mapping[str, Rule], draws: Draws, catalogue: Catalogue) -> Any:
    from commsim.community.given import Links
    from commsim.model import CommunityModel  # brings mesa, which takes a second to import

    links = Links(observe=catalogue.observers.allocation_made, measure=catalogue.measure)
    return CommunityModel(world, scenario, rules, draws, links=links)


ENGINE = Engine(_build_world, _make_model)
"""commsim's own world and model."""


def simulate(
    scenario: Scenario | str | Path,
    rule: str | Rule | type[Rule] | None = None,
    seed: int | None = None,
    replicate: int = 0,
    *,
    catalogue: Catalogue | None = None,
    world: World | None = None,
    progress: Progress | None = None,
    engine: Engine = ENGINE,
) -> RunResult:
    """Run a scenario once and return its record.

    Arguments: `scenario`, or the name or path of one; `rule` for the fund under comparison ("match.linear",
    "match.linear:rate=2", a Rule or its class), None for the scenario's own; `seed`, None for the scenario's;
    `replicate`, which luck of that seed (from 0); `catalogue`, the rules that are there; `world`, if it was built
    before for the same scenario, seed and replicate; `progress`, told each month.
    Raises RuleError for a rule that is not there or breaks its contract, InvalidInput for a scenario that is wrong.
    """
    loaded = resolve_scenario(scenario)
    known = resolve_catalogue(catalogue)
    draws = Draws(loaded.seed if seed is None else seed, replicate)
    label, chosen = choose_rule(rule, loaded, known)
    if world is None:
        if progress:
            progress(0, loaded.months, _("building the residents and their ties"))
        world = engine.build_world(loaded, draws)
    return run_arm(loaded, world, draws, chosen, label, known, progress, engine)


def resolve_scenario(scenario: Scenario | str | Path) -> Scenario:
    """The scenario itself, or the one of that name or path."""
    if not isinstance(scenario, str | Path):
        return scenario
    from commsim.scenario import load_scenario

    return load_scenario(scenario)


def resolve_catalogue(catalogue: Catalogue | None) -> Catalogue:
    """The given rules, or all that are built in and installed."""
    if catalogue is not None:
        return catalogue
    from commsim.plugin_host.loader import load_catalogue

    return load_catalogue()


def choose_rule(rule: str | Rule | type[Rule] | None, scenario: Scenario, catalogue: Catalogue) -> tuple[str, Rule]:
    """How an arm is called, and its rule: from "id:k=v", a Rule, its class, or None for what the scenario says.

    Raises RuleError for a rule that is not complete, InvalidInput for what is no rule at all.
    """
    if rule is None:
        made = rule_of_fund(scenario.fund_under_comparison, catalogue)
    elif isinstance(rule, str):
        made = catalogue.make_written(rule)
    else:
        from commsim.plugin_host.own_rules import own_rule

        made = own_rule(rule)
    return rule_label(made), made


def rule_of_fund(fund: Any, catalogue: Catalogue) -> Rule:
    """The rule that a scenario gives a fund, with its modifiers in the order written."""
    if isinstance(fund.rule, str):
        return catalogue.make_written(fund.rule)
    return catalogue.make(fund.rule.id, dict(fund.rule.params), fund.rule.modifiers)


def rule_label(rule: Rule) -> str:
    """How a rule is called in tables: its id, the parameters that differ from their defaults, its modifiers.

    >>> from commsim.plugin_host.loader import load_catalogue
    >>> rule_label(load_catalogue().make("match.linear", {"rate": 2}))
    'match.linear:rate=2.0'
    """
    from commsim.calling.modified_rule import plain_rule, written_modifiers

    defaults = {name: default for name, default, _metadata in type(plain_rule(rule)).parameters()}
    changed = [f"{k}={v}" for k, v in parameters_of(rule).items() if k not in defaults or defaults[k] != v]
    modifiers = "".join(f"+{written}" for written in written_modifiers(rule))
    return rule.id + (":" + ",".join(changed) if changed else "") + modifiers


def run_arm(
    scenario: Scenario,
    world: Any,
    draws: Draws,
    rule: Rule,
    label: str,
    catalogue: Catalogue,
    progress: Progress | None = None,
    engine: Engine = ENGINE,
    *,
    with_kinds: bool = True,
) -> RunResult:
    """Run one arm in a world that is there, and record it. The world is only read, so arms can share it.

    `with_kinds`: whether what each resident is (age, tenure, …) is kept, which the arms of one world need once.
    """
    began = time.perf_counter()
    compared = scenario.fund_under_comparison.id
    rules = {fund.id: rule_of_fund(fund, catalogue) for fund in scenario.funds if fund.id != compared}
    rules[compared] = copy.deepcopy(rule)  # a rule that remembers must not remember another run
    known = {fund: provenance(made, catalogue) for fund, made in rules.items()}
    model = engine.make_model(world, scenario, rules, draws, catalogue)
    model.run(progress=progress)
    result = record_run(
        model,
        rule=label,
        rule_id=rule.id,
        parameters=parameters_of(rule),
        title=rule.title,
        seed=draws.seed,
        replicate=draws.replicate,
        rules=known,
        with_kinds=with_kinds,
    )
    return replace(result, seconds=time.perf_counter() - began)
