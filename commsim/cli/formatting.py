"""Help pages wrapped by the columns that characters take on the screen: a Chinese character takes two."""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import east_asian_width

import click

from commsim.i18n import _, current_language

# What a line may not break inside: a word, or a wide character, with the brackets and marks that belong to it.
_WIDE = r"\u2e80-\u9fff\uff00-\uffef"
_PIECES = re.compile(rf"[（《「“]*(?:[^\s{_WIDE}“]+|[{_WIDE}“])[,.;:!?)，。；：、！？）》」”]*|\s+")
_LARGEST_FIRST_COLUMN = 30
_SPACE_BETWEEN = 2
_LEAST_TEXT_WIDTH = 10


def display_width(text: str) -> int:
    """Columns that `text` takes in a terminal."""
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns; a piece that is wider than a line stands on a line of its own."""
    lines, line = [], ""
    for piece in _PIECES.findall(text):
        if piece.isspace():
            piece = " "
        if line and display_width((line + piece).rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        if line or piece != " ":
            line += piece
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


class HelpFormatter(click.HelpFormatter):
    """Click's help formatter with columns counted as a terminal counts them."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line of usage; after a full-width colon Chinese sets no space."""
        space = "" if current_language() == "zh" else " "
        super().write_usage(prog, args, f"{_('Usage:')}{space}" if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        """A heading with its colon, which Chinese writes full-width."""
        colon = "：" if current_language() == "zh" else ":"
        self.write(f"{'':>{self.current_indent}}{heading}{colon}\n")

    def write_text(self, text: str) -> None:
        """A text of one or more paragraphs (parted by empty lines), wrapped and indented."""
        indent = " " * self.current_indent
        width = max(self.width - self.current_indent, _LEAST_TEXT_WIDTH)
        paragraphs = [wrap(paragraph, width) for paragraph in text.split("\n\n")]
        self.write("\n\n".join("\n".join(indent + line for line in lines) for lines in paragraphs) + "\n")

    def write_dl(
        self,
        rows: Iterable[tuple[str, str]],
        col_max: int = _LARGEST_FIRST_COLUMN,
        col_spacing: int = _SPACE_BETWEEN,
    ) -> None:
        """Terms on the left, their explanations wrapped on the right."""
        listed = list(rows)
        first = min(max((display_width(term) for term, _text in listed), default=0), col_max) + col_spacing
        indent = " " * self.current_indent
        hanging = " " * (self.current_indent + first)
        width = max(self.width - len(hanging), _LEAST_TEXT_WIDTH)
        for term, text in listed:
            lines = wrap(text, width) if text else [""]
            if display_width(term) > first - col_spacing:
                self.write(f"{indent}{term}\n")
            else:
                self.write(f"{indent}{term}{' ' * (first - display_width(term))}{lines.pop(0)}\n")
            for line in lines:
                self.write(f"{hanging}{line}\n")
