"""Chinese texts follow the glossary (docs/glossary.md), and their punctuation is Chinese."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from commsim.contracts.needs import NEEDS, meaning_of_need
from commsim.contracts.properties import KNOWN
from commsim.i18n import Bilingual, translated_if_known
from commsim.plugin_host.loader import load_catalogue
from commsim.record.indicators import UNITS
from commsim.record.standard_indicators import standard_indicators
from commsim.report.run_page import PURPOSE_NAMES, STAGE_NAMES
from commsim.scenario import load_registry
from commsim.validation.catalogue_of_facts import FACTS
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


CARRIED = re.compile(r"`[^`]*`|\{[^{}]*\}|'[^']*'|\([^()]*\)|@\w+\([^()]*\)")
LATIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ž][\w.'-]*")
NAMED = re.compile(r"[A-ZÀ-Ž]|[_.\d]")
TYPED = frozenset(
    """add1 all arms auto bool budget carry cd check choices class commsim compare completion cost coverage default
    diagnostics disagreements edges en endowment ends evaluate experiments extends failures false file float frozenset
    from ge high import infinite information int json lab le least level list low match money months most n name need
    nodes no-plugins out paid parameter params parameters plugin points pool population protocol punishment quote rate
    reasons refund register restart results review rounds rule rule-seconds rules run scenarios seeding seeds selected
    path set settle settles share size skip starts str thresholds tranches true tutorial utilitarian value values votes
    wishes workers write opens bids hash sorted zh jingan-pilot networkx id ids py pb
    yaml pip install e validation kind sweep table monthly projects ledger accounts plot
    pairwise to_excel xlsx force cap hookimpl doc astype collective start trace project replicate N L1""".split()
)
CITING = frozenset("and al. de doi et van k p q x".split())


def _english_words(english: str, chinese: str) -> list[str]:
    """Latin words that are neither what one types nor a name or citation that stands in the English text too."""
    words = LATIN.findall(CARRIED.sub(" ", chinese))
    return [
        word for word in words if word not in TYPED | CITING and not (NAMED.search(word) and word.strip(".") in english)
    ]


def _pairs_of_the_catalogue() -> Iterator[tuple[str, str]]:
    for message in translations.read():
        english = message.id if isinstance(message.id, str) else " ".join(message.id)
        strings = (message.string,) if isinstance(message.string, str) else message.string
        if english:
            yield from ((english, text) for text in strings if re.search(f"[{CHINESE}]", text))


def test_an_english_word_is_noticed() -> None:
    assert _english_words("assumption; Bond et al. 2012", "假设；direction 取自 Bond et al. 2012") == ["direction"]
    assert _english_words("a Fund of Budget", "资金 Money") == ["Money"]


def test_chinese_texts_hold_no_english_but_names_citations_and_what_is_typed() -> None:
    assert [
        (words, text) for english, text in _pairs_of_the_catalogue() if (words := _english_words(english, text))
    ] == []


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        (r"\b[Nn]et drawn in\b", "净新增参与者"),
        (r"\bTotal variation\b", "偏离率"),
        (r"\bcounterfactual\b", "对照情形"),
        (r"\b(same|and) luck\b", "随机条件"),
        (r"\bScenario digest\b", "方案校验值"),
        (r"\b[Ll]everage\b", "带动"),
        (r"^(?!Seattle).*\bvouchers\b", "点选券"),
        (r"\b[Ss]ubdistrict\b", "街道"),
        (r"residents' committee", "居委会|居民委员会"),
        (r"^nothing[:,]", "未立项"),
        (r"^paid in full", "全额拨付"),
        (r"^paid in part", "部分拨付"),
        (r"(?<!\{)\bbaseline\b", "基准"),
        (r"\bassumption\b", "假设"),
    ],
)
def test_a_term_of_the_glossary_is_said_in_its_own_word(english: str, chinese: str) -> None:
    concerned = [pair for pair in _pairs_of_the_catalogue() if re.search(english, pair[0])]
    assert concerned
    assert [pair for pair in concerned if not re.search(chinese, pair[1])] == []
