"""Rules against each other through the command line: terminal, JSON and page say the same, and what they are worth."""

from __future__ import annotations

import html
import json
import re
from contextvars import copy_context
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from click.testing import CliRunner

from commsim.cli import command_line
from commsim.cli.comparison_table import comparison_notes, comparison_table
from commsim.cli.output import data_console, print_table
from commsim.cli.pairwise_table import pairwise_notes, pairwise_table
from commsim.errors import InvalidInput
from commsim.record import standard_indicators
from commsim.report.pairwise import SHOWN
from commsim.service.comparing import MOST_JSON_ROWS, as_compared, json_pairs, pair_facts
from commsim.service.indicators import indicators_asked
from commsim.study.comparison import Comparison
from tests.report.fake import fake_comparison

RULES = ("basic.none", "basic.equal_split", "match.linear", "pb.greedy_votes")
ARGUMENTS = ["compare", "tutorial", "--set", "months=14", "--replicates", "2", "--workers", "1", "--no-counterfactuals"]


class Compared(NamedTuple):
    """The same small comparison as a terminal, a program and a browser get it."""

    told: str
    document: dict[str, Any]
    page: str


def call(*words: str) -> Any:
    runner = CliRunner(env={"LANGUAGE": "en", "NO_COLOR": "1"})
    return copy_context().run(runner.invoke, command_line, list(words))


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Compared:
    folder = tmp_path_factory.mktemp("pairs")
    rules = [word for rule in RULES[1:] for word in ("--rule", rule)]
    told = call(*ARGUMENTS, *rules, "--indicator", "volunteer_hours", "--out", str(folder / "a"))
    document = call(*ARGUMENTS, *rules, "--json", "--out", str(folder / "b"))
    assert told.exit_code == document.exit_code == 0, told.output + document.output
    page = (folder / "b" / "index.html").read_text(encoding="utf-8")
    return Compared(told.stdout, json.loads(document.stdout), page)


def rows_of(document: dict[str, Any], indicator: str) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["rule"], row["other"]): row for row in document["pairwise"] if row["indicator"] == indicator}


def test_the_terminal_shows_each_pair_once_as_the_document_has_it(compared: Compared) -> None:
    rows = rows_of(compared.document, "volunteer_hours")
    for place, rule in enumerate(RULES[1:], start=2):
        (line,) = re.findall(rf"^ *{place} {re.escape(rule)} .*$", compared.told, re.MULTILINE)
        shown = line.split()[2:]
        assert len(shown) == place - 1
        for other, cell in zip(RULES, shown, strict=False):
            row = rows[other, rule]
            mark = "*" if row["distinguishable"] else "?" if row["too_few"] else ""
            assert cell == f"{round(-row['difference']) + 0:+,}".replace("+0", "0") + mark


def test_the_document_has_every_pair_with_raw_and_adjusted_p(compared: Compared) -> None:
    assert compared.document["pairwise_left_out"] == []
    for indicator in standard_indicators():
        rows = rows_of(compared.document, indicator.id)
        assert len(rows) == (3 if indicator.quotient else 6)
        for row in rows.values():
            assert row["p"] is None or row["p"] <= row["p_holm"] <= 1
            assert row["distinguishable"] == (row["p_holm"] is not None and row["p_holm"] < 0.05)


def test_the_table_against_the_baseline_is_marked_by_the_same_p(compared: Compared) -> None:
    rows = rows_of(compared.document, "active_share")
    for row in compared.document["table"]:
        if row["indicator"] == "active_share":
            pair = rows["basic.none", row["rule"]]
            assert (row["p"], row["p_holm"]) == (pair["p"], pair["p_holm"])
            assert row["says_little"] == (not row["distinguishable"])  # with two replicates, and some difference
    assert "* told apart from the baseline: p < 0.05 after Holm's correction over all 6 pairs" in joined(compared.told)


def test_few_replicates_are_told_beside_the_figure_and_in_words(compared: Compared) -> None:
    told = joined(compared.told)
    assert "? too few replicates to tell, run more" in told
    assert "With only 2 replicates" in told
    assert re.search(r"\d\?", compared.told)
    assert any(row["says_little"] for row in compared.document["table"])


