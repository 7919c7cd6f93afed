"""The command line: `commsim run`, `compare`, `trace`, `scenarios`, `rules`, `pb`, `lab`, `params`: words and widgets.

Data goes to stdout and messages to stderr. Exit codes: 0 done, 2 usage, 3 invalid input, 4 some runs failed, 5 no space
left to write to, 130 interrupted, 141 nobody reads the output any more, 1 a bug of commsim. Nothing heavy is imported
before a command needs it: `--help` is quick.
"""

from __future__ import annotations

import signal
from types import FrameType

import click

from commsim.about import __version__
from commsim.cli.framework import CommandLine, LazyCommand, Option
from commsim.i18n import N_


def _show_version(context: click.Context, _option: click.Parameter, asked: bool) -> None:
    if asked and not context.resilient_parsing:
        click.echo(f"commsim {__version__}")
        context.exit()


command_line = CommandLine(
    "commsim",
    help=N_(
        "Rehearse a community fund: see who takes part, and what moves, under different ways of handing it out, on a "
        "simulated district with the size and census of Jing'an."
    ),
    epilog=N_("Begin with: commsim compare. Then: commsim scenarios list, commsim rules list."),
    lazy_commands={
        "run": LazyCommand("commsim.cli.run:run", N_("Run one scenario under one rule.")),
        "compare": LazyCommand("commsim.cli.compare:compare", N_("Compare rules on the same residents and luck.")),
        "trace": LazyCommand("commsim.cli.trace:trace", N_("Tell the story of one project: a yuan, through whom.")),
        "scenarios": LazyCommand("commsim.cli.scenarios:scenarios", N_("List, show and check scenario files.")),
        "rules": LazyCommand("commsim.cli.rules:rules", N_("List and explain the ways of handing out the fund.")),
        "pb": LazyCommand("commsim.cli.elections:pb", N_("Allocate a real election and explain each result.")),
        "lab": LazyCommand("commsim.cli.lab:lab", N_("Test residents on published experiments; pose new ones.")),
        "params": LazyCommand("commsim.cli.params:params", N_("List every number that the model uses.")),
    },
    params=[
        Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_show_version,
            help=N_("Show the version and exit."),
        )
    ],
)


def main() -> None:
    """Entry point of the command `commsim`. Being ended by the system (SIGTERM) tidies up like Ctrl-C."""
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else whoever started it has it ignored
        signal.signal(signal.SIGINT, _interrupt)
    command_line()


class Interrupted(KeyboardInterrupt):
    """Ctrl-C. Of a kind of its own: where a bare KeyboardInterrupt passes through text that Python executes, as when a
    dataclass is made, Python ends by the signal itself at last, whatever exit code was chosen."""


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise Interrupted
