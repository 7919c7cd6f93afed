"""A place that borrows another's census or evidence says so on stderr and on its page, through the command line."""

from __future__ import annotations

import html
import json
from pathlib import Path

from click.testing import CliRunner

from commsim.cli import command_line
from tests.shared_data import PROJECT

CHENGDU = PROJECT / "tests" / "scenario" / "places" / "made-up-chengdu.yaml"
ENGLISH = {"LANGUAGE": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": "C"}


def test_a_run_elsewhere_tells_what_it_borrows_and_its_page_has_no_shimen_road(tmp_path: Path) -> None:
    arguments = ["run", str(CHENGDU), "--set", "months=13", "--out", str(tmp_path / "run"), "--json"]
    result = CliRunner(env=ENGLISH).invoke(command_line, arguments)
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["scenario"] == "made-up-chengdu"
    assert "those of Jing'an District, Shanghai" in result.stderr
    page = (tmp_path / "run" / "index.html").read_text(encoding="utf-8")
    assert "Shimen" not in page
    assert "石门二路" not in page
    assert "上海市静安区" in page


def test_validate_tells_what_is_borrowed() -> None:
    result = CliRunner(env=ENGLISH).invoke(command_line, ["scenarios", "validate", str(CHENGDU)])
    assert result.exit_code == 0
    assert "those of Jing'an District, Shanghai" in result.stderr


def test_validate_refuses_margins_that_no_households_meet_at_their_line_and_still_tells_notes(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    counts = "{2010: [10, 20, 60, 10], 2020: [10, 20, 60, 10]}"
    text = f"extends: tutorial\npopulation:\n  margins:\n    - {{id: elders, counts: {counts}}}\n"
    mine.write_text(text, encoding="utf-8")
    result = CliRunner(env=ENGLISH).invoke(command_line, ["scenarios", "validate", str(mine)])
    assert result.exit_code == 3
    assert "population.margins: population: no mix of households" in result.stderr
    assert "elders (" in result.stderr
    assert "Note: " in result.stderr
    chinese = CliRunner().invoke(command_line, ["--lang", "zh", "scenarios", "validate", str(mine)])
    assert "相差最大的是" in chinese.stderr


def test_validate_tells_the_line_of_a_rule_that_does_not_exist(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("extends: tutorial\nfunds:\n  - id: service_money\n    rule: basic.nonesuch\n", encoding="utf-8")
    result = CliRunner(env=ENGLISH).invoke(command_line, ["scenarios", "validate", str(mine)])
    assert result.exit_code == 3
    assert "mine.yaml:4: funds.service_money.rule: there is no rule" in result.stderr


def test_a_comparison_elsewhere_tells_what_it_borrows_and_its_page_cites_no_record_of_jingan(tmp_path: Path) -> None:
    small = ["--rule", "match.linear", "--replicates", "2", "--workers", "1", "--set", "months=13"]
    result = CliRunner(env=ENGLISH).invoke(
        command_line, ["compare", str(CHENGDU), *small, "--out", str(tmp_path / "compared"), "--json"]
    )
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["scenario"] == "made-up-chengdu"
    page = (tmp_path / "compared" / "index.html").read_text(encoding="utf-8")
    assert "Shimen" not in page and "石门二路" not in page
    for told in (result.stderr, html.unescape(page)):
        assert "those of Jing'an District, Shanghai" in told
        assert "the mean household size is that of Jing'an District, Shanghai" in told
    assert "家庭户平均规模取自上海市静安区" in page
    assert "Hibiscus District" in page and "芙蓉区" in page
