"""Values of a rule's parameters: which types a field takes, and how words from a command line become values."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from functools import partial
from numbers import Integral, Real
from typing import Any

from commsim.calling.origins import where
from commsim.contracts import Modifier, Rule
from commsim.errors import RuleError
from commsim.i18n import Short, Text, _, cut
from commsim.money import LARGEST_YUAN, fen, is_about, is_finite
from commsim.plugin_host.declared import check_declared
from commsim.suggestions import did_you_mean, listed

_TRUE = {"true", "yes", "on", "1"}
_FALSE = {"false", "no", "off", "0"}
_UNITS_PAID = ("yuan", "yuan per hour")
"""Units of parameters that rules turn into fen."""
_NONE = {"none", "null", "~", ""}
_KINDS: dict[type, Text] = {
    bool: _("true or false"),
    int: _("a whole number"),
    float: _("a number"),
    str: _("a word"),
}


@dataclass(frozen=True)
class FieldType:
    """What a parameter takes: one of bool, int, float or str, and whether None too."""

    kind: type
    optional: bool

    @property
    def words(self) -> Text:
        """The type in words."""
        return _("{kind} or none").format(kind=_KINDS[self.kind]) if self.optional else _KINDS[self.kind]


def field_types(params: type) -> dict[str, FieldType]:
    """Types of a `Params` dataclass by field. Raises TypeError for a type that parameters do not have."""
    return {name: _field_type(hint) for name, hint in typing.get_type_hints(params).items() if name in _names(params)}


def _names(params: type) -> set[str]:
    return {parameter.name for parameter in fields(params)}


def _field_type(hint: Any) -> FieldType:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        kinds = [kind for kind in typing.get_args(hint) if kind is not type(None)]
        if len(kinds) == 1 and kinds[0] in _KINDS:
            return FieldType(kinds[0], True)
    elif hint in _KINDS:
        return FieldType(hint, False)
    raise TypeError(str(hint))


def check_fields(rule: type[Rule] | type[Modifier], place: Callable[[], str]) -> None:
    """Raise RuleError where a field of `rule.Params` is not a complete parameter with a default that it would take.

    `place` gives the rule's file and line for messages.
    """
    for parameter in fields(rule.Params):
        if "doc" not in parameter.metadata or parameter.default is MISSING:
            raise RuleError(
                _(
                    "{place}: rule {id!r}: parameter {name!r} has to be made with parameter(default, doc=Bilingual("
                    "en='…', zh='…'), …) from commsim.rules"
                ).format(place=place(), id=rule.id, name=parameter.name)
            )
    try:
        types_of = field_types(rule.Params)
    except (TypeError, NameError) as error:
        raise RuleError(
            _(
                "{place}: rule {id!r}: parameters are bool, int, float or str, each also `| None`; a type that is not "
                "one of these came: {error}"
            ).format(place=place(), id=rule.id, error=error)
        ) from error
    for parameter in fields(rule.Params):
        expected = types_of[parameter.name]
        check_declared(rule, parameter.name, parameter.metadata, expected.kind, partial(_fits, expected), place)
    convert(rule, {parameter.name: parameter.default for parameter in fields(rule.Params)})


def convert(rule: type[Rule] | type[Modifier], given: Mapping[str, Any]) -> dict[str, Any]:
    """`given` as values of the rule's parameters: types, bounds and choices checked, words converted.

    Raises RuleError naming rule, parameter, what was expected and what came.
    """
    known = field_types(rule.Params)
    metadata = {parameter.name: parameter.metadata for parameter in fields(rule.Params)}
    values = {}
    for name, value in given.items():
        if name not in known:
            raise RuleError(
                _("rule {id!r} ({where}) has no parameter {name!r}. {near}Its parameters: {known}").format(
                    id=rule.id,
                    where=where(rule),
                    name=Short(name),
                    near=did_you_mean(cut(str(name)), known),
                    known=listed(known) or "–",
                )
            )
        values[name] = _value(rule, name, value, known[name], metadata[name].get("choices"))
        _check_bounds(rule, name, values[name], metadata[name])
    return values


def _value(
    rule: type[Rule] | type[Modifier], name: str, value: Any, expected: FieldType, choices: Sequence[Any] | None
) -> Any:
    if expected.optional and (value is None or isinstance(value, str) and value.strip().lower() in _NONE):
        return None
    converted = (
        _from_word(value.strip(), expected.kind) if isinstance(value, str) else _from_number(value, expected.kind)
    )
    if converted is None:
        words = expected.words
        if choices:
            words = _("{kind} ({choices})").format(kind=words, choices=", ".join(map(str, choices)))
        raise RuleError(
            _("rule {id!r} ({where}): parameter {name!r} takes {expected}; {value!r} came").format(
                id=rule.id, where=where(rule), name=name, expected=words, value=Short(value)
            )
        )
    return converted


def _fits(expected: FieldType, value: Any) -> bool:
    """Whether `value`, as it stands in a plugin, is of the type of a parameter."""
    if value is None:
        return expected.optional
    return isinstance(value, str) if expected.kind is str else _from_number(value, expected.kind) is not None


def _from_word(word: str, kind: type) -> Any:
    if kind is str:
        return word
    if kind is bool:
        return True if word.lower() in _TRUE else False if word.lower() in _FALSE else None
    if "_" in word:  # Python reads 1_0 as ten; nobody writes a number so by intention
        return None
    try:
        value = kind(word)
    except ValueError:
        return None
    return value if is_finite(value) else None


def _from_number(value: Any, kind: type) -> Any:
    if kind is bool:
        return value if isinstance(value, bool) else None
    if isinstance(value, bool) or kind is str:
        return None
    if kind is int:
        return int(value) if isinstance(value, Integral) else None
    if not isinstance(value, Real) or not is_finite(value):
        return None
    # Beyond what is meant, and perhaps beyond any float: the bounds refuse it in words.
    return value if abs(value) > LARGEST_YUAN else float(value)  # type: ignore[operator]


def _check_bounds(rule: type[Rule] | type[Modifier], name: str, value: Any, metadata: Mapping[str, Any]) -> None:
    choices, low, high = metadata.get("choices"), metadata.get("ge"), metadata.get("le")
    if choices is not None and value not in choices:
        expected: Text = _("one of {choices}").format(choices=", ".join(map(str, choices)))
    elif value is None or isinstance(value, (str, bool)):
        return
    elif low is not None and value < low and not is_about(value, low):
        expected = _("at least {bound}").format(bound=low)
    elif high is not None and value > high and not is_about(value, high):
        expected = _("at most {bound}").format(bound=high)
    elif abs(value) > LARGEST_YUAN:
        expected = _("a number of at most {bound}").format(bound=f"{LARGEST_YUAN:,}")
    elif metadata.get("unit") in _UNITS_PAID and not _whole_fen(value):
        expected = _("yuan with at most two decimals (whole fen)")
    else:
        return
    raise RuleError(
        _("rule {id!r} ({where}): parameter {name!r} has to be {expected}; {value!r} came").format(
            id=rule.id, where=where(rule), name=name, expected=expected, value=Short(value)
        )
    )


def _whole_fen(amount: float) -> bool:
    try:
        fen(amount)
    except ValueError:
        return False
    return True
