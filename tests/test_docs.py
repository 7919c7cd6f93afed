"""Documentation cannot fall behind: paths, commands, ids and hooks that a page names are there, as it names them.

The words of the contract (needs, `Terms`, `Award`, `Ballot`, `Rule`, `Modifier`) are held to the tables of the guide in
`tests/authoring/test_writing_a_rule.py`.
"""

from __future__ import annotations

import inspect
import re
import shlex
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import click
import pytest

from commsim.authoring.rule_test import RuleTest
from commsim.cli import command_line
from commsim.contracts import Ballot, Rule
from commsim.errors import InvalidInput, NoSpace, RunsFailed, UsageError
from commsim.i18n import current_language, use_language
from commsim.plugin_host import hooks
from commsim.plugin_host.loader import load_catalogue
from commsim.plugin_host.plain_inputs import opened
from commsim.scenario import load_registry

PROJECT = Path(__file__).resolve().parents[1]
PAGES = [
    path
    for path in sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md"), *PROJECT.glob("*/README.md")])
    if path.name != "CHANGELOG.md" and "_build" not in path.parts
]
GUIDE = (PROJECT / "docs" / "writing-a-rule.md").read_text(encoding="utf-8")
ROOMS = "benchmarks|commsim|docs|examples|experiments|requirements|results|scenarios|tests|tools"
STAND_INS = r"[…<>|]|\.\.\.|\bCOMMAND\b|命令"
"""What stands in a command line for something else, which one does not type."""
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def paths_named(page: Path) -> Iterator[str]:
    """Paths of the repository between backquotes or as targets of links."""
    text = text_of(page)
    coded = re.findall(rf"`((?:{ROOMS})/[\w./*-]*)`", text)
    linked = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)", text)
    yield from coded
    yield from (str((page.parent / target).resolve().relative_to(PROJECT)) for target in linked)


def made_by_a_run(path: str) -> bool:
    """Whether a path is one that commands write: a folder of results, the built pages."""
    return path.startswith(("results/", "docs/_build")) and path != "results/README.md"


@every_page
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    missing = [path for path in paths_named(page) if not made_by_a_run(path) and not any(PROJECT.glob(path))]
    assert missing == []


@every_page
def test_every_module_in_a_row_of_a_table_stands_in_a_folder_of_that_row(page: Path) -> None:
    """`commsim/processes/`: `rounds.py` … names the module without repeating the folder."""
    for row in (line for line in text_of(page).splitlines() if line.startswith("|") and "`commsim/" in line):
        places = {Path(path) for path in re.findall(r"`(commsim/[\w./-]*)`", row)}
        folders = {path if path.suffix == "" else path.parent for path in places}
        for module in re.findall(r"`([\w]+\.(?:py|yaml))`", row):
            assert any((PROJECT / folder / module).is_file() for folder in folders), (row, module)


def commands_typed(page: Path) -> Iterator[str]:
    """Command lines of commsim in blocks of code."""
    blocks = re.findall(r"^```(?:console|sh|bash)?\n(.*?)^```$", text_of(page), re.MULTILINE | re.DOTALL)
    lines = chain.from_iterable(block.replace("\\\n", " ").splitlines() for block in blocks)
    yield from _whole(line.removeprefix("$ ") for line in lines)


def commands_mentioned(page: Path) -> Iterator[str]:
    """Command lines of commsim between backquotes, which may leave out what is not spoken of."""
    prose = re.sub(r"^```.*?^```$", "", text_of(page), flags=re.MULTILINE | re.DOTALL)
    yield from _whole(" ".join(line.split()) for line in re.findall(r"`(commsim [^`]+)`", prose))


def _whole(lines: Iterable[str]) -> Iterator[str]:
    yield from (line for line in lines if line.startswith("commsim ") and not re.search(STAND_INS, line))


def parsed(line: str) -> list[click.Context]:
    """The contexts of a command line, one for each word of the command; nothing is run.

    Raises click.UsageError for a command, option or value that there is not; files may be missing.
    """
    words = shlex.split(line, comments=True)
    command: click.Command = command_line
    contexts: list[click.Context] = []
    name, rest = words[0], words[1:]
    while True:
        parent = contexts[-1] if contexts else None
        try:
            context = command.make_context(name, list(rest), parent=parent)
        except click.exceptions.Exit:  # --help, --version
            return contexts
        except click.BadParameter as error:
            if isinstance(error, click.MissingParameter) or not isinstance(error.param, click.Parameter):
                raise
            if isinstance(error.param.type, click.Path):
                return contexts
            raise
        contexts.append(context)
        left = [*context._protected_args, *context.args]
        if not isinstance(command, click.Group) or not left:
            return contexts
        found, below, rest = command.resolve_command(context, left)
        assert found is not None and below is not None
        name, command = found, below


