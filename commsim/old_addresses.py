"""Addresses of version 0.1 that stand for one minor version: modules and names that moved are found, with a warning.

One table (`MODULES`, `NAMES`) and two ways into it: a finder that is asked only for modules which nobody else has, and
`old_names` for packages that still stand but lost names. Both go in the next minor version, and this file with them.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

MODULES = {
    "commsim.agents.community": "commsim.community.community",
    "commsim.agents.fund": "commsim.community.funds",
    "commsim.agents.purses": "commsim.community.founding_funds",
    "commsim.agents.residents": "commsim.community.people",
    "commsim.behaviour.elections": "commsim.behaviour.turnout",
    "commsim.behaviour.social": "commsim.behaviour.social_influence",
    "commsim.behaviour.terms": "commsim.behaviour.terms_heard",
    "commsim.contracts.words": "commsim.contracts.known_words",
    "commsim.lab.calibrate": "commsim.validation.calibrate",
    "commsim.lab.catalogue_of_facts": "commsim.validation.catalogue_of_facts",
    "commsim.lab.district_facts": "commsim.validation.district_facts",
    "commsim.lab.experiments_of_facts": "commsim.validation.experiments_of_facts",
    "commsim.lab.facts": "commsim.validation.facts",
    "commsim.lab.kernel": "commsim.lab.measured_effects",
    "commsim.lab.kinds": "commsim.lab.field_kinds",
    "commsim.lab.laboratory": "commsim.validation.laboratory",
    "commsim.lab.results": "commsim.store.laboratory",
    "commsim.lab.spelling": "commsim.lab.argument_names",
    "commsim.lab.uncertainty": "commsim.validation.uncertainty",
    "commsim.ledger": "commsim.community.ledger",
    "commsim.plugins.also_called": "commsim.plugin_host.also_called",
    "commsim.plugins.authoring": "commsim.authoring.check",
    "commsim.plugins.calling": "commsim.calling.call",
    "commsim.plugins.catalogue": "commsim.plugin_host.catalogue",
    "commsim.plugins.checks": "commsim.calling.checks",
    "commsim.plugins.declared": "commsim.plugin_host.declared",
    "commsim.plugins.elsewhere": "commsim.authoring.hash_order",
    "commsim.plugins.evaluate": "commsim.evaluation.evaluate",
    "commsim.plugins.evaluate_file": "commsim.evaluation.of_a_file",
    "commsim.plugins.exactly": "commsim.evaluation.fine_money",
    "commsim.plugins.examples": "commsim.evaluation.examples",
    "commsim.plugins.hooks": "commsim.plugin_host.hooks",
    "commsim.plugins.known_properties": "commsim.contracts.properties",
    "commsim.plugins.loader": "commsim.plugin_host.loader",
    "commsim.plugins.made_rounds": "commsim.authoring.sample_rounds",
    "commsim.plugins.modified": "commsim.calling.modified_rule",
    "commsim.plugins.naming": "commsim.natural_order",
    "commsim.plugins.origins": "commsim.calling.origins",
    "commsim.plugins.own_rules": "commsim.plugin_host.own_rules",
    "commsim.plugins.pabulib": "commsim.elections.pabulib",
    "commsim.plugins.pabulib_ballots": "commsim.elections.ballots",
    "commsim.plugins.pabulib_caps": "commsim.elections.caps",
    "commsim.plugins.pabulib_election": "commsim.elections.election",
    "commsim.plugins.pabulib_limits": "commsim.elections.limits",
    "commsim.plugins.pabulib_meta": "commsim.elections.meta",
    "commsim.plugins.pabulib_numbers": "commsim.elections.numbers",
    "commsim.plugins.pabulib_sections": "commsim.elections.sections",
    "commsim.plugins.pabulib_ties": "commsim.elections.ties",
    "commsim.plugins.plain_checks": "commsim.evaluation.plain_checks",
    "commsim.plugins.plain_input": "commsim.evaluation.plain_input",
    "commsim.plugins.plain_round": "commsim.evaluation.plain_round",
    "commsim.plugins.properties": "commsim.authoring.properties",
    "commsim.plugins.quoting": "commsim.calling.quotes",
    "commsim.plugins.replay": "commsim.elections.replay",
    "commsim.plugins.rules": "commsim.plugins",
    "commsim.plugins.rules.authority": "commsim.plugins.panels.authority",
    "commsim.plugins.rules.bandit": "commsim.plugins.learning.bandit",
    "commsim.plugins.rules.basic": "commsim.plugins.divisions.basic",
    "commsim.plugins.rules.choosing": "commsim.plugins.shared.choosing",
    "commsim.plugins.rules.claims": "commsim.plugins.divisions.claims",
    "commsim.plugins.rules.claims_arithmetic": "commsim.plugins.divisions.claims_arithmetic",
    "commsim.plugins.rules.committee": "commsim.plugins.committees.approval",
    "commsim.plugins.rules.committee_bounds": "commsim.plugins.committees.bounds",
    "commsim.plugins.rules.committee_coverage": "commsim.plugins.committees.coverage",
    "commsim.plugins.rules.committee_greedy": "commsim.plugins.committees.greedy_monroe",
    "commsim.plugins.rules.committee_scores": "commsim.plugins.committees.scores",
    "commsim.plugins.rules.committee_search": "commsim.plugins.committees.search",
    "commsim.plugins.rules.conviction": "commsim.plugins.budgeting.conviction",
    "commsim.plugins.rules.covering": "commsim.plugins.benchmarks.covering",
    "commsim.plugins.rules.dividing": "commsim.plugins.shared.dividing",
    "commsim.plugins.rules.divisible": "commsim.plugins.divisions.residents_splits",
    "commsim.plugins.rules.equal_shares": "commsim.plugins.equal_shares.purchases",
    "commsim.plugins.rules.equal_shares_bounds": "commsim.plugins.equal_shares.bounds",
    "commsim.plugins.rules.equal_shares_next": "commsim.plugins.equal_shares.next_purchases",
    "commsim.plugins.rules.equal_shares_raised": "commsim.plugins.equal_shares.raised",
    "commsim.plugins.rules.equal_shares_reach": "commsim.plugins.equal_shares.reach",
    "commsim.plugins.rules.formula": "commsim.plugins.divisions.formula",
    "commsim.plugins.rules.lottery": "commsim.plugins.panels.lottery",
    "commsim.plugins.rules.marks": "commsim.plugins.shared.marks",
    "commsim.plugins.rules.match": "commsim.plugins.matching.linear",
    "commsim.plugins.rules.match_conditional": "commsim.plugins.matching.conditional",
    "commsim.plugins.rules.maximin": "commsim.plugins.shared.maximin",
    "commsim.plugins.rules.optimal": "commsim.plugins.benchmarks.optimal",
    "commsim.plugins.rules.participatory_budgeting": "commsim.plugins.budgeting.greedy_votes",
    "commsim.plugins.rules.pb_bounded": "commsim.plugins.equal_shares.bounded",
    "commsim.plugins.rules.pb_cumulative": "commsim.plugins.budgeting.cumulative",
    "commsim.plugins.rules.pb_equal_shares": "commsim.plugins.equal_shares.rule",
    "commsim.plugins.rules.pb_greedy": "commsim.plugins.budgeting.greedy",
    "commsim.plugins.rules.pb_optimal": "commsim.plugins.budgeting.optimal",
    "commsim.plugins.rules.pb_phragmen": "commsim.plugins.budgeting.phragmen",
    "commsim.plugins.rules.performance": "commsim.plugins.panels.performance",
    "commsim.plugins.rules.phragmen": "commsim.plugins.shared.phragmen",
    "commsim.plugins.rules.profile": "commsim.plugins.shared.profile",
    "commsim.plugins.rules.quadratic": "commsim.plugins.quadratic.funding",
    "commsim.plugins.rules.quadratic_arithmetic": "commsim.plugins.quadratic.arithmetic",
    "commsim.plugins.rules.seed": "commsim.plugins.matching.seed",
    "commsim.plugins.rules.seed_kinds": "commsim.plugins.matching.seed_kinds",
    "commsim.plugins.rules.staged": "commsim.plugins.panels.staged",
    "commsim.plugins.rules.voting": "commsim.plugins.shared.voting",
    "commsim.plugins.rules.voucher": "commsim.plugins.divisions.voucher",
    "commsim.plugins.scan": "commsim.authoring.source_scan",
    "commsim.plugins.sources": "commsim.plugin_host.sources",
    "commsim.plugins.time_limit": "commsim.calling.time_limit",
    "commsim.plugins.validation": "commsim.plugin_host.validation",
    "commsim.plugins.values": "commsim.plugin_host.values",
    "commsim.plugins.views": "commsim.calling.views",
    "commsim.plugins.whole_fen": "commsim.calling.whole_fen",
    "commsim.plugins.wording": "commsim.calling.plugin_texts",
    "commsim.processes.circles": "commsim.processes.influence",
    "commsim.processes.failing": "commsim.processes.rule_failures",
    "commsim.processes.giving_back": "commsim.processes.refunds",
    "commsim.processes.quoted": "commsim.processes.match_quotes",
    "commsim.processes.splitting": "commsim.processes.budget_splits",
    "commsim.projects": "commsim.community.projects",
    "commsim.record.declaring": "commsim.record.indicator_declaration",
    "commsim.record.plotting": "commsim.report.quick_look",
    "commsim.record.standard": "commsim.record.standard_indicators",
    "commsim.report.figures": "commsim.report.paper_figures",
    "commsim.report.parts": "commsim.report.page_parts",
    "commsim.report.words": "commsim.report.number_words",
    "commsim.scenario.finding": "commsim.scenario.scenario_files",
    "commsim.scenario.traps": "commsim.scenario.input_method_traps",
    "commsim.study.abandoned": "commsim.store.abandoned",
    "commsim.study.manifest": "commsim.store.manifest",
    "commsim.study.spreadsheet_words": "commsim.store.spreadsheet_words",
    "commsim.study.spreadsheets": "commsim.store.spreadsheets",
    "commsim.study.store": "commsim.store.results",
    "commsim.study.tables": "commsim.store.tables",
    "commsim.study.worker": "commsim.study.chunks",
    "commsim.world.examples": "commsim.world.example_households",
}
"""Where each module of 0.1 is now."""

NAMES = {
    "commsim.agents.community.Acts": "commsim.community.month",
    "commsim.agents.community.Asked": "commsim.community.month",
    "commsim.agents.community.Election": "commsim.community.month",
    "commsim.agents.community.Month": "commsim.community.month",
    "commsim.agents.community.Place": "commsim.community.given",
    "commsim.agents.community.Positions": "commsim.community.given",
    "commsim.agents.community.Settled": "commsim.community.month",
    "commsim.agents.fund.Area": "commsim.community.rounds",
    "commsim.agents.fund.OpenRound": "commsim.community.rounds",
    "commsim.agents.fund.Pledge": "commsim.community.rounds",
    "commsim.agents.fund.Unit": "commsim.community.rounds",
    "commsim.agents.fund.Votes": "commsim.community.rounds",
    "commsim.lab.calibrate.IDENTIFIED_BELOW": "commsim.validation.posterior",
    "commsim.lab.calibrate.SEEDS_OF_SMALL_CELLS": "commsim.validation.calibration_targets",
    "commsim.lab.calibrate.as_rows": "commsim.validation.posterior",
    "commsim.lab.calibrate.write_posterior": "commsim.validation.posterior",
    "commsim.lab.results.draw_fact": "commsim.report.fact_charts",
    "commsim.lab.results.lab_page": "commsim.report.laboratory",
    "commsim.ledger.Purpose": "commsim.community.purposes",
    "commsim.plugins.Catalogue": "commsim.rules",
    "commsim.plugins.CatalogueSpecification": "commsim.plugin_host.catalogue",
    "commsim.plugins.Entry": "commsim.rules",
    "commsim.plugins.Origin": "commsim.calling.origins",
    "commsim.plugins.authoring.Finding": "commsim.authoring.findings",
    "commsim.plugins.authoring.GIFTS": "commsim.authoring.contract_checks",
    "commsim.plugins.authoring.new_rule": "commsim.authoring.template",
    "commsim.plugins.call_rule": "commsim.calling.call",
    "commsim.plugins.check_award": "commsim.calling.checks",
    "commsim.plugins.check_review": "commsim.calling.checks",
    "commsim.plugins.check_terms": "commsim.calling.checks",
    "commsim.plugins.load_catalogue": "commsim.rules",
    "commsim.plugins.made_rounds.CLUSTERS": "commsim.contracts.made_values",
    "commsim.plugins.make_view": "commsim.calling.views",
    "commsim.plugins.naming.cut_list": "commsim.suggestions",
    "commsim.plugins.naming.in_yuan": "commsim.money",
    "commsim.plugins.naming.listed": "commsim.suggestions",
    "commsim.plugins.origins.frame_line": "commsim.calling.faults",
    "commsim.plugins.origins.is_users_interrupt": "commsim.calling.faults",
    "commsim.plugins.origins.package_line": "commsim.calling.faults",
    "commsim.plugins.pabulib_ties.OFFICIAL": "commsim.elections.meta",
    "commsim.plugins.rules.basic.NoFund": "commsim.plugins.counterfactuals",
    "commsim.plugins.rules.basic.SameMoneyServices": "commsim.plugins.counterfactuals",
    "commsim.plugins.rules.dividing.divide_by_id": "commsim.rules",
    "commsim.plugins.views.seen_by": "commsim.calling.partial_views",
    "commsim.plugins.views.view_digest": "commsim.calling.view_digest",
    "commsim.projects.Stage": "commsim.community.procedures",
    "commsim.scenario.parameters.Distribution": "commsim.scenario.registry",
    "commsim.scenario.parameters.Parameter": "commsim.scenario.registry",
    "commsim.scenario.parameters.Parameters": "commsim.scenario.registry",
    "commsim.scenario.parameters.REGISTRY_FOLDER": "commsim.scenario.registry",
    "commsim.scenario.parameters.Registry": "commsim.scenario.registry",
    "commsim.scenario.parameters.UnknownParameter": "commsim.scenario.registry",
    "commsim.scenario.parameters.cached_registry": "commsim.scenario.registry",
    "commsim.scenario.parameters.load_registry": "commsim.scenario.registry",
    "commsim.scenario.parameters.read_registry": "commsim.scenario.registry",
    "commsim.study.store.RESULTS": "commsim.store.folders",
    "commsim.study.store.RUNS_PER_FILE": "commsim.store.run_tables",
    "commsim.study.store.already_there": "commsim.store.folders",
    "commsim.study.store.check_output": "commsim.store.folders",
    "commsim.study.store.flush": "commsim.store.folders",
    "commsim.study.store.in_english": "commsim.store.run_tables",
    "commsim.study.store.new_folder": "commsim.store.folders",
    "commsim.study.store.without_folders": "commsim.store.run_tables",
    "commsim.study.write_comparison": "commsim.store.results",
    "commsim.study.write_run": "commsim.store.results",
}
"""Names that are not where the rest of their module is now, each with the module that has it."""


def install() -> None:
    """Let modules be found by their old addresses; asked last, so that it costs nothing where nobody uses one."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.append(_Finder())


