"""Checking the plain input of `evaluate`: every word is known, every number is one, lists fit together.

Each message says which rule was tried, which word is wrong, what came, what was expected and what to do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from numbers import Real
from typing import Any, NoReturn

import numpy as np

from commsim.errors import InvalidInput
from commsim.i18n import Text, _
from commsim.money import LARGEST_YUAN, is_finite
from commsim.plugins.naming import did_you_mean, listed
from commsim.plugins.pabulib_numbers import MOST_POINTS

Check = Callable[[Any], Any]

_SUM_SLACK = 1e-6  # parts such as 0.33 + 0.33 + 0.34 miss 1 by less than this
AMOUNT = _("a finite number of 0 or more")
WHOLE = _("a whole number of 0 or more")
NUMBER = _("a finite number")


class Wrong(ValueError):
    """A part of the input that is wrong: `expected`, and the value that `came`."""

    def __init__(self, expected: Text, came: Any) -> None:
        super().__init__(expected.message)
        self.expected, self.came = expected, came


def number(value: Any, expected: Text = NUMBER) -> float:
    """`value` as a finite number; words and NaN are none. Raises Wrong."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (Real, np.number)) or not is_finite(value):
        raise Wrong(expected, value)
    if not -LARGEST_YUAN <= value <= LARGEST_YUAN:  # type: ignore[operator]
        raise Wrong(_("a number of at most {bound}").format(bound=f"{LARGEST_YUAN:,}"), value)
    return float(value)


def amount(value: Any) -> float:
    """`value` as a finite number of 0 or more. Raises Wrong."""
    if number(value, AMOUNT) < 0:
        raise Wrong(AMOUNT, value)
    return float(value)


def part(value: Any) -> float:
    """`value` as a number from 0 to 1. Raises Wrong."""
    if not 0 <= number(value) <= 1:
        raise Wrong(_("a number from 0 to 1"), value)
    return float(value)


def pot(value: Any) -> float:
    """As `amount`, or "infinite"."""
    if isinstance(value, str) and value.strip().lower() in ("infinite", "inf", "infinity"):
        return math.inf
    if isinstance(value, float) and value == math.inf:
        return value
    try:
        return amount(value)
    except Wrong:
        raise Wrong(_("a finite number of 0 or more, or infinite"), value) from None


def whole(value: Any) -> int:
    """`value` as a whole number of 0 or more. Raises Wrong."""
    if number(value, WHOLE) < 0 or float(value) != int(value):
        raise Wrong(WHOLE, value)
    return int(value)


def _rows(value: Any) -> list[Any]:
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, (Sequence, np.ndarray, range)):
        raise Wrong(_("a list"), value)
    return list(value)


def each(check: Check) -> Check:
    """A check of every value of a list."""
    return lambda value: [check(one) for one in _rows(value)]


def by_id(check: Check) -> Check:
    """A check of every value of a mapping by id."""

    def checked(value: Any) -> Any:
        if not isinstance(value, Mapping):
            raise Wrong(_("a mapping by id, such as {{'a': 10}}").format(), value)
        return {one: check(part) for one, part in value.items()}

    return checked


def either(*checks: Check) -> Check:
    """Any of several checks, tried in turn; the last tells what is wrong."""

    def checked(value: Any) -> Any:
        for check in checks[:-1]:
            try:
                return check(value)
            except Wrong:
                continue
        return checks[-1](value)

    return checked


