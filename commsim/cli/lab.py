"""`commsim lab`: the published experiments with the district's residents; new ones from a file; the calibration."""

from __future__ import annotations

from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commsim.cli import options
from commsim.cli.framework import Group, LazyCommand, command, option
from commsim.cli.numbers import WholeNumberRange
from commsim.cli.output import Wrapped, data_console, plain_table, print_table, tell, tell_warning, write_json
from commsim.cli.progress import progress_bar
from commsim.errors import RunsFailed
from commsim.i18n import N_, _

if TYPE_CHECKING:
    from commsim.validation.facts import FactResult
    from commsim.validation.laboratory import LabResult

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
        "run": LazyCommand("commsim.cli.lab:run", N_("Run an experiment of your own from a YAML file.")),
        "calibrate": LazyCommand("commsim.cli.lab:calibrate", N_("Estimate the free coefficients again.")),
    },
)


def _workers_option() -> options.Decorator:
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
@_workers_option()
@options.out_option()
@options.json_option()
def facts(
    fact: str | None, quick: bool, seed: int | None, workers: int | None, out: Path | None, as_json: bool
) -> None:
    """Run facts, show them, write their folder."""
    options.check_output(out, "lab")
    from commsim.report import write_lab_report
    from commsim.store.laboratory import write_lab
    from commsim.study.executors import cores
    from commsim.validation.catalogue_of_facts import FACTS as all_facts
    from commsim.validation.catalogue_of_facts import find_fact
    from commsim.validation.laboratory import as_document, run_facts

    chosen = all_facts if fact is None else (find_fact(fact),)
    with progress_bar() as progress:
        result = run_facts(
            chosen,
            quick=quick,
            seed=1 if seed is None else seed,
            workers=workers or cores(),
            progress=lambda done, total: progress(done, total, _("playing the experiments")),
        )
    folder = write_lab(result, out, add=lambda folder: write_lab_report(result, folder), warn=tell_warning)
    if as_json:
        write_json({**as_document(result), "folder": folder})
    else:
        _show(result, detailed=fact is not None)
        tell(_("Results: {folder}").format(folder=folder))
    failed = result.failed_text()
    if failed is not None:
        raise RunsFailed(failed)


def _show(result: LabResult, detailed: bool) -> None:
    console = data_console()
    headings = [_("Fact"), _("Range"), _("Simulated"), _("95% interval"), _("Holds"), _("Draws"), _("Used as")]
    table = plain_table(headings, [row for shown in result.results for row in _rows(shown)], numeric=(2,))
    table.columns[0].min_width = _TEXT_WIDTH
    for column in table.columns[1:]:  # figures are not broken: what the page lacks in width the facts' names give
        column.no_wrap = True
    print_table(console, table)
    if detailed:
        _describe(result.results[0])
    counted = result.counted
    if counted:
        held = sum(fact.held for fact in counted)
        text = _("{held} of {all} facts that were not fitted hold ({seeds} seeds × {draws} draws of the parameters).")
        console.print(str(text.format(held=held, all=len(counted), seeds=result.seeds, draws=result.draws)))
    console.print(
        str(_("No study measures the causal effect of self-governance money on participation; behaviour is borrowed."))
    )


def _rows(result: FactResult) -> list[list[str]]:
    """A line for the fact, then one for each of its tests."""
    from commsim.validation.laboratory import use_of

    fact = result.fact
    held = str(_("yes") if result.held else _("no"))
    rows = [[f"{fact.id} {fact.title}", "", "", "", held, f"{result.draws_held}/{result.draws}", str(use_of(result))]]
    for test in result.tests:
        low, high = test.interval
        inside = f"{int(test.in_range.sum())}/{result.draws}"
        interval = f"[{low:.3g}, {high:.3g}]"
        rows.append([f"  {test.test.label}", test.test.range_words, f"{test.simulated:.3g}", interval, "", inside, ""])
    return rows


