"""`commsim params`: every number that the model uses."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from commsim.cli import options
from commsim.cli.framework import command, option
from commsim.cli.output import data_console, plain_table, print_table, write_json
from commsim.errors import InvalidInput
from commsim.i18n import LANGUAGES, N_, _, translated_if_known

if TYPE_CHECKING:
    from commsim.scenario import Parameter


@command(
    "params",
    help=N_(
        "List every number that the model uses, with its unit, range and source.\n\n"
        "FILTER, a part of a name, label or source, narrows the list: commsim params money. A number is changed with "
        "--set parameters.NAME=VALUE or in a scenario file."
    ),
)
@click.argument("filter_text", metavar="[FILTER]", default="")
@option("--long", "long", is_flag=True, help=N_("Also say what each number does and what would identify it."))
@options.json_option()
def params(filter_text: str, long: bool, as_json: bool) -> None:
    """List parameters."""
    from commsim.scenario import load_registry

    found = [one for one in load_registry().values() if _matches(one, filter_text)]
    if not found:
        raise InvalidInput(
            _("no parameter has {text!r} in its name, label or source; commsim params lists all").format(
                text=filter_text
            )
        )
    if as_json:
        write_json([asdict(one) | {"label": one.label, "doc": one.doc} for one in found])
        return
    rows = [
        (
            f"{one.name}\n{one.label}",
            f"{one.value:g}",
            f"{one.low:g}…{one.high:g}",
            str(one.unit_in_words),
            _source(one, long),
        )
        for one in found
    ]
    headings = [_("Name"), _("Value"), _("Range"), _("Unit"), _("Source")]
    print_table(data_console(), plain_table(headings, rows, numeric=(1,), ids=(0,)))


def _matches(one: Parameter, text: str) -> bool:
    shown = (one.label, translated_if_known(one.source))
    places = (one.name, *(text.to(language) for text in shown for language in LANGUAGES))
    return any(text.casefold() in place.casefold() for place in places)


def _source(one: Parameter, long: bool) -> str:
    source = translated_if_known(one.source)
    if not long:
        return str(source)
    identified = _("Identified by: {what}").format(what=translated_if_known(one.identified_by))
    return f"{one.doc}\n{source}\n{identified}"
