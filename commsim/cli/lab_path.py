"""`commsim lab path`: the facts of the path from yuan to neighbour, played in the district."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commsim.cli import options
from commsim.cli.framework import command, option
from commsim.cli.lab import print_facts, workers_option
from commsim.cli.numbers import WholeNumberRange
from commsim.cli.output import Wrapped, data_console, said, tell, tell_warning, write_json
from commsim.cli.progress import progress_bar
from commsim.errors import RunsFailed
from commsim.i18n import N_, _

if TYPE_CHECKING:
    from commsim.service.path import PathFound

_TEXT_WIDTH = 34


@command(
    "path",
    help=N_(
        "Play the facts P0 to P20 of the path from yuan to neighbour in the district and print range, number and "
        "whether they hold; FACT (P3, P7 …) plays some of them. A fact holds if the 95% interval over seeds lies in "
        "its range in 8 of 10 draws of the parameters. Rows marked 'fit' may set defaults and are no evidence."
    ),
)
@click.argument("facts", nargs=-1, metavar="[FACT]...")
@option("--quick", is_flag=True, help=N_("Fewer seeds and draws: a first look, not the test."))
@option("--seeds", type=WholeNumberRange(min=1), metavar="N", help=N_("Seeds for each draw (default: 30)."))
@option("--draws", type=WholeNumberRange(min=1), metavar="N", help=N_("Draws of the parameters (default: 10)."))
@options.seed_option()
@workers_option()
@options.out_option()
@options.json_option()
def path(
    facts: tuple[str, ...],
    quick: bool,
    seeds: int | None,
    draws: int | None,
    seed: int | None,
    workers: int | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Play the path's facts, show them, write their folder."""
    from commsim.service.path import path_facts

    with progress_bar() as progress:
        found = path_facts(
            facts,
            seeds=seeds,
            draws=draws,
            quick=quick,
            seed=1 if seed is None else seed,
            workers=workers,
            out=out,
            progress=progress,
            warn=tell_warning,
        )
    if as_json:
        write_json(found.document)
    else:
        _show(found)
        tell(_("Results: {folder}").format(folder=found.document["folder"]))
    if found.failed is not None:
        raise RunsFailed(found.failed)


def _show(found: PathFound) -> None:
    console, document = data_console(), found.document
    headings = [_("Fact"), _("Range"), _("At defaults"), _("95% interval"), _("Holds"), _("Draws"), _("Used as")]
    rows = [row for fact, told in zip(document["facts"], found.told, strict=True) for row in _rows(fact, told)]
    print_facts(headings, rows, _TEXT_WIDTH)
    counts = document["tests"]
    counted = _(
        "Of {all} facts marked 'test' {held} hold, {missed} are missed, {untold} cannot be told ({seeds} seeds × "
        "{draws} draws of the parameters)."
    ).format(
        all=sum(counts.values()),
        held=counts["holds"],
        missed=counts["missed"],
        untold=counts["not identified"],
        seeds=document["seeds"],
        draws=document["parameter_draws"],
    )
    told = _("Rows of a fact: its tests at the registry's values, and in how many draws each holds.")
    for text in (told, counted, *(_("Played: {size}.").format(size=said(size)) for size in found.sizes)):
        console.print(Wrapped(str(text)))


def _rows(fact: dict[str, Any], told: dict[str, Any]) -> list[list[str]]:
    """A line for the fact, then one for each of its tests."""
    draws = f"{fact['draws_held']}/{fact['draws']}"
    rows = [[f"{fact['fact']} {said(fact['title'])}", "", "", "", said(told["state"]), draws, said(told["use"])]]
    for test, words in zip(fact["tests"], told["tests"], strict=True):
        interval = ", ".join(map(_short, test["interval"]))
        rows.append(
            [
                f"  {said(test['label'])}",
                words["range"],
                _short(test["at_defaults"]),
                f"[{interval}]",
                said(words["state_at_defaults"]),
                f"{test['draws_held']}/{fact['draws']}",
                "" if test["use"] == fact["use"] else said(words["use"]),
            ]
        )
    return rows


def _short(figure: float | None) -> str:
    return "—" if figure is None else f"{figure:.3g}"
