"""What an experiment refuses before it runs: arms that cannot be compared, people that differ, more rows than fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from commsim.errors import InvalidInput
from commsim.i18n import _
from commsim.lab.checks import InvalidField
from commsim.lab.field_kinds import brief, figure
from commsim.lab.population import Population
from commsim.lab.protocol import Protocol

MOST_ROWS = 2_000_000_000
"""Most rows (replicates × arms × people × rounds) that an experiment may have; beyond, memory ends before time."""


def comparable_arms(arms: Any) -> None:
    """Refuse what is not a mapping of names to values of one protocol. Raises InvalidInput."""
    if not isinstance(arms, Mapping):
        text = _("an experiment takes arms by name, such as {{'control': Appeal()}}; {came} came")
        raise InvalidInput(text.format(came=brief(arms)))
    if not arms:
        raise InvalidInput(_("an experiment needs at least one arm; none came"))
    for name, protocol in arms.items():
        if not isinstance(name, str) or not name.strip():
            text = _("an experiment's arms need names (text that is not empty); {came} came")
            raise InvalidInput(text.format(came=brief(name)))
        if not isinstance(protocol, Protocol):
            text = _("arm {name!r} must be a protocol such as Appeal(…); {came} came")
            raise InvalidInput(text.format(name=name, came=brief(protocol)))
    classes = {type(protocol) for protocol in arms.values()}
    if not any(all(issubclass(protocol, shared) for protocol in classes) for shared in classes):
        (first, protocol), *others = arms.items()
        name, other = next((name, other) for name, other in others if type(other) is not type(protocol))
        text = _(
            "arm {first!r} is of the protocol {one} and arm {name!r} of {other}; what they do cannot be compared. Make "
            "an experiment of each"
        )
        words = {"one": type(protocol).__name__, "other": type(other).__name__}
        raise InvalidField(text.format(first=first, name=name, **words), name)


def arm(name: str, check: Callable[..., None], *people: Population) -> None:
    """Check an arm; what is wrong with it is told with its name. Raises InvalidInput."""
    try:
        check(*people)
    except InvalidInput as error:
        text = _("arm {name!r}: {problem}").format(name=name, problem=error.text)
        raise InvalidField(text, getattr(error, "field", "")) from error


def same_people(people: Mapping[str, Population]) -> None:
    """Refuse arms whose people are not the same as far as both go. Raises InvalidInput."""
    largest = max(people, key=lambda name: len(people[name]))
    for name, population in people.items():
        if not _same(population, people[largest]):
            text = _(
                "arms {first!r} ({n} people) and {name!r} ({m} people) have different people; differences would not "
                "come from the arms alone. Give all arms the same people: run(population, …)"
            )
            words = {"first": largest, "n": figure(len(people[largest])), "name": name, "m": figure(len(population))}
            raise InvalidInput(text.format(**words))


def _same(smaller: Population, other: Population) -> bool:
    """Whether the people are the same as far as both go."""
    both = min(len(smaller), len(other))
    return smaller is other or all(
        np.array_equal(column[:both], other[name][:both]) for name, column in smaller.columns.items()
    )


def rows_that_fit(arms: Mapping[str, Any], people: Mapping[str, int], replicates: int) -> None:
    """Refuse more rows than `MOST_ROWS`; `people`: how many play in each arm. Raises InvalidField."""
    rounds = {
        name: getattr(protocol, "rounds", None) or len(getattr(protocol, "by_round", ())) or 1
        for name, protocol in arms.items()
    }
    rows = int(replicates) * sum(people[name] * int(rounds[name]) for name in arms)
    if rows > MOST_ROWS:
        text = _(
            "Experiment: {replicates} replicates of {arms} arms make {rows} rows (people × rounds); at most {most} "
            "fit. Take fewer replicates, people or rounds"
        )
        words = {"rows": figure(rows), "most": figure(MOST_ROWS), "replicates": figure(replicates)}
        raise InvalidField(text.format(arms=len(arms), **words), "replicates")