def test_the_page_has_the_same_pairs(compared: Compared) -> None:
    words = html.unescape(re.sub(r"<[^>]+>", "", compared.page))
    row = rows_of(compared.document, "net_drawn_in")["basic.none", "pb.greedy_votes"]
    bounds = [[f"{-row[end]:,.{decimals}f}".replace("-", "−") for end in ("high", "low")] for decimals in range(3)]
    assert any(f"[{low}, {high}]" in words for low, high in bounds)
    assert "after Holm's correction over all 6 pairs of this indicator" in words
    assert "作霍尔姆校正后" in words and "Intervals are not corrected" in words
    assert "too few replicates to tell" in words


def joined(text: str) -> str:
    return " ".join(text.split())


def test_an_unknown_indicator_is_refused_before_anything_runs(tmp_path: Path) -> None:
    done = call(*ARGUMENTS, "--indicator", "volunter_hours", "--out", str(tmp_path / "new"))
    assert done.exit_code == 3 and done.stdout == ""
    assert "did you mean 'volunteer_hours'?" in done.stderr and not (tmp_path / "new").exists()


def test_all_and_repeated_names_ask_for_each_indicator_once() -> None:
    every = tuple(one.id for one in standard_indicators())
    assert indicators_asked(["trust_fund", "all"]) == ("trust_fund", *(name for name in every if name != "trust_fund"))
    with pytest.raises(InvalidInput, match="no indicator"):
        indicators_asked(["zzz"])


@pytest.fixture(scope="module")
def many() -> Comparison:
    """More arms than a terminal or a whole JSON document takes, without a run of each."""
    small = fake_comparison(1, ("match.linear",), committees=2, months=26, counterfactuals=False)
    arms = small.arms
    copies = tuple(type(arms[1])(**{**vars(arms[1]), "label": f"match.linear:rate={n}"}) for n in range(2, 30))
    return Comparison(small.scenario, (*arms, *copies), 1, 1, small.results)


def test_of_many_rules_a_document_has_the_headline_indicators_unless_more_are_asked_for(many: Comparison) -> None:
    rows, left_out = json_pairs(many, ())
    assert set(rows["indicator"]) == set(SHOWN) and len(rows) <= MOST_JSON_ROWS
    assert {*SHOWN, *left_out} == {one.id for one in standard_indicators()}
    rows, left_out = json_pairs(many, ("trust_fund",))
    assert set(rows["indicator"]) == {"trust_fund"} and "net_drawn_in" in left_out


def test_of_many_rules_a_terminal_says_where_the_pairs_stand(many: Comparison) -> None:
    assert pairwise_table(pair_facts(many, "net_drawn_in")) is None
    (note,) = pairwise_notes(pair_facts(many, "net_drawn_in"))
    assert "of 435 pairs" in note.to("en") and "summary-pairwise.parquet" in note.to("zh")


def test_one_rule_has_no_other_to_be_held_against_in_figures_against_the_baseline() -> None:
    comparison = fake_comparison(2, ("match.linear",), committees=2, months=26, counterfactuals=False)
    assert pairwise_table(pair_facts(comparison, "net_leverage")) is None
    assert "no two rules" in pairwise_notes(pair_facts(comparison, "net_leverage"))[0].to("en")
    assert pairwise_table(pair_facts(comparison, "trust_fund")) is not None


def test_what_says_little_is_marked_and_never_starred(capsys: pytest.CaptureFixture[str]) -> None:
    comparison = fake_comparison(replicates=2, committees=6, months=30)
    table = comparison.table()
    assert (table["says_little"] & (table["n"] == 2)).any()
    print_table(data_console(), comparison_table(as_compared(comparison), 100, whole_labels=True))
    shown = capsys.readouterr().out
    assert "?" in shown and "?*" not in shown and "*?" not in shown
    assert any("? too few replicates to tell" in note.to("en") for note in comparison_notes(as_compared(comparison)))
    assert any("重复次数太少" in note.to("zh") for note in comparison_notes(as_compared(comparison)))


def test_marks_are_fewer_than_intervals_without_zero_and_never_others() -> None:
    table = fake_comparison(replicates=5, committees=6, months=30).table()
    clear = (table["low"] > 0) | (table["high"] < 0)
    assert not (table["distinguishable"] & ~clear).any()
    assert (clear & ~table["distinguishable"]).any()
    assert np.all(table["p_holm"].dropna() >= table["p"].dropna())
