"""Worked examples that lie beside a plugin's file, each tried on its rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from commsim.authoring.findings import Finding
from commsim.contracts import Rule
from commsim.errors import CommsimError, InvalidInput
from commsim.evaluation.examples import Example, examples_beside, tried
from commsim.i18n import _
from commsim.suggestions import listed


def example_findings(rules: Sequence[type[Rule]], file: Path) -> list[Finding]:
    """Every example beside a plugin's file, tried on the rule that it names (or the only one)."""
    by_id = {rule.id: rule for rule in rules}
    try:
        examples = list(examples_beside(file))
    except InvalidInput as error:
        return [Finding(_("{file}: examples").format(file=file.name), False, error.text)]
    return [_example(by_id, example) for example in examples]


def _example(rules: Mapping[str, type[Rule]], example: Example) -> Finding:
    rule = rules.get(example.rule or next(iter(rules)) if len(rules) == 1 else example.rule or "")
    name = _("example {place}").format(place=example.place)
    if rule is None:
        missing = _("say with rule: which of {rules} it is for").format(rules=listed(rules))
        return Finding(name, False, missing)
    try:
        problem = tried(rule, example)
    except CommsimError as error:
        return Finding(name, False, error.text)
    return Finding(name, problem is None, problem or "")
