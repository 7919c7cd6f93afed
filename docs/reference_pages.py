"""The reference, made from the program itself when the pages are built, so that it cannot fall behind.

Each function of `GENERATED` gives the MyST text of one list in one language: commands from Click, rules and modifiers
from the catalogue, parameters and indicators from their registries, Python names from `__all__`. A page takes one in by
a line of its own, `<!-- from the program: rules zh -->` (`conf.py` puts the text there).
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from itertools import groupby
from typing import Any

import click

from commsim import errors
from commsim.cli import command_line
from commsim.cli.failures import INTERRUPTED, READER_LEFT
from commsim.contracts import Modifier, Rule
from commsim.contracts.needs import meaning_of_need
from commsim.contracts.properties import KNOWN
from commsim.i18n import Language, Text, current_language, translated_if_known, use_language
from commsim.plugin_host.catalogue import Catalogue
from commsim.plugin_host.loader import load_catalogue
from commsim.record.indicators import Indicator
from commsim.record.standard_indicators import standard_indicators
from commsim.scenario import load_registry
from commsim.scenario.registry import Parameter

PUBLIC_MODULES = ("commsim", "commsim.rules", "commsim.contracts", "commsim.lab", "commsim.scenario", "commsim.study")
"""Modules whose `__all__` the Python reference lists; a name is described where it comes first."""

RETURNED = {
    "commsim.record.run_result": ("RunResult",),
    "commsim.record.run_record": ("RunRecord",),
    "commsim.store.results": ("write_comparison", "write_run"),
}
"""What the functions of the public modules return, and what writes it."""


def prose(text: str) -> str:
    """Plain words as MyST shows them unchanged; what stands between backquotes stays code, `>>>` a code block."""
    blocks = re.split(r"\n\s*\n", text.strip())
    return "\n\n".join(
        f"```pycon\n{block}\n```" if block.lstrip().startswith(">>>") else _line(block) for block in blocks
    )


def _line(text: str) -> str:
    parts = re.split(r"(`[^`]+`)", text)
    return "".join(part if part.startswith("`") else re.sub(r"([\\*_\[\]<>|#$~`{}])", r"\\\1", part) for part in parts)


def _cell(text: object) -> str:
    """Words in one cell of a table."""
    return " ".join(_line(str(text)).split()) or "—"


def _code(text: object) -> str:
    """Something that is typed, in one cell of a table."""
    return "`" + str(text).replace("|", "\\|") + "`" if str(text) else "—"


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [headings, [":---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _say(message: str, language: Language) -> str:
    """A word of the program's own catalogue of messages."""
    return Text(message).to(language)


_COLON: dict[Language, str] = {"en": ": ", "zh": "："}


# Commands


def commands(language: Language) -> str:
    """Every command with its help and options, as `--help` says them."""
    before = current_language()
    use_language(language)  # Click's helps are put into words when they are read
    try:
        return "\n\n".join(_described_commands("commsim", command_line, 2, language))
    finally:
        use_language(before)


def _described_commands(name: str, command: click.Command, level: int, language: Language) -> Iterator[str]:
    context = command.context_class(command, info_name=name, **command.context_settings)
    yield f"{'#' * min(level, 4)} `{name}`"
    yield f"```text\n{name} {' '.join(command.collect_usage_pieces(context))}\n```"
    yield prose((command.help or command.short_help or "").replace("\b", ""))
    records = [parameter.get_help_record(context) for parameter in command.get_params(context)]
    rows = [record for record in records if record and record[0].startswith("-")]  # arguments stand in the text above
    if rows:
        headings = (_say("Options", language), _say("What it does", language))
        yield _table(headings, [(_code(option), _cell(said)) for option, said in rows])
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            assert found is not None
            yield from _described_commands(f"{name} {below}", found, level + 1, language)