@pytest.fixture
def language_kept() -> Iterator[None]:
    before = current_language()
    yield
    use_language(before)


@every_page
@pytest.mark.usefixtures("language_kept")
def test_every_command_line_of_a_page_parses(page: Path) -> None:
    for line in commands_typed(page):
        assert _refused(line) is None, line
    for line in commands_mentioned(page):
        error = _refused(line)
        assert error is None or isinstance(error, click.MissingParameter), (line, error)


def _refused(line: str) -> click.UsageError | None:
    try:
        parsed(line)
    except click.exceptions.NoArgsIsHelpError:
        return None
    except click.UsageError as error:
        return error
    return None


def test_a_command_that_is_not_there_would_be_noticed() -> None:
    for line in ("commsim runs tutorial", "commsim run tutorial --rul x", "commsim rules shown x"):
        with pytest.raises(click.UsageError):
            parsed(line)


@every_page
def test_every_rule_that_a_page_asks_for_is_there(page: Path) -> None:
    catalogue = load_catalogue(entry_points=False)
    asked = [
        written
        for line in [*commands_typed(page), *commands_mentioned(page)]
        for written in re.findall(r"--rule[ =]'?([\w.]+)", line)
    ]
    own = ("mine.", "ID", "all")
    assert [rule for rule in asked if not rule.startswith(own) and rule not in catalogue] == []


@every_page
def test_every_parameter_that_a_page_names_is_in_the_registry(page: Path) -> None:
    """A name of a known subject, such as `yes.seen`; not files, modules and columns that share its first word."""
    registry = load_registry()
    subjects = "|".join(sorted({name.partition(".")[0] for name in registry}))
    named = re.findall(rf"(?:parameters\.|`)((?:{subjects})\.[a-z]\w+)(?==|`)", text_of(page))
    other = [name for name in named if name not in registry and not name.endswith((".yaml", ".py"))]
    formulas = opened(load_catalogue().plain_inputs)
    assert [name for name in other if formulas.function(name) is None] == []


def test_the_readme_says_every_exit_code() -> None:
    sentence = text_of(PROJECT / "README.md").split("Exit codes:")[1].split("A results folder")[0]
    said = set(map(int, re.findall(r"\b(\d+) ", sentence)))
    assert {0, UsageError.exit_code, InvalidInput.exit_code, RunsFailed.exit_code, NoSpace.exit_code, 130} <= said


def test_the_guide_names_every_hook_with_its_arguments() -> None:
    for name, hook in vars(hooks).items():
        if name.startswith("commsim_"):
            written = f"{name}({', '.join(inspect.signature(hook).parameters)})"
            assert f"`{written}`" in GUIDE or f"def {written}" in GUIDE, written


def test_the_guide_names_every_method_of_a_rule_with_its_arguments() -> None:
    for name, method in vars(Rule).items():
        if inspect.isfunction(method) and not name.startswith("_"):
            written = f"{name}({', '.join([*inspect.signature(method).parameters][1:])})"
            in_code = f"def {name}(self, " in GUIDE
            assert f"`{written}`" in GUIDE or in_code, written


def test_the_guide_heads_the_kinds_of_ballot_with_all_that_a_ballot_takes() -> None:
    heading = next(line for line in GUIDE.splitlines() if line.startswith("### Kinds of `Ballot("))
    taken = [
        name if value.default is value.empty else f"{name}={value.default!r}".replace("'", '"')
        for name, value in inspect.signature(Ballot).parameters.items()
    ]
    assert heading == f"### Kinds of `Ballot({', '.join(taken)})`"


def test_the_guide_says_what_every_word_and_test_of_a_rule_test_is() -> None:
    section = GUIDE.split("## 9.")[1]
    words = [name for name in RuleTest.__annotations__ if not name.startswith("_")]
    tests = [name for name in vars(RuleTest) if name.startswith("test_")]
    assert [name for name in [*words, *tests] if f"`{name}`" not in section] == []
