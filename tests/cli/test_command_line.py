"""The command line around its commands: help, languages, usage errors, exit codes, what goes to which stream."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from commsim.cli import command_line
from commsim.cli.failures import exit_code_of
from commsim.cli.formatting import display_width, wrap
from commsim.cli.language import asked_language
from commsim.cli.output import data_console, plain_table, print_table
from commsim.errors import BrokenInvariant, InvalidInput, RunsFailed, UsageError
from commsim.i18n import _, current_language
from commsim.plugin_host.loader import load_catalogue

COMMANDS = (
    ("run",),
    ("compare",),
    ("scenarios",),
    ("scenarios", "list"),
    ("scenarios", "show"),
    ("scenarios", "validate"),
    ("scenarios", "schema"),
    ("rules",),
    ("rules", "list"),
    ("rules", "show"),
    ("params",),
)


def call(*arguments: str, **environment: str) -> Result:
    settings = {"LANGUAGE": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": "C", **environment}
    return CliRunner(env=settings).invoke(command_line, list(arguments))


@pytest.mark.parametrize("command", [(), *COMMANDS])
@pytest.mark.parametrize("name", ["-h", "--help"])
def test_every_command_has_help_under_both_names(command: tuple[str, ...], name: str) -> None:
    result = call(*command, name)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(f"Usage: {' '.join(['commsim', *command])}")
    assert "--lang" in result.stdout


@pytest.mark.parametrize("command", [(), *COMMANDS])
def test_help_in_chinese_leaves_no_english_sentence(command: tuple[str, ...]) -> None:
    shown = call(*command, "--help", "--lang", "zh").stdout
    assert "用法" in shown and "选项" in shown
    assert re.findall(r"[A-Za-z]+ [a-z]+ [a-z]+ [a-z]+", shown) == []


def test_the_short_help_in_a_group_is_known_without_importing_the_command() -> None:
    import subprocess
    import sys

    code = (
        "import sys\nfrom commsim.cli import command_line\n"
        "try:\n    command_line(['--help'])\nfinally:\n"
        "    print([name for name in sys.modules if name.startswith('commsim.cli.') and name.endswith('compare')])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "compare  " in told.stdout and told.stdout.strip().endswith("[]")


def test_the_version_is_that_of_the_package() -> None:
    import commsim

    assert call("--version").stdout == f"commsim {commsim.__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "suggestion"),
    [
        (("compar",), "compare"),
        (("scenarios", "lst"), "list"),
        (("run", "tutorial", "--sed", "3"), "--seed"),
        (("run", "tutrial"), "tutorial"),
        (("run", "tutorial", "--rule", "match.liner"), "match.linear"),
        (("run", "tutorial", "--rule", "match.linear:rat=2"), "rate"),
        (("run", "tutorial", "--set", "mnths=3"), "months"),
        (("rules", "show", "pb.gredy_votes"), "pb.greedy_votes"),
    ],
)
def test_a_name_that_is_not_known_is_answered_with_the_nearest(arguments: tuple[str, ...], suggestion: str) -> None:
    result = call(*arguments)
    assert result.exit_code in (2, 3)
    assert result.stdout == ""
    assert suggestion in result.stderr and "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--nonsense",), 2),
        (("nonsense",), 2),
        (("run",), 2),
        (("run", "tutorial", "surplus"), 2),
        (("run", "tutorial", "--seed", "-1"), 2),
        (("run", "tutorial", "--seed", "9" * 23), 2),
        (("compare", "tutorial", "--seed", "9" * 23), 2),
        (("compare", "--replicates", "0"), 2),
        (("compare", "tutorial", "--baseline", "match.linear", "--rule", "match.linear"), 2),
        (("--lang", "fr", "params"), 2),
        (("run", "no-such-scenario"), 3),
        (("run", "no/such/file.yaml"), 3),
        (("run", "tutorial", "--set", "months=0"), 3),
        (("run", "tutorial", "--plugin", "no_such_file.py"), 3),
        (("compare", "tutorial", "--rule", "no.such_rule"), 3),
        (("compare", "tutorial", "--baseline", "no.such_rule"), 3),
        (("params", "no such parameter"), 3),
        (("scenarios", "validate", "no-such-scenario"), 3),
    ],
)
def test_wrong_usage_ends_with_2_and_invalid_input_with_3(arguments: tuple[str, ...], code: int) -> None:
    result = call(*arguments)
    assert result.exit_code == code, result.output
    assert result.stderr.strip() and result.stdout == ""


def test_a_usage_error_is_told_in_chinese_too() -> None:
    result = call("run", "--lang", "zh")
    assert result.exit_code == 2
    assert "错误" in result.stderr and "Missing" not in result.stderr


def failing(error: BaseException) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (UsageError(_("wrong")), 2, "Error: wrong"),
        (InvalidInput(_("wrong")), 3, "Error: wrong"),
        (RunsFailed(_("two failed")), 4, "two failed"),
        (KeyboardInterrupt(), 130, "Interrupted"),
        (PermissionError(13, "not allowed", "results"), 3, "results: not allowed"),
        (BrokenInvariant(_("the ledger is off by 1 fen")), 1, "bug of commsim"),
        (ZeroDivisionError("by zero"), 1, "ZeroDivisionError"),
    ],
)
def test_each_kind_of_failure_has_its_code_and_words(
    error: BaseException, code: int, told: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COMMSIM_DEBUG", raising=False)
    assert exit_code_of(failing(error)) == code
    streams = capsys.readouterr()
    assert told in streams.err and "Traceback" not in streams.err and streams.out == ""


def test_the_traceback_is_shown_where_it_is_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMMSIM_DEBUG", "1")
    exit_code_of(failing(InvalidInput(_("wrong"))))
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        ((), {"LANG": "zh_CN.UTF-8"}, "zh"),
        ((), {"LANG": "en_US.UTF-8"}, "en"),
        ((), {"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        (("--lang", "zh", "params"), {"LANG": "C"}, "zh"),
        (("params", "--lang=en"), {"LANG": "zh_CN"}, "en"),
        (("params", "--lang", "auto"), {"LANG": "zh_CN"}, "zh"),
        (("params", "--", "--lang", "zh"), {"LANG": "C"}, "en"),
        (("params", "--lang"), {"LANG": "C"}, "en"),
    ],
)
def test_the_language_is_the_one_asked_for_anywhere_or_the_environments(
    arguments: tuple[str, ...], environment: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert asked_language(arguments) == language


def test_a_command_leaves_the_language_of_its_caller_alone() -> None:
    call("params", "--lang", "zh")
    assert current_language() == "en"


def test_the_wrapped_text_fits_its_columns_and_loses_nothing() -> None:
    text = "静安区的社区自治金 is handed out by 居委会,街道再补助。 A long_word_without_any_break_in_it stays whole."
    for width in range(8, 60):
        lines = wrap(text, width)
        assert "".join("".join(lines).split()) == "".join(text.split())
        assert all(display_width(line) <= width or " " not in line for line in lines)


def test_a_line_neither_begins_with_a_closing_mark_nor_ends_with_an_opening_one() -> None:
    text = "获支持项目对投票者的效用（乘以点数）：cost 造价，cardinality 为 1，effort 造价除以票数。"
    for width in range(12, 60):
        lines = wrap(text, width)
        assert not [line for line in lines if line[0] in "）：，。" or line[-1] == "（"]


@pytest.mark.parametrize("width", [30, 44, 61])
def test_no_word_is_broken_inside_a_chinese_cell(width: int) -> None:
    cell = "余款的处理：none 不用，add1 逐步提高每人份额，utilitarian 按票数，phragmen 继续积累，carry 结转下期。"
    written = StringIO()
    Console(file=written, width=width).print(plain_table(["name", "what"], [("completion", cell)]))
    words = {"none", "add1", "utilitarian", "phragmen", "carry"}
    assert words <= set(re.findall(r"[a-z0-9]+", written.getvalue()))


def test_a_chinese_character_takes_two_columns() -> None:
    assert display_width("静安 a") == 6


def test_completion_offers_scenarios_and_rules() -> None:
    offered = CliRunner(env={"_COMMSIM_COMPLETE": "bash_complete", "COMP_WORDS": "commsim run tut", "COMP_CWORD": "2"})
    assert "tutorial" in offered.invoke(command_line, [], prog_name="commsim").output


def test_scenarios_are_listed_shown_and_checked(tmp_path: Path) -> None:
    listed = json.loads(call("scenarios", "list", "--json").stdout)
    assert {"tutorial", "jingan-pilot", "jingan-2017", "building-trial"} <= {one["name"] for one in listed}
    copy = tmp_path / "copy.yaml"
    copy.write_text(call("scenarios", "show", "tutorial", "--set", "months=7").stdout, encoding="utf-8")
    assert call("scenarios", "validate", str(copy)).exit_code == 0
    shown = json.loads(call("scenarios", "show", str(copy), "--json").stdout)
    assert shown["months"] == 7


def test_what_a_scenario_leaves_out_is_told_where_it_is_looked_at() -> None:
    shown = call("scenarios", "show", "tutorial", "--set", "start=2030-01")
    assert shown.exit_code == 0 and "the shares of 2020 are kept" in shown.stderr
    assert "elections outside the run (2030-01 to 2031-12) are left out: 2018-07" in shown.stderr
    assert "Note" not in shown.stdout and call("scenarios", "show", "jingan-2017").stderr == ""


def test_a_broken_scenario_is_told_with_file_and_line_and_as_json(tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text("extends: tutorial\nmonths: many\nsed: 3\n", encoding="utf-8")
    told = call("scenarios", "validate", str(file))
    assert told.exit_code == 3 and told.stdout == ""
    assert "broken.yaml:2: months" in told.stderr and "broken.yaml:3: sed" in told.stderr
    problems = json.loads(call("scenarios", "validate", str(file), "--json").stdout)
    assert [(one["line"], one["path"]) for one in problems] == [(2, "months"), (3, "sed")]


def test_an_unknown_rule_in_a_scenario_is_a_problem_of_it(tmp_path: Path) -> None:
    file = tmp_path / "rule.yaml"
    shown = call("scenarios", "show", "tutorial").stdout
    file.write_text(shown.replace("basic.", "basics."), encoding="utf-8")
    told = call("scenarios", "validate", str(file))
    assert told.exit_code == 3 and "basics." in told.stderr


def test_the_schema_is_one_json_document() -> None:
    schema = json.loads(call("scenarios", "schema").stdout)
    assert "months" in schema["properties"]


def test_rules_are_explained_in_both_languages() -> None:
    rules = {one["id"]: one for one in json.loads(call("rules", "list", "--json").stdout)}
    assert {"basic.none", "match.linear", "seed.provision_point"} <= set(rules)
    assert rules["match.linear"]["title"].keys() == {"en", "zh"}
    assert rules["match.linear"]["title"]["zh"] in call("rules", "show", "match.linear", "--lang", "zh").stdout
    assert "rate" in call("rules", "show", "match.linear").stdout


def test_units_needs_and_properties_of_a_rule_are_told_in_chinese_and_stay_ids_for_programs() -> None:
    shown = call("rules", "show", "match.linear", "--lang", "zh").stdout
    assert "元/元" in shown and "yuan per yuan" not in shown
    assert re.search(r"pledges +居民认捐 *\n", shown) and re.search(r"anonymous +项目顺序不影响结果", shown)
    assert re.search(r"pledged_hours +居民向各项目承诺的工时 *\n", shown)
    assert "pledges（居民认捐）" in call("rules", "list", "--lang", "zh").stdout
    told = json.loads(call("rules", "show", "match.linear", "--lang", "zh", "--json").stdout)
    assert told["needs"] == ["pledged_goods", "pledged_hours", "pledges"] and "anonymous" in told["properties"]
    assert told["parameters"][0]["unit"] == "yuan per yuan"


def test_a_property_is_explained_beside_its_name() -> None:
    shown = call("rules", "show", "committee.cc").stdout
    assert re.search(r"jr_unit_cost +justified representation where all cost the same", shown)


def test_a_rule_that_needs_and_claims_nothing_says_so() -> None:
    shown = call("rules", "show", "modifier.cap").stdout
    assert "Sees of a round, beyond amounts: —" in shown and "Properties" not in shown


def test_modifiers_are_listed_and_explained_like_rules() -> None:
    listed = {one["id"]: one for one in json.loads(call("rules", "list", "--json").stdout)}
    assert listed["modifier.cap"]["kind"] == "modifier" and listed["match.linear"]["kind"] == "rule"
    shown = call("rules", "list").stdout
    assert "modifier.tie" in shown and "Modifier" in shown
    for name in ("cap", "modifier.cap"):
        assert "share" in call("rules", "show", name).stdout
    explained = json.loads(call("rules", "show", "cap", "--json").stdout)
    assert explained == listed["modifier.cap"] and "family" not in explained


def test_parameters_are_narrowed_by_name_label_or_source() -> None:
    everything = json.loads(call("params", "--json").stdout)
    money = json.loads(call("params", "money.", "--json").stdout)
    assert 0 < len(money) < len(everything)
    assert all(one["name"].startswith("money.") for one in money)
    label = money[0]["label"]["zh"]
    assert money[0]["name"] in call("params", label).stdout
    assert money[0]["source"][:10] in call("params", money[0]["name"], "--long").stdout.replace("\n", " ")


def test_units_and_assumptions_are_told_in_chinese_and_stay_as_written_for_programs() -> None:
    shown = call("params", "amount.", "--lang", "zh").stdout
    assert "小时/月" in shown and "hours a month" not in shown
    assert re.search(r"假设；2017 年试点", shown) and "assumption" not in shown
    assert "amount.suggested_hours" in call("params", "假设", "--lang", "zh").stdout
    told = {one["name"]: one for one in json.loads(call("params", "amount.", "--lang", "zh", "--json").stdout)}
    hours = told["amount.suggested_hours"]
    assert (hours["unit"], hours["source"]) == ("hours a month", "assumption")


def test_a_value_out_of_range_is_told_with_the_unit_in_chinese() -> None:
    refused = call("run", "tutorial", "--set", "parameters.amount.suggested_hours=99", "--lang", "zh").stderr
    assert "小时/月" in refused and "hours a month" not in refused


def test_colour_is_left_out_where_it_is_not_wanted() -> None:
    assert "\x1b[" not in call("params", "money", FORCE_COLOR="", NO_COLOR="1").output


def test_every_id_stands_whole_where_there_is_no_terminal() -> None:
    lines = call("rules", "list").stdout.splitlines()
    first = {line.split()[0] for line in lines if line.strip()}
    catalogue = load_catalogue(entry_points=False)
    assert {*catalogue, *catalogue.modifiers} <= first
    assert max(map(display_width, lines)) <= 100  # all of them fit


def test_a_table_without_a_terminal_is_as_wide_as_its_ids_need(capsys: pytest.CaptureFixture[str]) -> None:
    name = "mine." + "long" * 30
    print_table(data_console(), plain_table(["Id", "What"], [(name, "a few words that can be broken")], ids=(0,)))
    assert any(line.split()[:1] == [name] for line in capsys.readouterr().out.splitlines())


def test_a_file_that_is_no_python_is_not_taken_for_the_id_of_a_rule(tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("basic.none", encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"names\.txt: a plugin is a Python file, whose name ends in \.py"):
        CliRunner().invoke(command_line, ["rules", "check", str(names)], catch_exceptions=False, standalone_mode=False)


def test_a_word_for_a_number_is_refused_in_the_reader_s_language() -> None:
    assert "'x' 不是整数。" in call("--lang", "zh", "run", "tutorial", "--seed", "x").stderr
    assert "'x' 不是数字。" in call("--lang", "zh", "run", "tutorial", "--rule-seconds", "x").stderr
    assert "'x' is not a valid integer." in call("--lang", "en", "compare", "--replicates", "x").stderr


def test_sources_and_defaults_of_rules_are_told_in_chinese() -> None:
    shown = call("--lang", "zh", "rules", "show", "match.tiered").stdout
    assert "来源：通行做法" in shown
    assert " none " in shown and "None" not in shown
