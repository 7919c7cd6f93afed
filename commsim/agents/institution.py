"""What all institutions have in common: a stable id, a name in both languages, a kind; and how a month reaches them.

A process lets institutions act through the verbs of Mesa's AgentSet, as in `community.agents(Fund).do(…)`. They act
one after the other in the order in which the world lists them. `shuffle` and `shuffle_do` are not used: they draw from
Mesa's generator, and every draw of this model is keyed (`commsim.randomness`).
"""

from __future__ import annotations

from typing import Any

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


def agents_of_kind(model: mesa.Model, kind: type[Institution]) -> Any:
    """The institutions of exactly this `kind` that act in a run now, as Mesa's AgentSet, in the order of the world.

    Those that have closed are no longer among them. Where there are none, the set is empty.
    """
    if kind in model.agents_by_type:
        return model.agents_by_type[kind]
    return model.agents.select(agent_type=kind)
