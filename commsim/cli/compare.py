"""`commsim compare`: several rules on the same residents and the same luck."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commsim.cli import options
from commsim.cli.framework import command, option
from commsim.cli.numbers import WholeNumberRange
from commsim.cli.output import Wrapped, data_console, print_table, tell, tell_note, tell_warning, words, write_json
from commsim.cli.progress import progress_bar
from commsim.errors import RunsFailed
from commsim.i18n import N_, _, counted

if TYPE_CHECKING:
    from rich.console import Console

    from commsim.service.comparing import Compared

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
        "all. Repeatable (default: net_drawn_in; in --json all, of many rules the headline indicators)."
    ),
)
@option(
    "--who-gains",
    "who_gains",
    multiple=True,
    metavar="NAME",
    shell_complete=options.complete_dimension,
    help=N_(
        "Print who gains by what residents are, such as need_fifth or committee_size, or by all. Repeatable (another "
        "NAME lists them; the page and --json have all)."
    ),
)
@option(
    "--no-counterfactuals",
    is_flag=True,
    help=N_(
        "Do not add what effects are split by: no fund, the same money on services, and the call without money once "
        "for each form of ballot."
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
    who_gains: tuple[str, ...],
    no_counterfactuals: bool,
    out: Path | None,
    as_json: bool,
) -> None:
    """Compare rules and write the folder of the comparison."""
    from commsim.service.comparing import compare as compare_rules

    with progress_bar() as progress:
        compared = compare_rules(
            scenario,
            rules,
            baseline=baseline,
            replicates=replicates,
            seed=seed,
            workers=workers,
            overrides=overrides,
            plugin_files=plugin_files,
            installed_plugins=not no_plugins,
            rule_seconds=seconds,
            indicators=indicators,
            who_gains=who_gains,
            counterfactuals=not no_counterfactuals,
            out=out,
            progress=progress,
            note=tell_note,
            warn=tell_warning,
        )
    if as_json:
        write_json(compared.document)
    else:
        _show(compared)
    if compared.skipped is not None:
        tell_warning(words(compared.skipped))
    if compared.failed is not None:
        raise RunsFailed(words(compared.failed))


def _show(compared: Compared) -> None:
    from commsim.cli.comparison_table import comparison_notes, comparison_table

    console, document = data_console(), compared.document
    heading = _("{scenario}: paired differences from {baseline}, {replicates}, seed {seed}")
    console.print(
        str(
            heading.format(
                scenario=document["scenario"],
                baseline=document["baseline"],
                replicates=counted("{n} replicate", "{n} replicates", document["replicates"]),
                seed=document["seed"],
            )
        )
    )
    whole_labels = not console.file.isatty()
    print_table(console, comparison_table(compared, console.width, whole_labels=whole_labels))
    if compared.scarcity is not None:
        console.print(Wrapped(str(_("{text}.").format(text=words(compared.scarcity)))))
    for note in comparison_notes(compared):
        console.print(Wrapped(str(note)))
    _show_parts(compared, console)
    _show_pairs(compared, console)
    tell(_("Results: {folder}").format(folder=document["folder"]))
    if compared.page is not None:
        tell(_("Open in a browser: {page}").format(page=compared.page))


def _show_parts(compared: Compared, console: Console) -> None:
    from commsim.cli.parts_table import split_notes, split_table, who_gains_notes, who_gains_table

    table = split_table(compared)
    if table is not None:
        print_table(console, table)
    for note in split_notes(compared):
        console.print(Wrapped(str(note)))
    for by in compared.kinds:
        print_table(console, who_gains_table(compared, by))
        for note in who_gains_notes(compared, by):
            console.print(Wrapped(str(note)))


def _show_pairs(compared: Compared, console: Console) -> None:
    from commsim.cli.pairwise_table import pairwise_notes, pairwise_table, worth

    # With one rule beside the baseline the table above says it already.
    shown = compared.pairs if compared.asked or len(compared.document["rules"]) > 2 else []
    for pairs in shown:
        table = pairwise_table(pairs)
        if table is not None:
            print_table(console, table)
        for note in pairwise_notes(pairs):
            console.print(Wrapped(str(note)))
    for note in worth(compared.pairs):
        console.print(Wrapped(str(note)))
