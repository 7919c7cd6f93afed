"""Pydantic's errors in words that a planner can act on, each at the file and line where the value was written."""

from __future__ import annotations

import typing
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from commsim.i18n import Text, _
from commsim.scenario import renamed_fields
from commsim.scenario.fields import ID_PATTERN, NAME_PATTERN, PLACE_ID_PATTERN, RULE_PATTERN, Refusal
from commsim.scenario.input_method_traps import explained_character, explained_number
from commsim.scenario.marked_yaml import Key, Node, dotted
from commsim.scenario.problems import Place, Problem
from commsim.suggestions import clauses, did_you_mean_or_known

SHOWN_LENGTH = 60
"""Characters of a value that a message repeats."""

_PLAIN: dict[str, Text] = {
    "int_type": _("a whole number was expected"),
    "int_from_float": _("a whole number was expected"),
    "int_parsing": _("a whole number was expected"),
    "float_type": _("a number was expected"),
    "float_parsing": _("a number was expected"),
    "finite_number": _("a finite number was expected"),
    "bool_type": _("true or false was expected"),
    "bool_parsing": _("true or false was expected"),
    "string_type": _("words were expected (put what looks like a number in quotes)"),
    "dict_type": _("a mapping was expected (name: value, on lines of its own)"),
    "mapping_type": _("a mapping was expected (name: value, on lines of its own)"),
    "model_type": _("a mapping was expected (name: value, on lines of its own)"),
    "model_attributes_type": _("a mapping was expected (name: value, on lines of its own)"),
    "tuple_type": _("a list was expected (each item on a line with '- ')"),
    "list_type": _("a list was expected (each item on a line with '- ')"),
}
_PATTERNS: dict[str, Text] = {
    ID_PATTERN: _("a short name was expected: lower-case letters, digits and _, a letter first"),
    PLACE_ID_PATTERN: _(
        "a short id was expected: lower-case letters (pinyin, say), digits and hyphens, a letter or digit "
        "first; the name itself goes into `name`"
    ),
    NAME_PATTERN: _("a short name was expected: letters, digits, - and _, without spaces"),
    RULE_PATTERN: _(
        "the id of a rule was expected, such as match.linear (parameters go in {{id: …, params: …}})"
    ).format(),
}
_BOUNDS: dict[str, tuple[str, Text]] = {
    "greater_than_equal": ("ge", _("{bound} or more was expected")),
    "greater_than": ("gt", _("more than {bound} was expected")),
    "less_than_equal": ("le", _("{bound} or less was expected")),
    "less_than": ("lt", _("less than {bound} was expected")),
    "too_short": ("min_length", _("at least {bound} items were expected")),
    "too_long": ("max_length", _("at most {bound} items were expected")),
    "string_too_short": ("min_length", _("at least {bound} characters were expected")),
}


def explained(error: ValidationError, root: Node, model: type[BaseModel]) -> list[Problem]:
    """Every error as a Problem, in pydantic's order. `root` is what was validated, `model` what it was checked by."""
    problems: list[Problem] = []
    errors = error.errors(include_url=False)
    for reported in errors:
        if reported["type"] == "too_short" and any(_is_below(other["loc"], reported["loc"]) for other in errors):
            continue  # pydantic does not count items that are wrong themselves
        location = tuple(part for part in reported["loc"] if isinstance(part, str | int))
        cause = reported.get("ctx", {}).get("error")
        if isinstance(cause, Refusal):
            for below, text in cause.found:
                problems.append(_problem(root, (*location, *below), clauses(text, _trap(reported, below))))
        else:
            problems.append(_problem(root, location, _words(reported, location, model)))
    return problems


def _is_below(location: tuple[Key, ...], above: tuple[Key, ...]) -> bool:
    return len(location) > len(above) and location[: len(above)] == above


def _problem(root: Node, location: tuple[Key, ...], text: Text) -> Problem:
    place, path = placed(root, location)
    return Problem(place.file, place.line, dotted(path), text)


def placed(root: Node, location: Sequence[Key]) -> tuple[Place, tuple[Key, ...]]:
    """The nearest place to `location` that was written, and the path as a user writes it (items by their id)."""
    node, path, known = root, [], True
    place = root.place
    for step in location:
        below = _below(node, step) if known else None
        label: Key = step
        if below is None:
            known = False
        else:
            if isinstance(node.value, list) and isinstance(below.value, dict) and "id" in below.value:
                written = below.value["id"].value
                label = written if isinstance(written, str) else step
            node, place = below, below.place
        if known or not _synthetic(step):
            path.append(label)
    return place, tuple(path)


