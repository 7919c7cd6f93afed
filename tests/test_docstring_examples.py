"""Claims about examples in docstrings: each that stands in the code is true."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
WITH_EXAMPLES = sorted(
    ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")
    for path in (PROJECT / "commsim").rglob("*.py")
    if any(">>> " in line and "+SKIP" not in line for line in path.read_text(encoding="utf-8").splitlines())
)


@pytest.mark.parametrize("module", WITH_EXAMPLES)
def test_the_examples_in_docstrings_are_true(module: str) -> None:
    outcome = doctest.testmod(importlib.import_module(module))
    assert outcome.failed == 0 < outcome.attempted


def test_examples_stand_where_rules_and_their_arithmetic_do() -> None:
    families = {name.split(".")[2] for name in WITH_EXAMPLES if name.startswith("commsim.plugins.")}
    assert families >= {"divisions", "panels", "matching", "budgeting", "equal_shares", "committees", "counterfactuals"}
