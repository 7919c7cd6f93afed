"""Ids in tables can be copied: in both languages no line break goes through one, at the 100 columns of a pipe."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import copy_context
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from commsim.cli import command_line
from commsim.cli.comparison_table import comparison_table
from commsim.cli.output import data_console, print_table
from commsim.cli.pairwise_table import pairwise_table
from commsim.i18n import Language, use_language
from commsim.plugin_host.loader import load_catalogue
from commsim.scenario import load_registry
from commsim.service.comparing import as_compared
from commsim.study.comparison import Comparison
from tests.report.fake import fake_comparison

LABELS = ("basic.same_money_services", "claims.adjusted_proportional", "match.linear:rate=2.0,cap_yuan=5000.0")
ELECTION = """META
key;value
budget;100
vote_type;approval
rule;greedy
PROJECTS
project_id;cost;selected
1;100;1
VOTES
voter_id;vote
a;1
"""
languages = pytest.mark.parametrize("language", ["en", "zh"])


def words_of(*arguments: str, language: str) -> set[str]:
    result = copy_context().run(CliRunner().invoke, command_line, ["--lang", language, *arguments])
    assert result.exit_code == 0, result.output
    return set(result.stdout.split())


def show(table: Callable[..., Any], comparison: Comparison, language: Language) -> None:
    use_language(language)
    print_table(data_console(), table(as_compared(comparison), 100, whole_labels=True))


@languages
def test_rules_list_has_every_id_whole(language: str) -> None:
    assert {one.id for one in load_catalogue(entry_points=False).list()} <= words_of("rules", "list", language=language)


@languages
def test_params_has_every_name_whole(language: str) -> None:
    assert {one.name for one in load_registry().values()} <= words_of("params", language=language)


@languages
def test_replay_has_rules_whole(language: str, tmp_path: Path) -> None:
    (tmp_path / "one.pb").write_text(ELECTION, encoding="utf-8")
    rules = ("pb.mes:completion=utilitarian", "pb.greedy_votes")
    given = [word for rule in rules for word in ("--rule", rule)]
    words = words_of("rules", "replay", str(tmp_path / "one.pb"), *given, language=language)
    assert set(rules) <= words


@languages
def test_both_tables_of_a_comparison_have_every_label_whole(
    language: Language, capsys: pytest.CaptureFixture[str]
) -> None:
    comparison = fake_comparison(rules=LABELS, replicates=2, committees=3, months=26)
    labels = {label for label, _rule_id, _title in comparison.rules}
    copy_context().run(show, comparison_table, comparison, language)
    assert labels <= set(capsys.readouterr().out.split())
    copy_context().run(show, lambda found, _width, **_words: pairwise_table(found.pairs[0]), comparison, language)
    calls = {label for label, rule_id, _title in comparison.rules if rule_id == "basic.call_only"}
    shown = set(capsys.readouterr().out.split())
    # Calls without money are part of each effect and no rule that one could choose: no pairs are told of them.
    assert labels - {comparison.baseline} - calls <= shown and calls.isdisjoint(shown)
