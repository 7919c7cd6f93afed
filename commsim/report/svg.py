"""The project's own inline SVG: a canvas that knows both languages and where its texts stand.

Texts in two languages are two `<text>` elements of class `en` and `zh`; the page shows one of them. Colours and dashes
are classes (`c0` … `c7`) that the page's style sheet fills in, so that a chart follows light, dark and print.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from commsim.i18n import LANGUAGES, Bilingual, Language, Text

FONT_SIZE = 12.0
LINE_HEIGHT = 15.0
_NARROW = set("iljtfrI.,:;'|!()[] ")
_ANCHOR_SHARE = {"start": 0.0, "middle": 0.5, "end": 1.0}


def text_width(text: str, size: float = FONT_SIZE) -> float:
    """About how wide `text` is when set in a common sans serif of `size`; errs on the wide side."""
    return size * sum(_character_width(character) for character in text)


def _character_width(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if character in _NARROW:
        return 0.36
    return 0.74 if character.isupper() or character in "mw%+=—" else 0.58


def in_words(text: Text | str, language: Language) -> str:
    """The string of `text` in `language`; plain strings are the same in both."""
    return text.to(language) if isinstance(text, Text) else text


def both(text: Text | str) -> str:
    """Both languages in one string, for places where only one string can stand (`<title>`, `aria-label`)."""
    words = [in_words(text, language) for language in LANGUAGES]
    return words[0] if words[0] == words[1] else " · ".join(words)


def wrap(text: str, width: float, size: float = FONT_SIZE) -> list[str]:
    """`text` in lines no wider than `width`: broken at spaces, or between any two characters of Chinese."""
    lines = [""]
    for piece in _pieces(text):
        if lines[-1] and text_width(lines[-1] + piece.rstrip(), size) > width:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line.rstrip() for line in lines]


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for character in text:
        wide = unicodedata.east_asian_width(character) in "WF"
        closes = unicodedata.category(character) in ("Pe", "Po", "Pf")
        if not pieces or pieces[-1].endswith(" ") or (wide and not closes):
            pieces.append(character)
        elif unicodedata.east_asian_width(pieces[-1][-1]) in "WF" and not closes:
            pieces.append(character)
        else:
            pieces[-1] += character
    return pieces


@dataclass(frozen=True)
class Box:
    """Where a text stands: which languages show it, its corners, its words."""

    languages: tuple[Language, ...]
    left: float
    top: float
    right: float
    bottom: float
    words: str

    def meets(self, other: Box) -> bool:
        """Whether the two texts run into each other in some language."""
        return (
            bool(set(self.languages) & set(other.languages))
            and self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


class Canvas:
    """An SVG in the making: `width` × `height` drawing units (CSS pixels at full size), with title and description.

    Draw with `text`, `line`, `path`, `box`, `dots`; `render()` gives the element. `boxes` remembers every text, so
    that a test can say that none runs into another or over the edge.
    """

    def __init__(self, width: float, height: float, *, title: Text | str, description: Text | str) -> None:
        self.width = width
        self.height = height
        self.title = title
        self.description = description
        self.boxes: list[Box] = []
        self._parts: list[str] = []

    def text(
        self, x: float, y: float, text: Text | str, *, anchor: str = "start", size: float = FONT_SIZE, style: str = ""
    ) -> None:
        """Write `text` with its baseline at (x, y), in both languages."""
        words = {language: in_words(text, language) for language in LANGUAGES}
        if len(set(words.values())) == 1 and not isinstance(text, Bilingual):
            self._write(x, y, words["en"], LANGUAGES, anchor, size, style)
            return
        for language in LANGUAGES:
            self._write(x, y, words[language], (language,), anchor, size, style)

    def lines(self, x: float, y: float, text: Text, width: float, *, style: str = "") -> None:
        """Write `text` from the first baseline (x, y) downwards, wrapped to `width` in each language by itself."""
        for language in LANGUAGES:
            for number, line in enumerate(wrap(in_words(text, language), width)):
                self._write(x, y + number * LINE_HEIGHT, line, (language,), "start", FONT_SIZE, style)

    def _write(
        self, x: float, y: float, words: str, languages: tuple[Language, ...], anchor: str, size: float, style: str
    ) -> None:
        wide = text_width(words, size)
        left = x - _ANCHOR_SHARE[anchor] * wide
        self.boxes.append(Box(languages, left, y - 0.78 * size, left + wide, y + 0.22 * size, words))
        classes = " ".join(part for part in (languages[0] if len(languages) == 1 else "", style) if part)
        attributes = f' class="{classes}"' if classes else ""
        if len(languages) == 1:
            attributes += f' lang="{languages[0]}"'
        if anchor != "start":
            attributes += f' text-anchor="{anchor}"'
        if size != FONT_SIZE:
            attributes += f' font-size="{short(size)}"'
        self._parts.append(f'<text x="{short(x)}" y="{short(y)}"{attributes}>{escape(words)}</text>')

    def line(self, x1: float, y1: float, x2: float, y2: float, style: str) -> None:
        """A straight line."""
        self._parts.append(f'<path class="{style}" d="M{short(x1)} {short(y1)}L{short(x2)} {short(y2)}"/>')

    def path(self, points: Iterable[tuple[float, float]], style: str, *, closed: bool = False) -> None:
        """A line through `points`, or the area within them where `closed`."""
        places = "L".join(f"{short(x)} {short(y)}" for x, y in points)
        if places:
            self._parts.append(f'<path class="{style}" d="M{places}{"Z" if closed else ""}"/>')

    def box(self, x: float, y: float, width: float, height: float, style: str) -> None:
        """A filled rectangle."""
        self._parts.append(
            f'<rect class="{style}" x="{short(x)}" y="{short(y)}" width="{short(width)}" height="{short(height)}"/>'
        )

    def dots(self, x: NDArray[np.float64], y: NDArray[np.float64], dot: float, style: str) -> None:
        """Round dots of diameter `dot`, as one path of zero-length strokes: a district stays a few kilobytes."""
        places = "".join(f"M{short(a)} {short(b)}h0" for a, b in zip(x.tolist(), y.tolist(), strict=True))
        if places:
            self._parts.append(f'<path class="{style}" stroke-width="{short(dot)}" d="{places}"/>')

    def marker(self, x: float, y: float, shape: int, style: str, radius: float = 4.0) -> None:
        """A marker whose form tells its series apart without colour: disc, square, triangle, diamond, …"""
        corners = _SHAPES[shape % len(_SHAPES)]
        self.path([(x + a * radius, y + b * radius) for a, b in corners], style, closed=True)

    def render(self) -> str:
        """The `<svg>` element."""
        head = (
            f'<svg role="img" viewBox="0 0 {short(self.width)} {short(self.height)}" '
            f'style="max-width:{short(self.width)}px">'
            f"<title>{escape(both(self.title))}</title><desc>{escape(both(self.description))}</desc>"
        )
        return head + "".join(self._parts) + "</svg>"

    def collisions(self) -> list[tuple[str, str]]:
        """Pairs of texts that run into each other, and texts that leave the canvas (paired with ""). Empty if good."""
        found = [
            (box.words, other.words)
            for place, box in enumerate(self.boxes)
            for other in self.boxes[place + 1 :]
            if box.meets(other)
        ]
        outside = [
            (box.words, "")
            for box in self.boxes
            if box.left < -1 or box.top < -1 or box.right > self.width + 1 or box.bottom > self.height + 1
        ]
        return found + outside


def _polygon(corners: int, turn: float) -> list[tuple[float, float]]:
    angles = np.pi * (2 * np.arange(corners) / corners + turn)
    return [(round(float(np.sin(angle)), 4), round(float(-np.cos(angle)), 4)) for angle in angles]


_SHAPES: Sequence[Sequence[tuple[float, float]]] = (
    _polygon(16, 0.0),  # disc
    _polygon(4, 0.25),  # square
    _polygon(3, 0.0),  # triangle
    _polygon(4, 0.0),  # diamond
    _polygon(3, 1.0),  # triangle, point down
    _polygon(5, 0.0),  # pentagon
    _polygon(6, 0.0),  # hexagon
    _polygon(8, 0.125),  # octagon
)


def short(value: float) -> str:
    """A coordinate with at most one decimal, as short as it goes."""
    text = f"{value:.1f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
