"""Trying a rule on a plain dictionary, unrounded and without a model: for examples, tests and notebooks.

Amounts are plain numbers in one unit (yuan, or anything); parameters whose names end in `_yuan` are in the same unit.
A rule whose plugin brings a plain input for it (`commsim_plain_inputs`; all built-in families do) answers unrounded, in
the form usual in its literature. Any other rule is shown a made round and answers in whole fen, given back as yuan by
proposal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from commsim.calling.origins import origin_of
from commsim.contracts import PlainInput, Rule
from commsim.contracts.plain_inputs import Plain
from commsim.errors import InvalidInput, RuleError
from commsim.evaluation.of_a_file import winners_in
from commsim.evaluation.plain_checks import Wrong
from commsim.evaluation.plain_input import checked
from commsim.evaluation.plain_round import in_a_round, lacking, words_read
from commsim.i18n import LONGEST_REPEATED, Short, _, cut
from commsim.plugin_host.catalogue import Catalogue
from commsim.plugin_host.loader import load_catalogue
from commsim.plugin_host.own_rules import class_of
from commsim.plugin_host.plain_inputs import form_of, opened
from commsim.plugin_host.values import convert

_INPUT = "input."
"""How words of a form begin that mean a word of the input, and no parameter."""
_WRITTEN = re.compile(r"\s*([\w.]+)\s*(?:\((.*)\))?\s*", re.DOTALL)


def evaluate(rule: str | Rule | type[Rule], input: Plain | str | Path, params: Plain | None = None) -> Any:
    """What `rule` does with `input`.

    Arguments: `rule`, an id ("match.linear"), an id with parameters ("match.linear(rate=1, cap=5000)"), a rule as on
    the command line, also with modifiers ("match.linear:rate=2+cap:share=0.1"), a rule class or a rule; `input`, the
    path of a real election (a `.pb` file; what it says and the rule does not follow is warned of), or by words:
    `budget` (or `pool`), `asks` or `projects` (id → cost), `approvals` (a list of ids per voter), `pledges` (per
    project, or per donor of one project for the provision point), `population`, `need`, `threshold` and others
    (`commsim.evaluation.plain_input.WORDS`); `params` of the rule.

    Returns a list by claimant or project for divisions and matches, the sorted ids of winners for votes, `funded` and
    `refunds` for the provision point; for other rules yuan by project id. Raises RuleError for an unknown rule or
    parameter, InvalidInput for an input that lacks something, holds a word that this rule does not read or a value that
    cannot be (negative money, NaN, lists that do not fit together, votes for projects that are not there).

    >>> evaluate("match.linear(rate=1, cap=5000)", {"pledges": [4200, 9000]})
    [4200.0, 5000.0]
    """
    name, words, modifiers = _written(rule) if isinstance(rule, str) else ("", {}, ())
    words = _joined(rule, words, {} if params is None else params)
    if modifiers:
        rule, name, words = _catalogue().make(name, words, modifiers), "", {}
    if isinstance(input, str | Path):
        return winners_in(Path(input), _made(rule, name, {}, words))
    if not isinstance(input, Mapping):
        raise InvalidInput(
            _(
                "evaluate: an input is a mapping by word, such as {{'budget': 10, 'asks': [5, 8]}}, or the path of a "
                ".pb file; {came!r} came"
            ).format(came=Short(input))
        )
    formula = opened(_catalogue().plain_inputs).function(name) if name else None
    known = dict(input)
    try:
        if formula is not None:
            return formula.function(checked(name, known, formula.reads), words)
        made = _made(rule, name, known, words)
        name = made.id
        form = _form(made)
        known = checked(name, known, form.reads if form else words_read(made))
        return form.answer(made, known) if form else in_a_round(made, known)
    except KeyError as missing:
        raise lacking(name, str(missing), known) from missing
    except Wrong as wrong:
        raise InvalidInput(
            _("evaluate: rule {id!r}: {came!r} came; expected {expected}. Correct the input").format(
                id=name, came=Short(wrong.came), expected=wrong.expected
            )
        ) from wrong
    except (ValueError, TypeError, IndexError, OverflowError, ZeroDivisionError) as error:
        raise InvalidInput(
            _(
                "evaluate: rule {id!r} cannot use its input: {reason}. Its words are {came}; look at their lengths"
            ).format(id=name, reason=cut(str(error), 2 * LONGEST_REPEATED), came=cut(", ".join(map(str, known))) or "–")
        ) from error


@cache
def _catalogue() -> Catalogue:
    """The rules that are built in and installed, looked for once a process."""
    return load_catalogue()


@cache
def _own_families() -> Catalogue:
    """The rules that come with commsim; a plugin of somebody else that is broken is nothing to a rule at hand."""
    return load_catalogue(entry_points=False)


def _joined(rule: Any, written: Plain, params: Any) -> dict[str, Any]:
    """Parameters written with a rule and those given beside it. Raises RuleError where they cannot be meant so."""
    if not isinstance(params, Mapping) or any(not isinstance(name, str) for name in params):
        raise RuleError(
            _("evaluate: `params` is a mapping by name, such as {{'rate': 1}}; {came!r} came").format(
                came=Short(params)
            )
        )
    if params and isinstance(rule, Rule):
        raise RuleError(
            _(
                "evaluate: {rule!r} is a made rule and has its parameters. Give its id or its class with `params`"
            ).format(rule=rule.id)
        )
    twice = sorted(set(written) & set(params))
    if twice:
        raise RuleError(_("evaluate: parameter {name!r} is given twice. Keep one").format(name=Short(twice[0])))
    return {**written, **params}


def _made(rule: str | Rule | type[Rule], rule_id: str, known: dict[str, Any], words: Plain) -> Rule:
    """The rule to try; words that belong to the input are put into `known`."""
    if isinstance(rule, Rule):
        return rule
    if not isinstance(rule, str):
        kind = class_of(rule)
        return kind(kind.Params(**convert(kind, words)))
    form = form_of(_catalogue()[rule_id])
    meaning = form.words if form else {}
    given: dict[str, Any] = {}
    for name, value in words.items():
        word = meaning.get(name, name)
        if word is not None and word.startswith(_INPUT) and str(value).lower() not in ("true", "false"):
            known.setdefault(word.removeprefix(_INPUT), _number_or_word(value))
        elif word is not None:
            given[word.removeprefix(_INPUT)] = value
    return _catalogue().make(rule_id, given)


def _form(rule: Rule) -> PlainInput | None:
    """The form of a rule, which its plugin brings; None for a rule that came with none, or with modifiers over it."""
    kind = type(rule)
    if origin_of(kind) is None:
        _own_families()  # a class of a family may have been imported without any rules being loaded
    return form_of(kind)


def _number_or_word(value: Any) -> Any:
    try:
        return float(value)
    except (TypeError, ValueError):
        return value


def _written(text: str) -> tuple[str, dict[str, Any], Sequence[Any]]:
    """Id, parameters and modifiers of a rule written as a call, or as on the command line."""
    if "(" not in text and any(mark in text for mark in ":+"):
        return _catalogue().parse_written(text)
    match = _WRITTEN.fullmatch(text)
    if match is None:
        raise RuleError(
            _(
                "evaluate: {text!r} is not a rule written as id or id(name=value, …). With modifiers it is written as "
                "on the command line, such as match.linear:rate=1,cap_yuan=5000+cap:share=0.1"
            ).format(text=Short(text))
        )
    words: dict[str, str] = {}
    for part in filter(str.strip, (match[2] or "").split(",")):
        name, equals, value = map(str.strip, part.partition("="))
        # A word alone, as in "qf.cocm(harsh)", switches something on.
        words = _joined(None, words, {name: value if equals else "true"})
    return match[1], words, ()
