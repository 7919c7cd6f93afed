"""Loading rules: built-in ones, installed plugins, single files, in this order and each guarded.

pluggy leaves silent what a beginner gets wrong: a misspelt hook, a forgotten mark, a second rule with the same id. Here
each is an error that names the plugin, the line, what was expected and what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pluggy

from commsim.calling.origins import Origin, remember
from commsim.contracts import PROJECT_NAME, Modifier, Registrar, Rule
from commsim.contracts.needs import INDICATOR
from commsim.errors import RuleError
from commsim.i18n import _
from commsim.plugin_host import hooks
from commsim.plugin_host.catalogue import (
    Catalogue,
    CatalogueSpecification,
    Entry,
    Implementation,
    ModifierEntry,
    Observers,
    call_hook,
)
from commsim.plugin_host.plain_inputs import remember_hook
from commsim.plugin_host.sources import Source, built_in, from_file, from_folder, from_text, installed
from commsim.plugin_host.validation import check_hooks, check_modifier, check_rule
from commsim.suggestions import did_you_mean, listed


def load_catalogue(
    plugin_files: Sequence[Path | str] = (), *, folder: Path | None = None, entry_points: bool = True
) -> Catalogue:
    """Every rule that is built in, installed, or in one of the given files.

    Arguments: `plugin_files`, single files (`--plugin`); `folder`, whose *.py files are plugins too; `entry_points`,
    whether installed distributions are asked. Raises RuleError for the first plugin that breaks the contract.
    """
    paths: dict[Path, Path] = {}
    for path in map(Path, (*from_folder(folder), *plugin_files)):
        paths.setdefault(path.resolve(), path)
    return _assemble(map(from_file, paths.values()), entry_points)


def load_texts(files: Iterable[tuple[str, str]], *, distributions: bool) -> Catalogue:
    """The catalogue with single files given as (name, text), as a worker process gets them."""
    return _assemble((from_text(name, text) for name, text in files), distributions)


def load_specification(specification: CatalogueSpecification) -> Catalogue:
    """The catalogue that `specification` describes, in this process.

    Raises RuleError naming each rule that this process lacks or has from another version of its plugin.
    """
    made = load_texts(specification.files, distributions=specification.distributions)
    came = dict(made.specification().rules)
    different = [rule_id for rule_id, origin in specification.rules if came.get(rule_id) != origin]
    if different:
        raise RuleError(
            _(
                "this process does not have the same rules as the one that started it; different or missing: "
                "{rules}. Install the same versions of commsim and of its plugins in both"
            ).format(rules=listed(different))
        )
    return made


def _assemble(files: Iterable[Source], distributions: bool) -> Catalogue:
    collected = _Collected()
    for source in (*built_in(), *(installed() if distributions else ())):
        collected.add(source)
    texts = []
    for source in files:
        collected.add(source)
        texts.append((source.origin.name, source.text or ""))
    collected.check_complete()
    observers = Observers(tuple(collected.observers))
    return Catalogue(
        collected.entries,
        observers,
        collected.indicators,
        tuple(texts),
        distributions,
        collected.modifiers,
        tuple(collected.plain_inputs),
    )


class _Collected:
    """What the plugins opened so far have brought."""

    def __init__(self) -> None:
        self.manager = pluggy.PluginManager(PROJECT_NAME)
        self.manager.add_hookspecs(hooks)
        self.entries: dict[str, Entry] = {}
        self.modifiers: dict[str, ModifierEntry] = {}
        self.files: dict[str, Origin] = {}
        self.observers: list[Implementation] = []
        self.plain_inputs: list[Implementation] = []
        self.indicators: dict[str, tuple[Callable[..., Mapping[str, float]], Origin]] = {}

    def add(self, source: Source) -> None:
        if self.manager.is_registered(source.module):  # two entry points may name one module
            return
        self._refuse_copy(source.origin)
        check_hooks(source.module, source.origin)
        try:
            self.manager.register(source.module, name=f"{source.origin.kind}:{source.module.__name__}")
        except (pluggy.PluginValidationError, ValueError) as error:
            raise RuleError(
                _("{place}: this plugin cannot be registered: {error}. Correct it, or give it once").format(
                    place=str(source.origin), error=error
                )
            ) from error
        for name in hooks.HOOKS:
            for implementation in getattr(self.manager.hook, name).get_hookimpls():
                if implementation.plugin is source.module:
                    wanted = (*implementation.argnames, *implementation.kwargnames)
                    self._take(name, implementation.function, wanted, source.origin)

    def _refuse_copy(self, origin: Origin) -> None:
        """A copy of a file under another name has the same text, and so the same digest as its version."""
        if origin.kind != "file":
            return
        first = self.files.setdefault(origin.version, origin)
        if first is not origin:
            raise RuleError(
                _("{file} is the same file as {other}; give it once").format(file=str(origin), other=str(first))
            )

    def _take(self, hook: str, function: Callable[..., Any], wanted: tuple[str, ...], origin: Origin) -> None:
        if hook == "commsim_allocation_made":
            self.observers.append(Implementation(function, wanted, origin))
            return
        if hook == "commsim_plain_inputs":
            self.plain_inputs.append(Implementation(function, wanted, origin))
            remember_hook(self.plain_inputs[-1])
            return
        if hook == "commsim_indicators":
            call_hook(hook, function, wanted, {"register": self._indicator_registrar(origin)}, origin)
            return
        register = _RuleRegistrar()
        came = call_hook(hook, function, wanted, {"register": register}, origin)
        if came is not None or not register.offered:
            raise RuleError(
                _(
                    "{place}: commsim_register_rules offered no rule: it has to call register(MyRule) for each rule "
                    "class and return nothing"
                ).format(place=origin.of(function))
            )
        for rule in register.closed():
            if isinstance(rule, type) and issubclass(rule, Modifier):
                self._enter_modifier(rule, origin)
            else:
                self._enter(rule, origin)

    def _enter_modifier(self, modifier: type[Modifier], origin: Origin) -> None:
        check_modifier(modifier, origin)
        first = self.modifiers.get(modifier.id)
        if first is not None:
            raise RuleError(
                _(
                    "{place}: there are two modifiers with the id {id!r}; the other one is in {other}. Rename one of "
                    "them"
                ).format(
                    place=origin.of(modifier),
                    id=modifier.id,
                    other=first.origin.of(first.modifier),
                )
            )
        remember(modifier, origin)
        self.modifiers[modifier.id] = ModifierEntry(modifier, origin)

    def _enter(self, rule: type[Rule], origin: Origin) -> None:
        check_rule(rule, origin)
        first = self.entries.get(rule.id)
        if first is not None:
            raise RuleError(
                _(
                    "{place}: there are two rules with the id {id!r}; the other one is in {other}. Rename one of them"
                ).format(place=origin.of(rule), id=rule.id, other=first.origin.of(first.rule))
            )
        remember(rule, origin)
        self.entries[rule.id] = Entry(rule, origin)

    def _indicator_registrar(self, origin: Origin) -> Callable[[str, Callable[..., Any]], None]:
        def register(name: str, function: Callable[..., Any]) -> None:
            if not (isinstance(name, str) and name.isidentifier() and callable(function)):
                raise RuleError(
                    _(
                        "{place}: register(name, function) takes a name like 'closeness' and a function; {came!r} came"
                    ).format(place=str(origin), came=(name, function))
                )
            if name in self.indicators:
                raise RuleError(
                    _(
                        "{place}: there are two indicators {name!r}; the other one is in {other}. Rename one of them"
                    ).format(place=origin.of(function), name=name, other=str(self.indicators[name][1]))
                )
            self.indicators[name] = (function, origin)

        return register

    def check_complete(self) -> None:
        """Checks that need every plugin: no hook without specification, every indicator asked for is there."""
        self.manager.check_pending()
        for entry in self.entries.values():
            asked = {need.removeprefix(INDICATOR) for need in entry.rule.needs if need.startswith(INDICATOR)}
            for name in sorted(asked - self.indicators.keys()):
                raise RuleError(
                    _(
                        "{place}: rule {id!r} needs indicator {name!r}, which no plugin offers. {near}Offered: {known}"
                    ).format(
                        place=entry.origin.of(entry.rule),
                        id=entry.id,
                        name=name,
                        near=did_you_mean(name, self.indicators),
                        known=listed(self.indicators) or "–",
                    )
                )


class _RuleRegistrar(Registrar):
    """Takes the rule classes of one plugin while its hook runs."""

    def __init__(self) -> None:
        self.offered: list[type[Rule] | type[Modifier]] = []
        self._open = True

    def __call__(self, rule: type[Rule] | type[Modifier]) -> None:
        if not self._open:
            super().__call__(rule)
        self.offered.append(rule)

    def closed(self) -> list[type[Rule] | type[Modifier]]:
        """What was offered; later calls are refused."""
        self._open = False
        return self.offered
