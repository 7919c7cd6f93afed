"""Every way to break a scenario file that we could think of, each with the line and the words that have to come."""

from __future__ import annotations

from pathlib import Path

import pytest

from commsim.scenario import InvalidFile, load_scenario, validate_scenario

HEAD = "extends: tutorial\n"
FUND = HEAD + "funds:\n  - id: self_governance\n"

# name: (text, [(line, path, words that the message holds)…] in file order)
BROKEN: dict[str, tuple[str, list[tuple[int, str, str]]]] = {
    "unknown key": (HEAD + "monhts: 3\n", [(2, "monhts", "Did you mean months?")]),
    "unknown key in a fund": (
        FUND + "    bugdet_per_committee_yuan: 3\n",
        [(4, "funds.self_governance.bugdet_per_committee_yuan", "budget_per_committee_yuan")],
    ),
    "a word for a number": (HEAD + "months: many\n", [(2, "months", "a whole number was expected; 'many' came")]),
    "a quoted number": (HEAD + 'months: "12"\n', [(2, "months", "a whole number was expected; '12' came")]),
    "true for a number": (HEAD + "months: true\n", [(2, "months", "true came")]),
    "half a month": (HEAD + "months: 12.5\n", [(2, "months", "a whole number")]),
    "nothing for a number": (HEAD + "months:\n", [(2, "months", "nothing came")]),
    "too few months": (HEAD + "months: 0\n", [(2, "months", "1 or more was expected; 0 came")]),
    "too many months": (HEAD + "months: 601\n", [(2, "months", "600 or less was expected; 601 came")]),
    "no such month": (HEAD + "start: 2017-13\n", [(2, "start", "a month as YYYY-MM")]),
    "a month as a number": (HEAD + "elections: [2018-07, 201807]\n", [(2, "elections.1", "201807 came")]),
    "an election long ago": (
        HEAD + "elections: [2018-07, 0218-07]\n",
        [(2, "elections.1", "from 2000-01 on was expected; 0218-07 came")],
    ),
    "one value for a list": (HEAD + "elections: 2018-07\n", [(2, "elections", "a list was expected")]),
    "NO for false": (FUND + "    fiscal: NO\n", [(4, "funds.self_governance.fiscal", "true or false")]),
    "leading zeros": (HEAD + "seed: 0077\n", [(2, "seed", "put a code in quotes: '0077'")]),
    "full-width colon everywhere": (
        "extends：tutorial\nmonths：12\n",
        [(1, "", "full-width (：)"), (2, "", "full-width (：)")],
    ),
    "full-width colon in one line": (HEAD + "months：12\nseed: 3\n", [(2, "", "full-width (：)")]),
    "full-width colon in the last line": (HEAD + "seed: 3\nmonths：12\n", [(3, "", "full-width (：)")]),
    "full-width colon in braces": (HEAD + "title: {en：T}\n", [(2, "title.en：T", "full-width (：)")]),
    "full-width colon below a key": (HEAD + "title:\n  en：T\n", [(2, "title", "full-width (：)")]),
    "ideographic indent": (HEAD + "　months: 12\n", [(2, "　months", "U+3000")]),
    "ideographic indent below a scalar": ("months: 3\nextends: tutorial\n　seed: 12\n", [(3, "　seed", "U+3000")]),
    "ideographic space after the colon": (HEAD + "months:\u30006\n", [(2, "", "U+3000")]),
    "ideographic space before a value": (HEAD + "months: \u30006\n", [(2, "months", "U+3000")]),
    "ideographic space in braces": (HEAD + "title: {en:\u3000A}\n", [(2, "title.en:\u3000A", "U+3000")]),
    "ideographic space after a dash": (HEAD + "elections:\n  -\u30002018-07\n", [(2, "elections", "U+3000")]),
    "no-break space after the colon": (HEAD + "months:\u00a06\n", [(2, "", "U+00A0")]),
    "zero-width space after the colon": (HEAD + "months:\u200b6\n", [(2, "", "U+200B")]),
    "full-width comma between months": (HEAD + "elections: [2018-07，2018-08]\n", [(2, "elections.0", "full-width")]),
    "full-width comma and colon in braces": (HEAD + "title: {en: A，zh：甲}\n", [(2, "title.en", "full-width (：)")]),
    "full-width comma alone in braces": (HEAD + "title: {en: A， zh: 甲}\n", [(2, "", "comma here is full-width")]),
    "a wish that is no need item": (
        "extends: jingan-pilot\npopulation:\n  places:\n    - id: jingansi\n      first_wish: surrounding\n",
        [(5, "population.places.jingansi.first_wish", "Did you mean surroundings?")],
    ),
    "a share in percent": (
        FUND + "    coverage: [{from: 2017-01, share: 12.5%}]\n",
        [(4, "funds.self_governance.coverage.0.share", "write 0.125, without")],
    ),
    "an amount with commas": (
        FUND + "    grant_typical_yuan: 30,000\n",
        [(4, "funds.self_governance.grant_typical_yuan", "write 30000, without")],
    ),
    "an amount in ten thousands": (
        FUND + "    grant_typical_yuan: 1.5万元\n",
        [(4, "funds.self_governance.grant_typical_yuan", "write 15000, without")],
    ),
    "months with their unit": (HEAD + "months: 24个月\n", [(2, "months", "write 24, without")]),
    "a number in characters": (HEAD + "months: 二十四\n", [(2, "months", "in digits")]),
    "a committee id in characters": (
        HEAD + "population: {places: [{id: north, committee_list: [{id: 银杏, name: {zh: 银杏}, households: 9}]}]}\n",
        [(2, "population.places.north.committee_list.银杏.id", "a short id was expected")],
    ),
    "an underscore in a number": (HEAD + "months: 1_2\n", [(2, "months", "1_2 is a spelling")]),
    "an underscore in a fraction": (HEAD + "rule_seconds: 1_0.5\n", [(2, "rule_seconds", "1_0.5 is a spelling")]),
    "a number in base 16": (HEAD + "months: 0x10\n", [(2, "months", "0x10 is a spelling")]),
    "a number in base 8": (HEAD + "months: 0o17\n", [(2, "months", "0o17 is a spelling")]),
    "a number in base 2": (HEAD + "months: 0b11\n", [(2, "months", "0b11 is a spelling")]),
    "a number in base 8 of YAML 1.1": (HEAD + "months: 017\n", [(2, "months", "begins with a zero")]),
    "a number in base 60": (HEAD + "months: 1:30\n", [(2, "months", "'1:30' came")]),
    "a power of ten for a whole number": (HEAD + "months: 1e1\n", [(2, "months", "a whole number")]),
    "infinity": (HEAD + "rule_seconds: .inf\n", [(2, "rule_seconds", "finite")]),
    "a day for a month": (HEAD + "start: 2017-01-01\n", [(2, "start", "YYYY-MM")]),
    "on for true": (FUND + "    fiscal: on\n", [(4, "funds.self_governance.fiscal", "true or false")]),
    "NUL by escape": (HEAD + 'title: {en: "A\\0B"}\n', [(2, "title.en", "U+0000")]),
    "NUL itself": (HEAD + "title: {en: A\0B}\n", [(2, "", "U+0000")]),
    "escape": (HEAD + 'title: {en: "A\\e[2J"}\n', [(2, "title.en", "U+001B")]),
    "a control character of C1": (HEAD + "title: {en: A\x9bB}\n", [(2, "", "U+009B")]),
    "text from right to left": (HEAD + 'title: {en: "A\\u202eB"}\n', [(2, "title.en", "U+202E")]),
    "a title of two lines": (HEAD + 'title: {en: "A\\nB"}\n', [(2, "title.en", "U+000A")]),
    "curly quotes": (HEAD + "start: “2017-01”\n", [(2, "start", "curly")]),
    "curly quotes round a key": (HEAD + "“months”: 12\n", [(2, "“months”", "curly")]),
    "full-width digits": (HEAD + "months: １２\n", [(2, "months", "full-width")]),
    "a tab": (HEAD + "title:\n\ten: T\n", [(3, "", "tab")]),
    "no space after the colon": ("extends:tutorial\nmonths:3\n", [(1, "", "a space is missing"), (2, "", "a space")]),
    "a key twice": (HEAD + "months: 12\nmonths: 13\n", [(3, "months", "first in line 2")]),
    "an open bracket": (HEAD + "elections: [2018-07\nmonths: 3\n", [(3, "", "not YAML")]),
    "two documents": (HEAD + "---\nmonths: 3\n", [(2, "", "another document")]),
    "empty": ("", [(1, "", "empty")]),
    "only a comment": ("# nothing\n", [(1, "", "empty")]),
    "a list at the top": ("- extends: tutorial\n", [(1, "", "a list came at the top")]),
    "an alias": (HEAD + "elections: &a [2018-07]\nfunds: *a\n", [(3, "funds", "aliases")]),
    "a tag": (HEAD + "seed: !!python/object:os.system 3\n", [(2, "seed", "tags")]),
    "half a character": (HEAD + 'name: "\\ud800"\n', [(2, "name", "half a character")]),
    "brackets without end": (HEAD + "seed: " + "[" * 500 + "]" * 500, [(1, "", "nested too deeply")]),
    "a base that does not exist": ("months: 3\nextends: tutoral\n", [(2, "extends", "Did you mean tutorial?")]),
    "a base file that does not exist": ("extends: ./base.yaml\n", [(1, "extends", "no such file")]),
    "a base that is a number": ("extends: 3\n", [(1, "extends", "3 came")]),
    "nothing given": (
        "name: x\nmonths: 3\n",
        [(1, path, "missing") for path in ("title", "start", "population", "funds")],
    ),
    "a parameter out of range": (
        HEAD + "parameters:\n  money.hour_rate_yuan: 200\n",
        [(3, "parameters.money.hour_rate_yuan", "between 15 and 40")],
    ),
    "an unknown parameter": (
        HEAD + "parameters:\n  money.hour_rate: 20\n",
        [(3, "parameters.money.hour_rate", "money.hour_rate_yuan")],
    ),
    "a parameter that is no number": (
        HEAD + "parameters:\n  money.hour_rate_yuan: .nan\n",
        [(3, "parameters.money.hour_rate_yuan", "takes a number")],
    ),
    "half a fen": (
        FUND + "    budget_per_committee_yuan: 0.005\n",
        [(4, "funds.self_governance.budget_per_committee_yuan", "whole fen")],
    ),
    "a negative budget": (
        FUND + "    budget_per_committee_yuan: -5\n",
        [(4, "funds.self_governance.budget_per_committee_yuan", "0 or more")],
    ),
    "two budgets": (FUND + "    budget_total_yuan: 5\n", [(3, "funds.self_governance", "exactly one of")]),
    "a year out of order": (
        FUND + "    calendar: {opens: 6}\n",
        [(4, "funds.self_governance.calendar", "opens < settles")],
    ),
    "a month of the year": (
        FUND + "    calendar: {opens: 13}\n",
        [(4, "funds.self_governance.calendar.opens", "12 or less")],
    ),
    "an end before the start": (
        FUND + "    starts: 2018-01\n    ends: 2017-06\n",
        [(5, "funds.self_governance.ends", "after starts")],
    ),
    "a roll-out out of order": (
        FUND + "    coverage:\n      - {from: 2018-01, share: 0.5}\n      - {from: 2017-06, share: 1}\n",
        [(6, "funds.self_governance.coverage.1.from", "follow one another")],
    ),
    "a share above one": (
        FUND + "    coverage:\n      - {from: 2018-01, share: 30}\n",
        [(5, "funds.self_governance.coverage.0.share", "1.0 or less")],
    ),
    "a pool below the level": (FUND + "    pool: building\n", [(4, "funds.self_governance.pool", "as large as")]),
    "an unknown level": (FUND + "    level: street\n", [(4, "funds.self_governance.level", "'committee', 'building'")]),
    "a rule that is no id": (FUND + "    rule: none\n", [(4, "funds.self_governance.rule.id", "such as match.linear")]),
    "two funds under comparison": (
        HEAD + "funds:\n  - {id: service_money, under_comparison: true}\n",
        [(3, "funds.service_money.under_comparison", "self_governance is already")],
    ),
    "no funds": (HEAD + "funds: []\n", [(2, "funds", "at least one fund")]),
    "a fund outside the run": (
        FUND + "    starts: 2030-01\n",
        [(3, "funds.self_governance", "nothing could be compared")],
    ),
    "a title without words": (
        HEAD + "title: {en: 12, fr: T}\n",
        [(2, "title.en", "12 came"), (2, "title.fr", "en or zh")],
    ),
    "a place without a name": (
        HEAD + "population:\n  places:\n    - {id: a, former_district: jingan, committees: 3}\n",
        [(4, "population.places.a.name", "missing")],
    ),
    "a policy nobody knows": (
        HEAD + "initiators: lottery\n",
        [(2, "initiators", "'help_desk' was expected; 'lottery'")],
    ),
    "the old name of the policy": (HEAD + "bid_writer: staff\n", [(2, "bid_writer", "write `initiators: quota`")]),
    "the old name with another word": (
        HEAD + "bid_writer: me\n",
        [(2, "bid_writer", "`initiators: open` (was `mixed`)")],
    ),
    "a cap that asks for nothing": (
        FUND + "    project_cap_yuan: 0\n",
        [(4, "funds.self_governance.project_cap_yuan", "at least 100 yuan")],
    ),
    "all at once, in file order": (
        "months: 0\nfunds:\n  - id: self_governance\n    fiscal: 3\nextends: tutorial\nsed: 3\ninitiators: quot\n",
        [
            (1, "months", "1 or more"),
            (4, "funds.self_governance.fiscal", "true or false"),
            (6, "sed", "Did you mean seed?"),
            (7, "initiators", "'quota'"),
        ],
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_told_by_file_line_path_and_words(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, expected = BROKEN[case]
    monkeypatch.chdir(tmp_path)
    Path("broken.yaml").write_text(text, encoding="utf-8")
    problems = validate_scenario("broken.yaml")
    found = [(problem.file, problem.line, problem.path) for problem in problems]
    assert found == [("broken.yaml", line, path) for line, path, _words in expected]
    for problem, (_line, _path, words) in zip(problems, expected, strict=True):
        assert words in problem.to("en")
        assert problem.to("en").startswith(f"broken.yaml:{problem.line}: ")


@pytest.mark.parametrize(
    ("raw", "line", "words"),
    [
        ("extends: tutorial\ntitle: {en: T, zh: 试验}\n".encode("gbk"), 2, "GBK"),
        ("extends: tutorial\n".encode("utf-16"), 1, "UTF-16"),
        ("extends: tutorial\n".encode("utf-16-le"), 1, "UTF-16"),
        (b"extends: tutorial\n\n# caf\xff\xff\n", 3, "not UTF-8"),
    ],
)
def test_a_file_that_is_not_utf8_is_told_with_its_line(raw: bytes, line: int, words: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_bytes(raw)
    (problem,) = validate_scenario(path)
    assert problem.line == line
    assert words in str(problem.text)


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    path = tmp_path / "windows.yaml"
    path.write_bytes(b"\xef\xbb\xbfextends: tutorial\r\nmonths: 6\r\n")
    assert load_scenario(path).months == 6


def test_no_is_a_word_and_chinese_punctuation_inside_words_is_fine(tmp_path: Path) -> None:
    path = tmp_path / "words.yaml"
    text = "extends: tutorial\nname: NO\ntitle: {en: NO, zh: 启动“小”基金：撬动“大”基石}\n"
    path.write_text(text + "description:\n  zh: |\n    　　首行缩进。\n", encoding="utf-8")
    scenario = load_scenario(path)
    assert (scenario.name, scenario.title.to("zh")) == ("NO", "启动“小”基金：撬动“大”基石")


def test_long_texts_keep_their_lines_and_tabs(tmp_path: Path) -> None:
    path = tmp_path / "lines.yaml"
    path.write_text('extends: tutorial\ndescription: {en: "A\\n\\tB"}\n', encoding="utf-8")
    description = load_scenario(path).description
    assert description is not None
    assert description.to("en") == "A\n\tB"


@pytest.mark.parametrize("override", ["months=1_2", "months=0x10", 'title.en="A\\0B"', "months=\u30006"])
def test_an_override_is_held_to_the_same_spelling(override: str) -> None:
    with pytest.raises(InvalidFile, match="--set"):
        load_scenario("tutorial", [override])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("tutoral", "Did you mean tutorial?"),
        ("nothing-like-it", "jingan-pilot"),
        ("mine.yml", "my.yaml"),
        ("nowhere/my.yaml", "folder nowhere"),
        (".", "there is no scenario"),
        ("./", "folder"),
    ],
)
def test_a_missing_scenario_names_what_there_is(
    name: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my.yaml").write_text("extends: tutorial\n", encoding="utf-8")
    with pytest.raises(InvalidFile) as caught:
        load_scenario(name)
    assert words in str(caught.value)
    assert caught.value.exit_code == 3


def test_a_local_file_is_pointed_to_when_its_bare_name_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my.yaml").write_text("extends: tutorial\n", encoding="utf-8")
    with pytest.raises(InvalidFile) as caught:
        load_scenario("my")
    assert "write my.yaml" in str(caught.value)