def exit_codes(language: Language) -> str:
    """What the numbers mean with which a command ends, from the errors that carry them."""
    meanings: dict[int, list[str]] = {0: ["Done."]}
    for kind in _kinds_of(errors.CommsimError):
        if kind.__doc__ and kind.exit_code == vars(kind).get("exit_code"):
            meanings.setdefault(kind.exit_code, []).append(kind.__doc__.split("(exit code")[0].strip())
    meanings[errors.BrokenInvariant.exit_code] = [errors.BrokenInvariant.__doc__ or ""]
    meanings[INTERRUPTED] = ["Interrupted (Ctrl-C, or ended by the system). Nothing is left half-written."]
    meanings[READER_LEFT] = ["Nobody reads the output any more, as where `| head` has read enough."]
    rows = [(f"`{code}`", _cell(" ".join(said))) for code, said in sorted(meanings.items())]
    return _table(("Exit code", "Meaning"), rows)


def _kinds_of(kind: type[errors.CommsimError]) -> Iterator[type[errors.CommsimError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _kinds_of(below)


# Indicators and parameters


ALWAYS = Text("it is always defined")
"""What an indicator says that has no reason to lack a value."""


def indicators(language: Language) -> str:
    """Every indicator: what it counts, its unit, and when it has no value."""
    return "\n\n".join(_described_indicator(indicator, language) for indicator in standard_indicators())


def _described_indicator(indicator: Indicator, language: Language) -> str:
    paired = {"en": " · of a rule and its baseline together", "zh": " · 规则与基准情形相比才有"}
    no_value = {"en": "No value where: ", "zh": "无数值的情形："}
    parts = [
        f"## {_line(indicator.label.to(language))}",
        f"`{indicator.id}` · {_line(indicator.unit_label.to(language))}{paired[language] if indicator.paired else ''}",
        _line(indicator.doc.to(language)),
    ]
    if indicator.undefined != ALWAYS:
        parts.append(f"{no_value[language]}{_line(indicator.undefined.to(language))}")
    return "\n\n".join(parts)


def parameters(language: Language) -> str:
    """Every number of the model, a table for each subject."""
    headings = [_say(word, language) for word in ("Name", "Value", "Range", "What it does")]
    subjects = groupby(load_registry().values(), key=lambda parameter: parameter.name.split(".")[0])
    return "\n\n".join(
        f"## `{subject}`\n\n{_table(headings, [_parameter_row(parameter, language) for parameter in those])}"
        for subject, those in subjects
    )


def _parameter_row(parameter: Parameter, language: Language) -> tuple[str, ...]:
    unit = f"{_say('Unit', language)}{_COLON[language]}{parameter.unit_in_words.to(language)}"
    source = f"{_say('Source', language)}{_COLON[language]}{translated_if_known(parameter.source).to(language)}"
    identified = Text("Identified by: {what}").format(what=translated_if_known(parameter.identified_by))
    lines = (parameter.doc.to(language), unit, source, identified.to(language))
    return (
        f"`{parameter.name}`",
        f"{parameter.value:g}",
        f"{parameter.low:g}…{parameter.high:g}",
        "<br>".join((f"**{_cell(parameter.label.to(language))}**", *map(_cell, lines))),
    )


# Rules


@cache
def _catalogue() -> Catalogue:
    """Built-in rules alone: what else is installed on the machine that builds the pages is not documented here."""
    return load_catalogue(entry_points=False)


def rules(language: Language) -> str:
    """Every rule, family by family, and every modifier."""
    families: dict[str, list[type[Rule]]] = {}
    for entry in _catalogue().list():
        families.setdefault(entry.rule.family, []).append(entry.rule)
    sections = [(f"`{family}`", those) for family, those in sorted(families.items())]
    modifiers = [entry.modifier for entry in _catalogue().modifiers.values()]
    parts = [(heading, [_described_rule(rule, language) for rule in those]) for heading, those in sections]
    parts.append((_say("Modifier", language), [_described_rule(modifier, language) for modifier in modifiers]))
    return "\n\n".join("\n\n".join((f"## {heading}", *described)) for heading, described in parts)


def _described_rule(shown: type[Rule] | type[Modifier], language: Language) -> str:
    parts = [
        f"### {_line(shown.title.to(language))}\n\n`{shown.id}`",
        _line(shown.summary.to(language)),
        prose(inspect.getdoc(shown) or "") if language == "en" else "",
        _rule_parameters(shown, language),
        _words(_say("Needs", language), {need: meaning_of_need(need) for need in shown.needs}, language),
        _words(_say("Properties", language), _claims(shown), language),
    ]
    if shown.source:
        source = translated_if_known(shown.source).to(language)
        parts.append(f"{_say('Source', language)}{_COLON[language]}{_line(source)}")
    return "\n\n".join(part for part in parts if part)


def _claims(shown: type[Rule] | type[Modifier]) -> dict[str, Text]:
    return {claim: KNOWN.get(claim, Text("")) for claim in getattr(shown, "properties", ())}


def _words(heading: str, meanings: Mapping[str, Text], language: Language) -> str:
    """Words of the contract, each with its meaning."""
    lines = [f"- `{word}`{_COLON[language]}{_line(meaning.to(language))}" for word, meaning in sorted(meanings.items())]
    return "\n".join((f"{heading}{_COLON[language].strip()}", "", *lines)) if lines else ""


def _rule_parameters(shown: type[Rule] | type[Modifier], language: Language) -> str:
    headings = [_say(word, language) for word in ("Parameter", "Default", "Range", "Unit", "What it does")]
    rows = [
        (
            f"`{name}`",
            f"`{_typed(default)}`",
            _code(_bounds(facts)),
            _cell(translated_if_known(facts.get("unit") or "").to(language)),
            _cell(_in(facts.get("doc") or "", language)),
        )
        for name, default, facts in shown.parameters()
    ]
    return _table(headings, rows) if rows else ""


def _in(text: object, language: Language) -> str:
    return text.to(language) if isinstance(text, Text) else str(text)


def _typed(default: object) -> str:
    """A default as one types it: `none`, `true` and `false` in small letters."""
    return str(default).lower() if default is None or isinstance(default, bool) else str(default)


def _bounds(facts: Mapping[str, Any]) -> str:
    if facts.get("choices"):
        return " | ".join(map(str, facts["choices"]))
    low, high = facts.get("ge"), facts.get("le")
    return "" if low is None and high is None else f"{'' if low is None else low}…{'' if high is None else high}"


# Python


def python(language: Language) -> str:
    """Every name of the public modules, described by autodoc where it comes first."""
    described: dict[int, str] = {}
    return "\n\n".join(_described_module(module, names, described) for module, names in _public_names())


def _public_names() -> Iterator[tuple[str, Sequence[str]]]:
    for module in PUBLIC_MODULES:
        yield module, import_module(module).__all__
    yield from RETURNED.items()


def _described_module(module: str, names: Sequence[str], described: dict[int, str]) -> str:
    found = import_module(module)
    parts = [f"## `{module}`", prose((inspect.getdoc(found) or "").partition("\n")[0])]
    for name in sorted(names, key=str.casefold):
        value, full = getattr(found, name), f"{module}.{name}"
        first = described.setdefault(id(value), full)
        parts.append(_directive(full, value) if first == full else f"`{full}` is `{first}`.")
    return "\n\n".join(parts)


def _directive(full: str, value: object) -> str:
    if inspect.isclass(value):
        directive = f".. autoclass:: {full}\n   :members:"
    elif inspect.isroutine(value):
        directive = f".. autofunction:: {full}"
    else:
        return f"`{full}`"
    return f"```{{eval-rst}}\n{directive}\n```"


GENERATED: dict[str, Callable[[Language], str]] = {
    "commands": commands,
    "exit-codes": exit_codes,
    "indicators": indicators,
    "parameters": parameters,
    "python": python,
    "rules": rules,
}
"""The lists that a page can take in, by the word that it takes them in by."""
