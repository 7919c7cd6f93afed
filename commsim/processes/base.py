"""What every step of the month is: its name, what it reads and writes of the state, where it comes from, its work."""

from __future__ import annotations

from typing import ClassVar, Protocol

from commsim.community.community import Community
from commsim.community.people import Columns


class Process(Protocol):
    """One step of the month. Steps never call each other; they read the community and leave events in it.

    `reads` and `writes` are parts of the state ("book.part", see `commsim.community`). A step may write what it lists
    and nothing else, and reads what it lists and what it writes; tests hold both against whole runs. `plan`: the
    clauses of the plan that it carries; `source`: where its mechanism comes from.
    """

    name: ClassVar[str]
    reads: ClassVar[frozenset[str]]
    writes: ClassVar[frozenset[str]]
    plan: ClassVar[tuple[str, ...]]
    source: ClassVar[str]

    def step(self, community: Community, residents: Columns) -> None:
        """Do the month's work. `residents` lets this step write its own columns and read all others."""
        ...
