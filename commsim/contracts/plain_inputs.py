"""How a plugin lets its rules be tried on a plain dictionary (`commsim.rules.evaluate`), in the form of its literature.

A rule without a form of its own is shown a round made from the dictionary, which suits most. A form is for rules that
are known by other words ("estate" and "claims"), or whose answer is not an amount by project.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from commsim.contracts.rule import Rule
from commsim.errors import RuleError
from commsim.i18n import _

Plain = Mapping[str, Any]
"""A plain input: values by word, such as {"budget": 10, "asks": [5, 8]}."""


@dataclass(frozen=True)
class PlainInput:
    """A form: how rules of one plugin answer a plain input.

    `id`: of a rule ("qf.clr"), or a family with its dot ("claims."); of several that fit the longest holds, and only
    for rules of the plugin that brings it. `answer(rule, input)`: what `evaluate` returns. `reads`: the words of the
    input that these rules read, with blanks between them and a stroke between words that say the same, of which an
    input holds one ("estate|budget claims|asks"); any other word is refused. `words`: how words written in brackets
    after the id, as in "qf.clr(pool=100, cap=5)", are meant where they are not parameters: another parameter's name
    ("cap_yuan"), a word of the input ("input.pool"), or None (part of the definition, nothing to set).
    """

    id: str
    answer: Callable[[Rule, Plain], Any]
    reads: str
    words: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class PlainFunction:
    """A formula of the literature that is no rule, such as "money.largest_remainder", known to `evaluate` by its `id`.

    `function(input, words)`: `words` are those written in brackets after the name, as strings; `reads` as in
    `PlainInput`.
    """

    id: str
    function: Callable[[Plain, Mapping[str, str]], Any]
    reads: str


class PlainInputRegistrar:
    """What a plugin's `commsim_plain_inputs(register)` is handed: call it with each form or function."""

    def __call__(self, offered: PlainInput | PlainFunction) -> None:
        """Offer a form or a function under its id."""
        raise RuleError(_("this registrar is closed"))