def nested(check: Check) -> Check:
    """A check of values in lists or mappings, at any depth."""

    def checked(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {one: checked(part) for one, part in value.items()}
        if isinstance(value, (Sequence, np.ndarray)) and not isinstance(value, (str, bytes)):
            return [checked(part) for part in value]
        return check(value)

    return checked


def matrix(check: Check) -> Check:
    """A check of rows of equal length."""

    def checked(value: Any) -> Any:
        rows = [each(check)(row) for row in _rows(value)]
        lengths = {len(row) for row in rows}
        if len(lengths) > 1:
            raise Wrong(_("lists of equal length; their lengths are {lengths}").format(lengths=sorted(lengths)), value)
        return rows

    return checked


def _mark(value: Any) -> float:
    return math.nan if value is None else number(value, _("a finite number, or None where a judge gave no mark"))


def _marks(value: Any) -> Any:
    if isinstance(value, Mapping):
        several = any(isinstance(row, (Sequence, np.ndarray)) for row in value.values())
        rows = matrix(_mark)(list(value.values())) if several else each(_mark)(list(value.values()))
        return dict(zip(value, rows, strict=True))
    rows = _rows(value)
    return matrix(_mark)(rows) if rows and isinstance(rows[0], (Sequence, np.ndarray)) else each(_mark)(rows)


def _splits(value: Any) -> Any:
    rows = matrix(amount)(value)
    if not rows:
        raise Wrong(_("the parts that at least one resident wants"), value)
    for row in rows:
        if abs(sum(row) - 1) > _SUM_SLACK:
            raise Wrong(_("parts that sum to 1 for each resident"), row)
    return rows


def _countable(value: Any) -> int:
    if isinstance(value, int | float) and value > MOST_POINTS:
        raise Wrong(_("at most {most:,} points").format(most=MOST_POINTS), value)
    return whole(value)


def _points(value: Any) -> Any:
    return [by_id(_countable)(row) for row in _rows(value)]


def _approvals(value: Any) -> Any:
    rows = _rows(value)
    for row in rows:
        if isinstance(row, (str, bytes)) or not isinstance(row, (Sequence, set, frozenset, Mapping, np.ndarray)):
            raise Wrong(_("a list of ids for each voter"), row)
    return rows


def _as_it_is(value: Any) -> Any:
    return value


WORDS: dict[str, Check] = {
    **dict.fromkeys(("budget", "estate", "ask", "threshold", "award", "income", "stake", "requested", "funds"), amount),
    **dict.fromkeys(("supply", "beta", "rho", "spending_limit", "minimum_conviction", "t"), amount),
    "alpha": part,
    "pool": pot,
    "y0": number,
    "pot": amount,
    **dict.fromkeys(("seed", "rounds", "build_rounds", "start", "total", "total_cents"), whole),
    **dict.fromkeys(("projects", "asks_in_order", "cost", "costs"), by_id(amount)),
    **dict.fromkeys(("claims", "asks", "hours", "minimum_viable", "last", "assigned", "tickets"), each(amount)),
    **dict.fromkeys(("population", "need", "last_award", "beneficiaries"), each(amount)),
    **dict.fromkeys(("kpi", "submitted_at"), each(number)),
    "weights": either(by_id(amount), each(amount)),
    "pledges": nested(amount),
    "contributions": by_id(nested(amount)),
    "readiness": nested(number),
    "indicators": by_id(each(amount)),
    **dict.fromkeys(("donations", "clusters", "vouchers", "response"), matrix(amount)),
    "scores": _marks,
    "votes": _splits,
    "points": _points,
    "approvals": _approvals,
    **dict.fromkeys(("areas", "category", "history", "influence", "line", "sets", "tiers", "verified"), _as_it_is),
    "writer": each(whole),
}
"""Words of plain inputs, each with its check, which gives the value back as rules read it."""

_BY_PROJECT = ("pledges", "hours", "minimum_viable", "category", "submitted_at", "areas", "beneficiaries", "writer")
_BY_CLAIMANT = ("population", "need", "last", "last_award", "kpi", "assigned")


def checked(rule: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The input of `rule` as forms read it. Raises InvalidInput where a word or a value is not what it has to be."""
    values = {}
    for word, value in given.items():
        if word not in WORDS:
            raise InvalidInput(
                _("evaluate: rule {id!r}: the input has no word {word!r}. {near}Known: {known}").format(
                    id=rule, word=word, near=did_you_mean(str(word), WORDS), known=listed(WORDS)
                )
            )
        try:
            values[word] = WORDS[word](value)
        except Wrong as wrong:
            _refuse(rule, word, wrong.came, wrong.expected)
    _check_lengths(rule, values)
    _check_votes(rule, values)
    return values


def _refuse(rule: str, word: str, came: Any, expected: Text) -> NoReturn:
    raise InvalidInput(
        _("evaluate: rule {id!r}: {word} holds {came!r}; expected {expected}. Correct the input").format(
            id=rule, word=word, came=came, expected=expected
        )
    )


def _check_lengths(rule: str, values: Mapping[str, Any]) -> None:
    base = next((word for word in ("projects", "asks") if word in values), None)
    if base is None:
        return
    for word in _BY_PROJECT:
        _check_length(rule, word, values.get(word), base, len(values[base]))
    of_area, areas = (base, len(values[base])) if "areas" not in values else ("areas", len(set(values["areas"])))
    for word in _BY_CLAIMANT:
        _check_length(rule, word, values.get(word), of_area, areas)
    scores = values.get("scores")
    for row in scores if isinstance(scores, list) and scores and isinstance(scores[0], list) else [scores]:
        _check_length(rule, "scores", row, base, len(values[base]))


def _check_length(rule: str, word: str, value: Any, base: str, n: int) -> None:
    """Refuse a list that does not hold `n` values, as many as `base` has."""
    if isinstance(value, list) and len(value) != n:
        _refuse(rule, word, value, _("{n} values, as many as {base}").format(n=n, base=base))


def _check_votes(rule: str, values: Mapping[str, Any]) -> None:
    """Refuse votes, gifts and marks for projects that are not there, naming the voter by place."""
    known = {str(one) for one in values.get("projects", ())}
    if not known:
        return
    for who, one in _named(values):
        if str(one) not in known:
            raise InvalidInput(
                _(
                    "evaluate: rule {id!r}: {who} names {one!r}, which is no project of the input. {near}Projects: "
                    "{known}"
                ).format(id=rule, who=who, one=one, near=did_you_mean(str(one), known), known=listed(known))
            )


def _named(values: Mapping[str, Any]) -> Iterator[tuple[Text | str, Any]]:
    for word in ("approvals", "points"):
        for place, row in enumerate(values.get(word, ()), start=1):
            for one in row:
                yield _("voter {n} of {word}").format(n=place, word=word), one
    for word in ("pledges", "scores"):
        if isinstance(values.get(word), Mapping):
            for one in values[word]:
                yield word, one
