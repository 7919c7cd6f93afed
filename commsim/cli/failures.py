"""What a user is told when something goes wrong, and the exit code that the command then ends with."""

from __future__ import annotations

import errno
import io
import os
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from commsim.cli.shorter import shorter
from commsim.cli.streams import discard_output
from commsim.cli.visible import visible
from commsim.errors import BrokenInvariant, CommsimError, NoSpace
from commsim.i18n import Text, _, cut_place
from commsim.service.space import is_no_space, no_space

DONE, BUG, INVALID_INPUT, INTERRUPTED = 0, 1, 3, 130
READER_LEFT = 141
"""128 + 13, SIGPIPE: what a shell gives for cat, git or grep where `| head` has read enough. Scripts under
`set -o pipefail` let this number pass; 1 would tell them of a bug, and 0 that all was written."""
DEBUG_VARIABLE = "COMMSIM_DEBUG"
_PACKAGE = Path(__file__).parents[1]


def exit_code_of(call: Callable[[], Any], given: Sequence[str] = ()) -> int:
    """Do `call`; where it fails, say so on stderr in the current language. Returns the exit code.

    `given`: the words of the command line, which Click repeats whole and which are cut.
    """
    try:
        return _exit_code_of(call, given)
    except (ReaderLeft, BrokenPipeError):  # the latter where stderr is such a pipe too
        discard_output()
        return READER_LEFT


class ReaderLeft(Exception):
    """The program that reads our output has ended. No OSError, which Click would meet first, with exit code 1."""


@contextmanager
def reader_watched() -> Iterator[None]:
    """Inside, a pipe that nobody reads any more raises ReaderLeft."""
    try:
        yield
    except OSError as error:
        if error.errno != errno.EPIPE:
            raise
        raise ReaderLeft from error


def _exit_code_of(call: Callable[[], Any], given: Sequence[str]) -> int:
    try:
        result = call()
    except ReaderLeft:
        raise
    except click.ClickException as error:
        shown = io.StringIO()
        error.show(shown)
        click.echo(visible(shorter(shown.getvalue(), given)), err=True, nl=False)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        _say(_("Interrupted. Nothing was left half-written."))
        return INTERRUPTED
    except BrokenInvariant as error:
        return _report_bug(error)
    except CommsimError as error:
        _debug()
        _say(_("Error: {text}").format(text=error.text))
        return error.exit_code
    except OSError as error:
        if is_no_space(error):
            _debug()
            _say(_("Error: {text}").format(text=no_space(error).text))
            return NoSpace.exit_code
        if error.filename is None:
            if not _working_folder_is_there():
                _debug()
                _say(
                    _(
                        "Error: the working folder is not there any more: it was removed or moved while this shell "
                        "stood in it. Change into a folder that exists (cd), then type the command again"
                    )
                )
                return INVALID_INPUT
            return _report_bug(error)
        _debug()
        _say(
            _("Error: {path}: {reason}").format(
                path=cut_place(str(error.filename)), reason=error.strerror or str(error)
            )
        )
        return INVALID_INPUT
    except Exception as error:
        return _report_bug(error)
    # With standalone mode off, Click hands back the code that a command gave to `Context.exit`.
    return result if isinstance(result, int) else DONE


def _working_folder_is_there() -> bool:
    try:
        os.getcwd()
    except OSError:
        return False
    return True


def _report_bug(error: Exception) -> int:
    _debug()
    _say(
        _(
            "This is a bug of commsim, not of your input: {kind} at {place}: {text}\n"
            "Nothing was left half-written. Please report it to those who maintain your copy of commsim, with the "
            "command that you typed and what it prints when you set {variable}=1 before it."
        ).format(kind=type(error).__name__, place=_place_of(error), text=str(error), variable=DEBUG_VARIABLE)
    )
    return BUG


def _place_of(error: Exception) -> str:
    """File and line, inside commsim where possible, at which `error` came up."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_PACKAGE)] or frames
    if not ours:
        return "?"
    path = Path(ours[-1].filename)
    shown = path.relative_to(_PACKAGE.parent) if path.is_relative_to(_PACKAGE) else path.name
    return f"{shown}:{ours[-1].lineno}"


def debugging() -> bool:
    """Whether the user asked for what only those who write commsim need to see."""
    return os.environ.get(DEBUG_VARIABLE, "") not in ("", "0")


def _debug() -> None:
    if debugging():
        click.echo(visible(traceback.format_exc()), err=True)


def _say(text: Text) -> None:
    click.echo(visible(str(text)), err=True)
