"""Claims about plugins of installed distributions: chosen, blocked, named, and told apart from files."""

from __future__ import annotations

from pathlib import Path

import pytest

from commsim.errors import RuleError
from commsim.plugin_host.loader import load_catalogue
from tests.plugin_host.test_loader import GOOD, line_of, write


def distribution(folder: Path, module: str, text: str, value: str | None = None) -> None:
    """An installed distribution as the import system sees one."""
    write(folder, text, f"{module}.py")
    info = folder / f"{module}-1.2.dist-info"
    info.mkdir()
    write(info, f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.2\n", "METADATA")
    write(info, f"[commsim]\n{module}_point = {value or module}\n", "entry_points.txt")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def test_an_installed_rule_comes_in_with_distribution_and_version(site: Path) -> None:
    distribution(site, "commsim_even", GOOD)
    catalogue = load_catalogue()
    assert catalogue.entry("mine.even").origin.record() == {
        "kind": "distribution",
        "name": "commsim_even",
        "version": "1.2",
    }
    assert "mine.even" not in load_catalogue(entry_points=False)


def test_a_broken_distribution_is_named_and_can_be_blocked(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    distribution(site, "commsim_broken", "import nothing_of_this_name")
    with pytest.raises(RuleError) as caught:
        load_catalogue()
    text = str(caught.value)
    assert "distribution commsim_broken 1.2" in text and "COMMSIM_BLOCK_PLUGINS=commsim_broken_point" in text
    monkeypatch.setenv("COMMSIM_BLOCK_PLUGINS", "commsim_broken_point")
    assert "basic.none" in load_catalogue()


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (
            {"__init__": "", "rules": "x = 1\n\nimport nothing_of_this_name"},
            "rules.py:3: ModuleNotFoundError: No module",
        ),
        ({"__init__": "", "rules": "from . import deep", "deep": "\n1 / 0"}, "deep.py:2: ZeroDivisionError"),
        ({"__init__": "import json\njson.loads('[')", "rules": ""}, "__init__.py:2: JSONDecodeError"),
        ({"__init__": "", "rules": "x = 1\nif x\n"}, "rules.py:2: SyntaxError: expected ':'"),
        ({"__init__": "", "rules": "raise SystemExit(1)"}, "rules.py:1: SystemExit: 1"),
    ],
)
def test_a_distribution_that_cannot_be_imported_gives_file_and_line(
    site: Path, request: pytest.FixtureRequest, files: dict[str, str], told: str
) -> None:
    package = f"commsim_lines_{request.node.callspec.indices['files']}"  # a package is imported once in a process
    (site / package).mkdir()
    for name, text in files.items():
        write(site / package, text, f"{name}.py")
    distribution(site, f"{package}_dist", "", value=f"{package}.rules")
    with pytest.raises(RuleError) as caught:
        load_catalogue()
    text = str(caught.value)
    assert f"distribution {package}_dist 1.2" in text and str(site) not in text
    assert f"could not be imported, at {package}/{told}" in text


def test_a_distribution_whose_module_is_missing_is_told_without_a_line(site: Path) -> None:
    distribution(site, "commsim_no_module", "", value="commsim_gone.rules")
    with pytest.raises(RuleError, match=r"could not be imported: ModuleNotFoundError: No module named 'commsim_gone'"):
        load_catalogue()


def test_an_entry_point_that_is_no_module_names_its_distribution_and_can_be_blocked(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    distribution(site, "commsim_bad", "", value="not a module")
    with pytest.raises(RuleError) as caught:
        load_catalogue()
    text = str(caught.value)
    assert "entry point 'commsim_bad_point' of distribution commsim_bad 1.2 has to name a module" in text
    assert "'not a module' came" in text and "COMMSIM_BLOCK_PLUGINS=commsim_bad_point" in text
    monkeypatch.setenv("COMMSIM_BLOCK_PLUGINS", "commsim_bad_point")
    assert "basic.none" in load_catalogue()


SILENT = """
class Silent(Exception):
    def __str__(self):
        raise OSError("nothing to say")
"""


@pytest.mark.parametrize("place", ["at import", "in the hook", "while it is made"])
def test_an_exception_that_cannot_say_what_is_wrong_is_told_all_the_same(tmp_path: Path, place: str) -> None:
    source = {
        "at import": GOOD + "\nraise Silent\n",
        "in the hook": GOOD.replace("register(Even)", "raise Silent"),
        "while it is made": GOOD.replace(
            "    def settle", "    def __init__(self, _p):\n        raise Silent\n\n    def settle"
        ),
    }[place]
    path = write(tmp_path, SILENT + source)
    with pytest.raises(RuleError) as caught:
        load_catalogue([path], entry_points=False).make("mine.even")
    assert f"my_rule.py:{line_of(SILENT + source, 'raise Silent')}" in str(caught.value)
    assert "Silent: it cannot say what is wrong: its __str__ raises OSError" in str(caught.value)


def test_an_exact_set_of_plugins_can_be_asked_for(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    distribution(site, "commsim_even_b", GOOD)
    monkeypatch.setenv("COMMSIM_LOAD_PLUGINS", "")
    assert "mine.even" not in load_catalogue()
    monkeypatch.setenv("COMMSIM_LOAD_PLUGINS", "commsim_even_b_point")
    assert "mine.even" in load_catalogue()
    monkeypatch.setenv("COMMSIM_LOAD_PLUGINS", "absent")
    with pytest.raises(RuleError, match="absent"):
        load_catalogue()


@pytest.mark.parametrize("variable", ["COMMSIM_LOAD_PLUGINS", "COMMSIM_BLOCK_PLUGINS"])
def test_a_plugin_is_called_by_its_entry_point_or_its_distribution_and_nothing_else(
    site: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    distribution(site, "commsim_even_c", GOOD)
    for name in ("commsim_even_c_point", "commsim_even_c", "Commsim-Even.C"):
        monkeypatch.setenv(variable, name)
        assert ("mine.even" in load_catalogue()) == (variable == "COMMSIM_LOAD_PLUGINS")
    monkeypatch.setenv(variable, "commsim_evn_c_point")
    with pytest.raises(RuleError) as caught:
        load_catalogue()
    text = str(caught.value)
    assert f"{variable} names 'commsim_evn_c_point'" in text and "Did you mean 'commsim_even_c_point'?" in text


def test_an_entry_point_to_a_class_is_refused(site: Path) -> None:
    distribution(site, "commsim_class", GOOD, value="commsim_class:Even")
    with pytest.raises(RuleError, match="has to name a module"):
        load_catalogue()


def test_an_installed_plugin_with_a_forgotten_mark_is_named(site: Path) -> None:
    distribution(site, "commsim_unmarked", GOOD.replace("@hookimpl\n", ""))
    with pytest.raises(RuleError, match="commsim_unmarked 1.2"):
        load_catalogue()
