"""The rules that are there, by id, each with its origin: choosing them, giving them parameters, taking them along."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from commsim.calling.faults import Line, blamed
from commsim.calling.origins import Origin, files_of, where
from commsim.contracts import Award, Modifier, RoundView, Rule
from commsim.errors import RuleError
from commsim.i18n import Short, Text, _, cut
from commsim.plugin_host.also_called import also_called
from commsim.plugin_host.hooks import arguments
from commsim.plugin_host.sources import not_loaded
from commsim.plugin_host.values import convert
from commsim.plugin_host.written import parameters_of, rule_and_modifiers
from commsim.suggestions import did_you_mean, listed


@dataclass(frozen=True)
class Entry:
    """A rule class and the plugin that brought it."""

    rule: type[Rule]
    origin: Origin

    @property
    def id(self) -> str:
        """How the rule is chosen."""
        return self.rule.id


@dataclass(frozen=True)
class ModifierEntry:
    """A modifier class and the plugin that brought it."""

    modifier: type[Modifier]
    origin: Origin


@dataclass(frozen=True)
class CatalogueSpecification:
    """What another process needs to have the same catalogue; plain data that pickles.

    `rules`: every id with its origin's record. `files`: name and text of each single file. `distributions`: whether
    installed plugins are loaded.
    """

    rules: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    files: tuple[tuple[str, str], ...]
    distributions: bool


@dataclass(frozen=True)
class Implementation:
    """One plugin's function for a hook, with the arguments that it asks for."""

    function: Callable[..., Any]
    wanted: tuple[str, ...]
    origin: Origin


@dataclass(frozen=True)
class Observers:
    """The plugins that watch allocations."""

    each: tuple[Implementation, ...] = ()

    def __len__(self) -> int:
        return len(self.each)

    def allocation_made(self, view: RoundView, award: Award, rule_id: str) -> None:
        """Tell every observer of a settled round, one at a time. Raises RuleError naming a plugin that fails."""
        given = {"view": view, "award": award, "rule_id": rule_id}
        for observer in self.each:
            call_hook("commsim_allocation_made", observer.function, observer.wanted, given, observer.origin)


def call_hook(
    hook: str, function: Callable[..., Any], wanted: tuple[str, ...], given: Mapping[str, Any], origin: Origin
) -> Any:
    """Call one plugin's implementation of `hook`; an exception becomes a RuleError that names plugin, line and hook."""
    return called("hook", hook, function, arguments(hook, given, wanted), origin)


def called(kind: str, name: str, function: Callable[..., Any], values: Sequence[Any], origin: Origin) -> Any:
    """Call a plugin's function; an exception becomes a RuleError that names plugin, line, and what was called."""

    def tell(_error: BaseException, line: Line | None, said: Text) -> Text:
        return _("{place}: {what} {name!r} failed: {error}. Correct the plugin, or run without it").format(
            place=origin.at(line[1], line[0]) if line else str(origin),
            what=_("hook") if kind == "hook" else _("indicator"),
            name=name,
            error=said,
        )

    code = getattr(function, "__code__", None)  # an object that can be called has none
    with blamed({code.co_filename} if code else set(), tell):
        return function(*values)


