"""Scenarios: which there are, what one holds, and every problem of a file with its line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commsim.errors import CommsimError, InvalidInput
from commsim.i18n import Text
from commsim.scenario import Scenario, dump_resolved, load_scenario, validate_scenario
from commsim.scenario import list_scenarios as shipped_scenarios
from commsim.scenario import scenario_schema as schema_of_scenarios
from commsim.scenario.loading import written_at
from commsim.scenario.notes import scenario_notes
from commsim.scenario.problems import SHOWN_PROBLEMS as SHOWN_PROBLEMS
from commsim.scenario.problems import InvalidFile, Problem
from commsim.scenario.schema import LARGEST_SEED as LARGEST_SEED
from commsim.service.catalogues import catalogue_of
from commsim.service.following import Tell, untold
from commsim.store.plain import plain

if TYPE_CHECKING:
    from commsim.plugin_host.catalogue import Catalogue


@dataclass(frozen=True)
class Checked:
    """A scenario file as checked: its `problems` (file, line, path, text), and `notes` where it can be read."""

    scenario: str
    problems: list[dict[str, Any]]
    notes: list[dict[str, str]]


def list_scenarios() -> list[dict[str, Any]]:
    """The shipped scenarios: name, title, description."""
    return [
        plain({"name": listed.name, "title": listed.title, "description": listed.description})
        for listed in shipped_scenarios()
    ]


def scenario_names() -> list[str]:
    """Names of the shipped scenarios."""
    return [listed["name"] for listed in list_scenarios()]


def show_scenario(scenario: str | Path, overrides: Sequence[str] = (), note: Tell = untold) -> dict[str, Any]:
    """A scenario as values by name, everything that it extends merged in.

    Arguments: `scenario`, a name or a file; `overrides`, `dotted.path=value`; `note`, told what is easily overlooked.
    Raises InvalidInput with every problem.
    """
    return plain(loaded_scenario(scenario, overrides, note).model_dump(mode="json", by_alias=True))


def scenario_text(scenario: str | Path, overrides: Sequence[str] = (), note: Tell = untold) -> str:
    """The same as the YAML of a file to begin one's own from."""
    return dump_resolved(loaded_scenario(scenario, overrides, note))


def loaded_scenario(scenario: str | Path, overrides: Sequence[str], note: Tell) -> Scenario:
    """The scenario itself, with what is easily overlooked told (for use cases). Raises InvalidInput."""
    loaded = load_scenario(scenario, overrides)
    for text in scenario_notes(loaded):
        note(text)
    return loaded


def scenario_schema() -> dict[str, Any]:
    """The JSON Schema of a scenario file."""
    return plain(schema_of_scenarios())


def validate_scenarios(scenarios: Sequence[str | Path], plugin_files: Sequence[str | Path] = ()) -> list[Checked]:
    """Every problem of each scenario (a name or a file), with its file and line, and what is easily overlooked."""
    return [_checked(scenario, plugin_files) for scenario in scenarios]


def _checked(name: str | Path, plugin_files: Sequence[str | Path]) -> Checked:
    read = validate_scenario(name)
    if read:
        problems = [{"file": bad.file, "line": bad.line, "path": bad.path, "text": bad.text} for bad in read]
        return Checked(str(name), plain(problems), [])
    scenario = load_scenario(name)
    problems = [*_unusable_rules(name, scenario, catalogue_of(plugin_files)), *_impossible_population(name, scenario)]
    # Notes also where it cannot be run: what contradicts may be why nobody can be made.
    return Checked(str(name), plain(problems), plain(scenario_notes(scenario)))


def check_rules(
    name: str | Path, scenario: Scenario, overrides: Sequence[str], catalogue: Catalogue, *, but_compared: bool
) -> None:
    """Raise InvalidFile with the file and line of each rule of a scenario that cannot be made.

    `but_compared`: leave out that of the fund under comparison, in whose place another rule was given. Where overrides
    change funds, a line of the file could be a wrong one: then the rule tells, once it is made.
    """
    if any(override.startswith("funds") for override in overrides):
        return
    compared = f"funds.{scenario.fund_under_comparison.id}.rule" if but_compared else None
    problems = [Problem(**bad) for bad in _unusable_rules(name, scenario, catalogue) if bad["path"] != compared]
    if problems:
        raise InvalidFile(problems)


def _unusable_rules(name: str | Path, scenario: Scenario, catalogue: Catalogue) -> list[dict[str, Any]]:
    from commsim.study.simulation import rule_of_fund

    problems = []
    for position, fund in enumerate(scenario.funds):
        try:
            rule_of_fund(fund, catalogue)
        except CommsimError as error:
            location = ("funds", position, "rule")
            problems.append(_problem_at(name, location, f"funds.{fund.id}.rule", error.text))
    return problems


def _impossible_population(name: str | Path, scenario: Scenario) -> list[dict[str, Any]]:
    """What keeps the residents from being made: margins, each fine by itself, that no households meet together."""
    from commsim.randomness import Draws
    from commsim.scenario.levers import moved
    from commsim.world.population import check_population

    try:
        check_population(scenario, Draws(scenario.seed))
    except InvalidInput as error:
        # A lever that was moved is what made margins contradict that fitted together before.
        part = next(iter(moved(scenario.population)), "margins")
        return [_problem_at(name, ("population", part), f"population.{part}", error.text)]
    return []


def _problem_at(name: str | Path, location: tuple[str | int, ...], path: str, text: Text) -> dict[str, Any]:
    place = written_at(name, location)
    return {"file": place.file, "line": place.line, "path": path, "text": text}
