"""Words that a plugin may say, each of which somebody understands: any other is refused with the list of them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import fields
from typing import Any, Self

from commsim.errors import RuleError
from commsim.i18n import Text, _


class KnownWords:
    """A dataclass that refuses words it does not know, saying which it knows."""

    def __new__(cls, *_values: Any, **words: Any) -> Self:
        """Check the words; the dataclass itself takes them."""
        known = [one.name for one in fields(cls)]  # type: ignore[arg-type]
        for word in words:
            if word not in known:
                raise RuleError(
                    _("{kind} has no word {word!r}, so nobody could react to it. {near}Known words: {known}").format(
                        kind=cls.__name__, word=word, near=near(word, known), known=", ".join(known)
                    )
                )
        return super().__new__(cls)


def near(word: str, known: Iterable[str]) -> Text:
    """A question that offers the nearest known word, or an empty text where nothing is near."""
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return _("Did you mean {near!r}? ").format(near=found[0]) if found else Text("")
