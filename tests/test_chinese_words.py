"""Chinese texts follow the glossary (docs/glossary.md), and their punctuation is Chinese."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from commsim.contracts.needs import NEEDS, meaning_of_need
from commsim.i18n import Bilingual, translated_if_known
from commsim.lab.catalogue_of_facts import FACTS
from commsim.plugins import load_catalogue
from commsim.plugins.known_properties import KNOWN
from commsim.record.indicators import UNITS, standard_indicators
from commsim.report.run_page import PURPOSE_NAMES, STAGE_NAMES
from commsim.scenario import load_registry
from tools import translations

ROOT = Path(__file__).resolve().parents[1]
CHINESE = r"\u3400-\u9fff"
HALF_WIDTH = re.compile(
    rf"(?<=[{CHINESE}“”》）])[,;:?!](?![\w=])"  # after Chinese
    rf"|(?<=[{CHINESE}”》）])[,;:?!](?=[{CHINESE}“《（])"  # between
    rf"|[,;:?!]\s?(?=[{CHINESE}“《])"  # before Chinese
    rf"|(?<=[{CHINESE}])[()]|\((?=[{CHINESE}])"
)
FORMULA = re.compile(r"(?:log|ln)\([^()]*\)")
Said = tuple[str, str]


def said_by_the_catalogue() -> Iterator[Said]:
    for message in translations.read():
        strings = (message.string,) if isinstance(message.string, str) else message.string
        if message.id:
            yield from ((" ".join(name for name, _line in message.locations), text) for text in strings)


def said_by_parameters() -> Iterator[Said]:
    for parameter in load_registry().values():
        yield from ((parameter.name, text.to("zh")) for text in (parameter.label, parameter.doc))


def said_by_rules() -> Iterator[Said]:
    library = load_catalogue(entry_points=False)
    rules = [entry.rule for entry in library.list()]
    for rule in (*rules, *(entry.modifier for entry in library.modifiers.values())):
        place = Path(inspect.getfile(rule)).as_posix()
        facts = [facts[word] for _name, _default, facts in rule.parameters() for word in ("label", "doc")]
        yield from ((place, text.to("zh")) for text in (rule.title, rule.summary, *facts))


def said_by_indicators() -> Iterator[Said]:
    for indicator in standard_indicators():
        yield from ((indicator.id, text.to("zh")) for text in (indicator.label, indicator.doc))


def said_by_words_of_pages() -> Iterator[Said]:
    for words in (UNITS, STAGE_NAMES, PURPOSE_NAMES, KNOWN, {need: meaning_of_need(need) for need in NEEDS}):
        yield from ((str(word), text.to("zh")) for word, text in words.items())


def said_by_facts() -> Iterator[Said]:
    for fact in FACTS:
        yield from (("commsim/lab", text.to("zh")) for text in (fact.title, fact.source))


def said_by_scenarios() -> Iterator[Said]:
    for file in sorted((ROOT / "scenarios").glob("*.yaml")):
        yield from ((file.name, text) for text in _chinese_halves(YAML(typ="safe").load(file)))


def _chinese_halves(found: object) -> Iterator[str]:
    inside = found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
    if isinstance(found, dict) and isinstance(found.get("zh"), str):
        yield found["zh"]
    for value in inside:
        yield from _chinese_halves(value)


SAYERS = [
    said_by_the_catalogue,
    said_by_parameters,
    said_by_rules,
    said_by_indicators,
    said_by_words_of_pages,
    said_by_facts,
    said_by_scenarios,
]


@pytest.fixture(scope="module", params=SAYERS, ids=lambda sayer: sayer.__name__)
def texts(request: pytest.FixtureRequest) -> list[Said]:
    found = list(request.param())
    assert any(re.search(f"[{CHINESE}]", text) for _place, text in found)
    return found


def half_width(text: str) -> list[str]:
    """Half-width marks beside Chinese characters, outside of code in backquotes and of formulas."""
    prose = re.sub(r"`[^`]*`", "``", FORMULA.sub("log", text))
    return HALF_WIDTH.findall(prose) if re.search(f"[{CHINESE}]", prose) else []


@pytest.mark.parametrize("text", ["信任:变化", "行动者,%", "居委会(或楼组)", "信任: 变化", "真的?", "第1年,第2年"])
def test_a_half_width_mark_is_noticed(text: str) -> None:
    assert half_width(text)


@pytest.mark.parametrize("text", ["信任：变化", "写成 `ID:名称=值`", "每单位log(1+配比)", "n = 6,581", "写 (1.0,)"])
def test_code_and_numbers_keep_half_width_marks(text: str) -> None:
    assert not half_width(text)


def test_chinese_texts_have_full_width_marks(texts: list[Said]) -> None:
    assert [said for said in texts if half_width(said[1])] == []


def glossary() -> list[tuple[str, str]]:
    """Each word that is not used, and where it is not."""
    lines = (ROOT / "docs" / "glossary.md").read_text("utf-8").split("## Terms of the field")[0].splitlines()
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in lines if line.startswith("|")]
    return [(row[0].strip(), row[3].strip(" `").replace("\\|", "|")) for row in rows[2:]]


def _concerns(where: str, place: str) -> bool:
    if where.startswith("!"):
        return not re.search(where[1:], place)
    return where == "*" or bool(re.search(where, place))


def test_chinese_texts_follow_the_glossary(texts: list[Said]) -> None:
    refused = glossary()
    assert len(refused) > 20
    wrong = [
        (word, place, text)
        for place, text in texts
        for word, where in refused
        if word in text and _concerns(where, place)
    ]
    assert wrong == []


def test_sources_of_rules_that_are_words_are_told_in_chinese() -> None:
    library = load_catalogue(entry_points=False)
    ours = [entry.rule for entry in library.list()] + [entry.modifier for entry in library.modifiers.values()]
    words = {rule.source for rule in ours if not translations.is_citation(str(rule.source))}
    assert "usual practice" in words
    assert [source for source in words if not re.search(f"[{CHINESE}]", translated_if_known(source).to("zh"))] == []


def test_a_source_in_both_languages_stays_what_it_is() -> None:
    source = Bilingual(en="our office", zh="本办公室")
    assert translated_if_known(source).to("zh") == "本办公室"
    assert translated_if_known("our office").to("zh") == "our office"
