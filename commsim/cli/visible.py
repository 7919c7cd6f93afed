"""Characters that steer a terminal or turn the order of a line, made visible before anything is shown.

A name in a file that somebody else wrote could otherwise move the cursor, change the window's title or show an amount
backwards. Line feeds and tabs stay; everything else of this kind is shown as its escape, `\\x1b` or `\\u202e`.
"""

from __future__ import annotations

import re

_STEERING = "\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 without tab and line feed, delete, C1
_TURNING = "\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069"  # marks, separators, overrides, isolates
_UNPAIRED = "\ud800-\udfff"  # bytes of a file name that are no characters; no encoding can write them
_SHOWN = re.compile(f"[{_STEERING}{_TURNING}{_UNPAIRED}]")
_IN_JSON = re.compile(f"[\x7f-\x9f{_TURNING}{_UNPAIRED}]")  # the others are escaped by every writer of JSON


def visible(text: str) -> str:
    r"""`text` with every character that is no character to read replaced by its escape.

    >>> print(visible("a\x1b[2Jb\u202ec"))
    a\x1b[2Jb\u202ec
    """
    return _SHOWN.sub(_escape, text)


def visible_json(text: str) -> str:
    r"""JSON that means the same and holds no such character raw.

    >>> print(visible_json('"\u202e"'))
    "\u202e"
    """
    return _IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _escape(found: re.Match[str]) -> str:
    number = ord(found[0])
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"
