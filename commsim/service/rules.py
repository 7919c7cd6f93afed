"""The rules and modifiers that can be chosen, each as a card that explains it."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commsim.i18n import Text, translated_if_known
from commsim.service.catalogues import catalogue_of
from commsim.store.plain import plain

if TYPE_CHECKING:
    from typing_extensions import TypeIs

    from commsim.contracts import Modifier, Rule
    from commsim.plugin_host.catalogue import Catalogue, Entry, ModifierEntry


@dataclass(frozen=True)
class RuleCard:
    """A rule or modifier explained.

    `document`, what programs are told (`kind` is "rule" or "modifier"; a modifier has no family, calls or properties);
    `needs`, what it sees of a round, in words; `need_meanings` and `property_meanings` by word; `parameters`, each with
    name, label, default and bounds as one types them, unit and doc; `source`, None where it names none; `origin`, where
    it came from, in the current language.
    """

    document: dict[str, Any]
    needs: dict[str, str]
    need_meanings: dict[str, dict[str, str]]
    property_meanings: dict[str, dict[str, str]]
    parameters: list[dict[str, Any]]
    source: dict[str, str] | None
    origin: str

    @property
    def is_modifier(self) -> bool:
        """Whether it is laid over rules."""
        return bool(self.document["kind"] == "modifier")


def list_rules(plugin_files: Sequence[str | Path] = (), installed_plugins: bool = True) -> list[RuleCard]:
    """A card for each rule, then for each modifier, in the order in which they came.

    Arguments: `plugin_files`, rules of one's own; `installed_plugins`, whether those of installed distributions are
    among them. Raises RuleError for a file that cannot be loaded.
    """
    catalogue = catalogue_of(plugin_files, installed_plugins)
    return [*map(_card, catalogue.list()), *map(_card, catalogue.modifiers.values())]


def show_rule(rule_id: str, plugin_files: Sequence[str | Path] = (), installed_plugins: bool = True) -> RuleCard:
    """The card of a rule, or of a modifier, whose id may be written without "modifier.". Raises RuleError."""
    return _card(_entry(catalogue_of(plugin_files, installed_plugins), rule_id))


def rule_titles() -> dict[str, dict[str, str]]:
    """The built-in and installed rules: title by id."""
    return {entry.id: plain(entry.rule.title) for entry in catalogue_of().list()}


def _entry(catalogue: Catalogue, named: str) -> Entry | ModifierEntry:
    for modifier_id in (named, f"modifier.{named}"):
        if modifier_id in catalogue.modifiers:
            return catalogue.modifiers[modifier_id]
    return catalogue.entry(named)


def _is_modifier(entry: Entry | ModifierEntry) -> TypeIs[ModifierEntry]:
    return hasattr(entry, "modifier")


def _card(entry: Entry | ModifierEntry) -> RuleCard:
    from commsim.contracts.needs import meaning_of_need, needs_in_words
    from commsim.contracts.properties import KNOWN

    shown = entry.modifier if _is_modifier(entry) else entry.rule
    claimed = [] if _is_modifier(entry) else sorted(entry.rule.properties)
    return RuleCard(
        document=plain(_document(entry, shown)),
        needs=plain(needs_in_words(shown.needs, between="\n")),
        need_meanings=plain({need: meaning_of_need(need) for need in shown.needs}),
        property_meanings=plain({claim: KNOWN.get(claim, Text("")) for claim in claimed}),
        parameters=[_parameter(name, default, facts) for name, default, facts in shown.parameters()],
        source=plain(translated_if_known(shown.source)) if shown.source else None,
        origin=str(entry.origin),
    )


def _document(entry: Entry | ModifierEntry, shown: type[Rule] | type[Modifier]) -> dict[str, Any]:
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


def _parameter(name: str, default: Any, facts: Any) -> dict[str, Any]:
    return plain(
        {
            "name": name,
            "label": facts["label"],
            "default": as_typed(default),
            "bounds": _bounds(facts),
            "unit": translated_if_known(facts.get("unit") or ""),
            "doc": facts.get("doc") or "",
        }
    )


def as_typed(value: Any) -> str:
    """A parameter's value as one types it on the command line: `none`, `true` and `false` in small letters."""
    return str(value).lower() if value is None or isinstance(value, bool) else str(value)


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
