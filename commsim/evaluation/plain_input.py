"""Checking the plain input of `evaluate`: the rule reads every word, every number is one, lists fit together.

Each message says which rule was tried, which word is wrong, what came, what was expected and what to do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn

from commsim.contracts.openings import opened_columns
from commsim.errors import InvalidInput
from commsim.evaluation.plain_checks import (
    Check,
    Wrong,
    amount,
    approvals_of,
    by_id,
    each,
    either,
    marks_of,
    matrix,
    nested,
    number,
    part,
    points_of,
    pot,
    splits_of,
    the_ask,
    whole,
)
from commsim.i18n import Short, Text, _, cut
from commsim.suggestions import cut_list, did_you_mean, listed


def _as_it_is(value: Any) -> Any:
    return value


WORDS: dict[str, Check] = {
    **dict.fromkeys(("budget", "estate", "ask", "threshold", "award", "income", "stake", "requested", "funds"), amount),
    **dict.fromkeys(("supply", "beta", "rho", "spending_limit", "minimum_conviction", "t", "needed", "reach"), amount),
    "alpha": part,
    "cap": the_ask,
    "pool": pot,
    "y0": number,
    "pot": amount,
    **dict.fromkeys(("seed", "rounds", "build_rounds", "start", "total", "total_cents"), whole),
    **dict.fromkeys(("projects", "asks_in_order", "cost", "costs"), by_id(amount)),
    **dict.fromkeys(
        ("claims", "asks", "hours", "pledged_hours", "pledged_goods", "minimum_viable", "last", "assigned", "tickets"),
        each(amount),
    ),
    **dict.fromkeys(("population", "need", "last_award", "beneficiaries"), each(amount)),
    **dict.fromkeys(("kpi", "submitted_at", "mean"), each(number)),
    "pulls": each(whole),
    "weights": either(by_id(amount), each(amount)),
    "multiplicities": each(whole),
    "pledges": nested(amount),
    "contributions": by_id(nested(amount)),
    "readiness": nested(number),
    "indicators": by_id(each(amount)),
    **dict.fromkeys(("donations", "clusters", "vouchers", "response"), matrix(amount)),
    "scores": marks_of,
    "votes": splits_of,
    "points": points_of,
    "approvals": approvals_of,
    **dict.fromkeys(("areas", "category", "history", "influence", "line", "sets", "tiers", "verified"), _as_it_is),
    "writer": each(whole),
}
"""Words of plain inputs, each with its check, which gives the value back as rules read it."""
_COLUMN = each(number)
"""The check of a word that stands for a column which a need opens, where the word has none of its own above."""

MOST_BALLOTS = 10_000_000
"""Ballots that weighted ones may stand for in all."""
_BY_PROJECT = (
    "pledges",
    "hours",
    "pledged_hours",
    "pledged_goods",
    "minimum_viable",
    "category",
    "submitted_at",
    "areas",
    "beneficiaries",
    "writer",
)
_BY_CLAIMANT = ("population", "need", "last", "last_award", "kpi", "assigned")


def _check_of(word: str) -> Check:
    """The check of a word: its own, that of a column which a need opens, or none for a word that a plugin brings."""
    if word in WORDS:
        return WORDS[word]
    columns = {column.name for need, column in opened_columns() if column.name in need.plain}
    return _COLUMN if word in columns else _as_it_is


def checked(rule: str, given: Mapping[str, Any], reads: str) -> dict[str, Any]:
    """The input of `rule` as forms read it; `reads`: the words that this rule reads (see `PlainInput`).

    Raises InvalidInput where a word is not one of them, says the same as another, or a value is not what it has to be.
    """
    _check_words(rule, given, [group.split("|") for group in reads.split()])
    values = {}
    for word, value in given.items():
        try:
            values[word] = _check_of(word)(value)
        except Wrong as wrong:
            _refuse(rule, word, wrong.came, wrong.expected)
    _check_ids(rule, values)
    _check_lengths(rule, values)
    _check_votes(rule, values)
    _check_weights(rule, values)
    return values


def _check_words(rule: str, given: Mapping[str, Any], groups: Sequence[Sequence[str]]) -> None:
    """Refuse a word that the rule does not read, and two words of a group, which say the same."""
    reads = [word for group in groups for word in group]
    for word in given:
        if word not in reads:
            raise InvalidInput(
                _("evaluate: rule {id!r}: the input has no word {word!r}. {near}This rule reads: {known}").format(
                    id=rule, word=Short(word), near=did_you_mean(cut(str(word)), reads), known=listed(reads)
                )
                if word not in WORDS
                else _("evaluate: rule {id!r} does not read {word!r}. It reads: {known}. Leave the word out").format(
                    id=rule, word=word, known=listed(reads)
                )
            )
    for group in groups:
        twice = [word for word in group if word in given]
        if len(twice) > 1:
            raise InvalidInput(
                _("evaluate: rule {id!r}: {words} say the same in two ways, and this rule reads one. Keep one").format(
                    id=rule, words=listed(twice)
                )
            )


def _refuse(rule: str, word: str, came: Any, expected: Text) -> NoReturn:
    raise InvalidInput(
        _("evaluate: rule {id!r}: {word} holds {came!r}; expected {expected}. Correct the input").format(
            id=rule, word=word, came=Short(came), expected=expected
        )
    )


def _check_ids(rule: str, values: Mapping[str, Any]) -> None:
    """Refuse ids of projects that read alike, such as 1 and "1"; they are words to every rule."""
    seen: dict[str, Any] = {}
    for project in values.get("projects", ()):
        if str(project) in seen:
            twice = _("ids that differ as words; {first!r} and {second!r} do not")
            first = seen[str(project)]
            _refuse(rule, "projects", values["projects"], twice.format(first=Short(first), second=Short(project)))
        seen[str(project)] = project


def _check_lengths(rule: str, values: Mapping[str, Any]) -> None:
    base = next((word for word in ("projects", "asks") if word in values), None)
    if base is None:
        return
    for word in _BY_PROJECT:
        _check_length(rule, word, values.get(word), base, len(values[base]))
    of_area, areas = (base, len(values[base])) if "areas" not in values else ("areas", len(set(values["areas"])))
    for word in _BY_CLAIMANT:
        _check_length(rule, word, values.get(word), of_area, areas)
    for need, column in opened_columns():
        if column.name in need.plain and column.name not in WORDS:
            word, entries = (of_area, areas) if column.table == "areas" else (base, len(values[base]))
            _check_length(rule, column.name, values.get(column.name), word, entries)
    scores = values.get("scores")
    for row in scores if isinstance(scores, list) and scores and isinstance(scores[0], list) else [scores]:
        _check_length(rule, "scores", row, base, len(values[base]))


def _check_length(rule: str, word: str, value: Any, base: Text | str, n: int) -> None:
    """Refuse a list that does not hold `n` values, as many as `base` has."""
    if isinstance(value, list) and len(value) != n:
        _refuse(rule, word, value, _("{n} values, as many as {base}").format(n=n, base=base))


def _check_votes(rule: str, values: Mapping[str, Any]) -> None:
    """Refuse votes, gifts and marks for projects that are not there, naming the voter by place."""
    known = {str(project) for project in values.get("projects", ())}
    if not known:
        return
    for who, project in _named(values):
        if str(project) not in known:
            raise InvalidInput(
                _(
                    "evaluate: rule {id!r}: {who} names {one!r}, which is no project of the input. {near}Projects: "
                    "{known}"
                ).format(
                    id=rule,
                    who=who,
                    one=Short(project),
                    near=did_you_mean(cut(str(project)), known),
                    known=cut_list(known),
                )
            )


def _check_weights(rule: str, values: Mapping[str, Any]) -> None:
    """Refuse weights of voters that are not whole numbers, one for each voter: a ballot is copied so many times."""
    voters = next((values[word] for word in ("approvals", "points", "votes") if word in values), None)
    word = "multiplicities" if "multiplicities" in values else "weights"
    weights = values.get(word)
    if voters is None or weights is None:
        return
    if isinstance(weights, Mapping):
        _refuse(rule, word, weights, _("a list with a whole number for each voter"))
    _check_length(rule, word, weights, _("voters"), len(voters))
    for weight in weights:
        if weight != int(weight):
            _refuse(
                rule,
                word,
                weight,
                _("a whole number, as a ballot is counted so many times; multiply fractions by what makes them whole"),
            )
    if sum(weights) > MOST_BALLOTS:
        _refuse(rule, word, weights, _("at most {most:,} ballots in all").format(most=MOST_BALLOTS))


def _named(values: Mapping[str, Any]) -> Iterator[tuple[Text | str, Any]]:
    for word in ("approvals", "points"):
        for place, row in enumerate(values.get(word, ()), start=1):
            for project in row:
                yield _("voter {n} of {word}").format(n=place, word=word), project
    for word in ("pledges", "scores"):
        if isinstance(values.get(word), Mapping):
            for project in values[word]:
                yield word, project
