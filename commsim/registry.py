"""Things that the house knows by name, such as indicators, makers of ties and the laboratory's protocols: one idiom.

What plugins bring (rules, modifiers, plain inputs) the plugin host keeps in the same manner, with the origin of each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from commsim.errors import InvalidInput
from commsim.i18n import Text, _
from commsim.suggestions import nearest

Item = TypeVar("Item")


class Registry(Generic[Item]):
    """Items by name, in the order in which they came. Iterating gives the items.

    Arguments: `kind` and `kinds`, what an item is called in a sentence, one and several; `named`, the name of an item;
    `items`, those that are there from the beginning.

    >>> words = Registry(Text("word"), Text("words"), str.lower, ["Fund", "Rule"])
    >>> words["fund"], "vote" in words, words.names
    ('Fund', False, ('fund', 'rule'))
    """

    def __init__(self, kind: Text, kinds: Text, named: Callable[[Item], str], items: Iterable[Item] = ()) -> None:
        self._kind, self._kinds, self._named = kind, kinds, named
        self._items: dict[str, Item] = {}
        for item in items:
            self.register(item)

    def register(self, item: Item) -> Item:
        """Add an item and return it. Raises InvalidInput where its name is taken: the later one never wins silently."""
        name = self._named(item)
        if name in self._items:
            raise InvalidInput(
                _("there are two {kinds} called {name!r}; give one of them another name").format(
                    kinds=self._kinds, name=name
                )
            )
        self._items[name] = item
        return item

    @property
    def names(self) -> tuple[str, ...]:
        """The names, in the order in which the items came."""
        return tuple(self._items)

    def __getitem__(self, name: str) -> Item:
        if name in self._items:
            return self._items[name]
        near, known = nearest(name, self._items), ", ".join(self._items)
        if near:
            raise InvalidInput(
                _("there is no {kind} {name!r}; did you mean {near!r}? There are: {known}").format(
                    kind=self._kind, name=name, near=near[0], known=known
                )
            )
        raise InvalidInput(
            _("there is no {kind} {name!r}; there are: {known}").format(kind=self._kind, name=name, known=known)
        )

    def __contains__(self, name: object) -> bool:
        return name in self._items

    def __iter__(self) -> Iterator[Item]:
        return iter(tuple(self._items.values()))

    def __len__(self) -> int:
        return len(self._items)
