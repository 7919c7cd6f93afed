"""`commsim scenarios`: list, show, validate, schema."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commsim.cli import options
from commsim.cli.framework import Group, LazyCommand, command
from commsim.cli.output import data_console, plain_table, said, tell, tell_note, words, write_json, write_line
from commsim.errors import InvalidInput
from commsim.i18n import N_, _

if TYPE_CHECKING:
    from commsim.service.scenarios import Checked

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
    from commsim.service.scenarios import list_scenarios

    found = list_scenarios()
    if as_json:
        write_json(found)
        return
    rows = [
        (listed["name"], f"{said(listed['title'])}\n{said(listed['description']).strip()}".strip()) for listed in found
    ]
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
    from commsim.service.scenarios import scenario_text, show_scenario

    if as_json:
        write_json(show_scenario(scenario, overrides, tell_note))
    else:
        write_line(scenario_text(scenario, overrides, tell_note).removesuffix("\n"))


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
    from commsim.service.scenarios import validate_scenarios

    found = validate_scenarios(scenario_files, plugin_files)
    if as_json:
        write_json([problem for checked in found for problem in checked.problems])
    else:
        for checked in found:
            _show_checked(checked)
    bad = sum(bool(checked.problems) for checked in found)
    if bad:
        raise InvalidInput(_("{bad} of {all} scenarios cannot be run").format(bad=bad, all=len(found)))


def _show_checked(checked: Checked) -> None:
    from commsim.service.scenarios import SHOWN_PROBLEMS

    for problem in checked.problems[:SHOWN_PROBLEMS]:
        tell(_as_line(problem))
    if len(checked.problems) > SHOWN_PROBLEMS:
        tell(_("… and {more} more").format(more=f"{len(checked.problems) - SHOWN_PROBLEMS:,}"))
    if not checked.problems:
        write_line(str(_("{scenario}: no problems").format(scenario=checked.scenario)))
    for note in checked.notes:
        tell_note(words(note))


def _as_line(problem: dict[str, Any]) -> str:
    place = f"{problem['file']}:{problem['line']}" if problem["line"] else problem["file"]
    return ": ".join(part for part in (place, problem["path"], said(problem["text"])) if part)


@command(
    "schema",
    help=N_("Write the JSON Schema of a scenario file to stdout; editors use it to complete and check what you type."),
)
def schema() -> None:
    """Write the JSON Schema."""
    from commsim.service.scenarios import scenario_schema

    write_json(scenario_schema())
