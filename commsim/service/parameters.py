"""Every number that the model uses."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from commsim.errors import InvalidInput
from commsim.i18n import LANGUAGES, _, translated_if_known
from commsim.store.plain import plain

if TYPE_CHECKING:
    from commsim.scenario import Parameter


def list_parameters(text: str = "") -> list[dict[str, Any]]:
    """The parameters with `text` in their name, label or source (in either language), each with all that is known.

    Raises InvalidInput where there is none.
    """
    from commsim.scenario import load_registry

    found = [parameter for parameter in load_registry().values() if _matches(parameter, text)]
    if not found:
        raise InvalidInput(
            _("no parameter has {text!r} in its name, label or source; commsim params lists all").format(text=text)
        )
    return [plain(asdict(parameter) | {"label": parameter.label, "doc": parameter.doc}) for parameter in found]


def _matches(parameter: Parameter, text: str) -> bool:
    shown = (parameter.label, translated_if_known(parameter.source))
    places = (parameter.name, *(words.to(language) for words in shown for language in LANGUAGES))
    return any(text.casefold() in place.casefold() for place in places)
