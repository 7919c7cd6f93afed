"""Looking through a rule's source for luck and clocks that do not come from the view."""

from __future__ import annotations

import ast
from collections.abc import Iterator

FORBIDDEN = (
    "random",
    "secrets",
    "uuid",
    "time",
    "datetime",
    "numpy.random",
    "os.urandom",
    "os.getrandom",
    "os.times",
    "os.getpid",
)
"""Modules and functions (with all that is in them) whose answers differ from run to run."""

_CALLS = {"__import__", "hash", "eval", "exec"}
_BY_NAME = "importlib.import_module"


def hidden_luck(source: str) -> Iterator[tuple[int, str]]:
    """Lines of `source` that reach for luck or a clock outside the view, each with what it reaches for.

    Names are followed to what they were imported from, whatever they are called.

    >>> list(hidden_luck("import numpy as N\\nN.random.rand()"))
    [(2, 'N.random (numpy.random)')]
    >>> list(hidden_luck("from numpy import random as r"))
    [(1, 'from numpy import random')]
    """
    tree = ast.parse(source)
    modules = _imported(tree)
    found = {(line, what): None for node in ast.walk(tree) for line, what in _reaches(node, modules)}
    yield from sorted(found)


def _imported(tree: ast.AST) -> dict[str, str]:
    """What each imported name stands for, in full."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                names[one.asname or one.name.split(".")[0]] = one.name if one.asname else one.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for one in node.names:
                names[one.asname or one.name] = f"{node.module}.{one.name}"
    return names


def _reaches(node: ast.AST, modules: dict[str, str]) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Import):
        for one in node.names:
            if _forbidden(one.name):
                yield node.lineno, f"import {one.name}"
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        for one in node.names:
            if _forbidden(f"{node.module}.{one.name}"):
                yield node.lineno, f"from {node.module} import {one.name}"
    elif isinstance(node, ast.Attribute):
        yield from _of_attribute(node, modules)
    elif isinstance(node, ast.Call):
        yield from _of_call(node, modules)


def _of_attribute(node: ast.Attribute, modules: dict[str, str]) -> Iterator[tuple[int, str]]:
    full = _full_name(node, modules)
    # A module that is forbidden as a whole was told where it was imported.
    if full in FORBIDDEN and "." in full:
        yield node.lineno, f"{ast.unparse(node)} ({full})"
    elif node.attr == "rvs":
        yield node.lineno, f"{ast.unparse(node)} (draws of scipy.stats)"


def _of_call(node: ast.Call, modules: dict[str, str]) -> Iterator[tuple[int, str]]:
    if isinstance(node.func, ast.Name) and node.func.id in _CALLS:
        yield node.lineno, f"{node.func.id}(…)"
    elif _full_name(node.func, modules) == _BY_NAME:
        yield node.lineno, f"{_BY_NAME}(…)"
    elif isinstance(node.func, ast.Name) and node.func.id == "getattr" and len(node.args) > 1:
        owner, word = _full_name(node.args[0], modules), node.args[1]
        if owner and isinstance(word, ast.Constant) and _forbidden(f"{owner}.{word.value!s}"):
            yield node.lineno, f"getattr({owner}, {word.value!r})"


def _full_name(node: ast.AST, modules: dict[str, str]) -> str:
    """The dotted name that an expression stands for, empty where it does not begin with an imported name."""
    if isinstance(node, ast.Name):
        return modules.get(node.id, "")
    if isinstance(node, ast.Attribute):
        owner = _full_name(node.value, modules)
        return f"{owner}.{node.attr}" if owner else ""
    return ""


def _forbidden(name: str) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in FORBIDDEN)