def old_names(package: str) -> Callable[[str], Any]:
    """The `__getattr__` of a package that lost names: found with a DeprecationWarning, AttributeError for others."""

    def get(name: str) -> Any:
        home = NAMES.get(f"{package}.{name}")
        if home is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        _warn(f"{package}.{name}", f"{home}.{name}")
        return _named(home, name)

    return get


def _warn(old: str, new: str) -> None:
    text = f"{old} is now {new}; the old address goes in the next minor version"
    warnings.warn(text, DeprecationWarning, stacklevel=3)  # who asks `get`, or who imports


def _named(home: str, name: str) -> Any:
    return getattr(import_module(home), name)


class _OldModule(ModuleType):
    """A module by its old address: its names are those of the new one, which are fetched when they are asked for."""

    def __getattr__(self, name: str) -> Any:
        old = f"{self.__name__}.{name}"
        if name.startswith("__") or old in MODULES:  # a submodule is imported, not fetched
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        home = NAMES.get(old, MODULES[self.__name__])
        return _named(home, name)


class _Finder(MetaPathFinder, Loader):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """A module of the table, a package where others stand below it."""
        if fullname not in MODULES:
            return None
        return ModuleSpec(fullname, self, is_package=any(old.startswith(f"{fullname}.") for old in MODULES))

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """A module that fetches its names from where they are now."""
        return _OldModule(spec.name, f"Moved: {MODULES[spec.name]}.")

    def exec_module(self, module: ModuleType) -> None:
        """Say once where it is now. The frames of the import system do not count as the caller."""
        _warn(module.__name__, MODULES[module.__name__])
