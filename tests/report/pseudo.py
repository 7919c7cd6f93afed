"""A made-up Chinese catalogue that marks every message, so that a text which bypasses translation gives itself away."""

from __future__ import annotations

import gettext

MARK = "译"


class _Marking(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return MARK + message

    def ngettext(self, one: str, many: str, n: int) -> str:
        return MARK + (one if n == 1 else many)


def marking(language: str) -> gettext.NullTranslations:
    """Stands in for `commsim.i18n.translations`."""
    return _Marking() if language == "zh" else gettext.NullTranslations()
