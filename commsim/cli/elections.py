"""`commsim pb`: a real election in Pabulib's `.pb` form, allocated and explained."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commsim.cli import options
from commsim.cli.framework import command, option
from commsim.cli.output import Wrapped, data_console, plain_table, print_table, tell, write_json
from commsim.errors import InvalidInput
from commsim.i18n import N_, _

if TYPE_CHECKING:
    from commsim.contracts import Award
    from commsim.elections.election import PbElection
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
    from commsim.elections.election import winners_of
    from commsim.elections.pabulib import read_pb
    from commsim.elections.replay import (
        check_needs,
        not_applied,
        rule_of,
        settle,
        threshold_left,
        threshold_of,
        tied,
        untold,
        with_caps,
    )

    election = read_pb(file)
    catalogue = options.catalogue_of(plugin_files, no_plugins)
    modifiers: Sequence[tuple[str, dict[str, str]]] = ()
    if rule is not None:
        rule_id, params, modifiers = catalogue.parse_written(rule)
    else:
        named = rule_of(election)
        if named is None:
            raise InvalidInput(
                _("{file}: no rule can be taken from it: {reason}. Choose one with --rule").format(
                    file=str(file), reason=untold(election)
                )
            )
        rule_id, params = named
        modifiers = threshold_of(election, rule_id)
    made = catalogue.make(rule_id, params, modifiers)
    check_needs(election, made)
    _check_named(election, modifiers)
    made = with_caps(election, made)
    with options.limited(seconds):
        award = settle(election, made)
        winners = winners_of(election, award)
        by_tie = tied(election, made, winners)
    unread = [*threshold_left(election, made), *not_applied(election, made)]
    notes = list(dict.fromkeys((*election.notes, *unread)))
    document = _document(election, rule_id, params, award, winners)
    document |= {"notes": notes, "tie_decided": bool(by_tie), "tied": by_tie}
    document["modifiers"] = [{"id": modifier, "params": words} for modifier, words in modifiers]
    tell_notes(election, notes)
    if as_json:
        write_json(document)
    else:
        _show(election, document)


def _check_named(election: PbElection, modifiers: Sequence[tuple[str, dict[str, str]]]) -> None:
    """Raises InvalidInput where a modifier names a project that the election does not have."""
    from commsim.plugins.modifiers.outcome import COLUMNS
    from commsim.suggestions import did_you_mean

    for modifier, params in modifiers:
        groups = params.get("groups", "").strip()
        named = params.get("ids", "").split() + ([] if groups in COLUMNS else groups.replace(";", " ").split())
        for one in named:
            if one not in election.ids:
                text = _("{file}: {modifier} names the project {id!r}, which is not on the ballot. {near}")
                near = did_you_mean(one, election.ids)
                near = near if str(near) else _("Write ids as the file does")
                raise InvalidInput(text.format(file=str(election.path), modifier=modifier, id=one, near=near))


def tell_notes(election: PbElection, notes: Sequence[Text]) -> None:
    """Each note of a file on stderr."""
    for note in notes:
        tell(_("{file}: {note}; the file is read as it stands").format(file=str(election.path), note=note))


def _document(
    election: PbElection, rule_id: str, params: dict[str, Any], award: Award, winners: list[str]
) -> dict[str, Any]:
    from commsim.elections.replay import in_currency

    votes = election.ballots.totals(len(election.ids))
    rows = [
        {
            "id": one,
            "name": election.names[position],
            "cost": _amount(int(election.cost[position])),
            "votes": int(votes[position]) if election.unit == 1 else int(votes[position]) / election.unit,
            "paid": _amount(int(award.paid[position])),
            "won": one in set(winners),
            "official": election.official(position),
            "selected": election.selected[position] or None,
            "reason": in_currency(award.reasons[position], election),
        }
        for position, one in enumerate(election.ids)
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
        "projects": rows,
        "diagnostics": dict(award.diagnostics),
    }


def _amount(fen: int) -> int | float:
    """Hundredths as an amount in the file's currency; whole where it is."""
    return fen // 100 if fen % 100 == 0 else fen / 100


def _with_params(name: str, params: dict[str, Any]) -> str:
    written = ", ".join(f"{one}={value}" for one, value in params.items())
    return f"{name} ({written})" if written else name


_TIED = _("a tie decided: broken another way, these come out otherwise (they won or lost by id): {projects}")


def _show(election: PbElection, document: dict[str, Any]) -> None:
    from commsim.natural_order import natural_key
    from commsim.suggestions import listing

    console = data_console()
    chosen = [(document["rule"], document["params"])]
    chosen += [(one["id"], one["params"]) for one in document["modifiers"]]
    written = " + ".join(_with_params(*one) for one in chosen)
    console.print(Wrapped(str(_("{name}: {value}").format(name=election.path.name, value=written))))
    currency = document["currency"] or _("yuan")
    console.print(
        str(
            _("{won} of {n} projects win; {spent:,} of {budget:,} {currency} are spent; voters: {voters}").format(
                won=len(document["winners"]),
                n=len(election.ids),
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
            row["reason"],
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
