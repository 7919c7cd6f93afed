"""`commsim rules replay`: rules against the official winners of real elections in Pabulib's `.pb` form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commsim.cli import options
from commsim.cli.elections import tell_notes
from commsim.cli.framework import command, option
from commsim.cli.output import Wrapped, data_console, plain_table, write_json
from commsim.elections.ties import TIES
from commsim.errors import InvalidInput
from commsim.i18n import N_, Text, _

_INDENT = 4

if TYPE_CHECKING:
    from commsim.elections.election import PbElection
    from commsim.elections.replay import Replay
    from commsim.plugin_host.catalogue import Catalogue


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
    from commsim.elections.pabulib import read_pb
    from commsim.elections.replay import Replay

    catalogue = options.catalogue_of(plugin_files, no_plugins)
    _check_rules(rules, catalogue)
    rows: list[Replay] = []
    unread: list[InvalidInput] = []
    for file in (file for path in paths for file in _files(path)):
        try:
            election = read_pb(file)
        except InvalidInput as error:  # the others are replayed all the same
            unread.append(error)
            rows.append(Replay(file.name, "", "", None, (), (), error.text))
            continue
        tell_notes(election, election.notes)
        rows += _replays(election, catalogue, rules, tie)
    _tell_replays(rows, as_json, disagreements)
    if len(unread) == 1:
        raise unread[0]
    if unread:
        text = _("files that cannot be read: {n}. The first: {reason}")
        raise InvalidInput(text.format(n=len(unread), reason=unread[0].text))


def _check_rules(rules: Sequence[str], catalogue: Catalogue) -> None:
    """Raises RuleError or InvalidInput for a rule that is not there, or decides by what no `.pb` file holds."""
    from commsim.calling.modified_rule import plain_rule
    from commsim.contracts.needs import needs_in_words
    from commsim.elections.election import HELD

    for written in rules:
        made = catalogue.make_written(written)
        for part in (plain_rule(made), *getattr(made, "modifiers", ())):
            if lacks := sorted(set(part.needs) - HELD):
                text = _(".pb files hold costs and votes; {id!r} decides by {needs}, which they do not hold")
                raise InvalidInput(text.format(id=part.id, needs=needs_in_words(lacks)))


def _replays(election: PbElection, catalogue: Catalogue, rules: Sequence[str], tie: str) -> list[Replay]:
    from commsim.elections.replay import replay

    return [replay(election, catalogue, written, tie) for written in rules or (None,)]


def _tell_replays(rows: Sequence[Replay], as_json: bool, disagreements: bool) -> None:
    agree, compared = _agree(rows), _compared(rows)
    summary = _summary(rows)
    if as_json:
        document = {"agree": agree, "compared": compared, "tie_decided": _by_tie(rows), "summary": summary}
        write_json({**document, "rows": [row.document() for row in rows]})
        return
    files = len({row.file for row in rows if row.rule})
    text = _("{agree} of {compared} elections come out as they officially did ({files} files read)")
    _print(text.format(agree=agree, compared=compared, files=files))
    _print_summary(summary)
    _print_reasons(rows)
    differing = [row for row in rows if row.agree is False]
    if disagreements:
        _print_disagreements(differing)
    elif differing:
        _print(_("--disagreements lists those that come out otherwise: {n}").format(n=len(differing)))


def _agree(rows: Iterable[Replay]) -> int:
    return sum(row.agree is True for row in rows)


def _compared(rows: Iterable[Replay]) -> int:
    return sum(row.agree is not None for row in rows)


def _by_tie(rows: Iterable[Replay]) -> int:
    return sum(bool(row.tied) for row in rows)


def _summary(rows: Sequence[Replay]) -> list[dict[str, Any]]:
    """How each rule of the files, or each rule given, came out."""
    kinds: dict[tuple[str, bool], list[Replay]] = {}
    for row in rows:
        if row.rule:
            kinds.setdefault((row.written or row.rule, bool(row.written)), []).append(row)
    return [
        {
            "rule": rule,
            "files": len(of_rule),
            "agree": _agree(of_rule),
            "differ": _compared(of_rule) - _agree(of_rule),
            "tie_decided": _by_tie(of_rule),
            "not_compared": len(of_rule) - _compared(of_rule),
        }
        for (rule, _given), of_rule in sorted(kinds.items())
    ]


def _print_summary(summary: Sequence[Mapping[str, Any]]) -> None:
    if not summary:
        return
    headings = [_("Rule"), _("Files"), _("Agree"), _("Differ"), _("A tie decided"), _("Not compared")]
    rows = [tuple(map(str, kind.values())) for kind in summary]
    data_console().print(plain_table(headings, rows, numeric=range(1, len(headings))))


def _print_reasons(rows: Sequence[Replay]) -> None:
    """Why some were not compared, each kind of reason once, told by its first file."""
    left_out = [row for row in rows if row.agree is None]
    first: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for row in left_out:
        kind = row.reason.message if row.rule else ""
        first.setdefault(kind, str(row.reason if row.rule else _("the file cannot be read")))
        counts[kind] += 1
    if counts:
        table = plain_table([_("Not compared, because"), _("Files")], _counted(first, counts), numeric=(1,))
        data_console().print(table)


def _counted(first: Mapping[str, str], counts: Counter[str]) -> list[tuple[str, str]]:
    return [(first[kind], str(count)) for kind, count in counts.most_common()]


def _print_disagreements(differing: Sequence[Replay]) -> None:
    from commsim.natural_order import natural_key
    from commsim.suggestions import listing

    for row in differing:
        _print(f"{row.file} ({row.written or row.rule})")
        _print(_("differs: {reason}").format(reason=row.reason), _INDENT)
        if row.tied:
            tied: list[str] = sorted(row.tied, key=natural_key)
            _print(_("a tie decided here: {projects}").format(projects=listing(tied)), _INDENT)


def _print(line: Text | str, indent: int = 0) -> None:
    from rich.padding import Padding

    data_console().print(Padding(Wrapped(str(line)), (0, 0, 0, indent), expand=False))


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(path.glob("*.pb"))
    if not found:
        raise InvalidInput(
            _("{folder}: there is no .pb file in this folder. Give files, or a folder that holds some").format(
                folder=str(path)
            )
        )
    return found
