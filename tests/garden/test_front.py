"""Claims about what stands at the front: both READMEs, CITATION.cff, the wheel, and the locks of `make docs`."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import commsim
from commsim.scenario.marked_yaml import read_yaml

PROJECT = Path(__file__).resolve().parents[2]
CODE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks_of(name: str) -> list[tuple[str, list[str]]]:
    """Kind and lines of each block of code, without its comments, which are in the page's own language."""
    text = (PROJECT / name).read_text(encoding="utf-8")
    return [(kind, [_without_comment(line) for line in block.splitlines()]) for kind, block in CODE.findall(text)]


def project_table() -> dict[str, Any]:
    """What pyproject.toml says of the project."""
    table: dict[str, Any] = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return table


def _without_comment(line: str) -> str:
    return re.sub(r"(^|\s)#.*", "", line).rstrip()


def test_both_readmes_have_the_same_commands_and_code() -> None:
    english, chinese = blocks_of("README.md"), blocks_of("README.zh.md")
    assert [kind for kind, _lines in english] == [kind for kind, _lines in chinese]
    for (kind, said), (_kind, said_in_chinese) in zip(english, chinese, strict=True):
        if kind != "text":  # what a command prints is in the page's language
            assert said == said_in_chinese


def test_both_readmes_have_the_same_parts_and_name_each_other() -> None:
    english, chinese = ((PROJECT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md"))
    assert re.findall(r"^#+ ", english, re.MULTILINE) == re.findall(r"^#+ ", chinese, re.MULTILINE)
    assert "README.zh.md" in english and "README.md" in chinese


@pytest.mark.parametrize("name", ["README.md", "README.zh.md", "CONTRIBUTING.md"])
def test_every_link_to_a_file_leads_to_one(name: str) -> None:
    text = (PROJECT / name).read_text(encoding="utf-8")
    linked = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    assert linked
    assert [link for link in linked if not (PROJECT / link).exists()] == []


def test_a_command_of_both_readmes_says_the_exit_codes_that_the_errors_carry() -> None:
    from commsim import errors
    from commsim.cli.failures import INTERRUPTED, READER_LEFT

    of_errors = {errors.InvalidInput.exit_code, errors.RunsFailed.exit_code, errors.NoSpace.exit_code}
    codes = {0, 2, *of_errors, INTERRUPTED, READER_LEFT}
    for name, words in (("README.md", r"Exit codes: (.*?)\. "), ("README.zh.md", r"退出码：(.*?)。")):
        said = re.search(words, (PROJECT / name).read_text(encoding="utf-8"), re.DOTALL)
        assert said is not None
        assert {int(code) for code in re.findall(r"\d+", said[1])} == codes


def test_the_citation_has_what_its_format_asks_for_and_our_version() -> None:
    citation = read_yaml(PROJECT / "CITATION.cff").root.plain()
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert citation["cff-version"] == "1.2.0" and citation["type"] == "software"
    assert str(citation["version"]) == commsim.__version__
    assert all(author.get("name") or author.get("family-names") for author in citation["authors"])
    assert (
        citation["license"]
        == tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["license"]
    )


def test_the_package_says_that_it_is_typed() -> None:
    assert (PROJECT / "commsim" / "py.typed").is_file()


def pins(path: Path) -> dict[str, str]:
    """The version of each package of a lock file."""
    return dict(re.findall(r"^([\w.\-]+)==(\S+)", path.read_text(encoding="utf-8"), re.MULTILINE))


def test_the_lock_of_the_pages_has_hashes_and_agrees_with_every_other_lock() -> None:
    path = PROJECT / "requirements" / "docs.txt"
    entries = re.split(r"\n(?=\S)", path.read_text(encoding="utf-8").strip())
    assert all(re.match(r"[\w.\-]+==\S+", entry) and "--hash=sha256:" in entry for entry in entries)
    for other in (PROJECT / "requirements").glob("py3.*.txt"):
        both = pins(path).items() & pins(other).items()
        assert {name for name, _version in both} == set(pins(path)) & set(pins(other)), other


def test_the_lock_of_the_pages_holds_what_the_extra_names() -> None:
    wanted = {re.split(r"[<>=]", line)[0] for line in project_table()["optional-dependencies"]["docs"]}
    assert wanted and wanted <= set(pins(PROJECT / "requirements" / "docs.txt"))


def test_the_pages_are_built_where_changes_are_checked() -> None:
    assert "make docs" in (PROJECT / ".ci" / "run").read_text(encoding="utf-8")
