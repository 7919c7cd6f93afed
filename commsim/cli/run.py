"""`commsim run`: one scenario under one rule."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from commsim.cli import options
from commsim.cli.figures import number, unit_words
from commsim.cli.framework import command, option
from commsim.cli.output import (
    Wrapped,
    data_console,
    plain_table,
    said,
    tell,
    tell_note,
    tell_warning,
    words,
    write_json,
)
from commsim.cli.progress import progress_bar
from commsim.i18n import N_, _


@command(
    "run",
    help=N_(
        "Run SCENARIO once and write what happened.\n\n"
        "SCENARIO is the name of a shipped scenario (see: commsim scenarios list) or a .yaml file. --rule stands for "
        "the rule of the fund under comparison; the other funds keep theirs."
    ),
)
@click.argument("scenario", shell_complete=options.complete_scenario)
@option(
    "--rule",
    metavar="ID[:k=v,…]",
    shell_complete=options.complete_rule,
    help=N_("Rule with parameters, such as match.linear:rate=2 (default: the scenario's)."),
)
@options.seed_option()
@options.set_option()
@options.plugin_option()
@options.no_plugins_option()
@options.rule_seconds_option()
@options.out_option()
@options.json_option()
def run(
    scenario: str,
    rule: str | None,
    seed: int | None,
    overrides: tuple[str, ...],
    plugin_files: tuple[Path, ...],
    no_plugins: bool,
    seconds: float | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Run one scenario and write its folder."""
    from commsim.service.running import run as run_scenario

    with progress_bar() as progress:
        ran = run_scenario(
            scenario,
            rule,
            seed,
            overrides=overrides,
            plugin_files=plugin_files,
            installed_plugins=not no_plugins,
            rule_seconds=seconds,
            out=out,
            progress=progress,
            note=tell_note,
            warn=tell_warning,
        )
    if as_json:
        write_json(ran.document)
    else:
        _show(ran.document)
        tell(_("Results: {folder}").format(folder=ran.document["folder"]))
    if ran.skipped is not None:
        tell_warning(words(ran.skipped))


def _show(document: dict[str, Any]) -> None:
    console, rule, summary = data_console(), document["rule"], document["summary"]
    title = _("{scenario}: {months} months under {rule} ({title}), seed {seed}")
    console.print(
        str(
            title.format(
                scenario=document["scenario"],
                months=document["months"],
                rule=rule["label"],
                title=words(rule["title"]),
                seed=document["seed"],
            )
        )
    )
    rows = [(said(row["label"]), number(row["value"], row["unit"]), str(unit_words(row["unit"]))) for row in summary]
    console.print(plain_table([_("Indicator"), _("Value"), _("Unit")], rows, numeric=(1,)))
    for row in summary:
        if row["value"] is None:
            note = _("{dash} {indicator}: {reason}")
            told = note.format(dash="—", indicator=words(row["label"]), reason=words(row["undefined"]))
            console.print(Wrapped(str(told)))
