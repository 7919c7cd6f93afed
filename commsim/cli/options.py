"""Options that several commands take, and what they stand for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from commsim.cli.data_stream import data_alone_on_stdout
from commsim.cli.framework import option
from commsim.cli.numbers import NumberRange, WholeNumber, WholeNumberRange
from commsim.i18n import N_

if TYPE_CHECKING:
    from commsim.plugin_host.catalogue import Catalogue

Decorator = Callable[[Any], Any]
RULE_SECONDS_VARIABLE = "COMMSIM_RULE_SECONDS"
MOST_RULE_SECONDS = 30 * 24 * 3600  # as in a scenario file, whose schema takes long to import


def complete_scenario(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of shipped scenarios and YAML files that begin with `incomplete`."""
    from commsim.scenario import list_scenarios

    names = [one.name for one in list_scenarios() if one.name.startswith(incomplete)]
    return [*(CompletionItem(name) for name in names), CompletionItem(incomplete, type="file")]


@data_alone_on_stdout()
def complete_rule(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Ids of built-in and installed rules that begin with `incomplete`."""
    from commsim.plugin_host.loader import load_catalogue

    known = load_catalogue().list()
    return [CompletionItem(one.id, help=str(one.rule.title)) for one in known if one.id.startswith(incomplete)]


def complete_indicator(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Ids of indicators that begin with `incomplete`, and `all`."""
    from commsim.record import standard_indicators

    known = [CompletionItem(one.id, help=str(one.label)) for one in standard_indicators()]
    return [item for item in [*known, CompletionItem("all")] if item.value.startswith(incomplete)]


def seed_option() -> Decorator:
    """`--seed N`; the same range as in a scenario file."""
    return option(
        "--seed",
        type=WholeNumber(),
        callback=_in_seed_range,
        metavar="N",
        help=N_("Root of all chance (default: scenario's)."),
    )


def _in_seed_range(context: click.Context, parameter: click.Parameter, seed: int | None) -> int | None:
    if seed is None:
        return None
    from commsim.scenario.schema import LARGEST_SEED  # takes long to import, and help does not need it

    return WholeNumberRange(0, LARGEST_SEED).convert(seed, parameter, context)


def set_option() -> Decorator:
    """`--set dotted.path=value`, any number of times."""
    return option(
        "--set",
        "overrides",
        multiple=True,
        metavar="PATH=VALUE",
        help=N_(
            "Change one value of the scenario, such as months=24 or parameters.money.hour_rate_yuan=25. Repeatable."
        ),
    )


def plugin_option() -> Decorator:
    """`--plugin FILE`, any number of times."""
    return option(
        "--plugin",
        "plugin_files",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help=N_("Python file with a rule of your own. It is run as a program: use only files you trust. Repeatable."),
    )


def no_plugins_option() -> Decorator:
    """`--no-plugins`."""
    return option(
        "--no-plugins",
        is_flag=True,
        help=N_("Leave out plugins of installed distributions; built-in rules and --plugin files stay."),
    )


def rule_seconds_option() -> Decorator:
    """`--rule-seconds N`, or the environment variable."""
    return option(
        "--rule-seconds",
        "seconds",
        type=NumberRange(min=0, min_open=True, max=MOST_RULE_SECONDS),
        envvar=RULE_SECONDS_VARIABLE,
        metavar="N",
        help=N_("Seconds that one call of a rule may take (also COMMSIM_RULE_SECONDS; default: the scenario's)."),
    )


def limited(seconds: float | None) -> AbstractContextManager[None]:
    """A block in which a call of a rule may take that long; None leaves the limit as it is."""
    from commsim.calling.time_limit import rule_seconds

    return nullcontext() if seconds is None else rule_seconds(seconds)


def with_seconds(overrides: Sequence[str], seconds: float | None) -> tuple[str, ...]:
    """A scenario's overrides with the limit for calls of rules among them, so that the manifest records it."""
    return (*overrides,) if seconds is None else (*overrides, f"rule_seconds={seconds:g}")


def out_option() -> Decorator:
    """`--out DIR`."""
    return option(
        "--out",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help=N_("New folder for the results (default: a numbered one in results/)."),
    )


def json_option() -> Decorator:
    """`--json`."""
    return option("--json", "as_json", is_flag=True, help=N_("Write one JSON document to stdout."))


def catalogue_of(plugin_files: Sequence[Path], no_plugins: bool = False) -> Catalogue:
    """The rules that are built in, installed (unless `no_plugins`), or in the given files."""
    from commsim.plugin_host.loader import load_catalogue

    return load_catalogue(list(plugin_files), entry_points=not no_plugins)


def check_output(out: Path | None, stem: str) -> None:
    """Say at once, and not after minutes of simulation, that the folder for the results cannot be made.

    `stem`: how a numbered folder begins. Raises InvalidInput.
    """
    from commsim.store.folders import check_output as check

    check(out, stem)
