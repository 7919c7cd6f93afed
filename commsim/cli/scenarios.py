"""`commsim scenarios`: list, show, validate, schema."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commsim.cli import options
from commsim.cli.framework import Group, LazyCommand, command
from commsim.cli.output import data_console, plain_table, tell, write_json, write_line
from commsim.errors import CommsimError, InvalidInput
from commsim.i18n import N_, Text, _

if TYPE_CHECKING:
    from commsim.scenario import Scenario

scenarios = Group(
    "scenarios",
    help=N_("Scenario files say what a run starts from: who lives where, which funds there are, for how long."),
    lazy_commands={
        "list": LazyCommand("commsim.cli.scenarios:list_command", N_("List the shipped scenarios.")),
        "show": LazyCommand("commsim.cli.scenarios:show", N_("Show a scenario with everything it extends, as YAML.")),
        "validate": LazyCommand("commsim.cli.scenarios:validate", N_("Check scenario files, telling every problem.")),
        "schema": LazyCommand("commsim.cli.scenarios:schema", N_("Write the JSON Schema of a scenario file.")),
    },
)


@command("list", help=N_("List the scenarios that ship with commsim."))
@options.json_option()
def list_command(as_json: bool) -> None:
    """List the shipped scenarios."""
    from commsim.scenario import list_scenarios

    found = list_scenarios()
    if as_json:
        write_json([{"name": one.name, "title": one.title, "description": one.description} for one in found])
        return
    rows = [(one.name, f"{one.title}\n{str(one.description).strip()}".strip()) for one in found]
    data_console().print(plain_table([_("Name"), _("What it is")], rows))


@command(
    "show",
    help=N_(
        "Show SCENARIO as one YAML file: everything that it extends merged in, and every default written out. "
        "Redirect it into a file to begin a scenario of your own."
    ),
)
@click.argument("scenario", shell_complete=options.complete_scenario)
@options.set_option()
@options.json_option()
def show(scenario: str, overrides: tuple[str, ...], as_json: bool) -> None:
    """Show a scenario."""
    from commsim.scenario import dump_resolved, load_scenario

    loaded = load_scenario(scenario, overrides)
    tell_notes(loaded)
    if as_json:
        write_json(loaded.model_dump(mode="json", by_alias=True))
    else:
        write_line(dump_resolved(loaded).removesuffix("\n"))


@command(
    "validate",
    help=N_(
        "Check each SCENARIO (a name or a .yaml file) and tell every problem with file and line. Ends with exit code 3 "
        "where there is one."
    ),
)
@click.argument(
    "scenario_files", metavar="SCENARIO…", nargs=-1, required=True, shell_complete=options.complete_scenario
)
@options.plugin_option()
@options.json_option()
def validate(scenario_files: tuple[str, ...], plugin_files: tuple[Path, ...], as_json: bool) -> None:
    """Check scenario files."""
    from commsim.scenario import load_scenario, validate_scenario
    from commsim.scenario.problems import SHOWN_PROBLEMS

    found = {name: _problems(name, plugin_files) for name in scenario_files}
    bad = sum(bool(problems) for problems in found.values())
    if as_json:
        write_json([problem for problems in found.values() for problem in problems])
    else:
        for name, problems in found.items():
            for problem in problems[:SHOWN_PROBLEMS]:
                tell(_as_line(problem))
            if len(problems) > SHOWN_PROBLEMS:
                tell(_("… and {more} more").format(more=f"{len(problems) - SHOWN_PROBLEMS:,}"))
            if not problems:
                write_line(str(_("{scenario}: no problems").format(scenario=name)))
            if not validate_scenario(name):  # what contradicts may be why nobody can be made
                tell_notes(load_scenario(name))
    if bad:
        raise InvalidInput(_("{bad} of {all} scenarios cannot be run").format(bad=bad, all=len(found)))


def _problems(name: str, plugin_files: tuple[Path, ...]) -> list[dict[str, Any]]:
    from commsim.scenario import load_scenario, validate_scenario

    problems = [
        {"file": one.file, "line": one.line, "path": one.path, "text": one.text} for one in validate_scenario(name)
    ]
    if problems:
        return problems
    scenario = load_scenario(name)
    return [*_unusable_rules(name, scenario, plugin_files), *_impossible_population(name, scenario)]


def _unusable_rules(name: str, scenario: Scenario, plugin_files: tuple[Path, ...]) -> list[dict[str, Any]]:
    from commsim.study.simulation import rule_of_fund

    catalogue = options.catalogue_of(plugin_files)
    problems = []
    for position, fund in enumerate(scenario.funds):
        try:
            rule_of_fund(fund, catalogue)
        except CommsimError as error:
            location = ("funds", position, "rule")
            problems.append(_problem_at(name, location, f"funds.{fund.id}.rule", error))
    return problems


def _impossible_population(name: str, scenario: Scenario) -> list[dict[str, Any]]:
    """What keeps the residents from being made: margins, each fine by itself, that no households meet together."""
    from commsim.randomness import Draws
    from commsim.world.population import check_population

    try:
        check_population(scenario, Draws(scenario.seed))
    except InvalidInput as error:
        return [_problem_at(name, ("population", "margins"), "population.margins", error)]
    return []


def _problem_at(name: str, location: tuple[str | int, ...], path: str, error: CommsimError) -> dict[str, Any]:
    from commsim.scenario.loading import written_at

    place = written_at(name, location)
    return {"file": place.file, "line": place.line, "path": path, "text": error.text}


def tell_notes(scenario: Scenario) -> None:
    """Tell on stderr what is easily overlooked in a scenario, such as a census that is borrowed."""
    from commsim.scenario.notes import scenario_notes

    for note in scenario_notes(scenario):
        tell(_("Note: {text}").format(text=note))


def _as_line(problem: dict[str, Any]) -> str:
    text: Text = problem["text"]
    place = f"{problem['file']}:{problem['line']}" if problem["line"] else problem["file"]
    return ": ".join(part for part in (place, problem["path"], str(text)) if part)


@command(
    "schema",
    help=N_("Write the JSON Schema of a scenario file to stdout; editors use it to complete and check what you type."),
)
def schema() -> None:
    """Write the JSON Schema."""
    from commsim.scenario import scenario_schema

    write_json(scenario_schema())
