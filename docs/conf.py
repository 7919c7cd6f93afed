"""How the pages are built: `make docs` (Sphinx with MyST and furo). Where texts of the repository and lists from the
program come in, a page has a line of its own for each: `<!-- from the program: rules en -->` and
`<!-- from the repository: results/README.md -->`."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent
sys.path[:0] = [str(PROJECT), str(HERE)]

from reference_pages import GENERATED  # noqa: E402

from commsim.about import __version__  # noqa: E402

project, author, version = "commsim", "commsim contributors", __version__
extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["_build", "images"]
html_theme = "furo"
smartquotes = False  # two hyphens of an option stay two hyphens
html_title = f"commsim {__version__}"
html_show_sourcelink = False
html_copy_source = False
html_show_copyright = False
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4
# Docstrings write code between single backquotes.
default_role = "code"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True

_FROM_THE_PROGRAM = re.compile(r"^<!-- from the program: (\S+) (en|zh) -->$", re.MULTILINE)
_FROM_THE_REPOSITORY = re.compile(r"^<!-- from the repository: (\S+)(?: from (.+?))? -->$", re.MULTILINE)
_LINK = re.compile(r"(?<=\]\()(?![a-z]+:|#)([^)\s]+)")


def _fill_in(app: Any, page: str, source: list[str]) -> None:
    """Put what a page takes in from elsewhere where it says so."""
    text = _FROM_THE_PROGRAM.sub(lambda found: GENERATED[found[1]](found[2]), source[0])
    source[0] = _FROM_THE_REPOSITORY.sub(lambda found: _taken_in(page, found[1], found[2]), text)


def _taken_in(page: str, name: str, first: str | None) -> str:
    """A text of the repository, from the line that begins with `first` on, with its links as they go from `page`."""
    path = PROJECT / name
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        return "\n\n".join(map(_cell, json.loads(text)["cells"]))
    if path.suffix != ".md":
        return f"```{path.suffix.removeprefix('.').replace('py', 'python')}\n{text.rstrip()}\n```"
    if first:
        text = text[text.index(first) :]
    return _LINK.sub(lambda found: _link(page, path.parent / found[1]), text)


def _link(page: str, target: Path) -> str:
    """The way from a page to a file of the repository, or to the page that takes the file in."""
    home = _HOMES.get(target.relative_to(PROJECT).as_posix())
    there = HERE / home if home else target
    return Path(os.path.relpath(there, (HERE / page).parent)).as_posix()


_HOMES = {
    "CHANGELOG.md": "changes.md",
    "CONTRIBUTING.md": "contributing.md",
    "README.md": "index.md",
    "README.zh.md": "zh/index.md",
    "results/README.md": "reference/results.md",
}


def _cell(cell: dict[str, Any]) -> str:
    """A cell of a notebook: words as they are, code as a block."""
    text = "".join(cell["source"])
    return text if cell["cell_type"] == "markdown" else f"```python\n{text}\n```"


def _as_rst(app: Any, what: str, name: str, described: Any, options: Any, lines: list[str]) -> None:
    """Docstrings are plain text with code between backquotes: keep reStructuredText from reading more into them."""
    lines[:] = "\n".join(lines).expandtabs().splitlines()
    inside = False
    for number, line in enumerate(lines):
        if line.startswith(">>>"):
            inside = True
        inside = inside and bool(line.strip())
        if not inside:
            parts = re.split(r"(`[^`]+`)", line)
            lines[number] = "".join(p if p.startswith("`") else re.sub(r"([*|`]|_\b)", r"\\\1", p) for p in parts)


def setup(app: Any) -> dict[str, Any]:
    """Called by Sphinx."""
    app.connect("source-read", _fill_in)
    app.connect("autodoc-process-docstring", _as_rst)
    return {"parallel_read_safe": True}
