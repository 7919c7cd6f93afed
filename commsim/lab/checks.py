"""Impossible values are refused before anything runs: who, what was expected, what came and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from commsim.errors import InvalidInput
from commsim.i18n import Text, _
from commsim.lab.field_kinds import Kind, Whole, figure


class InvalidField(InvalidInput):
    """A value of one field is wrong. `field`: its name, dotted where it lies deeper (`by_round.0.match_rate`)."""

    def __init__(self, text: Text, field: str = "") -> None:
        super().__init__(text)
        self.field = field


class Described(Protocol):
    """Anything that says of which kind its fields are."""

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """Kind by name of field."""


def problems(thing: Described) -> Iterator[InvalidField]:
    """An error for each field of `thing` whose value is not of its kind."""
    for name, kind in thing.kinds.items():
        found = _problem(type(thing).__name__, name, getattr(thing, name), kind)
        if found is not None:
            yield found


def fields(thing: Described) -> None:
    """Refuse a value that is not of its field's kind. Raises InvalidField."""
    for problem in problems(thing):
        raise problem


def value(who: str, name: str, came: Any, kind: Kind) -> None:
    """Refuse a value that is not of `kind`. Raises InvalidField."""
    found = _problem(who, name, came, kind)
    if found is not None:
        raise found


def _problem(who: str, name: str, came: Any, kind: Kind) -> InvalidField | None:
    text = kind.problem(came)
    if text is None:
        return None
    return InvalidField(_("{who}: {name} {problem}").format(who=who, name=name, problem=text), name)


def count(who: str, name: str, came: Any, least: int = 1, most: int | None = None) -> None:
    """Refuse what is not a whole number from `least` to `most`. Raises InvalidField."""
    value(who, name, came, Whole(least, most))


def enough_people(who: str, needed: int, there: int) -> None:
    """Refuse a population that is too small. Raises InvalidInput."""
    if there < needed:
        text = _(
            "{who} needs {needed} people; the population has {there}. Give at least {needed}, or no population at all: "
            "then as many as needed are drawn"
        )
        raise InvalidInput(text.format(who=who, needed=figure(needed), there=figure(there)))


def fitting_network(who: str, nodes: int, people: int) -> None:
    """Refuse a network whose nodes are not as many as the people. Raises InvalidField."""
    if nodes != people:
        text = _(
            "{who}: the network has {nodes} nodes, but {people} people take part; each person is one node. Give a "
            "network of {people} nodes, or {nodes} people"
        )
        raise InvalidField(text.format(who=who, nodes=figure(nodes), people=figure(people)), "network")


def no_more_asks(who: str, name: str, asks: int, people: int) -> None:
    """Refuse to ask more people than there are. Raises InvalidField."""
    if asks > people:
        text = _("{who}: {name} is {asks}, but there are only {people} people to ask; give {people} or fewer")
        raise InvalidField(text.format(who=who, name=name, asks=figure(asks), people=figure(people)), name)
