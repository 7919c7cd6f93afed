"""Fields of frozen dataclasses that are converted as the object is made, so that it is complete at birth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

Value = TypeVar("Value")


class Converted(Generic[Value]):
    """A field of a dataclass that keeps what `convert` makes of the value given. It has no default.

    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True)
    ... class Word:
    ...     text: Converted[str] = Converted(str.strip)
    >>> Word(" fund ").text
    'fund'
    """

    def __init__(self, convert: Callable[[Value], Value]) -> None:
        self._convert = convert

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Converted[Value]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> Value: ...
    def __get__(self, instance: object | None, owner: type) -> Any:
        if instance is None:
            raise AttributeError(self._name)  # tells `dataclass` that there is no default
        return vars(instance)[self._name]

    def __set__(self, instance: object, value: Value) -> None:
        # Reached from the dataclass's own __init__ only: a frozen one refuses every later assignment.
        vars(instance)[self._name] = self._convert(value)
