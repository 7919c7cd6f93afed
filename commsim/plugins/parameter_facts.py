"""What a parameter says about itself: its words are in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commsim.i18n import Bilingual, Text, _
from commsim.plugins.wording import fault_in_words, repr_of


def fault_in_facts(facts: Mapping[str, Any]) -> Text | None:
    """The first fault in what `parameter(…)` was given, apart from the default, with its remedy; None without one."""
    return _fault_in_both_languages("doc", facts["doc"]) or (
        None if facts.get("label") is None else _fault_in_both_languages("label", facts["label"])
    )


def _fault_in_both_languages(word: str, came: Any) -> Text | None:
    fault = fault_in_words(came)
    if isinstance(came, Bilingual) and fault is None:
        return None
    return _("its `{word}` is {fault}. Write it in both languages: {word}=Bilingual(en='…', zh='…')").format(
        word=word, fault=fault or repr_of(came)
    )
