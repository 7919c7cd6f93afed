"""`commsim rules`: list, show, of rules and of modifiers (new and check are in authors, replay in replays)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commsim.cli import options
from commsim.cli.framework import Group, LazyCommand, command
from commsim.cli.output import Wrapped, data_console, listing, plain_table, print_table, said, words, write_json
from commsim.i18n import N_, Text, _

if TYPE_CHECKING:
    from commsim.service.rules import RuleCard

rules = Group(
    "rules",
    help=N_(
        "Rules are the ways of handing out a fund. A scenario names one for each of its funds, and may lay modifiers "
        "over it: match.linear+cap:share=0.2."
    ),
    lazy_commands={
        "list": LazyCommand("commsim.cli.rules:list_command", N_("List the rules and modifiers that can be chosen.")),
        "show": LazyCommand("commsim.cli.rules:show", N_("Explain a rule or modifier and its parameters.")),
        "new": LazyCommand("commsim.cli.authors:new", N_("Write a rule of your own with its test, to start from.")),
        "check": LazyCommand("commsim.cli.authors:check", N_("Hold a rule to its contract and time it.")),
        "replay": LazyCommand(
            "commsim.cli.replays:replay_command", N_("Compare with official winners of real elections.")
        ),
    },
)


@command(
    "list",
    help=N_("List the rules and modifiers that are built in, installed as plugins, or in the files given."),
)
@options.plugin_option()
@options.no_plugins_option()
@options.json_option()
def list_command(plugin_files: tuple[Path, ...], no_plugins: bool, as_json: bool) -> None:
    """List rules, then modifiers."""
    from commsim.service.rules import list_rules

    cards = list_rules(plugin_files, not no_plugins)
    if as_json:
        write_json([card.document for card in cards])
        return
    console = data_console()
    tables = (
        (_("Rule"), [card for card in cards if not card.is_modifier]),
        (_("Modifier"), [card for card in cards if card.is_modifier]),
    )
    for heading, listed in tables:
        rows = [
            (
                f"{card.document['id']}\n{card.document.get('family', '')}",
                _both_titles(card),
                said(card.needs),
                card.origin,
            )
            for card in listed
        ]
        print_table(console, plain_table([heading, _("What it is"), _("Needs"), _("From")], rows, ids=(0,)))


def _both_titles(card: RuleCard) -> str:
    """The title in both languages, so that either reader finds the rule."""
    title = card.document["title"]
    return f"{title['en']}\n{title['zh']}"


@command(
    "show",
    help=N_("Explain the rule or modifier ID: what it does, its parameters, what it sees of a round, its source."),
)
@click.argument("rule_id", metavar="ID", shell_complete=options.complete_rule)
@options.plugin_option()
@options.no_plugins_option()
@options.json_option()
def show(rule_id: str, plugin_files: tuple[Path, ...], no_plugins: bool, as_json: bool) -> None:
    """Explain a rule or a modifier."""
    from commsim.service.rules import show_rule

    card, console = show_rule(rule_id, plugin_files, not no_plugins), data_console()
    if as_json:
        write_json(card.document)
        return
    title, summary = words(card.document["title"]), said(card.document["summary"])
    console.print(str(_("{title} ({name})").format(title=title, name=card.document["id"])))
    if summary:
        console.print(Wrapped(f"\n{summary}"))
    _show_parameters(card)
    _show_words(_("Sees of a round, beyond amounts"), card.need_meanings)
    if not card.is_modifier:
        _show_words(_("Properties"), card.property_meanings)
    source = "—" if card.source is None else words(card.source)
    for name, value in ((_("Source"), source), (_("From"), card.origin)):
        console.print(Wrapped(str(_("{name}: {value}").format(name=name, value=value))))


def _show_words(heading: Text, meanings: Mapping[str, Any]) -> None:
    """Words of the contract as authors write them, one a line, each with its meaning."""
    console = data_console()
    nothing = "" if meanings else "—"
    console.print(str(_("{name}: {value}").format(name=heading, value=nothing)).rstrip())
    if meanings:
        console.print(listing(sorted((word, said(meaning)) for word, meaning in meanings.items())))


def _show_parameters(card: RuleCard) -> None:
    rows = [
        (
            f"{parameter['name']}\n{said(parameter['label'])}",
            parameter["default"],
            parameter["bounds"],
            said(parameter["unit"]),
            said(parameter["doc"]),
        )
        for parameter in card.parameters
    ]
    if not rows:
        nothing = _("It has no parameters.")
        data_console().print(f"\n{nothing}")
        return
    headings = [_("Parameter"), _("Default"), _("Range"), _("Unit"), _("What it does")]
    print_table(data_console(), plain_table(headings, rows, numeric=(1,), ids=(0,)))
