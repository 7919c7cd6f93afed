"""What a plugin has to be: hook functions marked and spelt right, rule classes complete. All is checked at load."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Callable
from types import ModuleType
from typing import Any

from commsim.calling.origins import Origin, line_of
from commsim.calling.plugin_texts import fault_in_words, is_writable, repr_of
from commsim.contracts import API_VERSION, NEEDS, PROJECT_NAME, Calls, Modifier, Rule
from commsim.contracts.needs import INDICATOR
from commsim.errors import RuleError
from commsim.i18n import Bilingual, Text, _
from commsim.plugin_host.hooks import HOOKS
from commsim.plugin_host.values import check_fields
from commsim.suggestions import did_you_mean, listed, nearest

_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_PREFIX = f"{PROJECT_NAME}_"
_MARK = f"{PROJECT_NAME}_impl"
Place = Callable[[], str]

_NEARLY = 0.8  # share of letters in common from which a name is taken for a misspelt word of the contract


def check_hooks(module: ModuleType, origin: Origin) -> None:
    """Raise RuleError where a function meant as a hook would never be called, or where the plugin has no hook."""
    marked = 0
    for name, function in list(vars(module).items()):
        if not inspect.isroutine(function):
            continue
        options = getattr(function, _MARK, None)
        if isinstance(options, dict):
            _check_marked(options.get("specname") or name, options, function, origin)
            marked += 1
        elif name.startswith(_PREFIX) and getattr(function, "__module__", None) == module.__name__:
            _refuse_unmarked(name, function, origin)
    if not marked:
        _refuse_without_hook(module, origin)


def _check_marked(name: str, options: dict[str, Any], function: Any, origin: Origin) -> None:
    place = origin.of(function)
    if name not in HOOKS:
        raise RuleError(
            _("{place}: {name!r} is marked as a hook, but there is no hook of this name. {near}Hooks: {hooks}").format(
                place=place, name=name, near=did_you_mean(name, HOOKS), hooks=listed(HOOKS)
            )
        )
    unknown = [argument for argument in inspect.signature(function).parameters if argument not in HOOKS[name]]
    if unknown:
        raise RuleError(
            _(
                "{place}: hook {name!r} is called with {known}; this function asks for {unknown}. Rename or drop it"
            ).format(place=place, name=name, known=", ".join(HOOKS[name]), unknown=", ".join(unknown))
        )
    if options.get("wrapper") or options.get("hookwrapper"):
        raise RuleError(
            _("{place}: hook {name!r} is written as a wrapper, and commsim takes none. Write a plain function").format(
                place=place, name=name
            )
        )


def _refuse_unmarked(name: str, function: Any, origin: Origin) -> None:
    place = origin.of(function)
    others = [key.removesuffix("_impl") for key in vars(function) if key.endswith("_impl")]
    if others:
        raise RuleError(
            _(
                "{place}: {name!r} is marked as a hook of {other!r}, so commsim would never call it. Use "
                "`from commsim.rules import hookimpl` and mark it with @hookimpl"
            ).format(place=place, name=name, other=others[0])
        )
    raise RuleError(
        _(
            "{place}: {name!r} is named like a hook but not marked, so it would never be called. Put @hookimpl above "
            "it (from commsim.rules import hookimpl), or rename it. {near}Hooks: {hooks}"
        ).format(
            place=place, name=name, near=Text("") if name in HOOKS else did_you_mean(name, HOOKS), hooks=listed(HOOKS)
        )
    )


def rules_in(module: ModuleType) -> list[type[Rule]]:
    """Rule classes written in `module` (not those it imports)."""
    return [
        thing
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, Rule) and thing.__module__ == module.__name__
    ]


def _refuse_without_hook(module: ModuleType, origin: Origin) -> None:
    found = rules_in(module)
    name = found[0].__name__ if found else "MyRule"
    lines = f"\n\n@hookimpl\ndef commsim_register_rules(register):\n    register({name})\n"
    raise RuleError(
        _(
            "{place}: this plugin has no hook, so nothing of it would be used; rules in it: {rules}. Import hookimpl "
            "(from commsim.rules import hookimpl) and add at its end:{lines}"
        ).format(
            place=origin.at(line_of(found[0]) if found else None),
            rules=", ".join(rule.__name__ for rule in found) or "–",
            lines=lines,
        )
    )


def check_rule(rule: Any, origin: Origin, spelling: bool = True) -> None:
    """Raise RuleError where what a plugin registered is not a complete rule class of this contract.

    `spelling`: whether names that are nearly a word of the contract are refused as well.
    """
    if not (isinstance(rule, type) and issubclass(rule, Rule)) or rule is Rule:
        shown = rule if isinstance(rule, type) else type(rule)
        raise RuleError(
            _(
                "{place}: commsim_register_rules registered {what!r}; expected a class derived from "
                "commsim.rules.Rule (the class, not an object of it)"
            ).format(place=origin.of(shown), what=rule)
        )

    def place() -> str:
        # Finding a class in its file is slow, so it is done only for a message.
        return origin.of(rule)

    for check in (
        _check_id,
        _check_words,
        _check_remarks,
        _check_contract,
        _check_needs,
        _check_methods,
        _check_params,
        *((_check_spelling,) if spelling else ()),
    ):
        check(rule, place)


def check_modifier(modifier: type[Modifier], origin: Origin) -> None:
    """Raise RuleError where a modifier class that a plugin registered is not complete."""

    def place() -> str:
        return origin.of(modifier)

    for check in (_check_id, _check_words, _check_remarks, _check_version, _check_needs, _check_params):
        check(modifier, place)


def _check_id(rule: type[Rule] | type[Modifier], place: Place) -> None:
    name = getattr(rule, "id", None)
    if not isinstance(name, str) or not _ID.fullmatch(name):
        raise RuleError(
            _(
                "{place}: rule {rule} needs an `id` of the form 'vendor.name' (small letters, digits, _), such as "
                "'mine.even'; {came!r} came"
            ).format(place=place(), rule=rule.__name__, came=name)
        )


def _check_words(rule: type[Rule] | type[Modifier], place: Place) -> None:
    for attribute, needed in (("title", True), ("summary", False)):
        came = getattr(rule, attribute, None)
        if not isinstance(came, Bilingual):
            raise RuleError(
                _(
                    "{place}: rule {id!r} needs a `{attribute}` in both languages, as in Bilingual(en='…', zh='…'); "
                    "{came} came"
                ).format(place=place(), id=rule.id, attribute=attribute, came=repr_of(came))
            )
        fault = fault_in_words(came) if needed or (came.message, came.zh) != ("", "") else None
        if fault is not None:
            raise RuleError(
                _("{place}: rule {id!r}: its `{attribute}` is {fault}. Write it in both languages").format(
                    place=place(), id=rule.id, attribute=attribute, fault=fault
                )
            )


def _check_remarks(rule: type[Rule] | type[Modifier], place: Place) -> None:
    """Its source and family, which are plain words (the source perhaps in both languages), and what it claims."""
    for attribute in ("source", "family"):
        came = getattr(rule, attribute, "")
        said = came.message + came.zh if attribute == "source" and isinstance(came, Bilingual) else came
        if not isinstance(said, str) or not is_writable(said):
            raise RuleError(
                _("{place}: rule {id!r}: `{attribute}` has to be words; {came} came").format(
                    place=place(), id=rule.id, attribute=attribute, came=repr_of(came)
                )
            )
    names: Any = getattr(rule, "also_called", ())
    if not isinstance(names, (tuple, list)) or not all(isinstance(name, str) for name in names):
        raise RuleError(
            _(
                "{place}: rule {id!r}: `also_called` has to be a list of names, as in ('equal shares', 'rule x'); "
                "{came} came"
            ).format(place=place(), id=rule.id, came=repr_of(names))
        )
    claimed: Any = getattr(rule, "properties", frozenset())
    if not isinstance(claimed, (frozenset, set, tuple, list)) or not all(isinstance(claim, str) for claim in claimed):
        raise RuleError(
            _(
                "{place}: rule {id!r}: `properties` has to be a set of words, as in frozenset({{'anonymous'}}); {came} "
                "came"
            ).format(place=place(), id=rule.id, came=repr_of(claimed))
        )


def _check_contract(rule: type[Rule], place: Place) -> None:
    _check_version(rule, place)
    if not isinstance(rule.calls, Calls):
        raise RuleError(
            _("{place}: rule {id!r}: `calls` has to be one of {known}; {came!r} came").format(
                place=place(), id=rule.id, known=", ".join(f"Calls.{call.name}" for call in Calls), came=rule.calls
            )
        )


def _check_version(rule: type[Rule] | type[Modifier], place: Place) -> None:
    if rule.api != API_VERSION or isinstance(rule.api, bool):
        raise RuleError(
            _(
                "{place}: rule {id!r} is written for version {came!r} of the rule contract; this commsim has version "
                "{expected}. Use a version of the plugin made for it"
            ).format(place=place(), id=rule.id, came=rule.api, expected=API_VERSION)
        )


def _check_needs(rule: type[Rule] | type[Modifier], place: Place) -> None:
    if not isinstance(rule.needs, (frozenset, set)):
        raise RuleError(
            _(
                "{place}: rule {id!r}: `needs` has to be a set of words, as in frozenset({{'pledges'}}); {came!r} came"
            ).format(place=place(), id=rule.id, came=rule.needs)
        )
    for need in sorted(rule.needs, key=str):
        if need not in NEEDS and not str(need).startswith(INDICATOR):
            raise RuleError(
                _("{place}: rule {id!r} needs {need!r}, which views do not have. {near}Known: {known}").format(
                    place=place(), id=rule.id, need=need, near=did_you_mean(str(need), NEEDS), known=listed(NEEDS)
                )
            )


def _check_methods(rule: type[Rule], place: Place) -> None:
    if rule.settle is Rule.settle:
        raise RuleError(
            _("{place}: rule {id!r} has no `settle(self, view)`, the one method that a rule must have").format(
                place=place(), id=rule.id
            )
        )
    unwritten = sorted(getattr(rule, "__abstractmethods__", ()))
    if unwritten:
        raise RuleError(
            _("{place}: rule {id!r} does not write {methods}, which the class that it derives from leaves open").format(
                place=place(), id=rule.id, methods=listed(unwritten)
            )
        )
    calls = {name: ("view",) for name in ("open_round", "after_pledges", "settle", "review")}
    for name, arguments in {**calls, "quote": ("view", "amount")}.items():
        try:
            inspect.signature(getattr(rule, name)).bind(None, *arguments)
        except TypeError as error:
            raise RuleError(
                _(
                    "{place}: rule {id!r}: `{name}` is called as {name}({arguments}): {error}. Correct its arguments"
                ).format(place=place(), id=rule.id, name=name, arguments=", ".join(("self", *arguments)), error=error)
            ) from error


def _check_spelling(rule: type[Rule], place: Place) -> None:
    """A method or attribute that is nearly a word of the contract would be passed over in silence."""
    words = [name for name in vars(Rule) if not name.startswith("_")]
    words += [name for name in Rule.__annotations__ if name not in words]
    for name in vars(rule):
        if name.startswith("_") or name in words:
            continue
        if near := nearest(name, words, alike=_NEARLY):
            raise RuleError(
                _(
                    "{place}: rule {id!r} has {name!r}, which nobody reads or calls. Did you mean {near!r}? If it is "
                    "your own, begin it with an underscore"
                ).format(place=place(), id=rule.id, name=name, near=near[0])
            )


def _check_params(rule: type[Rule] | type[Modifier], place: Place) -> None:
    kind = rule.Params
    if not (isinstance(kind, type) and dataclasses.is_dataclass(kind) and kind.__dataclass_params__.frozen):  # type: ignore[attr-defined]
        raise RuleError(
            _(
                "{place}: rule {id!r}: `Params` has to be a frozen dataclass (@dataclass(frozen=True) above "
                "`class Params`); {came!r} came"
            ).format(place=place(), id=rule.id, came=kind)
        )
    check_fields(rule, place)
