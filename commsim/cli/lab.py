"""`commsim lab`: the published experiments with the district's residents; new ones from a file; the calibration."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commsim.cli import options
from commsim.cli.framework import Group, LazyCommand, command, option
from commsim.cli.numbers import WholeNumberRange
from commsim.cli.output import (
    Wrapped,
    data_console,
    plain_table,
    print_table,
    said,
    tell,
    tell_warning,
    words,
    write_json,
)
from commsim.cli.progress import progress_bar
from commsim.errors import InvalidInput, RunsFailed
from commsim.i18n import N_, Text, _

if TYPE_CHECKING:
    from commsim.service.laboratory import FactsFound

FACTS = "facts"
_TEXT_WIDTH = 22
_HELP = ("-h", "--help", "--lang")


class _LabGroup(Group):
    """A group whose first word may also be a fact: `commsim lab`, `commsim lab 4`, `commsim lab run FILE`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the command for facts in front where none of the others is named."""
        first = args[0] if args else ""
        if first not in self.commands and not first.startswith(_HELP):
            args = [FACTS, *args]
        return super().parse_args(ctx, args)


lab = _LabGroup(
    "lab",
    help=N_(
        "Put the district's residents through the published experiments and see which facts they reproduce.\n\n"
        "commsim lab runs all facts; commsim lab 4 (or: match) one of them, with a figure. No study here measures "
        "the causal effect of self-governance money; behaviour is borrowed."
    ),
    lazy_commands={
        FACTS: LazyCommand("commsim.cli.lab:facts", N_("All facts, or one: simulated against published.")),
        "path": LazyCommand(
            "commsim.cli.lab_path:path", N_("The path from yuan to neighbour: its facts, played in the district.")
        ),
        "run": LazyCommand("commsim.cli.lab:run", N_("Run an experiment of your own from a YAML file.")),
        "calibrate": LazyCommand("commsim.cli.lab:calibrate", N_("Estimate the free coefficients again.")),
    },
)


def workers_option() -> options.Decorator:
    """`--workers`, of what is played a fact at a time."""
    return option(
        "--workers",
        type=WholeNumberRange(min=1),
        metavar="N",
        help=N_("Processes (default: one per core). The results do not depend on it."),
    )


@command(
    FACTS,
    help=N_(
        "Run the facts of the evidence and print range, simulation and whether they hold; FACT (a number or a name) "
        "runs one and draws it. A fact holds if the 95% interval over seeds lies in its range in 18 of 20 draws of "
        "the parameters. Rows marked 'fitted' were used to calibrate and are no evidence."
    ),
)
@click.argument("fact", required=False, metavar="[FACT]")
@option("--quick", is_flag=True, help=N_("Fewer seeds and draws: a first look, not the test."))
@options.seed_option()
@workers_option()
@options.out_option()
@options.json_option()
def facts(
    fact: str | None, quick: bool, seed: int | None, workers: int | None, out: Path | None, as_json: bool
) -> None:
    """Run facts, show them, write their folder."""
    from commsim.service.laboratory import facts as run_facts

    with progress_bar() as progress:
        found = run_facts(
            fact,
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
        _show(found, detailed=fact is not None)
        tell(_("Results: {folder}").format(folder=found.document["folder"]))
    if found.failed is not None:
        raise RunsFailed(found.failed)


def print_facts(headings: Sequence[Text], rows: Sequence[Sequence[str]], width: int) -> None:
    """Print a table of facts and their tests; the first column, at least `width` wide, gives way to the others.

    Figures are not broken: what the page lacks in width the facts' names give.
    """
    table = plain_table(headings, rows, numeric=(2,))
    table.columns[0].min_width = width
    for column in table.columns[1:]:
        column.no_wrap = True
    print_table(data_console(), table)


def _show(found: FactsFound, detailed: bool) -> None:
    console, document = data_console(), found.document
    headings = [_("Fact"), _("Range"), _("Simulated"), _("95% interval"), _("Holds"), _("Draws"), _("Used as")]
    rows = [row for fact, told in zip(document["facts"], found.told, strict=True) for row in _rows(fact, told)]
    print_facts(headings, rows, _TEXT_WIDTH)
    if detailed:
        _describe(found.told[0])
    counted = [fact for fact in document["facts"] if fact["counted"] and not fact["fitted"]]
    if counted:
        held = sum(fact["held"] for fact in counted)
        seeds, draws = document["seeds"], document["parameter_draws"]
        text = _("{held} of {all} facts that were not fitted hold ({seeds} seeds × {draws} draws of the parameters).")
        console.print(str(text.format(held=held, all=len(counted), seeds=seeds, draws=draws)))
    console.print(
        str(_("No study measures the causal effect of self-governance money on participation; behaviour is borrowed."))
    )


def _rows(fact: dict[str, Any], told: dict[str, Any]) -> list[list[str]]:
    """A line for the fact, then one for each of its tests."""
    held = str(_("yes") if fact["held"] else _("no"))
    draws = f"{fact['draws_held']}/{fact['draws']}"
    rows = [[f"{fact['fact']} {said(fact['title'])}", "", "", "", held, draws, said(told["use"])]]
    for test, bounds in zip(fact["tests"], told["ranges"], strict=True):
        low, high = (_short(end) for end in test["interval"])
        inside = f"{test['draws_in_range']}/{fact['draws']}"
        rows.append([f"  {said(test['label'])}", bounds, _short(test["simulated"]), f"[{low}, {high}]", "", inside, ""])
    return rows


def _short(figure: float | None) -> str:
    return f"{_known(figure):.3g}"


def _describe(told: dict[str, Any]) -> None:
    console = data_console()
    console.print(Wrapped(str(_("Source: {source}").format(source=words(told["source"])))))
    if told["note"] is not None:
        console.print(Wrapped(said(told["note"])))


@command(
    "run",
    help=N_("Run the experiment in FILE (YAML; examples in experiments/) and print each arm by round."),
)
@click.argument("file", type=click.Path(path_type=Path))
@option(
    "--workers",
    type=WholeNumberRange(min=1),
    metavar="N",
    help=N_("Processes (default: this one). The results do not depend on it."),
)
@options.out_option()
@options.json_option()
def run(file: Path, workers: int | None, out: Path | None, as_json: bool) -> None:
    """Run an experiment from a file."""
    from commsim.service.laboratory import experiment

    document = experiment(file, workers=workers, out=out, warn=tell_warning)
    if as_json:
        write_json(document)
        return
    _show_experiment(document)
    tell(_("Results: {folder}").format(folder=document["folder"]))


def _show_experiment(document: dict[str, Any]) -> None:
    console = data_console()
    console.print(said(document["title"]))
    headings = [_("Arm"), _("Round"), _("Acted, %"), _("difference"), _("Amount, mean"), _("difference")]
    changed = {(row["arm"], row["round"], row["measure"]): row for row in document["differences"]}
    rows = [
        [
            str(row["arm"]),
            str(row["round"]),
            f"{100 * _known(row['acted']):.2f}",
            _difference(changed.get((row["arm"], row["round"], "acted")), 100.0, ".2f"),
            f"{_known(row['amount']):.4g}",
            _difference(changed.get((row["arm"], row["round"], "amount")), 1.0, ".3g"),
        ]
        for row in document["arms"]
    ]
    console.print(plain_table(headings, rows, numeric=(1, 2, 4)))
    if changed:
        text = _("Differences from {arm!r} on the same people with the same luck, and their 95% intervals.")
        console.print(str(text.format(arm=document["arms"][0]["arm"])))


def _known(figure: float | None) -> float:
    return math.nan if figure is None else figure


def _difference(row: dict[str, Any] | None, scale: float, form: str) -> str:
    """A difference with its interval; nothing for the arm that the others are compared with."""
    if row is None:
        return ""
    value, low, high = (scale * _known(row[name]) for name in ("difference", "low", "high"))
    figure = f"{value:+{form}}"
    return figure if math.isnan(low) else f"{figure} [{low:{form}}, {high:{form}}]"


@command(
    "calibrate",
    help=N_(
        "Estimate the free coefficients on the rows that may be fitted, and print mean and 95% range. --write stores "
        "them in the registry's files and in the posterior that the facts draw from. --path finds the points that "
        "`commsim lab path` draws from instead: those of the prior at which every row marked 'fit' comes out (four "
        "minutes a point and core)."
    ),
)
@option("--path", "of_path", is_flag=True, help=N_("Find the draws of the path's facts instead."))
@option("--points", type=WholeNumberRange(min=1), metavar="N", help=N_("Points to keep, with --path (default: 12)."))
@option("--write", "write", is_flag=True, help=N_("Store the result in the installed package's files."))
@options.seed_option()
@workers_option()
@options.json_option()
def calibrate(
    of_path: bool, points: int | None, write: bool, seed: int | None, workers: int | None, as_json: bool
) -> None:
    """Estimate again."""
    from commsim.service.laboratory import calibrate as estimate

    if of_path:
        _calibrate_path(points, write, 1 if seed is None else seed, workers, as_json)
        return
    if points is not None:
        raise InvalidInput(_("--points belongs to --path: it says how many draws of the path's facts to keep"))
    with progress_bar() as progress:
        document = estimate(1 if seed is None else seed, workers=workers, write=write, progress=progress)
    if as_json:
        write_json(document)
        return
    headings = [_("Parameter"), _("Mean"), _("95% range"), _("Rows"), _("Identified")]
    rows = [
        [
            row["parameter"],
            f"{row['mean']:.3g}",
            f"{row['low']:.3g} – {row['high']:.3g}",
            ", ".join(map(str, row["rows"])),
            str(_("yes") if row["identified"] else _("no: keeps its prior")),
        ]
        for row in document["parameters"]
    ]
    data_console().print(plain_table(headings, rows, numeric=(1,)))


def _calibrate_path(points: int | None, write: bool, seed: int, workers: int | None, as_json: bool) -> None:
    """Find the points that the path's facts draw from."""
    from commsim.service.path import calibrate_path

    with progress_bar() as progress:
        document = calibrate_path(seed, points=points, workers=workers, write=write, progress=progress)
    if as_json:
        write_json(document)
        return
    headings = [_("Parameter"), _("Value"), _("Range"), _("Mean of the points"), _("Lowest"), _("Highest")]
    rows = [
        [
            row["parameter"],
            f"{row['value']:.3g}",
            f"{row['range'][0]:.3g} – {row['range'][1]:.3g}",
            *(f"{row[name]:.3g}" for name in ("mean", "low", "high")),
        ]
        for row in document["parameters"]
    ]
    data_console().print(plain_table(headings, rows, numeric=(1, 3, 4, 5)))
    told = _(
        "{kept} of {tried} points of the prior were kept: those at which every row of the path marked 'fit' holds."
    )
    data_console().print(str(told.format(kept=len(document["points"]), tried=document["tried"])))
