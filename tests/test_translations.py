"""Every text that a user sees has Chinese words, and the compiled catalogue is the one that the words make."""

from __future__ import annotations

import gettext
import inspect
import io
import re
from string import Formatter

import click
import pytest

from commsim.cli import click_messages
from tools import translations


@pytest.fixture(scope="module")
def merged() -> translations.Catalog:
    return translations.merged()


def test_every_marked_text_has_chinese_words(merged: translations.Catalog) -> None:
    missing = [message.id for message in translations.untranslated(merged)]
    assert not missing, f"{len(missing)} without words; run `make translations` and fill them in: {missing[:20]}"


def test_a_text_without_words_is_noticed() -> None:
    catalogue = translations.Catalog(locale="zh")
    catalogue.add("said", "说了")
    catalogue.add("unsaid")
    catalogue.add(("one", "many"), ("",))
    assert [message.id for message in translations.untranslated(catalogue)] == ["unsaid", ("one", "many")]


def test_the_catalogue_holds_the_texts_that_are_marked_now(merged: translations.Catalog) -> None:
    assert {message.id for message in translations.read()} == {message.id for message in merged}


def test_the_compiled_catalogue_is_current() -> None:
    committed = translations.CATALOGUE.with_suffix(".mo").read_bytes()
    assert _words(committed) == _words(translations.compiled(translations.read()))


def _words(compiled: bytes) -> dict[object, str]:
    found = dict(gettext.GNUTranslations(io.BytesIO(compiled))._catalog)  # type: ignore[attr-defined]
    found.pop("")  # the header names the version of Babel
    return found


def test_translations_fill_the_same_braces(merged: translations.Catalog) -> None:
    wrong = []
    for message in merged:
        if not message.id or not message.string:
            continue
        ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        strings = (message.string,) if isinstance(message.string, str) else tuple(message.string)
        allowed = set().union(*(_braces(text) for text in ids))
        if any(_braces(words) - allowed for words in strings) or (
            isinstance(message.id, str) and _braces(strings[0]) != allowed
        ):
            wrong.append(message.id)
    assert not wrong


def _braces(text: str) -> set[str]:
    try:
        return {name for _literal, name, _format, _conversion in Formatter().parse(text) if name is not None}
    except ValueError:
        return set()  # a text that is never formatted may hold a lone brace


def test_the_messages_taken_from_click_are_those_of_the_installed_click() -> None:
    modules = [click.core, click.exceptions, click.formatting, click.types, click.parser, click.decorators]
    source = _joined("".join(inspect.getsource(module) for module in modules))
    texts = [*click_messages.MESSAGES, *(text for pair in click_messages.PLURALS for text in pair)]
    assert [text for text in texts if _joined(repr(text)[1:-1]) not in source] == []


def _joined(source: str) -> str:
    return re.sub(r"""["']\s*["']|\\|["']""", "", source)
