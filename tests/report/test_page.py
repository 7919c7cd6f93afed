"""The page stands alone, speaks both languages and shows only numbers that mean something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

import commsim.i18n
from commsim.community.procedures import Stage
from commsim.community.purposes import Purpose
from commsim.i18n import use_language
from commsim.report import write_run_report
from commsim.report.page import comparison_page, show
from commsim.report.run_page import PURPOSE_NAMES, STAGE_NAMES, run_page
from commsim.study.comparison import Comparison
from tests.report.fake import RULES, fake_comparison
from tests.report.pseudo import MARK, marking

NEUTRAL = ("code", "pre", "style", "script", "title", "desc", "dd", "li", "label")
LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def tree(page: str) -> ElementTree.Element:
    """The page read as XML, which is stricter than HTML: every element closed, every attribute quoted."""
    return ElementTree.fromstring(page.removeprefix("<!DOCTYPE html>"))


def in_one_language(element: ElementTree.Element, language: str, around: str = "") -> Iterator[tuple[str, str, str]]:
    """(tag, language it is marked as, text) of every text inside `element`."""
    marked = next((one for one in ("en", "zh") if one in element.get("class", "").split()), language)
    if element.text and element.text.strip():
        yield element.tag, marked, element.text.strip()
    for child in element:
        yield from in_one_language(child, marked)
        if child.tail and child.tail.strip():
            yield element.tag, marked, child.tail.strip()


def body(page: str) -> ElementTree.Element:
    found = tree(page).find("body/div[@class='page']")
    assert found is not None
    return found


def test_the_page_and_every_chart_in_it_are_well_formed(page: str) -> None:
    pictures = [one for one in tree(page).iter("svg") if one.get("role") == "img"]
    assert len(pictures) > 40
    for picture in pictures:
        assert [child.tag for child in picture[:2]] == ["title", "desc"]
        assert all(child.text for child in picture[:2])


def test_nothing_on_the_page_asks_the_network(page: str) -> None:
    for pattern in ("http:", "https:", r"\burl\(", "@import", r"\bsrc=", "<link", "<iframe", "fetch\\("):
        assert re.search(pattern, page) is None, pattern
    assert "default-src 'none'" in page


def test_only_the_tables_beside_the_page_are_linked(small: Comparison) -> None:
    names = ["summary.xlsx", "summary.csv", "ledger-000.csv.gz"]
    for page in (comparison_page(small, names), run_page(small.runs("match.linear")[0], names)):
        assert re.findall(r'\bhref="([^"]*)"', page) == names
    assert "href=" not in comparison_page(small)


def test_every_visible_text_is_there_in_both_languages(comparison: Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commsim.i18n, "translations", marking)
    page = body(comparison_page(comparison))
    assert page.find("footer") is not None
    for tag, language, text in in_one_language(page, ""):
        if language == "zh":
            assert CHINESE.search(text) or not LATIN_WORD.search(text), text
        elif language == "en":
            assert MARK not in text
            # A Chinese term may stand in brackets behind its English one.
            assert not CHINESE.search(re.sub(r"\([^()]*\)", "", text)), text
        elif tag not in NEUTRAL:
            assert not LATIN_WORD.search(re.sub(r"\bn = \d", "", text)), f"{text!r} in <{tag}> is in one language only"


def test_english_and_chinese_stand_side_by_side(page: str) -> None:
    counts = {language: 0 for language in ("en", "zh")}
    for element in body(page).iter("span"):
        if element.get("class") in counts:
            counts[str(element.get("class"))] += 1
            assert element.get("lang") == element.get("class")
            assert element.text
    assert counts["en"] == counts["zh"] > 200


def test_the_switch_works_without_a_script(page: str) -> None:
    assert "#language-en:checked ~ .page .zh" in page
    inputs = tree(page).findall("body/input[@type='radio']")
    assert [one.get("id") for one in inputs] == ["language-en", "language-zh"]
    assert all(one.get("aria-label") for one in inputs)
    assert [one.get("checked") for one in inputs] == ["checked", None]


def test_the_page_opens_in_the_current_language(small: Comparison) -> None:
    use_language("zh")
    try:
        root = tree(comparison_page(small))
    finally:
        use_language("en")
    assert root.get("class") == "zh"
    assert root.get("lang") == "zh-Hans"


def test_the_same_comparison_gives_the_same_bytes(small: Comparison) -> None:
    again = fake_comparison(replicates=3, rules=RULES[3:5], committees=6, months=30)
    assert comparison_page(small) == comparison_page(again)


def test_nothing_is_infinite_or_not_a_number(page: str) -> None:
    shown = " ".join(text for *_at, text in in_one_language(body(page), ""))
    assert re.search(r"\b(nan|NaN|inf|Inf|infinity|None)\b|∞", shown) is None
    assert re.search(r'd="[^"]*(nan|inf)', page) is None


def test_what_it_cannot_say_comes_first(page: str) -> None:
    order = [section.get("aria-labelledby") for section in tree(page).iter("section")]
    assert order == [
        "limits",
        "answer",
        "parts",
        "differences",
        "pairs",
        "months",
        "points",
        "who",
        "projects",
        "rules",
        "how",
        "census",
    ]
    assert "No study measures the causal effect of self-governance money on participation" in page


def test_groups_of_committees_are_not_named(page: str) -> None:
    texts = [text for *_at, text in in_one_language(body(page), "")]
    assert not any(name in text for text in texts for name in ("north", "south", "unit-0"))


def test_undefined_figures_are_dashes_with_a_reason(comparison: Comparison, page: str) -> None:
    table = next(one for one in tree(page).iter("table") if one.get("class") == "differences")
    row = next(one for one in table.iter("tr") if "Cash leverage" in "".join(one.itertext()))
    assert "".join(row[2].itertext()) == "" and 'td.n:empty::before { content: "—"' in page
    marks = "".join(cell.get("data-mark", "") + " " for cell in table.iter("td")).translate(RAISED)
    numbers = set(re.findall(r"\d+", marks))
    notes = next(one for one in tree(page).iter("ol") if one.get("class") == "notes")
    assert {str(place + 1) for place in range(len(notes))} == numbers
    assert all("".join(note.itertext()).strip() for note in notes)


def test_differences_on_the_page_are_those_of_the_study(comparison: Comparison, page: str) -> None:
    table = comparison.table()
    wanted = table[(table["rule"] == "match.linear") & (table["indicator"] == "net_drawn_in")].iloc[0]
    root = next(one for one in tree(page).iter("table") if one.get("class") == "differences")
    row = next(one for one in root.iter("tr") if "".join(one[0].itertext()).startswith("Net drawn in净"))
    place = [arm.label for arm in comparison.arms].index("match.linear")
    rows = list(root.iter("tr"))
    at = rows.index(row)
    value, low, high = row[2 + place], rows[at + 1][1 + place], rows[at + 2][1 + place]
    assert value.text == f"+{wanted['difference']:.0f}" and value.get("data-mark") == "▲"
    assert (low.text, high.text) == (f"{wanted['low']:.0f}", f"{wanted['high']:.0f}")


def test_failed_runs_are_told_before_the_answer(small: Comparison) -> None:
    failed = fake_comparison(replicates=3, rules=RULES[3:5], committees=6, months=30, failures=2)
    assert "2 runs failed and are left out" in comparison_page(failed)
    assert "runs failed" not in comparison_page(small)


def test_one_replicate_shows_differences_without_intervals() -> None:
    page = comparison_page(fake_comparison(replicates=1, rules=RULES[3:5], committees=6, months=30))
    assert "nothing is concluded" in page
    assert "one pair of runs gives no interval" in page
    assert 'data-mark="▲' not in page


def test_parameters_of_rules_have_their_units_in_both_languages(page: str) -> None:
    shown = '<code>rate</code> = <span class="en" lang="en">1.0 yuan per yuan</span>'
    assert f'{shown}<span class="zh" lang="zh">1.0 元/元</span>' in page


def test_the_command_that_repeats_it_is_on_the_page(page: str) -> None:
    command = "".join(next(tree(page).iter("pre")).itertext())
    assert command.startswith("commsim compare jingan-pilot --rule basic.same_money_services")
    assert "--baseline basic.none --no-counterfactuals --replicates 4 --seed 1" in command


def test_the_residents_are_recounted_against_the_census(page: str) -> None:
    table = list(tree(page).iter("table"))[-1]
    rows = ["".join(cell.itertext()) for row in table.iter("tr") for cell in row]
    assert any(cell.startswith("Age in five-year bands, by sex") for cell in rows)
    assert all(0 <= float("".join(row[-1].itertext())) < 1 for row in list(table.iter("tr"))[1:])


def cells(page: str) -> Iterator[tuple[ElementTree.Element, str]]:
    for cell in tree(page).iter("td"):
        yield cell, "".join(cell.itertext())


def test_every_number_of_a_table_stands_alone_in_its_cell_and_pastes_as_a_number(page: str, small: Comparison) -> None:
    alone = comparison_page(fake_comparison(replicates=1, rules=RULES[3:5], committees=6, months=30))
    for one in (page, alone, comparison_page(small), run_page(small.runs("match.linear")[0])):
        numbers = [text for cell, text in cells(one) if "n" in cell.get("class", "").split()]
        assert len(numbers) > 100 and all(float(text) is not None for text in numbers if text)
        for cell, text in cells(one):
            digit = "n" not in cell.get("class", "").split() and re.search(r"^[\[+−-]?[\d—]", text)
            assert not digit, f"{text!r} is a number in a cell for words"


def test_tables_have_as_many_cells_in_each_row_as_columns(page: str) -> None:
    for table in tree(page).iter("table"):
        widths, open_rows = set(), 0
        for row in table.findall("tbody/tr"):
            width = len(row) + (open_rows > 0)
            open_rows = max(open_rows - 1, *(int(one.get("rowspan", "1")) - 1 for one in row), 0)
            widths.add(width)
        head = table.findall("thead/tr")[0]
        assert widths == {sum(int(one.get("colspan", "1")) for one in head)}


def test_titles_are_escaped() -> None:
    assert show("<b>") == "&lt;b&gt;"


def test_a_single_run_has_its_page(small: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commsim.i18n, "translations", marking)
    run = small.runs("match.linear")[0]
    write_run_report(run, tmp_path)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert page == run_page(run)
    assert re.search(r"https?:|\bsrc=|\bhref=", page) is None
    for tag, language, text in in_one_language(body(page), ""):
        assert language != "zh" or CHINESE.search(text) or not LATIN_WORD.search(text), text
        assert language or tag in NEUTRAL or not LATIN_WORD.search(text), text


def test_every_stage_and_every_purpose_has_its_name() -> None:
    assert set(STAGE_NAMES) == {stage.value for stage in Stage}
    assert set(PURPOSE_NAMES) == {purpose.value for purpose in Purpose}
