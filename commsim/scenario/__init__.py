"""What a run is given: scenario files checked with file and line, and the registry of every number the model uses."""

from __future__ import annotations

from commsim.scenario.funds import CoverageStep, FundCalendar, FundSpec, RuleSpec
from commsim.scenario.loading import (
    ScenarioListing,
    dump_resolved,
    list_scenarios,
    load_scenario,
    scenario_schema,
    schema_text,
    validate_scenario,
)
from commsim.scenario.problems import InvalidFile, Problem
from commsim.scenario.project_kinds import ProjectKindSpec
from commsim.scenario.registry import Parameter, Parameters, Registry, load_registry
from commsim.scenario.scenario_files import shipped_folder
from commsim.scenario.schema import Scenario

__all__ = [
    "CoverageStep",
    "FundCalendar",
    "FundSpec",
    "InvalidFile",
    "Parameter",
    "Parameters",
    "Problem",
    "ProjectKindSpec",
    "Registry",
    "RuleSpec",
    "Scenario",
    "ScenarioListing",
    "dump_resolved",
    "list_scenarios",
    "load_registry",
    "load_scenario",
    "scenario_schema",
    "schema_text",
    "shipped_folder",
    "validate_scenario",
]
