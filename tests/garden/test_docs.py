"""Claims about `docs/`: the reference names all there is in both languages, and what a page tells to type works."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import click
import pytest

import commsim
from commsim.cli import command_line
from commsim.i18n import LANGUAGES, Language
from commsim.plugin_host.loader import load_catalogue
from commsim.record.standard_indicators import standard_indicators
from commsim.scenario import load_registry

PROJECT = Path(__file__).resolve().parents[2]
DOCS = PROJECT / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md") if "_build" not in path.parts)
MARK = re.compile(r"^<!-- from the program: (\S+) (en|zh) -->$", re.MULTILINE)


def reference_pages() -> ModuleType:
    """The module that makes the reference; it stands beside the pages and is no part of commsim."""
    wanted = importlib.util.spec_from_file_location("reference_pages", DOCS / "reference_pages.py")
    assert wanted is not None and wanted.loader is not None
    module = importlib.util.module_from_spec(wanted)
    wanted.loader.exec_module(module)
    return module


REFERENCE = reference_pages()


def every_command(name: str, command: click.Command) -> list[str]:
    """How each command is typed."""
    below = command.commands.items() if isinstance(command, click.Group) else ()
    return [name, *(typed for word, sub in below for typed in every_command(f"{name} {word}", sub))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reference_has_every_command_with_every_option(language: Language) -> None:
    page = REFERENCE.commands(language)
    assert [typed for typed in every_command("commsim", command_line) if f"# `{typed}`" not in page] == []
    assert page.count("--lang") >= len(every_command("commsim", command_line))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reference_has_every_rule_modifier_parameter_and_indicator(language: Language) -> None:
    catalogue = load_catalogue(entry_points=False)
    for page, ids in (
        (REFERENCE.rules(language), [*catalogue, *catalogue.modifiers]),
        (REFERENCE.parameters(language), load_registry()),
        (REFERENCE.indicators(language), [indicator.id for indicator in standard_indicators()]),
    ):
        assert len(list(ids)) > 10
        assert [name for name in ids if f"`{name}`" not in page] == []


def test_the_reference_has_every_public_name_and_describes_each_once() -> None:
    page = REFERENCE.python("en")
    assert [name for name in commsim.__all__ if f"commsim.{name}" not in page] == []
    described = re.findall(r"^\.\. auto\w+:: (\S+)$", page, re.MULTILINE)
    assert len(described) == len(set(described)) > 20


def test_the_reference_in_chinese_is_chinese() -> None:
    assert "查看" in REFERENCE.commands("zh") or "运行" in REFERENCE.commands("zh")
    assert "各给" in REFERENCE.rules("zh") or "平均分配" in REFERENCE.rules("zh")


def test_an_indicator_says_when_it_has_no_value_and_others_say_nothing_of_it() -> None:
    english, chinese = REFERENCE.indicators("en"), REFERENCE.indicators("zh")
    assert "No value where: nobody belongs to this group" in english and "always defined" not in english
    assert english.count("No value where: ") == chinese.count("无数值的情形：") < len(list(standard_indicators()))


def words_not_used() -> list[str]:
    """Chinese words that the glossary rules out everywhere."""
    rows = re.findall(r"^\| (\S+) \| .* \| `\*` \|$", (DOCS / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) > 10
    return rows


IN_CHINESE = [PROJECT / "README.zh.md", *sorted((DOCS / "zh").glob("*.md"))]


@pytest.mark.parametrize("page", IN_CHINESE, ids=[path.stem for path in IN_CHINESE])
def test_a_page_in_chinese_follows_the_glossary_and_its_punctuation(page: Path) -> None:
    text = re.sub(r"```.*?```|`[^`]*`|\]\([^)]*\)", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert [word for word in words_not_used() if word in text] == []
    assert re.findall(r"[\u4e00-\u9fff][,;:?!()][\u4e00-\u9fff]", text) == []


def test_asking_for_a_page_leaves_the_language_as_it_was() -> None:
    from commsim.i18n import current_language

    REFERENCE.commands("zh")
    assert current_language() == "en"


def test_every_list_that_can_be_made_stands_on_a_page() -> None:
    taken = {name for path in PAGES for name, _language in MARK.findall(path.read_text(encoding="utf-8"))}
    assert taken == set(REFERENCE.GENERATED)


def test_words_with_marks_of_markdown_stay_as_they_are() -> None:
    assert REFERENCE.prose("c_j ≤ *B* in `a_b`") == r"c\_j ≤ \*B\* in `a_b`"
    assert REFERENCE.prose("First.\n\n>>> 1\n1") == "First.\n\n```pycon\n>>> 1\n1\n```"


def commands_of(path: Path) -> list[str]:
    """What a page tells to type with commsim, in its `console` blocks."""
    blocks = re.findall(r"^```console\n(.*?)^```$", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines() if line.startswith("$ commsim")]


def files_of(path: Path) -> dict[str, str]:
    """Files that a page tells to save, by name."""
    found = re.findall(r"^```\w+ file=(\S+)\n(.*?)^```$", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return dict(found)


def _shorter(line: str) -> list[str]:
    """Runs take the months of one round here, not the two years of the tutorial, and comparisons one luck."""
    runs = line.startswith(("commsim run ", "commsim compare "))
    months = ["--set", "months=13"] if runs and "months=" not in line else []
    return [*months, "--replicates", "1"] if line.startswith("commsim compare ") else months


TYPED = [path for path in PAGES if path.name != "writing-a-rule.md" and commands_of(path)]


@pytest.mark.study
@pytest.mark.parametrize("page", TYPED, ids=[path.stem for path in TYPED])
def test_the_commands_of_a_page_succeed_in_their_order(page: Path, tmp_path: Path) -> None:
    for name, text in files_of(page).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    for line in commands_of(page):
        done = subprocess.run(
            [sys.executable, "-m", *shlex.split(line), *_shorter(line)],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(PROJECT), "COMMSIM_DEBUG": "1"},
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
