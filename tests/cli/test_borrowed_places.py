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