def _describe(result: FactResult) -> None:
    console = data_console()
    console.print(Wrapped(str(_("Source: {source}").format(source=result.fact.source))))
    if result.fact.note is not None:
        console.print(Wrapped(str(result.fact.note)))


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
    options.check_output(out, file.stem)
    from commsim.lab.differences import differences
    from commsim.lab.files import load_experiment
    from commsim.store.laboratory import write_experiment

    loaded = load_experiment(file)
    summary = loaded.experiment.summary(loaded.population, loaded.replicates, loaded.seed, workers=workers or 1)
    arms = summary.groupby(["arm", "round"], sort=False)[["acted", "amount", "amount_if_acted"]].mean().reset_index()
    changed = differences(summary, next(iter(loaded.experiment.arms)))
    folder = write_experiment(loaded, summary, out, file.stem, warn=tell_warning)
    declared = loaded.experiment.declared()
    if as_json:
        write_json(
            {
                "command": "lab run",
                "title": loaded.title,
                "arms": arms,
                "differences": changed,
                "declared": declared,
                "folder": folder,
            }
        )
        return
    console = data_console()
    console.print(loaded.title)
    headings = [_("Arm"), _("Round"), _("Acted, %"), _("difference"), _("Amount, mean"), _("difference")]
    told = {(row.arm, row.round, row.measure): row for row in changed.itertuples()}
    rows = [
        [
            str(arm),
            str(number),
            f"{100 * acted:.2f}",
            _difference(told.get((arm, number, "acted")), 100.0, ".2f"),
            f"{amount:.4g}",
            _difference(told.get((arm, number, "amount")), 1.0, ".3g"),
        ]
        for arm, number, acted, amount, _if_acted in arms.to_numpy().tolist()
    ]
    console.print(plain_table(headings, rows, numeric=(1, 2, 4)))
    if told:
        text = _("Differences from {arm!r} on the same people with the same luck, and their 95% intervals.")
        console.print(str(text.format(arm=next(iter(loaded.experiment.arms)))))
    tell(_("Results: {folder}").format(folder=folder))


def _difference(one: Any, scale: float, form: str) -> str:
    """A difference with its interval; nothing for the arm that the others are compared with."""
    if one is None:
        return ""
    value = f"{scale * one.difference:+{form}}"
    return value if isnan(one.low) else f"{value} [{scale * one.low:{form}}, {scale * one.high:{form}}]"


@command(
    "calibrate",
    help=N_(
        "Estimate the free coefficients on the rows that may be fitted, and print mean and 95% range. --write stores "
        "them in the registry's files and in the posterior that the facts draw from."
    ),
)
@option("--write", "write", is_flag=True, help=N_("Store the result in the installed package's files."))
@options.seed_option()
@_workers_option()
@options.json_option()
def calibrate(write: bool, seed: int | None, workers: int | None, as_json: bool) -> None:
    """Estimate again."""
    from commsim.study.executors import cores
    from commsim.validation.calibrate import calibrate as estimate
    from commsim.validation.posterior import as_rows, write_posterior
    from commsim.validation.uncertainty import POSTERIOR

    root = 1 if seed is None else seed
    with progress_bar() as progress:
        found = estimate(
            root,
            progress=lambda done, total: progress(done, total, _("playing the experiments")),
            workers=workers or cores(),
        )
    if write:
        write_posterior(found, root, POSTERIOR)
    if as_json:
        write_json({"command": "lab calibrate", "seed": root, "parameters": as_rows(found)})
        return
    headings = [_("Parameter"), _("Mean"), _("95% range"), _("Rows"), _("Identified")]
    rows = [
        [
            parameter.name,
            f"{parameter.mean:.3g}",
            f"{parameter.low:.3g} – {parameter.high:.3g}",
            ", ".join(map(str, parameter.rows)),
            str(_("yes") if parameter.identified else _("no: keeps its prior")),
        ]
        for parameter in found
    ]
    data_console().print(plain_table(headings, rows, numeric=(1,)))
