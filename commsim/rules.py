from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from commsim.authoring.check import check as check
    from commsim.authoring.rule_test import RuleTest as RuleTest
    from commsim.authoring.rule_test import Worked as Worked
    from commsim.contracts import Award as Award
    from commsim.contracts import Ballot as Ballot
    from commsim.contracts import Bilingual as Bilingual
    from commsim.contracts import Calls as Calls
    from commsim.contracts import Choices as Choices
    from commsim.contracts import Domain as Domain
    from commsim.contracts import Modifier as Modifier
    from commsim.contracts import PlainFunction as PlainFunction
    from commsim.contracts import PlainInput as PlainInput
    from commsim.contracts import Review as Review
    from commsim.contracts import RoundView as RoundView
    from commsim.contracts import Rule as Rule
    from commsim.contracts import Terms as Terms
    from commsim.contracts import hookimpl as hookimpl
    from commsim.contracts import parameter as parameter
    from commsim.contracts.dividing import divide_by_id as divide_by_id
    from commsim.errors import CommsimError as CommsimError
    from commsim.errors import InvalidInput as InvalidInput
    from commsim.errors import RuleError as RuleError
    from commsim.evaluation.evaluate import evaluate as evaluate
    from commsim.money import fen as fen
    from commsim.money import in_yuan as in_yuan
    from commsim.money import largest_remainder as largest_remainder
    from commsim.plugin_host.catalogue import Catalogue as Catalogue
    from commsim.plugin_host.catalogue import Entry as Entry
    from commsim.plugin_host.loader import load_catalogue as load_catalogue

_CONTENTS = {
    "Writing a rule": {
        "Rule": ("commsim.contracts", "what a rule derives from: id, title, needs, settle"),
        "Modifier": ("commsim.contracts", "a condition laid over any rule, such as a cap"),
        "parameter": ("commsim.contracts", "a field of a rule's Params, with bounds and words in both languages"),
        "Bilingual": ("commsim.contracts", "words in English and Chinese"),
        "hookimpl": ("commsim.contracts", "marks the functions by which a plugin offers what it brings"),
    },
    "What a rule is given, announces and returns": {
        "RoundView": ("commsim.contracts", "one round, as far as the rule's needs open it"),
        "Choices": ("commsim.contracts", "rows of gifts, votes or vouchers, by resident and proposal"),
        "Domain": ("commsim.contracts", "what a proposal is about"),
        "Terms": ("commsim.contracts", "what residents are told, and react to"),
        "Ballot": ("commsim.contracts", "how residents vote"),
        "Calls": ("commsim.contracts", "what opening a round calls for"),
        "Award": ("commsim.contracts", "who gets what, and why"),
        "Review": ("commsim.contracts", "whose unspent money comes back"),
    },
    "Money": {
        "fen": ("commsim.money", "yuan as whole fen"),
        "in_yuan": ("commsim.money", "fen as they go into a sentence"),
        "divide_by_id": ("commsim.contracts.dividing", "exact division by weights; ties go by id"),
        "largest_remainder": ("commsim.money", "exact division by weights; ties go by position"),
    },
    "Trying a rule": {
        "RuleTest": ("commsim.authoring.rule_test", "the base of a rule's test: twenty lines try it from all sides"),
        "Worked": ("commsim.authoring.rule_test", "a worked example of such a test, with its source"),
        "evaluate": ("commsim.evaluation.evaluate", "what a rule does with a plain dictionary"),
        "check": ("commsim.authoring.check", "holds a rule to its contract, and times it"),
        "load_catalogue": ("commsim.plugin_host.loader", "every rule that is built in, installed or in a file"),
        "Catalogue": ("commsim.plugin_host.catalogue", "rules by id"),
        "Entry": ("commsim.plugin_host.catalogue", "a rule and the plugin that brought it"),
        "PlainInput": ("commsim.contracts", "words of its own by which a rule is tried"),
        "PlainFunction": ("commsim.contracts", "a formula that evaluate knows by name"),
    },
    "Errors": {
        "CommsimError": ("commsim.errors", "any error that commsim tells in words"),
        "RuleError": ("commsim.errors", "a rule that does not keep its contract"),
        "InvalidInput": ("commsim.errors", "an input that lacks something or cannot be"),
    },
}
"""By heading: each name with the module that has it, and what it is for. The doc and `__all__` are made from it."""
_HOMES = {name: home for part in _CONTENTS.values() for name, (home, _purpose) in part.items()}

__all__ = sorted(_HOMES)
__doc__ = "The one door for authors of rules (docs/writing-a-rule.md). Names are fetched when they are first used.\n"
for _heading, _part in _CONTENTS.items():
    __doc__ += f"\n{_heading}:\n"
    __doc__ += "".join(f"    {name:<18}{purpose}\n" for name, (_home, purpose) in _part.items())


def __getattr__(name: str) -> Any:
    # Late, so that `import commsim.rules` costs nothing until a rule is wanted.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
