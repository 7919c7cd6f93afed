"""`commsim pb`: a real election in Pabulib's `.pb` form, allocated and explained."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commsim.cli import options
from commsim.cli.framework import command, option
from commsim.cli.output import Wrapped, data_console, plain_table, print_table, said, tell, write_json
from commsim.i18n import N_, _

if TYPE_CHECKING:
    from commsim.i18n import Text


@command(
    "pb",
    help=N_(
        "Allocate the real election in FILE (Pabulib's .pb form) under a rule and explain each result. Without --rule "
        "the rule that the file names is used."
    ),
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@option(
    "--rule",
    "rule",
    metavar="ID[:NAME=VALUE,…][+MODIFIER…]",
    shell_complete=options.complete_rule,
    help=N_(
        "Rule, its parameters, and modifiers after plus signs, such as pb.mes:completion=utilitarian or "
        "pb.greedy_votes+force:ids=12+min_votes:votes=50."
    ),
)
@options.plugin_option()
@options.no_plugins_option()
@options.rule_seconds_option()
@options.json_option()
def pb(
    file: Path,
    rule: str | None,
    plugin_files: tuple[Path, ...],
    no_plugins: bool,
    seconds: float | None,
    as_json: bool,
) -> None:
    """Allocate an election."""
    from commsim.service.elections import allocate

    document = allocate(
        file, rule, plugin_files, installed_plugins=not no_plugins, rule_seconds=seconds, note=tell_note_of_file
    )
    if as_json:
        write_json(document)
    else:
        _show(document)


def tell_note_of_file(file: str, text: Text) -> None:
    """Something unusual in a file, on stderr."""
    tell(_("{file}: {note}; the file is read as it stands").format(file=file, note=text))


def _with_params(rule: str, params: dict[str, Any]) -> str:
    written = ", ".join(f"{name}={value}" for name, value in params.items())
    return f"{rule} ({written})" if written else rule


_TIED = _("a tie decided: broken another way, these come out otherwise (they won or lost by id): {projects}")


def _show(document: dict[str, Any]) -> None:
    from commsim.service.sentences import listing, natural_key

    console = data_console()
    chosen = [(document["rule"], document["params"])]
    chosen += [(modifier["id"], modifier["params"]) for modifier in document["modifiers"]]
    written = " + ".join(_with_params(rule, params) for rule, params in chosen)
    console.print(Wrapped(str(_("{name}: {value}").format(name=document["file"], value=written))))
    currency = document["currency"] or _("yuan")
    console.print(
        str(
            _("{won} of {n} projects win; {spent:,} of {budget:,} {currency} are spent; voters: {voters}").format(
                won=len(document["winners"]),
                n=len(document["projects"]),
                spent=document["spent"],
                budget=document["budget"],
                currency=currency,
                voters=document["voters"],
            )
        )
    )
    if document["carried"]:
        text = _("{carried:,} {currency} are kept for the next round")
        console.print(str(text.format(carried=document["carried"], currency=currency)))
    if document["tied"]:
        tied: list[str] = sorted(document["tied"], key=natural_key)
        console.print(Wrapped(str(_TIED.format(projects=listing(tied)))))
    rows = sorted(document["projects"], key=lambda row: (not row["won"], -row["votes"]))
    in_part = any(row["paid"] not in (0, row["cost"]) for row in rows)
    cells = [
        (
            row["id"],
            row["name"],
            f"{row['votes']:,}",
            f"{row['cost']:,}",
            *([f"{row['paid']:,}"] if in_part else []),
            _("wins") if row["won"] else "–",
            said(row["reason"]),
        )
        for row in rows
    ]
    headings = [
        _("Project"),
        _("Name"),
        _("Votes"),
        _("Cost"),
        *([_("Paid")] if in_part else []),
        _("Result"),
        _("Why"),
    ]
    table = plain_table(
        headings, [tuple(map(str, row)) for row in cells], numeric=range(2, 5 if in_part else 4), ids=(0,)
    )
    print_table(console, table)
