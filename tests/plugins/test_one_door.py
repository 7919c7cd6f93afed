"""Claims about `commsim.rules`, the one door for authors: the guide, the template and README send nowhere else."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import commsim.rules
from commsim.authoring.template import new_rule
from commsim.rules import check, load_catalogue

PROJECT = Path(__file__).resolve().parents[2]
PROMISED = {
    *("Rule", "Modifier", "Award", "Terms", "Ballot", "parameter", "hookimpl"),
    *("divide_by_id", "fen", "evaluate", "check", "load_catalogue"),
}


def _imported(code: str) -> set[str]:
    """Modules of commsim that Python code imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(str(node.module))
    return {module for module in found if module.partition(".")[0] == "commsim"}


@pytest.mark.parametrize("page", ["docs/writing-a-rule.md", "README.md"])
def test_a_page_sends_authors_of_rules_to_one_door(page: str) -> None:
    text = (PROJECT / page).read_text(encoding="utf-8")
    python = re.findall(r"^```python[^\n]*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    about_rules = [code for code in python if page.startswith("docs") or "hookimpl" in code]
    assert {module for code in about_rules for module in _imported(code)} <= {"commsim.rules"}
    inside = r"commsim\.(?:contracts|plugins|plugin_host|calling|authoring|evaluation|money|errors)\b(?!/)"
    assert not re.findall(inside, text)


def test_a_new_rule_and_its_test_import_the_door_alone(tmp_path: Path) -> None:
    for path in new_rule("even_parts", tmp_path):
        assert _imported(path.read_text(encoding="utf-8")) == {"commsim.rules"}


def test_the_door_opens_to_all_that_is_promised() -> None:
    assert PROMISED <= set(commsim.rules.__all__)
    for name in commsim.rules.__all__:
        assert getattr(commsim.rules, name) is getattr(import_module(commsim.rules._HOMES[name]), name)
        assert f"\n    {name} " in str(commsim.rules.__doc__)


def test_the_type_checker_sees_the_same_names() -> None:
    tree = ast.parse(Path(commsim.rules.__file__).read_text(encoding="utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    seen = {
        alias.asname: node.module for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert seen == commsim.rules._HOMES


def test_opening_the_door_costs_nothing() -> None:
    code = "import sys, commsim.rules; assert not {'numpy', 'pluggy', 'commsim.contracts'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_is_not_there_is_no_name_of_the_door() -> None:
    with pytest.raises(AttributeError, match="'commsim.rules' has no attribute 'Mesa'"):
        commsim.rules.Mesa  # noqa: B018


def test_check_takes_a_file_a_text_a_class_and_an_object(tmp_path: Path) -> None:
    path, _test = new_rule("even_parts", tmp_path)
    catalogue = load_catalogue([path])
    made = catalogue.make("mine.even_parts", {"most_share": 0.2}, ["cap"])
    for rule in (path, str(path), "basic.equal_split+cap:share=0.3", catalogue["mine.even_parts"], made):
        findings = check(rule, large=(5, 20))
        assert findings and all(finding.passed for finding in findings)
