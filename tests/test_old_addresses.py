"""Claims about the addresses of version 0.1: they are found for one minor version, and say where to look instead."""

from __future__ import annotations

import subprocess
import sys
import warnings
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from commsim.old_addresses import MODULES, NAMES

PROJECT = Path(__file__).resolve().parents[1]


def _imported(module: str) -> Any:
    """A module, by its old address imported anew."""
    if module in MODULES:
        sys.modules.pop(module, None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return import_module(module)


@pytest.mark.parametrize("old", MODULES)
def test_an_old_module_is_found_and_says_where_it_is_now(old: str) -> None:
    parent = old.rpartition(".")[0]
    _imported(parent)
    sys.modules.pop(old, None)
    with pytest.warns(DeprecationWarning, match=rf"{old} is now {MODULES[old]}") as caught:
        module = import_module(old)
    assert caught[0].filename != str(PROJECT / "commsim" / "old_addresses.py")
    new = import_module(MODULES[old])
    public = [name for name in vars(new) if not name.startswith("_") and f"{old}.{name}" not in {*NAMES, *MODULES}]
    assert all(getattr(module, name) is getattr(new, name) for name in public)


@pytest.mark.parametrize("old", NAMES)
def test_a_name_that_went_another_way_than_its_module_is_found(old: str) -> None:
    module, _dot, name = old.rpartition(".")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        found = getattr(_imported(module), name)
    assert found is getattr(import_module(NAMES[old]), name)


@pytest.mark.parametrize("name", ["load_catalogue", "make_view"])
def test_a_name_that_a_standing_package_lost_warns_where_it_is_used(name: str) -> None:
    import commsim.plugins

    with pytest.warns(DeprecationWarning, match=f"commsim.plugins.{name} is now .*{name}") as caught:
        getattr(commsim.plugins, name)
    assert caught[0].filename == __file__


def test_what_never_was_is_still_an_error() -> None:
    with pytest.raises(ImportError):
        import_module("commsim.plugins.nothing_of_the_kind")
    with pytest.raises(ImportError):
        exec("from commsim.plugins import nothing_of_the_kind")
    with pytest.raises(AttributeError):
        _ = _imported("commsim.plugins.naming").nothing_of_the_kind


def test_a_script_of_the_last_version_still_runs() -> None:
    code = """
from commsim.plugins import load_catalogue, pabulib
from commsim.plugins.authoring import check_rule_file, new_rule
from commsim.plugins.evaluate import evaluate
from commsim.plugins.rules.dividing import divide_by_id
from commsim.lab.facts import Fact
from commsim.lab import calibrate, results
from commsim.study import write_run
assert evaluate("match.linear(rate=1, cap=5000)", {"pledges": [4200, 9000]}) == [4200, 5000]
"""
    done = subprocess.run([sys.executable, "-W", "always", "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "commsim.lab.calibrate is now commsim.validation.calibrate" in done.stderr


def test_nobody_inside_uses_an_old_address() -> None:
    code = "import pkgutil, commsim; [__import__(m.name) for m in pkgutil.walk_packages(commsim.__path__, 'commsim.')"
    code += " if not m.name.endswith('__main__')]"
    done = subprocess.run([sys.executable, "-W", "error::DeprecationWarning:commsim", "-c", code], capture_output=True)
    assert done.returncode == 0, done.stderr


def test_the_changelog_lists_what_moved() -> None:
    told = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert not [old for old in (*MODULES, *NAMES) if f"`{old}`" not in told]
