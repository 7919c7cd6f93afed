"""Claims about who imports whom: no circle anywhere, also inside packages; the order is held by import-linter."""

from __future__ import annotations

import ast
from pathlib import Path

import networkx as nx

PROJECT = Path(__file__).resolve().parents[1]


def _modules() -> dict[str, Path]:
    found = {}
    for path in sorted((PROJECT / "commsim").rglob("*.py")):
        name = ".".join(path.relative_to(PROJECT).with_suffix("").parts)
        found[name.removesuffix(".__init__")] = path
    return found


def _imported(path: Path, known: set[str]) -> set[str]:
    """Modules of commsim that a file imports anywhere: at its top, late, or for the type checker alone."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            # `from package import module` needs the module; `from package import name` the package itself.
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in known else node.module for name in whole}
    return found & known


def _graph() -> nx.DiGraph[str]:
    modules = _modules()
    known = set(modules)
    graph: nx.DiGraph[str] = nx.DiGraph()
    # The face is a table of contents that fetches its names late; nothing below may import it (next test).
    for name, path in modules.items():
        if name != "commsim":
            graph.add_edges_from((name, other) for other in _imported(path, known) - {name})
    return graph


def test_no_modules_import_each_other_in_a_circle() -> None:
    circles = [sorted(group) for group in nx.strongly_connected_components(_graph()) if len(group) > 1]
    assert not circles


def test_nobody_inside_imports_the_public_face() -> None:
    assert not [name for name in _graph().predecessors("commsim")] if "commsim" in _graph() else True


def test_a_circle_would_be_found() -> None:
    graph = _graph()
    graph.add_edge("commsim.i18n", "commsim.cli")
    assert any(len(group) > 1 for group in nx.strongly_connected_components(graph))
