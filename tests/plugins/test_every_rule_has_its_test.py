"""Every built-in rule has a `RuleTest` beside its family, with an example of its own and the source of it."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from commsim.authoring.rule_test import RuleTest
from tests.plugins.rounds import CATALOGUE

FAMILIES = sorted(path.parent.name for path in Path(__file__).parent.glob("*/test_rules.py"))


def classes_of(family: str) -> list[type[RuleTest]]:
    """The test classes of a family, in the order of the file."""
    module = importlib.import_module(f"tests.plugins.{family}.test_rules")
    return [kind for kind in vars(module).values() if isinstance(kind, type) and kind.__module__ == module.__name__]


def test_every_built_in_rule_has_exactly_one_test_class() -> None:
    tested = [kind.rule for family in FAMILIES for kind in classes_of(family)]
    assert sorted(map(str, tested)) == sorted(CATALOGUE)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_test_class_stands_beside_the_family_of_its_rule_and_has_examples_with_sources(family: str) -> None:
    for kind in classes_of(family):
        assert CATALOGUE[str(kind.rule)].__module__.startswith(f"commsim.plugins.{family}."), kind
        assert kind.worked and all(example.source for example in kind.worked), kind
