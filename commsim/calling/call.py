"""Calling a rule: within its time, without a way out, what it raises told with its file and line, results checked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, NoReturn

from commsim.calling.checks import CHECKS, refusal, refuse_rule
from commsim.calling.faults import Line, blamed, frame_line, is_named
from commsim.calling.origins import files_of, where
from commsim.calling.plugin_texts import words_of
from commsim.calling.time_limit import OutOfTime, is_timed, limit, within_limit
from commsim.calling.view_digest import view_digest
from commsim.contracts import RoundView, Rule
from commsim.errors import ModifierError
from commsim.i18n import Text, _


def call_rule(rule: Rule, method: str, view: RoundView, *arguments: Any) -> Any:
    """Call `rule.<method>(view, *arguments)` and check what comes back; what comes back is returned.

    `method`: "open_round", "after_pledges", "quote", "settle" or "review". Raises RuleError where the rule raises
    anything, also SystemExit or a KeyboardInterrupt of its own (the text has the line of the plugin), changes the view,
    or returns what the contract does not allow.
    """
    before = view_digest(view)
    try:
        with blamed(_files(rule), partial(_failure, rule, method, view), told=_is_told), within_limit(), _no_way_out():
            result = getattr(rule, method)(view, *arguments)
    except OutOfTime as error:
        if is_timed():
            raise  # a rule under modifiers shares the time of the whole, which the outer call tells
        refuse_rule(rule, view, *_out_of_time(rule, method, error))
    if view_digest(view) != before:
        refuse_rule(
            rule, view, _("{method} changed the view").format(method=method), _("Work on copies (array.copy())")
        )
    check = CHECKS.get(method)
    if check is not None:
        with blamed(_files(rule), partial(_unreadable, rule, method, view)):
            check(rule, result, view)
    return result


def _is_told(error: BaseException) -> bool:
    """Whether an error passes: a rule under modifiers has been named already, and time that is up is told below."""
    return is_named(error) or isinstance(error, OutOfTime)


def _out_of_time(rule: Rule, method: str, error: BaseException) -> tuple[Text, Text]:
    """What came of a rule whose time is up, and what to do."""
    return (
        _("{method} had not ended after {seconds:g} seconds, at {place}").format(
            method=method, seconds=limit(), place=_place(rule, frame_line(error.__traceback__, _files(rule)))
        ),
        _(
            "Look for a loop that never ends, or for work that grows with every pair of residents; where it needs "
            "the time, allow more with --rule-seconds or rule_seconds in the scenario"
        ),
    )


def _unreadable(
    rule: Rule, method: str, view: RoundView, error: BaseException, _line: Line | None, _said: Text
) -> Text:
    """The text for a result so strange that looking at it fails."""
    return refusal(
        rule,
        view,
        _("what {method} returned cannot be read ({kind}: {words})").format(
            method=method, kind=type(error).__name__, words=words_of(error)
        ),
        _("Return only what the contract names: plain numbers, texts and arrays"),
    )


@contextmanager
def _no_way_out() -> Iterator[None]:
    """Inside, `os._exit` raises: it would end the process without a word, and whatever has been computed with it."""

    def refused(status: int = 0) -> NoReturn:
        raise SystemExit(f"os._exit({status})")

    before, os._exit = os._exit, refused
    try:
        yield
    finally:
        os._exit = before


def _files(rule: Rule) -> set[str]:
    """The files in which a rule and the modifiers over it are written."""
    return files_of(type(rule)).union(*(files_of(type(modifier)) for modifier in getattr(rule, "modifiers", ())))


def _place(rule: Rule, line: Line | None) -> str:
    return f"{line[0]}:{line[1]}" if line else where(rule)


def _failure(rule: Rule, method: str, view: RoundView, error: BaseException, line: Line | None, reason: Text) -> Text:
    """The text for a rule whose method raised: which rule, in which round, at which line, and what to do."""
    if isinstance(error, ModifierError):
        text = _("rule {id!r}, round {round}: {reason}")
        return text.format(id=rule.id, round=str(view.round), reason=error.text)
    text = _("rule {id!r} ({where}), round {round}: {method} failed at {place}: {reason}. Correct the rule")
    if isinstance(error, ValueError) and "read-only" in str(reason):
        text = _(
            "rule {id!r} ({where}), round {round}: {method} failed at {place}: {reason}. Nothing in a view can be "
            "changed: work on a copy (array.copy())"
        )
    if not isinstance(error, Exception):
        text = _(
            "rule {id!r} ({where}), round {round}: {method} failed at {place}: {reason}. A rule does not end the "
            "program: let it return, or raise an error that says what is wrong"
        )
    return text.format(
        id=rule.id,
        where=where(rule),
        round=str(view.round),
        method=method,
        place=_place(rule, line),
        reason=reason,
    )
