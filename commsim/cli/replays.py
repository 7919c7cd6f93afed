"""`commsim rules replay`: rules against the official winners of real elections in Pabulib's `.pb` form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commsim.cli import options
from commsim.cli.elections import tell_note_of_file
from commsim.cli.framework import command, option
from commsim.cli.output import Wrapped, data_console, plain_table, said, words, write_json
from commsim.errors import InvalidInput
from commsim.i18n import N_, Text, _
from commsim.service.replays import TIES

if TYPE_CHECKING:
    from commsim.service.replays import Replayed

_INDENT = 4


@command(
    "replay",
    help=N_(
        "Read .pb files (or folders of them), apply the rule that each file names (or those given with --rule), and "
        "compare with its official winners."
    ),
)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@option(
    "--rule",
    "rules",
    multiple=True,
    metavar="ID[:NAME=VALUE,…][+MODIFIER…]",
    shell_complete=options.complete_rule,
    help=N_("Rule to apply to every file in place of the one that it names; may be given several times."),
)
@option(
    "--tie",
    type=click.Choice(TIES),
    default="id",
    help=N_(
        "Who comes first of equals: by id (default), in the order of the file, the cheapest, the dearest, or the "
        "official winners."
    ),
)
@option(
    "--disagreements",
    is_flag=True,
    help=N_("List each election that comes out otherwise than officially, and why."),
)
@options.plugin_option()
@options.no_plugins_option()
@options.json_option()
def replay_command(
    paths: tuple[Path, ...],
    rules: tuple[str, ...],
    tie: str,
    disagreements: bool,
    plugin_files: tuple[Path, ...],
    no_plugins: bool,
    as_json: bool,
) -> None:
    """Replay elections."""
    from commsim.service.replays import replay

    replayed = replay(paths, rules, tie, plugin_files, installed_plugins=not no_plugins, note=tell_note_of_file)
    if as_json:
        write_json(replayed.document)
    else:
        _show(replayed, disagreements)
    if replayed.unread is not None:
        raise InvalidInput(words(replayed.unread))


def _show(replayed: Replayed, disagreements: bool) -> None:
    document = replayed.document
    files = len({row["file"] for row in document["rows"] if row["rule"]})
    text = _("{agree} of {compared} elections come out as they officially did ({files} files read)")
    _print(text.format(agree=document["agree"], compared=document["compared"], files=files))
    _print_summary(document["summary"])
    _print_reasons(replayed.reasons)
    rows = zip(document["rows"], replayed.written, strict=True)
    differing = [(row, written) for row, written in rows if row["agree"] is False]
    if disagreements:
        _print_disagreements(differing)
    elif differing:
        _print(_("--disagreements lists those that come out otherwise: {n}").format(n=len(differing)))


def _print_summary(summary: Sequence[Mapping[str, Any]]) -> None:
    if not summary:
        return
    headings = [_("Rule"), _("Files"), _("Agree"), _("Differ"), _("A tie decided"), _("Not compared")]
    rows = [tuple(map(str, kind.values())) for kind in summary]
    data_console().print(plain_table(headings, rows, numeric=range(1, len(headings))))


def _print_reasons(reasons: Sequence[Mapping[str, Any]]) -> None:
    """Why some were not compared."""
    rows = [(said(kind["reason"]), str(kind["files"])) for kind in reasons]
    if rows:
        data_console().print(plain_table([_("Not compared, because"), _("Files")], rows, numeric=(1,)))


def _print_disagreements(differing: Sequence[tuple[Mapping[str, Any], str]]) -> None:
    from commsim.service.sentences import listing, natural_key

    for row, written in differing:
        _print(f"{row['file']} ({written or row['rule']})")
        _print(_("differs: {reason}").format(reason=words(row["reason"])), _INDENT)
        if row["tied"]:
            tied: list[str] = sorted(row["tied"], key=natural_key)
            _print(_("a tie decided here: {projects}").format(projects=listing(tied)), _INDENT)


def _print(line: Text | str, indent: int = 0) -> None:
    from rich.padding import Padding

    data_console().print(Padding(Wrapped(str(line)), (0, 0, 0, indent), expand=False))
