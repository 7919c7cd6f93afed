"""Taking apart a rule written in one line, such as "match.linear:rate=2,counts=cash+hours+cap:share=0.1"."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import fields
from typing import Any

from commsim.contracts import Modifier, Rule
from commsim.errors import RuleError
from commsim.i18n import Short, _

_PLUS = re.compile(r"\+(?=[A-Za-z])")
_END_OF_WORD = re.compile("[,:]")

Find = Callable[[str], type[Rule] | type[Modifier] | None]
"""Finds what is called so; None where nothing is."""


def rule_and_modifiers(text: str, rule: Find, modifier: Find) -> list[str]:
    """The rule and its modifiers, each as it is written. A plus inside a value ("counts=cash+hours") parts nothing.

    A plus goes on with a value that is, with what follows, one of the choices of its parameter; also where some choices
    have a plus and no modifier is called as what follows, so that whoever misspells a choice is told the choices.
    """
    first, *others = _PLUS.split(text)
    apart, choices_now = [first], _choices_at_the_end(first, rule)
    for piece in others:
        word = _END_OF_WORD.split(piece, maxsplit=1)[0].strip()
        if _goes_on(apart[-1], word, choices_now, modifier(word) is not None):
            apart[-1] += f"+{piece}"
        else:
            apart.append(piece)
        choices_now = _choices_at_the_end(apart[-1], rule if len(apart) == 1 else modifier)
    return apart


def _goes_on(before: str, word: str, choices: Collection[str], is_modifier: bool) -> bool:
    value = before.rpartition("=")[2].strip()
    return f"{value}+{word}" in choices or (not is_modifier and any("+" in choice for choice in choices))


def _choices_at_the_end(written: str, find: Find) -> Sequence[str]:
    """The choices of the parameter whose value ends what is written; none where it has none or is none."""
    owner_id, _colon, params = written.partition(":")
    name, equals, _value = params.rpartition(",")[2].partition("=")
    owner = find(owner_id.strip()) if equals else None
    facts: dict[str, Any] = {} if owner is None else {field.name: field.metadata for field in fields(owner.Params)}
    return [str(choice) for choice in facts.get(name.strip(), {}).get("choices") or ()]


def parameters_of(text: str, written: str) -> dict[str, str]:
    """The parameters "name=value,name=value" by name, as words. Raises RuleError, which repeats `text`, for a misshapen
    one and one that is given twice."""
    params: dict[str, str] = {}
    for part in written.split(",") if written.strip() else ():
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not name or name in params:
            raise RuleError(
                _("rule {text!r}: {part!r} is not one parameter given once. Write ID:name=value,name=value").format(
                    text=Short(text), part=Short(part.strip())
                )
            )
        params[name] = value
    return params
