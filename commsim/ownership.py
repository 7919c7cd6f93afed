"""Who may write what: the permit that a step of the month holds while it works, and things that ask for it.

State changes by assignment or by a verb of its book, and both ask the permit, so that a step that writes what it did
not declare fails at once, with its name and the part's, instead of quietly changing the science. What hangs in an
owned thing cannot be changed in place: arrays are locked when they are assigned, lists are shown (`Shown`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, Generic, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from commsim.errors import BrokenInvariant
from commsim.i18n import _

Item = TypeVar("Item")

BIRTH = "birth"
"""Who holds the permit while a model is made."""
NOBODY = "nobody"
"""Who holds it between the steps."""
UNCHANGING = "what never changes"


def parts(**of_book: str) -> frozenset[str]:
    """Parts of the state, by book.

    >>> sorted(parts(people="known broker", places="hours"))
    ['people.broker', 'people.known', 'places.hours']
    """
    return frozenset(f"{book}.{part}" for book, names in of_book.items() for part in names.split())


class Permit:
    """What may be written now, and by whom. One for a run; while the model is born it allows everything."""

    __slots__ = ("_parts", "holder")

    def __init__(self) -> None:
        self.holder = BIRTH
        self._parts: Collection[str] | None = None

    def close(self) -> None:
        """The model is born: from now on only who holds the permit writes."""
        self.holder, self._parts = NOBODY, frozenset()

    @contextmanager
    def held_by(self, holder: str, parts: Collection[str]) -> Iterator[None]:
        """Let `holder`, a step's name, write `parts` ("book.part") and nothing else for as long as the block lasts."""
        before = self.holder, self._parts
        self.holder, self._parts = holder, parts
        try:
            yield
        finally:
            self.holder, self._parts = before

    def check(self, part: str) -> None:
        """Raise BrokenInvariant unless `part` may be written now."""
        if self._parts is not None and part not in self._parts:
            raise BrokenInvariant(
                _("{holder} may not write {part}: the step does not declare it").format(holder=self.holder, part=part)
            )


class Owned:
    """A thing whose attributes are parts of the state: assigning one asks the permit, once the thing has one.

    `PARTS` names the part of each attribute that may change; all others never change after birth.
    """

    __slots__ = ("permit",)

    PARTS: ClassVar[Mapping[str, str]] = {}

    permit: Permit

    def __setattr__(self, name: str, value: Any) -> None:
        permit = getattr(self, "permit", None)
        if permit is not None:
            permit.check(self.PARTS.get(name, UNCHANGING))
        if type(value) is np.ndarray:
            value.flags.writeable = False
        super().__setattr__(name, value)


class Shown(Sequence[Item], Generic[Item]):
    """A list as others may see it: to be read, not changed. What its owner appends is seen at once."""

    __slots__ = ("_items",)

    def __init__(self, items: list[Item]) -> None:
        self._items = items

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Item]: ...
    def __getitem__(self, index: int | slice) -> Item | Sequence[Item]:
        return self._items[index]

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items)

    def __repr__(self) -> str:
        return repr(self._items)


def lock(*arrays: NDArray[Any]) -> None:
    """From now on these arrays are part of the state and are not changed in place."""
    for array in arrays:
        array.flags.writeable = False


class Locked:
    """For frozen dataclasses of arrays: what happened is not changed afterwards."""

    def __post_init__(self) -> None:
        lock(*(value for value in vars(self).values() if isinstance(value, np.ndarray)))
