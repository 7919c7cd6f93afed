"""Whose fault it was: what a plugin's code raises becomes an error that says which plugin, and at which line of it.

All code of plugins is run inside `blamed`: importing one, its hooks and indicators, making a rule, a rule's methods.
"""

from __future__ import annotations

import dis
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from commsim.calling.origins import from_package
from commsim.calling.plugin_texts import described
from commsim.errors import RuleError
from commsim.i18n import Text

Line = tuple[str, int]
"""A file, without the folders above it or its package, and a line of it."""


def named(text: Text) -> RuleError:
    """An error whose text names who is to blame, so that whoever called the rule passes it on as it is."""
    error = RuleError(text)
    error.names_rule = True
    return error


def is_named(error: BaseException) -> bool:
    """Whether an error says already who is to blame."""
    return isinstance(error, RuleError) and error.names_rule


def is_rule_error(error: BaseException) -> bool:
    """Whether an error is one that commsim itself raised about a rule or plugin."""
    return isinstance(error, RuleError)


@contextmanager
def blamed(
    files: set[str],
    tell: Callable[[BaseException, Line | None, Text], Text],
    *,
    told: Callable[[BaseException], bool] = is_rule_error,
    line: Callable[[BaseException], Line | None] | None = None,
) -> Iterator[None]:
    """Inside, whatever a plugin raises becomes a RuleError: also SystemExit, since no plugin ends the program.

    Arguments: `files` in which the plugin is written; `tell`, which makes the text from the error, the innermost line
    of these files that it came through (None: it came through none), and what it says; `told`, which errors pass as
    they are (default: what commsim itself says of a rule or plugin); `line`, another way to find the line. The user's
    own Ctrl-C always passes.
    """
    try:
        yield
    except BaseException as error:
        if told(error) or is_users_interrupt(error, files):
            raise
        found = frame_line(error.__traceback__, files) if line is None else line(error)
        raise named(tell(error, found, described(error))) from error


def frame_line(traceback: TracebackType | None, files: set[str]) -> Line | None:
    """File (without folders) and line of the innermost frame of `traceback` in one of `files`; None without one."""
    found = None
    while traceback is not None:
        file = traceback.tb_frame.f_code.co_filename
        if file in files:
            found = (Path(file).name, traceback.tb_lineno)
        traceback = traceback.tb_next
    return found


def package_line(traceback: TracebackType | None, package: str) -> Line | None:
    """File (from the package on) and line of the innermost frame of `traceback` in a package; None without one."""
    found = None
    while traceback is not None:
        module = str(traceback.tb_frame.f_globals.get("__name__", ""))
        if module.partition(".")[0] == package:
            found = (from_package(module, traceback.tb_frame.f_code.co_filename), traceback.tb_lineno)
        traceback = traceback.tb_next
    return found


def is_users_interrupt(error: BaseException, files: set[str]) -> bool:
    """Whether an error is the user's Ctrl-C, and not a KeyboardInterrupt that a `raise` in one of `files` made.

    Ctrl-C comes up between two instructions and never at a `raise`. One that passes it on, or makes a new one of it,
    leaves it the user's.
    """
    if not isinstance(error, KeyboardInterrupt):
        return False
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is None or isinstance(error.__context__, KeyboardInterrupt):
        return True
    code = last.tb_frame.f_code
    return code.co_filename not in files or dis.opname[code.co_code[last.tb_lasti]] != "RAISE_VARARGS"
