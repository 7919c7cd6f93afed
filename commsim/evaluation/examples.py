"""Worked examples shipped beside a rule: `my_rule.examples.yaml` or `.json`, a list of input and expected answer."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commsim.contracts import Rule
from commsim.errors import InvalidInput
from commsim.i18n import Text, _

HALF_A_FEN = 0.005
"""Amounts are told in yuan; an answer is right if it is the same fen."""
ENDINGS = (".examples.yaml", ".examples.yml", ".examples.json")


@dataclass(frozen=True)
class Example:
    """What `evaluate` is given and what it should answer; `rule`, an id, where a file has several rules."""

    place: str
    input: Mapping[str, Any]
    expected: Any
    params: Mapping[str, Any]
    rule: str | None = None


def examples_beside(file: Path) -> Iterator[Example]:
    """Every example of the files beside a plugin's file. Raises InvalidInput for a file that holds something else."""
    for ending in ENDINGS:
        path = file.with_name(file.stem + ending)
        if path.is_file():
            yield from _read(path)


def _read(path: Path) -> Iterator[Example]:
    text = path.read_text(encoding="utf-8-sig")
    try:
        document = json.loads(text) if path.suffix == ".json" else _yaml(text)
    except ValueError as error:
        raise InvalidInput(
            _("{file} cannot be read: {error}. Write a list of {{input: …, expected: …}}").format(
                file=path.name, error=error
            )
        ) from error
    known = {"input", "expected", "params", "rule"}
    for number, example in enumerate(document if isinstance(document, list) else [document], start=1):
        if not isinstance(example, Mapping) or not {"input", "expected"} <= example.keys() <= known:
            raise InvalidInput(
                _(
                    "{file}: example {number} is not {{input: …, expected: …}}, with params and rule where wanted"
                ).format(file=path.name, number=number)
            )
        params, rule = example.get("params") or {}, example.get("rule")
        yield Example(f"{path.name} {number}", example["input"], example["expected"], params, rule)


def _yaml(text: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from error


def tried(rule: type[Rule], example: Example) -> Text | None:
    """What is wrong with an example's answer, None where it is as expected. Raises RuleError or InvalidInput."""
    from commsim.evaluation.evaluate import evaluate

    came = evaluate(rule, example.input, example.params)
    if alike(came, example.expected):
        return None
    return _("{place}: {expected} was expected; {came} came").format(
        place=example.place, expected=example.expected, came=came
    )


def alike(came: Any, expected: Any, tolerance: float = HALF_A_FEN) -> bool:
    """Whether an answer is the expected one, amounts up to `tolerance` in yuan, which is to the fen.

    >>> alike({"a": 33.33}, {"a": 33.333333}), alike([1, 2], [1]), alike({"won": True}, {"won": True})
    (True, False, True)
    """
    if isinstance(expected, Mapping):
        same = isinstance(came, Mapping) and came.keys() == expected.keys()
        return same and all(alike(came[key], value, tolerance) for key, value in expected.items())
    if isinstance(expected, list | tuple):
        same = isinstance(came, list | tuple) and len(came) == len(expected)
        return same and all(alike(*pair, tolerance) for pair in zip(came, expected, strict=True))
    if isinstance(expected, bool) or not isinstance(expected, int | float):
        return bool(came == expected)
    number = isinstance(came, int | float) and not isinstance(came, bool)
    return number and math.isclose(came, expected, abs_tol=tolerance, rel_tol=0)
