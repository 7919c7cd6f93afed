"""What can go wrong for a user, each with the exit code that the command line ends with.

Every error says who, where (file and line where there is one), what was expected, what came and what to do. The text
is lazy, so that it can be shown in the reader's language.
"""

from __future__ import annotations

from commsim.i18n import Text


class CommsimError(Exception):
    """Anything that commsim tells its user instead of a traceback. `exit_code` is what the command line ends with."""

    exit_code = 1

    def __init__(self, text: Text) -> None:
        super().__init__(text)
        self.text = text

    def __str__(self) -> str:
        return str(self.text)


class UsageError(CommsimError):
    """The command was called in a way that it does not take (exit code 2)."""

    exit_code = 2


class InvalidInput(CommsimError):
    """A file, a value or a name given by the user is not what was expected (exit code 3)."""

    exit_code = 3


class RuleError(InvalidInput):
    """A rule or its plugin broke the contract: import, registration, parameters, terms or award (exit code 3)."""

    names_rule = False
    """Whether the text says who is to blame and where, so that whoever called the rule passes it on as it is."""


class ModifierError(RuleError):
    """A modifier cannot be laid over a rule as it is written; its text says what to write instead (exit code 3)."""


class NotInView(RuleError, AttributeError):
    """A rule reads what a view of a round does not have; `hasattr` and `getattr` take it as they take any other."""


class RunsFailed(CommsimError):
    """Some runs of a study failed; what succeeded is written (exit code 4)."""

    exit_code = 4


class NoSpace(CommsimError):
    """What was to be written does not fit: a full disk, a quota, a limit on the size of files (exit code 5)."""

    exit_code = 5


class BrokenInvariant(CommsimError):
    """The model broke a promise of its own, such as a ledger that does not balance. Always a bug of commsim."""


class Cancelled(BaseException):
    """A study was stopped by its caller; nothing of it is kept. No Exception, so that no rule's failure hides it."""