def _below(node: Node, step: Key) -> Node | None:
    if isinstance(node.value, dict):
        found = node.value.get(step)
        if found is None and isinstance(step, str) and step.lstrip("-").isdecimal():
            found = node.value.get(int(step))
        return found if isinstance(found, Node) else None
    if isinstance(node.value, list) and isinstance(step, int) and 0 <= step < len(node.value):
        return typing.cast(Node, node.value[step])
    return None


def _synthetic(step: Key) -> bool:
    """Whether pydantic made up this step (a union member's name, '[key]') rather than the user."""
    return isinstance(step, str) and (step in {"int", "float", "str", "bool", "[key]"} or "[" in step)


def _words(error: Mapping[str, Any], location: tuple[Key, ...], model: type[BaseModel]) -> Text:
    kind, context, given = error["type"], error.get("ctx", {}), error.get("input")
    if kind == "missing":
        return _("this is missing and has to be given")
    if kind == "extra_forbidden" and location in renamed_fields.RENAMED:
        return renamed_fields.RENAMED[location](given)
    if kind == "extra_forbidden":
        known = known_keys(model, location[:-1])
        text = _("{name!r} is not known here. {hint}")
        return text.format(name=str(location[-1]), hint=did_you_mean_or_known(str(location[-1]), known))
    if kind in _PLAIN:
        expected = _PLAIN[kind]
    elif kind in _BOUNDS:
        name, text = _BOUNDS[kind]
        expected = text.format(bound=context.get(name))
    elif kind in {"literal_error", "enum"}:
        expected = _("one of {options} was expected").format(options=str(context.get("expected")).replace(" or ", ", "))
    elif kind == "string_pattern_mismatch":
        unknown = _("words of the pattern {pattern} were expected").format(pattern=context.get("pattern"))
        expected = _PATTERNS.get(str(context.get("pattern")), unknown)
    elif kind == "value_error":
        return _said(context.get("error"), str(error["msg"]))
    else:
        expected = _("this cannot be used ({reason})").format(reason=error["msg"])
    return clauses(_("{expected}; {given} came").format(expected=expected, given=shown_value(given)), _trap(error))


def _said(cause: object, message: str) -> Text:
    """The text of an exception that a check raised, where it has one of ours."""
    text = getattr(cause, "text", None)
    return text if isinstance(text, Text) else _("this cannot be used ({reason})").format(reason=message)


def _trap(error: Mapping[str, Any], below: tuple[Key, ...] = ()) -> Text | None:
    given = error.get("input")
    for step in below:
        given = given.get(step) if isinstance(given, dict) else None
    if not isinstance(given, str):
        return None
    return explained_character(given) or (explained_number(given) if _wants_number(error) else None)


def _wants_number(error: Mapping[str, Any]) -> bool:
    """Whether a number was expected: by pydantic's own types, or as an amount in yuan."""
    return str(error["type"]).startswith(("int_", "float_")) or str(error["loc"][-1]).endswith("_yuan")


def shown_value(value: Any) -> str | Text:
    """A value as a message repeats it: short, and for mappings and lists only what kind it is."""
    if value is None:
        return _("nothing")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return _("a mapping")
    if isinstance(value, list | tuple):
        return _("a list")
    written = repr(value)
    return written if len(written) <= SHOWN_LENGTH else written[:SHOWN_LENGTH] + "…"


def known_keys(model: type[BaseModel], location: Sequence[Key]) -> list[str]:
    """The keys that the part of `model` at `location` takes, as they are written in a file."""
    part: type[BaseModel] | None = model
    for step in location:
        if isinstance(step, int) or part is None:
            continue
        field = next((declared for name, declared in part.model_fields.items() if step in (declared.alias, name)), None)
        part = _model_in(field.annotation) if field is not None else None
    if part is None:
        return []
    return [field.alias or name for name, field in part.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The first pydantic model inside an annotation such as `tuple[FundSpec, ...] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in typing.get_args(annotation):
        found = _model_in(part)
        if found is not None:
            return found
    return None
