"""What a check of a rule found: one finding a check, with words for its name and for what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from commsim.authoring.sample_rounds import ROUNDS
from commsim.errors import RuleError
from commsim.i18n import Text, _


@dataclass(frozen=True)
class Finding:
    """One check: its `name`, whether it `passed`, and what was found; `tested` is False for what nobody checked."""

    name: Text
    passed: bool
    detail: Text | str = ""
    tested: bool = True


def found_by(rule_id: str, name: Text, check: Callable[[], Text | str | None]) -> Finding:
    """The finding of a check that returns what is wrong (None where nothing is) or raises RuleError."""
    title = _("{rule}: {check}").format(rule=rule_id, check=name.format(n=ROUNDS))
    try:
        problem = check()
    except RuleError as error:  # which says the line of the plugin
        return Finding(title, False, error.text)
    return Finding(title, problem is None, problem or "")


def untested(rule_id: str, name: Text | str, why: Text) -> Finding:
    """The finding that nobody could check something, and why."""
    return Finding(_("{rule}: {check}").format(rule=rule_id, check=name), True, why, tested=False)
