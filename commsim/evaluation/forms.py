"""Which plain input a built-in rule takes outside a model, and what it answers: a registry by rule family.

A family keeps its forms in a module of its own beside its rules.

>>> @input_form("example.", reads="asks")
... def _doubled(rule, known):
...     return [2 * one for one in known["asks"]]
>>> form_of("example.any").answer(None, {"asks": [1, 2]})
[2, 4]
>>> _ = _FORMS.pop("example.")
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from commsim.contracts import Rule

Plain = Mapping[str, Any]
Answer = Callable[[Rule, Plain], Any]
Function = Callable[[Plain, Mapping[str, str]], Any]

INPUT = "input."


@dataclass(frozen=True)
class Form:
    """How rules of a family are tried: `answer(rule, input)`, and `reads` and `words` (see `input_form`)."""

    answer: Answer
    reads: str
    words: Mapping[str, str | None] = field(default_factory=dict)


_FORMS: dict[str, Form] = {}
_FUNCTIONS: dict[str, tuple[Function, str]] = {}


def input_form(prefix: str, *, reads: str, words: Mapping[str, str | None] | None = None) -> Callable[[Answer], Answer]:
    """Register `answer(rule, input)` for every built-in rule whose id is `prefix` or starts with it; longest wins.

    Arguments: `prefix`, an id ("qf.clr") or a family with its dot ("claims."). `reads`: the words of the input that
    these rules read, with blanks between them and a stroke between words that say the same, of which an input holds one
    ("estate|budget claims|asks"); any other word is refused. `words`: how words written in brackets
    after the id, as in "qf.clr(pool=100, cap=5)", are meant where they are not parameters: another parameter's name
    ("cap_yuan"), a word of the input ("input.pool"), or None (part of the definition, nothing to set).
    """

    def register(answer: Answer) -> Answer:
        _FORMS[prefix] = Form(answer, reads, dict(words or {}))
        return answer

    return register


def plain_function(name: str, *, reads: str) -> Callable[[Function], Function]:
    """Register `function(input, words)` under a name that is no rule, such as "money.largest_remainder".

    `words` are those written in brackets after the name, as strings; `reads` as in `input_form`.
    """

    def register(function: Function) -> Function:
        _FUNCTIONS[name] = function, reads
        return function

    return register


def form_of(rule_id: str) -> Form | None:
    """The form of a rule's family, or None where it has none: then the rule is shown a made round."""
    _load()
    fitting = [one for one in _FORMS if rule_id == one or (one.endswith(".") and rule_id.startswith(one))]
    return _FORMS[max(fitting, key=len)] if fitting else None


def function_of(name: str) -> tuple[Function, str] | None:
    """The function registered under `name` and the words that it reads, or None."""
    _load()
    return _FUNCTIONS.get(name)


@cache
def _load() -> None:
    # The families bring their own plain inputs; until they register them through a hook they are named here.
    for name in PLAIN_INPUTS:
        importlib.import_module(f"commsim.plugins.{name}")


PLAIN_INPUTS = (
    "divisions.claims_input",
    "divisions.splits_input",
    "matching.plain_input",
    "panels.plain_input",
    "quadratic.plain_input",
    "shared.voting_input",
)
