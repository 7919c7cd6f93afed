"""`commsim rules`: list, show, of rules and of modifiers (new and check are in authors, replay in replays)."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commsim.cli import options
from commsim.cli.framework import Group, LazyCommand, command
from commsim.cli.output import Wrapped, data_console, listing, plain_table, print_table, write_json
from commsim.i18n import N_, Text, _, translated_if_known

if TYPE_CHECKING:
    from typing_extensions import TypeIs

    from commsim.contracts import Modifier, Rule
    from commsim.plugin_host.catalogue import Catalogue, Entry, ModifierEntry

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
    from commsim.contracts.needs import needs_in_words

    catalogue = options.catalogue_of(plugin_files, no_plugins)
    modifiers = list(catalogue.modifiers.values())
    if as_json:
        write_json([*map(_document, catalogue.list()), *map(_document, modifiers)])
        return
    console = data_console()
    tables = (
        (_("Rule"), [(entry.rule, entry.origin) for entry in catalogue.list()]),
        (_("Modifier"), [(entry.modifier, entry.origin) for entry in modifiers]),
    )
    for heading, listed in tables:
        rows = [
            (
                f"{one.id}\n{getattr(one, 'family', '')}",
                _both_titles(one),
                str(needs_in_words(one.needs, between="\n")),
                str(origin),
            )
            for one, origin in listed
        ]
        print_table(console, plain_table([heading, _("What it is"), _("Needs"), _("From")], rows, ids=(0,)))


def _both_titles(shown: type[Rule] | type[Modifier]) -> str:
    """The title in both languages, so that either reader finds the rule."""
    return f"{shown.title.to('en')}\n{shown.title.to('zh')}"


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
    from commsim.contracts.needs import meaning_of_need
    from commsim.contracts.properties import KNOWN

    entry = _entry(options.catalogue_of(plugin_files, no_plugins), rule_id)
    if as_json:
        write_json(_document(entry))
        return
    shown, console = _class_of(entry), data_console()
    console.print(str(_("{title} ({name})").format(title=shown.title, name=shown.id)))
    if str(shown.summary):
        console.print(Wrapped(f"\n{shown.summary}"))
    _show_parameters(shown)
    _show_words(_("Sees of a round, beyond amounts"), {need: meaning_of_need(need) for need in shown.needs})
    if not _is_modifier(entry):
        _show_words(_("Properties"), {one: KNOWN.get(one, Text("")) for one in entry.rule.properties})
    for name, value in (
        (_("Source"), translated_if_known(shown.source) if shown.source else "—"),
        (_("From"), str(entry.origin)),
    ):
        console.print(Wrapped(str(_("{name}: {value}").format(name=name, value=value))))


def _show_words(heading: Text, meanings: Mapping[str, Text]) -> None:
    """Words of the contract as authors write them, one a line, each with its meaning."""
    console = data_console()
    nothing = "" if meanings else "—"
    console.print(str(_("{name}: {value}").format(name=heading, value=nothing)).rstrip())
    if meanings:
        console.print(listing(sorted((word, str(meaning)) for word, meaning in meanings.items())))


def _entry(catalogue: Catalogue, named: str) -> Entry | ModifierEntry:
    """The rule of that id, or the modifier, whose id may be written without "modifier." as in a scenario."""
    for modifier_id in (named, f"modifier.{named}"):
        if modifier_id in catalogue.modifiers:
            return catalogue.modifiers[modifier_id]
    return catalogue.entry(named)


def _is_modifier(entry: Entry | ModifierEntry) -> TypeIs[ModifierEntry]:
    return hasattr(entry, "modifier")


def _class_of(entry: Entry | ModifierEntry) -> type[Rule] | type[Modifier]:
    return entry.modifier if _is_modifier(entry) else entry.rule


def _show_parameters(shown: type[Rule] | type[Modifier]) -> None:
    rows = [
        (
            f"{name}\n{facts['label']}",
            as_typed(default),
            _bounds(facts),
            str(translated_if_known(facts.get("unit") or "")),
            str(facts.get("doc") or ""),
        )
        for name, default, facts in shown.parameters()
    ]
    if not rows:
        nothing = _("It has no parameters.")
        data_console().print(f"\n{nothing}")
        return
    headings = [_("Parameter"), _("Default"), _("Range"), _("Unit"), _("What it does")]
    print_table(data_console(), plain_table(headings, rows, numeric=(1,), ids=(0,)))


def as_typed(value: Any) -> str:
    """A parameter's value as one types it on the command line: `none`, `true` and `false` in small letters."""
    return str(value).lower() if value is None or isinstance(value, bool) else str(value)


def _document(entry: Entry | ModifierEntry) -> dict[str, Any]:
    """What programs are told; `kind` is "rule" or "modifier", and a modifier has no family, calls or properties."""
    shown = _class_of(entry)
    of_rule: dict[str, Any] = {}
    if not _is_modifier(entry):
        properties = sorted(entry.rule.properties)
        of_rule = {"family": entry.rule.family, "calls": entry.rule.calls.value, "properties": properties}
    return {
        "kind": "modifier" if _is_modifier(entry) else "rule",
        "id": shown.id,
        "title": shown.title,
        "summary": shown.summary,
        "description": inspect.getdoc(shown) or "",
        **of_rule,
        "needs": sorted(shown.needs),
        "source": translated_if_known(shown.source).to("en") if shown.source else "",
        "origin": entry.origin.record(),
        "parameters": [{"name": name, "default": default, **facts} for name, default, facts in shown.parameters()],
    }


def _bounds(facts: Any) -> str:
    if facts.get("choices"):
        return " | ".join(map(str, facts["choices"]))
    low, high = facts.get("ge"), facts.get("le")
    if low is None and high is None:
        return ""
    return f"{'' if low is None else _exact(low)}…{'' if high is None else _exact(high)}"


def _exact(bound: float) -> str:
    """A bound that a user can type as it is printed: short where that is the same number, else with all its digits."""
    return short if float(short := f"{bound:g}") == bound else repr(bound)
