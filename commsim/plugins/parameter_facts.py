"""What a parameter says about itself: its words are in both languages, its bounds are numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from commsim.i18n import Bilingual, Text, _
from commsim.plugins.wording import fault_in_words, is_writable, repr_of


def fault_in_facts(facts: Mapping[str, Any]) -> Text | None:
    """The first fault in what `parameter(…)` was given, apart from the default, with its remedy; None without one."""
    for word in ("doc", "label"):
        if (word == "doc" or facts.get(word) is not None) and (fault := _fault_in_both_languages(word, facts[word])):
            return fault
    for word in ("unit", "reference"):
        came = facts.get(word, "")
        if not isinstance(came, str) or not is_writable(came):
            return _is(word, came, _("Write words there, such as {word}='count'").format(word=word))
    for word in ("ge", "le"):
        if facts.get(word) is not None and not _is_number(facts[word]):
            return _is(word, facts[word], _("Give a number, such as {word}=1, or leave it out").format(word=word))
    sweep = facts.get("sweep")
    if sweep is not None and not (isinstance(sweep, (tuple, list)) and len(sweep) == 2 and all(map(_is_number, sweep))):
        return _is("sweep", sweep, _("Give two numbers, such as sweep=(0, 1), or leave it out"))
    return None


def _fault_in_both_languages(word: str, came: Any) -> Text | None:
    fault = fault_in_words(came)
    if isinstance(came, Bilingual) and fault is None:
        return None
    remedy = _("Write it in both languages: {word}=Bilingual(en='…', zh='…')").format(word=word)
    return _is(word, came, remedy) if fault is None else _fault(word, fault, remedy)


def _is(word: str, came: Any, remedy: Text) -> Text:
    return _fault(word, repr_of(came), remedy)


def _fault(word: str, came: Text | str, remedy: Text) -> Text:
    return _("its `{word}` is {came}. {remedy}").format(word=word, came=came, remedy=remedy)


def _is_number(value: Any) -> bool:
    number = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    return number and not math.isnan(value)
