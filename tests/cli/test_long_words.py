"""Whatever is typed, however long, a command answers in a few lines and with the exit code of its kind."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from commsim.cli import command_line
from commsim.cli.shorter import shorter

LETTERS, DIGITS = "x" * 30_000, "9" * 400
FEW_LINES = 3_000


def typed(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Exit code and messages of a command line."""
    with pytest.raises(SystemExit) as ended:
        command_line.main(words)
    caught = capsys.readouterr()
    return int(ended.value.code or 0), caught.out + caught.err


def commands(group: click.Command = command_line, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words that lead to each command, groups too."""
    yield path
    if isinstance(group, click.Group):
        for name in group.commands:
            yield from commands(group.commands[name], (*path, name))


def command_at(path: tuple[str, ...]) -> click.Command:
    """The command to which words lead."""
    found: click.Command = command_line
    for name in path:
        assert isinstance(found, click.Group)
        found = found.commands[name]
    return found


def options() -> Iterator[tuple[tuple[str, ...], str]]:
    """Every option of every command that takes a value."""
    for path in commands():
        for parameter in command_at(path).params:
            if isinstance(parameter, click.Option) and not parameter.is_flag:
                yield path, parameter.opts[0]


@pytest.mark.parametrize("value", [LETTERS, DIGITS], ids=["letters", "digits"])
@pytest.mark.parametrize(("path", "option"), list(options()), ids=lambda value: "-".join(value) if value else "top")
def test_an_option_given_thousands_of_letters_is_refused_in_a_few_lines(
    path: tuple[str, ...],
    option: str,
    value: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    argument = [parameter for parameter in command_at(path).params if isinstance(parameter, click.Argument)]
    for words in ([option, value], [f"{option}={value}"]):
        code, said = typed([*path, *words, *["nowhere.yaml"] * bool(argument)], capsys)
        assert code in (2, 3) and len(said) < FEW_LINES, said[:FEW_LINES]


@pytest.mark.parametrize("path", list(commands()), ids=lambda path: " ".join(path) or "commsim")
@pytest.mark.parametrize("word", [LETTERS, f"--{LETTERS}", f"-x{LETTERS}", f"a/{LETTERS}"], ids=["a", "--a", "-a", "/"])
def test_unknown_words_and_paths_of_thousands_of_letters_are_refused_in_a_few_lines(
    path: tuple[str, ...], word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = typed([*path, word], capsys)
    assert code in (2, 3) and len(said) < FEW_LINES, said[:FEW_LINES]


def test_thousands_of_words_too_many_are_told_in_one_message(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = typed(["params", *["money"] * 30_000], capsys)
    assert code == 2 and len(said) < 5_000


def test_a_word_of_the_environment_is_cut_as_one_of_the_command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COMMSIM_RULE_SECONDS", LETTERS)
    code, said = typed(["run", "tutorial"], capsys)
    assert code == 2 and len(said) < FEW_LINES


def test_what_is_short_is_repeated_as_it_was_typed() -> None:
    assert shorter("Error: No such command 'xyz'.", ["xyz"]) == "Error: No such command 'xyz'."


@pytest.mark.skipif(os.name == "nt", reason="no such pipes")
@pytest.mark.parametrize("line", ["rules list", "--help", "params", "run nowhere 2>&1", "scenarios schema"])
def test_a_pipe_that_nobody_reads_any_more_ends_the_command_quietly_as_sigpipe_does(line: str, tmp_path: Path) -> None:
    script = f"set -o pipefail; (sleep 3; {sys.executable} -m commsim {line}) | true"
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, check=False, text=True)
    assert (done.returncode, done.stderr) == (141, "")