@dataclass(frozen=True)
class Catalogue(Mapping[str, type[Rule]]):
    """Every rule that can be chosen, by id, in the order in which they came (built-in rules first).

    `entries` by id; `observers` to tell of allocations; `indicators`, network indicators by name with their origin;
    `files`, the single files as (name, text); `distributions`, whether installed plugins were asked for; `modifiers`,
    what can be laid over rules, by id; `plain_inputs`, the plugins that offer plain inputs, asked late.
    """

    entries: Mapping[str, Entry]
    observers: Observers = Observers()
    indicators: Mapping[str, tuple[Callable[..., Mapping[str, float]], Origin]] = field(default_factory=dict)
    files: tuple[tuple[str, str], ...] = ()
    distributions: bool = True
    modifiers: Mapping[str, ModifierEntry] = field(default_factory=dict)
    plain_inputs: tuple[Implementation, ...] = ()

    def __getitem__(self, rule_id: str) -> type[Rule]:
        return self.entry(rule_id).rule

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __contains__(self, rule_id: object) -> bool:
        return rule_id in self.entries

    def entry(self, rule_id: str) -> Entry:
        """The entry of a rule. Raises RuleError with the nearest ids, or else all, for one that is not there."""
        if rule_id not in self.entries:
            meant = also_called(cut(str(rule_id)), self)
            near = did_you_mean(meant or cut(str(rule_id)), self.entries)
            known = Text("") if str(near) else _("Rules: {known}. ").format(known=listed(self.entries))
            raise RuleError(
                _(
                    "there is no rule {id!r}. {near}{not_loaded}{known}List all with commsim rules list; a rule of "
                    "your own comes in with --plugin FILE"
                ).format(id=Short(rule_id), near=near, not_loaded=not_loaded(self.distributions), known=known)
            )
        return self.entries[rule_id]

    def list(self) -> Sequence[Entry]:
        """Every rule with its origin, in the order in which they came."""
        return tuple(self.entries.values())

    def make(self, rule_id: str, params: Mapping[str, Any] | None = None, modifiers: Sequence[Any] = ()) -> Rule:
        """A rule with parameters, ready to settle rounds, with modifiers laid over it in the order given.

        `params` by name; words such as "1.5" or "true" are converted by the field's type. `modifiers`, each an id
        ("cap" stands for "modifier.cap"), a mapping {id: params} as in a scenario, a pair (id, params), or anything
        with `id` and `params`. Raises RuleError for an unknown rule, modifier or parameter and for a value of the
        wrong type, out of bounds or not among the choices.
        """
        rule = self[rule_id]
        made: Rule = built(rule, convert(rule, params or {}))
        if not modifiers:
            return made
        from commsim.calling.modified_rule import ModifiedRule

        return ModifiedRule(made, [self.make_modifier(*_named(modifier)) for modifier in modifiers])

    def make_modifier(self, modifier_id: str, params: Mapping[str, Any] | None = None) -> Modifier:
        """A modifier with parameters; lists of ids or shares may be written as lists. Raises RuleError as `make`."""
        full = modifier_id if "." in modifier_id else f"modifier.{modifier_id}"
        if full not in self.modifiers:
            raise RuleError(
                _("there is no modifier {id!r}. {near}{not_loaded}Modifiers: {known}").format(
                    id=Short(modifier_id),
                    near=did_you_mean(cut(full), self.modifiers),
                    not_loaded=not_loaded(self.distributions),
                    known=listed(self.modifiers),
                )
            )
        modifier = self.modifiers[full].modifier
        plain = {name: _unlisted(value) for name, value in (params or {}).items()}
        made: Modifier = built(modifier, convert(modifier, plain))
        return made

    def make_written(self, text: str) -> Rule:
        """A rule written as on the command line, with modifiers after plus signs: "match.linear:rate=2+cap:share=0.1".

        Raises RuleError as `parse` and `make`.
        """
        return self.make(*self.parse_written(text))

    def parse_written(self, text: str) -> tuple[str, dict[str, str], Sequence[tuple[str, dict[str, str]]]]:
        """Id and parameters of a rule written as on the command line, and its modifiers, each with its parameters.

        The values stay words (`make` converts them). Raises RuleError as `parse`.
        """
        rule, *modifiers = rule_and_modifiers(text, self._rule, self._modifier)
        return *self.parse(rule), [self._parsed_modifier(modifier) for modifier in modifiers]

    def _rule(self, rule_id: str) -> type[Rule] | None:
        return self[rule_id] if rule_id in self else None

    def _modifier(self, modifier_id: str) -> type[Modifier] | None:
        """The modifier of this id ("cap" stands for "modifier.cap"); None where there is none."""
        entry = self.modifiers.get(modifier_id if "." in modifier_id else f"modifier.{modifier_id}")
        return None if entry is None else entry.modifier

    def _parsed_modifier(self, text: str) -> tuple[str, dict[str, str]]:
        modifier_id, _colon, rest = text.partition(":")
        return modifier_id.strip(), parameters_of(text, rest)

    def parse(self, text: str) -> tuple[str, dict[str, str]]:
        """Id and parameters of a choice written as on the command line, "match.linear:rate=2,cap_yuan=5000".

        The values stay words (`make` converts them). Raises RuleError for an unknown rule or a misshapen parameter.
        """
        if any(mark in text for mark in "：，＝"):
            raise RuleError(
                _("rule {text!r} has a full-width colon, comma or equals sign; write : , = as in ID:name=value").format(
                    text=Short(text)
                )
            )
        rule_id, _colon, rest = text.partition(":")
        rule_id = rule_id.strip()
        self.entry(rule_id)
        return rule_id, parameters_of(text, rest)

    def measure(self, name: str, network: Any) -> dict[str, float]:
        """A network indicator that a plugin offers: numbers by institution id. Raises RuleError naming the plugin where
        it fails or returns something else."""
        function, origin = self.indicators[name]
        came = called("indicator", name, function, [network], origin)
        if not isinstance(came, Mapping) or not all(map(_is_number, came.values())):
            raise RuleError(
                _("{place}: indicator {name!r} returned {came}; expected numbers by institution id").format(
                    place=origin.of(function), name=name, came=type(came).__name__
                )
            )
        return {str(institution): float(value) for institution, value in came.items()}

    def specification(self) -> CatalogueSpecification:
        """What a worker process needs to load the same catalogue."""
        rules = tuple((rule_id, tuple(entry.origin.record().items())) for rule_id, entry in self.entries.items())
        return CatalogueSpecification(rules, self.files, self.distributions)


def built(kind: type[Rule] | type[Modifier], values: Mapping[str, Any]) -> Any:
    """A rule or modifier with these parameters. Raises RuleError where its own code fails while it is made."""

    def tell(_error: BaseException, line: Line | None, said: Text) -> Text:
        return _("rule {id!r} ({where}) could not be made, at {place}: {error}. Correct the rule").format(
            id=kind.id, where=where(kind), place=f"{line[0]}:{line[1]}" if line else where(kind), error=said
        )

    with blamed(files_of(kind), tell):
        return kind(kind.Params(**values))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)


def _named(modifier: Any) -> tuple[str, Mapping[str, Any]]:
    """Id and parameters of a modifier, however it is written."""
    if isinstance(modifier, str):
        return modifier, {}
    if isinstance(modifier, Mapping):
        if "id" in modifier:
            return modifier["id"], modifier.get("params") or {}
        if len(modifier) == 1:
            name, params = next(iter(modifier.items()))
            return name, params or {}
        raise RuleError(
            _("a modifier is written as {{id: {{parameter: value}}}}; {came!r} came").format(came=dict(modifier))
        )
    if isinstance(modifier, tuple):
        return modifier[0], dict(modifier[1])
    return modifier.id, dict(modifier.params)


def _unlisted(value: Any) -> Any:
    """A list of words as one text, a list of lists with semicolons between them; anything else as it is."""
    if not isinstance(value, (list, tuple)):
        return value
    if any(isinstance(part, (list, tuple)) for part in value):
        return "; ".join(str(_unlisted(part)) for part in value)
    return " ".join(map(str, value))
