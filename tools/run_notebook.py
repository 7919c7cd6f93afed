"""Run a notebook without Jupyter: its code cells in order, in one namespace, as a kernel would.

python tools/run_notebook.py examples/a_planners_comparison.ipynb

What a cell ends with is shown as text, and asked for its HTML where it has some. A cell that fails is named with its
number. Nothing is written into the notebook.
"""

from __future__ import annotations

import ast
import json
import linecache
import sys
from pathlib import Path
from typing import Any


def code_cells(path: Path) -> list[str]:
    """The text of each code cell, in order."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def run(path: Path) -> None:
    """Run every code cell in the namespace of `__main__`, as a kernel does. Raises what a cell raises."""
    for number, text in enumerate(code_cells(path), 1):
        _run_cell(text, f"<cell {number} of {path.name}>", vars(sys.modules["__main__"]))


def _run_cell(text: str, name: str, namespace: dict[str, Any]) -> None:
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)  # so that tracebacks show the line
    tree = ast.parse(text, name)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, name, "exec"), namespace)
    if last is not None:
        _show(eval(compile(ast.Expression(last.value), name, "eval"), namespace))


def _show(value: Any) -> None:
    """What a notebook would show below a cell; of HTML only that it can be made."""
    if hasattr(value, "_repr_html_"):
        value._repr_html_()
    if value is not None:
        print(value)


if __name__ == "__main__":
    run(Path(sys.argv[1]))
