"""The parameter registry: every behavioural or institutional number that the model uses, in one place.

Each number has a unit, a range, a distribution for uncertainty analysis, a source (a paper and table, a row of the
evidence, or 'assumption'), the fact that pins it, and words in both languages. A parameter that is not in the registry
does not exist. The entries stand in `parameters/*.yaml`, one subject a file.

>>> parameters = Parameters(load_registry(), {"money.hour_rate_yuan": 25})
>>> parameters["money.hour_rate_yuan"], dict(parameters.overridden)
(25.0, {'money.hour_rate_yuan': 25.0})
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast, get_args

from commsim.errors import InvalidInput
from commsim.i18n import Bilingual, Text, _, translated_if_known
from commsim.money import is_about, is_finite
from commsim.scenario.marked_yaml import Node, read_yaml
from commsim.scenario.problems import InvalidFile, Problem
from commsim.scenario.registry_cache import digest_of, read_cache, write_cache
from commsim.suggestions import did_you_mean_or_known, listing

Distribution = Literal["uniform", "normal", "triangular", "lognormal", "fixed"]
DISTRIBUTIONS: tuple[str, ...] = get_args(Distribution)
REGISTRY_FOLDER = Path(__file__).parent / "parameters"

_NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_FIELDS = ("value", "unit", "range", "distribution", "source", "identified_by", "label", "doc")


@dataclass(frozen=True)
class Parameter:
    """One number of the model.

    `name` "subject.name"; `value`, the default, in `unit`; `low` and `high`, the range that a scenario may set and
    that uncertainty analysis draws from by `distribution`; `source`; `identified_by`, the fact or data row that pins
    it, or "not identified"; `label` and `doc` in both languages.
    """

    name: str
    value: float
    unit: str
    low: float
    high: float
    distribution: Distribution
    source: str
    identified_by: str
    label: Bilingual
    doc: Bilingual

    @property
    def unit_in_words(self) -> Text:
        """The unit as a reader of either language is told it; `unit` stays as it is written, for programs."""
        return translated_if_known(self.unit)

    @property
    def assumption(self) -> bool:
        """Whether no source gives the number."""
        return self.source.lower().startswith(("assumption", "假设"))


class UnknownParameter(InvalidInput, KeyError):
    """A parameter that is not in the registry was asked for."""


class Registry(Mapping[str, Parameter]):
    """All parameters by name, in the order of files and lines."""

    def __init__(self, parameters: Mapping[str, Parameter]) -> None:
        self._parameters = dict(parameters)

    def __getitem__(self, name: str) -> Parameter:
        try:
            return self._parameters[name]
        except KeyError:
            raise UnknownParameter(unknown_parameter(name, tuple(self._parameters))) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._parameters)

    def __len__(self) -> int:
        return len(self._parameters)


def unknown_parameter(name: str, known: tuple[str, ...]) -> Text:
    """What to say of a parameter that is not in the registry, with the names that may have been meant."""
    return _("there is no parameter {name!r} in the registry (see `commsim params`). {hint}").format(
        name=name, hint=did_you_mean_or_known(name, known)
    )


def refused_value(parameter: Parameter, value: object) -> Text | None:
    """Why `value` cannot be set for `parameter`; None where it can."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not is_finite(value):
        return _("{name} takes a number ({unit}); {value!r} came").format(
            name=parameter.name, unit=parameter.unit_in_words, value=value
        )
    if not _within(value, parameter.low, parameter.high):
        return _("{name} must lie between {low} and {high} ({unit}); {value} came").format(
            name=parameter.name,
            low=f"{parameter.low:g}",
            high=f"{parameter.high:g}",
            unit=parameter.unit_in_words,
            value=value,
        )
    return None


def _within(value: float, low: float, high: float) -> bool:
    """Whether `value` lies in the range; a bound as `commsim params` prints it, or rounded otherwise, is that bound."""
    at_bound = any(value == float(f"{bound:g}") or is_about(value, bound) for bound in (low, high))
    return at_bound or low <= value <= high


class Parameters(Mapping[str, float]):
    """The value of every parameter in a run: the registry's, but for what the scenario overrides. Frozen, picklable.

    Arguments: `registry`; `overrides`, name → number. Raises InvalidInput for a name that the registry does not have
    or a value outside its range.
    """

    __slots__ = ("_overridden", "_values")

    def __init__(self, registry: Mapping[str, Parameter], overrides: Mapping[str, float] | None = None) -> None:
        given = dict(overrides or {})
        for name, value in given.items():
            if name not in registry:
                raise UnknownParameter(unknown_parameter(name, tuple(registry)))
            refused = refused_value(registry[name], value)
            if refused is not None:
                raise InvalidInput(refused)
        self._overridden = {name: float(value) for name, value in given.items()}
        self._values = {name: parameter.value for name, parameter in registry.items()} | self._overridden

    def __getitem__(self, name: str) -> float:
        try:
            return self._values[name]
        except KeyError:
            raise UnknownParameter(unknown_parameter(name, tuple(self._values))) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, name: object) -> bool:
        return name in self._values

    @property
    def overridden(self) -> Mapping[str, float]:
        """What the scenario sets itself, name → value."""
        return dict(self._overridden)

    def __getstate__(self) -> tuple[dict[str, float], dict[str, float]]:
        return (self._values, self._overridden)

    def __setstate__(self, state: tuple[dict[str, float], dict[str, float]]) -> None:
        self._values, self._overridden = state

    def __repr__(self) -> str:
        return f"Parameters({len(self)} values, {len(self._overridden)} overridden)"


@cache
def load_registry() -> Registry:
    """The registry that ships with commsim, read once a process. Raises InvalidFile where an entry is not complete."""
    return cached_registry(REGISTRY_FOLDER)


