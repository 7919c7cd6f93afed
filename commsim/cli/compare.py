"""`commsim compare`: several rules on the same residents and the same luck."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commsim.cli import options
from commsim.cli.framework import command, option
from commsim.cli.numbers import WholeNumberRange
from commsim.cli.output import Wrapped, data_console, print_table, tell, tell_warning, write_json
from commsim.cli.progress import progress_bar
from commsim.cli.scenarios import tell_notes
from commsim.errors import RunsFailed
from commsim.i18n import N_, _, counted

if TYPE_CHECKING:
    from rich.console import Console

    from commsim.study import Comparison

DEFAULT_SCENARIO = "jingan-pilot"
DEFAULT_BASELINE = "basic.none"


@command(
    "compare",
    help=N_(
        "Compare rules on SCENARIO (default: jingan-pilot), each paired with the baseline on the same residents and "
        "the same luck.\n\n"
        "Prints paired differences with 95% intervals; writes tables, figures and a page to open in a browser."
    ),
)
@click.argument("scenario", default=DEFAULT_SCENARIO, shell_complete=options.complete_scenario)
@option(
    "--rule",
    "rules",
    multiple=True,
    metavar="ID[:k=v,…]",
    shell_complete=options.complete_rule,
    help=N_(
        "Rule with parameters, such as match.linear:rate=2, or all for the whole library. Repeatable (default: the "
        "eight that come first)."
    ),
)
@option(
    "--baseline",
    default=DEFAULT_BASELINE,
    show_default=True,
    metavar="ID[:k=v,…]",
    shell_complete=options.complete_rule,
    help=N_("Rule that the others are compared with."),
)
@option(
    "--replicates",
    type=WholeNumberRange(min=1, max=100_000),
    metavar="N",
    help=N_("How many lucks each rule is tried on (default: 5). One gives no intervals."),
)
@options.seed_option()
@option("--workers", type=WholeNumberRange(min=1, max=1_000), metavar="N", help=N_("Processes (default: one a core)."))
@options.set_option()
@options.plugin_option()
@options.no_plugins_option()
@options.rule_seconds_option()
@option(
    "--indicator",
    "indicators",
    multiple=True,
    metavar="NAME",
    shell_complete=options.complete_indicator,
    help=N_(
        "Indicator whose rules are held against each other in the terminal and in --json, such as volunteer_hours, or "
        "all. Repeatable (default: active_residents; in --json all, of many rules the headline indicators)."
    ),
)
@options.out_option()
@options.json_option()
def compare(
    scenario: str,
    rules: tuple[str, ...],
    baseline: str,
    replicates: int | None,
    seed: int | None,
    workers: int | None,
    overrides: tuple[str, ...],
    plugin_files: tuple[Path, ...],
    no_plugins: bool,
    seconds: float | None,
    indicators: tuple[str, ...],
    out: Path | None,
    as_json: bool,
) -> None:
    """Compare rules and write the folder of the comparison."""
    asked = _asked(indicators)
    catalogue = options.catalogue_of(plugin_files, no_plugins)
    from commsim.scenario import load_scenario

    loaded = load_scenario(scenario, options.with_seconds(overrides, seconds))
    tell_notes(loaded)
    options.check_output(out, f"{loaded.name}-compare")
    from commsim import study
    from commsim.study.comparison import EveryRunFailed

    with progress_bar() as progress:
        try:
            comparison = study.compare(
                loaded,
                rules or None,
                replicates,
                baseline=baseline,
                seed=seed,
                workers=workers,
                catalogue=catalogue,
                progress=progress,
            )
        except EveryRunFailed as error:  # told below, after what failed is written
            comparison = error.comparison
        folder = _write(comparison, out)
    if as_json:
        write_json(_document(comparison, folder, asked))
    else:
        _show(comparison, folder, asked)
    skipped = comparison.skipped_text()
    if skipped is not None:
        tell_warning(skipped)
    failed = comparison.failed_text()
    if failed is not None:
        raise RunsFailed(failed)


def _write(comparison: Comparison, out: Path | None) -> Path:
    from commsim.report import write_report
    from commsim.store.results import write_comparison

    # Where every run failed there is nothing to draw; the failures are still written.
    add = (lambda folder: write_report(comparison, folder)) if comparison.results else None
    return write_comparison(comparison, out, add=add, warn=tell_warning)


def _asked(names: tuple[str, ...]) -> tuple[str, ...]:
    if not names:
        return ()
    from commsim.cli.pairwise_table import indicators_asked  # takes long to import, and most do not ask

    return indicators_asked(names)


def _document(comparison: Comparison, folder: Path, asked: tuple[str, ...]) -> dict[str, Any]:
    from commsim.cli.pairwise_table import json_pairs

    pairs, left_out = json_pairs(comparison, asked)
    return {
        "command": "compare",
        "scenario": comparison.scenario.name,
        "seed": comparison.seed,
        "replicates": comparison.replicates,
        "baseline": comparison.baseline,
        "rules": [
            {"label": arm.label, "id": arm.rule_id, "title": arm.title, "parameters": dict(arm.parameters)}
            for arm in comparison.arms
        ],
        "folder": folder,
        "table": comparison.table(),
        "pairwise": pairs,
        "pairwise_left_out": left_out,
        "skipped_rounds": comparison.skipped(),
        "failures": [
            {"rule": one.rule, "replicate": one.replicate, "kind": one.kind, "error": one.error}
            for one in comparison.failures
        ],
    }


def _show(comparison: Comparison, folder: Path, asked: tuple[str, ...]) -> None:
    from commsim.cli.comparison_table import comparison_notes, comparison_table

    console = data_console()
    heading = _("{scenario}: paired differences from {baseline}, {replicates}, seed {seed}")
    console.print(
        str(
            heading.format(
                scenario=comparison.scenario.name,
                baseline=comparison.baseline,
                replicates=counted("{n} replicate", "{n} replicates", comparison.replicates),
                seed=comparison.seed,
            )
        )
    )
    whole_labels = not console.file.isatty()
    print_table(console, comparison_table(comparison, console.width, whole_labels=whole_labels))
    for note in comparison_notes(comparison):
        console.print(Wrapped(str(note)))
    _show_pairs(comparison, console, asked)
    tell(_("Results: {folder}").format(folder=folder))
    page = folder / "index.html"
    if page.exists():
        tell(_("Open in a browser: {page}").format(page=page))


def _show_pairs(comparison: Comparison, console: Console, asked: tuple[str, ...]) -> None:
    from commsim.cli.pairwise_table import DEFAULT, pairwise_notes, pairwise_table, worth

    # With one rule beside the baseline the table above says it already.
    chosen = asked or (DEFAULT if len(comparison.rules) > 2 else ())
    for indicator in chosen:
        table = pairwise_table(comparison, indicator)
        if table is not None:
            print_table(console, table)
        for note in pairwise_notes(comparison, indicator):
            console.print(Wrapped(str(note)))
    for note in worth(comparison, chosen or DEFAULT):
        console.print(Wrapped(str(note)))
