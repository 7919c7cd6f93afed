"""The kinds of value that scenario files are made of: months, money in yuan, words in both languages, ids.

Each says in its own words what it expects, in both languages, since pydantic's messages are English and name types.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, PlainValidator, WithJsonSchema

from commsim.contracts import Domain
from commsim.i18n import Bilingual, Text, _
from commsim.money import LARGEST_YUAN, fen, is_finite
from commsim.scenario.months import is_month
from commsim.suggestions import did_you_mean_or_known

Found: TypeAlias = tuple[tuple[str | int, ...], Text]
"""Something wrong: where (path below the value that was checked) and what."""


class Refusal(ValueError):
    """A value that a check of ours refuses: one or more things wrong, each with its path below the checked value."""

    def __init__(self, *found: Found) -> None:
        super().__init__("; ".join(str(text) for _path, text in found))
        self.found = found


def refuse(found: Iterable[Found]) -> None:
    """Raise a Refusal if anything was found."""
    listed = tuple(found)
    if listed:
        raise Refusal(*listed)


class Described(BaseModel):
    """Base of all parts of a scenario: frozen, no unknown keys, no silent conversion of types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


def _month(value: Any) -> Any:
    if not is_month(value):
        raise Refusal(((), _("a month as YYYY-MM was expected, such as 2017-01; {value!r} came").format(value=value)))
    return value


Month: TypeAlias = Annotated[
    str,
    BeforeValidator(_month),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$", "examples": ["2017-01"]}),
]
"""A month, YYYY-MM."""


def _yuan(value: Any) -> int | float:
    number = isinstance(value, int | float) and not isinstance(value, bool) and is_finite(value)
    if not number or value < 0:
        raise Refusal(((), _("an amount in yuan of 0 or more was expected; {value!r} came").format(value=value)))
    if value > LARGEST_YUAN:
        text = _("an amount of at most {most} yuan was expected; {value!r} came")
        raise Refusal(((), text.format(most=f"{LARGEST_YUAN:,}", value=value)))
    try:
        fen(value)
    except ValueError as error:
        text = _("an amount in whole fen was expected (two decimals of a yuan); {value} came").format(value=value)
        raise Refusal(((), text)) from error
    return int(value) if float(value).is_integer() else value


Yuan: TypeAlias = Annotated[
    int | float, PlainValidator(_yuan), WithJsonSchema({"type": "number", "minimum": 0, "multipleOf": 0.01})
]
"""Money in yuan, exact to the fen."""


def _words(value: Any) -> Bilingual:
    if isinstance(value, Bilingual):
        return value
    if not isinstance(value, dict) or not value:
        raise Refusal(((), _("words in both languages were expected: {en: …, zh: …}")))
    found: list[Found] = []
    for language, words in value.items():
        if language not in ("en", "zh"):
            found.append(((language,), _("{name!r} is not a language here; write en or zh").format(name=language)))
        elif not isinstance(words, str) or not words.strip():
            text = _("words were expected; {value!r} came (put words that look like a number in quotes)")
            found.append(((language,), text.format(value=words)))
    refuse(found)
    either = next(iter(value.values()))
    return Bilingual(en=value.get("en", either), zh=value.get("zh", either))


Words: TypeAlias = Annotated[
    Bilingual,
    PlainValidator(_words),
    PlainSerializer(lambda words: {"en": words.message, "zh": words.zh}),
    WithJsonSchema(
        {
            "type": "object",
            "properties": {"en": {"type": "string", "minLength": 1}, "zh": {"type": "string", "minLength": 1}},
            "additionalProperties": False,
            "minProperties": 1,
        }
    ),
]
"""A name or a sentence in English and Chinese; where a file gives one of them it stands for both."""

PLACE_ID_PATTERN = r"^[a-z0-9][a-z0-9-]*$"
ID_PATTERN = r"^[a-z][a-z0-9_]*$"
NAME_PATTERN = r"^\w[\w.-]*$"
RULE_PATTERN = r"^[A-Za-z][\w-]*(\.[\w-]+)+$"

Id: TypeAlias = Annotated[str, Field(pattern=ID_PATTERN)]
"""A short name in lower-case letters, digits and underscores."""

NEED_ITEMS = tuple(domain.name.lower() for domain in Domain)
"""The need items of the questionnaires by the name that files give them."""


def _need_item(value: Any) -> str:
    if value not in NEED_ITEMS:
        text = _("{name!r} is no need item. {hint}")
        raise Refusal(((), text.format(name=value, hint=did_you_mean_or_known(str(value), NEED_ITEMS))))
    return str(value)


NeedItem: TypeAlias = Annotated[str, PlainValidator(_need_item), WithJsonSchema({"enum": list(NEED_ITEMS)})]
"""A need item of the questionnaires (`commsim.rules.Domain`), in lower case."""
