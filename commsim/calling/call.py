"""Calling a rule: within its time, without a way out, what it raises told with its file and line, results checked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from commsim.calling.checks import CHECKS, Check, named, refuse_rule
from commsim.calling.origins import files_of, frame_line, is_users_interrupt, where
from commsim.calling.plugin_texts import described, words_of
from commsim.calling.time_limit import OutOfTime, is_timed, limit, within_limit
from commsim.calling.views import view_digest
from commsim.contracts import RoundView, Rule
from commsim.errors import ModifierError, RuleError
from commsim.i18n import Text, _


def call_rule(rule: Rule, method: str, view: RoundView, *arguments: Any) -> Any:
    """Call `rule.<method>(view, *arguments)` and check what comes back; what comes back is returned.

    `method`: "open_round", "after_pledges", "quote", "settle" or "review". Raises RuleError where the rule raises
    anything, also SystemExit or a KeyboardInterrupt of its own (the text has the line of the plugin), changes the view,
    or returns what the contract does not allow.
    """
    before = view_digest(view)
    try:
        with within_limit(), _no_way_out():
            result = getattr(rule, method)(view, *arguments)
    except OutOfTime as error:
        if is_timed():
            raise  # a rule under modifiers shares the time of the whole, which the outer call tells
        refuse_rule(
            rule,
            view,
            _("{method} had not ended after {seconds:g} seconds, at {place}").format(
                method=method, seconds=limit(), place=_place(rule, error)
            ),
            _(
                "Look for a loop that never ends, or for work that grows with every pair of residents; where it needs "
                "the time, allow more with --rule-seconds or rule_seconds in the scenario"
            ),
        )
    except BaseException as error:  # also SystemExit: a rule does not end the program
        if getattr(error, "names_rule", False) or is_users_interrupt(error, _files(rule)):
            raise  # a rule under modifiers has been named already
        raise named(_failure(rule, method, view, error)) from error
    if view_digest(view) != before:
        refuse_rule(
            rule, view, _("{method} changed the view").format(method=method), _("Work on copies (array.copy())")
        )
    check = CHECKS.get(method)
    if check is not None:
        _checked(check, rule, method, result, view)
    return result


def _checked(check: Check, rule: Rule, method: str, result: Any, view: RoundView) -> None:
    """Hold a result to the contract; one so strange that looking at it fails is refused too."""
    try:
        check(rule, result, view)
    except RuleError:
        raise
    except Exception as error:
        refuse_rule(
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
    return files_of(type(rule)).union(*(files_of(type(one)) for one in getattr(rule, "modifiers", ())))


def _place(rule: Rule, error: BaseException) -> str:
    place = frame_line(error.__traceback__, _files(rule))
    return f"{place[0]}:{place[1]}" if place else where(rule)


def _failure(rule: Rule, method: str, view: RoundView, error: BaseException) -> Text:
    if isinstance(error, ModifierError):
        text = _("rule {id!r}, round {round}: {reason}")
        return text.format(id=rule.id, round=str(view.round), reason=error.text)
    reason = described(error)
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
        place=_place(rule, error),
        reason=reason,
    )
