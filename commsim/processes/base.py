"""What every process is: a name under which it owns columns, and a step."""

from __future__ import annotations

from typing import ClassVar, Protocol

from commsim.agents.community import Community
from commsim.agents.residents import Columns


class Process(Protocol):
    """One step of the month. Processes never call each other; they read the community and leave events in it."""

    name: ClassVar[str]

    def step(self, community: Community, residents: Columns) -> None:
        """Do the month's work. `residents` lets this process write its own columns and read all others."""
        ...
