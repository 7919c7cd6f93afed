"""`commsim rules new` and `commsim rules check`: for those who write rules."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commsim.cli import options
from commsim.cli.framework import command, option
from commsim.cli.output import data_console, plain_table, tell, write_json
from commsim.errors import InvalidInput, RuleError
from commsim.i18n import N_, _

if TYPE_CHECKING:
    from commsim.authoring.findings import Finding

_FILE = re.compile(r"(?P<path>.+?\.py)(?P<chosen>([:+].*)?)")  # a file, and what is written after it as after an id


@command("new", help=N_("Write NAME.py, a rule in a single file to start from, and its test test_NAME.py."))
@click.argument("name", metavar="NAME")
@option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("."),
    metavar="DIR",
    help=N_("Folder for both files (default: here)."),
)
def new(name: str, out: Path) -> None:
    """Write a rule to start from."""
    from commsim.authoring.template import new_rule

    rule, test = new_rule(name, out)
    console = data_console()
    console.print(str(rule))
    console.print(str(test))
    tell(
        _(
            "Next: edit {rule}, then commsim rules check {rule}, and commsim run tutorial --plugin {rule} --rule {id}"
        ).format(rule=str(rule), id=f"mine.{name}")
    )


def _outcome(one: Finding) -> str:
    if not one.tested:
        return "–"
    return str(_("yes") if one.passed else _("no"))


@command(
    "check",
    help=N_(
        "Hold the rule in FILE, or the rule ID, to its contract: what it announces and awards, that it decides alike "
        "when asked twice and in every process, leaves its view alone, draws no luck of its own, keeps the properties "
        "that it claims, and answers the examples beside it (NAME.examples.yaml or .json) as they say; and time it. "
        "Parameters and modifiers are written as for --rule, such as pb.mes:completion=add1 or my_rule.py:rate=1; "
        "without them a rule is checked at its defaults. Ends with code 3 where something fails."
    ),
)
@click.argument("rule", metavar="FILE|ID[:NAME=VALUE,…][+MODIFIER…]", shell_complete=options.complete_rule)
@options.plugin_option()
@options.no_plugins_option()
@options.rule_seconds_option()
@options.json_option()
def check(rule: str, plugin_files: tuple[Path, ...], no_plugins: bool, seconds: float | None, as_json: bool) -> None:
    """Check a rule."""
    from commsim.authoring.check import check_rule_file, check_written

    file = _FILE.fullmatch(rule)
    with options.limited(seconds):
        if file:
            findings = check_rule_file(Path(file["path"]), file["chosen"])
        elif Path(rule).is_file():
            raise InvalidInput(
                _("{file}: a plugin is a Python file, whose name ends in .py. Rename it, or give another").format(
                    file=rule
                )
            )
        else:
            findings = check_written(options.catalogue_of(plugin_files, no_plugins), rule)
    failed = [one for one in findings if not one.passed]
    if as_json:
        rows = [
            {"check": one.name, "passed": one.passed, "tested": one.tested, "detail": one.detail} for one in findings
        ]
        write_json({"passed": not failed, "checks": rows})
    else:
        rows_shown = [(str(one.name), _outcome(one), str(one.detail)) for one in findings]
        data_console().print(plain_table([_("Check"), _("Passed"), _("What was found")], rows_shown))
    if failed:
        raise RuleError(
            _("{rule}: {n} of {all} checks failed: {first}").format(
                rule=rule, n=len(failed), all=len(findings), first=failed[0].detail
            )
        )
