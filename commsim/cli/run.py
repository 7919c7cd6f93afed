"""`commsim run`: one scenario under one rule."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commsim.cli import options
from commsim.cli.figures import number, unit_words
from commsim.cli.framework import command, option
from commsim.cli.output import Wrapped, data_console, plain_table, tell, tell_warning, write_json
from commsim.cli.progress import progress_bar
from commsim.cli.scenarios import tell_notes
from commsim.i18n import N_, _

if TYPE_CHECKING:
    from commsim.record import RunResult


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
    catalogue = options.catalogue_of(plugin_files, no_plugins)
    from commsim.scenario import load_scenario

    loaded = load_scenario(scenario, options.with_seconds(overrides, seconds))
    tell_notes(loaded)
    options.check_output(out, f"{loaded.name}-run")
    from commsim.study import simulate
    from commsim.study.skipped import skipped_text

    with progress_bar() as progress:
        result = simulate(loaded, rule, seed, catalogue=catalogue, progress=progress)
        folder = _write(result, out)
    if as_json:
        write_json(_document(result, folder))
    else:
        _show(result)
        tell(_("Results: {folder}").format(folder=folder))
    skipped = skipped_text([result])
    if skipped is not None:
        tell_warning(skipped)


def _write(result: RunResult, out: Path | None) -> Path:
    from commsim.report import write_run_report
    from commsim.store.results import write_run

    return write_run(result, out, add=lambda folder: write_run_report(result, folder), warn=tell_warning)


def _document(result: RunResult, folder: Path) -> dict[str, Any]:
    from commsim.record import standard_indicators
    from commsim.study.skipped import skipped_table

    known = standard_indicators()
    summary = [
        {"indicator": name, "value": value, "unit": known[name].unit, "label": known[name].label}
        | ({"undefined": known[name].undefined} if value is None else {})
        for name, value in result.values.items()
    ]
    return {
        "command": "run",
        "scenario": result.scenario.name,
        "rule": {"label": result.rule, "id": result.rule_id, "title": result.title, "parameters": result.parameters},
        "seed": result.seed,
        "replicate": result.replicate,
        "months": result.months,
        "folder": folder,
        "skipped_rounds": skipped_table([result]),
        "summary": summary,
    }


def _show(result: RunResult) -> None:
    from commsim.record import standard_indicators

    console = data_console()
    title = _("{scenario}: {months} months under {rule} ({title}), seed {seed}")
    console.print(
        str(
            title.format(
                scenario=result.scenario.name,
                months=result.months,
                rule=result.rule,
                title=result.title,
                seed=result.seed,
            )
        )
    )
    rows = [
        (str(one.label), number(result.values[one.id], one.unit), str(unit_words(one.unit)))
        for one in standard_indicators()
        if not one.paired
    ]
    console.print(plain_table([_("Indicator"), _("Value"), _("Unit")], rows, numeric=(1,)))
    for one in standard_indicators():
        if not one.paired and result.values[one.id] is None:
            note = _("{dash} {indicator}: {reason}").format(dash="—", indicator=one.label, reason=one.undefined)
            console.print(Wrapped(str(note)))
