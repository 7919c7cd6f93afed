"""A real election in Pabulib's `.pb` form, allocated under a rule, with a reason for each result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from commsim.contracts import Award, Rule
from commsim.elections.election import PbElection, winners_of
from commsim.elections.pabulib import read_pb
from commsim.elections.replay import (
    check_needs,
    in_currency,
    not_applied,
    rule_of,
    settle,
    threshold_left,
    threshold_of,
    tied,
    untold,
    with_caps,
)
from commsim.errors import InvalidInput
from commsim.i18n import Text, _
from commsim.plugin_host.catalogue import Catalogue
from commsim.service.catalogues import catalogue_of, limited
from commsim.store.plain import plain
from commsim.suggestions import did_you_mean

Written = tuple[str, dict[str, Any], Sequence[tuple[str, dict[str, str]]]]
"""A rule's id and parameters, and its modifiers with theirs."""
BY_COLUMN = ("area", "category", "area_category")
"""Words by which a modifier names groups of projects by their columns, and not by ids."""
NoteOfFile = Callable[[str, Text], None]
"""Told (file, what is unusual in it)."""


def untold_note(_file: str, _text: Text) -> None:
    """For faces that have nowhere to tell it."""


def allocate(
    file: str | Path,
    rule: str | None = None,
    plugin_files: Sequence[str | Path] = (),
    *,
    installed_plugins: bool = True,
    rule_seconds: float | None = None,
    note: NoteOfFile = untold_note,
) -> dict[str, Any]:
    """Allocate the election in `file` under `rule` (None: the one that the file names).

    Arguments: `rule` as on the command line; `plugin_files`, rules of one's own; `rule_seconds` that one call may take;
    `note`, told what in the file is taken as it stands, or is not followed.
    Returns what was decided by project, with reasons, in the file's currency. Raises InvalidInput with file and line
    for what cannot be read, RuleError for a rule that is not there.
    """
    election = read_pb(Path(file))
    catalogue = catalogue_of(plugin_files, installed_plugins)
    rule_id, params, modifiers = _chosen(election, catalogue, rule)
    made = catalogue.make(rule_id, params, modifiers)
    check_needs(election, made)
    _check_named(election, modifiers)
    made = with_caps(election, made)
    with limited(rule_seconds):
        award = settle(election, made)
        winners = winners_of(election, award)
        by_tie = tied(election, made, winners)
    notes = _notes(election, made)
    document = _document(election, rule_id, params, award, winners)
    document |= {"notes": notes, "tie_decided": bool(by_tie), "tied": by_tie}
    document["modifiers"] = [{"id": modifier, "params": words} for modifier, words in modifiers]
    for text in notes:
        note(str(election.path), text)
    return plain(document)


def _chosen(election: PbElection, catalogue: Catalogue, rule: str | None) -> Written:
    if rule is not None:
        return catalogue.parse_written(rule)
    named = rule_of(election)
    if named is None:
        raise InvalidInput(
            _("{file}: no rule can be taken from it: {reason}. Choose one with --rule").format(
                file=str(election.path), reason=untold(election)
            )
        )
    return *named, threshold_of(election, named[0])


def _notes(election: PbElection, made: Rule) -> list[Text]:
    unread = [*threshold_left(election, made), *not_applied(election, made)]
    return list(dict.fromkeys((*election.notes, *unread)))


def _check_named(election: PbElection, modifiers: Sequence[tuple[str, dict[str, str]]]) -> None:
    """Raises InvalidInput where a modifier names a project that the election does not have."""
    for modifier, params in modifiers:
        groups = params.get("groups", "").strip()
        named = params.get("ids", "").split() + ([] if groups in BY_COLUMN else groups.replace(";", " ").split())
        for project in named:
            if project not in election.ids:
                text = _("{file}: {modifier} names the project {id!r}, which is not on the ballot. {near}")
                near = did_you_mean(project, election.ids)
                near = near if str(near) else _("Write ids as the file does")
                raise InvalidInput(text.format(file=str(election.path), modifier=modifier, id=project, near=near))


def _document(
    election: PbElection, rule_id: str, params: dict[str, Any], award: Award, winners: list[str]
) -> dict[str, Any]:
    votes = election.ballots.totals(len(election.ids))
    projects = [
        {
            "id": project,
            "name": election.names[position],
            "cost": _amount(int(election.cost[position])),
            "votes": int(votes[position]) if election.unit == 1 else int(votes[position]) / election.unit,
            "paid": _amount(int(award.paid[position])),
            "won": project in set(winners),
            "official": election.official(position),
            "selected": election.selected[position] or None,
            "reason": in_currency(award.reasons[position], election),
        }
        for position, project in enumerate(election.ids)
    ]
    return {
        "file": election.path.name,
        "rule": rule_id,
        "params": params,
        "budget": _amount(election.budget),
        "currency": election.meta.get("currency") or None,
        "voters": election.ballots.rows,
        "spent": _amount(int(award.paid.sum())),
        "carried": _amount(int(award.carry)),
        "winners": winners,
        "projects": projects,
        "diagnostics": dict(award.diagnostics),
    }


def _amount(fen: int) -> int | float:
    """Hundredths as an amount in the file's currency; whole where it is."""
    return fen // 100 if fen % 100 == 0 else fen / 100
