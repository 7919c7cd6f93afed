"""`commsim rules`: list, show (new and check are in authors, replay in elections)."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commsim.cli import options
from commsim.cli.framework import Group, LazyCommand, command
from commsim.cli.output import data_console, plain_table, write_json
from commsim.i18n import N_, _

if TYPE_CHECKING:
    from commsim.contracts import Rule
    from commsim.plugins import Entry

rules = Group(
    "rules",
    help=N_("Rules are the ways of handing out a fund. A scenario names one for each of its funds."),
    lazy_commands={
        "list": LazyCommand("commsim.cli.rules:list_command", N_("List the rules that can be chosen.")),
        "show": LazyCommand("commsim.cli.rules:show", N_("Explain a rule and its parameters.")),
        "new": LazyCommand("commsim.cli.authors:new", N_("Write a rule of your own with its test, to start from.")),
        "check": LazyCommand("commsim.cli.authors:check", N_("Hold a rule to its contract and time it.")),
        "replay": LazyCommand(
            "commsim.cli.elections:replay_command", N_("Compare with official winners of real elections.")
        ),
    },
)


@command("list", help=N_("List the rules that are built in, installed as plugins, or in the files given."))
@options.plugin_option()
@options.no_plugins_option()
@options.json_option()
def list_command(plugin_files: tuple[Path, ...], no_plugins: bool, as_json: bool) -> None:
    """List rules."""
    entries = options.catalogue_of(plugin_files, no_plugins).list()
    if as_json:
        write_json([_document(entry) for entry in entries])
        return
    rows = [(entry.id, str(entry.rule.title), _defaults(entry.rule), str(entry.origin)) for entry in entries]
    data_console().print(plain_table([_("Rule"), _("What it is"), _("Parameters"), _("From")], rows))


@command("show", help=N_("Explain the rule ID: what it does, its parameters, what it sees of a round, its source."))
@click.argument("rule_id", metavar="ID", shell_complete=options.complete_rule)
@options.plugin_option()
@options.no_plugins_option()
@options.json_option()
def show(rule_id: str, plugin_files: tuple[Path, ...], no_plugins: bool, as_json: bool) -> None:
    """Explain a rule."""
    entry = options.catalogue_of(plugin_files, no_plugins).entry(rule_id)
    if as_json:
        write_json(_document(entry))
        return
    rule, console = entry.rule, data_console()
    console.print(f"{rule.title} ({rule.id})")
    if str(rule.summary):
        console.print(f"\n{rule.summary}")
    parameters = list(rule.parameters())
    if parameters:
        rows = [
            (name, str(default), _bounds(facts), facts.get("unit") or "", str(facts.get("doc") or ""))
            for name, default, facts in parameters
        ]
        headings = [_("Parameter"), _("Default"), _("Range"), _("Unit"), _("What it does")]
        console.print(plain_table(headings, rows, numeric=(1,)))
    else:
        console.print(f"\n{_('It has no parameters.')}")
    facts = [
        (_("Sees of a round, beyond amounts"), ", ".join(sorted(rule.needs)) or "—"),
        (_("Properties"), ", ".join(sorted(rule.properties)) or "—"),
        (_("Source"), rule.source or "—"),
        (_("From"), str(entry.origin)),
    ]
    for name, value in facts:
        console.print(str(_("{name}: {value}").format(name=name, value=value)))


def _document(entry: Entry) -> dict[str, Any]:
    rule = entry.rule
    return {
        "id": rule.id,
        "title": rule.title,
        "summary": rule.summary,
        "description": inspect.getdoc(rule) or "",
        "family": rule.family,
        "calls": rule.calls.value,
        "needs": sorted(rule.needs),
        "properties": sorted(rule.properties),
        "source": rule.source,
        "origin": entry.origin.record(),
        "parameters": [{"name": name, "default": default, **facts} for name, default, facts in rule.parameters()],
    }


def _defaults(rule: type[Rule]) -> str:
    return ", ".join(f"{name}={default}" for name, default, _facts in rule.parameters())


def _bounds(facts: Any) -> str:
    if facts.get("choices"):
        return " | ".join(map(str, facts["choices"]))
    low, high = facts.get("ge"), facts.get("le")
    if low is None and high is None:
        return ""
    return f"{'' if low is None else f'{low:g}'}…{'' if high is None else f'{high:g}'}"
