"""The record of a run as those who know Mesa look for it: `model.datacollector`, with a reporter a monthly column.

    model.datacollector.get_model_vars_dataframe()["active_12m"]
    model.datacollector.get_agenttype_vars_dataframe(Committee)["adults"]

The recording step writes every month anyway. The collector therefore does nothing while the model runs, and when it is
asked it collects the months that it has not seen from that record, page by page. Only what Mesa 3.3 and 3.5 share is
used.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
from numpy.typing import NDArray

from commsim.agents.committee import Committee
from commsim.processes.monthly_columns import MEANS, MONTHLY_COLUMNS

if TYPE_CHECKING:
    import pandas as pd


class RecordCollector(mesa.DataCollector):
    """Mesa's DataCollector over the record of a run. Step n is the n-th month.

    Model reporters: `date` ("2017-01") and every monthly column for the whole place, sums as int, means over adults as
    float. Agent reporters, for committees: `committee` (its id) and every monthly column. Mesa's `batch_run` therefore
    gives a row a committee.
    """

    def __init__(self, model: mesa.Model) -> None:
        columns = {name: partial(_of_the_place, name=name) for name in MONTHLY_COLUMNS}
        of_committee = {name: partial(_of_committee, name=name) for name in MONTHLY_COLUMNS}
        super().__init__(
            model_reporters={"date": _date, **columns},
            agent_reporters={"committee": "id", **of_committee},
        )
        self._model = model
        self._months = 0

    def collect(self, model: mesa.Model) -> None:
        """Take in the months of `model` that are recorded and not yet collected; models need not call it."""
        recorded = model.monthly
        for month in range(self._months, len(recorded.get("residents", ()))):
            super().collect(_Page(model, month, {name: rows[month] for name, rows in recorded.items()}))
            self._months = month + 1

    def get_model_vars_dataframe(self) -> pd.DataFrame:
        """One row a month, the first column `date`, then the monthly columns for the whole place."""
        self.collect(self._model)
        return super().get_model_vars_dataframe()

    def get_agent_vars_dataframe(self) -> pd.DataFrame:
        """One row a step and agent that has a record, which are the committees (index `Step`, `AgentID`)."""
        self.collect(self._model)
        return super().get_agent_vars_dataframe()

    def get_agenttype_vars_dataframe(self, agent_type: type[mesa.Agent]) -> pd.DataFrame:
        """The same for one kind of agent: `Committee`; of any other kind Mesa warns that there is no record."""
        if agent_type is Committee:
            return self.get_agent_vars_dataframe()
        return super().get_agenttype_vars_dataframe(agent_type)


class _Page:
    """The model as its record tells it at the end of a month: what Mesa's collector asks a model for."""

    def __init__(self, model: mesa.Model, month: int, columns: dict[str, NDArray[Any]]) -> None:
        self.steps = month + 1
        self.time = float(self.steps)
        self.date = model.scenario.month_date(month)
        self.columns = columns
        self.agents = [_CommitteeThen(self, committee) for committee in model.agents_by_type[Committee]]


class _CommitteeThen:
    """A committee on a page of the record."""

    def __init__(self, model: _Page, committee: Committee) -> None:
        self.model = model
        self.unique_id = committee.unique_id
        self.id = committee.id
        self.index = committee.index


def _date(page: _Page) -> str:
    return page.date


def _of_the_place(page: _Page, name: str) -> int | float:
    values = page.columns[name]
    if name in MEANS:
        return float(np.average(values, weights=np.maximum(page.columns["adults"], 1)))
    return int(values.sum(dtype=np.int64))


def _of_committee(committee: _CommitteeThen, name: str) -> int | float:
    value: int | float = committee.model.columns[name][committee.index].item()
    return value
