"""Click's types of numbers, which name themselves in the reader's language: "'x' is not a valid integer"."""

from __future__ import annotations

from typing import Any

import click

from commsim.i18n import Text, _


class _InWords:
    """A type's `name` that reads as the words for it in the current language."""

    def __init__(self, words: Text) -> None:
        self.words = words

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        return str(self.words)

    def __set__(self, instance: object, value: Any) -> None:
        raise AttributeError(value)


class WholeNumber(click.types.IntParamType):
    """A whole number of any size."""

    name = _InWords(_("integer"))


class WholeNumberRange(click.IntRange):
    """A whole number within bounds."""

    name = _InWords(_("integer"))


class NumberRange(click.FloatRange):
    """A number within bounds."""

    name = _InWords(_("number"))
