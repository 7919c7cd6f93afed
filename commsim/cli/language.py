"""Which language the command line speaks, and how Click's own sentences come to speak it too."""

from __future__ import annotations

import gettext
import locale
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from commsim.i18n import (
    DOMAIN,
    LANGUAGES,
    LOCALE_FOLDER,
    Language,
    as_language,
    current_language,
    language_of_environment,
    use_language,
)

CHOICES = ("auto", *LANGUAGES)


def asked_language(arguments: Sequence[str]) -> Language:
    """The language that `--lang` names anywhere before a `--`; where it is absent or `auto`, the environment's.

    Read before Click parses, so that help and error messages about the arguments themselves are in it too.
    """
    chosen = "auto"
    before_the_rest = list(arguments[: arguments.index("--")] if "--" in arguments else arguments)
    for position, argument in enumerate(before_the_rest):
        if argument == "--lang" and position + 1 < len(before_the_rest):
            chosen = before_the_rest[position + 1]
        elif argument.startswith("--lang="):
            chosen = argument.removeprefix("--lang=")
    return as_language(chosen) if chosen in LANGUAGES else _language_of_system()


def _language_of_system() -> Language:
    environment = dict(os.environ)
    if sys.platform == "win32" and not any(environment.get(name) for name in ("LANGUAGE", "LC_ALL", "LANG")):
        name = locale.getlocale()[0] or ""
        return "zh" if name.lower().startswith(("zh", "chinese")) else "en"
    return language_of_environment(environment)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Everything shown inside is in `language`: our lazy texts, and Click's own through the global gettext domain."""
    before = (current_language(), gettext.textdomain(), os.environ.get("LANGUAGE"))
    use_language(language)
    gettext.bindtextdomain(DOMAIN, str(LOCALE_FOLDER))
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = language
    try:
        yield
    finally:
        use_language(before[0])
        gettext.textdomain(before[1])
        if before[2] is None:
            os.environ.pop("LANGUAGE", None)
        else:
            os.environ["LANGUAGE"] = before[2]
