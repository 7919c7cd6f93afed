"""Options that several commands take, and what they stand for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from commsim.cli.data_stream import data_alone_on_stdout
from commsim.cli.framework import option
from commsim.cli.numbers import NumberRange, WholeNumber, WholeNumberRange
from commsim.cli.output import said
from commsim.i18n import N_

Decorator = Callable[[Any], Any]
RULE_SECONDS_VARIABLE = "COMMSIM_RULE_SECONDS"
MOST_RULE_SECONDS = 30 * 24 * 3600  # as in a scenario file, whose schema takes long to import


def complete_scenario(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of shipped scenarios and YAML files that begin with `incomplete`."""
    from commsim.service.scenarios import scenario_names

    names = [name for name in scenario_names() if name.startswith(incomplete)]
    return [*(CompletionItem(name) for name in names), CompletionItem(incomplete, type="file")]


@data_alone_on_stdout()
def complete_rule(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Ids of built-in and installed rules that begin with `incomplete`."""
    from commsim.service.rules import rule_titles

    known = rule_titles().items()
    return [CompletionItem(rule, help=said(title)) for rule, title in known if rule.startswith(incomplete)]


def complete_indicator(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Ids of indicators that begin with `incomplete`, and `all`."""
    from commsim.service.indicators import ALL, indicator_facts

    known = [CompletionItem(name, help=said(facts["label"])) for name, facts in indicator_facts().items()]
    return [item for item in [*known, CompletionItem(ALL)] if item.value.startswith(incomplete)]


def complete_dimension(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """What residents are told apart by that begins with `incomplete`, and `all`."""
    from commsim.service.words import DIMENSIONS

    known = [CompletionItem(name, help=str(words)) for name, words in DIMENSIONS.items()]
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
    from commsim.service.scenarios import LARGEST_SEED  # takes long to import, and help does not need it

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
