"""What all institutions have in common: a stable id, a name in both languages, a kind."""

from __future__ import annotations

import mesa

from commsim.ownership import Owned
from commsim.world.records import InstitutionRecord


class Institution(Owned, mesa.Agent):
    """An organisation that acts. `id` is stable across runs; Mesa's own `unique_id` is only a serial number.

    What may change of it, and as which part of the state, stands in `PARTS`; the book that it enters gives it the
    run's permit.
    """

    def __init__(self, model: mesa.Model, record: InstitutionRecord) -> None:
        super().__init__(model)
        self.id = record.id
        self.kind = record.kind
        self.name = record.name

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.id!r})"
