"""Calls with a misspelt, missing or surplus argument are refused like any other bad input, with 'did you mean'."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from commsim.i18n import Text, _
from commsim.lab.checks import InvalidField
from commsim.suggestions import did_you_mean_or_known, listing

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

_BY_POSITION = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
_NAMED = (*_BY_POSITION, inspect.Parameter.KEYWORD_ONLY)
Arguments = Mapping[str, inspect.Parameter]


def spelled(made: type[T]) -> type[T]:
    """Class decorator: refuse arguments that the class does not take, as InvalidInput. Its signature stays the same."""
    plain = made.__init__
    arguments = _without_first(plain)

    @wraps(plain)
    def checked(self: Any, *args: Any, **given: Any) -> None:
        check_arguments(type(self).__name__, arguments, args, given)
        plain(self, *args, **given)

    made.__init__ = checked  # type: ignore[method-assign]
    return made


def spelled_method(method: Callable[P, R]) -> Callable[P, R]:
    """The same for a method (or, under `classmethod`, a maker)."""
    arguments = _without_first(method)

    @wraps(method)
    def checked(*args: P.args, **given: P.kwargs) -> R:
        check_arguments(method.__qualname__, arguments, args[1:], given)
        return method(*args, **given)

    return checked


def _without_first(function: Callable[..., Any]) -> Arguments:
    return dict(list(inspect.signature(function).parameters.items())[1:])


def check_arguments(who: str, arguments: Arguments, args: tuple[Any, ...], given: Mapping[str, Any]) -> None:
    """Refuse what does not fit `arguments`. Raises InvalidField."""
    named = [name for name, argument in arguments.items() if argument.kind in _NAMED]
    free = any(argument.kind is inspect.Parameter.VAR_KEYWORD for argument in arguments.values())
    for name in given:
        if name not in named and not free:
            raise unknown(who, name, named)
    in_order = [name for name, argument in arguments.items() if argument.kind in _BY_POSITION]
    if len(args) > len(in_order):
        raise _surplus(who, len(args), in_order)
    first = in_order[: len(args)]
    for name in first:
        if name in given:
            raise InvalidField(_("{who}: {name} came twice; give it once").format(who=who, name=name), name)
    without = [name for name in named if arguments[name].default is inspect.Parameter.empty]
    missing = [name for name in without if name not in given and name not in first]
    if missing:
        raise InvalidField(_("{who} needs {names}; nothing came").format(who=who, names=listing(missing)), missing[0])


def unknown(who: str, name: str, known: list[str], field: str | None = None) -> InvalidField:
    """The error for a name that `who` does not take; `field`: where it stands, if not at its own name."""
    text = _("{who} takes no {name!r}. {hint}")
    return InvalidField(
        text.format(who=who, name=name, hint=did_you_mean_or_known(str(name), known)), field or str(name)
    )


def _surplus(who: str, came: int, in_order: list[str]) -> InvalidField:
    text: Text = _("{who} takes {most} values without a name ({names}); {came} came. Write name=value for the others")
    if not in_order:
        text = _("{who} takes no values without a name; {came} came. Write name=value")
    return InvalidField(text.format(who=who, most=len(in_order), names=listing(in_order), came=came))
