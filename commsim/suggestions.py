"""Near misses and lists in sentences: what an unknown word may have meant, and what is known, said once for all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from commsim.i18n import Language, Text, _, cut, shown
from commsim.natural_order import natural_key

CLOSE_ENOUGH = 0.6
"""Likeness (difflib ratio) from which a name is offered as 'did you mean'; it changes a message, never a result."""


def nearest(word: str, known: Iterable[str], most: int = 1, alike: float = CLOSE_ENOUGH) -> tuple[str, ...]:
    """At most `most` of the `known` words that `word` may have meant, likeliest first; `alike`: by how much (0–1)."""
    import difflib  # late: most commands meet no unknown word

    return tuple(difflib.get_close_matches(word, list(known), n=most, cutoff=alike))


def did_you_mean(word: str, known: Iterable[str]) -> Text:
    """A question that offers the nearest known word, or an empty text where nothing is near."""
    found = nearest(word, known)
    return _("Did you mean {near!r}? ").format(near=found[0]) if found else Text("")


def listed(words: Iterable[str]) -> str:
    """Words with commas between them, in natural order."""
    return ", ".join(sorted(words, key=natural_key))


def cut_list(words: Iterable[object]) -> str:
    """Words with commas between them, in natural order, cut as what came is in every message; a dash for none."""
    return cut(listed(map(str, words))) or "–"


class _Listing(Text):
    """Names in a sentence, with the comma of the reader's language."""

    __slots__ = ("items",)

    def __init__(self, items: tuple[object, ...]) -> None:
        super().__init__("", {"items": items})  # told apart from other lists by what is in them
        self.items = items

    def to(self, language: Language) -> str:
        return ("、" if language == "zh" else ", ").join(str(shown(item, language)) for item in self.items)

    def __reduce__(self) -> tuple[type[Text], tuple[tuple[object, ...]]]:  # type: ignore[override]
        return (_Listing, (self.items,))


class _Clauses(Text):
    """Texts one after the other, with the semicolon of the reader's language."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[Text, ...]) -> None:
        super().__init__("", {"parts": parts})  # told apart from others by what they say
        self.parts = parts

    def to(self, language: Language) -> str:
        return ("；" if language == "zh" else "; ").join(part.to(language) for part in self.parts)

    def __reduce__(self) -> tuple[type[Text], tuple[tuple[Text, ...]]]:  # type: ignore[override]
        return (_Clauses, (self.parts,))


def listing(items: Iterable[object]) -> Text:
    """`items` as they go into a sentence: "a, b, c"."""
    return _Listing(tuple(items))


def clauses(*parts: Text | None) -> Text:
    """The parts that there are, as one text."""
    return _Clauses(tuple(part for part in parts if part is not None))


def nearest_names(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """At most three of the `known` names that `name` may have meant, likeliest first.

    Dotted names are also compared by their last part, since the subject is what people leave out.
    """
    options = [str(option) for option in known]
    found = list(nearest(name, options, most=3))
    last_parts: dict[str, str] = {}
    for option in options:
        last_parts.setdefault(option.rpartition(".")[2], option)
    by_last = nearest(name.rpartition(".")[2], last_parts, most=3)
    found += [last_parts[part] for part in by_last if last_parts[part] not in found]
    return tuple(found[:3])


def did_you_mean_or_known(name: str, known: Sequence[str]) -> Text:
    """ "Did you mean …?" where a known name is near, else the list of what is known (cut to a readable length).

    Names are compared when the text is shown: of 30,000 unknown keys only the first are.
    """
    return _Hint(cut(name), tuple(known))


class _Hint(Text):
    """The text of `did_you_mean`."""

    __slots__ = ("known", "name")

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__("", {"name": name, "known": known})
        self.name, self.known = name, known

    def to(self, language: Language) -> str:
        return _hint(self.name, self.known).to(language)

    def __reduce__(self) -> tuple[type[Text], tuple[str, tuple[str, ...]]]:  # type: ignore[override]
        return (_Hint, (self.name, self.known))


def _hint(name: str, known: Sequence[str]) -> Text:
    near = nearest_names(name, known)
    if near:
        return _("Did you mean {names}?").format(names=listing(near))
    shown_names = list(known)[:SHOWN_NAMES]
    more = len(known) - len(shown_names)
    if more > 0:
        return _("Known are {names} and {more} more.").format(names=listing(shown_names), more=more)
    return _("Known are {names}.").format(names=listing(shown_names))


SHOWN_NAMES = 20
"""How many known names a message lists at most."""
