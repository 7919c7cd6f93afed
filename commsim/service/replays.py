"""Rules against the official winners of real elections in Pabulib's `.pb` form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commsim.elections.ties import TIES as TIES
from commsim.errors import InvalidInput
from commsim.i18n import Text, _
from commsim.service.catalogues import catalogue_of
from commsim.service.elections import NoteOfFile, untold_note
from commsim.service.following import Cancel, Followed, Progress
from commsim.store.plain import plain

if TYPE_CHECKING:
    from commsim.elections.replay import Replay
    from commsim.plugin_host.catalogue import Catalogue


@dataclass(frozen=True)
class Replayed:
    """Elections that were replayed: the `document`, and what is told beside it.

    `reasons`: why some were not compared (reason, files), each kind once, told by its first file, most files first;
    `written`: by row of the document, the rule that was given for it ("" where the file's own was applied); `unread`:
    why files could not be read, None where all could.
    """

    document: dict[str, Any]
    reasons: list[dict[str, Any]]
    written: list[str]
    unread: dict[str, str] | None


def replay(
    paths: Sequence[str | Path],
    rules: Sequence[str] = (),
    tie: str = "id",
    plugin_files: Sequence[str | Path] = (),
    *,
    installed_plugins: bool = True,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    note: NoteOfFile = untold_note,
) -> Replayed:
    """Apply to each election the rule that its file names, or those given, and compare with its official winners.

    Arguments: `paths`, `.pb` files or folders of them; `rules` as on the command line; `tie`, who comes first of
    equals (one of `TIES`); `note`, told what in a file is taken as it stands.
    A file that cannot be read is among the rows, and the others are replayed all the same. Raises InvalidInput for a
    folder without files, InvalidInput or RuleError for a rule that cannot be applied, Cancelled.
    """
    catalogue = catalogue_of(plugin_files, installed_plugins)
    _check_rules(rules, catalogue)
    rows: list[Replay] = []
    unread: list[InvalidInput] = []
    followed = Followed(progress, cancel)
    files = [file for path in paths for file in _files(Path(path))]
    for done, file in enumerate(files):
        followed(done, len(files), _("{done} of {total} files").format(done=done, total=len(files)))
        rows += _of_file(file, catalogue, rules, tie, note, unread)
    return _replayed(rows, unread)


def _of_file(
    file: Path,
    catalogue: Catalogue,
    rules: Sequence[str],
    tie: str,
    note: NoteOfFile,
    unread: list[InvalidInput],
) -> list[Replay]:
    """A row for each rule; what keeps the file from being read goes to `unread` too."""
    from commsim.elections.pabulib import read_pb
    from commsim.elections.replay import Replay
    from commsim.elections.replay import replay as replayed

    try:
        election = read_pb(file)
    except InvalidInput as error:
        unread.append(error)
        return [Replay(file.name, "", "", None, (), (), error.text)]
    for text in election.notes:
        note(str(election.path), text)
    return [replayed(election, catalogue, written, tie) for written in rules or (None,)]


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


def _replayed(rows: Sequence[Replay], unread: Sequence[InvalidInput]) -> Replayed:
    document = {
        "agree": _agree(rows),
        "compared": _compared(rows),
        "tie_decided": _by_tie(rows),
        "summary": _summary(rows),
        "rows": [row.document() for row in rows],
    }
    return Replayed(plain(document), plain(_reasons(rows)), [row.written for row in rows], plain(_unread(unread)))


def _unread(unread: Sequence[InvalidInput]) -> Text | None:
    if len(unread) < 2:
        return unread[0].text if unread else None
    text = _("files that cannot be read: {n}. The first: {reason}")
    return text.format(n=len(unread), reason=unread[0].text)


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


def _reasons(rows: Sequence[Replay]) -> list[dict[str, Any]]:
    first: dict[str, Text] = {}
    counts: Counter[str] = Counter()
    for row in rows:
        if row.agree is None:
            kind = row.reason.message if row.rule else ""
            first.setdefault(kind, row.reason if row.rule else _("the file cannot be read"))
            counts[kind] += 1
    return [{"reason": first[kind], "files": files} for kind, files in counts.most_common()]
