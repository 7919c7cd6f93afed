"""Both languages in one process: lazy texts that are put into words when they are shown.

A text is marked once, where it stands, and translated late, because one process may serve a Chinese page and an
English table at the same time (the HTML page of a comparison holds both).

>>> from commsim.i18n import _
>>> _("{n} residents").format(n=3).to("en")
'3 residents'
"""

from __future__ import annotations

import gettext
import math
import os
from contextvars import ContextVar
from functools import cache
from pathlib import Path, PurePath
from typing import Any, Literal, get_args

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
DOMAIN = "commsim"
LOCALE_FOLDER = Path(__file__).parent / "locale"

_current: ContextVar[Language] = ContextVar("commsim_language", default="en")


def current_language() -> Language:
    """The language in which texts of this context are shown."""
    return _current.get()


def use_language(language: Language) -> None:
    """Show texts of this context (thread or task) in `language` from now on."""
    _current.set(language)


def language_of_environment(environment: dict[str, str]) -> Language:
    """The language that LANGUAGE, LC_ALL, LC_MESSAGES or LANG asks for (POSIX order); English if none says Chinese."""
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(variable, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


@cache
def translations(language: Language) -> gettext.NullTranslations:
    """The message catalogue of a language; English is the language of the message ids, so its catalogue is empty."""
    return gettext.translation(DOMAIN, LOCALE_FOLDER, languages=[language], fallback=True)


LONGEST_REPEATED = 80
"""Characters of an input that a message repeats."""


def cut(words: str, most: int = LONGEST_REPEATED) -> str:
    """`words`, or as many letters of it as fit, with an ellipsis.

    >>> cut("a" * 100, 5)
    'aaaa…'
    """
    return words if len(words) <= most else words[: most - 1] + "…"


def cut_place(place: str) -> str:
    """The path of a file or folder, cut only where it is too long to be one.

    A place on a disk is of use only whole; a single word of that length is none.
    """
    return cut(place, _LONGEST_PLACE if os.sep in place else LONGEST_REPEATED)


class _Whole(str):
    """A long text of ours: whole where it is said, cut where it is quoted (`!r`)."""

    def __repr__(self) -> str:
        return cut_place(str.__repr__(self))


class _Long(_Whole):
    """A long text from elsewhere: cut where it is said, too."""

    def __format__(self, form: str) -> str:
        return format(_cut_said(str(self)), form)


def _cut_said(words: str) -> str:
    """Words as a sentence takes them in: a single one is an input, such as a path; several are an explanation."""
    return cut(words, _LONGEST_SAID) if len(words.split(None, 1)) > 1 else cut_place(words)


class Short:
    """A value as messages show it: `repr` and `str` are its own, cut. It can stand for the value in any text.

    Of a value whose own `__repr__` fails the type is shown.

    >>> len(repr(Short([1.5] * 200_000)))
    80
    """

    __slots__ = ("_repr", "_str")

    def __init__(self, value: Any) -> None:
        self._repr = _short_repr(value)
        self._str = cut(str(value)) if isinstance(value, str) else self._repr

    def __repr__(self) -> str:
        return self._repr

    def __str__(self) -> str:
        return self._str


def _short_repr(value: Any) -> str:
    try:
        return cut(repr(value))
    except ValueError:  # whole numbers of more than 4,300 digits are not put into words
        return _beginning(value) if isinstance(value, int) else f"<{cut(type(value).__name__)}>"
    except Exception:
        return f"<{cut(type(value).__name__)}>"


_LONGEST_PLACE = 400
_LONGEST_SAID = 4_000
"""Characters of a list or an explanation that a message takes in."""


def _beginning(number: int) -> str:
    """The first digits of a number of thousands of digits."""
    return f"{number // 10 ** max(0, int(abs(number).bit_length() * math.log10(2)) - LONGEST_REPEATED)}…"


def _readable(value: Any) -> Any:
    """`value` as a message shows it: inputs that it repeats are cut."""
    if isinstance(value, PurePath) and len(str(value)) > LONGEST_REPEATED:
        return cut_place(str(value))
    if isinstance(value, str):
        return _Long(value) if len(value) > LONGEST_REPEATED else value
    long_number = isinstance(value, int) and value.bit_length() > _LONG_BITS
    return Short(value) if long_number or isinstance(value, list | tuple | dict | set | frozenset) else value


def _in_sentence(value: Any, language: Language) -> Any:
    """`value` between the words of a message: texts say their own inputs, anything else is an input."""
    return _Whole(value.to(language)) if isinstance(value, Text) else _readable(value)


_LONG_BITS = 250
"""Bits of a whole number of about as many digits as a message repeats."""


class Text:
    """A message that knows its words in every language and takes them on only when shown.

    Arguments: `message`, the English text, which is also the gettext id; `values`, what goes into its braces (texts
    among them are shown in the same language). `str()` shows it in the current language, `to()` in a given one.
    """

    __slots__ = ("message", "values")

    def __init__(self, message: str, values: dict[str, Any] | None = None) -> None:
        self.message = message
        self.values = values

    def format(self, **values: Any) -> Text:
        """The same text with its braces filled; nothing is translated yet."""
        return Text(self.message, {**(self.values or {}), **values})

    def to(self, language: Language) -> str:
        """The text in `language`."""
        words = translations(language).gettext(self.message) if self.message else ""
        if self.values is None:
            return words
        return words.format(**{key: _in_sentence(value, language) for key, value in self.values.items()})

    def __str__(self) -> str:
        return self.to(current_language())

    def __repr__(self) -> str:
        return f"Text({self.message!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and (self.message, self.values) == (other.message, other.values)

    def __hash__(self) -> int:
        return hash(self.message)

    def __reduce__(self) -> tuple[type[Text], tuple[str, dict[str, Any] | None]]:
        return (Text, (self.message, self.values))


class Bilingual(Text):
    """A name that is carried in both languages by the data itself (a place, a parameter's label), not by gettext."""

    __slots__ = ("zh",)

    def __init__(self, *, en: str, zh: str) -> None:
        super().__init__(en)
        self.zh = zh

    def to(self, language: Language) -> str:
        """The name in `language`."""
        return self.zh if language == "zh" else self.message

    def __repr__(self) -> str:
        return f"Bilingual(en={self.message!r}, zh={self.zh!r})"

    def __reduce__(self) -> Any:
        return (_bilingual, (self.message, self.zh))


def _bilingual(en: str, zh: str) -> Bilingual:
    return Bilingual(en=en, zh=zh)


def shown(value: Any, language: Language) -> Any:
    """`value` as it goes into a sentence of `language`: texts are translated, anything else stays as it is."""
    return value.to(language) if isinstance(value, Text) else value


def _(message: str) -> Text:
    """Mark a text for translation and make it lazy."""
    return Text(message)


def N_(message: str) -> str:
    """Mark a text for translation without making it lazy (where a plain string is needed, as in Click help)."""
    return message


class Counted(Text):
    """A message with a number `n` in it, in the form that goes with the number in each language."""

    __slots__ = ("many",)

    def __init__(self, one: str, many: str, n: int) -> None:
        super().__init__(one, {"n": n})
        self.many = many

    def to(self, language: Language) -> str:
        """The text in `language`, with the plural that its catalogue has for the number."""
        number = (self.values or {})["n"]
        return translations(language).ngettext(self.message, self.many, number).format(n=number)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Counted) and (self.many, self.message, self.values) == (
            other.many,
            other.message,
            other.values,
        )

    def __hash__(self) -> int:
        return hash(self.many)

    def __reduce__(self) -> Any:
        return (Counted, (self.message, self.many, (self.values or {})["n"]))


def counted(one: str, many: str, n: int) -> Text:
    """Mark a text with a number for translation and make it lazy: `one` for a single thing, `many` for others.

    >>> [counted("{n} hour", "{n} hours", number).to("en") for number in (1, 2)]
    ['1 hour', '2 hours']
    """
    return Counted(one, many, n)


def translated_if_known(message: str | Text) -> Text:
    """A text that data brings along rather than code (a unit, where a rule comes from).

    Translated where the catalogue has it, else as it is; a text in both languages stays what it is.
    """
    return message if isinstance(message, Text) else Text(message)


def as_language(value: str) -> Language:
    """`value` if it names a language, else a ValueError."""
    if value not in LANGUAGES:
        raise ValueError(value)
    return value