def cached_registry(folder: Path) -> Registry:
    """As `read_registry`, but files whose bytes (and this module's) are as they were are not parsed again."""
    digest = digest_of([Path(__file__), *sorted(folder.glob("*.yaml"))])
    entries = read_cache(folder, digest)
    if entries is not None:
        return Registry({entry["name"]: _parameter(entry["name"], entry) for entry in entries})
    registry = read_registry(folder)
    write_cache(folder, digest, [_entry(parameter) for parameter in registry.values()])
    return registry


def read_registry(folder: Path) -> Registry:
    """Every entry of `folder`'s YAML files, checked: complete, in range, in both languages, named once.

    Raises InvalidFile with all problems of all files.
    """
    parameters: dict[str, Parameter] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        document = read_yaml(path)
        problems += document.problems
        if not isinstance(document.root.value, dict):
            text = _("parameters were expected, each a name and a mapping; an empty file or another value came")
            problems.append(Problem(document.root.place.file, document.root.place.line, "", text))
            continue
        for name, node in document.root.value.items():
            found = _entry_problems(str(name), node)
            if name in parameters:
                found.append(_problem(node, str(name), _("this parameter stands in another file as well; keep one")))
            if not found:
                parameters[str(name)] = _parameter(str(name), node.plain())
            problems += found
    if problems:
        raise InvalidFile(problems)
    return Registry(parameters)


def _parameter(name: str, entry: Mapping[str, Any]) -> Parameter:
    low, high = entry["range"]
    return Parameter(
        name=name,
        value=float(entry["value"]),
        unit=entry["unit"],
        low=float(low),
        high=float(high),
        distribution=cast(Distribution, entry["distribution"]),
        source=entry["source"],
        identified_by=entry["identified_by"],
        label=Bilingual(**entry["label"]),
        doc=Bilingual(**entry["doc"]),
    )


def _entry(parameter: Parameter) -> dict[str, Any]:
    """The entry that `_parameter` makes `parameter` of."""
    words = {
        field: {"en": text.message, "zh": text.zh}
        for field, text in (("label", parameter.label), ("doc", parameter.doc))
    }
    plain = {field: getattr(parameter, field) for field in ("name", "value", "unit", "source", "identified_by")}
    return {**plain, "range": [parameter.low, parameter.high], "distribution": parameter.distribution, **words}


def _problem(node: Node, path: str, text: Text) -> Problem:
    return Problem(node.place.file, node.place.line, path, text)


def _entry_problems(name: str, node: Node) -> list[Problem]:
    """What is wrong with one entry of the registry."""
    if not _NAME.fullmatch(name):
        return [_problem(node, name, _("a parameter is named subject.name in lower-case letters, digits and _"))]
    if not isinstance(node.value, dict):
        text = _("an entry was expected with {fields}").format(fields=listing(_FIELDS))
        return [_problem(node, name, text)]
    missing = [field for field in _FIELDS if field not in node.value]
    unknown = [str(field) for field in node.value if field not in _FIELDS]
    if missing:
        return [_problem(node, name, _("{fields} missing: every entry has all fields").format(fields=listing(missing)))]
    if unknown:
        text = _("{name!r} is not a field of an entry. {hint}")
        first = node.value[unknown[0]]
        hint = did_you_mean_or_known(unknown[0], _FIELDS)
        return [_problem(first, f"{name}.{unknown[0]}", text.format(name=unknown[0], hint=hint))]
    return _text_problems(name, node.value) + _number_problems(name, node.value)


def _text_problems(name: str, entry: Mapping[str, Node]) -> list[Problem]:
    found: list[Problem] = []
    for field in ("unit", "source", "identified_by"):
        value = entry[field].value
        if not isinstance(value, str) or not value.strip():
            found.append(
                _problem(entry[field], f"{name}.{field}", _("words were expected; {value!r} came").format(value=value))
            )
    for field in ("label", "doc"):
        words = entry[field].plain()
        both = isinstance(words, dict) and set(words) == {"en", "zh"}
        if not both or not all(isinstance(word, str) and word.strip() for word in words.values()):
            text = _("both languages were expected: {{en: …, zh: …}}; {value!r} came").format(value=words)
            found.append(_problem(entry[field], f"{name}.{field}", text))
    return found


def _number_problems(name: str, entry: Mapping[str, Node]) -> list[Problem]:
    bounds = entry["range"].plain()
    if not (isinstance(bounds, list) and len(bounds) == 2 and all(map(_is_number, bounds)) and bounds[0] <= bounds[1]):
        text = _("a range [low, high] of two numbers was expected; {value!r} came").format(value=bounds)
        return [_problem(entry["range"], f"{name}.range", text)]
    found: list[Problem] = []
    value, distribution = entry["value"].value, entry["distribution"].value
    if not _is_number(value) or not bounds[0] <= value <= bounds[1]:
        text = _("a number between {low} and {high} was expected; {value!r} came")
        text = text.format(low=bounds[0], high=bounds[1], value=value)
        found.append(_problem(entry["value"], f"{name}.value", text))
    if distribution not in DISTRIBUTIONS:
        text = _("one of {options} was expected; {value!r} came")
        text = text.format(options=listing(DISTRIBUTIONS), value=distribution)
        found.append(_problem(entry["distribution"], f"{name}.distribution", text))
    elif distribution == "lognormal" and bounds[0] <= 0:
        text = _("a lognormal distribution needs a range above 0; it starts at {low}").format(low=bounds[0])
        found.append(_problem(entry["range"], f"{name}.range", text))
    return found


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and is_finite(value)
