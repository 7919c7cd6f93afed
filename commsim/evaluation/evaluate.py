"""Trying a rule on a plain dictionary, unrounded and without a model: for examples, tests and notebooks.

Amounts are plain numbers in one unit (yuan, or anything); parameters whose names end in `_yuan` are in the same unit.
Built-in rules give unrounded answers in the form usual in their literature. Any other rule is shown a made round and
answers in whole fen, given back as yuan by proposal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from commsim.calling.call import call_rule
from commsim.contracts import Rule
from commsim.errors import InvalidInput, RuleError
from commsim.evaluation.forms import INPUT, Form, form_of, function_of
from commsim.evaluation.of_a_file import winners_in
from commsim.evaluation.plain_checks import Wrong
from commsim.evaluation.plain_input import checked
from commsim.evaluation.plain_round import check_needs, lacking, view_of, words_read
from commsim.i18n import LONGEST_REPEATED, Short, _, cut
from commsim.money import yuan
from commsim.plugin_host.catalogue import Catalogue
from commsim.plugin_host.loader import load_catalogue
from commsim.plugin_host.own_rules import class_of
from commsim.plugin_host.values import convert
from commsim.plugins.divisions.basic import need_weights
from commsim.plugins.shared.dividing import shares

Plain = Mapping[str, Any]
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
    function = function_of(name)
    known = dict(input)
    try:
        if function is not None:
            work, reads = function
            return work(checked(name, known, reads), words)
        made = _made(rule, name, known, words)
        name = made.id
        form = _form(made.id) if _is_built_in(made) else None
        known = checked(name, known, form.reads if form else words_read(made))
        return form.answer(made, known) if form else _in_a_round(made, known)
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
    form = _form(rule_id)
    meaning = form.words if form else {}
    given: dict[str, Any] = {}
    for name, value in words.items():
        word = meaning.get(name, name)
        if word is not None and word.startswith(INPUT) and str(value).lower() not in ("true", "false"):
            known.setdefault(word.removeprefix(INPUT), _number_or_word(value))
        elif word is not None:
            given[word.removeprefix(INPUT)] = value
    return _catalogue().make(rule_id, given)


def _number_or_word(value: Any) -> Any:
    try:
        return float(value)
    except (TypeError, ValueError):
        return value


def _form(rule_id: str) -> Form | None:
    plain = _PLAIN.get(rule_id)
    if plain is None:
        return form_of(rule_id)
    return Form(lambda rule, known: plain(known, rule.params), _READS[rule_id], _WORDS.get(rule_id, {}))


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


def _is_built_in(rule: Rule) -> bool:
    return type(rule).__module__.startswith("commsim.plugins.")


def _budget(known: Plain) -> float:
    return float(known["budget"] if "budget" in known else known["pool"])


def _listed(values: Any) -> list[float]:
    return [float(value) for value in values]


def _nothing(known: Plain, params: Any) -> list[float]:
    return [0.0] * len(known["asks"])


def _in_order(known: Plain, params: Any) -> list[float]:
    asks = np.asarray(known["asks"], dtype=np.float64)
    minimum = np.asarray(known.get("minimum_viable", np.zeros(asks.size)), dtype=np.float64)
    left, paid = _budget(known), []
    for ask, least in zip(asks, minimum, strict=True):
        paid.append(min(ask, left) if left >= min(ask, least) else 0.0)
        left -= paid[-1]
    return _listed(paid)


def _division(weights: Callable[[Plain, Any], Any]) -> Callable[[Plain, Any], list[float]]:
    def divide(known: Plain, params: Any) -> list[float]:
        weight = weights(known, params)
        caps = known.get("asks", np.full(len(weight), np.inf))
        return _listed(shares(_budget(known), caps, weight, respread=params.respread))

    return divide


_PLAIN: dict[str, Callable[[Plain, Any], Any]] = {
    "basic.none": _nothing,
    "basic.same_money_services": _in_order,
    "basic.equal_split": _division(lambda known, params: np.ones(len(known["asks"]))),
    "basic.per_capita": _division(lambda known, params: np.asarray(known["population"], dtype=np.float64)),
    "basic.needs_weighted": _division(
        lambda known, params: need_weights(known["population"], known["need"], params.exponent)
    ),
}
_READS = {
    "basic.none": "budget|pool asks",
    "basic.same_money_services": "budget|pool asks minimum_viable",
    "basic.equal_split": "budget|pool asks",
    "basic.per_capita": "budget|pool asks population",
    "basic.needs_weighted": "budget|pool asks population need",
}
_WORDS: dict[str, Mapping[str, str | None]] = {"basic.equal_split": {"cap": None}}


def _in_a_round(rule: Rule, known: Plain) -> dict[str, float]:
    check_needs(rule, known)
    view = view_of(rule, known)
    award = call_rule(rule, "settle", view)
    return {one: float(yuan(paid)) for one, paid in zip(view.proposals.id, award.paid.tolist(), strict=True)}
