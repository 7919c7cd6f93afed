"""Claims about the repository as a whole: what stands in it, and what importing it costs."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
# Written apart, so that this file is not among those that it finds.
REGISTRY_HOSTS = ("pypi" + ".org", "python" + "hosted", "files" + ".python", "npmjs" + ".org", "crates" + ".io")
MACHINE_PATH = re.compile(r"(?:^|[^A-Za-z0-9_.~])/(?:work|farm|root|home|tmp|Users|opt)/(?!ann/)[A-Za-z0-9_.]")
HEAVY = ("mesa", "pandas", "matplotlib", "scipy", "numpy", "pydantic", "duckdb", "rich", "ruamel", "networkx")


def _tracked_texts() -> list[tuple[str, str]]:
    if not (PROJECT / ".git").exists():
        pytest.skip("not a git checkout, so it is not known which files belong to the project")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, check=True).stdout.decode()
    found = []
    for name in filter(None, listed.split("\0")):
        path = PROJECT / name
        if not path.is_file():
            continue  # deleted in the working tree
        data = path.read_bytes()
        if b"\0" not in data:
            found.append((name, data.decode("utf-8", errors="replace")))
    assert any(name == "pyproject.toml" for name, _text in found)
    return found


def _python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=PROJECT, capture_output=True, text=True, check=False)


def test_no_tracked_file_names_the_host_of_a_package_registry() -> None:
    found = [(name, host) for name, text in _tracked_texts() for host in REGISTRY_HOSTS if host in text]
    assert not found


def test_no_tracked_file_holds_a_path_of_a_machine() -> None:
    found = [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in _tracked_texts()
        for number, line in enumerate(text.splitlines(), 1)
        if MACHINE_PATH.search(line)
    ]
    assert not found


def test_no_tracked_file_holds_what_a_merge_left_open() -> None:
    marks = tuple(mark * 7 + " " for mark in "<>")
    assert not [name for name, text in _tracked_texts() if any(line.startswith(marks) for line in text.splitlines())]


@pytest.mark.parametrize("line", ["see /work" + "/main", 'open("/home' + '/bob/x")', "=/tmp" + "/x"])
def test_a_path_of_a_machine_is_recognised(line: str) -> None:
    assert MACHINE_PATH.search(line)


@pytest.mark.parametrize(
    "line", ["results/tutorial-run-001", "a/work" + "/b", "https://example.com/home/", "/usr/bin/env"]
)
def test_other_paths_are_left_alone(line: str) -> None:
    assert not MACHINE_PATH.search(line)


def test_every_python_has_a_lock_file_of_hashes_and_exact_versions() -> None:
    locks = sorted((PROJECT / "requirements").glob("py3.*.txt"))
    assert {path.stem for path in locks} >= {"py3.11", "py3.12", "py3.13"}
    for path in locks:
        entries = re.split(r"\n(?=\S)", path.read_text(encoding="utf-8").strip())
        assert len(entries) > 20
        assert all(re.match(r"[\w.\[\]-]+==\S+", entry) and "--hash=sha256:" in entry for entry in entries), path


def test_the_locks_hold_every_dependency_of_the_project() -> None:
    import tomllib

    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = {_name(one) for one in [*project["dependencies"], *extras["test"], *extras["dev"]]}
    beside = _locked(PROJECT / "requirements" / "oracles.txt")
    for path in (PROJECT / "requirements").glob("py3.*.txt"):
        assert wanted <= _locked(path) | beside, path


def _locked(path: Path) -> set[str]:
    return {_name(line) for line in path.read_text(encoding="utf-8").splitlines() if "==" in line}


def _name(requirement: str) -> str:
    return re.sub(r"[._-]+", "-", re.split(r"[<>=!~\[; \\]", requirement, maxsplit=1)[0]).lower()


@pytest.mark.parametrize("statement", ["import commsim", "import commsim.cli"])
def test_importing_commsim_loads_nothing_heavy(statement: str) -> None:
    told = _python("-c", f"{statement}; import sys; print(*[name for name in {HEAVY!r} if name in sys.modules])")
    assert told.returncode == 0, told.stderr
    assert told.stdout.split() == []


def test_loading_the_rules_loads_no_part_of_scipy_nor_what_only_runs_need() -> None:
    heavy = {"scipy.sparse", "scipy.special", "scipy.optimize", "scipy.stats", *HEAVY} - {"numpy", "scipy"}
    code = (
        "import commsim.elections.replay, commsim.rules as rules; "
        "assert 'match.linear' in rules.load_catalogue(entry_points=False)"
    )
    told = _python("-c", f"{code}; import sys; print(*[name for name in {sorted(heavy)!r} if name in sys.modules])")
    assert told.returncode == 0, told.stderr
    assert told.stdout.split() == []


ELECTION = "experiments/elections/generated_2017.pb"
SCIPY_PARTS = ("scipy.sparse", "scipy.special", "scipy.optimize", "scipy.stats")
OF_RUNS = ("mesa", "networkx", "pandas", "duckdb", "matplotlib", "xlsxwriter", "jinja2")


def _loaded_by(command: str, heavy: tuple[str, ...], folder: Path = PROJECT) -> list[str]:
    """Which of `heavy` a command line has imported by its end."""
    code = (
        "import sys; from commsim.cli import main; import atexit\n"
        f"atexit.register(lambda: sys.stderr.write('loaded:' + ' '.join(n for n in {heavy!r} if n in sys.modules)))\n"
        f"sys.argv = ['commsim', *{command.split()!r}]; main()"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert told.returncode == 0, told.stderr
    return told.stderr.rpartition("loaded:")[2].split()


@pytest.mark.parametrize("command", ["--help", "--version", "run --help", "compare --help", "pb --help", "lab --help"])
def test_a_command_that_only_tells_loads_nothing_heavy(command: str) -> None:
    assert _loaded_by(command, HEAVY) == []


@pytest.mark.parametrize(
    "command",
    ["rules list", "rules show match.linear", "params money", "scenarios list", "scenarios show tutorial"],
)
def test_a_command_that_lists_loads_neither_what_runs_need_nor_a_part_of_scipy(command: str) -> None:
    assert _loaded_by(command, (*OF_RUNS, *SCIPY_PARTS)) == []


def test_an_election_is_allocated_without_what_runs_need() -> None:
    assert _loaded_by(f"pb {ELECTION} --rule pb.greedy_votes", (*OF_RUNS, *SCIPY_PARTS)) == []


def test_a_scenario_is_checked_without_a_model_or_a_table() -> None:
    assert _loaded_by("scenarios validate tutorial", OF_RUNS) == []


def test_the_laboratory_runs_no_model() -> None:
    assert _loaded_by("lab calibrate --help", HEAVY) == []
    told = _python("-c", "import sys, commsim.validation.laboratory; print('mesa' in sys.modules)")
    assert told.stdout.split() == ["False"]


def test_a_run_does_no_statistics_and_draws_nothing_with_matplotlib(tmp_path: Path) -> None:
    assert _loaded_by("run tutorial --set months=2", ("scipy.stats", "matplotlib"), tmp_path) == []


def test_every_public_name_can_be_fetched() -> None:
    told = _python("-c", "import commsim; print(*[getattr(commsim, name) for name in commsim.__all__])")
    assert told.returncode == 0, told.stderr


def test_a_public_name_that_is_not_there_is_an_attribute_error() -> None:
    told = _python("-c", "import commsim; commsim.simulat")
    assert "AttributeError" in told.stderr and "simulat" in told.stderr


def test_help_costs_little_beside_what_every_command_has_to_import() -> None:
    """Help is shown without the scientific libraries: it takes a fraction of the time of importing three of them."""

    def seconds(*arguments: str) -> float:
        times = []
        for _again in range(2):
            began = time.perf_counter()
            assert _python(*arguments).returncode == 0
            times.append(time.perf_counter() - began)
        return min(times)

    nothing = seconds("-c", "pass")
    cost_of_help = seconds("-m", "commsim", "--help") - nothing
    cost_of_libraries = seconds("-c", "import pandas, scipy.stats, pydantic") - nothing
    assert cost_of_help < cost_of_libraries


def test_the_continuous_integration_runs_the_readme_test_command() -> None:
    script = (PROJECT / ".ci" / "run").read_text(encoding="utf-8")
    assert "make test" in script and "make test" in (PROJECT / "README.md").read_text(encoding="utf-8")


@pytest.mark.study
def test_the_python_of_the_readme_runs() -> None:
    blocks = re.findall(r"```python\n(.*?)```", (PROJECT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    for block in blocks:
        told = _python("-c", block)
        assert told.returncode == 0, told.stderr
