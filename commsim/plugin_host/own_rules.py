"""A rule that Python code hands in: as an object or as a class; anything else is refused with its type."""

from __future__ import annotations

from typing import Any

from commsim.calling.modified_rule import plain_rule
from commsim.calling.origins import Origin, where
from commsim.contracts import Rule
from commsim.errors import InvalidInput
from commsim.i18n import Short, _
from commsim.plugin_host.catalogue import built
from commsim.plugin_host.validation import check_rule


def class_of(rule: Any) -> type[Rule]:
    """The class of a rule given as an object or as a class. Raises InvalidInput where it is no rule at all."""
    made: Any = plain_rule(rule)
    kind: Any = made if isinstance(made, type) else type(made)
    if not issubclass(kind, Rule) or kind is Rule:
        raise InvalidInput(
            _(
                "a rule was expected: its id with parameters ('match.linear:rate=2'), an object or a class derived "
                "from commsim.Rule; {came} of type {kind} came. Correct `rule` or `rules`"
            ).format(came=Short(rule), kind=type(rule).__name__)
        )
    found: type[Rule] = kind
    return found


def own_rule(rule: Any) -> Rule:
    """A rule that Python code hands in, as an object or as a class, which gets its default parameters.

    Raises RuleError where its class is not complete, InvalidInput where it is none.
    """
    kind = class_of(rule)
    # An object may keep what it remembers under any name ("settled"); only plugins are held to the spelling.
    check_rule(kind, Origin("file", where(kind).rpartition(":")[0], ""), spelling=False)
    if isinstance(rule, type):
        return built(kind, {})
    given: Rule = rule
    return given
