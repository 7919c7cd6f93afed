"""What the author of a parameter declares of it beside its default (`parameter(…)`): held to what it can mean, at load.

A bound that is no number would never bind, and choices in one word would be its letters; nobody would notice either.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from commsim.calling.plugin_texts import fault_in_words, is_writable, repr_of
from commsim.contracts import Modifier, Rule
from commsim.errors import RuleError
from commsim.i18n import Bilingual, Text, _
from commsim.money import is_finite

Fits = Callable[[Any], bool]


def check_declared(
    rule: type[Rule] | type[Modifier],
    name: str,
    facts: Mapping[str, Any],
    kind: type,
    fits: Fits,
    place: Callable[[], str],
) -> None:
    """Raise RuleError where doc, label, unit, bounds, choices, sweep or reference of a parameter cannot be meant.

    Arguments: `facts` as `parameter` keeps them; `kind`, the type of its values; `fits`, whether a value is of it;
    `place` gives the rule's file and line for messages.
    """
    for fact, fault in (
        ("doc", _in_both_languages(facts["doc"])),
        ("label", None if facts.get("label") is None else _in_both_languages(facts["label"])),
        ("unit", _word(facts.get("unit", ""))),
        ("reference", _word(facts.get("reference", ""))),
        ("ge", _bound(facts.get("ge"), kind)),
        ("le", _bound(facts.get("le"), kind)),
        ("ge, le", _order(facts.get("ge"), facts.get("le"))),
        ("choices", _choices(facts.get("choices"), fits)),
        ("sweep", _sweep(facts.get("sweep"), kind, facts.get("ge"), facts.get("le"))),
    ):
        if fault is not None:
            expected, came = fault
            raise RuleError(
                _("{place}: rule {id!r}: parameter {name!r}: `{fact}` has to be {expected}; {came} came").format(
                    place=place(), id=rule.id, name=name, fact=fact, expected=expected, came=came
                )
            )


Fault = tuple[Text, Text | str] | None
"""What was expected and what came instead, as it is shown; None where all is well."""


def _in_both_languages(words: Any) -> Fault:
    came = fault_in_words(words)
    if isinstance(words, Bilingual) and came is None:
        return None
    return _("words in both languages, as in Bilingual(en='…', zh='…')"), came or repr_of(words)


def _word(value: Any) -> Fault:
    return None if isinstance(value, str) and is_writable(value) else (_("a word"), repr_of(value))


def _bound(bound: Any, kind: type) -> Fault:
    if bound is None:
        return None
    if kind not in (int, float):
        return _("left out: only numbers have bounds"), repr_of(bound)
    return None if _is_number(bound) else (_("a finite number"), repr_of(bound))


def _order(low: Any, high: Any) -> Fault:
    if not (_is_number(low) and _is_number(high)) or low <= high:
        return None
    return _("bounds of which the lower, ge, is not above the upper, le"), f"ge={low!r}, le={high!r}"


def _choices(choices: Any, fits: Fits) -> Fault:
    if choices is None:
        return None
    if isinstance(choices, str) or not isinstance(choices, Sequence) or not choices:
        return _("a list of values, as in choices=('a', 'b')"), repr_of(choices)
    wrong = [choice for choice in choices if not fits(choice)]
    return (_("values that the parameter can have"), repr_of(wrong[0])) if wrong else None


def _sweep(sweep: Any, kind: type, low: Any, high: Any) -> Fault:
    if sweep is None:
        return None
    if kind not in (int, float):
        return _("left out: only numbers have a range to try"), repr_of(sweep)
    if not isinstance(sweep, Sequence) or isinstance(sweep, str) or len(sweep) != 2 or not all(map(_is_number, sweep)):
        return _("two finite numbers, as in sweep=(0, 2)"), repr_of(sweep)
    if sweep[0] > sweep[1]:
        return _("two numbers of which the lower comes first"), repr_of(sweep)
    if not all(bound is None or _is_number(bound) for bound in (low, high)):
        return None  # told of the bound itself
    if (low is not None and sweep[0] < low) or (high is not None and sweep[1] > high):
        return _("within the bounds of the parameter"), f"{sweep!r} (ge={low!r}, le={high!r})"
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool) and is_finite(value)
