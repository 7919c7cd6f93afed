"""The plain inputs that plugins offer, opened when `evaluate` first wants them: a run never pays for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from commsim.calling.origins import Origin, origin_of
from commsim.contracts import PlainFunction, PlainInput, PlainInputRegistrar, Rule
from commsim.errors import RuleError
from commsim.i18n import _
from commsim.plugin_host.catalogue import Implementation, call_hook
from commsim.suggestions import did_you_mean, listed

HOOK = "commsim_plain_inputs"


_hooks: dict[tuple[str, str, str], dict[str, Implementation]] = {}
"""Hooks by plugin and module, noted where plugins are loaded, as where each rule class comes from is."""


def remember_hook(hook: Implementation) -> None:
    """Note that a plugin offers plain inputs; a module that is loaded again replaces what it offered before."""
    _hooks.setdefault(_plugin(hook.origin), {})[hook.function.__module__] = hook


def _plugin(origin: Origin) -> tuple[str, str, str]:
    return origin.kind, origin.name, origin.version


class PlainInputs(Mapping[str, PlainInput | PlainFunction]):
    """Forms and functions by id, in the order in which they came; two with one id are an error."""

    def __init__(self) -> None:
        self._offered: dict[str, tuple[PlainInput | PlainFunction, Origin]] = {}

    def register(self, offered: PlainInput | PlainFunction, origin: Origin) -> None:
        """Take a form or function. Raises RuleError, naming the plugin, for anything else and for an id twice."""
        if not isinstance(offered, (PlainInput, PlainFunction)):
            raise RuleError(
                _("{place}: {hook} registers a PlainInput or a PlainFunction of commsim.rules; {came!r} came").format(
                    place=str(origin), hook=HOOK, came=offered
                )
            )
        if offered.id in self._offered:
            raise RuleError(
                _("{place}: there are two plain inputs {id!r}; the other one is of {other}. Drop one of them").format(
                    place=str(origin), id=offered.id, other=str(self._offered[offered.id][1])
                )
            )
        self._offered[offered.id] = offered, origin

    def __getitem__(self, id: str) -> PlainInput | PlainFunction:
        if id not in self._offered:
            raise RuleError(
                _("there is no plain input {id!r}. {near}There are: {known}").format(
                    id=id, near=did_you_mean(id, self._offered), known=listed(self._offered)
                )
            )
        return self._offered[id][0]

    def __contains__(self, id: object) -> bool:
        return id in self._offered

    def __iter__(self) -> Iterator[str]:
        return iter(self._offered)

    def __len__(self) -> int:
        return len(self._offered)

    def function(self, name: str) -> PlainFunction | None:
        """The function of this name, None where there is none."""
        found = self[name] if name in self else None
        return found if isinstance(found, PlainFunction) else None

    def form(self, rule_id: str) -> PlainInput | None:
        """The form of a rule, the longest id that fits; None where it has none."""
        fitting = [id for id in self if rule_id == id or (id.endswith(".") and rule_id.startswith(id))]
        found = self[max(fitting, key=len)] if fitting else None
        return found if isinstance(found, PlainInput) else None


class _Register(PlainInputRegistrar):
    def __init__(self, inputs: PlainInputs, origin: Origin) -> None:
        self._inputs, self._origin = inputs, origin

    def __call__(self, offered: PlainInput | PlainFunction) -> None:
        self._inputs.register(offered, self._origin)


@cache
def opened(hooks: tuple[Implementation, ...]) -> PlainInputs:
    """What these plugins offer. Raises RuleError naming the plugin whose hook fails or offers something else."""
    inputs = PlainInputs()
    for hook in hooks:
        given = {"register": _Register(inputs, hook.origin)}
        call_hook(HOOK, hook.function, hook.wanted, given, hook.origin)
    return inputs


def form_of(rule: type[Rule]) -> PlainInput | None:
    """The form that the plugin of a rule class brings for it; None without one: then it is shown a made round."""
    origin = origin_of(rule)
    if origin is None:
        return None
    return opened(tuple(_hooks.get(_plugin(origin), {}).values())).form(rule.id)
