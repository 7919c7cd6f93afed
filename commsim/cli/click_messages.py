"""Click's own sentences that a user of commsim can meet, so that our message catalogue holds them too.

Click looks its texts up in the global gettext domain, which `commsim.cli.language` points at our catalogue. Nothing
here runs; the translation tool reads it, and a test checks each sentence against the Click that is installed.
"""

from __future__ import annotations

from commsim.i18n import N_


def NN_(singular: str, plural: str) -> tuple[str, str]:
    """Mark a text with a plural for translation."""
    return singular, plural


MESSAGES: tuple[str, ...] = (
    N_("Aborted!"),
    N_("Options"),
    N_("Commands"),
    N_("Missing command."),
    N_("default: {default}"),
    N_("required"),
    N_("Show this message and exit."),
    N_("Error: {message}"),
    N_("Try '{command} {option}' for help."),
    N_("Invalid value: {message}"),
    N_("Invalid value for {param_hint}: {message}"),
    N_("Missing argument"),
    N_("Missing option"),
    N_("Missing parameter"),
    N_("No such option {name!r}."),
    N_("No such command {name!r}."),
    N_("Usage:"),
    N_("Option {name!r} does not take a value."),
    N_("Choose from:\n\t{choices}"),
    N_("{value!r} is not a valid {number_type}."),
    N_("{value} is not in the range {range}."),
)

PLURALS: tuple[tuple[str, str], ...] = (
    NN_("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    NN_("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    NN_("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    NN_("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
)
