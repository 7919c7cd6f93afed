"""Words that a plugin may say, each of which somebody understands: any other is refused with the list of them."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Self

from commsim.errors import RuleError
from commsim.i18n import _
from commsim.suggestions import did_you_mean


class KnownWords:
    """A dataclass that refuses words it does not know, saying which it knows."""

    def __new__(cls, *_values: Any, **words: Any) -> Self:
        """Check the words; the dataclass itself takes them."""
        known = [known_word.name for known_word in fields(cls)]  # type: ignore[arg-type]
        for word in words:
            if word not in known:
                raise RuleError(
                    _("{kind} has no word {word!r}, so nobody could react to it. {near}Known words: {known}").format(
                        kind=cls.__name__, word=word, near=did_you_mean(word, known), known=", ".join(known)
                    )
                )
        return super().__new__(cls)
