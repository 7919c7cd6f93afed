"""Every text that a user sees has Chinese words, and the compiled catalogue is the one that the words make."""

from __future__ import annotations

import gettext
import inspect
import io
import re
from dataclasses import replace
from string import Formatter

import click
import pytest

from commsim.cli import click_messages
from commsim.contracts.needs import NEEDS, meaning_of_need
from commsim.contracts.properties import KNOWN
from commsim.i18n import Text, translated_if_known
from commsim.plugin_host.loader import load_catalogue
from commsim.scenario import load_registry
from tools import translations

LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


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


def test_a_unit_without_words_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = load_registry()
    name, known = next(iter(registry.items()))
    measured = {**registry, name: replace(known, unit="furlongs per fortnight")}
    monkeypatch.setattr(translations, "load_registry", lambda: measured)
    missing = {message.id for message in translations.untranslated(translations.merged())}
    assert missing == {"furlongs per fortnight"}


def test_every_unit_of_the_registry_and_of_rules_and_modifiers_is_in_the_catalogue() -> None:
    library = load_catalogue(entry_points=False)
    ours = [*library.values(), *(entry.modifier for entry in library.modifiers.values())]
    units = {facts["unit"] for one in ours for _name, _default, facts in one.parameters()} - {""}
    units |= {one.unit for one in load_registry().values()}
    held = {message.id for message in translations.read()}
    assert units and units <= held
    english = [unit for unit in units if LATIN_WORD.search(translated_if_known(unit).to("zh"))]
    assert english == []


def test_a_unit_of_a_plugin_is_shown_as_it_is_written() -> None:
    assert translated_if_known("furlongs per fortnight").to("zh") == "furlongs per fortnight"


@pytest.mark.parametrize("words", [{need: meaning_of_need(need) for need in (*NEEDS, "indicator.degree")}, KNOWN])
def test_needs_and_properties_say_what_they_are_in_both_languages(words: dict[str, Text]) -> None:
    for word, meaning in words.items():
        assert LATIN_WORD.search(meaning.to("en")), word
        assert CHINESE.search(meaning.to("zh")), word


@pytest.mark.parametrize(
    ("english", "chinese", "others"),
    [
        (r"\bcontract: ", "约定", "契约|合约"),
        (r"\bterms (say|announce|ask)|^terms: ", "公告条件", "条款|告示"),
        (r"installed distribution|of distribution", "分发包", "发行包|软件包"),
        (r"\{method\} failed|importing it failed|\{name!r\} failed", "失败", "出错"),
    ],
)
def test_a_word_of_the_contract_is_one_word_in_chinese(
    merged: translations.Catalog, english: str, chinese: str, others: str
) -> None:
    found = [message for message in merged if isinstance(message.id, str) and re.search(english, message.id)]
    assert found
    for message in found:
        assert chinese in message.string and not re.search(others, message.string), message.string


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
