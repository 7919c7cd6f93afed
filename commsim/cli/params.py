"""`commsim params`: every number that the model uses."""

from __future__ import annotations

from typing import Any

import click

from commsim.cli import options
from commsim.cli.framework import command, option
from commsim.cli.output import data_console, plain_table, print_table, said, write_json
from commsim.i18n import N_, _, translated_if_known


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
    from commsim.service.parameters import list_parameters

    found = list_parameters(filter_text)
    if as_json:
        write_json(found)
        return
    rows = [
        (
            f"{parameter['name']}\n{said(parameter['label'])}",
            f"{parameter['value']:g}",
            f"{parameter['low']:g}…{parameter['high']:g}",
            str(translated_if_known(parameter["unit"])),
            _source(parameter, long),
        )
        for parameter in found
    ]
    headings = [_("Name"), _("Value"), _("Range"), _("Unit"), _("Source")]
    print_table(data_console(), plain_table(headings, rows, numeric=(1,), ids=(0,)))


def _source(parameter: dict[str, Any], long: bool) -> str:
    source = translated_if_known(parameter["source"])
    if not long:
        return str(source)
    identified = _("Identified by: {what}").format(what=translated_if_known(parameter["identified_by"]))
    return f"{said(parameter['doc'])}\n{source}\n{identified}"
