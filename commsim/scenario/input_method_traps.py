"""What editors and input methods slip into files written in Chinese, caught and explained.

The full-width colon makes a whole file one string, the ideographic space is no indent, curly quotes do not quote, and
a file saved as GBK is not UTF-8. YAML's own messages on these help nobody.
"""

from __future__ import annotations

import os
import re
from decimal import Decimal
from pathlib import Path

from commsim.i18n import Text, _
from commsim.scenario.characters import ODD_SPACES, odd_space
from commsim.scenario.problems import InvalidFile, Problem

_COLON_LINE = re.compile(r"[\s\u3000]*(?:-[ \u3000]+)?[\"'“”‘’]?[A-Za-z_][\w.]*[\"'“”‘’]?[ \u3000]*：")
_MISSING_SPACE = re.compile(r"[ \t]*(?:- )?[A-Za-z_]\w*:[^\s/:]")
_ODD_AFTER_SIGN = re.compile(rf"[ \t]*(?:- +)?(?:-|[\"']?[A-Za-z_][\w.]*[\"']?:) *[{ODD_SPACES}]")
_INDENT = re.compile(rf"[ \t{ODD_SPACES}]*")
_CURLY = "“”‘’„‟「」『』"
_FULL_WIDTH = re.compile("[\uff01-\uff5e]")
_COMMA_IN_BRACES = re.compile(r"[{\[].*[^\s{\[]，[ \u3000]*[A-Za-z_]\w*:")
_PERCENT = re.compile(r"([+-]?\d+(?:\.\d+)?) *[%％]")
_GROUPED = re.compile(r"\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?")
_WITH_UNIT = re.compile(r"(\d+(?:\.\d+)?) *([万亿]?)(?:元|人|户|个月|月|个|岁|yuan)?")
_CHINESE_NUMBER = re.compile(r"[零〇一二两三四五六七八九十百千万亿点]+")
_MYRIADS = {"": Decimal(1), "万": Decimal(10**4), "亿": Decimal(10**8)}
_PER_CENT = Decimal(100)
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_ZEROS_OF_UTF16 = 10
"""A file that is zero in more than one byte of so many is UTF-16 or no text; a zero here and there is a slip."""


def shown_path(path: Path) -> str:
    """`path` as people read it: relative to the working folder where it lies inside it."""
    absolute = os.path.abspath(path)
    try:
        relative = os.path.relpath(absolute)
    except ValueError:  # another drive on Windows
        return absolute
    return absolute if relative.startswith("..") else relative


def decoded(raw: bytes, name: str) -> str:
    """The text of a file that has to be UTF-8 (a byte order mark is accepted). Raises InvalidFile with the line."""
    if raw.startswith(_UTF16_MARKS) or raw.count(b"\x00") > len(raw) // _ZEROS_OF_UTF16:
        text = _("the file is saved as UTF-16 or is not a text; save it as UTF-8")
        raise InvalidFile([Problem(name, 1, "", text)])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InvalidFile([Problem(name, line, "", _encoding(raw))]) from error


def _encoding(raw: bytes) -> Text:
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return _("the file is not UTF-8 from this line on; save it as UTF-8")
    return _(
        "the file is not UTF-8 but most likely GBK (GB18030); save it as UTF-8 (Notepad: Save as, Encoding: UTF-8)"
    )


def explained_lines(text: str, name: str) -> list[Problem]:
    """The traps in a text that YAML could not take as it was meant, by line."""
    found: list[Problem] = []
    for number, line in enumerate(text.split("\n"), start=1):
        trap = _explained_line(line)
        if trap is not None and not line.lstrip().startswith("#"):
            found.append(Problem(name, number, "", trap))
    return found


def _explained_line(line: str) -> Text | None:
    match = _INDENT.match(line)
    indent = match.group() if match else ""
    if not line.strip():
        return None
    if _COLON_LINE.match(line):
        return full_width_colon()
    odd_indent = odd_space(indent)
    if odd_indent is not None:
        return odd_indent
    odd_after = _ODD_AFTER_SIGN.match(line)
    if odd_after is not None:
        return odd_space(odd_after.group())
    if "\t" in indent:
        return _("the line is indented with a tab, which YAML does not take; use spaces")
    if _COMMA_IN_BRACES.search(line):
        return _("the comma here is full-width (，); write an ASCII comma and a space (, )")
    if _MISSING_SPACE.match(line):
        return _("a space is missing after the colon")
    return None


def full_width_colon() -> Text:
    """What to do about `：`."""
    return _("the colon here is full-width (：); write an ASCII colon and a space (: )")


def explained_character(text: str) -> Text | None:
    """What is odd about a name or value that was not accepted, if a character of it comes from an input method."""
    if "：" in text:
        return full_width_colon()
    odd = odd_space(text)
    if odd is not None:
        return odd
    if any(quote in text for quote in _CURLY):
        return _("the quotes here are curly or full-width (“ ”); write straight ones (\" or ') or none")
    if _FULL_WIDTH.search(text):
        return _(
            "some characters here are full-width (as １ or ，); switch the input method to ASCII and write them again"
        )
    return None


def explained_number(text: str) -> Text | None:
    """How to write a number that came as people write it: with a percent sign, commas, a unit or in characters."""
    written = _plain_number(text.strip())
    if written is not None:
        return _("write {number}, without quotes, a percent sign, commas or a unit").format(number=written)
    if _CHINESE_NUMBER.fullmatch(text.strip()):
        return _("write the number in digits, such as 420")
    return None


def _plain_number(text: str) -> str | None:
    """`30%` as 0.3, `30,000` as 30000, `3万元` as 30000; None for anything else."""
    percent, unit = _PERCENT.fullmatch(text), _WITH_UNIT.fullmatch(text)
    if percent is not None:
        return _digits(Decimal(percent[1]) / _PER_CENT)
    if _GROUPED.fullmatch(text):
        return text.replace(",", "").replace("，", "")
    if unit is not None:
        return _digits(Decimal(unit[1]) * _MYRIADS[unit[2]])
    return None


def _digits(number: Decimal) -> str:
    return f"{number.normalize():f}"
