"""Words that come from plugins: there in both languages, and such as screens and files can hold."""

from __future__ import annotations

import traceback
from typing import Any

from commsim.errors import CommsimError
from commsim.i18n import LANGUAGES, Bilingual, Short, Text, _, cut

LONGEST_SENTENCE = 2_000
"""Characters that a title, a reason or another sentence of a plugin may have: each stands in tables and on pages."""
LONGEST_ERROR = 600
"""Characters of what a plugin's error says that a message shows."""
_FIRST_LINES, _LAST_LINES = 200, 200
"""Lines of a traceback that are kept from its beginning and from its end."""


def fault_in_words(value: Any) -> Text | None:
    """What came instead of a sentence that everybody can read, in whichever language; None where it is one."""
    if not isinstance(value, (str, Text)):
        return _("{came}, which is no text").format(came=repr_of(value))
    for language in LANGUAGES:
        try:
            words = value.to(language) if isinstance(value, Text) else value
        except Exception as error:  # braces of a plugin's own text, say, with nothing to fill them
            return _("{came}, which cannot be put into words ({kind})").format(
                came=repr_of(value), kind=type(error).__name__
            )
        if not isinstance(words, str) or not words.strip():
            empty = _("{came}, which says nothing")
            half = _("{came}, which has no words in {language}")
            return (half if isinstance(value, Bilingual) else empty).format(came=repr_of(value), language=language)
        if len(words) > LONGEST_SENTENCE:
            too_long = _("{came}, which has {n} letters; at most {most} are shown and written")
            return too_long.format(came=cut(repr_of(words)), n=f"{len(words):,}", most=f"{LONGEST_SENTENCE:,}")
        if not is_writable(words):
            return _("{came}, which holds half a character (a lone surrogate), so that no file can take it").format(
                came=repr_of(value)
            )
    return None


def is_writable(words: str) -> bool:
    """Whether a file in UTF-8 can hold these words: halves of surrogate pairs cannot be written."""
    try:
        words.encode()
    except UnicodeEncodeError:
        return False
    return True


def words_of(error: BaseException) -> Text | str:
    """What an error says, also one of a plugin whose own `__str__` fails, in letters that files can hold."""
    if isinstance(error, CommsimError):
        return error.text
    try:
        words = str(error)
    except BaseException as fault:  # whatever it is: what failed first is what has to be told
        return _("it cannot say what is wrong: its __str__ raises {kind}").format(kind=type(fault).__name__)
    return cut(words, LONGEST_ERROR).encode(errors="backslashreplace").decode()


def trace_of(error: BaseException) -> str:
    """The traceback of an error for those who look for it, of which no line is longer than an error may be."""
    lines = "".join(traceback.format_exception(error)).splitlines()
    shown = [*lines[:_FIRST_LINES], *lines[max(_FIRST_LINES, len(lines) - _LAST_LINES) :]]
    return "".join(f"{cut(line, LONGEST_ERROR)}\n" for line in shown)


def described(error: BaseException) -> Text:
    """The kind of an error and what it says, or its kind alone where it says nothing; of commsim's own, their text."""
    words, kind = words_of(error), cut(type(error).__name__)
    if isinstance(error, CommsimError):
        return error.text
    return Text("{kind}: {words}", {"kind": kind, "words": words}) if str(words).strip() else Text(kind)


def repr_of(value: Any) -> str:
    """`repr` of what a plugin gave, cut, or its type where its own `__repr__` fails."""
    return repr(Short(value))
