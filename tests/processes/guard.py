"""A guard over whole runs: what each step of the month wrote and read of the state, part by part.

Writes are found by digests of everything before and after each step, so that nothing that goes round the permit stays
unseen; reads by watching every attribute that is a part of the state.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from typing import Any

import numpy as np

from commsim.agents.institution import Institution
from commsim.community.community import Community
from commsim.community.institutions import Institutions
from commsim.community.ledger import LEDGER, Ledger, _Account
from commsim.community.measured import LOOKS, ROWS
from commsim.community.month import Settled
from commsim.community.people import COLUMN, Columns
from commsim.community.procedures import Procedure
from commsim.community.project_book import ProjectBook
from commsim.community.projects import BOOK
from commsim.i18n import Text
from commsim.ownership import UNCHANGING, Locked, Owned
from commsim.processes import MONTH, Process

PLAIN = (str, int, float, Enum, Text, frozenset, type(None))
CACHES = {"_measured", "_readers", "_open", "rule"}
"""What is no state: remembered answers; and a fund's rule, which may remember what it likes of its own rounds."""


Digests = dict[tuple[object, str], bytes]
"""By thing and part; things are kept, so that no other takes their place in memory."""


@dataclass
class Seen:
    """By step: parts that it changed of what was there, parts of what was born while it was at work, parts it read."""

    wrote: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    born: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    read: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    moved: set[tuple[str, Enum, Enum, str]] = field(default_factory=set)
    """Moves of procedures: its name, the state, the event, and who said so."""
    at_work: str | None = None
    last: tuple[int, Digests] = field(default_factory=lambda: (-1, {}))

    def processes(self, month: Sequence[type[Process]] = MONTH) -> list[type[Process]]:
        """The steps of a month, each watched for what it writes."""
        return [self._watched(step) for step in month]

    def _watched(self, step: type[Process]) -> type[Process]:
        seen = self

        class Watched(step):  # type: ignore[valid-type, misc]
            def step(self, community: Community, residents: Columns) -> None:
                before = seen.before(community)
                seen.at_work = self.name
                super().step(community, residents)
                seen.at_work = None
                after = digests(community)
                seen.last = community.month, after
                seen.wrote[self.name] |= changed(before, after)
                seen.born[self.name] |= {part for _thing, part in after.keys() - before.keys()}

        return Watched

    def before(self, community: Community) -> Digests:
        """The state as the last step left it; between months the page is turned, so it is looked at afresh."""
        month, left = self.last
        return left if month == community.month else digests(community)

    def watch_reading(self, monkeypatch: Any) -> None:
        """From now on note every part that the step at work reads."""

        def reading(thing: Owned, name: str) -> Any:
            value = object.__getattribute__(thing, name)
            if self.at_work is not None and name in type(thing).PARTS:
                self.read[self.at_work].add(type(thing).PARTS[name])
            return value

        def column(view: Columns, name: str) -> Any:
            if self.at_work is not None:
                self.read[self.at_work].add(COLUMN + name)
            return plain_column(view, name)

        def row(procedure: Procedure[Any, Any], state: Enum, event: Enum, who: str, what: str) -> Any:
            self.moved.add((procedure.name, state, event, who))
            return plain_row(procedure, state, event, who, what)

        def agents(book: Institutions, kind: type[Institution]) -> Any:
            if self.at_work is not None and "alive" in kind.PARTS:  # those that have closed are not among them
                self.read[self.at_work].add(kind.PARTS["alive"])
            return plain_agents(book, kind)

        plain_agents = Institutions.agents
        plain_row = Procedure.row
        monkeypatch.setattr(Procedure, "row", row)
        plain_column = Columns.__getattr__
        monkeypatch.setattr(Owned, "__getattribute__", reading, raising=False)
        monkeypatch.setattr(Columns, "__getattr__", column)
        monkeypatch.setattr(Ledger, "balance", self._noting(LEDGER, Ledger.balance))
        for name in ("in_stage", "waiting"):
            monkeypatch.setattr(ProjectBook, name, self._noting(BOOK, getattr(ProjectBook, name)))
        monkeypatch.setattr(Institutions, "agents", agents)
        whole = ProjectBook.projects.fget  # type: ignore[attr-defined]
        monkeypatch.setattr(ProjectBook, "projects", property(self._noting(BOOK, whole)))

    def _noting(self, part: str, plain: Any) -> Any:
        def noting(*given: Any, **named: Any) -> Any:
            if self.at_work is not None:
                self.read[self.at_work].add(part)
            return plain(*given, **named)

        return noting


def changed(before: Digests, after: Digests) -> set[str]:
    """Parts that changed of what was there before; what is born or forgotten changes the part that holds it."""
    return {part for thing, part in before.keys() & after.keys() if before[thing, part] != after[thing, part]}


def digests(community: Community) -> Digests:
    """A digest of every part of every thing in the state, and one of what never changes of it."""
    found: dict[tuple[object, str], Any] = defaultdict(lambda: hashlib.blake2b(digest_size=16))
    for thing in things(community):
        for name, value in _attributes(thing):
            found[thing, thing.PARTS.get(name, UNCHANGING)].update(name.encode() + written(value))
    residents, money, network = community.people.residents, community.money, community.institutions.network
    ledger = money.ledger
    for part, value in {
        **{COLUMN + column: residents._arrays[column] for column in residents.columns},
        LEDGER: [len(ledger._postings["fen"]), ledger._accounts, ledger._closed_postings],
        BOOK: len(money.projects.projects),
        ROWS: community.measured._rows,
        LOOKS: [look.month for look in community.measured.looks],
        "institutions.network": [list(network.nodes), list(network.edges)],
    }.items():
        found["books", part].update(written(value))
    return {of: digest.digest() for of, digest in found.items()}


def things(community: Community) -> Iterator[Owned]:
    """Everything with parts that can be reached from the community, each once; new projects are part of the book."""
    seen: set[int] = set()
    waiting: list[Any] = [community, *community.money.projects.projects]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, Mapping):
            waiting += thing.values()
        elif isinstance(thing, tuple | list | Sequence) and not isinstance(thing, str | bytes):
            waiting += thing
        elif isinstance(thing, Owned) and id(thing) not in seen:
            seen.add(id(thing))
            yield thing
            waiting += [value for _name, value in _attributes(thing)]


def _attributes(thing: Owned) -> list[tuple[str, Any]]:
    if is_dataclass(thing):
        names = [one.name for one in fields(thing)]
    else:
        slots = [name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())]
        names = sorted({*getattr(thing, "__dict__", {}), *slots} - {"permit", "model", "__dict__", "__weakref__"})
    return [(name, object.__getattribute__(thing, name)) for name in names if name not in CACHES]


def written(value: Any) -> bytes:
    """A value as bytes; a thing with parts of its own, and whatever is no plain data, stands for itself only."""
    if isinstance(value, np.ndarray):
        return str((value.dtype, value.shape)).encode() + np.ascontiguousarray(value).tobytes()
    if isinstance(value, Mapping):
        return b"{" + b",".join(written(key) + b":" + written(item) for key, item in value.items()) + b"}"
    if isinstance(value, tuple | list):
        return b"[" + b",".join(written(item) for item in value) + b"]"
    if isinstance(value, Locked | Settled | _Account):
        return written([getattr(value, one.name) for one in fields(value)])
    return repr(value if isinstance(value, PLAIN) else (type(value).__name__, id(value))).encode()
