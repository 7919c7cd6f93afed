"""`commsim rules new` and `commsim rules check`: for those who write rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from commsim.cli import options
from commsim.cli.framework import command, option
from commsim.cli.output import data_console, plain_table, said, tell, words, write_json
from commsim.errors import RuleError
from commsim.i18n import N_, _


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
    from commsim.service.authors import new_rule

    rule, test = new_rule(name, out)
    console = data_console()
    console.print(rule)
    console.print(test)
    tell(
        _(
            "Next: edit {rule}, then commsim rules check {rule}, and commsim run tutorial --plugin {rule} --rule {id}"
        ).format(rule=rule, id=f"mine.{name}")
    )


def _outcome(check: dict[str, Any]) -> str:
    if not check["tested"]:
        return "–"
    return str(_("yes") if check["passed"] else _("no"))


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
    from commsim.service.authors import check_rule

    document = check_rule(rule, plugin_files, installed_plugins=not no_plugins, rule_seconds=seconds)
    checks = document["checks"]
    if as_json:
        write_json(document)
    else:
        rows = [(said(check["check"]), _outcome(check), said(check["detail"])) for check in checks]
        data_console().print(plain_table([_("Check"), _("Passed"), _("What was found")], rows))
    failed = [check for check in checks if not check["passed"]]
    if failed:
        detail = failed[0]["detail"]
        raise RuleError(
            _("{rule}: {n} of {all} checks failed: {first}").format(
                rule=rule, n=len(failed), all=len(checks), first=words(detail) if isinstance(detail, dict) else detail
            )
        )
