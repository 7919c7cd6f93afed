"""`commsim trace`: the story of one project of a run."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from commsim.cli import options
from commsim.cli.figures import UNDEFINED, number
from commsim.cli.framework import command, option
from commsim.cli.numbers import WholeNumberRange
from commsim.cli.output import (
    Wrapped,
    data_console,
    listing,
    plain_table,
    print_table,
    said,
    tell_note,
    words,
    write_json,
)
from commsim.cli.progress import progress_bar
from commsim.i18n import N_, Text, _, current_language

MOST_LISTED = 40
"""Projects that are listed; all of them are in --json."""
_MOST_REPLICATES = 100_000


@command(
    "trace",
    help=N_(
        "Tell the story of one project of RUN, from the first complaint to the appraisal, and what a yuan did in it, "
        "through whom. Without --project the projects of the run are listed.\n\n"
        "RUN is a folder that commsim run or commsim compare wrote. It may also be a scenario, which is run first and "
        "of which nothing is kept."
    ),
)
@click.argument("run", shell_complete=options.complete_scenario)
@option("--project", metavar="ID", help=N_("Id of the project, or a part of it that no other has."))
@option(
    "--rule",
    metavar="ID[:k=v,…]",
    shell_complete=options.complete_rule,
    help=N_("Of a folder: which of its rules (default: the first that has projects). Of a scenario: the rule to run."),
)
@option(
    "--replicate",
    type=WholeNumberRange(0, _MOST_REPLICATES),
    metavar="N",
    help=N_("Which luck of the seed, from 0 (default: the first)."),
)
@options.seed_option()
@options.set_option()
@options.plugin_option()
@options.no_plugins_option()
@options.json_option()
def trace(
    run: str,
    project: str | None,
    rule: str | None,
    replicate: int | None,
    seed: int | None,
    overrides: tuple[str, ...],
    plugin_files: tuple[Path, ...],
    no_plugins: bool,
    as_json: bool,
) -> None:
    """Tell the story of a project, or list the projects."""
    from commsim.service.tracing import trace as traced

    with progress_bar() as progress:
        document = traced(
            run,
            project,
            rule,
            replicate,
            seed,
            overrides=overrides,
            plugin_files=plugin_files,
            installed_plugins=not no_plugins,
            progress=progress,
            note=tell_note,
        ).document
    if as_json:
        write_json(document)
    elif project is None:
        _list(document, _command(run, rule, replicate, seed, overrides, plugin_files))
    else:
        _tell_story(document)


def _command(
    run: str,
    rule: str | None,
    replicate: int | None,
    seed: int | None,
    overrides: Sequence[str],
    plugin_files: Sequence[Path],
) -> str:
    """The command line that was given, without what only says how to show it."""
    given: list[tuple[str, Any]] = [("--rule", rule), ("--replicate", replicate), ("--seed", seed)]
    given += [("--set", override) for override in overrides] + [("--plugin", file) for file in plugin_files]
    parts = [part for name, value in given if value is not None for part in (name, str(value))]
    return shlex.join(["commsim", "trace", run, *parts])


def _list(document: Mapping[str, Any], again: str) -> None:
    """The projects, newest first, and how one of them is told: by the same command, `again`, with --project."""
    console, projects = data_console(), document["projects"]
    console.print(str(_heading(document)))
    if not projects:
        console.print(str(_("There are no projects: this rule takes no proposals, or nobody made one.")))
        return
    headings = [_("Project"), _("Ask"), _("Award"), _("People"), _("Hours"), _("End")]
    rows = [_row(project) for project in projects[:MOST_LISTED]]
    print_table(console, plain_table(headings, rows, numeric=(1, 2, 3, 4), ids=(0,)))
    if len(projects) > MOST_LISTED:
        console.print(str(_("… and {n} more, which --json lists").format(n=len(projects) - MOST_LISTED)))
    hint = _("Ask and award in yuan; people who gave hours, or money that stayed. The story of one: {command}")
    liveliest = max(projects, key=lambda project: project["people"])
    console.print(Wrapped(str(hint.format(command=f"{again} --project {liveliest['short_id']}"))))


def _row(project: Mapping[str, Any]) -> tuple[str, ...]:
    about = _("{kind}, started by: {initiator}").format(
        kind=words(project["kind"]), initiator=words(project["initiator"])
    )
    return (
        f"{project['short_id']}\n{about}",
        number(project["ask_yuan"], "yuan"),
        number(project["award_yuan"], "yuan"),
        f"{project['people']:,}",
        number(project["hours"], "hours"),
        said(project["end"]),
    )


def _tell_story(document: Mapping[str, Any]) -> None:
    """The story month by month, then what it comes to, through whom."""
    console = data_console()
    for line in (str(_heading(document)), str(document["project"]), said(document["title"])):
        console.print(Wrapped(line))
    console.print()
    console.print(listing((month["date"], _sentences(month["sentences"])) for month in document["months"]))
    console.print()
    console.print(str(_("What a yuan did here")))
    console.print(listing((said(figure["name"]), said(figure["value"])) for figure in document["figures"]))
    if document["through"]:
        console.print()
        console.print(str(_("Through whom")))
        headings = [_("Who asked"), _("Asked"), _("Came"), _("Assumption")]
        rows = [_through(row) for row in document["through"]]
        print_table(console, plain_table(headings, rows, numeric=(1, 2)))
    for remark in document["remarks"]:
        console.print(Wrapped(said(remark)))


def _through(row: Mapping[str, Any]) -> tuple[str, ...]:
    asked = UNDEFINED if row["asked"] is None else f"{row['asked']:,}"
    return said(row["label"]), asked, f"{row['came']:,}", f"{row['parameter']} = {row['value']:g}"


def _sentences(sentences: Sequence[Any]) -> str:
    return ("" if current_language() == "zh" else " ").join(map(said, sentences))


def _heading(document: Mapping[str, Any]) -> Text:
    rule = document["rule"]
    return _("{scenario} under {rule} ({title}), seed {seed}, replicate {replicate}").format(
        scenario=document["scenario"],
        rule=rule["label"],
        title=words(rule["title"]),
        seed=document["seed"],
        replicate=document["replicate"],
    )
