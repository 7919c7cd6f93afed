"""The tables of the guide for authors (docs/writing-a-rule.md) that are made from the contract itself."""

from __future__ import annotations

from commsim.contracts.needs import TABLE
from commsim.contracts.openings import INDICATOR, Column, Part

_HEAD = ("| word | opens | what lies there |", "| --- | --- | --- |")
_INDICATOR = (
    f'| `{INDICATOR}<name>` | `view.indicator("<name>")` | float64: one number for each area, a network indicator that '
    "a plugin offers (section 7) |"
)


def table_of_needs() -> str:
    """Every word of `needs` with what it opens and what lies there, as a table in Markdown."""
    rows = [
        f"| `{need.word}` | {', '.join(f'`view.{opening.path}`' for opening in need.opens)} | {_contents(need.opens)} |"
        for need in TABLE.values()
    ]
    return "\n".join((*_HEAD, *rows, _INDICATOR)) + "\n"


def _contents(openings: tuple[Column | Part, ...]) -> str:
    """Type and contents of what a need opens, each with its name where there are several."""
    if len(openings) == 1:
        return _described(openings[0])
    return "; ".join(f"`{opening.name}` {_described(opening)}" for opening in openings)


def _described(opening: Column | Part) -> str:
    said = f"{opening.type}: {opening.says}"
    columns = opening.columns if isinstance(opening, Part) else ()
    if not columns:
        return said
    listed = ", ".join(f"`{column.name}` ({column.type}, {column.says})" for column in columns)
    return f"{said}; its columns are `id`, {listed}"
