"""Suggestions by meaning: a rule is also found by other names of the literature, which it gives as `also_called`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from commsim.contracts import Rule

_SAYS_NOTHING = frozenset({"of", "the", "rule", "method", "voting", "a", "by"})


def _words(name: str) -> frozenset[str]:
    parts = re.findall(r"\w+", name.lower().replace("_", " "))
    return frozenset(parts) - _SAYS_NOTHING or frozenset(parts)


def also_called(name: str, rules: Mapping[str, type[Rule]]) -> str | None:
    """The id of the rule of `rules` that is known as `name`, with or without a family before it; else None.

    >>> class EqualShares(Rule):
    ...     id = "pb.mes"
    ...     also_called = ("method of equal shares", "rule x")
    >>> rules = {"pb.mes": EqualShares}
    >>> also_called("pb.method_of_equal_shares", rules), also_called("Rule X", rules)
    ('pb.mes', 'pb.mes')
    >>> also_called("pb.ostrich", rules)
    """
    known: dict[frozenset[str], str] = {}
    for rule_id, rule in rules.items():
        for other in vars(rule).get("also_called", ()):  # its own: a rule derived from another has another name
            known.setdefault(_words(other), rule_id)
    return next((known[words] for words in map(_words, (name, name.rpartition(".")[2])) if words in known), None)
